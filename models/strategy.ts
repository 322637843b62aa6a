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

/** A number (or its decimal string) between two bounds, both allowed, with a message that names them. */
function between(min: number, max: number) {
  const message = `must be from ${min} to ${max}`;
  return z.union([z.number(), decimal], "must be a number").pipe(z.number().min(min, message).max(max, message));
}

function integerBetween(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), decimal], "must be a number")
    .pipe(z.number().int(message).min(min, message).max(max, message));
}

const fraction = between(0, 1);

const targetIrr = z
  .union([z.number(), decimal], "must be a number")
  .pipe(z.number().gt(0, "must be above 0 and at most 10").max(10, "must be above 0 and at most 10"));

const stageRates = z.strictObject({
  fresh: fraction,
  primary: fraction,
  secondary: fraction,
  tertiary: fraction,
  quad: fraction,
});
export type StageRates = z.infer<typeof stageRates>;

const factor = between(0, 10);
const productFactors = z.strictObject(
  Object.fromEntries(productTypes.map((name) => [name, factor])) as Record<
    (typeof productTypes)[number],
    typeof factor
  >,
);

/** A curve by age in months, which must not rise. `min` is the least value a point may have. */
function fallingCurve(min: number) {
  return z
    .array(z.strictObject({ months: between(0, 600), value: between(min, 1) }))
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
  /** gamma distribution of the time to collection */
  z.strictObject({ family: z.literal("gamma"), shape: between(0.2, 20), scale_years: between(0.1, 20) }),
  /** evenly over so many months */
  z.strictObject({ family: z.literal("level"), months: integerBetween(1, 240) }),
  /** share by month, the first is month 1; whatever the sum, it is taken as the whole */
  z.strictObject({ family: z.literal("monthly"), shares: z.array(between(0, 1)).min(1).max(240) }),
]);
export type Timing = z.infer<typeof timingSchema>;

const segmentMultiplier = z.strictObject({
  by: z.enum(segmentations),
  key: z.string().min(1).max(60),
  multiplier: between(0, 10),
});
export type SegmentMultiplier = z.infer<typeof segmentMultiplier>;

const policy = z.strictObject({
  /** debts longer in default than this are kept out */
  max_age_years: between(1, 50),
  exclude_judgment: z.boolean(),
  exclude_disputed: z.boolean(),
  /** two-letter codes of states whose debts are kept out */
  excluded_states: z.array(z.string().regex(/^[A-Z]{2}$/, "must be two capital letters")).max(60),
});

const recovery = z.strictObject({
  /** gross collected in the first 12 months, as a fraction of face, by stage */
  liquidation_12m: stageRates,
  /** relative to a young debt, by months since charge-off; linear between the points, level outside them */
  age_factors: fallingCurve(0),
  /** age in months that a debt of unknown age is priced at */
  unknown_age_months: between(0, 600),
  product_factors: productFactors,
  /** multiplies every expected collection */
  collections_multiplier: between(0, 10),
  segment_multipliers: z.array(segmentMultiplier).max(200),
  timing: timingSchema,
  /** share of a commercial claim that is ever collected, by months past due; log-linear between the points */
  commercial_collectability: fallingCurve(0.0001),
  commercial_timing: timingSchema,
});

const costs = z.strictObject({
  /** contingency commission or own variable cost, as a fraction of gross collections, by stage */
  variable_rate: stageRates,
  /** paid once for every priced account on the day of the purchase, in the currency of the tape */
  per_account: between(0, 1e9),
  /** filing and service of one suit, in the currency of the tape */
  court_cost: between(0, 1e9),
  /** the same by two-letter state, where it is known */
  court_cost_by_state: z.record(z.string().regex(/^[A-Z]{2}$/), between(0, 1e9)),
  /** share of a balance that a judgment brings in */
  suit_collectability: fraction,
  /** an attorney's share of what a suit brings in */
  suit_fee_rate: fraction,
  /** share of the suable accounts, by number, that are sued */
  share_sued: fraction,
  /** month after the purchase in which the court costs are paid; 0: at once */
  suit_month: integerBetween(0, 240),
  /** fraction of gross collections kept back for accounts that go back to the seller with their cash */
  putback_reserve_rate: fraction,
});

const resale = z.strictObject({
  /** price of what is left at the horizon, as a fraction of the remaining face; 0: no resale */
  price_rate: fraction,
});

const interval = z.strictObject({
  /** standard deviation over mean of the factor that all accounts share */
  systematic_cv: between(0, 3),
  /** share of its balance that an account pays if it pays at all */
  severity: between(0.01, 1),
});

const comparison = z.strictObject({
  /** annual rate at which the alternatives are discounted */
  discount_rate: between(0, 10),
  agency: commissionScheduleSchema,
  /** what the agency collects, relative to the forecast */
  agency_collections_multiplier: between(0, 10),
});

const bidFields = {
  /** lowest acceptable annual net IRR */
  target_irr: targetIrr,
  /** lowest acceptable net cash over price; null: none asked for */
  min_multiple: between(0.01, 1000).nullable(),
  /** latest month in which the price must be back; null: none asked for */
  max_payback_months: integerBetween(1, 240).nullable(),
  /** most that may be bid, in the currency of the tape; null: no limit */
  authority_limit: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,4})?$/, "must be a decimal amount of zero or more")
    .nullable(),
  /** collections after this month are not counted */
  horizon_months: integerBetween(1, 240),
};

export const strategySchema = z
  .strictObject({
    name: z.string().min(1).max(120),
    ...bidFields,
    policy: policy.partial(),
    recovery: recovery
      .extend({ liquidation_12m: stageRates.partial(), product_factors: productFactors.partial() })
      .partial(),
    costs: costs.extend({ variable_rate: stageRates.partial() }).partial(),
    resale: resale.partial(),
    interval: interval.partial(),
    comparison: comparison.partial(),
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
  /** ISO 4217 code of the tape; amounts among the assumptions are in it */
  currency: z.string(),
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
