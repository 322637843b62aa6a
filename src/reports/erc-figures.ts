/** Remaining expected collections (erc): what is still to come by the forecast in force, beside what came. */
import type { ErcDocument } from "../../models/portfolio-reports.js";
import {
  addMonths,
  addPeriods,
  type Day,
  firstDay,
  formatDay,
  lastDay,
  monthEnd,
  type Period,
  periodOf,
} from "../calendar/day.js";
import { formatMinor, type Minor, minor, ratio, sumMinor, zeroMinor } from "../money/money.js";

/** One version of a portfolio's forecast: gross by calendar month, from the first on. */
export interface ErcForecast {
  readonly version: number;
  readonly source: ErcDocument["portfolios"][number]["forecast_source"];
  /** the month at whose end it is first used; the first one holds from the purchase */
  readonly usedFrom: Period;
  readonly firstMonth: Period;
  readonly amounts: readonly Minor[];
}

export interface ErcSource {
  readonly portfolioId: string;
  readonly name: string;
  readonly currency: string;
  readonly closingOn: Day;
  readonly priceMinor: Minor;
  /** as priced first; every version that was known */
  readonly forecasts: readonly ErcForecast[];
  /** share of the last version that is still held, 0 to 1, as a whole number of millionths */
  readonly shareMillionths: bigint;
  readonly collections: readonly { readonly day: Day; readonly amountMinor: Minor }[];
}

export interface ErcScope {
  readonly asOf: Day;
  readonly horizonMonths: number | null;
  readonly by: ErcDocument["by"];
  /** where the collections of a portfolio over some days are listed, and where the versions of its forecast are */
  readonly drill: {
    readonly collections: (portfolioId: string, days: { from: string; asOf: string }) => string;
    readonly forecast: (portfolioId: string) => string;
  };
}

interface MonthFigures {
  readonly month: Period;
  readonly expectedMinor: Minor;
  readonly forecastMinor: Minor;
  readonly collectionsMinor: Minor;
  readonly remainingMinor: Minor;
  readonly beyondMinor: Minor;
  readonly expectedToDateMinor: Minor;
  readonly forecastToDateMinor: Minor;
}

/** The version that speaks of a month: the last one used before the month began, and by the day of the report. */
function inForce(forecasts: readonly ErcForecast[], month: Period, asOf: Day): ErcForecast {
  const used = ({ usedFrom }: ErcForecast, i: number) => i === 0 || (usedFrom < month && usedFrom <= periodOf(asOf));
  return forecasts.findLast(used)!;
}

function amountIn(forecast: ErcForecast, month: Period): Minor {
  const monthsOf = (period: Period) => Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7));
  return forecast.amounts[monthsOf(month) - monthsOf(forecast.firstMonth)] ?? zeroMinor;
}

const endOf = ({ firstMonth, amounts }: ErcForecast): Period => addPeriods(firstMonth, Math.max(0, amounts.length - 1));

/** The last day of a horizon of so many months from the day of the report; from a month end to a month end. */
export function horizonEnd({ asOf, horizonMonths }: ErcScope): Day | null {
  if (horizonMonths === null) return null;
  const end = addMonths(asOf, horizonMonths);
  return asOf === monthEnd(asOf) ? monthEnd(end) : end;
}

/** Days of the month that are over by a day, of its days; the days before the purchase count as over in neither. */
function partBy(month: Period, from: Day, to: Day | null): { over: bigint; days: bigint } {
  const start = Math.max(firstDay(month), from);
  const end = lastDay(month);
  const days = end - start + 1;
  const over = to === null ? days : Math.min(Math.max(to - start + 1, 0), days);
  return { over: BigInt(over), days: BigInt(days) };
}

/** A month that runs counts as the share of its days that are over; so does the one in which the horizon ends. */
function monthFigures(source: ErcSource, scope: ErcScope, month: Period): MonthFigures {
  const { forecasts, closingOn, shareMillionths } = source;
  const { asOf } = scope;
  const priced = amountIn(forecasts[0]!, month);
  const forecast = amountIn(inForce(forecasts, month, asOf), month);
  const { over, days } = partBy(month, closingOn, asOf);
  const within = partBy(month, closingOn, horizonEnd(scope));
  const upTo = (amount: Minor, part: bigint) => minor((amount * part) / days);
  const held = (amount: bigint) => minor((amount * shareMillionths) / 1_000_000n);
  const collected = source.collections.filter(({ day }) => periodOf(day) === month);
  const forecastToDateMinor = upTo(forecast, over);
  const inHorizon = upTo(forecast, within.over);
  const toCome = (amount: bigint) => held(amount > 0n ? amount : 0n);
  const horizonOrNow = inHorizon > forecastToDateMinor ? inHorizon : forecastToDateMinor;
  return {
    month,
    expectedMinor: priced,
    forecastMinor: forecast,
    collectionsMinor: sumMinor(collected.map(({ amountMinor }) => amountMinor)),
    remainingMinor: toCome(inHorizon - forecastToDateMinor),
    beyondMinor: toCome(forecast - horizonOrNow),
    expectedToDateMinor: upTo(priced, over),
    forecastToDateMinor,
  };
}

function monthsOf(source: ErcSource, scope: ErcScope): MonthFigures[] {
  const ends = [periodOf(scope.asOf), ...source.forecasts.map(endOf)].sort();
  const months: MonthFigures[] = [];
  for (let month = periodOf(source.closingOn); month <= ends.at(-1)!; month = addPeriods(month, 1)) {
    months.push(monthFigures(source, scope, month));
  }
  return months;
}

type Sums = Omit<MonthFigures, "month" | "expectedMinor" | "forecastMinor"> & { readonly priceMinor: Minor };

function sumsOf(months: readonly MonthFigures[], priceMinor: Minor): Sums {
  const sum = (of: (month: MonthFigures) => Minor) => sumMinor(months.map(of));
  return {
    priceMinor,
    collectionsMinor: sum((month) => month.collectionsMinor),
    remainingMinor: sum((month) => month.remainingMinor),
    beyondMinor: sum((month) => month.beyondMinor),
    expectedToDateMinor: sum((month) => month.expectedToDateMinor),
    forecastToDateMinor: sum((month) => month.forecastToDateMinor),
  };
}

function shownSums(sums: Sums, currency: string) {
  const shown = (amount: bigint) => formatMinor(amount, currency);
  const { collectionsMinor, remainingMinor, expectedToDateMinor, priceMinor } = sums;
  return {
    price: shown(priceMinor),
    expected_to_date: shown(expectedToDateMinor),
    forecast_to_date: shown(sums.forecastToDateMinor),
    collections: shown(collectionsMinor),
    collections_of_expected:
      expectedToDateMinor > 0n ? ratio(collectionsMinor, expectedToDateMinor, 6, "half_even") : null,
    remaining: shown(remainingMinor),
    beyond_horizon: shown(sums.beyondMinor),
    total_multiple: ratio(minor(collectionsMinor + remainingMinor), priceMinor, 6, "half_even"),
  };
}

/**
 * Remaining expected collections by portfolio, in total by currency, and by time beside what was expected and what came.
 * Gross, not discounted, of what is still held.
 */
export function ercFigures(
  sources: readonly ErcSource[],
  scope: ErcScope,
): Pick<ErcDocument, "portfolios" | "totals" | "periods"> {
  const all = sources.map((source) => ({ source, months: monthsOf(source, scope) }));
  const currencies = [...new Set(sources.map(({ currency }) => currency))].sort();
  return {
    portfolios: all.map(({ source, months }) => {
      const last = inForce(source.forecasts, addPeriods(periodOf(scope.asOf), 1), scope.asOf);
      return {
        portfolio_id: source.portfolioId,
        name: source.name,
        currency: source.currency,
        purchased_on: formatDay(source.closingOn),
        forecast_version: last.version,
        forecast_source: last.source,
        forecast_used_from: last.usedFrom,
        forecast_ends: endOf(last),
        share: Number(source.shareMillionths) / 1e6,
        ...shownSums(sumsOf(months, source.priceMinor), source.currency),
        drill: {
          collections: scope.drill.collections(source.portfolioId, {
            from: formatDay(source.closingOn),
            asOf: formatDay(scope.asOf),
          }),
          forecast: scope.drill.forecast(source.portfolioId),
        },
      };
    }),
    totals: currencies.map((currency) => {
      const ours = all.filter(({ source }) => source.currency === currency);
      const priceMinor = sumMinor(ours.map(({ source }) => source.priceMinor));
      const months = ours.flatMap((one) => one.months);
      return { currency, portfolios: ours.length, ...shownSums(sumsOf(months, priceMinor), currency) };
    }),
    periods: currencies.flatMap((currency) => {
      return periodsOf(
        all.filter(({ source }) => source.currency === currency),
        currency,
        scope,
      );
    }),
  };
}

function periodsOf(
  sources: readonly { readonly source: ErcSource; readonly months: readonly MonthFigures[] }[],
  currency: string,
  { by, asOf, drill }: ErcScope,
): ErcDocument["periods"] {
  const months = sources.flatMap((one) => one.months);
  const groups = new Map<string, MonthFigures[]>();
  for (const month of months) {
    const key = by === "year" ? month.month.slice(0, 4) : month.month;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [month]);
    else group.push(month);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([period, group]) => {
      const sum = (of: (month: MonthFigures) => Minor) => formatMinor(sumMinor(group.map(of)), currency);
      const from = by === "year" ? `${period}-01-01` : `${period}-01`;
      const to = by === "year" ? `${period}-12-31` : formatDay(lastDay(period as Period));
      const days = { from, asOf: to < formatDay(asOf) ? to : formatDay(asOf) };
      const begun = sources.filter(({ source }) => formatDay(source.closingOn) <= days.asOf && from <= days.asOf);
      return {
        currency,
        period,
        from,
        to,
        expected: sum((month) => month.expectedMinor),
        forecast: sum((month) => month.forecastMinor),
        collections: sum((month) => month.collectionsMinor),
        remaining: sum((month) => month.remainingMinor),
        drill: begun.map(({ source }) => drill.collections(source.portfolioId, days)),
      };
    });
}
