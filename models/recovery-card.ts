import { z } from "zod";

/**
 * The card of an account score: everything that scoring takes and everything that a reader needs to judge it, in one
 * readable file. A card of another version is refused, not guessed at.
 */

/** What is made of a column before it is put into bins. */
export const transforms = [
  "as_is",
  "category",
  "months_before_charge_off",
  "share_of_balance",
  "share_of_original",
  "distance_from_whole",
  "months_since_charge_off",
] as const;
export type Transform = (typeof transforms)[number];

const finite = z.number();
const share = z.number().min(0).max(1);

const termSchema = z
  .strictObject({
    column: z.string().min(1).max(300).describe("Canonical name, or the seller's own header behind `extra.`"),
    transform: z.enum(transforms),
    direction: z.literal([-1, 0, 1]).describe("1: may only raise with the value, -1: only lower, 0: free"),
    bounds: z.array(finite).max(253).describe("Numbers: upper bounds of the bins but the last; empty for categories"),
    labels: z.array(z.string().max(300)).max(253).describe("Categories: one bin each; empty for numbers"),
    effects: z
      .array(finite.min(-50).max(50))
      .min(2)
      .max(254)
      .describe("By bin; the first is for a missing value or a category that the history has not"),
    shares: z.array(share).min(2).max(254).describe("Share of the history's rows by bin"),
    freedom: z.number().describe("Effective degrees of freedom: how much the data had to say"),
  })
  .refine((term) => term.effects.length === term.shares.length, "effects and shares are one a bin")
  .refine((term) => {
    const isCategory = term.transform === "category";
    const bins = 1 + (isCategory ? term.labels.length : term.bounds.length + 1);
    return term.effects.length === bins && (isCategory ? term.bounds : term.labels).length === 0;
  }, "effects are one a bin")
  .refine((term) => term.bounds.every((bound, k) => k === 0 || bound > term.bounds[k - 1]!), "bounds must rise");
export type ScoreTerm = z.infer<typeof termSchema>;

const stageSchema = z.strictObject({
  intercept: finite,
  terms: z.array(termSchema).max(500),
});
export type ScoreStage = z.infer<typeof stageSchema>;

const metricsSchema = z.strictObject({
  auc: finite.describe("Area under the curve of any recovery"),
  brier: finite.describe("Mean squared error of the probability of any recovery"),
  mean_absolute_error: finite.describe("Of the recovery rate, taken between 0 and 1"),
  constant_mean_absolute_error: finite.describe("The same, were every account given the mean rate"),
  total_error: finite.describe("Expected over recovered, less one"),
});
export type ScoreMetrics = z.infer<typeof metricsSchema>;

const developmentSchema = z
  .strictObject({
    months: z.array(z.number().min(0)).min(2).max(400).describe("Months since charge-off"),
    any: z.array(share).describe("Share of the accounts that ever pay which have paid by then"),
    rate: z.array(share).describe("Share of all that is ever recovered which is in by then"),
    any_level: z.array(share).describe("Accounts of this age that ever pay, relative to the youngest"),
    rate_level: z.array(share).describe("What accounts of this age bring in all, relative to the youngest"),
    reference_months: z
      .number()
      .min(0)
      .describe("Age at which an account is scored, to be moved to its own from there"),
  })
  .refine(
    ({ months, ...curves }) =>
      [curves.any, curves.rate, curves.any_level, curves.rate_level].every((each) => each.length === months.length),
    "one share a month",
  );
export type Development = z.infer<typeof developmentSchema>;

export const recoveryCardSchema = z.strictObject({
  kind: z.literal("recovery"),
  version: z.literal(1),
  currency: z.string().length(3),
  history: z.strictObject({
    file: z.string(),
    sha256: z.string(),
    rows: z.number().int(),
    used: z.number().int(),
    with_recovery: z.number().int(),
    balance: z.string(),
    recovered: z.string(),
    observed_from: z.string(),
    observed_to: z.string(),
    longest_exposure_months: finite,
  }),
  target: z.string(),
  older_never_higher: z.boolean(),
  columns: z.array(z.strictObject({ column: z.string(), used: z.boolean(), done: z.string() })),
  probability: stageSchema,
  amount: stageSchema,
  development: developmentSchema,
  spread: z.strictObject({
    amount_quantiles: z
      .array(z.number().min(0))
      .length(101)
      .describe("Recovered over expected amount of the accounts that paid, percentiles 0 to 100"),
    second_moment: z
      .number()
      .min(0)
      .describe("Mean square of what a paying account brings over the square of what it is expected to"),
    history_cv: z.number().min(0).describe("Uncertainty of the level: the history is itself a sample"),
    systematic_cv: z.number().min(0).describe("By how much years of opening differ beyond chance"),
  }),
  metrics: z.strictObject({
    folds: z.number().int(),
    repeats: z.number().int(),
    rows: z.number().int(),
    mean: metricsSchema,
    by_fold: z.array(metricsSchema),
    pools: z.strictObject({
      accounts: z.number().int().describe("Accounts of each random pool"),
      pools: z.number().int(),
      median_error: finite.describe("Median of the absolute error of a pool's total"),
      coverage: share.describe("Share of the pools whose total lies within the stated p10 to p90"),
    }),
  }),
  calibration: z.array(
    z.strictObject({
      decile: z.number().int(),
      accounts: z.number().int(),
      probability: share,
      share_with_recovery: share,
      expected_rate: finite,
      recovered_rate: finite,
    }),
  ),
  limits: z.array(z.string()),
});
export type RecoveryCard = z.infer<typeof recoveryCardSchema>;

/** How far one column of a tape, or the score itself, has moved from the history. */
export const stabilityRowSchema = z.strictObject({
  column: z.string(),
  psi: z.number().describe("Population stability index: below 0.1 stable, above 0.25 another population"),
  level: z.enum(["stable", "shifted", "other"]),
});
export type StabilityRow = z.infer<typeof stabilityRowSchema>;
