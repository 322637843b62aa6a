import { z } from "zod";
import { dayText, portfolioId } from "./document.js";
import { usedModelSchema } from "./quote.js";
import { segmentations } from "./strategy.js";

/** Forecast against actual, receivable by receivable, cut by what was expected of them and by segment. */

export const reportDriftInput = z.strictObject({
  portfolio_id: portfolioId,
  as_of: dayText.optional().describe("Collections up to this day; today when left out"),
});

export const driftVerdicts = ["keep", "refit", "too_early"] as const;

const amount = z.string();
const compared = {
  accounts: z.number().int(),
  expected: amount.describe("What the quote expected to have come in by the day"),
  actual: amount,
  ratio: z.number().nullable().describe("Actual over expected; null where nothing was expected"),
  low: z
    .number()
    .nullable()
    .describe("Low end of the band in which chance alone leaves the ratio in 95 of 100 reports"),
  high: z.number().nullable(),
  outside: z.boolean(),
};

export const driftCuts = ["decile", ...segmentations] as const;
export const reportDriftDocument = z.object({
  portfolio_id: portfolioId,
  currency: z.string(),
  as_of: dayText,
  age_months: z.number(),
  left_out: z.number().int().describe("Receivables that were put back or sold on: they had less time than expected"),
  total: z.object({ ...compared, face: amount }),
  rank_test: z
    .object({ chi_square: z.number(), degrees: z.number().int(), p: z.number() })
    .nullable()
    .describe("Whether deciles differ from each other more than chance, the level of all of them taken out"),
  verdict: z.enum(driftVerdicts),
  reasons: z.array(z.string()),
  models: z.array(usedModelSchema).describe("Versions that the forecast was made with; none: published priors"),
  rows: z.array(
    z.object({
      by: z.enum(driftCuts),
      key: z.string().describe("Of deciles 1 is the tenth of which least was expected"),
      face: amount,
      ...compared,
    }),
  ),
});
export type DriftDocument = z.infer<typeof reportDriftDocument>;
