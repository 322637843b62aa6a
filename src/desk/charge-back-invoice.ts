import { Refusal } from "../../models/refusal.js";
import { recourseDay } from "../factoring/schedule-base.js";
import { invoiceChargedBack } from "../ledger/factoring-events.js";
import { minor } from "../money/money.js";
import type { Facility } from "../store/facility.js";
import {
  type FactoredInvoice,
  factoredInvoiceDocumentOf,
  outstandingOf,
  reserveBalanceOf,
} from "../store/factored-invoice.js";
import { implement } from "./act.js";
import { assertPurchased } from "./collect-invoice.js";
import { accrual, bookInvoiceEvents, eventDay, type InvoiceEvent, offeredOf, openInvoice } from "./facility-book.js";

/**
 * Gives an unpaid invoice back: the reserve covers what it can, and the business owes the rest: the advance that
 * collections have not covered, and the fees.
 *
 * Refuses in this order: `not_found`, `invoice_not_open` (a paid invoice is not charged back), the day
 * (`effective_date_refused`: also before the recourse period has ended), `conflict` without recourse.
 */
export const chargeBackInvoice = implement("charge-back-invoice", async (context, input) => {
  const { book, invoice } = await openInvoice(context, input.invoice_id);
  const { facility } = book;
  assertPurchased(invoice);
  const on = input.charged_back_on;
  const day = eventDay(context, invoice, on);
  if (input.reason === "recourse") assertRecourse(invoice, facility, on);
  const accrued = accrual(invoice, facility, day);
  const outstandingMinor = outstandingOf(invoice);
  const reserveMinor = reserveBalanceOf(accrued.invoice);
  const covered = reserveMinor < outstandingMinor ? reserveMinor : outstandingMinor;
  const { invoiceNo } = invoice;
  const events: InvoiceEvent[] = [];
  if (accrued.draft !== null) {
    events.push({ invoiceNo, draft: accrued.draft, amountMinor: accrued.amountMinor, on });
  }
  const draft = invoiceChargedBack({ outstandingMinor, reserveMinor });
  const said = { reasonCode: input.reason, note: input.note };
  events.push({ invoiceNo, draft, amountMinor: outstandingMinor, on, ...said });
  const after: FactoredInvoice = {
    ...accrued.invoice,
    state: "charged_back",
    chargedBackMinor: outstandingMinor,
    owedMinor: minor(invoice.owedMinor + outstandingMinor - covered),
  };
  await bookInvoiceEvents(context, book, { events, invoices: [after] });
  return factoredInvoiceDocumentOf(after, facility.currency);
});

function assertRecourse(invoice: FactoredInvoice, { terms }: Facility, on: string): void {
  const from = recourseDay(offeredOf(invoice), terms);
  if (from === null) {
    throw new Refusal("conflict", "the facility is without recourse: only a disputed invoice goes back");
  }
  if (on < from) throw new Refusal("effective_date_refused", `the invoice may go back from ${from}, not on ${on}`);
}
