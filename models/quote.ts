import { z } from "zod";
import { dayText, instantText, pageFields, portfolioId, purchaseId, quoteId, text } from "./document.js";
import { modelId, modelKinds } from "./model-version.js";
import { assumptionsSchema, strategySchema } from "./strategy.js";
import { layoutSchema } from "./tape.js";
import { priceDocumentSchema, valuationSchema } from "./valuation.js";

/**
 * The life of a quote: issued → accepted | declined | superseded; an issued quote past `expires_at` is expired. Nothing
 * leads back. Issuing another quote on the same portfolio supersedes the one that was open.
 */
export const quoteStates = ["issued", "accepted", "declined", "expired", "superseded"] as const;
export type QuoteState = (typeof quoteStates)[number];

/** How the price is split over the receivables bought. */
export const allocationBases = ["face", "expected_value"] as const;
export type AllocationBasis = (typeof allocationBases)[number];

/** What a valuation of a stored portfolio takes: the same as `netback price`. */
export const valuationFields = {
  portfolio_id: portfolioId,
  as_of: dayText.optional().describe("The day it is priced on; the day of the tape when left out"),
  strategy: strategySchema
    .default({})
    .describe("Your own assumptions (docs/STRATEGY.md); what they leave out is taken from the published priors"),
  curve_id: modelId
    .optional()
    .describe("Curve fitted on own collections (mo_...): its timing and level lie over the priors, under the strategy"),
  model_id: modelId
    .optional()
    .describe("Account score fitted on own history (mo_...), in place of the priors of recovery and of a curve"),
};

/** A version of what was learnt from data that a valuation used. */
export const usedModelSchema = z.strictObject({
  id: modelId,
  kind: z.enum(modelKinds),
  name: z.string(),
  version: z.number().int(),
  hash: z.string(),
});
export type UsedModel = z.infer<typeof usedModelSchema>;

export const valuePortfolioInput = z.strictObject(valuationFields);
export const showStrataInput = z.strictObject({
  ...valuationFields,
  by: z
    .enum(["product_type", "age_band", "balance_band", "stage", "state"])
    .optional()
    .describe("Only the strata by this; all of them when left out"),
});

/** The document of `netback price --json`. */
export const priceDocument = priceDocumentSchema;
export const strataDocument = z.object({
  portfolio_id: portfolioId,
  as_of: dayText,
  currency: z.string(),
  strata: valuationSchema.shape.strata,
  aging: valuationSchema.shape.aging,
  data_quality: valuationSchema.shape.data_quality,
});
export const forecastDocument = z.object({
  portfolio_id: portfolioId,
  as_of: dayText,
  currency: z.string(),
  forecast: valuationSchema.shape.forecast,
});

export const issueQuoteInput = z.strictObject({
  ...valuationFields,
  valid_days: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe("Days (of 24 hours) in which the quote can be accepted, 1 to 365"),
  note: text(500).optional().describe("A remark that is kept with the quote, at most 500 characters"),
});

/** What the contract refunds for a receivable put back: its share of the price by face, or what the price's split gave it. */
export const putBackBases = ["face", "allocated_price"] as const;
export type PutBackBasis = (typeof putBackBases)[number];

export const quoteDocument = z.object({
  id: quoteId,
  portfolio_id: portfolioId,
  kind: z.literal("bid"),
  state: z.enum(quoteStates),
  currency: z.string(),
  price: z.string(),
  face: z.string().describe("Balances of the receivables that are priced; the excluded ones are not in it"),
  receivables: z.number(),
  cents_per_dollar: z.number().describe("Price over face, in cents per dollar (per cent)"),
  target_irr: z.string().nullable(),
  as_of: dayText,
  issued_at: instantText,
  expires_at: instantText,
  closed_at: instantText.nullable().describe("When it was accepted, declined or superseded"),
  note: z.string().nullable(),
  purchase_id: purchaseId.nullable(),
});
export type QuoteDocument = z.infer<typeof quoteDocument>;

/** What the price came from. Kept once, never changed: priced again from it, the quote gives the same figure. */
export const quoteSnapshot = z.object({
  tape_sha256: z.string(),
  layout: layoutSchema,
  as_of: dayText,
  priors_version: z.string(),
  assumptions: assumptionsSchema,
  valuation: valuationSchema,
  models: z
    .array(usedModelSchema)
    .optional()
    .describe("Versions that the price was made with; none where it is left out"),
});
export type QuoteSnapshot = z.infer<typeof quoteSnapshot>;

export const showQuoteOutput = quoteDocument.extend({ snapshot: quoteSnapshot });
export const showQuoteInput = z.strictObject({ quote_id: quoteId });
export const listQuotesInput = z.strictObject({
  portfolio_id: portfolioId.optional().describe("Only quotes of this portfolio (pf_...)"),
  state: z.enum(quoteStates).optional().describe("Only quotes in this state"),
  ...pageFields,
});
export const declineQuoteInput = z.strictObject({
  quote_id: quoteId,
  reason: text(500).optional().describe("Why, at most 500 characters; kept with the quote"),
});

export const acceptQuoteInput = z.strictObject({
  quote_id: quoteId,
  closing_on: dayText.optional().describe("The day the purchase is booked on; today when left out"),
  cut_off_on: dayText
    .optional()
    .describe("Collections from this day on are the buyer's; the quote's as_of when left out"),
  allocation: z.enum(allocationBases).default("face").describe("How the price is split over the receivables"),
  put_back_days: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(120)
    .describe("Days after closing in which receivables can be put back to the seller, 0 to 3650"),
  put_back_basis: z
    .enum(putBackBases)
    .default("face")
    .describe(
      "What the seller refunds: face: purchase rate x balance at cut-off; allocated_price: what was paid for it",
    ),
});

export const repriceQuoteOutput = z.object({
  quote_id: quoteId,
  price: z.string(),
  price_again: z.string(),
  same: z.literal(true).describe("Never anything else: another figure would be a fault of netback"),
});
