import type { CarryingMethod } from "../../models/portfolio.js";
import { Refusal } from "../../models/refusal.js";
import { addDays, addMonths, formatDay, parseDay, periodOf } from "../calendar/day.js";
import { methodChanged } from "../ledger/revenue-events.js";
import { type Minor, minor, timesRate } from "../money/money.js";
import { firstMonthShare } from "../revenue/effective-interest.js";
import {
  type ExpectedCollections,
  expectedAfter,
  expectedIn,
  periodsBetween,
} from "../revenue/expected-collections.js";
import { readTurnovers } from "../store/ledger.js";
import { findPortfolio, lockPortfolio } from "../store/portfolio.js";
import {
  insertBasis,
  insertForecast,
  readBases,
  readRevenueMonths,
  type StoredBasis,
  type StoredForecast,
  setPortfolioMethod,
} from "../store/revenue.js";
import { implement } from "./act.js";
import { basisDocumentOf, basisFromPurchase, expectedOf, keptForecasts, rateOrRefuse } from "./carrying-book.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, openBook } from "./portfolio-book.js";

interface Wanted {
  readonly method: CarryingMethod;
  readonly effectiveOn: string | undefined;
  readonly reason: string | null;
}

/**
 * Chooses how a portfolio is carried. Until something has been accrued, and as long as no collection was income, the method
 * holds from the day of the purchase on. After that it is a change for the time to come: what is carried is taken over as it
 * stands, by an entry; a new effective rate is solved from it and from what is still expected.
 *
 * Guards in this order: the portfolio (`not_found`), `conflict` where it is carried so already, the day
 * (`effective_date_refused`, `period_out_of_order` where months before it are not accrued), then `rate_undefined`.
 */
export const setCarryingMethod = implement("set-carrying-method", async (context, input) => {
  const { tx } = context;
  const found = await findPortfolio(tx, input.portfolio_id);
  if (found.carryingMethod === input.method) {
    throw new Refusal("conflict", `portfolio ${found.portfolioId} is carried by ${input.method} already`);
  }
  const wanted = { method: input.method, effectiveOn: input.effective_on, reason: input.reason ?? null };
  if (found.state === "owned") {
    const book = await openBook(context, found.portfolioId);
    const basis = await changedBasis(context, book, wanted);
    await insertBasis(tx, found.portfolioId, basis);
    await setPortfolioMethod(tx, found.portfolioId, wanted.method);
    return basisDocumentOf(book.portfolio, basis);
  }
  const { portfolioId, currency } = await lockPortfolio(tx, found.portfolioId);
  await setPortfolioMethod(tx, portfolioId, wanted.method);
  return {
    portfolio_id: portfolioId,
    method: wanted.method,
    currency,
    starts_on: null,
    carrying_amount: null,
    eir_monthly: null,
    eir_annual: null,
    forecast_version: null,
    reason: wanted.reason,
    entry_id: null,
  };
});

async function changedBasis(context: Context, book: Book, wanted: Wanted): Promise<StoredBasis> {
  const { tx } = context;
  const { purchase, investment } = book;
  const basisNo = ((await readBases(tx, purchase.portfolioId)).at(-1)?.basisNo ?? 0) + 1;
  const about = { basisNo, reason: wanted.reason, recordedAt: book.head.recordedAt };
  const accrued = (await readRevenueMonths(tx, purchase.portfolioId)).at(-1)?.month;
  if (investment.costMinor < investment.recoveredMinor) {
    throw new Refusal("conflict", "more has come in than it is carried at: accrue the revenue of the month first");
  }
  const isFirst = accrued === undefined && investment.collectedMinor === investment.recoveredMinor;
  if (isFirst && wanted.effectiveOn === undefined) {
    if (wanted.method === "effective_interest") {
      return basisFromPurchase(purchase, (await keptForecasts(tx, purchase))[0]!, about);
    }
    const { closingOn: startsOn, priceMinor: carryingMinor } = purchase;
    return { ...about, ...byCostRecovery, startsOn, carryingMinor, sequence: null };
  }
  const startsOn = firstDayOf(context, book, { wanted, accrued });
  const carryingMinor = await carryingBefore(context, book, startsOn);
  const interest =
    wanted.method === "cost_recovery" ? byCostRecovery : await byInterest(context, book, { carryingMinor, startsOn });
  const draft = methodChanged({ carryingMinor });
  const sequence =
    draft.postings.length === 0
      ? null
      : await addEntries(context, book, [
          { ...draft, effectiveOn: startsOn, sourceKind: "carrying_method", reason: wanted.reason },
        ]);
  return { ...about, ...interest, startsOn, carryingMinor, sequence };
}

const byCostRecovery = { method: "cost_recovery", eirMonthly: null, forecastVersion: null } as const;

/** The first day of the method: interest ends with the last month that was accrued, and begins after it. */
function firstDayOf(context: Context, book: Book, of: { wanted: Wanted; accrued: string | undefined }): string {
  const { wanted, accrued } = of;
  const today = formatDay(context.today);
  const earliest = accrued === undefined ? book.purchase.closingOn : formatDay(addMonths(parseDay(accrued), 1));
  const isLeaving = wanted.method === "cost_recovery" && accrued !== undefined;
  const on = wanted.effectiveOn ?? (isLeaving ? earliest : today);
  if (on > today || on < book.purchase.closingOn) {
    throw new Refusal("effective_date_refused", `${on} lies before ${book.purchase.closingOn} or after ${today}`);
  }
  if (isLeaving ? on === earliest : on >= earliest) return on;
  const bound = isLeaving ? `the method ends there, not on ${on}` : `${on} lies before it`;
  throw new Refusal("period_out_of_order", `the first day that is not accrued is ${earliest}: ${bound}`);
}

async function carryingBefore({ tx }: Context, book: Book, day: string): Promise<Minor> {
  const asOf = formatDay(addDays(parseDay(day), -1));
  const turnovers = await readTurnovers(tx, { portfolioId: book.portfolio.portfolioId, asOf });
  let balance = 0n;
  for (const { account, debitMinor, creditMinor } of turnovers) {
    if (account === "1500") balance += debitMinor - creditMinor;
  }
  return minor(balance);
}

/** Takes what is still expected over as a forecast of its own, and solves the rate from it. */
async function byInterest(
  { tx }: Context,
  book: Book,
  from: { carryingMinor: Minor; startsOn: string },
): Promise<Pick<StoredBasis, "method" | "eirMonthly" | "forecastVersion">> {
  const { purchase } = book;
  const forecasts = await keptForecasts(tx, purchase);
  const last = forecasts.at(-1)!;
  const expected = remainingFrom(expectedOf(last), from.startsOn);
  const eirMonthly = rateOrRefuse(from.carryingMinor, expected, from.startsOn, purchase.currency);
  const forecast: StoredForecast = {
    version: last.version + 1,
    source: "remaining",
    usedFrom: `${from.startsOn.slice(0, 7)}-01`,
    firstMonth: `${expected.firstMonth}-01`,
    amountsMinor: expected.amounts,
    curveId: null,
    reason: null,
    actor: tx.actor ?? "unknown",
    recordedAt: book.head.recordedAt,
  };
  await insertForecast(tx, purchase.portfolioId, forecast);
  return { method: "effective_interest", eirMonthly, forecastVersion: forecast.version };
}

/** What is expected from a day on: of its month the share of the days that are left. */
function remainingFrom(expected: ExpectedCollections, startsOn: string): ExpectedCollections {
  const day = parseDay(startsOn);
  const month = periodOf(day);
  const first = timesRate(expectedIn(expected, month), firstMonthShare(day).toFixed(12), "half_even");
  const later = expectedAfter(expected, month);
  const gap = Math.max(0, later.amounts.length === 0 ? 0 : periodsBetween(month, later.firstMonth) - 1);
  return { firstMonth: month, amounts: [first, ...Array.from({ length: gap }, () => minor(0n)), ...later.amounts] };
}
