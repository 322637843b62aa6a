import { parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { findEntry } from "../store/entry.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const showEntry = implement("show-entry", async ({ tx }, input) => {
  const key = parseChildId("en", input.entry_id);
  if (key === undefined) throw new Refusal("not_found", `there is no entry ${input.entry_id}`);
  return findEntry(tx, await findPortfolio(tx, key.portfolioId), input.entry_id);
});
