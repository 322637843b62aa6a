import { childId } from "../../models/record-id.js";
import { unappliedApplied } from "../ledger/claim-events.js";
import { afterCollection, costRelief } from "../ledger/cost-recovery.js";
import { applyPayment } from "../ledger/payment-application.js";
import { formatMinor, lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import { advanceIn, type Debt, debtAfter } from "../servicing/collection.js";
import { implement } from "./act.js";
import { availableMinor, bookChanges, type ClaimChange, readBought } from "./claim-change.js";
import { effectiveDay, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Pays a claim with unapplied cash: of another receivable of the portfolio, or of the same one that owes again. It goes
 * down the waterfall like a payment, and moves what was collected with it; no agency earns on it.
 *
 * Guards in this order: the portfolio, the day (`effective_date_refused`), the receivables (`receivable_unknown`,
 * `receivable_not_bought`, `receivable_not_owned` for the one that is paid), the amount (`amount_invalid`,
 * `amount_not_available` for more than is unapplied, or is owed).
 */
export const applyUnapplied = implement("apply-unapplied", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolio } = book;
  const { portfolioId, currency, waterfall } = portfolio;
  const effectiveOn = effectiveDay(context, book.purchase, input.applied_on);
  const fromAccount = input.from_account_number;
  const account = input.account_number ?? fromAccount;
  const from = (await readBought(context, book, { accounts: [fromAccount], alsoGone: true }))[0]!.position;
  const to = (await readBought(context, book, { accounts: [account] }))[0]!.position;
  const [giving, owing] = [debtOf(from), debtOf(to)];
  const mostMinor = lesserMinor(giving.unappliedMinor, minor(to.claimMinor));
  const amountMinor = availableMinor(input.amount, { currency, mostMinor, what: "can be applied" });
  const { applied } = applyPayment(owing, amountMinor, waterfall);
  const advanceMinor = advanceIn(applied.court_costs, owing);
  const recoveringMinor = minor(amountMinor - advanceMinor);
  const costReliefMinor = costRelief(book.investment, recoveringMinor);
  book.investment = afterCollection(book.investment, { appliedMinor: recoveringMinor, costReliefMinor });
  const isSame = account === fromAccount;
  const given = without(giving, amountMinor);
  const receiving = isSame ? given : owing;
  const moved = { amountMinor, applied, unappliedMinor: zeroMinor, advanceMinor, commissionMinor: zeroMinor };
  const after = withDebt(to, debtAfter(receiving, moved, portfolio));
  const changes: ClaimChange[] = [{ accountNumber: account, before: to, after }];
  if (!isSame) changes.unshift({ accountNumber: fromAccount, before: from, after: withDebt(from, given) });
  const { note, applied_on: happenedOn } = input;
  const [event] = await bookChanges(context, book, {
    order: { effectiveOn, happenedOn, sourceKind: "claim_event", note },
    entries: [{ draft: unappliedApplied({ applied, advanceMinor, costReliefMinor }), changes }],
  });
  return {
    entry_id: childId("en", portfolioId, event!.sequence),
    portfolio_id: portfolioId,
    account_number: account,
    currency,
    amount: formatMinor(amountMinor, currency),
    left: formatMinor(given.unappliedMinor, currency),
    recorded_at: event!.recordedAt,
  };
});

/** The debt without so much of its unapplied cash. */
function without(debt: Debt, amountMinor: Minor): Debt {
  const unappliedMinor = minor(debt.unappliedMinor - amountMinor);
  return {
    ...debt,
    unappliedMinor,
    refundDueMinor: lesserMinor(debt.refundDueMinor, unappliedMinor),
    collectedMinor: minor(debt.collectedMinor - amountMinor),
  };
}
