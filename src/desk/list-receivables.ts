import { findPortfolio } from "../store/portfolio.js";
import { listReceivables as readPage } from "../store/receivable.js";
import { implement } from "./act.js";

export const listReceivables = implement("list-receivables", async ({ tx }, input) =>
  readPage(tx, await findPortfolio(tx, input.portfolio_id), input),
);
