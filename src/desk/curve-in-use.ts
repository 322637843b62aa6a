import { type CurveCard, curveCardSchema } from "../../models/curve.js";
import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import type { FittedAssumptions } from "../pricing/assumptions.js";
import { findModel } from "../store/model-version.js";
import type { Tx } from "../store/transaction.js";
import { assumptionsOfCurve, sourceOfCurve } from "./curve-card.js";

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
  return { ...curve, fitted: assumptionsOfCurve(curve.card, sourceOfCurve(curve.used)) };
}
