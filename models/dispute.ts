import { z } from "zod";
import { amountText, dayText, id, instantText, moneyText, pageFields, text } from "./document.js";
import { debtorKey, facilityId } from "./facility.js";
import { shortReasons, x12Code } from "./factoring-life.js";
import { invoiceId } from "./schedule.js";

/** A debtor that disputes an invoice, and a person who asked whether an invoice is right. */

export const disputeId = id("di", "dispute");

const note = text(400).optional().describe("What it is about, at most 400 characters; no names of persons");

export const disputers = ["debtor", "seller", "factor"] as const;

export const disputeInvoiceInput = z.strictObject({
  invoice_id: invoiceId,
  reason: z.enum(shortReasons).describe("Why, as a short payment says it"),
  x12_code: x12Code.optional(),
  amount: amountText.optional().describe("How much of it is disputed; all that is open when left out"),
  raised_on: dayText.describe("Day that it was raised; not in the future"),
  raised_by: z.enum(disputers).default("debtor").describe("Who raised it"),
  note,
});

/** In whose favour a dispute ends. A credit takes its amount off the invoice and out of the reserve. */
export const disputeOutcomes = ["seller_cures", "credit_agreed", "debtor_pays"] as const;

export const resolveDisputeInput = z
  .strictObject({
    dispute_id: disputeId,
    outcome: z
      .enum(disputeOutcomes)
      .describe(
        "What came of it: seller_cures: the seller made it good; credit_agreed: so much less is owed (dilution); debtor_pays: the debtor was wrong",
      ),
    resolved_on: dayText.describe("Not in the future, not before it was raised"),
    credit_amount: amountText.optional().describe("Of a credit: how much; what is disputed when left out"),
    note,
  })
  .refine(({ outcome, credit_amount }) => outcome === "credit_agreed" || credit_amount === undefined, {
    path: ["credit_amount"],
    message: "is of credit_agreed alone",
  });

export const disputeStates = ["open", "resolved", "lapsed"] as const;

export const disputeDocument = z.object({
  id: disputeId,
  facility_id: facilityId,
  invoice_id: invoiceId,
  debtor_id: z.string(),
  invoice_number: z.string(),
  state: z.enum(disputeStates).describe("lapsed: nobody resolved it, and its invoice is open no more"),
  reason: z.enum(shortReasons).nullable().describe("Null where a schedule said that it is disputed and not why"),
  x12_code: z.string().nullable(),
  currency: z.string(),
  amount: moneyText.describe("What is disputed of the invoice"),
  whole: z.boolean().describe("Whether all of the invoice is disputed"),
  raised_by: z.enum(disputers),
  raised_on: dayText,
  note: z.string().nullable(),
  recorded_by: z.string(),
  recorded_at: instantText,
  days: z.number().describe("From the day it was raised to the day it was resolved, or to today"),
  charge_back_from: dayText.nullable().describe("Day from which the invoice may go back for it; null when not open"),
  outcome: z.enum(disputeOutcomes).nullable(),
  resolved_on: dayText.nullable(),
  credit: moneyText.nullable().describe("What was credited"),
  resolution_note: z.string().nullable(),
  resolved_by: z.string().nullable(),
  resolved_at: instantText.nullable(),
});
export type DisputeDocument = z.output<typeof disputeDocument>;

export const listDisputesInput = z.strictObject({
  facility_id: facilityId,
  state: z.enum(disputeStates).optional().describe("Only disputes in this state"),
  reason: z.enum(shortReasons).optional().describe("Only disputes of this reason"),
  debtor_id: debtorKey.optional().describe("Only disputes of this debtor"),
  invoice_id: invoiceId.optional().describe("Only disputes of this invoice (iv_...)"),
  ...pageFields,
});

export const disputeAgingDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  reasons: z.array(
    z.object({
      reason: z.string().describe("unstated where a schedule did not say why"),
      disputes: z.number(),
      amount: moneyText,
      days_0_30: moneyText,
      days_31_60: moneyText,
      days_61_90: moneyText,
      over_90_days: moneyText,
      oldest_days: z.number(),
      may_go_back: moneyText.describe("Open of the invoices that may be charged back for it"),
    }),
  ),
  disputes: z.number(),
  amount: moneyText,
});

export const verificationMethods = ["call", "email", "portal", "signed_copy", "letter"] as const;

export const verifyInvoiceInput = z.strictObject({
  invoice_id: invoiceId,
  outcome: z.enum(["verified", "refused"]).default("verified").describe("Whether the debtor says that it is right"),
  method: z.enum(verificationMethods).describe("How it was verified"),
  verified_on: dayText.describe("Day that the debtor was asked; not in the future"),
  note,
});

export const invoiceVerificationDocument = z.object({
  facility_id: facilityId,
  invoice_id: invoiceId,
  verification_no: z.number().describe("1 for the first of the invoice; the last one counts"),
  outcome: z.enum(["verified", "refused"]),
  method: z.enum(verificationMethods),
  verified_on: dayText,
  note: z.string().nullable(),
  verified_by: z.string(),
  recorded_at: instantText,
});
export type InvoiceVerification = z.output<typeof invoiceVerificationDocument>;
export const listInvoiceVerificationsInput = z.strictObject({ invoice_id: invoiceId, ...pageFields });
