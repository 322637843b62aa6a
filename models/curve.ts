import { z } from "zod";
import { currencyCode, dayText, moneyText, portfolioId } from "./document.js";
import { segmentations } from "./strategy.js";

/** What a curve fitted on collections says, in the form it is kept in: its card. */

const gammaTiming = z.strictObject({ shape: z.number().positive(), scale_years: z.number().positive() });

export const curveCardSchema = z.strictObject({
  kind: z.literal("curve"),
  as_of: dayText.describe("Collections up to this day were used"),
  currency: currencyCode,
  horizon_months: z.number().int().describe("Longest horizon of the quotes that the portfolios were bought on"),
  data_hash: z.string().describe("SHA-256 of what it was fitted on: portfolio, age, cash, expectation"),
  timing: gammaTiming
    .extend({ family: z.literal("gamma") })
    .describe("When the money comes: the gamma that own cash and the prior make together"),
  own_timing: gammaTiming
    .extend({
      dispersion: z.number().nullable(),
      tail_share: z.number(),
      tail_share_low: z.number(),
      tail_share_high: z.number(),
      asymptote: z.enum(["identified", "unidentified"]),
      reason: z.string().nullable(),
    })
    .nullable()
    .describe("What own cash alone says; null where it says nothing"),
  prior_timing: gammaTiming.extend({
    source: z.string(),
    shape_spread: z.number().describe("Standard deviation of the logarithm of the shape that the prior allows"),
    scale_spread: z.number(),
  }),
  timing_credibility: z
    .strictObject({ shape: z.number(), scale: z.number() })
    .describe("Weight of own cash, 0 to 1: how much of the prior's uncertainty it takes away"),
  level: z
    .strictObject({
      value: z.number().positive(),
      own: z.number().nullable(),
      credibility: z.number(),
      prior: z.number(),
      prior_variation: z
        .number()
        .describe("How far the level of a portfolio may lie from what was underwritten, before cash"),
      variation: z
        .number()
        .describe(
          "How far a next portfolio may lie from the level, as a share of it: a price's interval is made of it",
        ),
      between_variation: z.number().describe("Standard deviation between the levels of portfolios"),
    })
    .describe("Collections over what was underwritten: 1 is as underwritten"),
  segments: z
    .array(
      z.strictObject({
        by: z.enum(segmentations),
        key: z.string(),
        expected_to_date: moneyText,
        cash: moneyText,
        own: z.number().nullable().describe("Cash over what was due, over the same of all segments"),
        credibility: z.number().describe("Weight of the segment's own ratio"),
        relativity: z.number().describe("What the segment is taken to bring in, relative to all segments together"),
      }),
    )
    .describe("By the segmentation asked for, relative to each other; a price multiplies by them"),
  portfolios: z.array(
    z.strictObject({
      portfolio_id: portfolioId,
      age_months: z.number(),
      cash: moneyText,
      underwritten: moneyText.describe("Expected over the horizon of the quote, of what is still held"),
      expected_to_date: moneyText.describe("Of that, what was due by this timing"),
      actual_to_expected: z.number().nullable(),
      credibility: z.number().describe("Weight of the portfolio's own ratio beside that of all portfolios"),
      level: z.number(),
    }),
  ),
  limits: z.array(z.string()),
});
export type CurveCard = z.infer<typeof curveCardSchema>;
