import type { ActParsed } from "../../models/acts.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor, minor } from "../money/money.js";
import {
  type Dispute,
  disputeDocumentOf,
  findDispute,
  insertDisputes,
  lastDispute,
  listDisputes as readPage,
  resolve,
} from "../store/dispute.js";
import { findFacility, takeNumbers } from "../store/facility.js";
import { findInvoice, owedOf } from "../store/invoice.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import {
  assertFacilityDay,
  childOf,
  type FacilityBook,
  facilityPortfolio,
  openFacilityBook,
  openInvoices,
} from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";
import { creditInvoice } from "./settle-invoices.js";

/**
 * Records that an invoice is disputed, whole or in part; until that is resolved, so much of it is not eligible.
 *
 * Guards in this order: the invoice (`not_found`, `invoice_not_open`), the day (`effective_date_refused`: in the future, before the
 * invoice, or before its last dispute ended), the amount (`amount_invalid`, `amount_not_available` for more than is open),
 * `already_exists` where a dispute of it is open.
 */
export const disputeInvoice = implement("dispute-invoice", async (context, input) => {
  const { tx, now, today } = context;
  const { portfolioId, number: invoiceNo } = childOf("iv", input.invoice_id, "invoice");
  const facility = await findFacility(tx, portfolioId);
  const invoice = await findInvoice(tx, portfolioId, invoiceNo);
  if (invoice.state !== "submitted" && invoice.state !== "purchased") {
    throw new Refusal("invoice_not_open", `invoice ${input.invoice_id} is ${invoice.state.replace("_", " ")}`);
  }
  const last = await lastDispute(tx, portfolioId, invoiceNo);
  const since = last?.resolvedOn ?? null;
  assertFacilityDay(
    context,
    input.raised_on,
    since === null
      ? { day: invoice.invoiceOn, what: "the invoice" }
      : { day: since, what: "the day that its last dispute was resolved" },
  );
  const owedMinor = owedOf(invoice);
  const whole = input.amount === undefined;
  const amountMinor = whole ? owedMinor : movementMinor(input.amount!, facility.currency);
  if (amountMinor > owedMinor) {
    const open = formatMinor(owedMinor, facility.currency);
    throw new Refusal("amount_not_available", `${open} ${facility.currency} are open; ${input.amount} are disputed`);
  }
  const disputeNo = await takeNumbers(tx, portfolioId, "dispute", 1);
  const made = {
    disputeNo,
    invoiceNo,
    reason: input.reason,
    x12Code: input.x12_code ?? null,
    amountMinor,
    whole,
    raisedBy: input.raised_by,
    raisedOn: input.raised_on,
    note: input.note ?? null,
  };
  await insertDisputes(tx, portfolioId, { disputes: [made], at: now });
  return disputeDocumentOf(await findDispute(tx, portfolioId, disputeNo), facility, today);
});

/**
 * Records how a dispute ended. A credit that was agreed is diluted at once: it leaves what is open and what is held back.
 *
 * Guards in this order: the dispute (`not_found`, `conflict` where it was resolved before), the day
 * (`effective_date_refused`); of a credit the invoice (`invoice_not_open`), the amount (`amount_invalid`,
 * `amount_not_available` for more than is open), the month (`period_closed`).
 */
export const resolveDispute = implement("resolve-dispute", async (context, input) => {
  const { tx, now, today } = context;
  const { portfolioId, number: disputeNo } = childOf("di", input.dispute_id, "dispute");
  const book = await openFacilityBook(context, portfolioId);
  const dispute = await findDispute(tx, portfolioId, disputeNo);
  if (dispute.resolvedAt !== null) {
    throw new Refusal("conflict", `the dispute was resolved on ${dispute.resolvedOn}: ${dispute.outcome}`);
  }
  const { resolved_on: resolvedOn, outcome } = input;
  assertFacilityDay(context, resolvedOn, { day: dispute.raisedOn, what: "the day that it was raised" });
  const creditMinor = outcome === "credit_agreed" ? await credit(context, book, { dispute, input }) : null;
  const { invoiceNo } = dispute;
  const note = input.note ?? null;
  await resolve(tx, portfolioId, { disputeNo, invoiceNo, outcome, resolvedOn, creditMinor, note, at: now });
  return disputeDocumentOf(await findDispute(tx, portfolioId, disputeNo), book.facility, today);
});

async function credit(
  context: Context,
  book: FacilityBook,
  { dispute, input }: { dispute: Dispute; input: ActParsed<"resolve-dispute"> },
): Promise<bigint> {
  const { portfolioId, currency } = book.facility;
  const on = input.resolved_on;
  const [invoice] = await openInvoices(context, book, [childId("iv", portfolioId, dispute.invoiceNo)]);
  assertFacilityDay(context, on, { day: invoice!.purchasedOn!, what: "the purchase of the invoice" });
  const openMinor = invoice!.now.open;
  const disputedMinor = dispute.whole || dispute.amountMinor > openMinor ? openMinor : dispute.amountMinor;
  const amountMinor =
    input.credit_amount === undefined ? minor(disputedMinor) : movementMinor(input.credit_amount, currency);
  if (amountMinor > openMinor) {
    const open = formatMinor(openMinor, currency);
    throw new Refusal(
      "amount_not_available",
      `${open} ${currency} are open; ${input.credit_amount} cannot be credited`,
    );
  }
  const reason = dispute.reason ?? "dispute";
  const said = dispute.x12Code === null ? reason : `${reason} (X12 426 ${dispute.x12Code})`;
  await creditInvoice(context, book, { invoice: invoice!, amountMinor, on, reason: said });
  return amountMinor;
}

export const listDisputes = implement("list-disputes", async ({ tx, today }, { invoice_id, ...input }) => {
  const facility = await findFacility(tx, facilityPortfolio(input.facility_id));
  const invoice = invoice_id === undefined ? undefined : childOf("iv", invoice_id, "invoice");
  // an invoice of another facility has no disputes in this one
  const invoiceNo = invoice?.portfolioId === facility.portfolioId ? invoice.number : invoice && 0;
  return readPage(tx, facility, { ...input, invoiceNo, today });
});
