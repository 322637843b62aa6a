import { z } from "zod";

/**
 * The card of a fitted model of payment behaviour: all that is needed to score an invoice, how good it was found to be,
 * and what it is not for. Debtors stand in it under digests, so that a card tells nobody's name.
 */

const share = z.number().min(0).max(1);
const finite = z.number();

/** The probabilities at which the spread is kept: every hundredth, and finer in the tails. */
export const keptProbabilities: readonly number[] = [
  0.001,
  0.0025,
  0.005,
  ...Array.from({ length: 99 }, (_, at) => (at + 1) / 100),
  0.995,
  0.9975,
  0.999,
];

export const paymentTermSchema = z
  .strictObject({
    name: z.string().describe("What the effects are of, such as debtor or due_month"),
    source: z.string().nullable().describe("Column that it looks at; null for the intercept"),
    shape: z
      .enum(["one", "codes", "bins", "line"])
      .describe("One effect for all, one a code, one a bin of values, or a straight line"),
    keys: z.array(z.string()).describe("codes: the key of each level; a debtor's is its digest"),
    bounds: z.array(finite).describe("bins: a value is of the level of as many bounds as it reaches"),
    center: finite.describe("line: the value at which it is zero"),
    is_recent: z.boolean().describe("Whether it is an effect on the invoices of the last months alone"),
    is_free: z.boolean().describe("Whether it is not drawn towards zero"),
    effects: z.array(finite).describe("By level: what it adds, on the scale"),
    deviations: z.array(finite.min(0)).describe("By level: how uncertain that is, as a standard deviation"),
    counts: z.array(finite.min(0)).describe("By level: invoices that speak for it"),
    prior_deviation: finite.min(0).describe("How far effects of this kind lie from zero; of a level never seen"),
  })
  .refine(({ shape, keys, bounds, effects, deviations, counts }) => {
    const levels = shape === "codes" ? keys.length : shape === "bins" ? bounds.length + 1 : 1;
    return [effects, deviations, counts].every(({ length }) => length === levels);
  }, "needs an effect, a deviation and a count for each of its levels");
export type PaymentTerm = z.infer<typeof paymentTermSchema>;

export const dilutionSchema = z
  .strictObject({
    basis: z
      .enum(["history", "assumption"])
      .describe("Whether the rate was seen in paid amounts, or is the stated assumption because the history has none"),
    source: z.string().describe("Where the rate comes from"),
    rate: share.describe("Share of the face that is credited, deducted or otherwise never paid"),
    keys: z.array(z.string()).describe("Digests of the debtors with a rate of their own"),
    rates: z.array(share).describe("By debtor: the rate, its own history and that of all weighed by credibility"),
    credibility_face: finite.min(0).describe("Face at which a debtor's own history counts for half"),
  })
  .refine(({ keys, rates }) => keys.length === rates.length, "needs a rate for each of its keys");

export const paymentModelSchema = z
  .strictObject({
    as_of: z.iso.date().describe("Open invoices were watched until the morning of this day"),
    power: z
      .union([z.literal(1), z.literal(0.5), z.literal(0)])
      .describe("Scale: days, their roots or their logarithms"),
    typical_terms_days: finite.min(0).describe("Terms of an invoice that does not state any"),
    horizon_days: finite.min(0).describe("No invoice was watched for longer; what lies beyond is not known"),
    noise: finite.positive().describe("Standard deviation about the sum of the effects, on the scale"),
    dispute_effect: finite.describe("What a dispute adds, on the scale"),
    terms: z.array(paymentTermSchema).describe("Effects on the days to pay"),
    dispute_terms: z.array(paymentTermSchema).describe("Effects on the log odds of a dispute; empty when not known"),
    knows_open_disputes: z.boolean().describe("Whether an open invoice's dispute is known while it is open"),
    quantiles: z
      .array(finite)
      .length(keptProbabilities.length)
      .refine((values) => values.every((value, at) => at === 0 || value >= values[at - 1]!), "quantiles have to rise")
      .describe("Spread of what the effects do not explain, standardised, at fixed probabilities"),
    never_share: share.describe("Share that is never paid as far as the history reaches"),
    dilution: dilutionSchema,
    salt: z.string().describe("What a debtor's id is digested with"),
  })
  .refine(
    ({ terms, dispute_terms }) => dispute_terms.every(({ name }) => terms.some((term) => term.name === name)),
    "every term of disputes needs a term of the days by its name",
  );
export type PaymentModel = z.infer<typeof paymentModelSchema>;

export const paymentFoldSchema = z.strictObject({
  as_of: z.iso.date().describe("The model was fitted on what was known then"),
  learned_from: z.number().int().describe("Invoices settled by then"),
  tested_on: z.number().int().describe("Invoices issued from then on, old enough that the history knows how they went"),
  late_share: share.describe("Share of them that was settled after the due date"),
  late_forecast: share.describe("The same as forecast"),
  auc: share.nullable().describe("Area under the ROC curve of late; null when all or none were late"),
  brier: share.describe("Mean squared error of the probability of late"),
  brier_of_constant: share.describe("The same of the share that was late before"),
  mae_days: finite.min(0).describe("Mean absolute error of the expected days to pay"),
  mae_days_of_constant: finite.min(0).describe("The same of the median of all before"),
  covered_by_p90: share.describe("Share settled by the p90; 0.9 when it is right"),
});

export const calibrationSchema = z.strictObject({
  decile: z.number().int().describe("1 the least likely to be late, 10 the most"),
  invoices: z.number().int(),
  forecast: share.describe("Mean probability of late"),
  actual: share.describe("Share that was late"),
});

/** What was read of one facility, where the history is not a file but the factor's own books. */
export const learnedFacilitySchema = z.strictObject({
  facility_id: z.string(),
  entries: z.number().int().describe("Its entries up to this number were known"),
  invoices: z.number().int().describe("Bought by then; one that was given back and bought again counts once"),
  settled: z.number().int().describe("Paid by the debtor, to whomever, or settled by payments and credits"),
  open: z.number().int().describe("Not settled, or written off: watched until the day"),
  given_back: z.number().int().describe("Charged or bought back: open until then, and not watched since"),
});

export const paymentCardSchema = z.strictObject({
  kind: z.literal("payment"),
  version: z.literal(1),
  data: z.strictObject({
    file: z.string(),
    sha256: z.string().describe("Of the history as it was given"),
    currency: z.string(),
    as_of: z.iso.date().describe("What was known on the morning of this day was learned from"),
    rows: z.number().int().describe("Invoices that could be read"),
    settled: z.number().int().describe("Settled before the day: the outcomes"),
    open: z.number().int().describe("Open on the day: known to take longer than they had been open"),
    left_out: z.number().int().describe("Issued on the day or later, without an amount, or settled before issue"),
    debtors: z.number().int(),
    first_issued_on: z.iso.date(),
    last_issued_on: z.iso.date(),
    facilities: z.array(learnedFacilitySchema).optional().describe("What it was read from, where that is no file"),
  }),
  columns: z
    .array(z.strictObject({ name: z.string(), use: z.enum(["used", "left out"]), why: z.string() }))
    .describe("What was done with every column"),
  metrics: z.strictObject({
    folds: z.array(paymentFoldSchema).describe("Fitted on the past of a day, tested on what was issued after it"),
    calibration: z.array(calibrationSchema).describe("Over all folds, by decile of the probability of late"),
  }),
  limits: z.array(z.string()).describe("When not to rely on it"),
  model: paymentModelSchema,
});
export type PaymentCard = z.infer<typeof paymentCardSchema>;
export type PaymentFold = z.infer<typeof paymentFoldSchema>;
export type Calibration = z.infer<typeof calibrationSchema>;
