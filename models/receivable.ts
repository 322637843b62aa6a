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
  row: z.number(),
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
  /** what was paid for it; null before the purchase */
  cost: z.string().nullable(),
  /** what the debtor still owes; null before the purchase */
  claim: z.string().nullable(),
  collected: z.string().nullable(),
  agency_id: agencyId.nullable(),
});

export const showReceivableInput = z
  .strictObject({
    portfolio_id: portfolioId,
    receivable_id: receivableId.optional(),
    account_number: accountNumber.optional(),
  })
  .refine((input) => (input.receivable_id === undefined) !== (input.account_number === undefined), {
    message: "give receivable_id or account_number, one of them",
  });

export const listReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  state: z.enum(receivableStates).optional(),
  ...pageFields,
});
