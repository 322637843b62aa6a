import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { CarryingBasisDocument, RevenueMonthDocument } from "../../models/revenue.js";
import { addPeriods, formatDay, lastDay, type Period, parseDay, periodOf } from "../calendar/day.js";
import { formatMinor, type Minor, minor, parseMinor } from "../money/money.js";
import {
  effectiveRate,
  type ForecastVersion,
  type InterestBasis,
  type MonthMovements,
  type RevenueMonth,
  rollForward,
} from "../revenue/effective-interest.js";
import { byCalendarMonth, type ExpectedCollections } from "../revenue/expected-collections.js";
import type { DayTurnover } from "../store/known-ledger.js";
import { readTurnovers } from "../store/ledger.js";
import type { Portfolio } from "../store/portfolio.js";
import { findPurchaseOf, type Purchase } from "../store/purchase.js";
import { readSnapshot } from "../store/quote.js";
import {
  insertBasis,
  insertForecast,
  readBases,
  readForecasts,
  type StoredBasis,
  type StoredForecast,
  type StoredRevenueMonth,
} from "../store/revenue.js";
import type { Tx } from "../store/transaction.js";

/** Version 1 of the forecast: what the price was made on. It is known from the booking on, whether it is stored or not. */
async function quotedForecast(tx: Tx, purchase: Purchase): Promise<StoredForecast> {
  const { valuation } = await readSnapshot(tx, purchase);
  const monthly = valuation.forecast.monthly.map(({ gross }) => parseMinor(gross, purchase.currency));
  const expected = byCalendarMonth(monthly, parseDay(purchase.closingOn));
  return {
    version: 1,
    source: "quote",
    usedFrom: `${expected.firstMonth}-01`,
    firstMonth: `${expected.firstMonth}-01`,
    amountsMinor: expected.amounts,
    curveId: null,
    reason: null,
    actor: "quote",
    recordedAt: purchase.bookedAt,
  };
}

/** Every version of the portfolio's forecast as it was known at an instant; the first is that of the quote. */
export async function forecastsOf(tx: Tx, purchase: Purchase, knownAt?: string): Promise<StoredForecast[]> {
  const stored = await readForecasts(tx, purchase.portfolioId, knownAt);
  return stored[0]?.version === 1 ? stored : [await quotedForecast(tx, purchase)];
}

/** The same, with the first one put down where it had not been: what builds on it refers to it. */
export async function keptForecasts(tx: Tx, purchase: Purchase): Promise<StoredForecast[]> {
  const stored = await readForecasts(tx, purchase.portfolioId);
  if (stored.length > 0) return stored;
  const first = await quotedForecast(tx, purchase);
  await insertForecast(tx, purchase.portfolioId, first);
  return [first];
}

export function expectedOf({ firstMonth, amountsMinor }: StoredForecast): ExpectedCollections {
  return { firstMonth: periodOf(parseDay(firstMonth)), amounts: amountsMinor.map(minor) };
}

const versionOf = (forecast: StoredForecast): ForecastVersion => ({
  version: forecast.version,
  usedFrom: periodOf(parseDay(forecast.usedFrom)),
  expected: expectedOf(forecast),
});

/** The first basis of effective interest: the price, from the day of the purchase. Throws `rate_undefined`. */
export function basisFromPurchase(
  purchase: Purchase,
  first: StoredForecast,
  about: { basisNo: number; reason: string | null; recordedAt: string },
): StoredBasis {
  const carryingMinor = minor(purchase.priceMinor);
  return {
    ...about,
    method: "effective_interest",
    startsOn: purchase.closingOn,
    carryingMinor,
    eirMonthly: rateOrRefuse(carryingMinor, expectedOf(first), purchase.closingOn, purchase.currency),
    forecastVersion: first.version,
    sequence: null,
  };
}

/** Throws `rate_undefined` where the forecast does not exceed what is carried. */
export function rateOrRefuse(
  carryingMinor: Minor,
  expected: ExpectedCollections,
  startsOn: string,
  currency: string,
): number {
  const answer = effectiveRate(carryingMinor, expected, { startsOn: parseDay(startsOn), currency });
  if (answer.eirMonthly !== null) return answer.eirMonthly;
  throw new Refusal("rate_undefined", `there is no effective interest rate: ${answer.detail}`);
}

/** The basis in force, made of the purchase where the portfolio was set to bear interest before it was bought. */
export async function keptBasis(
  tx: Tx,
  purchase: Purchase,
  of: { forecasts: readonly StoredForecast[]; recordedAt: string },
): Promise<StoredBasis> {
  const stored = (await readBases(tx, purchase.portfolioId)).at(-1);
  if (stored !== undefined) return stored;
  const about = { basisNo: 1, reason: null, recordedAt: of.recordedAt };
  const basis = basisFromPurchase(purchase, of.forecasts[0]!, about);
  await insertBasis(tx, purchase.portfolioId, basis);
  return basis;
}

/** Fixes forecast and effective rate of a portfolio that was to bear interest before it was bought. */
export async function bookInterest(tx: Tx, portfolioId: string): Promise<void> {
  const purchase = await findPurchaseOf(tx, portfolioId);
  const forecasts = await keptForecasts(tx, purchase);
  await keptBasis(tx, purchase, { forecasts, recordedAt: purchase.bookedAt });
}

export interface AccruedAmounts {
  readonly revenueMinor: Minor;
  readonly changeCurrentMinor: Minor;
  readonly changeFutureMinor: Minor;
}

/** What a month should have, and what stands in the books for it. */
export interface ComputedMonth {
  readonly due: RevenueMonth;
  readonly posted: AccruedAmounts;
}

/**
 * Every month of the basis through one, computed anew from what the ledger says moved: so that a late item, a reversed
 * accrual or a new forecast shows as a difference to what was posted.
 */
export async function computeMonths(
  tx: Tx,
  portfolio: Portfolio,
  of: { basis: StoredBasis; forecasts: readonly StoredForecast[]; through: Period },
): Promise<ComputedMonth[]> {
  const { basis, forecasts, through } = of;
  const turnovers = await readTurnovers(tx, {
    portfolioId: portfolio.portfolioId,
    asOf: formatDay(lastDay(through)),
  });
  const moved = movementsOf(turnovers, basis, through);
  const versions = forecasts.filter(({ version }) => version >= basis.forecastVersion!).map(versionOf);
  const interest: InterestBasis = {
    currency: portfolio.currency,
    startsOn: parseDay(basis.startsOn),
    carryingMinor: minor(basis.carryingMinor),
    eirMonthly: basis.eirMonthly!,
  };
  const due = rollForward(
    interest,
    versions,
    moved.map(({ movements }) => movements),
  );
  return due.map((month, i) => ({ due: month, posted: moved[i]!.posted }));
}

/**
 * By month, what moved 1500 apart from accruals, and what the accruals moved. Before the first day of the basis all is
 * taken together: the books may have changed there since.
 */
function movementsOf(
  turnovers: readonly DayTurnover[],
  basis: StoredBasis,
  through: Period,
): { movements: MonthMovements; posted: AccruedAmounts }[] {
  const first = periodOf(parseDay(basis.startsOn));
  const net = new Map<string, bigint>();
  for (const { account, effectiveOn, debitMinor, creditMinor } of turnovers) {
    const isBefore = effectiveOn < basis.startsOn;
    if (isBefore && account !== "1500") continue;
    const key = `${account} ${isBefore ? first : effectiveOn.slice(0, 7)}`;
    net.set(key, (net.get(key) ?? 0n) + debitMinor - creditMinor);
  }
  const months: { movements: MonthMovements; posted: AccruedAmounts }[] = [];
  for (let month = first; month <= through; month = addPeriods(month, 1)) {
    const of = (account: string) => minor(net.get(`${account} ${month}`) ?? 0n);
    const posted = {
      revenueMinor: minor(-of("4500")),
      changeCurrentMinor: minor(-of("4510")),
      changeFutureMinor: minor(-of("4520")),
    };
    const accrued = posted.revenueMinor + posted.changeCurrentMinor + posted.changeFutureMinor;
    const cashMinor = of("4900");
    const opened = month === first ? basis.carryingMinor : 0n;
    months.push({
      movements: { month, cashMinor, otherMinor: minor(of("1500") - opened - accrued + cashMinor) },
      posted,
    });
  }
  return months;
}

export function basisDocumentOf(portfolio: Portfolio, basis: StoredBasis): CarryingBasisDocument {
  const { portfolioId, currency } = portfolio;
  return {
    portfolio_id: portfolioId,
    method: basis.method,
    currency,
    starts_on: basis.startsOn,
    carrying_amount: formatMinor(basis.carryingMinor, currency),
    eir_monthly: basis.eirMonthly,
    eir_annual: basis.eirMonthly === null ? null : Math.expm1(12 * Math.log1p(basis.eirMonthly)),
    forecast_version: basis.forecastVersion,
    reason: basis.reason,
    entry_id: basis.sequence === null ? null : childId("en", portfolioId, basis.sequence),
  };
}

export function revenueMonthDocumentOf(portfolio: Portfolio, month: StoredRevenueMonth): RevenueMonthDocument {
  const { portfolioId, currency } = portfolio;
  const shown = (amount: bigint) => formatMinor(amount, currency);
  return {
    portfolio_id: portfolioId,
    month: month.month.slice(0, 7),
    revision: month.revision,
    currency,
    opening: shown(month.openingMinor),
    revenue: shown(month.revenueMinor),
    change_current: shown(month.changeCurrentMinor),
    change_future: shown(month.changeFutureMinor),
    cash: shown(month.cashMinor),
    forecast_cash: shown(month.forecastCashMinor),
    other: shown(month.otherMinor),
    closing: shown(month.closingMinor),
    eir_monthly: month.eirMonthly,
    forecast_version: month.forecastVersion,
    share: month.share,
    entry_ids: month.sequences.map((sequence) => childId("en", portfolioId, sequence)),
    recorded_at: month.recordedAt,
  };
}
