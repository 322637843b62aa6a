import { z } from "zod";
import { dayText, instantText, portfolioId } from "./document.js";
import { monthText, sealMark } from "./period.js";
import { carryingMethods } from "./portfolio.js";
import { forecastSources } from "./revenue.js";

const scopeFields = {
  portfolio_id: portfolioId.optional().describe("Only this portfolio (pf_...); all of them when left out"),
  as_of: dayText.optional().describe("Effective dates up to and including this day; today when left out"),
  known_at: instantText
    .optional()
    .describe("Only what had been recorded by this instant; all that is recorded when left out"),
};

/** Whose words the columns of the roll-forward are in. */
export const standards = ["ifrs", "cecl", "cost_recovery"] as const;
export type Standard = (typeof standards)[number];

export const rollForwardInput = z
  .strictObject({
    ...scopeFields,
    from: dayText.optional().describe("First day; the first of the month of as_of when left out"),
    month: monthText.optional().describe("A whole month, instead of from and as_of"),
    standard: z
      .enum(standards)
      .default("ifrs")
      .describe(
        "Words of the columns: ifrs (IFRS 9 POCI), cecl (US GAAP, ASC 326) or cost_recovery; the figures are the same",
      ),
  })
  .refine((input) => input.month === undefined || (input.from === undefined && input.as_of === undefined), {
    path: ["month"],
    message: "is given instead of from and as_of",
  });

/** Names of the amounts of a roll-forward, in the order in which they are shown. */
export const rollForwardKeys = [
  "opening",
  "purchases",
  "revenue",
  "change_current",
  "change_future",
  "impairment",
  "collections",
  "put_backs",
  "disposals",
  "transfers",
  "translation",
  "closing",
  "residual",
] as const;
export type RollForwardKey = (typeof rollForwardKeys)[number];

/** Every amount of it; `z.record` over an enum asks for all its keys. */
const rollForwardAmounts = z
  .record(z.enum(rollForwardKeys), z.string())
  .describe(
    "Signed: what is taken off is negative; closing is the sum of all before it, residual what is not explained",
  );

export const rollForwardDocument = z.object({
  from: dayText,
  as_of: dayText,
  known_at: instantText,
  seal: sealMark.nullable().describe("Seal of the last closed month up to as_of; null where none is closed"),
  standard: z.enum(standards),
  columns: z
    .array(
      z.object({
        key: z.enum(rollForwardKeys),
        title: z.string().describe("In the words of the standard"),
        accounts: z.array(z.string()).describe("Ledger accounts whose postings the figure is made of"),
        from: dayText.nullable().describe("First day of those postings; null for the beginning"),
        to: dayText,
      }),
    )
    .describe("What each figure comes from: list the entries of these accounts and days to see it in full"),
  portfolios: z.array(
    z.object({
      portfolio_id: portfolioId,
      name: z.string(),
      method: z.enum(carryingMethods),
      currency: z.string(),
      amounts: rollForwardAmounts,
      drill: z
        .record(z.enum(rollForwardKeys), z.array(z.string()))
        .describe("For every amount, the statements of the ledger accounts that it is the turnover or balance of"),
    }),
  ),
  totals: z.array(
    z.object({
      currency: z.string(),
      method: z.enum(carryingMethods).nullable().describe("Null for the total of the currency"),
      portfolios: z.number(),
      amounts: rollForwardAmounts,
      revenue_of_cash: z
        .string()
        .nullable()
        .describe("Revenue, changes in recoveries and impairment left out, over collections; null over nothing"),
    }),
  ),
  gross_up: z
    .array(
      z.object({
        portfolio_id: portfolioId,
        name: z.string(),
        currency: z.string(),
        purchase_price: z.string(),
        allowance: z.string(),
        amortized_cost: z.string(),
        noncredit_discount: z.string(),
        face: z.string(),
        written_off: z.string(),
        negative_allowance: z.string(),
      }),
    )
    .describe(
      "Under cecl: how the purchases between the two days are grossed up; the amortized cost is the face discounted",
    ),
});
export type RollForwardDocument = z.infer<typeof rollForwardDocument>;

export const vintageInput = z.strictObject({
  ...scopeFields,
  by: z
    .enum(["year", "quarter", "month", "portfolio"])
    .default("year")
    .describe("What is taken together: purchases of a year, a quarter, a month; or each portfolio"),
  age: z
    .enum(["year", "month", "calendar_year"])
    .default("year")
    .describe("How time is cut: years or months since each purchase, or calendar years"),
});
export const vintageDocument = z.object({
  as_of: dayText,
  known_at: instantText,
  seal: sealMark.nullable().describe("Seal of the last closed month up to as_of; null where none is closed"),
  by: vintageInput.shape.by.unwrap(),
  age: vintageInput.shape.age.unwrap(),
  accounts: z.array(z.string()).describe("Ledger accounts whose postings the collections are made of"),
  vintages: z.array(
    z.object({
      vintage: z.string(),
      currency: z.string(),
      portfolio_ids: z.array(portfolioId),
      face: z.string(),
      price: z.string(),
      put_backs: z.string().describe("Refunds for put-backs to date"),
      collections: z.string().describe("Gross collections to date"),
      multiple: z.string().describe("Collections to date over price"),
      ages: z.array(
        z.object({
          age: z.number().describe("1 is the first year or month; a calendar year by its number"),
          from: dayText.describe("First day of the postings of the cell, over all portfolios of the vintage"),
          to: dayText,
          collections: z.string(),
          cumulative: z.string(),
          multiple: z.string().describe("Cumulative collections over price"),
          complete: z.boolean().describe("False where the stretch is not over for every portfolio of the vintage"),
          drill: z.array(z.string()).describe("The statement of the collections of each portfolio, over its own days"),
        }),
      ),
    }),
  ),
});
export type VintageDocument = z.infer<typeof vintageDocument>;

export const ercInput = z.strictObject({
  ...scopeFields,
  horizon_months: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .optional()
    .describe("Months from as_of that count, such as 84, 120 or 180; to the end of each forecast when left out"),
  by: z.enum(["month", "year"]).default("year").describe("How the table by time is cut: calendar months or years"),
});

const ercAmounts = {
  price: z.string(),
  expected_to_date: z.string().describe("As it was priced"),
  forecast_to_date: z.string().describe("By the forecast in force in each month"),
  collections: z.string().describe("Gross collections to date"),
  collections_of_expected: z.string().nullable(),
  remaining: z.string().describe("Expected from here to the horizon, by the forecast in force, of what is still held"),
  beyond_horizon: z.string().describe("Expected after the horizon, not counted"),
  total_multiple: z.string().describe("Collections to date and remaining, over price"),
};
export const ercDocument = z.object({
  as_of: dayText,
  known_at: instantText,
  seal: sealMark.nullable().describe("Seal of the last closed month up to as_of; null where none is closed"),
  horizon_months: z.number().nullable(),
  horizon_to: dayText.nullable().describe("Last day that counts; null to the end of each forecast"),
  by: z.enum(["month", "year"]),
  accounts: z.array(z.string()).describe("Ledger accounts whose postings the collections are made of"),
  portfolios: z.array(
    z.object({
      portfolio_id: portfolioId,
      name: z.string(),
      currency: z.string(),
      purchased_on: dayText,
      forecast_version: z.number(),
      forecast_source: z.enum(forecastSources),
      forecast_used_from: monthText,
      forecast_ends: monthText.describe("Last month of the forecast"),
      share: z.number().describe("Share of the forecast that is still held, after put-backs and resales"),
      ...ercAmounts,
      drill: z
        .object({ collections: z.string(), forecast: z.string() })
        .describe("The statement of the collections; every version of the forecast, which the other amounts come of"),
    }),
  ),
  totals: z.array(z.object({ currency: z.string(), portfolios: z.number(), ...ercAmounts })),
  periods: z.array(
    z.object({
      currency: z.string(),
      period: z.string(),
      from: dayText,
      to: dayText,
      expected: z.string().describe("As it was priced"),
      forecast: z.string().describe("By the forecast in force in each month; to come: by the last one"),
      collections: z.string(),
      remaining: z.string(),
      drill: z
        .array(z.string())
        .describe("The statement of the collections of each portfolio; none of what is to come"),
    }),
  ),
});
export type ErcDocument = z.infer<typeof ercDocument>;
