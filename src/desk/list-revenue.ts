import { findPortfolio } from "../store/portfolio.js";
import { readBases, readRevenueMonths } from "../store/revenue.js";
import { implement } from "./act.js";
import { basisDocumentOf, revenueMonthDocumentOf } from "./carrying-book.js";

export const listRevenue = implement("list-revenue", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const { portfolioId, currency } = portfolio;
  const basis = (await readBases(tx, portfolioId, input.known_at)).at(-1);
  const months = await readRevenueMonths(tx, portfolioId, input.known_at);
  return {
    portfolio_id: portfolioId,
    currency,
    basis: basis === undefined ? null : basisDocumentOf(portfolio, basis),
    months: months.map((month) => revenueMonthDocumentOf(portfolio, month)),
  };
});
