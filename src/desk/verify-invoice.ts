import { Refusal } from "../../models/refusal.js";
import { findInvoice } from "../store/invoice.js";
import { insertVerification, listVerifications } from "../store/invoice-verification.js";
import { implement } from "./act.js";
import { assertFacilityDay, childOf } from "./facility-book.js";

/**
 * Records that a person asked the debtor whether an invoice is right, how, and what the answer was; the last answer counts.
 * Refuses `not_found`, `invoice_not_open`, `effective_date_refused`.
 */
export const verifyInvoice = implement("verify-invoice", async (context, input) => {
  const { tx, now } = context;
  const { portfolioId, number: invoiceNo } = childOf("iv", input.invoice_id, "invoice");
  const { state, invoiceOn } = await findInvoice(tx, portfolioId, invoiceNo);
  if (state !== "submitted" && state !== "purchased") {
    throw new Refusal("invoice_not_open", `invoice ${input.invoice_id} is ${state.replace("_", " ")}`);
  }
  const { outcome, method, verified_on: verifiedOn } = input;
  assertFacilityDay(context, verifiedOn, { day: invoiceOn, what: "the invoice" });
  const note = input.note ?? null;
  return insertVerification(tx, portfolioId, { invoiceNo, outcome, method, verifiedOn, note, at: now });
});

export const listInvoiceVerifications = implement("list-invoice-verifications", async ({ tx }, input) => {
  const { portfolioId, number: invoiceNo } = childOf("iv", input.invoice_id, "invoice");
  await findInvoice(tx, portfolioId, invoiceNo);
  return listVerifications(tx, portfolioId, { ...input, invoiceNo });
});
