import { z } from "zod";
import { accountNumber, agencyId, dayText, pageFields, portfolioId, receivableId } from "./document.js";

/**
 * `offered`: on the tape, not bought. `owned`: bought. `put_back`: returned to the seller. `not_bought`: on the tape of a
 * portfolio that was bought, but excluded from the purchase.
 */
export const receivableStates = ["offered", "owned", "put_back", "not_bought"] as const;
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
  collected: z.string().nullable(),
  agency_id: agencyId.nullable().describe("The agency it is placed with, if any"),
});

export const showReceivableInput = z
  .strictObject({
    portfolio_id: portfolioId,
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
