import { z } from "zod";
import { claimPartsDocument } from "./claim.js";
import { accountNumber, agencyId, dayText, pageFields, portfolioId, receivableId } from "./document.js";

/**
 * `offered`: on the tape, not bought. `owned`: bought. `settled`: ours still, and the debtor owes nothing more. `put_back`:
 * returned to the seller. `sold`: sold on. `not_bought`: on the tape of a portfolio that was bought, but excluded from the
 * purchase.
 */
export const receivableStates = ["offered", "owned", "settled", "put_back", "sold", "not_bought"] as const;
export type ReceivableState = (typeof receivableStates)[number];

/** One debt, without the person: names, national ids, addresses, phones and mails stand in the vault. */
export const receivableDocument = z.object({
  id: receivableId,
  account_number: z.string(),
  row: z.number().describe("Row of the tape, counted from 1 without the header"),
  state: z.enum(receivableStates),
  currency: z.string(),
  jurisdiction: z.string().nullable(),
  product_type: z.string().nullable(),
  original_creditor: z.string().nullable(),
  open_date: dayText.nullable(),
  delinquency_date: dayText.nullable(),
  charge_off_date: dayText.nullable(),
  last_payment_date: dayText.nullable(),
  current_balance: z.string(),
  original_balance: z.string().nullable(),
  charge_off_balance: z.string().nullable(),
  prior_placements: z.number().nullable(),
  cost: z.string().nullable().describe("What was paid for it; null before the purchase"),
  claim: z.string().nullable().describe("What the debtor still owes; null before the purchase"),
  claim_parts: claimPartsDocument.nullable().describe("The same by component"),
  unapplied: z.string().nullable().describe("What was paid over the claim and is kept for the debtor"),
  refund_due: z.string().nullable().describe("The part of it that is marked as due back to the debtor"),
  court_costs_advanced: z.string().nullable().describe("Court costs we have paid for it and not had back"),
  collected: z.string().nullable(),
  agency_id: agencyId.nullable().describe("The agency it is placed with, if any"),
});

export const shownReceivable = receivableDocument.extend({
  carrying_amount: z
    .string()
    .nullable()
    .describe("Its share of what the portfolio is carried at, by allocated cost; null unless asked for, or not ours"),
});

export const showReceivableInput = z
  .strictObject({
    portfolio_id: portfolioId,
    with_carrying_amount: z
      .boolean()
      .default(false)
      .describe("Also its carrying amount, which is worked out over all receivables of the portfolio"),
    receivable_id: receivableId.optional().describe("Id of the receivable (rc_...); or give account_number"),
    account_number: accountNumber.optional().describe("The seller's number of the receivable; or give receivable_id"),
  })
  .refine((input) => (input.receivable_id === undefined) !== (input.account_number === undefined), {
    message: "give receivable_id or account_number, one of them",
  });

export const listReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  state: z.enum(receivableStates).optional().describe("Only receivables in this state"),
  ...pageFields,
});
