import { z } from "zod";
import {
  accountNumber,
  agencyId,
  amountText,
  dayText,
  entryId,
  externalId,
  instantText,
  moneyText,
  pageFields,
  portfolioId,
  resaleId,
  text,
} from "./document.js";

/** What a debtor's claim is made of. */
export const claimComponents = ["principal", "interest", "fees", "court_costs"] as const;
export type ClaimComponent = (typeof claimComponents)[number];

/**
 * The order in which a payment pays the components where nothing else is agreed: costs, then interest, then principal, the
 * rule of German law (BGB s. 367) and, for interest before principal, of the courts of the United States (Story v.
 * Livingston, 38 U.S. 359, 1839).
 */
export const defaultWaterfall: readonly ClaimComponent[] = ["court_costs", "fees", "interest", "principal"];

/** What becomes of money over the claim: it waits as unapplied cash, or is marked as due back to the debtor. */
export const overpaymentRules = ["unapplied", "refund"] as const;
export type OverpaymentRule = (typeof overpaymentRules)[number];

const waterfallSchema = z
  .array(z.enum(claimComponents))
  .length(claimComponents.length, "must name all four components")
  .refine((order) => new Set(order).size === order.length, "must name each component once");

export const collectionTerms = z.object({
  waterfall: z.array(z.enum(claimComponents)).describe("The order in which a payment pays the components of a claim"),
  overpayment: z.enum(overpaymentRules),
});

export const setCollectionTermsInput = z
  .strictObject({
    portfolio_id: portfolioId,
    waterfall: waterfallSchema
      .optional()
      .describe("The order in which later payments pay the claim: court_costs, fees, interest, principal, each once"),
    overpayment: z
      .enum(overpaymentRules)
      .optional()
      .describe("Money over the claim: unapplied: it waits; refund: it is marked as due back to the debtor"),
  })
  .refine((input) => input.waterfall !== undefined || input.overpayment !== undefined, {
    message: "give waterfall or overpayment, or both",
  });
export const setCollectionTermsOutput = collectionTerms.extend({ portfolio_id: portfolioId });

/** A claim, or a change of one, by component. */
export const claimPartsDocument = z.object({
  principal: z.string(),
  interest: z.string(),
  fees: z.string(),
  court_costs: z.string(),
});

/** What one entry did to one receivable. */
export const claimEventDocument = z.object({
  entry_id: entryId,
  account_number: z.string(),
  kind: z.string(),
  happened_on: dayText,
  state: z.string().describe("State of the receivable after it"),
  change: claimPartsDocument.describe("What it added to each component of the claim"),
  claim_change: z.string().describe("The sum of these"),
  unapplied_change: z.string(),
  court_cost_advance_change: z.string().describe("What it added to the court costs that we have advanced"),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  recorded_at: instantText,
});
export type ClaimEventDocument = z.infer<typeof claimEventDocument>;

export const listClaimEventsInput = z.strictObject({
  portfolio_id: portfolioId,
  account_number: accountNumber.optional().describe("Only what happened to this receivable"),
  ...pageFields,
});

const note = text(500).optional().describe("A remark, at most 500 characters");

export const adjustmentReasons = ["interest_accrued", "fee_added", "cost_awarded", "credit", "correction"] as const;

export const adjustClaimsInput = z.strictObject({
  portfolio_id: portfolioId,
  adjusted_on: dayText.describe("Day the claims change; not in the future"),
  reason: z.enum(adjustmentReasons).describe("Why they change"),
  adjustments: z
    .array(
      z.strictObject({
        account_number: accountNumber,
        component: z.enum(claimComponents).describe("The part of the claim that changes"),
        amount: moneyText.describe("What is added to the component; negative for what is taken off"),
      }),
    )
    .min(1)
    .max(10_000)
    .describe('Changes, 1 to 10,000: [{"account_number": ..., "component": "interest", "amount": "12.50"}]'),
  note,
});
export const adjustClaimsOutput = z.object({
  portfolio_id: portfolioId,
  currency: z.string(),
  change: z.string().describe("Sum of the changes"),
  events: z.array(claimEventDocument),
});

export const settleReceivableInput = z.strictObject({
  portfolio_id: portfolioId,
  account_number: accountNumber,
  settled_on: dayText.describe("Day of the settlement; not in the future"),
  agreed: amountText.optional().describe("What the debtor was to pay in all: refused while less than this has come in"),
  note,
});
export const settlementDocument = z.object({
  entry_id: entryId,
  portfolio_id: portfolioId,
  account_number: z.string(),
  currency: z.string(),
  settled_on: dayText,
  collected: z.string(),
  written_off: z.string().describe("The rest of the claim, which the debtor need not pay"),
  court_costs_written_off: z.string().describe("Advanced court costs that will not come back"),
  recorded_at: instantText,
});

export const writeOffCourtCostInput = z.strictObject({
  portfolio_id: portfolioId,
  account_number: accountNumber,
  amount: amountText.optional().describe("Part of the advance that is given up; all of it when left out"),
  written_off_on: dayText.describe("Day of the write-off; not in the future"),
  note,
});

export const refundDebtorInput = z.strictObject({
  portfolio_id: portfolioId,
  account_number: accountNumber,
  amount: amountText.optional().describe("Money paid back, such as 20.00; all that is unapplied when left out"),
  refunded_on: dayText.describe("Day it was paid back; not in the future"),
  note,
});

export const applyUnappliedInput = z.strictObject({
  portfolio_id: portfolioId,
  from_account_number: accountNumber.describe("The receivable that has unapplied cash"),
  account_number: accountNumber
    .optional()
    .describe("The receivable it is to pay; the same one, where it owes again, when left out"),
  amount: amountText.optional().describe("Money applied; all that is unapplied and owed when left out"),
  applied_on: dayText.describe("Day it is applied; not in the future"),
  note,
});

/** An amount of cash that was moved on one receivable. */
export const claimMoneyDocument = z.object({
  entry_id: entryId,
  portfolio_id: portfolioId,
  account_number: z.string(),
  currency: z.string(),
  amount: z.string(),
  left: z.string().describe("What is left of it: unapplied cash, or the court costs advanced"),
  recorded_at: instantText,
});

export const payCommissionInput = z.strictObject({
  portfolio_id: portfolioId,
  agency_id: agencyId,
  amount: amountText.describe("Commission paid, such as 1250.00; not more than is owed"),
  paid_on: dayText.describe("Day it was paid; not in the future"),
  note,
});
export const commissionPaymentDocument = z.object({
  entry_id: entryId,
  portfolio_id: portfolioId,
  agency_id: agencyId,
  currency: z.string(),
  amount: z.string(),
  left: z.string().describe("Commission of the portfolio that is still owed"),
  paid_on: dayText,
  recorded_at: instantText,
});

export const sellReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  account_numbers: z.array(accountNumber).min(1).max(100_000).describe("Numbers of the receivables, 1 to 100,000"),
  buyer: text(120).describe("Who buys, at most 120 characters"),
  proceeds: amountText.describe("What the buyer pays for them, such as 5000.00"),
  sold_on: dayText.describe("Day of the sale; not in the future"),
  external_id: externalId.optional().describe("Your own number of the sale: a second one with it is refused"),
});
export const resaleDocument = z.object({
  id: resaleId,
  entry_id: entryId,
  portfolio_id: portfolioId,
  currency: z.string(),
  buyer: z.string(),
  sold_on: dayText,
  receivables: z.number(),
  taken_back: z.number().describe("Of these receivables, those that came back because the sale was taken back"),
  claim: z.string().describe("What the debtors owed"),
  proceeds: z.string(),
  carrying_amount: z.string().describe("What they were carried at, which leaves the books"),
  external_id: z.string().nullable(),
  recorded_at: instantText,
});
export type ResaleDocument = z.infer<typeof resaleDocument>;
export const listResalesInput = z.strictObject({ portfolio_id: portfolioId, ...pageFields });

export const resaleReceivableDocument = z.object({
  account_number: z.string(),
  claim: z.string(),
  proceeds: z.string().describe("Its share of the proceeds, by what was owed"),
  carrying_amount: z.string(),
  taken_back: z.boolean().describe("It came back because the sale was taken back"),
});
export const listResaleReceivablesInput = z.strictObject({ resale_id: resaleId, ...pageFields });
