import { z } from "zod";
import { calculation, currency } from "./calculation.js";
import { amount, share, signedAmount } from "./factoring-terms.js";

/** The calculators of eligibility and the borrowing base; see calculation.ts. */

const money = z.string().describe("A decimal amount");
const name = z.string().min(1).max(100);
const operator = z.enum([">", ">="]).default(">").describe("Whether the share must lie above, or may be at it");

export const simpleBase = calculation(
  "Gross less what is not eligible, times the advance rate",
  z.strictObject({
    currency,
    gross: amount.describe("All open receivables"),
    ineligibles: z.record(name, amount).describe("What is not eligible, by ground"),
    advance_rate: share.default("1").describe("Share of the eligible that is advanced"),
  }),
  z.object({ eligible: money, availability: money }),
);

export const facilityRoom = calculation(
  "Limit, outstanding and available of a facility: two of them give the third",
  z
    .strictObject({
      currency,
      outstanding: amount.describe("What is out"),
      available: amount.optional().describe("What may still be drawn"),
      facility_limit: amount.optional().describe("Most that may be out"),
    })
    .refine((input) => (input.available === undefined) !== (input.facility_limit === undefined), {
      error: "needs available, or facility_limit",
    }),
  z.object({ outstanding: money, available: money, facility_limit: money, over_advance: money }),
);

export const crossAge = calculation(
  "Whether so much of a debtor is past due that all of it is out",
  z.strictObject({
    currency,
    total: signedAmount.describe("All that the debtor owes"),
    past_due: amount.describe("What of it is over age"),
    threshold: share.describe("Share from which the rest is out too"),
    operator,
  }),
  z.object({ past_due_pct: z.string().nullable(), cross_aged: z.boolean() }),
);

export const dilution = calculation(
  "What falls away without cash, over sales (a factor's way) or over collections (a lender's)",
  z
    .strictObject({
      currency,
      dilution: amount.describe("Credits, returns, allowances, discounts"),
      denominator: amount.describe("What it is measured on"),
      denominator_of: z.enum(["sales", "collections"]).optional().describe("What the denominator is"),
      norm: share.default("0.05").describe("Dilution that needs no reserve"),
      eligible: amount.optional().describe("Eligible receivables, for the reserve"),
      places: z.number().int().min(0).max(8).default(1).describe("Decimals of the percentage, rounded half up"),
    })
    .refine((input) => Number(input.denominator) > 0, { error: "must be above zero", path: ["denominator"] }),
  z.object({ dilution_pct: z.string(), dilution_reserve: money.nullable() }),
);

const codes = z.array(z.string().regex(/^[a-z0-9_]{1,60}$/, "must be a word such as foreign")).max(40);
const flags = codes.default([]);

const policySchema = z.strictObject({
  max_age_days: z.number().int().min(0).max(3650).nullable().default(90).describe("Older ones are out; null: no limit"),
  ageing_basis: z
    .enum(["invoice_date", "due_date"])
    .default("invoice_date")
    .describe("What the ages that are given were counted from"),
  cross_age_threshold: share
    .nullable()
    .default(null)
    .describe("Share from which the rest of a debtor is out; null: never"),
  cross_age_operator: operator,
  concentration_limit: share.nullable().default(null).describe("Largest share of one debtor; null: no limit"),
  concentration_basis: z
    .enum(["eligible_before_concentration", "gross"])
    .default("eligible_before_concentration")
    .describe("What this share is of"),
  steps: codes.optional().describe("Order of the steps; over age first, concentration last when left out"),
  advance_rate: share.default("0.80").describe("Share of the eligible that is advanced"),
  reserves: amount.default("0").describe("Held back of the base"),
  facility_limit: amount.nullable().default(null).describe("Most that may be out; null: no limit"),
});

const debtorSchema = z.strictObject({
  id: name.describe("Name of the debtor in this request"),
  flags: flags.describe("What keeps it out: foreign, intercompany, government"),
  payable_to_debtor: amount.default("0").describe("What the seller owes it"),
  credit_limit: amount.nullable().default(null).describe("Most that is bought of it; null: no limit"),
  outstanding: amount.default("0").describe("Outstanding of it in other portfolios"),
});

const invoiceSchema = z.strictObject({
  id: name.describe("Name of the invoice in this request"),
  debtor: name.describe("Its debtor"),
  balance: signedAmount.describe("What is open; a credit is below zero"),
  age_days: z.number().int().min(-3650).max(36_500).describe("Days since the invoice or due date"),
  disputed: amount.default("0").describe("How much of it is disputed"),
  flags: flags.describe("What keeps it out: missing_proof_of_delivery, already_assigned"),
});

const reason = z.object({ code: z.string(), step: z.number(), removed_amount: money, message: z.string() });

export const borrowingBase = calculation(
  "Open invoices down to what is eligible, step by step, and what may be drawn on it",
  z.strictObject({
    currency,
    policy: policySchema.prefault({}).describe("What is eligible, and what is lent on it"),
    debtors: z.array(debtorSchema).max(100_000).default([]).describe("What is known of debtors"),
    invoices: z.array(invoiceSchema).max(100_000).describe("The open invoices and credits"),
    funds_employed: amount.default("0").describe("What is out"),
  }),
  z
    .object({
      gross: money,
      eligible_before_concentration: money,
      concentration_cap: money.nullable(),
      concentration_excess: money,
      eligible: money,
      borrowing_base: money,
      availability: money,
      over_advance: money,
      steps: z.array(z.object({ step: z.string(), removed: money, remaining: money })),
      invoices: z.array(z.object({ id: z.string(), eligible: money, reasons: z.array(reason) })),
    })
    .catchall(z.json())
    .describe("Beside these, what each step removed by its name"),
);
