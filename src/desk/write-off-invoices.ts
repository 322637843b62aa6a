import { Refusal } from "../../models/refusal.js";
import { creditLoss } from "../ledger/factoring-events.js";
import { minor, sumMinor } from "../money/money.js";
import type { Invoice } from "../store/invoice.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import { implement } from "./act.js";
import {
  accrueInvoices,
  actDone,
  assertFacilityDay,
  facilityPortfolio,
  loadInvoices,
  nameOf,
  openFacilityBook,
  openInvoices,
  postEvent,
  termsOf,
} from "./facility-book.js";

/**
 * Writes off invoices of a debtor that failed, where the factor bears it. A disputed one goes back to the seller instead:
 * without recourse covers a debtor's failure and nothing else.
 *
 * Guards in this order: the facility, the invoices (`not_found`, `invoice_not_open`), the day (`effective_date_refused`),
 * the terms (`recourse_refused`), the month (`period_closed`).
 */
export const writeOffInvoices = implement("write-off-invoices", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { written_off_on: on, note } = input;
  const invoices = await openInvoices(context, book, input.invoice_ids);
  for (const invoice of invoices) {
    const name = nameOf(book, invoice.invoiceNo);
    assertFacilityDay(context, on, { day: invoice.purchasedOn!, what: "the purchase of the invoice" });
    if (invoice.disputed) throw new Refusal("recourse_refused", `${name} is disputed: it goes back to the seller`);
    if ((await termsOf(context, book, invoice)).recourse.kind === "none") continue;
    throw new Refusal("recourse_refused", `${name} was bought with recourse: it goes back to the seller`);
  }
  const accrual = await accrueInvoices(context, book, { invoices, on });
  const now = await loadInvoices(
    context,
    book,
    invoices.map(({ invoiceNo }) => invoiceNo),
  );
  const usedOf = ({ now: { open, reserve } }: Invoice) => {
    // fees beyond the reserve are part of the loss: nobody else pays them
    if (reserve < 0n) return reserve;
    if (input.reserve === "owed") return 0n;
    return reserve < open ? reserve : open;
  };
  const openMinor = sumMinor(now.map((invoice) => minor(invoice.now.open)));
  const reserveUsedMinor = sumMinor(now.map((invoice) => minor(usedOf(invoice))));
  const unearnedMinor = sumMinor(now.map((invoice) => minor(invoice.now.unearned)));
  const draft = creditLoss({ openMinor, reserveUsedMinor, unearnedMinor }, book.facility.presentation);
  const moves = now.map((invoice): InvoiceMove => {
    const { open, unearned, employed } = invoice.now;
    const change = { open: -open, reserve: -usedOf(invoice), unearned: -unearned, employed: -employed };
    return { invoice, change, state: "lost", settledOn: on, reason: note };
  });
  const sequence = await postEvent(context, book, { draft, on, sourceKind: "credit_loss", reason: note, moves });
  const amountMinor = openMinor - reserveUsedMinor;
  return actDone(book, { on, amountMinor, invoices: now.length, sequences: [accrual.sequence, sequence] });
});
