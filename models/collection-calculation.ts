import { z } from "zod";
import { calculation, currency } from "./calculation.js";
import { amount, share, signedAmount } from "./factoring-terms.js";

/** The calculators of collections outsourced and portfolios bought; see calculation.ts. */

const money = z.string().describe("A decimal amount");
const percent = z.string().describe("A percentage: 48.22 is 48.22 %");

export const netback = calculation(
  "What an owner keeps of a collection after the agency's fee",
  z
    .strictObject({
      currency,
      placed: amount.optional().describe("Face that was placed"),
      recovery_rate: share.optional().describe("Share of it that was collected"),
      collected: amount.optional().describe("Instead: what was collected"),
      fee_rate: share.optional().describe("Commission, of what was collected"),
      fee_amount: amount.optional().describe("Instead: the commission as an amount"),
      costs: amount.default("0").describe("Costs charged to the owner"),
    })
    .refine(
      ({ collected, recovery_rate: recovery, placed }) =>
        collected !== undefined || (recovery !== undefined && placed !== undefined),
      {
        error: "needs collected, or placed and recovery_rate",
      },
    )
    .refine((input) => (input.fee_rate === undefined) !== (input.fee_amount === undefined), {
      error: "needs fee_rate, or fee_amount",
    }),
  z.object({
    collected: money,
    fee: money,
    costs: money,
    net_back: money,
    net_back_rate_pct: percent.nullable().describe("Net-back over the face placed; null where no face is given"),
  }),
);

export const commission = calculation(
  "An agency's commission by bands of the amount",
  z.strictObject({
    currency,
    method: z.enum(["marginal", "whole"]).describe("Each slice at its own rate, or all at the rate of the band"),
    bands: z
      .array(
        z.strictObject({
          up_to: amount.nullable().describe("The band holds amounts up to this one; null: no end"),
          rate: share.describe("Commission in the band"),
        }),
      )
      .min(1)
      .max(20)
      .describe("Rates by amount, rising"),
    collected: amount.describe("What was collected"),
    balance: amount.optional().describe("Whole: the balance that picks the band; what was collected when left out"),
  }),
  z.object({ commission: money, net_back: money, blended_rate_pct: percent.nullable() }),
);

export const remittance = calculation(
  "What an agency remits for a period, and what the owner keeps",
  z.strictObject({
    currency,
    mode: z.enum(["net", "gross"]).describe("Whether the agency keeps its fee, or bills it"),
    receipts: z
      .array(
        z.strictObject({
          channel: z.enum(["agency", "direct"]).describe("Who the debtor paid"),
          amount: signedAmount.describe("What was paid; what came back is below zero"),
          fee_rate: share.describe("Commission on it"),
        }),
      )
      .max(100_000)
      .describe("The receipts of the period"),
    costs_advanced: amount.default("0").describe("Costs that the agency laid out"),
  }),
  z.object({
    gross_collected: money,
    collected_by_agency: money,
    paid_direct: money,
    reversals: money,
    fee: money,
    costs: money,
    net_back: money,
    remitted_cash: money.describe("Below zero: the owner owes it"),
    agency_invoice: money,
  }),
);

export const threeWay = calculation(
  "The three-way check of a trust account: bank, ledger, and the sum of all that it is held for",
  z.strictObject({
    currency,
    bank_statement_balance: signedAmount.describe("Balance by the bank"),
    deposits_in_transit: amount.default("0").describe("Booked and not yet at the bank"),
    outstanding_cheques: amount.default("0").describe("Booked and not yet drawn at the bank"),
    trust_ledger_balance: signedAmount.describe("Balance by the trust ledger"),
    client_ledgers: z.record(z.string().min(1).max(100), signedAmount).describe("What is kept for each owner"),
  }),
  z.object({
    adjusted_bank: money,
    client_ledgers: money,
    negative_ledgers: z.array(z.string()),
    reconciled: z.boolean(),
  }),
);

export const eir = calculation(
  "A purchase discount earned at the effective rate over equal payments",
  z.strictObject({
    currency,
    disbursed: amount.describe("What was paid"),
    payment: amount.describe("What comes back each period"),
    count: z.number().int().min(1).max(20_000).describe("Periods"),
    rows: z
      .array(z.number().int().min(1).max(20_000))
      .max(1000)
      .optional()
      .describe("Periods to show; all when left out"),
  }),
  z
    .object({ rate_per_period_pct: percent })
    .catchall(z.string())
    .describe("Beside the rate: balance_N and amortisation_N of each period N that is asked for"),
);

const decimals = z.number().int().min(0).max(8).default(2).describe("Decimals of a payment");

export const dailyPayment = calculation(
  "Equal payments by a share of yearly turnover, and the last one",
  z.strictObject({
    currency,
    total_payment_volume: amount.describe("Turnover of a year"),
    period_payment_rate_pct: z
      .union([z.string(), z.number().transform(String)])
      .pipe(z.string().regex(/^\d{1,3}(\.\d{1,12})?$/, 'must be a percentage such as "18"'))
      .describe("Share of it that is paid, as a percentage"),
    day_count: z.literal([360, 365]).default(360).describe("Days in the year"),
    places: decimals,
    rounding: z.enum(["half_up", "half_even", "up", "down"]).default("half_up").describe("How a payment is rounded"),
    total_to_pay: amount.describe("What is to be paid in all"),
  }),
  z.object({ payment: money, payments: z.number(), last_payment: money }),
);
