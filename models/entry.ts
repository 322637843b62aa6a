import { z } from "zod";
import { dayText, entryId, instantText, pageFields, portfolioId } from "./document.js";

/** One kind an event of the business that moves money. */
export const entryKinds = [
  "purchase_booked",
  "collection_received",
  "collection_by_agency",
  "payment_to_seller",
  "payment_returned",
  "cost_incurred",
  "receivable_put_back",
  "receipt",
] as const;
export type EntryKind = (typeof entryKinds)[number];

export const postingDocument = z.object({
  line: z.number(),
  debit_account: z.string(),
  credit_account: z.string(),
  amount: z.string(),
});

export const entryDocument = z.object({
  id: entryId,
  portfolio_id: portfolioId,
  sequence: z.number(),
  kind: z.enum(entryKinds),
  /** version of the builder that made the postings */
  builder_version: z.number(),
  effective_on: dayText,
  recorded_at: instantText,
  source_kind: z.string(),
  source_id: z.string(),
  actor: z.string(),
  reverses_entry_id: entryId.nullable(),
  account_number: z.string().nullable(),
  agency_id: z.string().nullable(),
  currency: z.string(),
  postings: z.array(postingDocument),
});
export type EntryDocument = z.infer<typeof entryDocument>;

export const showEntryInput = z.strictObject({ entry_id: entryId });
export const listEntriesInput = z.strictObject({
  portfolio_id: portfolioId,
  kind: z.enum(entryKinds).optional(),
  account: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  effective_from: dayText.optional(),
  effective_to: dayText.optional(),
  ...pageFields,
});

const asOfFields = {
  /** effective dates up to and including this day; today when left out */
  as_of: dayText.optional(),
  /** only what had been recorded by this instant; all that is recorded when left out */
  known_at: instantText.optional(),
};

export const trialBalanceInput = z.strictObject({ portfolio_id: portfolioId.optional(), ...asOfFields });
export const trialBalanceDocument = z.object({
  as_of: dayText,
  known_at: instantText,
  accounts: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      currency: z.string(),
      debit: z.string(),
      credit: z.string(),
      /** debit less credit */
      balance: z.string(),
    }),
  ),
});
export type TrialBalanceDocument = z.infer<typeof trialBalanceDocument>;

export const accountStatementInput = z.strictObject({
  portfolio_id: portfolioId,
  account: z.string().regex(/^\d{4}$/, "must be the code of a ledger account such as 1100"),
  from: dayText.optional(),
  ...asOfFields,
  ...pageFields,
});
export const accountStatementDocument = z.object({
  account: z.object({ code: z.string(), name: z.string() }),
  portfolio_id: portfolioId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  opening: z.string(),
  closing: z.string(),
  data: z.array(
    z.object({
      entry_id: entryId,
      kind: z.enum(entryKinds),
      effective_on: dayText,
      recorded_at: instantText,
      counter_account: z.string(),
      debit: z.string(),
      credit: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

export const netbackInput = z.strictObject({ portfolio_id: portfolioId, ...asOfFields });
