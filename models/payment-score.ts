import { z } from "zod";
import { currencyCode, dayText, instantText, text } from "./document.js";
import { facilityId } from "./facility.js";
import { modelDocument } from "./model-version.js";
import { paymentCardSchema } from "./payment-card.js";
import { shownFindingsSchema } from "./shown-findings.js";

/** What fitting and scoring payment behaviour answer, beside the files that they write. */

export const paymentFitSchema = paymentCardSchema
  .omit({ model: true })
  .extend({ out: z.string(), findings: shownFindingsSchema, seconds: z.number() });
export type PaymentFitDocument = z.infer<typeof paymentFitSchema>;

/** A model of payment behaviour learned from facilities' own invoices, and kept. */
export const fitPaymentBehaviourInput = z
  .strictObject({
    facility_ids: z
      .array(facilityId)
      .min(1)
      .max(1000)
      .optional()
      .describe("Facilities whose invoices are learned from, in one currency; all in `currency` when left out"),
    currency: currencyCode.optional().describe("All facilities in this currency, where none is named"),
    as_of: dayText
      .optional()
      .describe("What was known on the morning of this day is learned from; today when left out"),
    known_at: instantText
      .optional()
      .describe(
        "Only what had been recorded by this instant; the morning of as_of when left out, or now where that is today",
      ),
    name: text(100)
      .default("payment behaviour")
      .describe("What the model is called, at most 100 characters; the same name again makes a new version"),
  })
  .refine(({ facility_ids, currency }) => (facility_ids === undefined) !== (currency === undefined), {
    path: ["facility_ids"],
    message: "name facilities, or the currency of all of them: one or the other",
  });
export const learnedPaymentDocument = modelDocument.omit({ kind: true }).extend({
  known_at: instantText,
  card: paymentCardSchema.omit({ model: true }).describe("The card without the model itself, which show-model gives"),
  findings: shownFindingsSchema,
});
export type LearnedPaymentDocument = z.infer<typeof learnedPaymentDocument>;

export const paymentScoreSchema = z.strictObject({
  out: z.string(),
  rows: z.number().int().describe("Rows of the file"),
  scored: z.number().int().describe("Invoices with a forecast"),
  rejected: z.number().int().describe("Rows that cannot be read; they have no figures in the answer"),
  late_forecast: z.number().nullable().describe("Mean probability of late"),
  expected_days_to_pay: z.number().nullable().describe("Mean of the expected days to pay"),
  stability: z.array(
    z.strictObject({
      column: z.string(),
      psi: z.number().describe("Population stability index; above 0.25 the population is another one"),
      unseen_share: z.number().describe("Share of rows whose value the model has never seen"),
    }),
  ),
  findings: shownFindingsSchema,
  seconds: z.number(),
});
export type PaymentScoreDocument = z.infer<typeof paymentScoreSchema>;
