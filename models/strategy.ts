import { z } from "zod";
import { commissionScheduleSchema } from "./commission.js";
import { productTypes } from "./tape.js";

/**
 * A strategy is what a user lays over the published priors: every field may be left out. Laid over the priors it
 * becomes `Assumptions`, which are complete and go into a quote's snapshot. Both are read by the same fields with the
 * same bounds. Assumptions are opinions: numbers (a decimal string is read as one), rates as fractions (0.2 is 20 %).
 */

/** How often a debt was placed with an agency before, 0 (fresh) to 4 or more (quad): the trade's word for staleness. */
export const stages = ["fresh", "primary", "secondary", "tertiary", "quad"] as const;
export type Stage = (typeof stages)[number];

export const segmentations = ["product_type", "age_band", "balance_band", "stage", "state"] as const;
export type Segmentation = (typeof segmentations)[number];

const decimal = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,15})?$/, "must be a number")
  .transform(Number);

/**
 * A number (or its decimal string) between two bounds, both allowed, with a message that names them. The bounds are
 * stated beside the union because JSON Schema shows the union, not what it is piped into.
 */
function between(min: number, max: number) {
  const message = `must be from ${min} to ${max}`;
  return z
    .union([z.number(), decimal], "must be a number")
    .pipe(z.number().min(min, message).max(max, message))
    .meta({ minimum: min, maximum: max });
}

function integerBetween(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), decimal], "must be a number")
    .pipe(z.number().int(message).min(min, message).max(max, message))
    .meta({ minimum: min, maximum: max, multipleOf: 1 });
}

const fraction = between(0, 1);

const targetIrr = z
  .union([z.number(), decimal], "must be a number")
  .pipe(z.number().gt(0, "must be above 0 and at most 10").max(10, "must be above 0 and at most 10"))
  .meta({ exclusiveMinimum: 0, maximum: 10 });

const stageRates = z.strictObject({
  fresh: fraction.describe("Never placed with an agency"),
  primary: fraction.describe("Placed once before"),
  secondary: fraction.describe("Placed twice before"),
  tertiary: fraction.describe("Placed three times before"),
  quad: fraction.describe("Placed four times or more"),
});
export type StageRates = z.infer<typeof stageRates>;

const factor = between(0, 10);
const productFactors = z.strictObject(
  Object.fromEntries(productTypes.map((name) => [name, factor.describe(`For ${name.replaceAll("_", " ")}`)])) as Record<
    (typeof productTypes)[number],
    typeof factor
  >,
);

/** A curve by age in months, which must not rise. `min` is the least value a point may have. */
function fallingCurve(min: number) {
  return z
    .array(
      z.strictObject({
        months: between(0, 600).describe("Age in months"),
        value: between(min, 1).describe("The factor or share at this age"),
      }),
    )
    .min(1)
    .max(100)
    .refine((points) => points.every((point, i) => i === 0 || point.months > points[i - 1]!.months), {
      error: "months must rise from point to point",
    })
    .refine((points) => points.every((point, i) => i === 0 || point.value <= points[i - 1]!.value), {
      error: "a later point may not lie above an earlier one: debts do not grow fresher",
    });
}

/** When the money comes: the share of all that is ever collected, by month since the purchase. */
const timingSchema = z.discriminatedUnion("family", [
  z.strictObject({
    family: z.literal("gamma").describe("Gamma distribution of the time to collection"),
    shape: between(0.2, 20).describe("Shape of the distribution; above 1 the cash peaks later than at once"),
    scale_years: between(0.1, 20).describe("Scale of the distribution, in years"),
  }),
  z.strictObject({
    family: z.literal("level").describe("Evenly over so many months"),
    months: integerBetween(1, 240).describe("Over how many months"),
  }),
  z.strictObject({
    family: z.literal("monthly").describe("Share by month; whatever the sum, it is taken as the whole"),
    shares: z.array(between(0, 1)).min(1).max(240).describe("The first is month 1; 1 to 240 of them"),
  }),
]);
export type Timing = z.infer<typeof timingSchema>;

const segmentMultiplier = z.strictObject({
  by: z.enum(segmentations).describe("What the portfolio is divided by"),
  key: z.string().min(1).max(60).describe("The segment, as it is named among the strata"),
  multiplier: between(0, 10).describe("Multiplies what is expected of it"),
});
export type SegmentMultiplier = z.infer<typeof segmentMultiplier>;

const policy = z.strictObject({
  max_age_years: between(1, 50).describe("Debts longer in default than this are kept out"),
  exclude_judgment: z.boolean().describe("Debts under judgment are kept out"),
  exclude_disputed: z.boolean().describe("Disputed debts are kept out"),
  excluded_states: z
    .array(z.string().regex(/^[A-Z]{2}$/, "must be two capital letters"))
    .max(60)
    .describe("Two-letter codes of states whose debts are kept out"),
});

const liquidationWords = "Gross collected in the first 12 months, as a fraction of face, by stage";
const productFactorWords = "Multiplies what is expected, by product type";
const variableRateWords = "Contingency commission or own variable cost, as a fraction of gross collections, by stage";

const recovery = z.strictObject({
  liquidation_12m: stageRates.describe(liquidationWords),
  age_factors: fallingCurve(0).describe(
    "Relative to a young debt, by months since charge-off; linear between the points, level outside them",
  ),
  unknown_age_months: between(0, 600).describe("Age in months that a debt of unknown age is priced at"),
  product_factors: productFactors.describe(productFactorWords),
  collections_multiplier: between(0, 10).describe("Multiplies every expected collection"),
  segment_multipliers: z
    .array(segmentMultiplier)
    .max(200)
    .describe("Factors of your own by segment, on top of all others; at most 200"),
  timing: timingSchema.describe("When the money comes, by month since the purchase"),
  commercial_collectability: fallingCurve(0.0001).describe(
    "Share of a commercial claim that is ever collected, by months past due; log-linear between the points",
  ),
  commercial_timing: timingSchema.describe("The same for commercial claims"),
});

const costs = z.strictObject({
  variable_rate: stageRates.describe(variableRateWords),
  per_account: between(0, 1e9).describe(
    "Paid once for every priced account on the day of the purchase, in the currency of the tape",
  ),
  court_cost: between(0, 1e9).describe("Filing and service of one suit, in the currency of the tape"),
  court_cost_by_state: z
    .record(z.string().regex(/^[A-Z]{2}$/), between(0, 1e9))
    .describe("The same by two-letter state, where it is known"),
  suit_collectability: fraction.describe("Share of a balance that a judgment brings in"),
  suit_fee_rate: fraction.describe("An attorney's share of what a suit brings in"),
  share_sued: fraction.describe("Share of the suable accounts, by number, that are sued"),
  suit_month: integerBetween(0, 240).describe("Month after the purchase in which the court costs are paid; 0: at once"),
  putback_reserve_rate: fraction.describe(
    "Fraction of gross collections kept back for accounts that go back to the seller with their cash",
  ),
});

const resale = z.strictObject({
  price_rate: fraction.describe(
    "Price of what is left at the horizon, as a fraction of the remaining face; 0: no resale",
  ),
});

const interval = z.strictObject({
  systematic_cv: between(0, 3).describe("Standard deviation over mean of the factor that all accounts share"),
  severity: between(0.01, 1).describe("Share of its balance that an account pays if it pays at all"),
});

const comparison = z.strictObject({
  discount_rate: between(0, 10).describe("Annual rate at which the alternatives are discounted"),
  agency: commissionScheduleSchema.describe("What the agency keeps, by rules and bands"),
  agency_collections_multiplier: between(0, 10).describe("What the agency collects, relative to the forecast"),
});

const bidFields = {
  target_irr: targetIrr.describe("Lowest acceptable annual net IRR, as a fraction: 0.2 is 20 %"),
  min_multiple: between(0.01, 1000).nullable().describe("Lowest acceptable net cash over price; null: none asked for"),
  max_payback_months: integerBetween(1, 240)
    .nullable()
    .describe("Latest month in which the price must be back; null: none asked for"),
  authority_limit: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,4})?$/, "must be a decimal amount of zero or more")
    .nullable()
    .describe("Most that may be bid, a decimal string in the currency of the tape; null: no limit"),
  horizon_months: integerBetween(1, 240).describe("Collections after this month are not counted"),
};

export const strategySchema = z
  .strictObject({
    name: z.string().min(1).max(120).describe("Name of the strategy, shown as the source of its assumptions"),
    ...bidFields,
    policy: policy.partial().describe("Which debts are kept out of the purchase"),
    recovery: recovery
      .extend({
        liquidation_12m: stageRates.partial().describe(liquidationWords),
        product_factors: productFactors.partial().describe(productFactorWords),
      })
      .partial()
      .describe("What will be collected, and when"),
    costs: costs
      .extend({ variable_rate: stageRates.partial().describe(variableRateWords) })
      .partial()
      .describe("What it costs to collect"),
    resale: resale.partial().describe("Selling what is left at the horizon"),
    interval: interval.partial().describe("How uncertain the collections are"),
    comparison: comparison.partial().describe("What selling is compared with"),
  })
  .partial();
export type Strategy = z.infer<typeof strategySchema>;
export type StrategyInput = z.input<typeof strategySchema>;

/**
 * How far an assumption can be trusted: read in the named source; read in somebody's notes of it; computed from
 * published figures; not verified (ours, or recalled); given by the user; neutral, a default that changes nothing.
 */
export const marks = ["published", "second_hand", "computed", "unverified", "user", "neutral"] as const;
export type Mark = (typeof marks)[number];

/** One assumption as it was used: its dotted name, its value, where it came from and how far that can be trusted. */
export const assumptionRowSchema = z.strictObject({
  name: z.string(),
  value: z.json(),
  source: z.string(),
  mark: z.enum(marks),
});
export type AssumptionRow = z.infer<typeof assumptionRowSchema>;

export const assumptionsSchema = z.strictObject({
  priors_version: z.string(),
  currency: z.string().describe("ISO 4217 code of the tape; amounts among the assumptions are in it"),
  ...bidFields,
  policy,
  recovery,
  costs,
  resale,
  interval,
  comparison,
  sources: z.array(assumptionRowSchema),
});
export type Assumptions = z.infer<typeof assumptionsSchema>;
