import { z } from "zod";
import { amountText, dayText, entryId, instantText, moneyText, pageFields, portfolioId, text } from "./document.js";
import { modelId } from "./model-version.js";
import { monthText } from "./period.js";
import { carryingMethods } from "./portfolio.js";

/** Why a carrying amount is changed by hand. */
export const carryingAdjustments = ["impairment", "translation", "transfer"] as const;
export type CarryingAdjustment = (typeof carryingAdjustments)[number];

export const setCarryingMethodInput = z.strictObject({
  portfolio_id: portfolioId,
  method: z
    .enum(carryingMethods)
    .describe(
      "How it is carried: cost_recovery: all cash until the cost is back, then income; effective_interest: IFRS 9 POCI, US CECL",
    ),
  effective_on: dayText
    .optional()
    .describe(
      "First day of the method, once revenue has been accrued: for cost recovery the day after the last month that was accrued, else today when left out",
    ),
  reason: text(500).optional().describe("Why, at most 500 characters; kept with the change"),
});
export const carryingBasisDocument = z.object({
  portfolio_id: portfolioId,
  method: z.enum(carryingMethods),
  currency: z.string(),
  starts_on: dayText.nullable().describe("First day of the method; null before the purchase"),
  carrying_amount: z.string().nullable().describe("What it was carried at on that day"),
  eir_monthly: z.number().nullable().describe("Effective interest rate per month, fixed when the method begins"),
  eir_annual: z.number().nullable().describe("The same, compounded over twelve months"),
  forecast_version: z.number().nullable(),
  reason: z.string().nullable(),
  entry_id: entryId.nullable().describe("Entry of the change; null where it is the first method"),
});
export type CarryingBasisDocument = z.infer<typeof carryingBasisDocument>;

export const reforecastInput = z
  .strictObject({
    portfolio_id: portfolioId,
    month: monthText.describe("The month at whose end the forecast is first used; it speaks of the months after it"),
    rows: z
      .array(
        z.strictObject({
          month: monthText.describe("The month, such as 2026-11"),
          gross: amountText.describe("Expected gross collections of the month"),
        }),
      )
      .max(600)
      .optional()
      .describe("Expected gross collections by month, in order, at most 600; months left out are at nothing"),
    scale: z
      .string()
      .regex(/^\d{1,2}(\.\d{1,12})?$/, 'must be a factor such as "0.95", below 100')
      .optional()
      .describe("Instead of rows: what is still expected, times this factor"),
    curve_id: modelId
      .optional()
      .describe(
        "Instead of rows: the version of a curve (mo_...) by which own cash so far and what the price counted on are carried forward (Benktander)",
      ),
    reason: text(500).describe("Why, at most 500 characters; kept with the forecast"),
  })
  .refine(({ rows, scale, curve_id }) => [rows, scale, curve_id].filter((one) => one !== undefined).length === 1, {
    message: "give rows, scale or curve_id, one of them",
  });

export const forecastSources = ["quote", "given", "scaled", "remaining", "curve"] as const;
export const forecastVersionDocument = z.object({
  portfolio_id: portfolioId,
  version: z.number(),
  source: z
    .enum(forecastSources)
    .describe(
      "quote: what the price was made on; given, scaled, curve: a reforecast; remaining: carried on by a new method",
    ),
  curve_id: modelId.nullable().describe("Version of the curve it was made with; null where it was made without one"),
  used_from: monthText.describe("The month at whose end it is first used"),
  currency: z.string(),
  total: z.string().describe("Expected gross collections, all months"),
  first_month: monthText,
  monthly: z.array(z.string()).describe("Expected gross collections by calendar month, from first_month on"),
  reason: z.string().nullable(),
  actor: z.string(),
  recorded_at: instantText,
});
export const reforecastOutput = forecastVersionDocument.extend({
  remaining_before: z.string().describe("Expected after the month by the forecast before"),
  value_before: z.string().nullable().describe("Its value at the effective rate; null under cost recovery"),
  value_after: z.string().nullable().describe("Value of the new forecast; the difference is the gain or loss to come"),
});
export const listForecastsInput = z.strictObject({ portfolio_id: portfolioId, ...pageFields });

export const revenueMonthDocument = z.object({
  portfolio_id: portfolioId,
  month: monthText,
  revision: z.number().describe("Counts up when a late item changes the month"),
  currency: z.string(),
  opening: z.string(),
  revenue: z.string(),
  change_current: z.string().describe("Cash less forecast_cash"),
  change_future: z.string().describe("Value of the new forecast less value of the old one"),
  cash: z.string().describe("Collections that came off the carrying amount"),
  forecast_cash: z.string(),
  other: z.string().describe("Put-backs, resales, impairments, translation, transfers: signed"),
  closing: z.string().describe("opening + revenue + change_current + change_future - cash + other"),
  eir_monthly: z.number(),
  forecast_version: z.number(),
  share: z.number().describe("Share of that forecast which is still held"),
  entry_ids: z.array(entryId).describe("Entries that this revision posted; none where the amounts are nothing"),
  recorded_at: instantText,
});
export type RevenueMonthDocument = z.infer<typeof revenueMonthDocument>;

export const accrueRevenueInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("Only this portfolio (pf_...); all that bear interest when left out"),
  month: monthText.describe("Through this month, which must be over; earlier months that lack it are accrued first"),
});
export const accrueRevenueOutput = z.object({
  month: monthText,
  portfolios: z.number().describe("Portfolios carried by effective interest"),
  posted: z.array(revenueMonthDocument).describe("Months that were accrued, or accrued anew for a late item"),
  unchanged: z.number().describe("Months that stood already as they should"),
});
export const listRevenueInput = z.strictObject({
  portfolio_id: portfolioId,
  known_at: instantText.optional().describe("Only what had been recorded by this instant; all of it when left out"),
});
export const listRevenueOutput = z.object({
  portfolio_id: portfolioId,
  currency: z.string(),
  basis: carryingBasisDocument.nullable().describe("The method in force; null where none was ever set"),
  months: z.array(revenueMonthDocument).describe("The last revision of each month"),
});

export const adjustCarryingAmountInput = z.strictObject({
  portfolio_id: portfolioId,
  amount: moneyText.describe("What is added to the carrying amount, such as -1250.00; negative takes off"),
  effective_on: dayText.describe("The day it counts for; not in the future"),
  reason: z
    .enum(carryingAdjustments)
    .describe(
      "Why: impairment: written down or up; translation: of another currency; transfer: to or from another portfolio",
    ),
  note: text(500).optional().describe("A remark, at most 500 characters"),
});
export const adjustCarryingAmountOutput = z.object({
  entry_id: entryId,
  portfolio_id: portfolioId,
  currency: z.string(),
  reason: z.enum(carryingAdjustments),
  amount: z.string(),
  effective_on: dayText,
  carrying_amount: z.string().describe("Afterwards"),
  recorded_at: instantText,
});
