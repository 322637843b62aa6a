import { z } from "zod";
import { paymentCardSchema } from "./payment-card.js";
import { shownFindingsSchema } from "./shown-findings.js";

/** What fitting and scoring payment behaviour answer, beside the files that they write. */

export const paymentFitSchema = paymentCardSchema
  .omit({ model: true })
  .extend({ out: z.string(), findings: shownFindingsSchema, seconds: z.number() });
export type PaymentFitDocument = z.infer<typeof paymentFitSchema>;

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
