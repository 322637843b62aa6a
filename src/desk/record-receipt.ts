import { childId } from "../../models/record-id.js";
import { receiptEntry } from "../ledger/events.js";
import { formatMinor } from "../money/money.js";
import { assertAgency } from "../store/agency.js";
import { implement } from "./act.js";
import { addEntries, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";

/**
 * Money that settles a clearing account. More than is owed is booked as well: what is over shows as a negative
 * balance, which the reconciliation explains.
 */
export const recordReceipt = implement("record-receipt", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  const amountMinor = movementMinor(input.amount, currency);
  const effectiveOn = effectiveDay(context, book.purchase, input.received_on);
  if (input.agency_id !== undefined) await assertAgency(context.tx, input.agency_id);
  const draft = receiptEntry({ kind: input.kind, amountMinor });
  const agencyId = input.agency_id ?? null;
  const sequence = await addEntries(context, book, [{ ...draft, effectiveOn, sourceKind: "receipt", agencyId }]);
  return {
    entry_id: childId("en", portfolioId, sequence),
    portfolio_id: portfolioId,
    kind: input.kind,
    currency,
    amount: formatMinor(amountMinor, currency),
    received_on: input.received_on,
    recorded_at: book.head.recordedAt,
  };
});
