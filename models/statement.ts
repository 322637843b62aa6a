import { z } from "zod";
import { accountNumber, dayText, entryId, instantText, portfolioId, receivableId } from "./document.js";
import { entryKinds } from "./entry.js";
import { receivableStates } from "./receivable.js";

export const receivableStatementInput = z
  .strictObject({
    portfolio_id: portfolioId,
    receivable_id: receivableId.optional().describe("Id of the receivable (rc_...); or give account_number"),
    account_number: accountNumber.optional().describe("The seller's number of the receivable; or give receivable_id"),
    as_of: dayText.optional().describe("Effective dates up to and including this day; today when left out"),
    known_at: instantText
      .optional()
      .describe("Only what had been recorded by this instant; all that is recorded when left out"),
  })
  .refine((input) => (input.receivable_id === undefined) !== (input.account_number === undefined), {
    message: "give receivable_id or account_number, one of them",
  });

const claimParts = z.object({
  principal: z.string(),
  interest: z.string(),
  fees: z.string(),
  court_costs: z.string(),
});

export const receivableStatementDocument = z.object({
  receivable_id: receivableId,
  portfolio_id: portfolioId,
  account_number: z.string(),
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  state: z.enum(receivableStates).describe("As it is now"),
  opening_on: dayText.describe("The closing of the purchase: the claim begins with the books"),
  opening: z.string().describe("What the debtor owed when it was bought"),
  opening_parts: claimParts.describe("The same by component"),
  closing: z.string().describe("What the debtor owed at the end of as_of"),
  closing_parts: claimParts.describe("The same by component"),
  unapplied: z.string().describe("Paid over the claim, and not yet applied or refunded"),
  investment: z.object({
    cost: z.string().describe("Share of the purchase price"),
    collected: z.string().describe("What its payments brought, less what came back"),
    commission: z.string(),
    court_costs: z.string().describe("Court costs spent or advanced on it, less what came back of them"),
    refunded: z.string().describe("What the seller owes or paid for it after a put-back"),
    sold_for: z.string().describe("Its share of the proceeds of a resale"),
  }),
  data: z
    .array(
      z.object({
        entry_id: entryId,
        kind: z.enum(entryKinds),
        effective_on: dayText,
        original_on: dayText.nullable(),
        recorded_at: instantText,
        source_kind: z.string(),
        source_id: z.string(),
        claim_change: z.string(),
        parts_change: claimParts,
        claim: z.string().describe("What was owed after it"),
        collected: z.string(),
        commission: z.string(),
        unapplied_change: z.string(),
        reverses_entry_id: entryId.nullable(),
        reason: z.string().nullable(),
      }),
    )
    .describe("Everything that touched it, by effective day and number"),
});
