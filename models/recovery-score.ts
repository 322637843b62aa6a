import { z } from "zod";
import { stabilityRowSchema } from "./recovery-card.js";
import { shownFindingsSchema } from "./shown-findings.js";

/** What scoring a tape answers, beside the file that it writes: money as decimal strings, rates as numbers. */
export const recoveryScoreSchema = z.strictObject({
  model: z.string().describe("Version of the card"),
  file: z.string(),
  out: z.string(),
  as_of: z.string(),
  currency: z.string(),
  horizon_months: z.number().int(),
  rows: z.number().int().describe("Rows of the file"),
  scored: z.number().int(),
  scored_to_observation: z
    .number()
    .int()
    .describe("Rows that carry their own day of observation, scored up to it; the others are scored for the horizon"),
  total: z.strictObject({
    face: z.string(),
    expected_recovery: z.string(),
    p10: z.string(),
    p90: z.string(),
    expected_recovery_rate: z.number(),
  }),
  stability: z.array(stabilityRowSchema),
  findings: shownFindingsSchema,
});
export type RecoveryScoreDocument = z.infer<typeof recoveryScoreSchema>;
