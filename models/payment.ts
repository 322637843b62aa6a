import { z } from "zod";
import {
  accountNumber,
  agencyId,
  amountText,
  batchId,
  costId,
  dayText,
  entryId,
  externalId,
  fileSchema,
  instantText,
  moneyText,
  pageFields,
  paymentId,
  portfolioId,
  receivableId,
  text,
} from "./document.js";

/**
 * Who took the money: we did (`own`), an agency did (`agency`: it comes to us less commission), or the debtor paid the
 * seller after the sale (`direct`: the seller owes it to us).
 */
export const paymentChannels = ["own", "agency", "direct"] as const;
export type PaymentChannel = (typeof paymentChannels)[number];

const paymentFields = {
  account_number: accountNumber,
  /** negative for a payment that came back (not sufficient funds, chargeback) */
  amount: moneyText,
  paid_on: dayText,
  channel: z.enum(paymentChannels).default("own"),
  /** the owner's own number of the payment; a second one with the same number is refused, or skipped in a file */
  external_id: externalId.optional(),
  /** commission as the agency states it; worked out from the placement when left out */
  commission: amountText.optional(),
  /** the money came by suit or through an attorney: commission schedules may have another rate for it */
  legal: z.boolean().default(false),
  /** `external_id` of the payment that came back; only with a negative amount */
  reverses: externalId.optional(),
};

/** One row of a payments file: the headers of the CSV, the fields of each NDJSON line. */
export const paymentRow = z.strictObject(paymentFields);
export type PaymentRow = z.infer<typeof paymentRow>;

export const recordPaymentInput = z.strictObject({ portfolio_id: portfolioId, ...paymentFields });

export const paymentDocument = z.object({
  id: paymentId,
  portfolio_id: portfolioId,
  receivable_id: receivableId,
  account_number: z.string(),
  channel: z.enum(paymentChannels),
  agency_id: agencyId.nullable(),
  currency: z.string(),
  amount: z.string(),
  /** part that reduced the claim, and part over it (kept as unapplied cash) */
  applied: z.string(),
  unapplied: z.string(),
  commission: z.string(),
  paid_on: dayText,
  recorded_at: instantText,
  external_id: z.string().nullable(),
  reverses: z.string().nullable(),
  batch_id: batchId.nullable(),
  entry_id: entryId,
});
export type PaymentDocument = z.infer<typeof paymentDocument>;

export const recordPaymentsInput = z
  .strictObject({
    portfolio_id: portfolioId,
    /** CSV (header = field names) or NDJSON; a door gives the file, a caller the rows */
    file: fileSchema.optional(),
    rows: z.array(z.unknown()).min(1).max(10_000).optional(),
    format: z.enum(["csv", "ndjson"]).default("csv"),
    /** `skip`: rows that cannot be applied are left out, with the reason. `atomic`: one such row and nothing is recorded */
    mode: z.enum(["skip", "atomic"]).default("skip"),
  })
  .refine((input) => (input.file === undefined) !== (input.rows === undefined), {
    message: "give file or rows, one of them",
  });

export const paymentRefusal = z.object({
  row: z.number(),
  account_number: z.string().nullable(),
  external_id: z.string().nullable(),
  code: z.string(),
  detail: z.string(),
});

export const recordPaymentsOutput = z.object({
  batch_id: batchId,
  portfolio_id: portfolioId,
  currency: z.string(),
  /** false when this very file had been imported before: then nothing was changed and the first figures are shown */
  imported: z.boolean(),
  rows: z.number(),
  recorded: z.number(),
  skipped: z.number(),
  amount: z.string(),
  commission: z.string(),
  unapplied: z.string(),
  /** the first 1,000 rows left out; `list-payment-refusals` has them all */
  refused: z.array(paymentRefusal),
});

export const listPaymentRefusalsInput = z.strictObject({ portfolio_id: portfolioId, batch_id: batchId, ...pageFields });

export const listPaymentsInput = z.strictObject({
  portfolio_id: portfolioId,
  account_number: accountNumber.optional(),
  batch_id: batchId.optional(),
  channel: z.enum(paymentChannels).optional(),
  paid_from: dayText.optional(),
  paid_to: dayText.optional(),
  ...pageFields,
});

export const costTypes = ["court", "agency_invoice", "servicing", "media", "data", "purchase", "other"] as const;
export type CostType = (typeof costTypes)[number];

export const recordCostInput = z.strictObject({
  portfolio_id: portfolioId,
  cost_type: z.enum(costTypes),
  /** negative for a credit note */
  amount: moneyText,
  incurred_on: dayText,
  account_number: accountNumber.optional(),
  agency_id: agencyId.optional(),
  external_id: externalId.optional(),
  note: text(500).optional(),
});

export const costDocument = z.object({
  id: costId,
  portfolio_id: portfolioId,
  cost_type: z.enum(costTypes),
  currency: z.string(),
  amount: z.string(),
  incurred_on: dayText,
  account_number: z.string().nullable(),
  agency_id: agencyId.nullable(),
  external_id: z.string().nullable(),
  note: z.string().nullable(),
  recorded_at: instantText,
  entry_id: entryId,
});
export const listCostsInput = z.strictObject({
  portfolio_id: portfolioId,
  cost_type: z.enum(costTypes).optional(),
  ...pageFields,
});

/** Money that settles what another party owes us: an agency's remittance, the seller's refund or pass-through. */
export const receiptKinds = ["agency_remittance", "put_back_refund", "direct_payments"] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

export const recordReceiptInput = z.strictObject({
  portfolio_id: portfolioId,
  kind: z.enum(receiptKinds),
  amount: amountText,
  received_on: dayText,
  agency_id: agencyId.optional(),
  note: text(500).optional(),
});
export const receiptDocument = z.object({
  entry_id: entryId,
  portfolio_id: portfolioId,
  kind: z.enum(receiptKinds),
  currency: z.string(),
  amount: z.string(),
  received_on: dayText,
  recorded_at: instantText,
});
