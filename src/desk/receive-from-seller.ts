import { Refusal } from "../../models/refusal.js";
import { creditLoss, sellerPaid } from "../ledger/factoring-events.js";
import { formatMinor, minor } from "../money/money.js";
import { type FactoredInvoice, factoredInvoiceDocumentOf, outstandingOf } from "../store/factored-invoice.js";
import { implement } from "./act.js";
import { assertPurchased } from "./collect-invoice.js";
import { accrual, bookInvoiceEvents, eventDay, type InvoiceEvent, openInvoice } from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";

/**
 * The business pays what it owes on an invoice that went back, or whose reserve was not enough: in cash, or taken off what
 * is paid to it. Refuses `not_found`, the day, the amount (`amount_not_available` for more than it owes).
 */
export const receiveFromSeller = implement("receive-from-seller", async (context, input) => {
  const { book, invoice } = await openInvoice(context, input.invoice_id);
  const { currency } = book.facility;
  eventDay(context, invoice, input.received_on);
  const amountMinor = movementMinor(input.amount, currency);
  const left = minor(invoice.owedMinor - invoice.sellerPaidMinor);
  if (amountMinor < 0n || amountMinor > left) {
    const said = `${formatMinor(left, currency)} is owed on invoice ${invoice.invoiceNumber}`;
    throw new Refusal("amount_not_available", `${said}, not ${input.amount}`);
  }
  const after: FactoredInvoice = { ...invoice, sellerPaidMinor: minor(invoice.sellerPaidMinor + amountMinor) };
  const event: InvoiceEvent = {
    invoiceNo: invoice.invoiceNo,
    draft: sellerPaid(amountMinor),
    amountMinor,
    on: input.received_on,
    note: input.note,
  };
  await bookInvoiceEvents(context, book, { events: [event], invoices: [after] });
  return factoredInvoiceDocumentOf(after, currency);
});

/**
 * A debtor cannot pay, and the factor bears it: it has bought the invoice, so that all that is still owed is its loss, and
 * the reserve, less fees, is released to the seller as of an invoice that was paid.
 *
 * Refuses in this order: `not_found`, `invoice_not_open`, the day (`effective_date_refused`), `conflict` where the facility
 * has recourse: then the invoice goes back instead.
 */
export const writeOffInvoice = implement("write-off-invoice", async (context, input) => {
  const { book, invoice } = await openInvoice(context, input.invoice_id);
  const { facility } = book;
  assertPurchased(invoice);
  const on = input.written_off_on;
  const day = eventDay(context, invoice, on);
  if (facility.terms.recourse.kind !== "none") {
    throw new Refusal("conflict", "the facility has recourse: an unpaid invoice goes back to the business");
  }
  const accrued = accrual(invoice, facility, day);
  const outstandingMinor = outstandingOf(invoice);
  const events: InvoiceEvent[] = [];
  const { invoiceNo } = invoice;
  if (accrued.draft !== null) {
    events.push({ invoiceNo, draft: accrued.draft, amountMinor: accrued.amountMinor, on });
  }
  const draft = creditLoss(outstandingMinor);
  events.push({ invoiceNo, draft, amountMinor: outstandingMinor, on, note: input.note });
  const after: FactoredInvoice = { ...accrued.invoice, state: "written_off", lostMinor: outstandingMinor };
  await bookInvoiceEvents(context, book, { events, invoices: [after] });
  return factoredInvoiceDocumentOf(after, facility.currency);
});
