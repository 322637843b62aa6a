import type { ActParsed } from "../../models/acts.js";
import { childId } from "../../models/record-id.js";
import { receiptEntry } from "../ledger/events.js";
import { formatMinor, type Minor } from "../money/money.js";
import { assertAgency } from "../store/agency.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, type EntryLink, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";

/**
 * Money that settles a clearing account. More than is owed is booked as well: what is over shows as a negative
 * balance, which the reconciliation explains.
 */
export const recordReceipt = implement("record-receipt", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  const { sequence, amountMinor } = await bookReceipt(context, book, { input });
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

/** Posts a receipt in an open book. With a link it stands in for another one, and is booked on the day that says. */
export async function bookReceipt(
  context: Context,
  book: Book,
  given: { input: Omit<ActParsed<"record-receipt">, "portfolio_id" | "note">; link?: EntryLink },
): Promise<{ sequence: bigint; amountMinor: Minor }> {
  const { input, link } = given;
  const amountMinor = movementMinor(input.amount, book.portfolio.currency);
  const effectiveOn = link?.effectiveOn ?? effectiveDay(context, book.purchase, input.received_on);
  if (input.agency_id !== undefined) await assertAgency(context.tx, input.agency_id);
  const draft = receiptEntry({ kind: input.kind, amountMinor });
  const agencyId = input.agency_id ?? null;
  const entry = { ...draft, ...link?.entry, effectiveOn, sourceKind: "receipt", agencyId };
  return { sequence: await addEntries(context, book, [entry]), amountMinor };
}
