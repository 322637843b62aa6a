import { implement } from "./act.js";
import { valueStored } from "./value-stored.js";

export const showForecast = implement("show-forecast", async ({ tx }, input) => {
  const { portfolio, asOf, valuation } = await valueStored(tx, input);
  const { portfolioId, currency } = portfolio;
  return { portfolio_id: portfolioId, as_of: asOf, currency, forecast: valuation.document.forecast };
});
