import { listEntries as readPage } from "../store/entry.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listEntries = implement("list-entries", async ({ tx }, input) =>
  readPage(tx, await findPortfolio(tx, input.portfolio_id), input),
);
