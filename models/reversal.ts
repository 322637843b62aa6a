import { z } from "zod";
import {
  accountNumber,
  agencyId,
  amountText,
  dayText,
  entryId,
  externalId,
  moneyText,
  portfolioId,
  text,
} from "./document.js";
import { entryDocument } from "./entry.js";
import { costTypes, paymentChannels, receiptKinds } from "./payment.js";
import { receivableStates } from "./receivable.js";

const balanceChange = z.object({
  portfolio_id: portfolioId,
  code: z.string(),
  name: z.string(),
  currency: z.string(),
  before: z.string().describe("Debit less credit before the act"),
  after: z.string().describe("Debit less credit after it"),
});

/** What an act did to the books: shown beside the answer of every dry run. */
export const effectDocument = z.object({
  entries: z.array(entryDocument).describe("The entries that the act makes, the first 100"),
  entries_total: z.number(),
  balances: z.array(balanceChange).describe("Every ledger account that the act touches"),
});
export type EffectDocument = z.infer<typeof effectDocument>;

const reason = text(500).describe("Why, at most 500 characters; kept on the entry");

export const reverseEntryInput = z.strictObject({
  entry_id: entryId,
  reversed_on: dayText.describe("Day the reversal counts for; not before the entry's own, not in the future"),
  reason,
  amount: amountText
    .optional()
    .describe("How much of it is taken back, such as 100.00; all that is left when left out"),
  lines: z
    .array(z.number().int().min(1).max(100))
    .min(1)
    .max(100)
    .optional()
    .describe("Numbers of the postings that are taken back, such as [3]; all of them when left out"),
  account_numbers: z
    .array(accountNumber)
    .min(1)
    .max(100_000)
    .optional()
    .describe("Of a resale: the receivables that come back; all of them when left out"),
});

/** The fields of the act that made the entry, of which those given take the place of what was recorded. */
const correctedFields = z
  .strictObject({
    amount: moneyText.optional().describe("The right amount"),
    account_number: accountNumber.optional().describe("The right receivable, of a payment or a cost"),
    channel: z.enum(paymentChannels).optional().describe("Who really took the money"),
    commission: amountText.optional().describe("The right commission of the payment"),
    legal: z.boolean().optional().describe("The money came by suit or through an attorney"),
    paid_on: dayText.optional().describe("The day the debtor really paid"),
    cost_type: z.enum(costTypes).optional().describe("What the cost was really for"),
    incurred_on: dayText.optional().describe("The right day of the cost"),
    kind: z.enum(receiptKinds).optional().describe("What the receipt really settled"),
    received_on: dayText.optional().describe("The day the receipt really came"),
    agency_id: agencyId.optional().describe("The right agency of a cost or a receipt (ag_...)"),
    external_id: externalId.optional().describe("Your own number of what stands in its place"),
    note: text(500).optional().describe("The remark of the cost, at most 500 characters"),
  })
  .refine((fields) => Object.keys(fields).length > 0, { message: "name at least one field that was wrong" });
export type CorrectedFields = z.infer<typeof correctedFields>;

export const correctEntryInput = z.strictObject({
  entry_id: entryId,
  reason,
  corrected_on: dayText
    .optional()
    .describe("Day both entries are booked on; the entry's own and that of what is right when left out"),
  with: correctedFields.describe("What was wrong, as it should have been: amount, account_number, paid_on and so on"),
});

const receivableChange = z.object({
  account_number: z.string(),
  state_before: z.enum(receivableStates),
  state_after: z.enum(receivableStates).describe("Whose it is now: put back, sold, settled or ours"),
  claim_before: z.string(),
  claim_after: z.string().describe("What the debtor owes now"),
  collected_before: z.string(),
  collected_after: z.string(),
  unapplied_before: z.string(),
  unapplied_after: z.string().describe("What was paid over the claim"),
  commission_before: z.string(),
  commission_after: z.string(),
});

const agencyChange = z.object({
  agency_id: agencyId,
  remitted: z.string().describe("What the agency has passed on so far, less what was taken back"),
  clearing_before: z.string(),
  clearing_after: z.string().describe("What the agency holds of ours; negative: we owe it to the agency"),
  owed_by: z.enum(["agency", "us", "nobody"]),
});

/** Everything that follows from taking an entry back. */
export const cascadeDocument = z.object({
  commission_returned: z.string().describe("Commission that comes back, less what becomes due"),
  cost_restored: z.string().describe("Cost that the books carry again, less what is recovered"),
  unapplied_taken: z.string().describe("What leaves unapplied cash, less what comes to it"),
  agencies: z.array(agencyChange),
  receivables: z.array(receivableChange).describe("The receivables that change, the first 100"),
  receivables_total: z.number(),
  balances: z.array(balanceChange),
});
export type CascadeDocument = z.infer<typeof cascadeDocument>;

export const reverseEntryOutput = z.object({
  entry: entryDocument.describe("The entry that takes it back"),
  reversed: z.object({
    entry_id: entryId,
    currency: z.string(),
    lines: z
      .array(
        z.object({
          line: z.number(),
          debit_account: z.string(),
          credit_account: z.string(),
          amount: z.string(),
          reversed: z.string().describe("Taken back so far"),
          left: z.string(),
        }),
      )
      .describe("The entry that was taken back, by line"),
  }),
  cascade: cascadeDocument,
});

export const correctEntryOutput = z.object({
  reversal: entryDocument.describe("The entry that takes the wrong one back"),
  rebooked: entryDocument.describe("The entry that stands in its place"),
  cascade: cascadeDocument,
});
