import { Refusal } from "../../models/refusal.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { minor, parseMinor } from "../money/money.js";
import { figureOf, netBackFigures } from "../reports/net-back-figures.js";
import { readTurnovers } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import { findPurchaseOf } from "../store/purchase.js";
import { readSnapshot } from "../store/quote.js";
import { implement } from "./act.js";
import { statementPath } from "./drill.js";
import { sealCovering } from "./seal-covering.js";

/**
 * The net-back of a portfolio, from the ledger's turnovers by account and day, and the snapshot of the quote it was bought on.
 * Refuses `portfolio_not_owned`, and `effective_date_refused` for a day before the purchase or after today.
 */
export const reportNetback = implement("report-netback", async ({ tx, now, today }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const { portfolioId } = portfolio;
  const purchase = await findPurchaseOf(tx, portfolioId);
  const asOf: Day = input.as_of === undefined ? today : parseDay(input.as_of);
  const closingOn = parseDay(purchase.closingOn);
  if (asOf < closingOn) {
    throw new Refusal("effective_date_refused", `${formatDay(asOf)} lies before the purchase on ${purchase.closingOn}`);
  }
  if (input.known_at !== undefined && Date.parse(input.known_at) < Date.parse(purchase.bookedAt)) {
    throw new Refusal("effective_date_refused", `at ${input.known_at} the purchase had not been booked`);
  }
  const turnovers = await readTurnovers(tx, { portfolioId, asOf: formatDay(asOf), knownAt: input.known_at });
  const { valuation } = await readSnapshot(tx, purchase);
  const figures = netBackFigures({
    currency: portfolio.currency,
    closingOn,
    asOf,
    faceMinor: minor(purchase.faceMinor),
    movements: turnovers.map(({ account, effectiveOn, debitMinor, creditMinor }) => ({
      account,
      day: parseDay(effectiveOn),
      amountMinor: minor(debitMinor - creditMinor),
    })),
    forecastMinor: valuation.forecast.monthly.map(({ gross }) => parseMinor(gross, portfolio.currency)),
  });
  const drill: Record<string, string[]> = {};
  for (const account of new Set(turnovers.map((turnover) => turnover.account))) {
    const figure = figureOf(account);
    if (figure === undefined) continue;
    const path = statementPath(account, { portfolioId, asOf: formatDay(asOf), knownAt: input.known_at ?? now });
    drill[figure] = [...(drill[figure] ?? []), path];
  }
  const seal = await sealCovering(tx, { asOf: formatDay(asOf), knownAt: input.known_at, portfolioId });
  return { portfolio_id: portfolioId, name: portfolio.name, known_at: input.known_at ?? now, seal, drill, ...figures };
});
