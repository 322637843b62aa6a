import { findModel, retireModel as putAway } from "../store/model-version.js";
import { implement } from "./act.js";

/** No valuation takes a retired model any more; what was made with it stays as it is. */
export const retireModel = implement("retire-model", async ({ tx, now }, { model_id, reason }) => {
  await findModel(tx, model_id);
  await putAway(tx, { modelId: model_id, reason, recordedAt: now });
  const { card: _, ...document } = await findModel(tx, model_id);
  return document;
});
