import { lockPortfolio, saveCollectionTerms } from "../store/portfolio.js";
import { implement } from "./act.js";

/** Payments recorded from now on follow the new terms; what is applied stays as it was. */
export const setCollectionTerms = implement("set-collection-terms", async ({ tx }, input) => {
  const portfolio = await lockPortfolio(tx, input.portfolio_id);
  const waterfall = input.waterfall ?? portfolio.waterfall;
  const overpayment = input.overpayment ?? portfolio.overpayment;
  await saveCollectionTerms(tx, { portfolioId: portfolio.portfolioId, waterfall, overpayment });
  return { portfolio_id: portfolio.portfolioId, waterfall: [...waterfall], overpayment };
});
