import { Refusal } from "../../models/refusal.js";
import { type ClaimParts, negateParts, noParts, sumParts } from "../ledger/claim.js";
import { unappliedApplied } from "../ledger/claim-events.js";
import { afterCollection, costRelief } from "../ledger/cost-recovery.js";
import { entryReversed, reversedBy } from "../ledger/reversal-events.js";
import { formatMinor, lesserMinor, type Minor, minor, sumMinor, zeroMinor } from "../money/money.js";
import { type CashMoved, type Debt, debtAfter } from "../servicing/collection.js";
import { type ClaimEvent, readClaimEvents } from "../store/claim-event.js";
import type { PostedEntry } from "../store/entry.js";
import { bookTakenBack, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import type { Book } from "./portfolio-book.js";
import { debtOf, isHeld, withDebt } from "./position-debt.js";
import { assertWhole, linesTaken, nothingLeft, type TakeBackOrder } from "./taken-lines.js";

const nothingMoved: CashMoved = {
  amountMinor: zeroMinor,
  applied: noParts,
  unappliedMinor: zeroMinor,
  advanceMinor: zeroMinor,
  commissionMinor: zeroMinor,
};

/** The debtor did not get the money, or sent it back: so much of it is unapplied cash again. */
export async function takeBackRefund(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  const taken = linesTaken(target, order, book.portfolio.currency);
  const amountMinor = sumMinor(taken.map((line) => line.amountMinor));
  const [holding] = await readBought(context, book, { accounts: [target.accountNumber!], alsoGone: true });
  const { accountNumber, position: before } = holding!;
  const debt = debtAfter(debtOf(before), cashBack(amountMinor), book.portfolio);
  const changes = [{ accountNumber, before, after: withDebt(before, debt) }];
  return bookTakenBack(context, book, { target, order, entry: { draft: entryReversed(taken), changes } });
}

/**
 * Unapplied cash is taken off the claim that it had paid, and is unapplied again where it came from. What the debtor
 * owed of each component, the advance and the recovered cost are as they would be without.
 */
export async function takeBackApplication(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  assertWhole(target, order);
  if (target.reversals.length > 0) throw nothingLeft(target);
  const events = [...(await readClaimEvents(context.tx, book.portfolio.portfolioId, [target.sequence])).values()];
  const from = events.find((event) => event.unappliedMinor < 0n)!;
  const to = events.find((event) => sumParts(claimOff(event)) > 0n)!;
  const accounts = [...new Set([from.accountNumber, to.accountNumber])];
  const holdings = await readBought(context, book, { accounts, alsoGone: true });
  const [giver, payer] = [holdings[0]!.position, holdings.at(-1)!.position];
  const applied = claimOff(to);
  assertApplied(to, { isHeld: isHeld(payer), debt: debtOf(payer), applied, currency: book.portfolio.currency });
  const amountMinor = sumParts(applied);
  const debt = debtOf(payer);
  const advanceMinor = lesserMinor(minor(-to.advanceMinor), debt.advanceRecoveredMinor);
  const recoveringMinor = minor(advanceMinor - amountMinor);
  const costReliefMinor = costRelief(book.investment, recoveringMinor);
  book.investment = afterCollection(book.investment, { appliedMinor: recoveringMinor, costReliefMinor });
  const taken = { applied: negateParts(applied), advanceMinor: minor(-advanceMinor), costReliefMinor };
  const off: CashMoved = { ...nothingMoved, ...taken, amountMinor: minor(-amountMinor) };
  const owing = debtAfter(debt, off, book.portfolio);
  const back = (of: Debt) => debtAfter(of, cashBack(amountMinor), book.portfolio);
  const isSame = accounts.length === 1;
  const changes = [
    ...(isSame
      ? []
      : [{ accountNumber: from.accountNumber, before: giver, after: withDebt(giver, back(debtOf(giver))) }]),
    { accountNumber: to.accountNumber, before: payer, after: withDebt(payer, isSame ? back(owing) : owing) },
  ];
  const draft = reversedBy(unappliedApplied(taken));
  return bookTakenBack(context, book, { target, order, entry: { draft, changes } });
}

/** Cash that is unapplied again. */
function cashBack(amountMinor: Minor): CashMoved {
  return { ...nothingMoved, amountMinor, unappliedMinor: amountMinor };
}

function claimOff({ principalMinor, interestMinor, feesMinor, courtCostsMinor }: ClaimEvent): ClaimParts {
  return {
    principal: minor(-principalMinor),
    interest: minor(-interestMinor),
    fees: minor(-feesMinor),
    court_costs: minor(-courtCostsMinor),
  };
}

/** The claim must be ours, and payments that came back must have left what was applied. */
function assertApplied(
  { accountNumber }: ClaimEvent,
  of: { isHeld: boolean; debt: Debt; applied: ClaimParts; currency: string },
): void {
  if (!of.isHeld) {
    const detail = `${accountNumber} is not ours any more: take back its resale or put-back first`;
    throw new Refusal("entry_not_reversible", detail);
  }
  for (const part of ["principal", "interest", "fees", "court_costs"] as const) {
    if (of.debt.paid[part] >= of.applied[part]) continue;
    const [paid, applied] = [of.debt.paid[part], of.applied[part]].map((amount) => formatMinor(amount, of.currency));
    const detail = `${applied} (${part}) were applied to ${accountNumber}, of which ${paid} have not come back`;
    throw new Refusal("entry_not_reversible", detail);
  }
}
