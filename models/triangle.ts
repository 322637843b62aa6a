import { z } from "zod";
import { currencyCode, dayText } from "./document.js";
import { modelId } from "./model-version.js";

/** What `fit triangle` says of a run-off triangle: numbers in the unit of the file's values, ages in its own unit. */

export const triangleMethods = ["mack", "bf", "benktander", "curve"] as const;
export const triangleMethodSchema = z.enum(triangleMethods);
export type TriangleMethod = z.infer<typeof triangleMethodSchema>;

const number = z.number();
const share = z.number();

const findingSchema = z.strictObject({
  row: z.number().int().nullable(),
  column: z.string().nullable(),
  code: z.string(),
  severity: z.enum(["reject", "exclude", "warn"]),
  value: z.string().nullable(),
  message: z.string(),
});

const actualToExpectedSchema = z.strictObject({
  key: z.string(),
  actual: number,
  expected: number,
  ratio: number.nullable().describe("Actual over expected; null where nothing was expected"),
});

export const asymptoteSchema = z.strictObject({
  status: z.enum(["identified", "unidentified"]),
  reason: z.string().nullable(),
  oldest_age: number,
  tail_share: share.describe("Share of the ultimate beyond the oldest age"),
  tail_share_low: share.describe("95 % interval of the profile likelihood"),
  tail_share_high: share,
});

export const curveFamilySchema = z.strictObject({
  family: z.enum(["gamma", "weibull", "loglogistic"]),
  shape: number,
  scale: number.describe("In the unit of the ages"),
  log_likelihood: number,
  dispersion: number.nullable(),
  asymptote: asymptoteSchema,
});

export const triangleDocumentSchema = z.strictObject({
  file: z.string(),
  method: triangleMethodSchema,
  values: z.enum(["cumulative", "incremental"]).describe("How the file states its values, as declared"),
  layout: z.enum(["long", "wide"]),
  value_column: z.string().nullable(),
  age_unit: z.string(),
  factors: z.array(number).describe("Age-to-age factors; the last one is the tail where there is one"),
  development: z.array(
    z.strictObject({
      from: number,
      to: number.nullable().describe("null: for good (the tail)"),
      factor: number,
      standard_error: number.nullable(),
      sigma: number.nullable(),
      links: z.number().int().describe("Origins it was taken from"),
      developed_share: share.describe("Share of the ultimate that is in at `from`"),
    }),
  ),
  tail: z.strictObject({ factor: number, source: z.string() }),
  origins: z.array(
    z.strictObject({
      origin: z.string(),
      age: number,
      latest: number,
      ultimate: number.nullable().describe("null where the data do not say it"),
      remaining: number.nullable(),
      standard_error: number.nullable(),
      developed_share: share.nullable(),
      expected_ultimate: number.nullable().describe("What was expected without the origin's own cash"),
      own_weight: share.nullable().describe("Weight of own cash in the ultimate"),
    }),
  ),
  total: z.strictObject({
    latest: number,
    ultimate: number.nullable(),
    remaining: number.nullable(),
    standard_error: number.nullable(),
  }),
  curve: z
    .strictObject({
      chosen: curveFamilySchema.shape.family,
      end_age: number.nullable().describe("Age at which collecting ends; null: never"),
      first_age_offset: number.describe("Taken off every age: origins of a calendar period begin in its middle"),
      families: z.array(curveFamilySchema).describe("Most likely first"),
    })
    .nullable(),
  calendar_test: z.strictObject({
    z: number,
    expected: number,
    low: number,
    high: number,
    effect: z.boolean().nullable().describe("null: too few calendar periods to judge by"),
  }),
  actual_to_expected: z.strictObject({
    calendar: z.array(actualToExpectedSchema),
    origin: z.array(actualToExpectedSchema),
    age: z.array(actualToExpectedSchema),
  }),
  assumptions: z.array(z.strictObject({ name: z.string(), value: z.string(), source: z.string() })),
  findings: z.array(findingSchema),
});
export type TriangleDocument = z.infer<typeof triangleDocumentSchema>;

/** The same without what is said of a file. */
export const runOffSchema = triangleDocumentSchema.omit({ file: true, values: true, layout: true, value_column: true });
export type RunOffDocument = z.infer<typeof runOffSchema>;

export const reportRunOffInput = z.strictObject({
  as_of: dayText.optional().describe("Collections up to this day; today when left out"),
  by: z
    .enum(["year", "quarter", "month", "portfolio"])
    .default("quarter")
    .describe("What is taken together: purchases of a year, a quarter, a month; or each portfolio"),
  age_months: z.coerce
    .number()
    .int()
    .min(1)
    .max(12)
    .default(3)
    .describe("Months of one age, 1 to 12; a vintage counts by its whole ages"),
  method: triangleMethodSchema
    .default("benktander")
    .describe(
      "Chain ladder (mack), Bornhuetter-Ferguson (bf), Benktander, whose expectation is what the prices counted on, or curve",
    ),
  curve_id: modelId
    .optional()
    .describe("Curve (mo_...) that says what comes after the oldest age; the published timing when left out"),
  currency: currencyCode.optional().describe("Only purchases in this currency; needed where there are several"),
});
export const reportRunOffDocument = runOffSchema.extend({
  as_of: dayText,
  currency: z.string(),
  by: reportRunOffInput.shape.by.unwrap(),
  portfolios: z.number().int(),
  left_out: z.number().int().describe("Portfolios younger than one age"),
});
