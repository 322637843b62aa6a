import { z } from "zod";
import { dayText, entryId, instantText, pageFields, portfolioId } from "./document.js";
import { entryKinds } from "./entry.js";

/** How old what is open is, in days since its effective day: 0 to 30, 31 to 60, 61 to 90, and more. */
export const ageingBuckets = ["0-30", "31-60", "61-90", "over 90"] as const;
export type AgeingBucket = (typeof ageingBuckets)[number];

const asOfFields = {
  as_of: dayText.optional().describe("Effective dates up to and including this day; today when left out"),
  known_at: instantText
    .optional()
    .describe("Only what had been recorded by this instant; all that is recorded when left out"),
};

export const explainBalanceInput = z.strictObject({
  portfolio_id: portfolioId,
  account: z
    .string()
    .regex(/^\d{4}$/, "must be the code of a ledger account such as 1100")
    .describe("Code of the clearing account, such as 1100"),
  ...asOfFields,
  ...pageFields,
});

export const explainBalanceDocument = z.object({
  account: z.object({ code: z.string(), name: z.string(), title: z.string() }),
  portfolio_id: portfolioId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  balance: z.string().describe("Debit less credit, from the balances of the ledger"),
  explained: z.string().describe("Sum of all open items, from its postings"),
  difference: z.string().describe("Balance less explained: anything but zero is damage to the books"),
  open_items: z.number(),
  ageing: z.array(z.object({ days: z.enum(ageingBuckets), items: z.number(), amount: z.string() })),
  counterparties: z
    .array(z.object({ id: z.string().nullable(), name: z.string(), items: z.number(), amount: z.string() }))
    .describe("By agency or seller; empty for accounts whose items belong to single receivables"),
  data: z.array(
    z.object({
      entry_id: entryId,
      kind: z.enum(entryKinds),
      effective_on: dayText,
      age_days: z.number(),
      counterparty_id: z.string().nullable().describe("The agency or receivable; null for the seller, and for nobody"),
      counterparty: z.string().nullable().describe("The agency's or seller's name, or the account number"),
      amount: z.string().describe("What the entry moved on the account, less what took it back"),
      open: z.string().describe("What is left of it; debit less credit"),
    }),
  ),
  next_cursor: z.string().nullable(),
});

export const reportClearingInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("Only this portfolio (pf_...); all of them when left out"),
  ...asOfFields,
});

export const reportClearingDocument = z.object({
  as_of: dayText,
  known_at: instantText,
  accounts: z.array(
    z.object({
      portfolio_id: portfolioId,
      code: z.string(),
      name: z.string(),
      currency: z.string(),
      balance: z.string(),
      open_items: z.number(),
      oldest_on: dayText.nullable().describe("Effective day of the oldest open item"),
      days_0_30: z.string(),
      days_31_60: z.string(),
      days_61_90: z.string(),
      days_over_90: z.string(),
      difference: z.string().describe("Balance less the open items: anything but zero is damage to the books"),
      drill: z.string().describe("Where the open items are listed"),
    }),
  ),
});
