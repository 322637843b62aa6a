import { shortfallClaimed } from "../ledger/factoring-events.js";
import { minor, sumMinor } from "../money/money.js";
import { readInvoices } from "../store/invoice.js";
import type { Context } from "./desk.js";
import { type FacilityBook, loadInvoices, postEvent } from "./facility-book.js";

/**
 * What a pooled reserve is below zero when the facility has ended and nothing is open any more: the seller owes it. Until
 * then the pool bears what single invoices fall short of.
 */
export async function claimPool(context: Context, book: FacilityBook, on: string): Promise<bigint | null> {
  const { terms, endedOn, portfolioId, presentation } = book.facility;
  if (terms.reserve.method !== "pooled" || endedOn === null) return null;
  const held = await readInvoices(context.tx, portfolioId, { withReserve: true });
  const amountMinor = minor(-sumMinor(held.map(({ now }) => minor(now.reserve))));
  if (amountMinor <= 0n || held.some(({ now, settledOn }) => now.open > 0n || settledOn! > on)) return null;
  const draft = shortfallClaimed(amountMinor, presentation);
  const moves = held.map((invoice) => ({ invoice, change: { reserve: -invoice.now.reserve } }));
  return postEvent(context, book, { draft, on, sourceKind: "settlement", moves });
}

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
