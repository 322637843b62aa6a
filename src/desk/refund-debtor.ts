import { childId } from "../../models/record-id.js";
import { debtorRefunded } from "../ledger/claim-events.js";
import { formatMinor, lesserMinor, minor } from "../money/money.js";
import { implement } from "./act.js";
import { availableMinor, bookChanges, readBought } from "./claim-change.js";
import { effectiveDay, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Pays unapplied cash out: back to the debtor, or on to whom the receivable belongs now. It is not collected any more.
 *
 * Guards in this order: the portfolio, the day (`effective_date_refused`), the receivable (`receivable_unknown`,
 * `receivable_not_bought`), the amount (`amount_invalid`, `amount_not_available` for more than is unapplied).
 */
export const refundDebtor = implement("refund-debtor", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  const effectiveOn = effectiveDay(context, book.purchase, input.refunded_on);
  const accountNumber = input.account_number;
  const before = (await readBought(context, book, { accounts: [accountNumber], alsoGone: true }))[0]!.position;
  const debt = debtOf(before);
  const amountMinor = availableMinor(input.amount, { currency, mostMinor: debt.unappliedMinor, what: "is unapplied" });
  const leftMinor = minor(debt.unappliedMinor - amountMinor);
  const after = withDebt(before, {
    ...debt,
    unappliedMinor: leftMinor,
    refundDueMinor: lesserMinor(debt.refundDueMinor, leftMinor),
    collectedMinor: minor(debt.collectedMinor - amountMinor),
  });
  const { note, refunded_on: happenedOn } = input;
  const [event] = await bookChanges(context, book, {
    order: { effectiveOn, happenedOn, sourceKind: "claim_event", note },
    entries: [{ draft: debtorRefunded(amountMinor), changes: [{ accountNumber, before, after }] }],
  });
  return {
    entry_id: childId("en", portfolioId, event!.sequence),
    portfolio_id: portfolioId,
    account_number: accountNumber,
    currency,
    amount: formatMinor(amountMinor, currency),
    left: formatMinor(leftMinor, currency),
    recorded_at: event!.recordedAt,
  };
});
