import { Refusal } from "../../models/refusal.js";
import type { InvoiceState } from "../../models/schedule.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { type InvoicesReturned, invoicesBoughtBack, invoicesChargedBack } from "../ledger/factoring-events.js";
import { minor, sumMinor } from "../money/money.js";
import { releaseAssignments } from "../store/assignment.js";
import { disputeRecourseDay, lastDispute } from "../store/dispute.js";
import { type Invoice, recourseDay } from "../store/invoice.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import {
  accrueInvoices,
  actDone,
  assertFacilityDay,
  type FacilityBook,
  facilityPortfolio,
  loadInvoices,
  nameOf,
  openFacilityBook,
  openInvoices,
  postEvent,
  termsOf,
} from "./facility-book.js";

/**
 * Gives unpaid invoices back to the seller, who owes their advance and fees. They may be assigned anew.
 *
 * Guards in this order: the facility, the invoices (`not_found`, `invoice_not_open` for one that was paid), the day
 * (`effective_date_refused`), the terms (`recourse_refused`: the period is not over, or there is no recourse for that reason;
 * a dispute has to be open for as many days as the terms say), the month (`period_closed`).
 */
export const chargeBackInvoices = implement("charge-back-invoices", async (context, input) => {
  const { charged_back_on: on, reason } = input;
  const { book, invoices } = await returning(context, { facilityId: input.facility_id, ids: input.invoice_ids, on });
  for (const invoice of invoices) await assertRecourse(context, book, { invoice, on, reason });
  const note = input.note === undefined ? reason : `${reason}: ${input.note}`;
  const build = (of: InvoicesReturned): EntryDraft => invoicesChargedBack(of, book.facility.presentation);
  return giveBack(context, book, { invoices, on, state: "charged_back", note, build });
});

/** Lets the seller take invoices back against cash. Guards as of a charge-back, the terms left out. */
export const buyBackInvoices = implement("buy-back-invoices", async (context, input) => {
  const { bought_back_on: on } = input;
  const { book, invoices } = await returning(context, { facilityId: input.facility_id, ids: input.invoice_ids, on });
  const build = (of: InvoicesReturned): EntryDraft => invoicesBoughtBack(of, book.facility.presentation);
  return giveBack(context, book, { invoices, on, state: "bought_back", note: input.note ?? null, build });
});

async function returning(
  context: Context,
  of: { facilityId: string; ids: readonly string[]; on: string },
): Promise<{ book: FacilityBook; invoices: Invoice[] }> {
  const book = await openFacilityBook(context, facilityPortfolio(of.facilityId));
  const invoices = await openInvoices(context, book, of.ids);
  for (const { purchasedOn } of invoices) {
    assertFacilityDay(context, of.on, { day: purchasedOn!, what: "the purchase of the invoice" });
  }
  return { book, invoices };
}

async function assertRecourse(
  context: Context,
  book: FacilityBook,
  of: { invoice: Invoice; on: string; reason: string },
): Promise<void> {
  const { invoice, on, reason } = of;
  const name = nameOf(book, invoice.invoiceNo);
  if (reason === "breach") return;
  if (reason === "dispute") {
    if (!invoice.disputed) throw new Refusal("recourse_refused", `${name} is not disputed`);
    const dispute = await lastDispute(context.tx, book.facility.portfolioId, invoice.invoiceNo);
    const from = disputeRecourseDay(dispute!);
    if (on >= from) return;
    const since = `its dispute was raised on ${dispute!.raisedOn}`;
    throw new Refusal("recourse_refused", `${name} may go back from ${from} on; ${on} is before, and ${since}`);
  }
  const day = recourseDay(invoice, await termsOf(context, book, invoice));
  if (day === null)
    throw new Refusal("recourse_refused", `${name} was bought without recourse; disputes and breaches go back`);
  if (reason === "debtor_insolvent" || on >= day) return;
  throw new Refusal("recourse_refused", `${name} may go back from ${day} on; ${on} is before`);
}

interface Returning {
  readonly invoices: readonly Invoice[];
  readonly on: string;
  readonly state: InvoiceState;
  readonly note: string | null;
  readonly build: (of: InvoicesReturned) => EntryDraft;
}

async function giveBack(context: Context, book: FacilityBook, { invoices, on, state, note, build }: Returning) {
  const invoiceNos = invoices.map(({ invoiceNo }) => invoiceNo);
  const accrual = await accrueInvoices(context, book, { invoices, on });
  const now = await loadInvoices(context, book, invoiceNos);
  const sum = (of: (invoice: Invoice) => bigint) => sumMinor(now.map((invoice) => minor(of(invoice))));
  const openMinor = sum((invoice) => invoice.now.open);
  const reserveMinor = sum((invoice) => invoice.now.reserve);
  const unearnedMinor = sum((invoice) => invoice.now.unearned);
  const sequence = await postEvent(context, book, {
    draft: build({ openMinor, reserveMinor, unearnedMinor }),
    on,
    sourceKind: state,
    reason: note,
    moves: now.map((invoice): InvoiceMove => {
      const { open, reserve, unearned, employed } = invoice.now;
      const change = { open: -open, reserve: -reserve, unearned: -unearned, employed: -employed };
      return { invoice, change, state, settledOn: on, reason: note };
    }),
  });
  await releaseAssignments(context.tx, book.facility.portfolioId, { invoiceNos, at: context.now, reason: state });
  const amountMinor = openMinor - reserveMinor;
  return actDone(book, { on, amountMinor, invoices: now.length, sequences: [accrual.sequence, sequence] });
}
