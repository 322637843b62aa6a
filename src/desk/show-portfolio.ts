import { findPortfolio, findTape, portfolioDocumentOf } from "../store/portfolio.js";
import { implement } from "./act.js";

export const showPortfolio = implement("show-portfolio", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  return portfolioDocumentOf(portfolio, await findTape(tx, portfolio.portfolioId));
});
