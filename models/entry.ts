import { z } from "zod";
import { accountNumber, agencyId, dayText, entryId, instantText, pageFields, portfolioId, text } from "./document.js";
import { sealMark } from "./period.js";
import { portfolioKinds } from "./portfolio.js";

/** One kind an event of the business that moves money. */
export const entryKinds = [
  "purchase_booked",
  "collection_received",
  "collection_by_agency",
  "payment_to_seller",
  "payment_returned",
  "cost_incurred",
  "court_cost_advanced",
  "court_cost_written_off",
  "receivable_put_back",
  "put_back_refused",
  "put_back_reduced",
  "receipt",
  "debtor_refunded",
  "unapplied_applied",
  "claim_adjusted",
  "claim_settled",
  "receivables_sold",
  "commission_paid",
  "entry_reversed",
  "revenue_accrued",
  "recoveries_remeasured",
  "carrying_amount_adjusted",
  "method_changed",
  "period_accrual",
  "invoices_purchased",
  "factoring_fees_accrued",
  "invoices_collected",
  "invoices_paid_to_seller",
  "invoices_diluted",
  "reserve_released",
  "escrow_released",
  "invoices_charged_back",
  "invoices_bought_back",
  "credit_loss",
  "shortfall_claimed",
  "receipt_unapplied",
  "receipt_applied",
  "receipt_passed_on",
  "seller_paid",
  "facility_charged",
  "minimum_charged",
  "termination_charged",
] as const;
export type EntryKind = (typeof entryKinds)[number];

const accountCode = z.string().regex(/^\d{4}$/, "must be the code of a ledger account such as 1100");

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
  builder_version: z.number().describe("Version of the builder that made the postings"),
  effective_on: dayText.describe("The day the event counts for"),
  recorded_at: instantText.describe("The instant it was written down"),
  source_kind: z.string().describe("What caused it: a payment, a purchase, a cost, ..."),
  source_id: z.string(),
  actor: z.string().describe("Who did the act"),
  reverses_entry_id: entryId.nullable(),
  reversed_by_entry_ids: z.array(entryId).describe("The entries that take it back, in whole or in part"),
  corrects_entry_id: entryId.nullable().describe("The entry that this one stands in for"),
  original_on: dayText.nullable().describe("The day of the event itself, where it was booked on a later one"),
  reason: z.string().nullable().describe("Why it was reversed, corrected or booked late"),
  account_number: z.string().nullable(),
  agency_id: z.string().nullable(),
  currency: z.string(),
  postings: z.array(postingDocument),
});
export type EntryDocument = z.infer<typeof entryDocument>;

export const showEntryInput = z.strictObject({ entry_id: entryId });
export const listEntriesInput = z.strictObject({
  portfolio_id: portfolioId,
  kind: z.enum(entryKinds).optional().describe("Only entries of this event"),
  account: accountCode.optional().describe("Only entries that touch this ledger account, such as 1100"),
  effective_from: dayText.optional().describe("Only entries effective on this day or later"),
  effective_to: dayText.optional().describe("Only entries effective on this day or earlier"),
  account_number: accountNumber.optional().describe("Only entries of this receivable"),
  agency_id: agencyId.optional().describe("Only entries of this agency (ag_...)"),
  source_kind: text(40).optional().describe("Only entries with this cause, such as payment, cost or put_back"),
  ...pageFields,
});

export const listLedgerAccountsInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("The chart of this portfolio (pf_...)"),
  kind: z.enum(portfolioKinds).default("purchased_debt").describe("The chart of this kind of portfolio"),
});
export const ledgerAccountsDocument = z.object({
  kind: z.enum(portfolioKinds),
  accounts: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      path: z.string().describe("Its name in an exported journal"),
      kind: z.enum(["asset", "liability", "equity", "income", "expense", "memo"]),
    }),
  ),
});

const asOfFields = {
  as_of: dayText.optional().describe("Effective dates up to and including this day; today when left out"),
  known_at: instantText
    .optional()
    .describe("Only what had been recorded by this instant; all that is recorded when left out"),
};

export const trialBalanceInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("Only this portfolio (pf_...); all of them when left out"),
  account: accountCode.optional().describe("Only this ledger account, such as 1100"),
  by_portfolio: z.boolean().default(false).describe("One row a portfolio and account, not one an account"),
  ...asOfFields,
});
export const trialBalanceDocument = z.object({
  as_of: dayText,
  known_at: instantText,
  seal: sealMark.nullable().describe("Seal of the last closed month up to as_of; null where none is closed"),
  accounts: z.array(
    z.object({
      code: z.string(),
      name: z.string().describe("Name of the account, the same in an exported journal: assets:agency clearing"),
      title: z.string().describe("What it is called in words: Agency clearing"),
      currency: z.string(),
      debit: z.string(),
      credit: z.string(),
      balance: z.string().describe("Debit less credit"),
      portfolio_id: portfolioId.optional().describe("The portfolio of the row, where by_portfolio is asked for"),
      drill: z.string().describe("Where the figures come from: the account by portfolio, or its statement"),
    }),
  ),
});
export type TrialBalanceDocument = z.infer<typeof trialBalanceDocument>;

export const accountStatementInput = z.strictObject({
  portfolio_id: portfolioId,
  account: accountCode.describe("Code of the ledger account, such as 1100"),
  from: dayText.optional().describe("First day that is listed; what was before is the opening balance"),
  ...asOfFields,
  ...pageFields,
});
export const accountStatementDocument = z.object({
  account: z.object({ code: z.string(), name: z.string() }),
  portfolio_id: portfolioId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  opening: z.string().describe("Debit less credit before the first day listed"),
  closing: z.string().describe("Debit less credit at the end of as_of"),
  data: z.array(
    z.object({
      entry_id: entryId,
      kind: z.enum(entryKinds),
      effective_on: dayText,
      recorded_at: instantText,
      counter_account: z.string().describe("The other account of the posting"),
      debit: z.string(),
      credit: z.string(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

export const netbackInput = z.strictObject({ portfolio_id: portfolioId, ...asOfFields });
