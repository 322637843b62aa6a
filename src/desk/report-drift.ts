import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { ValuationDocument } from "../../models/valuation.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { minor, minorToEstimate, parseMinor } from "../money/money.js";
import { ageMonths as agesOnTape } from "../portfolio/age.js";
import { balancesOf } from "../portfolio/column.js";
import { segmentsOf } from "../portfolio/segment.js";
import { driftFigures } from "../reports/drift-figures.js";
import { readCollectedByReceivable } from "../store/collected.js";
import { findPortfolio } from "../store/portfolio.js";
import { findPurchaseOf } from "../store/purchase.js";
import { findQuote, readSnapshot } from "../store/quote.js";
import { implement } from "./act.js";
import { ageMonths } from "./collected-portfolios.js";
import { valueAgain } from "./price-again.js";

/**
 * What the quote expected of each receivable by a day, beside what it brought in; by decile and by segment, with a verdict
 * whether to fit again. Receivables that were put back or sold on are left out.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), `effective_date_refused` for a day before the purchase.
 */
export const reportDrift = implement("report-drift", async ({ tx, today }, input) => {
  const { portfolioId, currency } = await findPortfolio(tx, input.portfolio_id);
  const purchase = await findPurchaseOf(tx, portfolioId);
  const asOf = input.as_of === undefined ? today : parseDay(input.as_of);
  const closingOn = parseDay(purchase.closingOn);
  if (asOf < closingOn) {
    throw new Refusal("effective_date_refused", `${formatDay(asOf)} lies before the purchase on ${purchase.closingOn}`);
  }
  const snapshot = await readSnapshot(tx, purchase);
  const { columns, valuation } = await valueAgain(
    tx,
    await findQuote(tx, childId("qt", portfolioId, purchase.quoteNo)),
  );
  const segments = segmentsOf(columns, agesOnTape(columns, parseDay(snapshot.as_of)));
  const age = ageMonths(closingOn, asOf);
  const due = dueShares(valuation.document.forecast, age, currency);
  const all = await readCollectedByReceivable(tx, portfolioId, formatDay(asOf));
  const kept = all.filter(({ isGone }) => !isGone);
  const rows = kept.map(({ receivableNo }) => receivableNo - 1);
  const balances = balancesOf(columns);
  const products = segments.product_type;
  const figures = driftFigures({
    rows,
    faces: rows.map((row) => minorToEstimate(minor(balances[row]!), currency)),
    expected: rows.map((row) => valuation.expectedGross[row]! * due(products.keys[products.codes[row]!]!)),
    actualMinor: kept.map(({ collectedMinor }) => collectedMinor),
    segments,
    currency,
    severity: snapshot.assumptions.interval.severity,
  });
  return {
    portfolio_id: portfolioId,
    currency,
    as_of: formatDay(asOf),
    age_months: age,
    left_out: all.length - kept.length,
    models: snapshot.models ?? [],
    ...figures,
  };
});

/**
 * Share of the horizon's cash of a product that was due by an age in months: between two months in proportion to the days.
 * Products have timings of their own (commercial claims come sooner).
 */
function dueShares(
  forecast: ValuationDocument["forecast"],
  age: number,
  currency: string,
): (product: string) => number {
  const shareOf = (monthly: readonly string[]) => {
    const amounts = monthly.map((gross) => minorToEstimate(parseMinor(gross, currency), currency));
    const whole = amounts.reduce((sum, amount) => sum + amount, 0);
    const upTo = amounts.reduce((sum, amount, month) => sum + amount * Math.min(1, Math.max(0, age - month + 1)), 0);
    return whole > 0 ? upTo / whole : 0;
  };
  const all = shareOf(forecast.monthly.map(({ gross }) => gross));
  const byProduct = new Map(
    forecast.segments.flatMap((one) =>
      one.by === "product_type" ? [[one.key, shareOf(one.monthly_gross)] as const] : [],
    ),
  );
  return (product) => byProduct.get(product) ?? all;
}
