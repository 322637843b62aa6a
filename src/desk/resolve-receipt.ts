import { Refusal } from "../../models/refusal.js";
import { receiptApplied, receiptPassedOn } from "../ledger/factoring-events.js";
import { formatMinor, lesserMinor, minor } from "../money/money.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import { chargePayout } from "./charge-event.js";
import type { Context } from "./desk.js";
import {
  accrueInvoices,
  actDone,
  assertFacilityDay,
  type FacilityBook,
  facilityPortfolio,
  openFacilityBook,
  openInvoices,
  postEvent,
} from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";
import { claimShortfalls } from "./settle-invoices.js";

/**
 * Says what an unapplied receipt is: it pays an invoice, is the seller's, or goes back to who paid it.
 *
 * Guards in this order: the facility, the day (`effective_date_refused`), where it may go (`conflict`), the amount
 * (`amount_invalid`, `amount_not_available` for more than lies there, or than the invoice has open), the invoice.
 */
export const resolveReceipt = implement("resolve-receipt", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { resolved_on: on, from, to } = input;
  assertFacilityDay(context, on);
  if ((to === "invoices") !== (input.invoice_id !== undefined)) {
    throw new Refusal("conflict", "invoice_id is for what pays an invoice, and needed for it");
  }
  if (from === "not_purchased" && to !== "seller") {
    throw new Refusal("conflict", "what pays invoices that were not sold is the seller's");
  }
  const amountMinor = movementMinor(input.amount, book.facility.currency);
  await assertLies(context, book, { account: from === "unidentified" ? "2110" : "2400", amountMinor });
  if (input.invoice_id !== undefined) return applyTo(context, book, { invoiceId: input.invoice_id, on, amountMinor });
  const draft = receiptPassedOn(from, amountMinor);
  if (to === "seller") {
    const what = "payment of what was received for the seller";
    await chargePayout(context, book, { on, what, paidMinor: (charge) => minor(amountMinor - charge) });
  }
  const sourceKind = to === "seller" ? "passed_to_seller" : "paid_back";
  const sequence = await postEvent(context, book, { draft, on, sourceKind, reason: input.reason ?? null, moves: [] });
  return actDone(book, { on, amountMinor, invoices: 0, sequences: [sequence] });
});

async function assertLies(
  { tx }: Context,
  { facility }: FacilityBook,
  of: { account: string; amountMinor: bigint },
): Promise<void> {
  const lies = -((await readBalances(tx, facility.portfolioId)).get(of.account) ?? 0n);
  if (of.amountMinor <= lies) return;
  const left = formatMinor(lies, facility.currency);
  throw new Refusal("amount_not_available", `${left} ${facility.currency} lie there`);
}

async function applyTo(
  context: Context,
  book: FacilityBook,
  of: { invoiceId: string; on: string; amountMinor: ReturnType<typeof minor> },
) {
  const { on, amountMinor } = of;
  const [invoice] = await openInvoices(context, book, [of.invoiceId]);
  assertFacilityDay(context, on, { day: invoice!.purchasedOn!, what: "the purchase of the invoice" });
  if (amountMinor > invoice!.now.open) {
    const open = formatMinor(invoice!.now.open, book.facility.currency);
    throw new Refusal("amount_not_available", `the invoice has ${open} ${book.facility.currency} open`);
  }
  const isPaid = invoice!.now.open === amountMinor;
  const settled = new Set(isPaid ? [invoice!.invoiceNo] : []);
  const accrual = await accrueInvoices(context, book, { invoices: [invoice!], on, settled });
  const now = book.invoices.get(invoice!.invoiceNo)!;
  const employed = lesserMinor(minor(now.now.employed), amountMinor);
  const sequence = await postEvent(context, book, {
    draft: receiptApplied(amountMinor, book.facility.presentation),
    on,
    sourceKind: "receipt_resolution",
    moves: [
      {
        invoice: now,
        change: { open: -amountMinor, collected: amountMinor, employed: -employed },
        ...(isPaid ? { state: "paid" as const, settledOn: on } : {}),
        ...(on < now.segmentOn! ? {} : { segmentOn: on }),
      },
    ],
  });
  const shortfall = await claimShortfalls(context, book, { invoiceNos: [...settled], on });
  return actDone(book, { on, amountMinor, invoices: 1, sequences: [accrual.sequence, sequence, shortfall] });
}
