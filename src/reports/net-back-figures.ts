import type { z } from "zod";
import type { NetbackDocument, netbackFigures } from "../../models/netback.js";
import { addDays, addMonths, calendarDate, type Day, dayOf, formatDay, monthsBetween } from "../calendar/day.js";
import { xirr } from "../cashflow/rate-of-return.js";
import {
  formatMinor,
  lesserMinor,
  type Minor,
  minor,
  minorToEstimate,
  ratio,
  sumMinor,
  zeroMinor,
} from "../money/money.js";

/** What the net-back report is drawn from: turnovers of the ledger by account and day, and the forecast of the quote. */
export interface NetBackSource {
  readonly currency: string;
  readonly closingOn: Day;
  readonly asOf: Day;
  readonly faceMinor: Minor;
  /** debit less credit by account and day, in the order of the days */
  readonly movements: readonly { readonly account: string; readonly day: Day; readonly amountMinor: Minor }[];
  /** expected gross by month, index 0 the day of the purchase, index m the end of month m */
  readonly forecastMinor: readonly Minor[];
}

interface Totals {
  readonly priceMinor: Minor;
  readonly grossMinor: Minor;
  readonly commissionMinor: Minor;
  readonly costsMinor: Minor;
  readonly refundsMinor: Minor;
  readonly proceedsMinor: Minor;
}

export type NetBackFigures = Omit<NetbackDocument, "portfolio_id" | "name" | "known_at" | "seal" | "drill">;

/**
 * Costs as they were paid. A court cost advanced is in 1300 until it comes back (4920) or is written off (5100): the three
 * together are what was spent.
 */
const isCost = (account: string) => (account > "5000" && account < "6000") || account === "1300" || account === "4920";

/**
/**
 * The price is 1500 with everything that has moved it since put back: what collections, put-backs and resales took off,
 * and what revenue, changes in expected recoveries, impairment, translation and transfers put on.
 */
const priceAccounts = new Set("1500 4900 4910 4930 4500 4510 4520 4530 3900 1950".split(" "));
const isPrice = (account: string) => priceAccounts.has(account);

/** The figure that an account's turnover goes into; undefined where it is in none. */
export function figureOf(account: string): keyof z.infer<typeof netbackFigures> | undefined {
  if (isPrice(account)) return "price_paid";
  if (account === "4000") return "gross";
  if (account === "4100") return "put_back_refunds";
  if (account === "5000") return "commission";
  return isCost(account) ? "costs" : undefined;
}

function totalsOf(source: NetBackSource, from: Day, to: Day): Totals {
  const within = source.movements.filter(({ day }) => day >= from && day <= to);
  const sum = (is: (account: string) => boolean) =>
    sumMinor(within.filter(({ account }) => is(account)).map(({ amountMinor }) => amountMinor));
  return {
    priceMinor: sum(isPrice),
    grossMinor: minor(-sum((account) => account === "4000")),
    commissionMinor: sum((account) => account === "5000"),
    costsMinor: sum(isCost),
    refundsMinor: minor(-sum((account) => account === "4100")),
    proceedsMinor: minor(-sum((account) => account === "4200")),
  };
}

/** Collections less commission and costs: the agencies' net-back. */
function netBackOf({ grossMinor, commissionMinor, costsMinor }: Totals): Minor {
  return minor(grossMinor - commissionMinor - costsMinor);
}

/** Everything in less everything out but the price. */
function netCashOf(totals: Totals): Minor {
  return minor(netBackOf(totals) + totals.refundsMinor + totals.proceedsMinor);
}

function figuresOf(source: NetBackSource, from: Day): z.infer<typeof netbackFigures> {
  const start = from < source.closingOn ? source.closingOn : from;
  const totals = totalsOf(source, start, source.asOf);
  const shown = (amount: Minor) => formatMinor(amount, source.currency);
  return {
    from: formatDay(start),
    to: formatDay(source.asOf),
    price_paid: shown(totals.priceMinor),
    gross: shown(totals.grossMinor),
    commission: shown(totals.commissionMinor),
    costs: shown(totals.costsMinor),
    net_back: shown(netBackOf(totals)),
    put_back_refunds: shown(totals.refundsMinor),
    resale_proceeds: shown(totals.proceedsMinor),
    profit: shown(minor(netCashOf(totals) - totals.priceMinor)),
  };
}

/**
 * The net-back of a purchase on a day.
 *
 * Two definitions stand side by side, because the trade uses both: *net-back* is collections less commission and costs
 * (agencies; a rate over face or over price), *profit* is all credits less all debits, the price among them (buyers).
 * Cash counts on the day the debtor paid, not on the day an agency or the seller passed it on; money over a claim
 * (unapplied cash) is not ours and not counted. The rate of return is XIRR (act/365) on those days. Recovery of the cost is counted net:
 * net-back plus refunds for put-backs and proceeds of resale, against the price.
 *
 * @throws RangeError when the day lies before the closing
 */
export function netBackFigures(source: NetBackSource): NetBackFigures {
  const { currency, closingOn, asOf, faceMinor } = source;
  if (asOf < closingOn) throw new RangeError(`${formatDay(asOf)} lies before the closing, ${formatDay(closingOn)}`);
  const { year, month } = calendarDate(asOf);
  const totals = totalsOf(source, closingOn, asOf);
  const { priceMinor, grossMinor, commissionMinor } = totals;
  const [netBackMinor, netCashMinor] = [netBackOf(totals), netCashOf(totals)];
  const unrecovered = netCashMinor < priceMinor ? lesserMinor(minor(priceMinor - netCashMinor), priceMinor) : zeroMinor;
  const share = (part: Minor, whole: Minor) => ratio(part, whole, 6, "half_even");
  const shareOrNone = (part: Minor, whole: Minor) => (whole > 0n ? share(part, whole) : null);
  return {
    currency,
    as_of: formatDay(asOf),
    purchased_on: formatDay(closingOn),
    face: formatMinor(faceMinor, currency),
    price: formatMinor(priceMinor, currency),
    to_date: figuresOf(source, closingOn),
    month_to_date: figuresOf(source, dayOf(year, month, 1)),
    year_to_date: figuresOf(source, dayOf(year, 1, 1)),
    definitions: {
      net_back: "collections less commission and costs (agencies' definition; before the price)",
      profit: "all credits less all debits, the price among them (buyers' definition)",
    },
    shares: {
      gross_of_face: share(grossMinor, faceMinor),
      net_back_of_face: share(netBackMinor, faceMinor),
      net_back_of_price: share(netBackMinor, priceMinor),
      net_back_of_gross: shareOrNone(netBackMinor, grossMinor),
      commission_of_gross: shareOrNone(commissionMinor, grossMinor),
      price_of_face: share(priceMinor, faceMinor),
    },
    cost_recovered: formatMinor(minor(priceMinor - unrecovered), currency),
    unrecovered_cost: formatMinor(unrecovered, currency),
    gross_multiple: share(grossMinor, priceMinor),
    net_multiple: share(netCashMinor, priceMinor),
    ...returnsOf(source, priceMinor),
    forecast: againstForecast(source),
  };
}

/** Collections, refunds, proceeds of resale, commission; costs and the price beside them. */
const cashAccounts: ReadonlySet<string> = new Set(["4000", "4100", "4200", "5000"]);

/** Net cash of each day on which there was any; the price is the first. */
function dailyCash(source: NetBackSource): { day: Day; netMinor: Minor }[] {
  const days = new Map<Day, bigint>();
  for (const { account, day, amountMinor } of source.movements) {
    if (day > source.asOf) continue;
    // income stands on the credit side, cost on the debit side: both are cash with the sign turned
    const isCash = cashAccounts.has(account) || isCost(account) || isPrice(account);
    if (isCash) days.set(day, (days.get(day) ?? 0n) - amountMinor);
  }
  return [...days.entries()].sort(([a], [b]) => a - b).map(([day, net]) => ({ day, netMinor: minor(net) }));
}

function returnsOf(source: NetBackSource, priceMinor: Minor): Pick<NetBackFigures, "irr_to_date" | "break_even_on"> {
  const cash = dailyCash(source);
  const answer = xirr(
    cash.map(({ day }) => day),
    cash.map(({ netMinor }) => minorToEstimate(netMinor, source.currency)),
  );
  let total = 0n;
  let breakEven: Day | null = null;
  for (const { day, netMinor } of cash) {
    total += netMinor;
    if (priceMinor > 0n && total >= 0n) {
      breakEven = day;
      break;
    }
  }
  return {
    irr_to_date: "reason" in answer ? { rate: null, reason: answer.detail } : { rate: answer.rate, reason: null },
    break_even_on: breakEven === null ? null : formatDay(breakEven),
  };
}

/** First and last day of month m after the purchase; the closing itself counts to month 1. */
export function monthAfter(closingOn: Day, m: number): { from: Day; to: Day } {
  const from = m === 1 ? closingOn : addDays(addMonths(closingOn, m - 1), 1);
  return { from, to: addMonths(closingOn, m) };
}

function againstForecast(source: NetBackSource): NetBackFigures["forecast"] {
  const { currency, closingOn, asOf, forecastMinor } = source;
  const shown = (amount: bigint) => formatMinor(amount, currency);
  const gross = source.movements.filter(({ account, day }) => account === "4000" && day <= asOf);
  // the month that runs counts as the share of its days that are over
  const monthsRun = asOf === addMonths(closingOn, monthsBetween(closingOn, asOf)) && asOf > closingOn;
  const months = monthsBetween(closingOn, asOf) + (monthsRun ? 0 : 1);
  const byMonth: NetBackFigures["forecast"]["by_month"] = [];
  let [expectedToDate, actualToDate, cumulativeExpected] = [0n, 0n, forecastMinor[0] ?? 0n];
  expectedToDate += cumulativeExpected;
  for (let m = 1; m <= months; m++) {
    const { from, to } = monthAfter(closingOn, m);
    const expected = (forecastMinor[m] ?? 0n) + (m === 1 ? (forecastMinor[0] ?? 0n) : 0n);
    const actual = -sumMinor(gross.filter(({ day }) => day >= from && day <= to).map(({ amountMinor }) => amountMinor));
    cumulativeExpected += forecastMinor[m] ?? 0n;
    actualToDate += actual;
    const days = BigInt(to - from + 1);
    const over = asOf >= to ? days : BigInt(asOf - from + 1);
    expectedToDate += ((forecastMinor[m] ?? 0n) * over) / days;
    byMonth.push({
      month: m,
      from: formatDay(from),
      to: formatDay(to),
      expected: shown(expected),
      actual: shown(actual),
      cumulative_expected: shown(cumulativeExpected),
      cumulative_actual: shown(actualToDate),
    });
  }
  const remaining = minor(sumMinor(forecastMinor) - expectedToDate);
  const pace = expectedToDate > 0n ? ratio(minor(actualToDate), minor(expectedToDate), 6, "half_even") : null;
  return {
    source: "the accepted quote's snapshot",
    horizon_months: forecastMinor.length - 1,
    expected_to_date: shown(expectedToDate),
    actual_to_date: shown(actualToDate),
    actual_of_expected: pace,
    remaining_expected: shown(remaining),
    remaining_expected_at_current_pace: pace === null ? null : shown((remaining * actualToDate) / expectedToDate),
    by_month: byMonth,
  };
}
