import { listFindings as readPage } from "../store/finding.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listFindings = implement("list-findings", async ({ tx }, input) => {
  await findPortfolio(tx, input.portfolio_id);
  return readPage(tx, input.portfolio_id, input);
});
