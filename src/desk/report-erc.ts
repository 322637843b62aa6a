import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay, periodOf } from "../calendar/day.js";
import { minor } from "../money/money.js";
import { type ErcSource, ercFigures, horizonEnd } from "../reports/erc-figures.js";
import { findPortfolio } from "../store/portfolio.js";
import {
  type AccountMovement,
  type PurchasedPortfolio,
  readMovements,
  readPurchasedPortfolios,
} from "../store/portfolio-turnovers.js";
import { findPurchaseOf } from "../store/purchase.js";
import { readRevenueMonths, type StoredForecast } from "../store/revenue.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { expectedOf, forecastsOf } from "./carrying-book.js";
import { statementPath } from "./drill.js";
import { knownAtOf } from "./known-at.js";
import { sealCovering } from "./seal-covering.js";

/**
 * What is still expected to come in, by the forecast that was in force on the day and known at the instant, beside what
 * was expected and what came. The share that is still held comes from the last accrual under effective interest, else
 * from the refunds for put-backs and the cost of what was sold since the forecast, over the price.
 */
export const reportErc = implement("report-erc", async ({ tx, now, today }, input) => {
  const asOf = parseDay(input.as_of ?? formatDay(today));
  const portfolio = input.portfolio_id === undefined ? undefined : await findPortfolio(tx, input.portfolio_id);
  if (portfolio !== undefined) await findPurchaseOf(tx, portfolio.portfolioId);
  const reads = { portfolioId: input.portfolio_id, asOf: formatDay(asOf), knownAt: input.known_at };
  const purchases = await readPurchasedPortfolios(tx, reads);
  if (portfolio !== undefined && purchases.length === 0) {
    throw new Refusal("effective_date_refused", `${portfolio.portfolioId} had not been bought by ${formatDay(asOf)}`);
  }
  const movements = await readMovements(tx, { ...reads, accounts: ["4000", "4100", "4930"] });
  const byPortfolio = new Map<string, AccountMovement[]>();
  for (const movement of movements) {
    const ours = byPortfolio.get(movement.portfolioId);
    if (ours === undefined) byPortfolio.set(movement.portfolioId, [movement]);
    else ours.push(movement);
  }
  const sources: ErcSource[] = [];
  for (const purchase of purchases) {
    sources.push(await sourceOf(tx, { purchase, moved: byPortfolio.get(purchase.portfolioId) ?? [], reads }));
  }
  const knownAt = await knownAtOf({ tx, now }, input);
  const scope = {
    asOf,
    horizonMonths: input.horizon_months ?? null,
    by: input.by,
    drill: {
      collections: (portfolioId: string, days: { from: string; asOf: string }) =>
        statementPath("4000", { portfolioId, knownAt, ...days }),
      forecast: (portfolioId: string) => `/v1/portfolios/${portfolioId}/forecasts`,
    },
  };
  const end = horizonEnd(scope);
  return {
    as_of: formatDay(asOf),
    known_at: knownAt,
    seal: await sealCovering(tx, reads),
    horizon_months: scope.horizonMonths,
    horizon_to: end === null ? null : formatDay(end),
    by: input.by,
    accounts: ["4000"],
    ...ercFigures(sources, scope),
  };
});

interface ErcReads {
  readonly purchase: PurchasedPortfolio;
  readonly moved: readonly AccountMovement[];
  readonly reads: { readonly asOf: string; readonly knownAt: string | undefined };
}

async function sourceOf(tx: Tx, { purchase, moved, reads }: ErcReads): Promise<ErcSource> {
  const { portfolioId, name, currency } = purchase;
  const forecasts = await forecastsOf(tx, await findPurchaseOf(tx, portfolioId), reads.knownAt);
  const used = forecasts.filter(({ usedFrom }, i) => i === 0 || usedFrom <= reads.asOf);
  return {
    portfolioId,
    name,
    currency,
    closingOn: parseDay(purchase.closingOn),
    priceMinor: minor(purchase.priceMinor),
    forecasts: used.map((forecast) => ({
      version: forecast.version,
      source: forecast.source,
      usedFrom: periodOf(parseDay(forecast.usedFrom)),
      ...expectedOf(forecast),
    })),
    shareMillionths: await shareHeld(tx, { purchase, moved, reads }, used.at(-1)!),
    collections: moved
      .filter(({ account }) => account === "4000")
      .map(({ day, amountMinor }) => ({ day: parseDay(day), amountMinor: minor(-amountMinor) })),
  };
}

async function shareHeld(tx: Tx, { purchase, moved, reads }: ErcReads, last: StoredForecast): Promise<bigint> {
  const accrued = (await readRevenueMonths(tx, purchase.portfolioId, reads.knownAt)).findLast(
    ({ month, forecastVersion }) => month <= reads.asOf && forecastVersion === last.version,
  );
  if (purchase.method === "effective_interest" && accrued !== undefined) {
    return BigInt(Math.round(accrued.share * 1e6));
  }
  const since = last.version === 1 ? purchase.closingOn : last.usedFrom;
  let gone = 0n;
  for (const { account, day, amountMinor } of moved) {
    if (account !== "4000" && day >= since) gone += account === "4100" ? -amountMinor : amountMinor;
  }
  const held = purchase.priceMinor - gone;
  return held <= 0n ? 0n : (held * 1_000_000n) / purchase.priceMinor;
}
