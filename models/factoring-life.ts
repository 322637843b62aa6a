import { z } from "zod";
import { amountText, dayText, entryId, externalId, id, instantText, moneyText, pageFields, text } from "./document.js";

import { customerNumber, debtorKey, debtorName, facilityId, presentations } from "./facility.js";
import { chargeDocument } from "./facility-charge.js";

import { invoiceId, scheduleId } from "./schedule.js";

/** What happens to invoices after they were bought. */

export const receiptId = id("dr", "receipt");

/** Why a debtor pays short: eight groups; the code of X12 element 426 may be given beside. */
export const shortReasons = [
  "pricing_discrepancy",
  "damaged_merchandise",
  "quality",
  "unfulfilled_service_or_goods",
  "documents_missing",
  "not_owed",
  "deduction_taken",
  "timing_or_prior_payment",
] as const;

export const receiptKinds = ["invoices", "paid_to_seller", "not_purchased", "unidentified"] as const;
export type ReceiptOf = (typeof receiptKinds)[number];

export const x12Code = z
  .string()
  .regex(/^[A-Z0-9]{2,3}$/, "must be a code of X12 element 426")
  .describe("The reason as the debtor coded it (X12 426)");

const paidInvoice = z.strictObject({
  invoice_id: invoiceId,
  amount: amountText.describe("What pays this invoice; what is over its open amount is unapplied"),
  short_reason: z
    .enum(shortReasons)
    .optional()
    .describe("The debtor pays no more: the rest is deducted for this reason, and comes out of the reserve"),
  x12_code: x12Code.optional(),
});

export const recordCollectionInput = z
  .strictObject({
    facility_id: facilityId,
    kind: z
      .enum(receiptKinds)
      .default("invoices")
      .describe(
        "What it is: invoices: pays bought invoices; paid_to_seller: the same, but the seller has the money; not_purchased: pays invoices that were not sold; unidentified: nobody knows yet",
      ),
    received_on: dayText.describe("Day that the debtor paid; not in the future"),
    amount: amountText.optional().describe("Of a receipt without invoices; otherwise the sum of the invoices"),
    invoices: z.array(paidInvoice).min(1).max(1000).optional().describe("Which invoices it pays, 1 to 1,000"),
    debtor_id: debtorKey.optional().describe("Who paid, of a receipt without invoices"),
    reference: text(200).optional().describe("Reference of the bank or the remittance"),
    external_id: externalId.optional().describe("Your number of it: the same one is never recorded twice"),
  })
  .refine(({ kind, invoices }) => (kind === "invoices" || kind === "paid_to_seller") === (invoices !== undefined), {
    path: ["invoices"],
    message: "are needed for invoices and paid_to_seller, and not given otherwise",
  })
  .refine(({ invoices, amount }) => invoices !== undefined || amount !== undefined, {
    path: ["amount"],
    message: "is needed where no invoices are given",
  });

export const receiptDocument = z.object({
  id: receiptId,
  facility_id: facilityId,
  kind: z.enum(receiptKinds),
  currency: z.string(),
  amount: moneyText.describe("Below zero: one that came back"),
  applied: moneyText.describe("Part that pays invoices"),
  unapplied: moneyText,
  received_on: dayText,
  debtor_id: z.string().nullable(),
  reference: z.string().nullable(),
  external_id: z.string().nullable(),
  returns: receiptId.nullable().describe("The receipt that came back with it"),
  recorded_at: instantText,
  entry_id: entryId,
});
export type ReceiptDocumentOf = z.output<typeof receiptDocument>;
export const listReceiptsInput = z.strictObject({ facility_id: facilityId, ...pageFields });

export const returnCollectionInput = z.strictObject({
  receipt_id: receiptId.describe("The receipt that came back unpaid (dr_...)"),
  returned_on: dayText.describe("Day that it came back; not in the future"),
  reason: text(400).optional().describe("Why, at most 400 characters"),
});

export const resolveReceiptInput = z.strictObject({
  facility_id: facilityId,
  from: z.enum(["unidentified", "not_purchased"]).describe("Where the money lies"),
  to: z
    .enum(["invoices", "seller", "payer"])
    .describe("Where it goes: invoices: pays one; seller: passed on; payer: paid back"),
  resolved_on: dayText.describe("Not in the future"),
  amount: amountText.describe("How much of it"),
  invoice_id: invoiceId.optional().describe("Which invoice it pays (iv_...)"),
  reason: text(400).optional().describe("Why, at most 400 characters"),
});

/** What an act did to a facility's books. */
export const facilityActDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  on: dayText,
  amount: moneyText.describe("What was moved in all"),
  invoices: z.number().describe("How many invoices it touched"),
  entry_ids: z.array(entryId),
});

export const accrueFeesInput = z.strictObject({
  facility_id: facilityId,
  through: dayText.describe("Fees are charged up to this day; not in the future"),
});
export const accrueFeesDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  through: dayText,
  invoices: z.number(),
  fee: moneyText,
  interest: moneyText,
  earned: moneyText.describe("Of fees taken at funding: what these days have earned"),
  entry_id: entryId.nullable().describe("The last one; null where no fee is due"),
  charged: moneyText.describe("Charges of the facility that were due by the day"),
  charges: z.array(chargeDocument).describe("What these are"),
});

export const releaseReserveInput = z.strictObject({
  facility_id: facilityId,
  released_on: dayText.describe("Not in the future"),
  amount: amountText.optional().describe("How much; all that may be released when left out"),
  offset: z.boolean().default(true).describe("Whether what the seller owes is kept back first"),
});
export const releaseDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  released_on: dayText,
  released: moneyText.describe("What came off the reserve"),
  paid: moneyText.describe("What the seller was paid"),
  kept_for_recourse: moneyText,
  kept_for_held_payments: moneyText,
  kept_for_charges: moneyText.describe("Below zero: charges that were taken back, paid out with it"),
  charged_for_payment: moneyText.describe("What the payment itself costs, by the terms; kept back with the charges"),
  put_in_escrow: moneyText,
  entry_id: entryId,
});

export const chargeBackReasons = ["recourse_period", "dispute", "debtor_insolvent", "breach"] as const;
export const chargeBackInput = z.strictObject({
  facility_id: facilityId,
  invoice_ids: z.array(invoiceId).min(1).max(1000).describe("Which invoices (iv_...), 1 to 1,000"),
  charged_back_on: dayText.describe("Not in the future"),
  reason: z
    .enum(chargeBackReasons)
    .default("recourse_period")
    .describe(
      "Why it goes back: recourse_period: unpaid after it; dispute, breach: at any time, also without recourse; debtor_insolvent: with recourse alone",
    ),
  note: text(400).optional().describe("Why, at most 400 characters"),
});
export const buyBackInput = z.strictObject({
  facility_id: facilityId,
  invoice_ids: z.array(invoiceId).min(1).max(1000).describe("Which invoices (iv_...), 1 to 1,000"),
  bought_back_on: dayText.describe("Not in the future"),
  note: text(400).optional().describe("Why, at most 400 characters"),
});
export const writeOffInvoicesInput = z.strictObject({
  facility_id: facilityId,
  invoice_ids: z.array(invoiceId).min(1).max(1000).describe("Which invoices (iv_...), 1 to 1,000"),
  written_off_on: dayText.describe("Not in the future"),
  reserve: z
    .enum(["owed", "used"])
    .default("owed")
    .describe(
      "What becomes of its reserve: owed: the seller keeps its claim to the reserve; used: the reserve bears the loss first",
    ),
  note: text(400).describe("Why: how the debtor failed, at most 400 characters"),
});
export const paySellerDebtInput = z.strictObject({
  facility_id: facilityId,
  paid_on: dayText.describe("Not in the future"),
  amount: amountText.describe("How much; at most what the seller owes"),
  settles: z
    .enum(["recourse", "held_payments", "charges"])
    .describe(
      "What it settles: recourse: charge-backs and shortfalls; held_payments: debtors' payments that the seller took; charges: charges of the facility",
    ),
  note: text(400).optional().describe("Why, at most 400 characters"),
});
export const releaseEscrowInput = z.strictObject({
  facility_id: facilityId,
  released_on: dayText.describe("Not in the future"),
  amount: amountText.optional().describe("How much; all of it when left out"),
  offset: z.boolean().default(true).describe("Whether what the seller owes is kept back first"),
});
export const escrowReleaseDocument = facilityActDocument.extend({
  paid: moneyText.describe("What the seller was paid"),
  kept_for_recourse: moneyText,
  kept_for_held_payments: moneyText,
  kept_for_charges: moneyText,
  charged_for_payment: moneyText.describe("What the payment itself costs, by the terms; kept back with the charges"),
});

export const documentId = id("dc", "document");
export const invoicePapers = ["purchase_order", "proof_of_delivery", "invoice_copy", "other"] as const;
export const attachDocumentInput = z.strictObject({
  invoice_id: invoiceId,
  kind: z.enum(invoicePapers).describe("What it is"),
  reference: text(200).describe("Number or name of the document, or where it is kept"),
  signed: z.boolean().default(false).describe("Whether the debtor has signed it"),
  dated_on: dayText.optional().describe("Day that it bears"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
    .optional()
    .describe("Of the file, so that it can be told to be the same"),
});
export const verifyDocumentInput = z.strictObject({
  document_id: documentId,
  outcome: z.enum(["verified", "refused"]).describe("What came of it"),
  method: z.enum(["letter", "call", "email", "portal", "inspection"]).describe("How it was verified"),
  note: text(400).optional().describe("Why, at most 400 characters"),
});
export const paperDocument = z.object({
  id: documentId,
  facility_id: facilityId,
  invoice_id: invoiceId,
  debtor_id: z.string(),
  invoice_number: z.string(),
  invoice_date: dayText,
  kind: z.enum(invoicePapers),
  reference: z.string(),
  signed: z.boolean(),
  dated_on: dayText.nullable(),
  sha256: z.string().nullable(),
  state: z.enum(["attached", "verified", "refused"]),
  method: z.string().nullable(),
  attached_by: z.string(),
  attached_at: instantText,
  verified_by: z.string().nullable(),
  verified_at: instantText.nullable(),
  note: z.string().nullable(),
});
export type PaperDocument = z.output<typeof paperDocument>;
export const listDocumentsInput = z.strictObject({
  facility_id: facilityId,
  debtor_id: debtorKey.optional().describe("Only documents on invoices of this debtor"),
  debtor_name: debtorName
    .optional()
    .describe("Only of debtors to whom the factor or the seller gives a name with these words, or words that begin so"),
  customer_number: customerNumber.optional().describe("Only of the debtor that the seller has this number of"),
  kind: z.enum(invoicePapers).optional().describe("Only documents of this kind"),
  invoice_number: text(100).optional().describe("Only documents on invoices of this number"),
  reference: text(200).optional().describe("Only the document of this number"),
  dated_from: dayText.optional().describe("Only invoices of this day or later"),
  dated_to: dayText.optional().describe("Only invoices of this day or earlier"),
  ...pageFields,
});

export const noticeId = id("na", "notice of assignment");
export const notifyAssignmentInput = z.strictObject({
  facility_id: facilityId,
  debtor_id: debtorKey,
  sent_on: dayText.describe("Day the notice was sent; not in the future"),
  method: z.enum(["letter", "email", "portal"]).describe("How it was sent"),
});
export const updateNoticeInput = z.strictObject({
  notice_id: noticeId,
  event: z.enum(["received", "acknowledged", "proof_requested", "released"]).describe("What happened to it"),
  happened_on: dayText.describe("Not in the future"),
});
export const noticeDocument = z.object({
  id: noticeId,
  facility_id: facilityId,
  debtor_id: z.string(),
  method: z.string(),
  sent_on: dayText,
  received_on: dayText.nullable(),
  acknowledged_on: dayText.nullable(),
  proof_requested_on: dayText.nullable(),
  released_on: dayText.nullable(),
});
export type NoticeDocument = z.output<typeof noticeDocument>;
export const listNoticesInput = z.strictObject({
  facility_id: facilityId,
  debtor_id: debtorKey.optional(),
  ...pageFields,
});

export const settlementInput = z.strictObject({
  schedule_id: scheduleId,
  as_of: dayText.optional().describe("Up to this day; today when left out"),
});
export const scheduleSettlementDocument = z.object({
  schedule_id: scheduleId,
  facility_id: facilityId,
  currency: z.string(),
  as_of: dayText,
  funded_on: dayText,
  face: moneyText,
  advance: moneyText,
  fee_at_funding: moneyText,
  charges: moneyText,
  net_funded: moneyText,
  collected: moneyText,
  dilution: moneyText,
  fees: moneyText.describe("Fees that came out of the reserve"),
  interest: moneyText,
  returned: moneyText.describe("Reserve that left with invoices charged or bought back, or lost"),
  claimed: moneyText.describe("Shortfalls that the seller owes instead"),
  released: moneyText,
  reserve_left: moneyText,
  open: moneyText,
  facility_charges: z
    .array(chargeDocument)
    .describe("What the facility was charged beside it, since the schedule was funded"),
  charges_due: moneyText.describe("What the seller owes of charges: the next release keeps it back"),
  invoices: z.array(
    z.object({
      invoice_number: z.string(),
      debtor_id: z.string(),
      state: z.string(),
      amount: moneyText,
      advance: moneyText,
      collected: moneyText,
      dilution: moneyText,
      fees: moneyText,
      reserve_left: moneyText,
      open: moneyText,
      settled_on: dayText.nullable(),
    }),
  ),
});

export const sellerJournalInput = z.strictObject({
  facility_id: facilityId,
  presentation: z.enum(presentations).optional().describe("How the seller presents it; as the facility when left out"),
  from: dayText.optional().describe("First day that is listed; balances are from the beginning"),
  as_of: dayText.optional().describe("Up to this day; today when left out"),
});
export const sellerJournalDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  presentation: z.enum(presentations),
  from: dayText.nullable(),
  as_of: dayText,
  lines: z.array(
    z.object({
      entry_id: entryId,
      on: dayText,
      event: z.string(),
      account: z.string(),
      name: z.string(),
      debit: moneyText,
      credit: moneyText,
    }),
  ),
  balances: z.array(z.object({ account: z.string(), name: z.string(), balance: moneyText })),
});
