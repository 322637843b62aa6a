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
  cut_off_on: dayText,
  closing_on: dayText,
  put_back_until: dayText,
  booked_at: instantText,
  entry_id: entryId,
});
export type PurchaseDocument = z.infer<typeof purchaseDocument>;

export const showPurchaseInput = z.strictObject({ purchase_id: purchaseId });
export const listPurchasesInput = z.strictObject({ portfolio_id: portfolioId.optional(), ...pageFields });

/** Why a receivable goes back to the seller (the disqualified classes of purchase agreements). */
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
  account_numbers: z.array(accountNumber).min(1).max(10_000),
  reason: z.enum(putBackReasons),
  put_back_on: dayText,
  /** after the window a put-back needs the reason why the seller takes it all the same; it is kept for audit */
  override_reason: text(500).optional(),
});

export const putBackDocument = z.object({
  account_number: z.string(),
  reason: z.enum(putBackReasons),
  put_back_on: dayText,
  /** purchase rate (price over face of the purchase) x balance at cut-off */
  refund: z.string(),
  late: z.boolean(),
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
