import { z } from "zod";
import { dayText, text } from "./document.js";
import { amount, eventCharges, factoringTermsSchema, signedAmount } from "./factoring-terms.js";
import { invoiceIdentity } from "./invoice.js";
import { usedModelSchema } from "./quote.js";
import { assumptionRowSchema } from "./strategy.js";

/** What a factor offers on a schedule of invoices, and what it is made from when the invoices come as JSON. */

/** What may be left out may be blank, as in a file. */
const blankOr = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.literal("")]);

const offeredInvoiceInput = z.strictObject({
  invoice_number: text(100).describe("Number of the invoice"),
  debtor_id: text(100).describe("Who owes it"),
  invoice_date: dayText.describe("Day of the invoice"),
  due_date: dayText.describe("Day on which it is due"),
  amount: signedAmount.describe("Its amount; a credit note is below zero"),
  paid_amount: amount.default("0").describe("What was paid on it"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD")
    .optional()
    .describe("ISO 4217 code; that of the terms when left out"),
  purchase_order: blankOr(text(200)).nullable().optional().describe("Number of the purchase order"),
  proof_of_delivery: blankOr(z.union([z.boolean(), text(200)]))
    .nullable()
    .optional()
    .describe("Whether delivery is proved, or the number of the document"),
  country: blankOr(z.string().regex(/^[A-Za-z]{2}$/, "must be two letters"))
    .nullable()
    .optional()
    .describe("Country of the debtor (ISO 3166, two letters)"),
  disputed: z.boolean().default(false).describe("Whether the debtor disputes it"),
  disputed_amount: amount.optional().describe("How much of it is disputed, where not all of it is"),
  verified: z.boolean().default(false).describe("Whether a person has verified it"),
  debtor_type: blankOr(text(60)).nullable().optional().describe("What the debtor is: government, affiliate, insolvent"),
  already_assigned: z.boolean().default(false).describe("Whether it stands in another live assignment"),
  expected_days_to_pay: z
    .number()
    .min(0)
    .max(3650)
    .optional()
    .describe("Days from the invoice date to the payment that are expected; to the due date when left out"),
});

export const ledgerDebtor = z.strictObject({
  debtor_id: text(100).describe("The debtor, as invoices name it"),
  outstanding: amount.default("0").describe("Outstanding of it in all portfolios of the factor"),
  over_age: amount.default("0").describe("What of that is over age"),
  credit_limit: amount.nullable().default(null).describe("Most that is bought of it; null: no limit"),
  payable_to_debtor: amount.default("0").describe("What the seller owes it"),
  debtor_type: text(60).nullable().default(null).describe("What it is: government, affiliate, insolvent"),
});
export type LedgerDebtor = z.output<typeof ledgerDebtor>;

export const factoringOfferInput = z
  .strictObject({
    terms: factoringTermsSchema.describe("The terms; as_of is needed here"),
    invoices: z.array(offeredInvoiceInput).min(1).max(10_000).describe("The invoices, 1 to 10,000 of them"),
    debtors: z
      .array(ledgerDebtor)
      .max(100_000)
      .optional()
      .describe("The factor's debtors; when they are given, one that is not among them is not bought"),
    target_cash: amount.optional().describe("Raise this much, with the invoices that cost least"),
  })
  .superRefine(({ terms, invoices }, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message, input: invoices });
    if (terms.as_of === undefined) fault(["terms", "as_of"], "is required here");
    const rows = new Map<string, number>();
    for (const [i, invoice] of invoices.entries()) {
      if (invoice.due_date < invoice.invoice_date) {
        fault(["invoices", i, "due_date"], `must not be before the invoice date, ${invoice.invoice_date}`);
      }
      if (Number(invoice.amount) === 0) fault(["invoices", i, "amount"], "must not be zero");
      if (invoice.currency !== undefined && invoice.currency !== terms.currency) {
        fault(["invoices", i, "currency"], `must be ${terms.currency}: a schedule has one currency`);
      }
      const key = JSON.stringify([invoice.debtor_id, invoiceIdentity(invoice.invoice_number)]);
      const first = rows.get(key);
      if (first === undefined) rows.set(key, i);
      else fault(["invoices", i, "invoice_number"], `stands at /invoices/${first} already`);
    }
  });

const money = z.string();
const rate = z.string();

const reason = z.object({ code: z.string(), step: z.number(), removed_amount: money, message: z.string() });

const offeredInvoice = z.object({
  invoice_number: z.string(),
  debtor_id: z.string(),
  amount: money.describe("What is open of it"),
  eligible: z.boolean(),
  eligible_amount: money,
  selected: z.boolean().describe("False where it is eligible and not needed for the cash that is asked for"),
  advance: money,
  reserve: money,
  due_in_days: z.number().describe("Days from funding to the due date; below zero it is past due"),
  expected_days_to_pay: z.number().describe("Days from the invoice date to the payment that is expected"),
  expected_days_from_funding: z.number().describe("The same from the day of funding, 1 at least"),
  expected_fee: money,
  recourse_on: z.string().nullable().describe("Day from which it goes back unpaid; null without recourse"),
  reasons: z.array(reason),
});

const costRow = z.object({
  day: z.number(),
  fee: money.describe("Fee and interest when all debtors pay on this day"),
  interest: money.describe("The interest among it"),
  charges: money.describe("Taken at funding, of the facility by this day, and for paying the reserve back"),
  cost: money.describe("Fee, interest and charges"),
  release: money.describe("What comes back of the reserve, less the charges of the facility"),
  to_escrow: money.describe("What of it goes into the escrow reserve first"),
  client_receives: money.describe("Net funded and release"),
  fee_rate_of_face: rate,
  cost_rate_of_face: rate,
  apr_of_advance: rate.nullable().describe("Yearly rate on the cash received; null where nothing is"),
  new_block: z.boolean().describe("The first day of a new block: the worst to be paid on"),
});
export type CostRow = z.infer<typeof costRow>;

const disclosure = z.object({
  law: z.string(),
  applies: z.boolean().describe("Whether the offer is small enough for it"),
  heading: z.string(),
  amount_financed: money,
  finance_charge: money,
  estimated_apr_pct: z.string().nullable(),
  total_payment_amount: money,
  term_days: z.number(),
  rows: z.array(z.object({ row: z.number(), label: z.string(), value: z.string(), explanation: z.string() })),
});
export type Disclosure = z.infer<typeof disclosure>;

const alternative = z.object({
  kind: z.enum(["recourse", "non_recourse", "overdraft", "sell", "place"]),
  name: z.string(),
  offered: z.boolean().describe("Whether it is what the terms offer"),
  cash_today: money,
  cost: money,
  expected_loss: money.describe("Debts never paid that the business bears"),
  keeps: money.describe("What the business has in the end"),
  cost_rate_of_face: rate,
  apr: rate.nullable(),
  days: z.number(),
  annual_net_benefit: money.nullable().describe("Of factoring over the overdraft in a year; on the overdraft alone"),
  note: z.string(),
});
export type Alternative = z.infer<typeof alternative>;

/** What a forecast of payments lacks, or does not know. */
const expectedFindingSchema = z.object({
  code: z.enum(["column_absent", "value_unseen", "population_differs"]),
  column: z.string(),
  message: z.string(),
});
export type ExpectedFinding = z.infer<typeof expectedFindingSchema>;

const eventCharge = z.object({
  code: z.string(),
  per: z.enum(eventCharges),
  amount: money,
  charged: z.string().describe("When it is charged, in words"),
});
export type EventChargeShown = z.infer<typeof eventCharge>;

export const factoringOfferDocument = z.object({
  offer: z.object({
    name: z.string().nullable(),
    currency: z.string(),
    as_of: z.string(),
    invoices: z.number(),
    invoices_funded: z.number(),
    gross: money,
    eligible: money,
    purchased: money.describe("Face of the invoices that are bought"),
    advance_rate: rate,
    dilution_reserve: money,
    facility_room: money.nullable().describe("What the limit leaves; null: no limit"),
    over_advance: money,
    gross_advance: money,
    upfront_charges: money,
    facility_charges: money
      .optional()
      .describe(
        "Charges of the facility, once and by month, that fall due by the last due date; on offers since they are reckoned",
      ),
    fee_at_funding: money,
    net_funded: money,
    reserve: money,
    recourse: z.string(),
    expires_on: z.string(),
  }),
  target: z
    .object({ target_cash: money, reached: z.boolean(), proved_cheapest: z.boolean(), expected_cost: money })
    .nullable(),
  expected: z.object({
    basis: z.string().describe("What the expected days to pay come from"),
    model: usedModelSchema.optional().describe("The stored model they come from; left out where they do not"),
    findings: z
      .array(expectedFindingSchema)
      .optional()
      .describe(
        "What the model looks at and the invoices do not say, or say otherwise than the history; left out where nothing is",
      ),
    days: z.number(),
    fee: money,
    cost: money,
    release: money,
    fee_rate_of_face: rate,
    apr_of_advance: rate.nullable(),
  }),
  invoices: z.array(offeredInvoice),
  base: z.array(z.object({ step: z.string(), removed: money, remaining: money })),
  cost_by_day: z.array(costRow),
  event_charges: z
    .array(eventCharge)
    .optional()
    .describe("What may be charged beside the cost, if it happens; on offers since it is told"),
  disclosure: z.object({ california: disclosure, new_york: disclosure }),
  alternatives: z.array(alternative),
  assumptions: z.array(assumptionRowSchema),
});
export type FactoringOffer = z.infer<typeof factoringOfferDocument>;
