import { z } from "zod";
import { text } from "./document.js";
import {
  amount,
  dayCount,
  feeBands,
  feeScheduleSchema,
  knownCurrency,
  share,
  signedAmount,
  yearlyRate,
} from "./factoring-terms.js";

/**
 * The calculators of factoring: one small question each, answered from the figures that are given and nothing else. They
 * are the same functions that make an offer and settle an invoice, on their own, so that a figure can be checked by
 * whoever it is shown to.
 */
export interface Calculation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** one sentence for the caller */
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
}

export function calculation<Input extends z.ZodType, Output extends z.ZodType>(
  summary: string,
  input: Input,
  output: Output,
): Calculation<Input, Output> {
  return { summary, input, output };
}

export const currency = knownCurrency.default("USD").describe("ISO 4217 code of every amount");
const places = (byDefault: number) =>
  z.number().int().min(0).max(8).default(byDefault).describe("Decimals of the answer, rounded half up");
const days = z.number().int().min(1).max(3650);
const money = z.string().describe("A decimal amount");
const percent = z.string().describe("A percentage: 48.22 is 48.22 %");
const rate = z.string().describe("A fraction: 0.035 is 3.5 %");
const dayCountOf365 = dayCount.default(365).describe("Days in the year of the rate: 360 or 365");

export const steppedFee = calculation(
  "An invoice from funding to settlement: advance, reserve, fee by the day of payment, release",
  z.strictObject({
    currency,
    face: amount.describe("Face of the invoice"),
    advance_rate: share.default("0.80").describe("Share of the face that is paid at once"),
    schedule: feeScheduleSchema.describe("What it costs by the day of payment"),
    initial_fee_deducted_at_funding: z
      .boolean()
      .optional()
      .describe("The first fee comes out of the advance; as the schedule says when left out"),
    upfront_fees: amount.default("0").describe("Charges taken out of the advance"),
    days: z.number().int().min(0).max(3650).describe("Days from funding to payment"),
    collected: amount.optional().describe("What the debtor paid; the face when left out"),
  }),
  z.object({
    fee_rate: rate,
    gross_advance: money,
    reserve: money,
    net_funded: money,
    fee_total: money,
    reserve_release: money.describe("Below zero: the business owes it"),
    client_receives: money.describe("Net funded and release"),
    total_cost: money.describe("Fee and charges"),
    shortfall: money.describe("Face that the debtor did not pay"),
    chargeback: money.describe("What buying it back costs when nothing beyond `collected` was paid: advance and fees"),
    client_owes: money.describe("The same by the name that statements give it"),
    apr_pct: percent.nullable().describe("Yearly rate on the cash received; null on the day of funding"),
    factor_yield_pct: percent.nullable().describe("Fee over the advance by the year: what the factor earns on it"),
  }),
);

export const bracketFee = calculation(
  "The fee on an invoice by a table of bands of days",
  z.strictObject({
    currency,
    face: amount.describe("Face of the invoice"),
    advance_rate: share.default("0.80").describe("Share of the face that is paid at once"),
    brackets: feeBands.describe("The whole fee by band of days, without a gap"),
    days: z.number().int().min(0).max(3650).describe("Days from funding to payment"),
  }),
  z.object({ fee_rate: rate, rebate_rate: rate, fee: money, rebate: money, gross_advance: money }),
);

export const dailyFee = calculation(
  "What a rate for a period of days is a day",
  z.strictObject({
    currency,
    face: amount.describe("Face of the invoice"),
    rate_per_period: share.describe("Fee of the period"),
    period_days: days.describe("Days in the period"),
  }),
  z.object({ daily_rate_pct: percent, daily_fee: money }),
);

export const weeklyInstalments = calculation(
  "An advance repaid in equal weekly instalments with a fee on the face each week",
  z.strictObject({
    currency,
    face: amount.describe("Amount that is advanced"),
    weeks: z.number().int().min(1).max(520).describe("Weeks over which it is repaid"),
    weekly_fee_rate: share.describe("Fee of each week, of the face"),
    paid_off_after_weeks: z.number().int().min(0).max(520).optional().describe("Week in which it is paid off early"),
  }),
  z.object({ instalment: money, weekly_fee: money, fees_paid: money, fees_saved: money }),
);

export const interest = calculation(
  "Interest on a balance for some days",
  z.strictObject({
    currency,
    balance: amount.describe("Funds employed"),
    annual_rate: yearlyRate.describe("Yearly rate"),
    days: z.number().int().min(0).max(36_500).describe("Days that it is out"),
    day_count: dayCountOf365,
    places: places(2),
  }),
  z.object({ interest: money }),
);

export const apr = calculation(
  "Annual percentage rate of one advance and one payment (Regulation Z, Appendix J; 10 CCR 940; 23 NYCRR 600.3)",
  z
    .strictObject({
      currency,
      amount_financed: amount.describe("Cash received: the advance less everything kept of it"),
      finance_charge: amount.describe("Everything that it costs"),
      days: days.optional().describe("Days from the advance to the payment"),
      months: z.number().int().min(1).max(120).optional().describe("Instead of days: a term of whole months"),
      face: amount.optional().describe("Face of the invoice, for the rate on face"),
    })
    .refine((input) => (input.days === undefined) !== (input.months === undefined), { error: "needs days, or months" }),
  z.object({
    apr_pct: percent,
    compounded_pct: percent.describe("The effective rate: the same again for a year, gains put in"),
    face_basis_pct: percent.nullable().describe("The same over the face: not what was received, and so too low"),
  }),
);

export const facilityApr = calculation(
  "What a whole year of factoring costs on the funds employed",
  z.strictObject({
    currency,
    monthly_face: amount.describe("Invoices sold in a month"),
    advance_rate: share.describe("Share of the face that is paid at once"),
    days: days.describe("Days until debtors pay"),
    fee_rate: share.describe("Fee, of the face"),
    per_invoice_fee: amount.default("0").describe("Charge on each invoice"),
    invoices_per_year: z.number().int().min(0).max(10_000_000).default(0).describe("Invoices sold in a year"),
  }),
  z.object({ average_funds_employed: money, annual_cost: money, apr_pct: percent }),
);

export const twoPeriodEar = calculation(
  "Effective yearly rate of an advance whose fees, first and monthly, are taken before",
  z.strictObject({
    currency,
    face: amount.describe("Face of the invoices"),
    upfront_fee: share.describe("Fee taken at once, of the face"),
    monthly_fee: share.describe("Fee of each month, of the face, taken before"),
    months: z.number().int().min(1).max(120).describe("Months until the face is paid"),
  }),
  z.object({ net_proceeds: money, effective_annual_pct: percent }),
);

const receivablesFields = {
  current_receivables: amount.optional().describe("Receivables without the factor"),
  current_days: days.optional().describe("Instead: days of sales that they are"),
  revised_receivables: amount.optional().describe("Receivables with the factor; unchanged when left out"),
  revised_days: days.optional().describe("Instead: days of sales that they are with the factor"),
  receivables_reduction_rate: share.optional().describe("Instead: by what share the factor brings them down"),
};

export const annualBenefit = calculation(
  "Whether a factor is worth it over a year, against an overdraft",
  z
    .strictObject({
      currency,
      annual_credit_sales: amount.describe("Sales on credit in a year"),
      days_in_year: z.literal([360, 365]).default(365).describe("Days in the year of the figures"),
      ...receivablesFields,
      overdraft_rate: yearlyRate.describe("Yearly rate of the overdraft"),
      advance_rate: share.describe("Share of the receivables that the factor advances"),
      advance_interest_rate: yearlyRate.describe("Yearly rate of the factor on its advances"),
      fee_rate: share.default("0").describe("Fee of the factor, of sales"),
      bad_debt_rate_saved: decimalShare().describe("Bad debts that are saved, of sales"),
      admin_saving: amount.default("0").describe("Cost of running the sales ledger that is saved"),
      places: places(2),
    })
    .refine((input) => (input.current_receivables === undefined) !== (input.current_days === undefined), {
      error: "needs current_receivables, or current_days",
    }),
  z.object({
    current_receivables: money,
    revised_receivables: money,
    finance_saving: money,
    extra_interest: money,
    fee: money,
    bad_debt_saving: money,
    admin_saving: money,
    net_benefit: money.describe("Below zero: the overdraft is the better one"),
  }),
);

/** A share that somebody divided out: more decimals than anyone would type. */
function decimalShare() {
  return z
    .union([z.string(), z.number().transform(String)])
    .pipe(z.string().regex(/^(0(\.\d{1,30})?|1(\.0{1,30})?)$/, 'must be a fraction from 0 to 1 such as "0.005"'))
    .default("0");
}

export const netCostPct = calculation(
  "What factoring costs in a year, net of what it saves, over the funds it makes usable",
  z.strictObject({
    currency,
    monthly_receivables: amount.describe("Receivables of a month"),
    advance_rate: share.describe("Share that is advanced"),
    annual_rate: yearlyRate.describe("Yearly rate on advances"),
    fee_rate: share.describe("Fee, of the receivables"),
    annual_savings: amount.default("0").describe("What is saved in a year"),
  }),
  z.object({ usable_funds: money, interest: money, fee: money, net_cost: money, cost_pct: percent }),
);

export const proceeds = calculation(
  "What a sale brings after reserve, fee and prepaid interest",
  z.strictObject({
    currency,
    face: amount.describe("Face of the invoices"),
    reserve_rate: share.describe("Share that is held back"),
    fee_rate: share.describe("Fee, of the face"),
    annual_rate: yearlyRate.describe("Yearly rate on what is paid out"),
    months: z.number().int().min(1).max(120).describe("Months until the debtors pay"),
    places: places(2),
  }),
  z.object({ gross_proceeds: money, annual_interest: money, net_proceeds: money }),
);

export const monthlyCompare = calculation(
  "A month with a factor beside a month with a bank loan and an own credit department",
  z.strictObject({
    currency,
    monthly_sales: amount.describe("Sales of a month"),
    credit_share: share.default("1").describe("Share of them on credit"),
    factor_fee: share.describe("Fee of the factor, of sales on credit"),
    factor_monthly_rate: share.describe("Rate of the factor on what is borrowed, a month"),
    borrowed: amount.describe("What is borrowed"),
    bank_annual_rate: yearlyRate.describe("Yearly rate of the bank"),
    bank_monthly_fee: share.default("0").describe("Fee of the bank on what is borrowed, a month"),
    credit_dept: amount.default("0").describe("Cost of an own credit department, a month"),
    bad_debt_rate: share.default("0").describe("Bad debts, of sales on credit"),
  }),
  z.object({ factor_cost: money, bank_cost: money, cheaper: z.enum(["factor", "bank", "neither"]) }),
);

export const saleEntry = calculation(
  "The entry of a business that sells receivables to a factor",
  z
    .strictObject({
      currency,
      face: amount.describe("Face of the receivables"),
      fee_rate: share.optional().describe("Fee, of the face"),
      fee: amount.optional().describe("Instead: the fee as an amount"),
      retention_rate: share.optional().describe("Share that the factor keeps back"),
      retention: amount.optional().describe("Instead: what it keeps back as an amount"),
      recourse_liability: amount.default("0").describe("Fair value of what recourse is expected to cost"),
    })
    .refine((input) => (input.fee_rate === undefined) !== (input.fee === undefined), {
      error: "needs fee_rate, or fee",
    }),
  z.object({
    cash: money,
    due_from_factor: money,
    loss_on_sale: money,
    recourse_liability: money,
    accounts_receivable: money,
  }),
);

const journalLine = z
  .strictObject({
    account: text(100).describe("Name of the ledger account"),
    debit: signedAmount.optional().describe("Amount on the debit side"),
    credit: signedAmount.optional().describe("Amount on the credit side"),
  })
  .refine((line) => (line.debit === undefined) !== (line.credit === undefined), {
    error: "needs a debit or a credit, not both",
  });

export const journal = calculation(
  "Whether entries balance; one that does not is refused with the difference",
  z.strictObject({
    currency,
    entries: z
      .array(
        z.strictObject({
          name: text(100).describe("Name of the entry"),
          lines: z.array(journalLine).min(2).max(1000).describe("Its lines"),
        }),
      )
      .min(1)
      .max(1000)
      .describe("The entries"),
  }),
  z.record(z.string(), z.literal("balanced")),
);
