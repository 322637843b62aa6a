import { listModels as readPage } from "../store/model-version.js";
import { implement } from "./act.js";

/** Newest first, without their cards. */
export const listModels = implement("list-models", async ({ tx }, input) => {
  const page = await readPage(tx, input);
  return { ...page, data: page.data.map(({ card: _, ...document }) => document) };
});
