import { invoicesDiluted, shortfallClaimed } from "../ledger/factoring-events.js";
import { type Minor, minor, sumMinor } from "../money/money.js";
import { type Invoice, readInvoices } from "../store/invoice.js";

import type { Context } from "./desk.js";
import { accrueInvoices, type FacilityBook, loadInvoices, postEvent } from "./facility-book.js";

/**
 * Takes a credit off an invoice: so much less is open, and is held back, of it. One of which nothing is left open is
 * settled. Funds that the invoice cannot pay back any more are employed no longer: the seller owes them by its reserve.
 */
export async function creditInvoice(
  context: Context,
  book: FacilityBook,
  of: { invoice: Invoice; amountMinor: Minor; on: string; reason: string },
): Promise<void> {
  const { amountMinor, on, reason } = of;
  const { invoiceNo } = of.invoice;
  const isSettled = of.invoice.now.open === amountMinor;
  const settled = new Set(isSettled ? [invoiceNo] : []);
  await accrueInvoices(context, book, { invoices: [of.invoice], on, settled });
  const [invoice] = await loadInvoices(context, book, [invoiceNo]);
  const { employed, open } = invoice!.now;
  const openMinor = open - amountMinor;
  const employedLess = employed > openMinor ? employed - openMinor : 0n;
  await postEvent(context, book, {
    draft: invoicesDiluted(amountMinor, book.facility.presentation),
    on,
    sourceKind: "deduction",
    reason,
    moves: [
      {
        invoice: invoice!,
        change: { open: -amountMinor, reserve: -amountMinor, diluted: amountMinor, employed: -employedLess },
        reason,
        ...(isSettled ? { state: "paid" as const, settledOn: on } : {}),
        ...(employedLess === 0n || on < invoice!.segmentOn! ? {} : { segmentOn: on }),
      },
    ],
  });
  await claimShortfalls(context, book, { invoiceNos: [...settled], on });
}

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
