import { listCosts as readPage } from "../store/cost.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listCosts = implement("list-costs", async ({ tx }, input) =>
  readPage(tx, await findPortfolio(tx, input.portfolio_id), input),
);
