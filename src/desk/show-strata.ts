import { implement } from "./act.js";
import { valueStored } from "./value-stored.js";

export const showStrata = implement("show-strata", async ({ tx }, input) => {
  const { portfolio, asOf, valuation } = await valueStored(tx, input);
  const { strata, aging, data_quality } = valuation.document;
  const shown = input.by === undefined ? strata : strata.filter((stratum) => stratum.by === input.by);
  return {
    portfolio_id: portfolio.portfolioId,
    as_of: asOf,
    currency: portfolio.currency,
    strata: shown,
    aging,
    data_quality,
  };
});
