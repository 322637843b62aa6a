import { z } from "zod";
import {
  accountNumber,
  amountText,
  dayText,
  entryId,
  instantText,
  pageFields,
  portfolioId,
  purchaseId,
  quoteId,
  text,
} from "./document.js";
import { allocationBases, putBackBases } from "./quote.js";

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
  put_back_basis: z.enum(putBackBases),
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

/** What the seller says: nothing yet, yes (perhaps for less), no; or we have withdrawn it. */
export const putBackStates = ["asked", "accepted", "refused", "withdrawn"] as const;

export const answerPutBackInput = z
  .strictObject({
    purchase_id: purchaseId,
    account_numbers: z.array(accountNumber).min(1).max(10_000).describe("Receivables put back, 1 to 10,000 of them"),
    decision: z.enum(["accepted", "refused"]).describe("Whether the seller takes them"),
    answered_on: dayText.describe("Day of the answer; not in the future"),
    accepted_amount: amountText
      .optional()
      .describe("The refund that the seller accepts, for one receivable; all that was asked when left out"),
    reason: text(500).optional().describe("What the seller says, at most 500 characters"),
  })
  .refine(
    (input) =>
      input.accepted_amount === undefined || (input.decision === "accepted" && input.account_numbers.length === 1),
    { path: ["accepted_amount"], message: "is for one receivable that is accepted" },
  );

export const putBackDocument = z.object({
  account_number: z.string(),
  reason: z.enum(putBackReasons),
  put_back_on: dayText,
  refund: z
    .string()
    .describe("What the seller is asked for: by the contract, a share of the price by face, or what was paid"),
  late: z.boolean().describe("Put back after the window"),
  override_reason: z.string().nullable(),
  state: z.enum(putBackStates).describe("What the seller has answered; withdrawn: the put-back was taken back"),
  accepted: z.string().nullable().describe("The refund that the seller accepted; null before the answer"),
  answered_on: dayText.nullable(),
  answer_reason: z.string().nullable(),
  entry_id: entryId,
});

export const putBackOutput = z.object({
  purchase_id: purchaseId,
  currency: z.string(),
  refund: z.string(),
  put_backs: z.array(putBackDocument),
});
export const listPutBacksInput = z.strictObject({ purchase_id: purchaseId, ...pageFields });
