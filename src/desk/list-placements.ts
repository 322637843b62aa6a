import { listPlacements as readPage } from "../store/agency.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listPlacements = implement("list-placements", async ({ tx }, input) =>
  readPage(tx, await findPortfolio(tx, input.portfolio_id), input),
);
