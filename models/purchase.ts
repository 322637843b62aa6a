import { z } from "zod";
import {
  accountNumber,
  dayText,
  entryId,
  instantText,
  pageFields,
  portfolioId,
  purchaseId,
  quoteId,
  text,
} from "./document.js";
import { allocationBases } from "./quote.js";

export const purchaseDocument = z.object({
  id: purchaseId,
  portfolio_id: portfolioId,
  quote_id: quoteId,
  currency: z.string(),
  price: z.string(),
  face: z.string(),
  receivables: z.number(),
  allocation: z.enum(allocationBases),
  cut_off_on: dayText.describe("Collections from this day on are the buyer's"),
  closing_on: dayText,
  put_back_until: dayText,
  booked_at: instantText,
  entry_id: entryId,
});
export type PurchaseDocument = z.infer<typeof purchaseDocument>;

export const showPurchaseInput = z.strictObject({ purchase_id: purchaseId });
export const listPurchasesInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("Only purchases of this portfolio (pf_...)"),
  ...pageFields,
});

/** The disqualified classes of purchase agreements. */
export const putBackReasons = [
  "bankrupt",
  "deceased",
  "fraud",
  "settled",
  "paid_before_cut_off",
  "released",
  "wrong_balance",
  "duplicate",
  "litigated",
  "military",
  "out_of_state",
  "out_of_statute",
  "no_documents",
  "other",
] as const;

export const putBackInput = z.strictObject({
  purchase_id: purchaseId,
  account_numbers: z.array(accountNumber).min(1).max(10_000).describe("Numbers of the receivables, 1 to 10,000"),
  reason: z.enum(putBackReasons).describe("Why they go back to the seller"),
  put_back_on: dayText.describe("Day they are put back; not in the future"),
  override_reason: text(500)
    .optional()
    .describe("After the window: why the seller takes them all the same; kept for audit, at most 500 characters"),
});

export const putBackDocument = z.object({
  account_number: z.string(),
  reason: z.enum(putBackReasons),
  put_back_on: dayText,
  refund: z.string().describe("Purchase rate (price over face of the purchase) x balance at cut-off"),
  late: z.boolean().describe("Put back after the window"),
  override_reason: z.string().nullable(),
  entry_id: entryId,
});

export const putBackOutput = z.object({
  purchase_id: purchaseId,
  currency: z.string(),
  refund: z.string(),
  put_backs: z.array(putBackDocument),
});
export const listPutBacksInput = z.strictObject({ purchase_id: purchaseId, ...pageFields });
