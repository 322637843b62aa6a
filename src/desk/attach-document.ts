import { Refusal } from "../../models/refusal.js";
import { findFacility, takeNumbers } from "../store/facility.js";
import {
  findPaper,
  insertPaper,
  judgePaper,
  listPapers,
  noteProof,
  notePurchaseOrder,
} from "../store/factoring-paper.js";
import { findInvoice } from "../store/invoice.js";
import { implement } from "./act.js";
import { debtorsMeant } from "./debtor-naming.js";
import { childOf, facilityPortfolio } from "./facility-book.js";

/**
 * Attaches a document to an invoice. A signed proof of delivery counts at once, until it is refused; a purchase order
 * is named on the invoice where it names none. Refuses `not_found`.
 */
export const attachDocument = implement("attach-document", async ({ tx, call, now }, input) => {
  const { portfolioId, number: invoiceNo } = childOf("iv", input.invoice_id, "invoice");
  const documentNo = await takeNumbers(tx, portfolioId, "document", 1);
  const { hasProof } = await findInvoice(tx, portfolioId, invoiceNo);
  await insertPaper(tx, portfolioId, {
    documentNo,
    invoiceNo,
    kind: input.kind,
    reference: input.reference,
    signed: input.signed,
    datedOn: input.dated_on ?? null,
    sha256: input.sha256 ?? null,
    attachedBy: call.actor.actorId,
    attachedAt: now,
  });
  const proves = input.kind === "proof_of_delivery" && input.signed;
  if (proves && !hasProof) await noteProof(tx, portfolioId, { invoiceNo, hasProof: true });
  if (input.kind === "purchase_order")
    await notePurchaseOrder(tx, portfolioId, { invoiceNo, reference: input.reference, at: now });
  return findPaper(tx, portfolioId, documentNo);
});

/** Says that a document was verified or refused, by whom and how. Refuses `not_found`, `conflict` where it was said before. */
export const verifyDocument = implement("verify-document", async ({ tx, call, now }, input) => {
  const { portfolioId, number: documentNo } = childOf("dc", input.document_id, "document");
  const before = await findPaper(tx, portfolioId, documentNo);
  if (before.state !== "attached") {
    throw new Refusal("conflict", `the document was ${before.state} by ${before.verified_by} before`);
  }
  const { outcome: state, method } = input;
  const judged = { documentNo, state, method, note: input.note ?? null, by: call.actor.actorId, at: now };
  await judgePaper(tx, portfolioId, judged);
  if (before.kind === "proof_of_delivery") {
    const invoiceNo = childOf("iv", before.invoice_id, "invoice").number;
    await noteProof(tx, portfolioId, { invoiceNo, hasProof: state === "verified" });
  }
  return findPaper(tx, portfolioId, documentNo);
});

/** Documents of a facility. Names and numbers are what its seller and the factor call debtors by. */
export const listDocuments = implement("list-documents", async (context, input) => {
  const facility = await findFacility(context.tx, facilityPortfolio(input.facility_id));
  const debtorIds = await debtorsMeant(context, input, facility);
  return listPapers(context.tx, facility.portfolioId, { ...input, debtorIds });
});
