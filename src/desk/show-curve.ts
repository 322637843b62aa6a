import { curveCardSchema } from "../../models/curve.js";
import { findModel } from "../store/model-version.js";
import { implement } from "./act.js";

export const showCurve = implement("show-curve", async ({ tx }, input) => {
  const { card, kind: _, ...document } = await findModel(tx, input.curve_id, "curve");
  return { ...document, card: curveCardSchema.parse(card) };
});
