import { curveCardSchema } from "../../models/curve.js";
import { listModels } from "../store/model-version.js";
import { implement } from "./act.js";

/** Curves with what they say, newest first. */
export const listCurves = implement("list-curves", async ({ tx }, input) => {
  const page = await listModels(tx, { ...input, kind: "curve" });
  return {
    ...page,
    data: page.data.map(({ card, kind: _, ...document }) => {
      const { as_of, portfolios, timing, level } = curveCardSchema.parse(card);
      const said = { shape: timing.shape, scale_years: timing.scale_years, level: level.value };
      return { ...document, as_of, portfolios: portfolios.length, ...said };
    }),
  };
});
