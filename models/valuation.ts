import { z } from "zod";
import { stabilityRowSchema } from "./recovery-card.js";
import { assumptionRowSchema, segmentations } from "./strategy.js";

/**
 * What a valuation says, in the form it has on the wire: money and expected cash as decimal strings in the currency of
 * the tape, rates and multiples as numbers (0.2 is 20 %), months counted from the day of valuation (month m is the end
 * of the m-th month, month 0 is the day itself).
 */

const money = z.string();
const rate = z.number();
const count = z.number().int();

const stratumSchema = z.strictObject({
  by: z.enum(segmentations),
  key: z.string(),
  accounts: count,
  face: money,
  expected_recovery: money,
  recovery_rate_of_face: rate,
});

export const monthSchema = z.strictObject({ month: count, gross: money, costs: money, net: money });

const forecastSchema = z.strictObject({
  horizon_months: count,
  gross: money,
  costs: money,
  net: money,
  costs_by_kind: z
    .strictObject({ variable: money, per_account: money, court: money, putback_reserve: money })
    .describe("What the costs are made of; they sum to `costs` up to rounding"),
  resale: money.describe("Proceeds of selling what is left at the horizon; part of net, not of gross"),
  monthly: z.array(monthSchema).describe("From month 0 to the horizon"),
  segments: z
    .array(
      z.strictObject({
        by: z.enum(["stage", "product_type"]),
        key: z.string(),
        gross: money,
        monthly_gross: z.array(money),
      }),
    )
    .describe("Expected gross from month 0 to the horizon, by stage and by product type"),
});

/** What sets the price: the tightest of the conditions, or that there is no net cash to buy. */
export const bindingConstraints = [
  "target_irr",
  "min_multiple",
  "max_payback",
  "authority_limit",
  "no_positive_net_cash",
] as const;
export const bindingConstraintSchema = z.enum(bindingConstraints);
export type BindingConstraint = z.infer<typeof bindingConstraintSchema>;

const bidSchema = z.strictObject({
  price: money,
  cents_per_dollar: z.number().describe("Price over the face of the priced accounts, in cents per dollar (per cent)"),
  target_irr: rate,
  net_irr: rate.nullable().describe("Annual rate of the same monthly net cash at this price; null where there is none"),
  net_irr_reason: z.string().nullable(),
  gross_multiple: z.number().nullable().describe("Gross collections over the horizon over price; null at price zero"),
  net_multiple: z.number().nullable(),
  payback_month: count
    .nullable()
    .describe("First month in which the price is back out of net cash; null where it never is"),
  binding_constraint: bindingConstraintSchema,
  limits: z
    .strictObject({
      target_irr: money,
      min_multiple: money.nullable(),
      max_payback: money.nullable(),
      authority_limit: money.nullable(),
    })
    .describe("The price each condition would allow by itself; null where it is not asked for"),
  interval: z
    .strictObject({
      p10: money,
      p50: money,
      p90: money,
      collections: z.strictObject({ p10: z.number(), p50: z.number(), p90: z.number() }),
      account_cv: z.number(),
      systematic_cv: z.number(),
    })
    .describe(
      "The price had collections turned out low, middling, high; `collections` holds the multipliers behind them",
    ),
  break_even_collections: z
    .strictObject({ zero_irr: z.number().nullable(), target_irr: z.number().nullable() })
    .describe("Multiplier of collections at which the bid earns nothing, and at which it just earns its target"),
});

const ladderRungSchema = z.strictObject({
  target_irr: rate,
  price: money,
  cents_per_dollar: z.number(),
  binding_constraint: bindingConstraintSchema,
});

const shockedSchema = {
  price: money,
  net_irr_at_bid: rate.nullable().describe("Annual rate that the unshocked bid would earn; null where there is none"),
};

const sensitivitySchema = z.strictObject({
  shock: z.string().describe('As people say it: "collections -20%", "delay 6 months"'),
  kind: z.enum(["collections", "costs", "delay", "horizon"]),
  amount: z.number().describe("Fraction for collections and costs, months for delay and horizon"),
  ...shockedSchema,
});

const crossSensitivitySchema = z.strictObject({
  rows: z.literal("collections"),
  columns: z.enum(["delay", "costs"]),
  cells: z.array(z.strictObject({ row: z.number(), column: z.number(), ...shockedSchema })),
});

const exclusionSchema = z.strictObject({ reason: z.string(), accounts: count, face: money });

/** Whether the priced debts can still be sued on. What is unknown is not sued. */
const limitationSchema = z.strictObject({
  status: z.enum(["open", "barred", "unknown"]),
  accounts: count,
  face: money,
});

const litigationSchema = z.strictObject({
  unknown_because: z
    .strictObject({ state_missing: count, state_without_rule: count, start_missing: count })
    .describe("How many are of unknown limitation for which reason"),
  disputed_rules: count.describe(
    "Accounts whose limitation rests on a rule on which the sources do not agree; the shortest time counted",
  ),
  suit_pays: count.describe(
    "Accounts within limitation whose balance is above the break-even of a suit, given how stale they are",
  ),
  expected_court_cost: money,
});

const priceGuideSchema = z.strictObject({
  as_of: z.string().describe("Date of the guide; prices move two- to threefold within three years"),
  asset_class: z.string(),
  source: z.string(),
  low_cents_per_dollar: z.number().describe("Cents per dollar for the mix of stages of the priced accounts"),
  high_cents_per_dollar: z.number(),
  position: z.enum(["below", "within", "above"]),
});

const agingSchema = z.strictObject({ age_band: z.string(), accounts: count, face: money, share_of_face: rate });

const dataQualitySchema = z.strictObject({
  columns: z.array(z.strictObject({ column: z.string(), filled: count, fill_rate: rate })),
  inferred_stages: count.describe(
    "Accounts whose stage was taken from their age, the tape not saying how often they were placed",
  ),
});

export const valuationSchema = z.strictObject({
  as_of: z.string(),
  currency: z.string(),
  priors_version: z.string(),
  accounts: z.strictObject({ priced: count, excluded: count, face: money, excluded_face: money }),
  exclusions: z.array(exclusionSchema),
  strata: z.array(stratumSchema),
  aging: z.array(agingSchema),
  data_quality: dataQualitySchema,
  limitation: z.array(limitationSchema),
  litigation: litigationSchema,
  forecast: forecastSchema,
  bid: bidSchema,
  ladder: z.array(ladderRungSchema),
  sensitivity: z.array(sensitivitySchema),
  cross_sensitivity: z.array(crossSensitivitySchema),
  price_guide: priceGuideSchema.nullable().describe("Null where the guide does not speak of the kind of debt"),
  assumptions: z.array(assumptionRowSchema),
  model: z
    .strictObject({
      version: z.string(),
      longest_months: z.number().describe("Months after charge-off that its history knows; nothing is expected beyond"),
      stability: z.array(stabilityRowSchema),
    })
    .optional()
    .describe("The model that stands in place of the priors of recovery; absent where none was given"),
});
export type ValuationDocument = z.infer<typeof valuationSchema>;

/**
 * A valuation: the document, and what it says of each row (aligned with the rows of the tape). The arrays do not
 * leave the process.
 */
export interface Valuation {
  readonly document: ValuationDocument;
  /** expected gross cash over the horizon by row, in major units; 0 for a row that is not priced */
  readonly expectedGross: Float64Array;
  /** 0 where the row is priced, else why it is not */
  readonly status: Uint8Array;
}

export const priceDocumentSchema = valuationSchema.extend({
  tape: z.strictObject({
    file: z.string(),
    sha256: z.string().optional(),
    rows: count,
    priced: count,
    excluded: count,
    rejected: count,
    face: money,
    currency: z.string(),
    layout: z.json(),
    seconds: z.number(),
  }),
  findings: z.strictObject({
    by_code: z.record(z.string(), count),
    rows: z.array(
      z.strictObject({
        row: count.nullable(),
        column: z.string().nullable(),
        code: z.string(),
        severity: z.enum(["reject", "exclude", "warn"]),
        value: z.string().nullable(),
        message: z.string(),
      }),
    ),
  }),
});
export type PriceDocument = z.infer<typeof priceDocumentSchema>;

const alternativeSchema = z.strictObject({
  kind: z.enum(["sell", "place", "hold"]),
  label: z.string(),
  gross: money,
  fees: money,
  costs: money,
  net_back: money,
  net_back_rate_of_face: rate.describe("Net-back over the face of the priced accounts"),
  months_to_half: count
    .nullable()
    .describe("First month by which half of the net-back is in; null where there is none"),
  npv: money,
  best: z.boolean(),
  monthly_net: z.array(money),
});

/** Selling, placing and holding side by side, on the same expected collections. */
export const comparisonSchema = z.strictObject({
  as_of: z.string(),
  currency: z.string(),
  face: money,
  accounts: count,
  horizon_months: count,
  discount_rate: rate,
  alternatives: z.array(alternativeSchema),
  best: z.strictObject({ kind: z.enum(["sell", "place", "hold"]), why: z.string() }),
  assumptions: z.array(assumptionRowSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;
