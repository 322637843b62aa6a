import { Refusal } from "../../models/refusal.js";
import { invoiceCollected } from "../ledger/factoring-events.js";
import { lesserMinor, minor, zeroMinor } from "../money/money.js";
import { type FactoredInvoice, factoredInvoiceDocumentOf, outstandingOf } from "../store/factored-invoice.js";
import { implement } from "./act.js";
import { accrual, bookInvoiceEvents, eventDay, type InvoiceEvent, openInvoice } from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";

/**
 * Books what a debtor paid. Fees are accrued to the day; what the debtor owed is collected; more is an unapplied receipt;
 * with a reason for paying short, the rest is charged to the reserve and the invoice is at its end.
 *
 * Refuses in this order: `not_found`, `invoice_not_open`, the amount (`amount_invalid`), the day (`effective_date_refused`).
 */
export const collectInvoice = implement("collect-invoice", async (context, input) => {
  const { book, invoice } = await openInvoice(context, input.invoice_id);
  const { facility } = book;
  assertPurchased(invoice);
  const amountMinor = movementMinor(input.amount, facility.currency);
  const day = eventDay(context, invoice, input.collected_on);
  const accrued = accrual(invoice, facility, day);
  const outstanding = outstandingOf(invoice);
  const appliedMinor = lesserMinor(amountMinor, outstanding);
  const rest = minor(outstanding - appliedMinor);
  const shortMinor = input.short_reason === undefined ? zeroMinor : rest;
  const on = input.collected_on;
  const { invoiceNo } = invoice;
  const events: InvoiceEvent[] = [];
  if (accrued.draft !== null) {
    events.push({ invoiceNo, draft: accrued.draft, amountMinor: accrued.amountMinor, on });
  }
  const overMinor = minor(amountMinor - appliedMinor);
  const draft = invoiceCollected({ appliedMinor, overMinor, shortMinor });
  events.push({ invoiceNo, draft, amountMinor, on, reasonCode: input.short_reason, note: input.note });
  const after: FactoredInvoice = {
    ...accrued.invoice,
    collectedMinor: minor(invoice.collectedMinor + appliedMinor),
    dilutionMinor: minor(invoice.dilutionMinor + shortMinor),
    state: rest === shortMinor ? "paid" : "purchased",
  };
  await bookInvoiceEvents(context, book, { events, invoices: [after] });
  return factoredInvoiceDocumentOf(after, facility.currency);
});

/** Throws `invoice_not_open`. */
export function assertPurchased({ state, invoiceNumber }: FactoredInvoice): void {
  if (state === "purchased") return;
  throw new Refusal("invoice_not_open", `invoice ${invoiceNumber} is ${state.replace("_", " ")}`);
}
