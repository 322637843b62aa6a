import { z } from "zod";
import { claimPartsDocument } from "./claim.js";
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
  amount: moneyText.describe(
    "Money paid, such as 1250.00; negative for a payment that came back (chargeback, insufficient funds)",
  ),
  paid_on: dayText.describe("Day the debtor paid; not before the cut-off, not in the future"),
  channel: z
    .enum(paymentChannels)
    .default("own")
    .describe("Who took the money: own: we did; agency: an agency did; direct: the seller did, after the sale"),
  external_id: externalId
    .optional()
    .describe("Your own number of the payment: a second one with the same number is refused, or left out of a file"),
  commission: amountText
    .optional()
    .describe("Commission as the agency states it; worked out from the terms of the placement when left out"),
  legal: z
    .boolean()
    .default(false)
    .describe("The money came by suit or through an attorney, for which a commission schedule may have another rate"),
  reverses: externalId
    .optional()
    .describe("The external_id of the payment that came back; only with a negative amount"),
};

/** One row of a payments file: the fields of each NDJSON line; a CSV may call them otherwise (src/reconcile). */
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
  applied: z.string().describe("Part that reduced the claim"),
  applied_to: claimPartsDocument.describe("The same by component of the claim"),
  unapplied: z.string().describe("Part over the claim, kept as unapplied cash"),
  commission: z.string(),
  paid_on: dayText,
  recorded_at: instantText,
  external_id: z.string().nullable(),
  reverses: z.string().nullable().describe("Your own number of the payment that came back"),
  reverses_payment_id: paymentId.nullable().describe("The payment that it takes back"),
  stands_for_payment_id: paymentId.nullable().describe("The payment, as first recorded, that it stands in for"),
  batch_id: batchId.nullable(),
  entry_id: entryId,
});
export type PaymentDocument = z.infer<typeof paymentDocument>;

export const recordPaymentsInput = z
  .strictObject({
    portfolio_id: portfolioId,
    file: fileSchema.optional().describe("CSV or NDJSON, one payment a row, also gzipped"),
    rows: z.array(z.unknown()).min(1).max(10_000).optional().describe("Payments without a file, 1 to 10,000"),
    format: z.enum(["csv", "ndjson"]).default("csv").describe("How the file is written"),
    date_pattern: z
      .string()
      .min(3)
      .max(40)
      .optional()
      .describe("How days are written in a CSV, such as MM/DD/YYYY; YYYY-MM-DD when left out"),
    mode: z
      .enum(["skip", "atomic"])
      .default("skip")
      .describe(
        "Rows that cannot be recorded: skip: they are left out, with the reason; atomic: nothing is recorded at all",
      ),
  })
  .refine((input) => (input.file === undefined) !== (input.rows === undefined), {
    message: "give file or rows, one of them",
  })
  .refine((input) => input.date_pattern === undefined || (input.file !== undefined && input.format === "csv"), {
    path: ["date_pattern"],
    message: "is for a CSV file; in NDJSON and in rows days are written YYYY-MM-DD",
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
  imported: z
    .boolean()
    .describe(
      "False when this very file had been imported before: then nothing was changed and the first figures are shown",
    ),
  rows: z.number(),
  recorded: z.number(),
  skipped: z.number(),
  amount: z.string(),
  commission: z.string(),
  unapplied: z.string(),
  refused: z.array(paymentRefusal).describe("The first 1,000 rows left out; `list-payment-refusals` has them all"),
});

export const listPaymentRefusalsInput = z.strictObject({ portfolio_id: portfolioId, batch_id: batchId, ...pageFields });

export const listPaymentsInput = z.strictObject({
  portfolio_id: portfolioId,
  account_number: accountNumber.optional().describe("Only payments on this receivable"),
  batch_id: batchId.optional().describe("Only payments of this file (ba_...)"),
  channel: z.enum(paymentChannels).optional().describe("Only payments that came this way"),
  paid_from: dayText.optional().describe("Only payments paid on this day or later"),
  paid_to: dayText.optional().describe("Only payments paid on this day or earlier"),
  ...pageFields,
});

export const costTypes = ["court", "agency_invoice", "servicing", "media", "data", "purchase", "other"] as const;
export type CostType = (typeof costTypes)[number];

export const recordCostInput = z
  .strictObject({
    portfolio_id: portfolioId,
    cost_type: z.enum(costTypes).describe("What the cost was for"),
    amount: moneyText.describe("The cost, such as 75.00; negative for a credit note"),
    incurred_on: dayText.describe("Day of the cost; not in the future"),
    account_number: accountNumber.optional().describe("The receivable it was spent on, if it was one"),
    agency_id: agencyId.optional().describe("The agency that is paid, if it is one (ag_...)"),
    recoverable: z
      .boolean()
      .default(false)
      .describe("A court cost that the debtor has to give back: it is added to the claim, and kept as an advance"),
    external_id: externalId.optional().describe("Your own number of the cost: a second one with it is refused"),
    note: text(500).optional().describe("A remark, at most 500 characters"),
  })
  .refine((input) => !input.recoverable || (input.cost_type === "court" && input.account_number !== undefined), {
    path: ["recoverable"],
    message: "only a court cost of one receivable (account_number) can be recovered from its debtor",
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
  recoverable: z.boolean(),
  external_id: z.string().nullable(),
  note: z.string().nullable(),
  recorded_at: instantText,
  entry_id: entryId,
});
export const listCostsInput = z.strictObject({
  portfolio_id: portfolioId,
  cost_type: z.enum(costTypes).optional().describe("Only costs of this type"),
  ...pageFields,
});

/** Money that settles what another party owes us: an agency's remittance, the seller's refund or pass-through. */
export const receiptKinds = ["agency_remittance", "put_back_refund", "direct_payments"] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

export const recordReceiptInput = z.strictObject({
  portfolio_id: portfolioId,
  kind: z.enum(receiptKinds).describe("What is settled: an agency's remittance, the seller's refund or pass-through"),
  amount: amountText.describe("Money received, such as 1250.00"),
  received_on: dayText.describe("Day it was received; not in the future"),
  agency_id: agencyId.optional().describe("The agency that paid, for an agency_remittance (ag_...)"),
  note: text(500).optional().describe("A remark, at most 500 characters"),
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
