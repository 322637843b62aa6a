import { childId } from "../../models/record-id.js";
import { courtCostWrittenOff } from "../ledger/claim-events.js";
import { formatMinor, minor } from "../money/money.js";
import { implement } from "./act.js";
import { availableMinor, bookChanges, readBought } from "./claim-change.js";
import { effectiveDay, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Gives up court costs that were advanced: they become a cost of ours. The debtor goes on owing them; what still comes in
 * recovers the price then.
 *
 * Guards in this order: the portfolio, the day (`effective_date_refused`), the receivable, the amount (`amount_invalid`,
 * `amount_not_available` for more than is advanced).
 */
export const writeOffCourtCost = implement("write-off-court-cost", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  const effectiveOn = effectiveDay(context, book.purchase, input.written_off_on);
  const accountNumber = input.account_number;
  const before = (await readBought(context, book, { accounts: [accountNumber] }))[0]!.position;
  const debt = debtOf(before);
  const amountMinor = availableMinor(input.amount, { currency, mostMinor: debt.advanceMinor, what: "is advanced" });
  const leftMinor = minor(debt.advanceMinor - amountMinor);
  const after = withDebt(before, { ...debt, advanceMinor: leftMinor });
  const { note, written_off_on: happenedOn } = input;
  const [event] = await bookChanges(context, book, {
    order: { effectiveOn, happenedOn, sourceKind: "claim_event", note },
    entries: [{ draft: courtCostWrittenOff(amountMinor), changes: [{ accountNumber, before, after }] }],
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
