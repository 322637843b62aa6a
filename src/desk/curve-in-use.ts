import { type CurveCard, curveCardSchema } from "../../models/curve.js";
import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import type { FittedAssumptions } from "../pricing/assumptions.js";
import { pricingLevel } from "../recovery/collection-curve.js";
import { findModel } from "../store/model-version.js";
import type { Tx } from "../store/transaction.js";

export interface CurveInUse {
  readonly card: CurveCard;
  readonly used: UsedModel;
}

/** A curve that may still be used. Throws `not_found`; `conflict` for one that was retired. */
export async function findCurveInUse(tx: Tx, curveId: string): Promise<CurveInUse> {
  const { card, id, kind, name, version, hash, state, retired_reason } = await findModel(tx, curveId, "curve");
  if (state === "retired") throw new Refusal("conflict", `${curveId} is retired: ${retired_reason}`);
  return { card: curveCardSchema.parse(card), used: { id, kind, name, version, hash } };
}

/** The curve as assumptions of a price, with the version named as their source. */
export async function curveForPricing(tx: Tx, curveId: string): Promise<CurveInUse & { fitted: FittedAssumptions }> {
  const curve = await findCurveInUse(tx, curveId);
  const { name, version, hash } = curve.used;
  const source = `curve "${name}" version ${version} (${curveId}, ${hash.slice(0, 12)})`;
  return { ...curve, fitted: assumptionsOfCurve(curve.card, source) };
}

/** What a card says as assumptions of a price: timing, level, segments, and how far a portfolio may lie off. */
export function assumptionsOfCurve(card: CurveCard, source: string): FittedAssumptions {
  const { timing, prior_timing: prior, level, horizon_months: horizonMonths, portfolios } = card;
  const count = portfolios.length === 1 ? "one portfolio" : `${portfolios.length} portfolios`;
  return {
    values: {
      recovery: {
        timing,
        collections_multiplier: pricingLevel({ timing, prior, level: level.value, horizonMonths }),
        segment_multipliers: card.segments.map(({ by, key, relativity }) => ({ by, key, multiplier: relativity })),
      },
      interval: { systematic_cv: level.variation },
    },
    source: `${source}, collections of ${count} to ${card.as_of}`,
  };
}
