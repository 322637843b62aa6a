import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { invoiceCollected } from "../ledger/factoring-events.js";
import { formatMinor, lesserMinor, minor, sumMinor, zeroMinor } from "../money/money.js";
import {
  type FactoredInvoice,
  factoredInvoiceDocumentOf,
  findInvoices,
  outstandingOf,
} from "../store/factored-invoice.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import {
  accrual,
  bookInvoiceEvents,
  childOf,
  eventDay,
  type FacilityBook,
  facilityOfInput,
  type InvoiceEvent,
  openFacilityBook,
  openInvoice,
} from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";

type Collection = Omit<ActParsed<"collect-invoice">, "invoice_id">;

/**
 * Books what a debtor paid. Fees are accrued to the day; what the debtor owed is collected; more is an unapplied receipt;
 * with a reason for paying short, the rest is charged to the reserve and the invoice is at its end.
 *
 * Refuses in this order: `not_found`, `invoice_not_open`, the amount (`amount_invalid`), the day (`effective_date_refused`).
 */
export const collectInvoice = implement("collect-invoice", async (context, input) => {
  const { book, invoice } = await openInvoice(context, input.invoice_id);
  const { after, events } = collected(context, book, { invoice, input });
  await bookInvoiceEvents(context, book, { events, invoices: [after] });
  return factoredInvoiceDocumentOf(after, book.facility.currency);
});

/**
 * The same for many payments at once, all or none: what a lockbox or a debtor's remittance brings. They are taken in their
 * order; an invoice may occur several times. A refusal names the row.
 */
export const collectInvoices = implement("collect-invoices", async (context, input) => {
  const portfolioId = facilityOfInput(input);
  const book = await openFacilityBook(context, portfolioId);
  const { currency } = book.facility;
  const numbers = input.collections.map((row, i) => {
    const { portfolioId: of, number } = childOf("fi", row.invoice_id);
    if (of === portfolioId) return number;
    throw new Refusal("not_found", `/collections/${i}: ${row.invoice_id} is not of this facility`);
  });
  const invoices = await findInvoices(context.tx, portfolioId, numbers);
  const events: InvoiceEvent[] = [];
  for (const [i, row] of input.collections.entries()) {
    const invoice = invoices.get(numbers[i]!);
    if (invoice === undefined)
      throw new Refusal("not_found", `/collections/${i}: there is no invoice ${row.invoice_id}`);
    const booked = inRow(i, () => collected(context, book, { invoice, input: row }));
    invoices.set(invoice.invoiceNo, booked.after);
    events.push(...booked.events);
  }
  await bookInvoiceEvents(context, book, { events, invoices: [...invoices.values()] });
  const amounts = input.collections.map(({ amount }) => movementMinor(amount, currency));
  return {
    facility_id: input.facility_id,
    collections: input.collections.length,
    collected: formatMinor(sumMinor(amounts), currency),
    paid: [...invoices.values()].filter(({ state }) => state === "paid").length,
  };
});

/** A refusal of one row says which. */
function inRow<T>(i: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.code, `/collections/${i}: ${error.detail}`, error.items);
    throw error;
  }
}

function collected(
  context: Context,
  { facility }: FacilityBook,
  { invoice, input }: { invoice: FactoredInvoice; input: Collection },
): { after: FactoredInvoice; events: InvoiceEvent[] } {
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
  return { after, events };
}

/** Throws `invoice_not_open`. */
export function assertPurchased({ state, invoiceNumber }: FactoredInvoice): void {
  if (state === "purchased") return;
  throw new Refusal("invoice_not_open", `invoice ${invoiceNumber} is ${state.replace("_", " ")}`);
}
