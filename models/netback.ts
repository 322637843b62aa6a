import { z } from "zod";
import { dayText, instantText, portfolioId } from "./document.js";
import { sealMark } from "./period.js";

/** Sums over a stretch of time. Costs are those paid: court costs advanced are among them whether they come back or not. */
export const netbackFigures = z.object({
  from: dayText,
  to: dayText,
  price_paid: z.string(),
  gross: z.string(),
  commission: z.string(),
  costs: z.string(),
  net_back: z.string().describe("Agencies' definition: collections x (1 - fee) - costs"),
  put_back_refunds: z.string(),
  resale_proceeds: z.string(),
  profit: z.string().describe("Buyers' definition: all credits less all debits, the price among them"),
});

export const netbackDocument = z.object({
  portfolio_id: portfolioId,
  name: z.string(),
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  seal: sealMark.nullable().describe("Seal of the last closed month up to as_of; null where none is closed"),
  purchased_on: dayText,
  face: z.string(),
  price: z.string(),
  to_date: netbackFigures,
  month_to_date: netbackFigures,
  year_to_date: netbackFigures,
  drill: z
    .record(z.string(), z.array(z.string()))
    .describe("For every figure to date, the statements of the ledger accounts that it is the turnover of"),
  definitions: z.object({ net_back: z.string(), profit: z.string() }),
  shares: z
    .object({
      gross_of_face: z.string(),
      net_back_of_face: z.string(),
      net_back_of_price: z.string(),
      net_back_of_gross: z.string().nullable(),
      commission_of_gross: z.string().nullable(),
      price_of_face: z.string(),
    })
    .describe("Rates as decimal strings, each named by what it is a share of; null over zero"),
  cost_recovered: z.string().describe("Part of the price that has come back"),
  unrecovered_cost: z.string(),
  gross_multiple: z.string().describe("Collected over price"),
  net_multiple: z.string().describe("Net-back plus put-back refunds and resale proceeds over price"),
  irr_to_date: z.object({ rate: z.number().nullable(), reason: z.string().nullable() }),
  break_even_on: dayText
    .nullable()
    .describe("First day the net cash had come up to the price; null when it has not yet"),
  forecast: z.object({
    source: z.string(),
    horizon_months: z.number(),
    expected_to_date: z.string(),
    actual_to_date: z.string(),
    actual_of_expected: z.string().nullable(),
    remaining_expected: z.string().describe("Expected gross from here to the horizon, as it was priced"),
    remaining_expected_at_current_pace: z
      .string()
      .nullable()
      .describe("The same, scaled by how the collections have run; null before the first month is over"),
    by_month: z.array(
      z.object({
        month: z.number(),
        from: dayText,
        to: dayText,
        expected: z.string(),
        actual: z.string(),
        cumulative_expected: z.string(),
        cumulative_actual: z.string(),
      }),
    ),
  }),
});
export type NetbackDocument = z.infer<typeof netbackDocument>;
