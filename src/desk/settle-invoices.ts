import { shortfallClaimed } from "../ledger/factoring-events.js";
import { minor, sumMinor } from "../money/money.js";
import type { Context } from "./desk.js";
import { type FacilityBook, loadInvoices, postEvent } from "./facility-book.js";

/**
 * Fees and deductions of settled invoices that were more than their reserve: the seller owes the rest. Under a pooled
 * reserve the pool bears it.
 */
export async function claimShortfalls(
  context: Context,
  book: FacilityBook,
  of: { invoiceNos: readonly number[]; on: string },
): Promise<bigint | null> {
  if (book.facility.terms.reserve.method === "pooled") return null;
  const settled = await loadInvoices(context, book, of.invoiceNos);
  const short = settled.filter(({ now }) => now.reserve < 0n);
  if (short.length === 0) return null;
  const amountMinor = sumMinor(short.map(({ now }) => minor(-now.reserve)));
  return postEvent(context, book, {
    draft: shortfallClaimed(amountMinor, book.facility.presentation),
    on: of.on,
    sourceKind: "settlement",
    moves: short.map((invoice) => ({ invoice, change: { reserve: -invoice.now.reserve } })),
  });
}
