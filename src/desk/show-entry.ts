import { parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { findEntry } from "../store/entry.js";
import { findEntrySource } from "../store/entry-source.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const showEntry = implement("show-entry", async ({ tx }, input) => {
  const key = parseChildId("en", input.entry_id);
  if (key === undefined) throw new Refusal("not_found", `there is no entry ${input.entry_id}`);
  const portfolio = await findPortfolio(tx, key.portfolioId);
  const entry = await findEntry(tx, portfolio, input.entry_id);
  const source = await findEntrySource(tx, portfolio, {
    sourceKind: entry.source_kind,
    sequence: BigInt(entry.sequence),
  });
  return { ...entry, source };
});
