import { z } from "zod";
import { currencyExponent, isCurrency } from "./currency.js";
import { currencyCode, dayText, text } from "./document.js";

/**
 * The terms on which a factor buys invoices, as data. Whatever is left out takes the default that is stated here, and
 * the offer says which it took. Money is a decimal string in the currency of the terms, rates are decimal strings as
 * fractions ("0.035" is 3.5 %); a JSON number is read as the decimal it is written as.
 */

function decimalText(pattern: RegExp, words: string) {
  // the pattern stands in the union too, because JSON Schema shows the union and not what it is piped into
  const text = z.string().regex(pattern, words);
  return z.union([text, z.number().transform(String)]).pipe(text);
}

/** An ISO 4217 code that is in use: how many decimals an amount has is known. */
export const knownCurrency = currencyCode.refine(isCurrency, "must be an ISO 4217 code such as USD");

/** A share from 0 to 1. */
export const share = decimalText(/^(0(\.\d{1,12})?|1(\.0{1,12})?)$/, 'must be a fraction from 0 to 1 such as "0.035"');
/** A yearly rate: it may be above 1, and a margin under a floor may be below 0. */
export const yearlyRate = decimalText(/^-?\d{1,2}(\.\d{1,12})?$/, 'must be a yearly rate such as "0.1025"');
export const amount = decimalText(/^\d{1,15}(\.\d{1,4})?$/, 'must be an amount of zero or more such as "25.00"');
export const signedAmount = decimalText(/^-?\d{1,15}(\.\d{1,4})?$/, 'must be an amount such as "-25.00"');
const days = z.number().int().min(1).max(3650);

const feeBand = z.strictObject({
  from: z.number().int().min(0).max(3650).describe("First day of the band; the day of funding is day 0"),
  to: z.number().int().min(0).max(3650).nullable().describe("Last day of the band; null: open, on the last band only"),
  fee_rate: share.describe("The whole fee when the invoice is paid in this band, as a fraction of the basis"),
});

export const feeBands = z
  .array(feeBand)
  .min(1)
  .max(200)
  .superRefine((bands, context) => {
    const fault = (index: number, field: string, message: string) =>
      context.addIssue({ code: "custom", path: [index, field], message, input: bands });
    if (bands.length === 0) return;
    if (bands[0]!.from > 1) fault(0, "from", `must be 0 or 1: no fee is stated before day ${bands[0]!.from}`);
    for (const [i, band] of bands.entries()) {
      const next = bands[i + 1];
      if (band.to !== null && band.to < band.from) fault(i, "to", `must not be before day ${band.from}`);
      if (next === undefined) continue;
      if (band.to === null) fault(i, "to", "must not be open: another band follows");
      else if (next.from > band.to + 1) fault(i + 1, "from", `leaves a gap: day ${band.to + 1} has no fee`);
      else if (next.from <= band.to) fault(i + 1, "from", `overlaps: day ${next.from} has two fees`);
      if (Number(next.fee_rate) < Number(band.fee_rate)) {
        fault(i + 1, "fee_rate", `must not be below ${band.fee_rate}: a fee does not fall with days`);
      }
    }
  });

export const feeBases = ["face", "advance", "funds_employed"] as const;
export type FeeBasis = (typeof feeBases)[number];

const feeFields = {
  basis: z
    .enum(feeBases)
    .default("face")
    .describe("What the rates are of: the face, the advance, or what of the advance is still out"),
  initial_rate: share.optional().describe("Fee for the first days"),
  initial_days: days.default(30).describe("How many days the first fee is for"),
  step_rate: share.default("0").describe("Fee for each further block of days; 0: the first fee is all there is"),
  step_days: z
    .number()
    .int()
    .min(1)
    .max(366)
    .default(30)
    .describe("Days in a further block: 7, 10, 15 and 30 are usual"),
  proration: z
    .enum(["whole_block", "daily"])
    .default("whole_block")
    .describe("Whether a part of a block counts as a whole one, or by the day"),
  bands: feeBands
    .optional()
    .describe("Instead of first fee and steps: a table of bands that follow each other without a gap"),
  brackets: feeBands.optional().describe("The same as bands, by the name that printed tariffs give them"),
  minimum: amount.default("0").describe("Least fee on an invoice"),
  collected_at: z
    .enum(["funding", "settlement"])
    .default("settlement")
    .describe("Whether the first fee is taken out of the advance, or all of it out of the reserve"),
};

export const feeScheduleSchema = z.strictObject(feeFields).superRefine((schedule, context) => {
  const fault = (field: string, message: string) =>
    context.addIssue({ code: "custom", path: [field], message, input: schedule });
  const bands = bandsOf(schedule);
  if (schedule.bands !== undefined && schedule.brackets !== undefined) {
    fault("brackets", "are given beside bands: they mean the same");
  }
  if (bands === undefined && schedule.initial_rate === undefined) {
    fault("initial_rate", "is required, or bands instead");
  }
  if (bands !== undefined && schedule.initial_rate !== undefined) {
    fault(
      schedule.bands === undefined ? "brackets" : "bands",
      "are given beside initial_rate: a schedule has one or the other",
    );
  }
  const last = bands?.at(-1);
  if (last !== undefined && last.to !== null) {
    fault(
      schedule.bands === undefined ? "brackets" : "bands",
      `end at day ${last.to}: the last one must be open (to: null)`,
    );
  }
});
type FeeBands = z.output<typeof feeBands>;
export type FeeScheduleTerms = z.output<typeof feeScheduleSchema>;

/** The table of bands of a schedule, by whichever name it was given; undefined where it has a first fee and steps. */
export function bandsOf({ bands, brackets }: Pick<FeeScheduleTerms, "bands" | "brackets">): FeeBands | undefined {
  return bands ?? brackets;
}

export const dayCounts = ["act/360", "act/365", "act/365f"] as const;
/** Days in the year of a rate, by any of the names that it has. */
export const dayCount = z.union([z.literal([360, 365]), z.enum(dayCounts)]);
export const daysInYear = (count: z.output<typeof dayCount>): 360 | 365 =>
  count === 360 || count === "act/360" ? 360 : 365;

const interestSchema = z
  .strictObject({
    annual_rate: yearlyRate.optional().describe("Yearly rate on funds employed"),
    prime_rate: yearlyRate.optional().describe("Instead of annual_rate: the prime rate"),
    margin: yearlyRate.optional().describe("Added to the prime rate"),
    floor_rate: yearlyRate.optional().describe("Least yearly rate, whatever prime and margin come to"),
    day_count: dayCount.default("act/360").describe("Days in the year of the rate"),
  })
  .refine((interest) => (interest.annual_rate === undefined) !== (interest.prime_rate === undefined), {
    error: "needs annual_rate, or prime_rate with a margin",
  });
export type InterestTerms = z.output<typeof interestSchema>;

/** What a charge of the facility is counted from. */
export const chargesBegin = ["opening", "first_funding"] as const;

/** Charges for what happens now and then: a payment to the seller, one on an invoice not sold, what a person says happened. */
export const eventCharges = ["payout", "unfactored_payment", "occasion"] as const;
export type EventCharge = (typeof eventCharges)[number];

const chargeSchema = z.strictObject({
  code: text(60).describe("What it is for: wire, ach, filing"),
  amount: amount.describe("Amount of the charge"),
  per: z
    .enum(["schedule", "invoice", "month", "once", ...eventCharges])
    .default("schedule")
    .describe(
      "How often: once a schedule, for each invoice bought, each month, once for the facility; for each payment to the business (payout: the funding, a release), for each payment of a debtor on an invoice that was not sold, or each time that it is recorded to have happened (occasion: a credit check, a missing notation)",
    ),
  from: z
    .enum(chargesBegin)
    .optional()
    .describe(
      "Of a charge by month or once: whether it begins when the facility is opened (also when left out), or first funded",
    ),
});
export type Charge = z.output<typeof chargeSchema>;

function minimumSchema(period: string, begin: (typeof chargesBegin)[number]) {
  return z.strictObject({
    amount: amount.describe(`Least fees in a ${period}; what they fall short of it is charged at its end`),
    of: z
      .enum(["fees", "fees_and_interest"])
      .default("fees")
      .describe(`What counts towards it: the fees of the ${period}, or its interest as well`),
    from: z.enum(chargesBegin).default(begin).describe(`When the first ${period} begins`),
    proration: z
      .enum(["daily", "none"])
      .default("daily")
      .describe(`Whether the first and last ${period} count by their days, or in full`),
  });
}
export type Minimum = z.output<ReturnType<typeof minimumSchema>>;

const terminationWays = ["amount", "share_of_limit", "months_of_minimum", "per_remaining_day"] as const;
const earlyTerminationSchema = z
  .strictObject({
    amount: amount.optional().describe("A flat fee"),
    share_of_limit: share.optional().describe("Instead: a share of the limit of the facility"),
    months_of_minimum: z.number().int().min(1).max(120).optional().describe("Instead: so many monthly minimums"),
    per_remaining_day: amount.optional().describe("Instead: so much for each day that is left of the term"),
    term_months: z
      .number()
      .int()
      .min(1)
      .max(120)
      .optional()
      .describe("The term: ending at or after so many months costs nothing; whenever it ends when left out"),
  })
  .superRefine((fee, context) => {
    const given = terminationWays.filter((way) => fee[way] !== undefined);
    const fault = (message: string) => context.addIssue({ code: "custom", message, input: fee });
    if (given.length !== 1) fault(`needs one of ${terminationWays.join(", ")}`);
    if (fee.per_remaining_day !== undefined && fee.term_months === undefined) {
      fault("per_remaining_day needs term_months: without a term no day is left of it");
    }
  });
export type EarlyTermination = z.output<typeof earlyTerminationSchema>;

const recourseSchema = z.strictObject({
  kind: z
    .enum(["full", "none"])
    .default("full")
    .describe(
      "Who bears a debtor's failure to pay: the business (full) or the factor (none); disputes stay with the business",
    ),
  days: days.default(90).describe("After so many days an unpaid invoice goes back"),
  from: z.enum(["invoice_date", "due_date"]).default("invoice_date").describe("What these days are counted from"),
  dispute_days: z
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(0)
    .describe("So many days after it was raised, a dispute that is not resolved lets the invoice go back; 0: at once"),
});

const escrowSchema = z.strictObject({
  share_of_rebate: share.describe("Fraction of each rebate that is put into the escrow reserve"),
  cap: amount.describe("The escrow reserve is filled up to this"),
});

const reserveSchema = z.strictObject({
  method: z
    .enum(["per_invoice", "pooled"])
    .default("per_invoice")
    .describe("Released invoice by invoice, or all above a floor on what is outstanding"),
  floor_rate: share.default("0").describe("Pooled: fraction of the outstanding face that is always held"),
  escrow: escrowSchema.optional().describe("A cushion beside the reserve, fed from rebates"),
});

/** Grounds on which an invoice is kept out because of what it or its debtor is, in the order they are looked at. */
export const categories = ["foreign", "affiliate", "government", "disputed", "contra", "insolvent"] as const;

const eligibilitySchema = z.strictObject({
  over_age_days: days.nullable().default(90).describe("Invoices older than this are out; null: no limit"),
  age_from: z.enum(["invoice_date", "due_date"]).default("invoice_date").describe("What age is counted from"),
  cross_age_threshold: share
    .nullable()
    .default("0.25")
    .describe("When this share of what a debtor owes is over age, the rest of it is out too; null: never"),
  cross_age_operator: z.enum([">", ">="]).default(">").describe("Whether the share must lie above, or may be at it"),
  exclude: z
    .array(z.enum(categories))
    .default([...categories])
    .describe("Kinds of debtors and invoices that are kept out"),
  home_country: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be two capital letters")
    .default("US")
    .describe("Debtors of another country are foreign (ISO 3166, two letters)"),
  concentration_limit: share
    .nullable()
    .default(null)
    .describe("Largest share of one debtor in what is eligible; null: no limit"),
  debtor_limits: z
    .record(z.string().min(1).max(100), amount)
    .default({})
    .describe("Most that is bought of a debtor, by its id, over all that is outstanding"),
  purchase_order_required: z.boolean().default(false).describe("Invoices without a purchase order are out"),
  proof_of_delivery_over: amount
    .nullable()
    .default(null)
    .describe("Invoices of more than this need a proof of delivery; null: none does"),
  verification_over: amount
    .nullable()
    .default(null)
    .describe("Invoices of more than this are bought when a person has verified them; null: none needs it"),
  debtor_verification_over: z
    .record(z.string().min(1).max(100), amount)
    .default({})
    .describe("The same of one debtor, by its id, in place of that; 0: every invoice of it"),
  max_terms_days: days
    .nullable()
    .default(null)
    .describe("Invoices due later than so many days are out; null: no limit"),
  dilution_rate: share.default("0").describe("Dilution measured on this seller's sales"),
  dilution_norm: share.default("0.05").describe("Dilution beyond this is held as a reserve against the base"),
});
export type Eligibility = z.output<typeof eligibilitySchema>;

const comparisonSchema = z.strictObject({
  overdraft_rate: yearlyRate.default("0.12").describe("Yearly rate of the overdraft that the offer is compared with"),
  non_recourse_rate: share
    .default("0.01")
    .describe("Extra fee on face for which the factor takes the debtor's failure to pay on itself"),
  bad_debt_rate: share.default("0.005").describe("Share of face that debtors never pay"),
  sale_rate: yearlyRate.default("0.25").describe("Yearly return that a buyer of the invoices outright asks for"),
  agency_rate: share.default("0.25").describe("Commission of an agency on what it collects"),
});

/** Ours where no source is named; see docs/FACTORING.md. FEE-CALC: 3 % for 30 days, then 1 % for each 10 [S04]. */
const defaultFees = { initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 };

/** Terms as they were kept: what is asked of new ones may not have been asked of these. */
export const keptTermsSchema = z.strictObject({
  name: text(120).optional().describe("Name of the factor or of its tariff, 1 to 120 characters"),
  currency: knownCurrency.default("USD").describe("ISO 4217 code of every amount"),
  as_of: dayText.optional().describe("Day of funding; today when left out"),
  valid_days: z.number().int().min(1).max(365).default(7).describe("Days that the offer stands"),
  advance_rate: share.default("0.80").describe("Share of the eligible face that is paid at once"),
  fee_schedule: feeScheduleSchema.prefault(defaultFees).describe("What it costs by the day on which the debtor pays"),
  interest: interestSchema.optional().describe("Interest on funds employed, on top of the fee; none when left out"),
  charges: z.array(chargeSchema).max(50).default([]).describe("Other charges; none when left out"),
  monthly_minimum: minimumSchema("month", "first_funding")
    .optional()
    .describe("Least fees in a calendar month; none when left out"),
  quarterly_minimum: minimumSchema("quarter", "opening")
    .optional()
    .describe("Least fees in a quarter, of those that follow the opening; none when left out"),
  yearly_minimum: minimumSchema("year", "opening")
    .optional()
    .describe("Least fees in a year of the contract, from the opening to its anniversary; none when left out"),
  early_termination: earlyTerminationSchema
    .optional()
    .describe("What it costs to end the facility; nothing when left out"),
  returned_payments: z
    .enum(["from_return", "from_payment"])
    .optional()
    .describe(
      "From when funds count as employed again after a payment that bounced: the day it came back (also when left out), or the day of the payment",
    ),
  recourse: recourseSchema.prefault({}).describe("What becomes of an invoice that is not paid"),
  reserve: reserveSchema.prefault({}).describe("How what is held back is given back"),
  eligibility: eligibilitySchema.prefault({}).describe("Which invoices are bought"),
  opened: z
    .strictObject({
      funds_employed: amount.default("0").describe("Advances that are out already"),
      facility_limit: amount.nullable().default(null).describe("Most that may be out; null: no limit"),
    })
    .prefault({})
    .describe("Where the facility stands before this schedule"),
  comparison: comparisonSchema.prefault({}).describe("What the offer is compared with"),
});

type Figure = readonly [path: readonly (string | number)[], amount: string | null | undefined];

/** Every amount of terms, with its place. */
function amountsOf(terms: z.output<typeof keptTermsSchema>): Figure[] {
  const { eligibility, reserve, opened, early_termination: end } = terms;
  const byDebtor = (field: "debtor_limits" | "debtor_verification_over") =>
    Object.entries(eligibility[field]).map(([id, most]): Figure => [["eligibility", field, id], most]);
  return [
    [["fee_schedule", "minimum"], terms.fee_schedule.minimum],
    ...terms.charges.map((charge, i): Figure => [["charges", i, "amount"], charge.amount]),
    [["monthly_minimum", "amount"], terms.monthly_minimum?.amount],
    [["quarterly_minimum", "amount"], terms.quarterly_minimum?.amount],
    [["yearly_minimum", "amount"], terms.yearly_minimum?.amount],
    [["early_termination", "amount"], end?.amount],
    [["early_termination", "per_remaining_day"], end?.per_remaining_day],
    [["reserve", "escrow", "cap"], reserve.escrow?.cap],
    [["eligibility", "proof_of_delivery_over"], eligibility.proof_of_delivery_over],
    [["eligibility", "verification_over"], eligibility.verification_over],
    ...byDebtor("debtor_limits"),
    ...byDebtor("debtor_verification_over"),
    [["opened", "funds_employed"], opened.funds_employed],
    [["opened", "facility_limit"], opened.facility_limit],
  ];
}

/** Finds amounts that the currency cannot pay: they are refused when the terms are given, not when the first of them falls due. */
export function findUnpayable(terms: z.output<typeof keptTermsSchema>, context: z.RefinementCtx): void {
  if (!isCurrency(terms.currency)) return;
  const most = currencyExponent(terms.currency);
  for (const [path, amount] of amountsOf(terms)) {
    const decimals = amount?.split(".")[1]?.replace(/0+$/, "").length ?? 0;
    if (decimals <= most) continue;
    const message = `must have at most ${most} decimals: it is in ${terms.currency}`;
    context.addIssue({ code: "custom", path: [...path], message, input: terms });
  }
}

export const factoringTermsSchema = keptTermsSchema.superRefine(findUnpayable);
export type FactoringTerms = z.output<typeof factoringTermsSchema>;
export type FactoringTermsInput = z.input<typeof factoringTermsSchema>;
