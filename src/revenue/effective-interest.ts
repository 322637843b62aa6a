/**
 * Income at the effective interest rate (eir): the rate per month at which what is expected to come in is worth what
 * was paid. It is fixed when the portfolio is bought; later forecasts are valued at the same rate, and the difference
 * is gain or loss of the month in which the forecast changes.
 *
 * The same arithmetic serves IFRS 9 (purchased credit-impaired assets, credit-adjusted rate) and US GAAP since 2020
 * (ASC 326, negative allowance); the two differ in the words of the report.
 */
import { addPeriods, type Day, firstDay, lastDay, type Period, periodOf } from "../calendar/day.js";
import { npv } from "../cashflow/present-value.js";
import { findRoot } from "../cashflow/root.js";
import { estimateToMinor, type Minor, minor, minorToEstimate } from "../money/money.js";
import { type ExpectedCollections, expectedAfter, expectedIn, totalExpected } from "./expected-collections.js";

/** From where a portfolio earns interest: the amount it was taken up at, and the rate that this amount bears. */
export interface InterestBasis {
  readonly currency: string;
  /** the first day that bears interest: the day of the purchase */
  readonly startsOn: Day;
  /** what it is carried at when that day begins, in minor units */
  readonly carryingMinor: Minor;
  /** effective rate per month, as a fraction, above 0 */
  readonly eirMonthly: number;
}

/** Share of the first month, in days, in which interest is earned; the first day counts. */
export function firstMonthShare(startsOn: Day): number {
  const month = periodOf(startsOn);
  return (lastDay(month) - startsOn + 1) / (lastDay(month) - firstDay(month) + 1);
}

/** What lies after the month is worth at its end, in major units; each month's cash counts as coming at its end. */
export function valueAfter(
  expected: ExpectedCollections,
  month: Period,
  rate: { eirMonthly: number; currency: string },
) {
  const later = expectedAfter(expected, month);
  const lead = later.amounts.length === 0 ? 0 : leadOf(later.firstMonth, month);
  const flow = new Float64Array(lead + later.amounts.length);
  for (const [i, amount] of later.amounts.entries()) flow[lead + i] = minorToEstimate(amount, rate.currency);
  return npv(flow, rate.eirMonthly);
}

/** Months between a month's end and the end of the forecast's first month. */
function leadOf(firstMonth: Period, month: Period): number {
  let lead = 1;
  for (let next = addPeriods(month, 1); next < firstMonth; next = addPeriods(next, 1)) lead++;
  return lead;
}

export type EirAnswer = { readonly eirMonthly: number } | { readonly eirMonthly: null; readonly detail: string };

/**
 * The rate per month at which the expected collections are worth the carrying amount. Cash counts as coming at the end
 * of its month, the first month by the share of its days. Gross collections: costs of collecting are expensed as they come.
 *
 * There is none where the forecast does not exceed the carrying amount: then nothing is earned, and cost recovery is the
 * method that fits.
 */
export function effectiveRate(
  carryingMinor: Minor,
  expected: ExpectedCollections,
  from: { startsOn: Day; currency: string },
): EirAnswer {
  const { startsOn, currency } = from;
  const total = totalExpected(expected);
  if (carryingMinor <= 0n) return { eirMonthly: null, detail: "it is carried at nothing" };
  if (total <= carryingMinor) {
    return { eirMonthly: null, detail: "the collections that are expected do not exceed what it is carried at" };
  }
  const month = periodOf(startsOn);
  const stub = firstMonthShare(startsOn);
  const carrying = minorToEstimate(carryingMinor, currency);
  const first = minorToEstimate(expectedIn(expected, month), currency);
  const excess = (logRate: number) => {
    const eirMonthly = Math.expm1(logRate);
    return (first + valueAfter(expected, month, { eirMonthly, currency })) * Math.exp(-stub * logRate) - carrying;
  };
  // a price that comes back many times over within days has a rate beyond any use
  const highest = Math.log(1e6);
  if (excess(highest) > 0) return { eirMonthly: null, detail: "the rate would be beyond 100,000,000 % a month" };
  return { eirMonthly: Math.expm1(findRoot(excess, 0, highest)) };
}

/** A forecast, and the month at whose end it is first used; the first one is in force from the start. */
export interface ForecastVersion {
  readonly version: number;
  readonly usedFrom: Period;
  readonly expected: ExpectedCollections;
}

/** What moved the carrying amount in a month, apart from revenue and changes in expected recoveries. */
export interface MonthMovements {
  readonly month: Period;
  /** collections, less what came back: they come off the carrying amount */
  readonly cashMinor: Minor;
  /** put-backs, resales, impairments, translation, transfers: signed, negative takes off */
  readonly otherMinor: Minor;
}

/** One month of the roll-forward: closing = opening + revenue + both changes - cash + other, to the minor unit. */
export interface RevenueMonth extends MonthMovements {
  readonly openingMinor: Minor;
  readonly revenueMinor: Minor;
  readonly forecastCashMinor: Minor;
  readonly changeCurrentMinor: Minor;
  readonly changeFutureMinor: Minor;
  readonly closingMinor: Minor;
  /** version of the forecast that the closing amount is the value of */
  readonly version: number;
  /** share of that forecast which is still ours: less than 1 after put-backs and resales */
  readonly share: number;
}

/**
 * Rolls the carrying amount forward, month by month.
 *
 * - revenue: what the opening amount earns at the eir. It is posted as the value at the end of the month of what was
 *   expected, plus what was expected in the month, less the opening amount: the eir times the opening amount, to within one
 *   minor unit, and no rounding is ever carried on, for every closing amount is a value rounded once, half even.
 * - change in current recoveries: what came in, less what was expected in the month.
 * - change in future recoveries: value of the new forecast, less the value of the old one, at the same eir; nothing where
 *   there is no new forecast.
 * - what leaves in another way (a put-back, a resale) takes its share of the forecast with it, so that it is neither gain
 *   nor loss. Only what leaves beyond the value of the whole forecast comes back as a change in future recoveries.
 *
 * @param versions the one in force at the start first; at the end of a month the last one whose `usedFrom` has come is used
 * @param movements every month from the first on, none left out
 */
export function rollForward(
  basis: InterestBasis,
  versions: readonly ForecastVersion[],
  movements: readonly MonthMovements[],
): RevenueMonth[] {
  const months: RevenueMonth[] = [];
  let [openingMinor, share, current] = [basis.carryingMinor, 1, versions[0]!];
  for (const movement of movements) {
    const month = monthOf(basis, { openingMinor, share, current, next: usedAt(versions, movement.month) }, movement);
    months.push(month.row);
    ({ share, current } = month);
    openingMinor = month.row.closingMinor;
  }
  return months;
}

/** The version that a month is closed with: the last one that was made by then. */
function usedAt(versions: readonly ForecastVersion[], month: Period): ForecastVersion {
  return versions.findLast((version, i) => i === 0 || version.usedFrom <= month)!;
}

interface Standing {
  readonly openingMinor: Minor;
  readonly share: number;
  readonly current: ForecastVersion;
  readonly next: ForecastVersion;
}

function monthOf(basis: InterestBasis, standing: Standing, movement: MonthMovements) {
  const { currency } = basis;
  const { openingMinor, current, next } = standing;
  const { month, cashMinor, otherMinor } = movement;
  const rounded = (value: number) => estimateToMinor(value, currency, "half_even");
  const expected = standing.share * minorToEstimate(expectedIn(current.expected, month), currency);
  const forecastCashMinor = rounded(expected);
  const value = standing.share * valueAfter(current.expected, month, basis);
  const accretedMinor = rounded(value);
  const heldMinor = minor(accretedMinor + otherMinor);
  const isNew = next.version !== current.version;
  const share = isNew ? 1 : shareLeft(standing.share, value, minorToEstimate(otherMinor, currency));
  const isWorth = isNew || share === 0 || value === 0;
  const closingMinor = isWorth ? rounded(share * valueAfter(next.expected, month, basis)) : heldMinor;
  const row: RevenueMonth = {
    month,
    cashMinor,
    otherMinor,
    openingMinor,
    revenueMinor: minor(accretedMinor + forecastCashMinor - openingMinor),
    forecastCashMinor,
    changeCurrentMinor: minor(cashMinor - forecastCashMinor),
    changeFutureMinor: minor(closingMinor - heldMinor),
    closingMinor,
    version: next.version,
    share,
  };
  return { row, share, current: next };
}

/** The share of the forecast that is left after so much of its value has gone (negative) or come. */
function shareLeft(share: number, value: number, other: number): number {
  if (value <= 0) return share;
  return Math.max(0, (share * (value + other)) / value);
}
