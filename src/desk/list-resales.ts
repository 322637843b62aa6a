import { findPortfolio } from "../store/portfolio.js";
import { listResales as listStored } from "../store/resale.js";
import { implement } from "./act.js";

export const listResales = implement("list-resales", async ({ tx }, input) =>
  listStored(tx, await findPortfolio(tx, input.portfolio_id), input),
);
