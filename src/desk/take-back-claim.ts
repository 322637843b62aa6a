import { Refusal } from "../../models/refusal.js";
import { addParts, type ClaimParts } from "../ledger/claim.js";
import { entryReversed } from "../ledger/reversal-events.js";
import { formatMinor, minor } from "../money/money.js";
import { type ClaimEvent, readClaimEvents } from "../store/claim-event.js";
import type { PostedEntry } from "../store/entry.js";
import { bookTakenBack, type ClaimChange, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import type { Book } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";
import { assertWhole, linesTaken, type TakeBackOrder } from "./taken-lines.js";

/**
 * Takes a change of claims back, as a whole: each receivable it changed gets the opposite change, and the state it had.
 * Refused where the receivable has gone on since (it was settled, put back, sold), or where what was added has been paid
 * meanwhile. A receivable that left its agency by the change stays with us.
 */
export async function takeBackClaimChange(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  const { portfolioId, currency } = book.portfolio;
  assertWhole(target, order);
  const taken = linesTaken(target, order, currency);
  const events = [...(await readClaimEvents(context.tx, portfolioId, [target.sequence])).values()];
  const accounts = events.map(({ accountNumber }) => accountNumber);
  const holdings = await readBought(context, book, { accounts });
  const changes = events.map((event, i) => undone(event, { before: holdings[i]!.position, currency }));
  const [costType, agencyId] = [target.costType ?? undefined, target.agencyId ?? undefined];
  const entry = { draft: entryReversed(taken), changes, costType, agencyId };
  return bookTakenBack(context, book, { target, order, entry });
}

function undone(
  event: ClaimEvent,
  { before, currency }: { before: ClaimChange["before"]; currency: string },
): ClaimChange {
  const { accountNumber, stateBefore, stateAfter } = event;
  if (before.state !== stateAfter) {
    throw new Refusal("entry_not_reversible", `${accountNumber} was ${stateAfter} by it and is ${before.state} by now`);
  }
  const debt = debtOf(before);
  const claim = addParts(debt.claim, {
    principal: minor(-event.principalMinor),
    interest: minor(-event.interestMinor),
    fees: minor(-event.feesMinor),
    court_costs: minor(-event.courtCostsMinor),
  });
  const advanceMinor = minor(debt.advanceMinor - event.advanceMinor);
  assertUnpaid(accountNumber, { ...claim, advance: advanceMinor }, currency);
  const after = withDebt(before, { ...debt, claim, advanceMinor });
  return { accountNumber, before, after: { ...after, state: stateBefore } };
}

function assertUnpaid(
  accountNumber: string,
  parts: ClaimParts & { advance: ReturnType<typeof minor> },
  currency: string,
): void {
  for (const [part, amountMinor] of Object.entries(parts)) {
    if (amountMinor >= 0n) continue;
    const missing = formatMinor(0n - amountMinor, currency);
    throw new Refusal(
      "entry_not_reversible",
      `${missing} of it (${part}) have been paid on ${accountNumber} meanwhile`,
    );
  }
}
