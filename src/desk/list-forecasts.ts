import type { z } from "zod";
import type { forecastVersionDocument } from "../../models/revenue.js";
import { formatMinor } from "../money/money.js";
import { findPortfolio, type Portfolio } from "../store/portfolio.js";
import { findPurchaseOf } from "../store/purchase.js";
import { listForecasts as readPage, type StoredForecast } from "../store/revenue.js";
import { implement } from "./act.js";
import { forecastsOf } from "./carrying-book.js";

export function forecastDocumentOf(
  portfolio: Portfolio,
  forecast: StoredForecast,
): z.infer<typeof forecastVersionDocument> {
  const { portfolioId, currency } = portfolio;
  return {
    portfolio_id: portfolioId,
    version: forecast.version,
    source: forecast.source,
    curve_id: forecast.curveId,
    used_from: forecast.usedFrom.slice(0, 7),
    currency,
    total: formatMinor(
      forecast.amountsMinor.reduce((sum, amount) => sum + amount, 0n),
      currency,
    ),
    first_month: forecast.firstMonth.slice(0, 7),
    monthly: forecast.amountsMinor.map((amount) => formatMinor(amount, currency)),
    reason: forecast.reason,
    actor: forecast.actor,
    recorded_at: forecast.recordedAt,
  };
}

/** Every version of the forecast; that of the quote is shown before anything was built on it, too. */
export const listForecasts = implement("list-forecasts", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const purchase = await findPurchaseOf(tx, portfolio.portfolioId);
  const page = await readPage(tx, portfolio.portfolioId, input);
  const isBare = page.data.length === 0 && input.cursor === undefined;
  const forecasts = isBare ? await forecastsOf(tx, purchase) : page.data;
  return { data: forecasts.map((one) => forecastDocumentOf(portfolio, one)), next_cursor: page.next_cursor };
});
