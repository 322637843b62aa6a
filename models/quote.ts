import { z } from "zod";
import { dayText, instantText, pageFields, portfolioId, purchaseId, quoteId, text } from "./document.js";
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
  as_of: dayText.optional(),
  /** the user's strategy; what it leaves out is taken from the published priors */
  strategy: strategySchema.default({}),
};

export const valuePortfolioInput = z.strictObject(valuationFields);
export const showStrataInput = z.strictObject({
  ...valuationFields,
  by: z.enum(["product_type", "age_band", "balance_band", "stage", "state"]).optional(),
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
  /** days the quote can be accepted; it expires that many times 24 hours after it is issued */
  valid_days: z.coerce.number().int().min(1).max(365).default(30),
  note: text(500).optional(),
});

export const quoteDocument = z.object({
  id: quoteId,
  portfolio_id: portfolioId,
  kind: z.literal("bid"),
  state: z.enum(quoteStates),
  currency: z.string(),
  price: z.string(),
  /** balances of the receivables that are priced; the excluded ones are not in it */
  face: z.string(),
  receivables: z.number(),
  cents_per_dollar: z.number(),
  target_irr: z.string().nullable(),
  as_of: dayText,
  issued_at: instantText,
  expires_at: instantText,
  closed_at: instantText.nullable(),
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
});
export type QuoteSnapshot = z.infer<typeof quoteSnapshot>;

export const showQuoteOutput = quoteDocument.extend({ snapshot: quoteSnapshot });
export const showQuoteInput = z.strictObject({ quote_id: quoteId });
export const listQuotesInput = z.strictObject({
  portfolio_id: portfolioId.optional(),
  state: z.enum(quoteStates).optional(),
  ...pageFields,
});
export const declineQuoteInput = z.strictObject({ quote_id: quoteId, reason: text(500).optional() });

export const acceptQuoteInput = z.strictObject({
  quote_id: quoteId,
  /** the day the purchase is booked on; the day of the act when left out */
  closing_on: dayText.optional(),
  /** collections from this day on are the buyer's; the quote's as_of when left out */
  cut_off_on: dayText.optional(),
  allocation: z.enum(allocationBases).default("face"),
  /** days after closing in which receivables can be put back to the seller */
  put_back_days: z.coerce.number().int().min(0).max(3650).default(120),
});

export const repriceQuoteOutput = z.object({
  quote_id: quoteId,
  price: z.string(),
  price_again: z.string(),
  same: z.literal(true),
});
