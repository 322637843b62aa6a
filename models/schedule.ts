import { z } from "zod";
import { amountText, dayText, fileSchema, id, instantText, moneyText, pageFields, text } from "./document.js";
import { customerNumber, debtorKey, debtorName, facilityId } from "./facility.js";
import { factoringOfferDocument } from "./factoring-offer.js";
import { modelId } from "./model-version.js";
import { findingDocument } from "./portfolio.js";
import { layoutSchema } from "./tape.js";

export const scheduleId = id("sc", "schedule");
export const invoiceId = id("iv", "invoice");

export const scheduleStates = ["submitted", "checked", "approved", "funded", "closed", "rejected"] as const;
export const invoiceStates = [
  "submitted",
  "purchased",
  "paid",
  "charged_back",
  "bought_back",
  "lost",
  "released",
] as const;
export type InvoiceState = (typeof invoiceStates)[number];

/** One invoice as a caller states it; what is wrong with it is a finding, not a fault of the request. */
const statedInvoice = z.strictObject({
  invoice_number: text(100).describe("The seller's number of the invoice"),
  debtor_id: debtorKey,
  invoice_date: dayText.describe("Day of the invoice"),
  due_date: dayText.describe("Day it is due; not before the day of the invoice"),
  amount: moneyText.describe("Amount of the invoice"),
  currency: z.string().optional().describe("Its currency, where it is to be checked"),
  paid_amount: amountText.default("0").describe("What was paid on it before"),
  purchase_order: text(100).optional().describe("Number of the purchase order"),
  proof_of_delivery: z.boolean().default(false).describe("Whether a proof of delivery is at hand"),
  country: text(2).optional().describe("Country of the debtor"),
  debtor_type: text(60).optional().describe("What the debtor is, in the seller's words"),
  disputed: z.boolean().default(false).describe("Whether the debtor disputes it"),
  disputed_amount: amountText.optional().describe("How much of it is disputed, where not all of it is"),
  debtor_name: debtorName.optional().describe("What the seller calls the debtor"),
  customer_number: customerNumber.optional().describe("The seller's own number of the debtor"),
});
export type StatedInvoice = z.output<typeof statedInvoice>;

const scheduleNumber = text(120).optional().describe("Your own number of the schedule");

export const submitScheduleInput = z.strictObject({
  facility_id: facilityId,
  invoices: z.array(statedInvoice).min(1).max(10_000).describe("The invoices, 1 to 10,000"),
  external_id: scheduleNumber,
});
export const importScheduleInput = z.strictObject({
  facility_id: facilityId,
  file: fileSchema.describe("Invoices: CSV, Parquet, JSON Lines or XLSX"),
  layout: layoutSchema.optional().describe("How the seller writes the file; guessed when left out"),
  expect_rows: z.coerce.number().int().min(0).optional().describe("Control total: rows in the file"),
  expect_face: amountText.optional().describe("Control total: sum of the amounts"),
  external_id: scheduleNumber,
});

export const scheduleDocument = z.object({
  id: scheduleId,
  facility_id: facilityId,
  state: z.enum(scheduleStates),
  currency: z.string(),
  external_id: z.string().nullable(),
  invoices: z.number().describe("How many invoices stand in it"),
  gross: moneyText,
  submitted_by: z.string(),
  submitted_at: instantText,
  checked_by: z.string().nullable(),
  approved_by: z.string().nullable(),
  rejected_by: z.string().nullable(),
  reject_reason: z.string().nullable(),
  offer_version: z.number().describe("Version of the last offer shown; 0: none"),
  funded_on: dayText.nullable(),
  face: moneyText.describe("Face of the invoices bought"),
  advance: moneyText,
  reserve: moneyText.describe("Face less advance"),
  fee_at_funding: moneyText,
  charges: moneyText,
  net_funded: moneyText.describe("What the seller was paid"),
  open: moneyText.describe("What is open of the invoices bought"),
  findings: z.array(findingDocument).describe("What was found; rows of severity reject and exclude were left out"),
});
export type ScheduleDocument = z.output<typeof scheduleDocument>;

export const showScheduleInput = z.strictObject({ schedule_id: scheduleId });
export const listSchedulesInput = z.strictObject({
  facility_id: facilityId,
  state: z.enum(scheduleStates).exclude(["closed"]).optional().describe("Only schedules in this state"),
  ...pageFields,
});
export const judgeScheduleInput = z.strictObject({ schedule_id: scheduleId });
export const rejectScheduleInput = z.strictObject({
  schedule_id: scheduleId,
  reason: text(400).describe("Why it is not bought, at most 400 characters"),
});

export const offerScheduleInput = z.strictObject({
  schedule_id: scheduleId,
  target_cash: amountText.optional().describe("Cash that is to be raised, with the invoices that cost least"),
  payment_model: modelId
    .optional()
    .describe("Stored model of payment behaviour to expect payments by; that of the facility's terms when left out"),
});
/** As far as the books count. */
const offerVersion = z.coerce.number().int().min(1).max(2_147_483_647);

export const showOfferInput = z.strictObject({
  schedule_id: scheduleId,
  offer_version: offerVersion.optional().describe("Which version; the last one when left out"),
});
export const shownOffer = z.object({
  schedule_id: scheduleId,
  version: z.number(),
  terms_version: z.number(),
  as_of: dayText,
  expires_on: dayText,
  shown_at: instantText,
  sha256: z.string().describe("Of the document as it was shown: it does not change"),
  document: factoringOfferDocument,
});
export type ShownOffer = z.output<typeof shownOffer>;

export const fundScheduleInput = z.strictObject({
  schedule_id: scheduleId,
  offer_version: offerVersion.optional().describe("Version that was accepted; the last one when left out"),
});

export const invoiceDocument = z.object({
  id: invoiceId,
  facility_id: facilityId,
  schedule_id: scheduleId,
  state: z.enum(invoiceStates),
  debtor_id: z.string(),
  invoice_number: z.string(),
  invoice_date: dayText,
  due_date: dayText,
  currency: z.string(),
  amount: moneyText,
  purchase_order: z.string().nullable(),
  proof_of_delivery: z.boolean(),
  verified: z.boolean().describe("Whether a person has verified it"),
  disputed: z.boolean(),
  disputed_amount: moneyText.describe("What is disputed of it"),
  purchased_on: dayText.nullable(),
  recourse_on: dayText.nullable().describe("From this day on it may go back to the seller; null without recourse"),
  settled_on: dayText.nullable(),
  advance: moneyText,
  open: moneyText.describe("What the debtor still owes on it"),
  reserve: moneyText.describe("What is left of what was held back"),
  funds_employed: moneyText.describe("What is out of its advance"),
  collected: moneyText,
  diluted: moneyText.describe("What the debtor deducted"),
  fee: moneyText.describe("Fees charged to date"),
  interest: moneyText,
  accrued_on: dayText.nullable().describe("Day that fees are charged through"),
});
export type InvoiceDocument = z.output<typeof invoiceDocument>;

export const listInvoicesInput = z.strictObject({
  facility_id: facilityId,
  schedule_id: scheduleId.optional().describe("Only invoices of this schedule (sc_...)"),
  debtor_id: debtorKey.optional(),
  invoice_number: text(100).optional().describe("Only the invoice of this number"),
  purchase_order: text(100).optional().describe("Only invoices of this purchase order"),
  state: z.enum(invoiceStates).optional().describe("Only invoices in this state"),
  ...pageFields,
});
export const showInvoiceInput = z.strictObject({ invoice_id: invoiceId });
