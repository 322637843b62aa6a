import { z } from "zod";
import { curveCardSchema } from "./curve.js";
import { dayText, id, instantText, pageFields, portfolioId, text } from "./document.js";
import { paymentCardSchema } from "./payment-card.js";
import { recoveryCardSchema } from "./recovery-card.js";
import { segmentations } from "./strategy.js";

/** Records of what was learnt from data. A version never changes; a valuation names the ones it used. */

export const modelKinds = ["recovery_score", "payment_behaviour", "curve"] as const;
export type ModelKind = (typeof modelKinds)[number];

/** A card as a caller hands it over, before its kind says what it has to be. */
const anyCard = z.record(z.string(), z.unknown());
export type ModelCard = z.infer<typeof anyCard>;

/** The schema of each kind's card. */
export const cardSchemas: Readonly<Record<ModelKind, z.ZodType>> = {
  recovery_score: recoveryCardSchema,
  payment_behaviour: paymentCardSchema,
  curve: curveCardSchema,
};

/** Longest card, as JSON. */
export const longestCard = 8_000_000;

export const modelStates = ["active", "retired"] as const;
export const modelId = id("mo", "model");
const name = text(100);

export const modelDocument = z.object({
  id: modelId,
  kind: z.enum(modelKinds),
  name: z.string(),
  version: z.number().int().describe("Counts up for each kind and name"),
  state: z.enum(modelStates),
  hash: z.string().describe("SHA-256 of the card, its keys in order"),
  fitted_on: dayText.nullable().describe("Day up to which its data reach"),
  registered_at: instantText,
  actor: z.string(),
  retired_at: instantText.nullable(),
  retired_reason: z.string().nullable(),
});
export type ModelDocument = z.infer<typeof modelDocument>;
export const shownModel = modelDocument.extend({ card: anyCard });

export const registerModelInput = z.strictObject({
  card: anyCard.describe("The card, as `fit` wrote it"),
  kind: z.enum(modelKinds).describe("What it foretells"),
  name: name.describe("What it is called, at most 100 characters; the same name again makes a new version"),
  fitted_on: dayText.optional().describe("Day up to which its data reach"),
});
export const listModelsInput = z.strictObject({
  kind: z.enum(modelKinds).optional().describe("Only models of this kind"),
  state: z.enum(modelStates).optional().describe("Only models in this state"),
  ...pageFields,
});
export const showModelInput = z.strictObject({ model_id: modelId });
export const retireModelInput = z.strictObject({
  model_id: modelId,
  reason: text(500).describe("Why it is not to be used any more, at most 500 characters"),
});

/** A curve as its list shows it, and whole. */
export const curveDocument = modelDocument.omit({ kind: true }).extend({
  as_of: dayText,
  portfolios: z.number().int(),
  shape: z.number(),
  scale_years: z.number(),
  level: z.number(),
});
export const shownCurve = modelDocument.omit({ kind: true }).extend({ card: curveCardSchema });
export const fitCurveInput = z.strictObject({
  portfolio_ids: z
    .array(portfolioId)
    .min(1)
    .max(1000)
    .describe("Bought portfolios whose collections are used, in one currency; 1 to 1000"),
  as_of: dayText.optional().describe("Collections up to this day; today when left out"),
  segment_by: z
    .enum(segmentations)
    .default("stage")
    .describe("How receivables are divided; segments are set in relation to each other as far as their cash allows"),
  name: name.default("collections").describe("What the curve is called; the same name again makes a new version"),
});
export const listCurvesInput = z.strictObject({
  state: z.enum(modelStates).optional().describe("Only curves in this state"),
  ...pageFields,
});
export const showCurveInput = z.strictObject({ curve_id: modelId });
