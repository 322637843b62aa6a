import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { addPeriods, formatDay, type Period, parseDay, parsePeriod, periodOf } from "../calendar/day.js";
import { estimateToMinor, formatMinor, minor, minorToEstimate, parseMinor, zeroMinor } from "../money/money.js";
import { valueAfter } from "../revenue/effective-interest.js";
import {
  type ExpectedCollections,
  expectedAfter,
  periodsBetween,
  totalExpected,
} from "../revenue/expected-collections.js";
import { insertForecast, readRevenueMonths, type StoredForecast } from "../store/revenue.js";
import { implement } from "./act.js";
import { computeMonths, expectedOf, keptBasis, keptForecasts } from "./carrying-book.js";
import type { Context } from "./desk.js";
import { forecastDocumentOf } from "./list-forecasts.js";
import { type Book, openBook } from "./portfolio-book.js";
import { remainingByCurve } from "./remaining-by-curve.js";

/** How far a forecast may reach beyond the month it is made for. */
const longestMonths = 600;

/**
 * Puts a new version of the forecast of collections beside those that were: the months after one, given by amount, as
 * what is still expected times a factor, or by a curve that carries own cash and what the price counted on forward. No money moves; under effective interest the next accrual of the month posts the
 * difference in value.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the month (`effective_date_refused` when it
 * has not begun, `period_out_of_order` when it lies before a forecast or an accrual that stands), the rows (`invalid_request`).
 */
export const reforecastPortfolio = implement("reforecast-portfolio", async (context, input) => {
  const { tx } = context;
  const book = await openBook(context, input.portfolio_id);
  const { portfolio } = book;
  const { currency } = portfolio;
  const month = parsePeriod(input.month);
  const forecasts = await keptForecasts(tx, book.purchase);
  await assertInOrder(context, { book, month, forecasts });
  const standing = await standingAt(context, { book, month, forecasts });
  const before = expectedAfter(expectedOf(forecasts.at(-1)!), month);
  const held = scaled(before, standing.share, currency);
  const expected = await expectedBy(context, { book, month, input, held });
  const forecast: StoredForecast = {
    version: forecasts.at(-1)!.version + 1,
    source: input.curve_id !== undefined ? "curve" : input.rows === undefined ? "scaled" : "given",
    usedFrom: `${month}-01`,
    firstMonth: `${expected.firstMonth}-01`,
    amountsMinor: expected.amounts,
    curveId: input.curve_id ?? null,
    reason: input.reason,
    actor: tx.actor ?? "unknown",
    recordedAt: book.head.recordedAt,
  };
  await insertForecast(tx, portfolio.portfolioId, forecast);
  const { eirMonthly } = standing;
  const worth = (share: number, of: ExpectedCollections) =>
    eirMonthly === null
      ? null
      : formatMinor(
          estimateToMinor(share * valueAfter(of, month, { eirMonthly, currency }), currency, "half_even"),
          currency,
        );
  return {
    ...forecastDocumentOf(portfolio, forecast),
    remaining_before: formatMinor(totalExpected(held), currency),
    value_before: worth(standing.share, before),
    value_after: worth(1, expected),
  };
});

async function assertInOrder(
  { tx, today }: Context,
  of: { book: Book; month: Period; forecasts: readonly StoredForecast[] },
): Promise<void> {
  const { book, month, forecasts } = of;
  if (month > periodOf(today)) {
    throw new Refusal("effective_date_refused", `${month} has not begun; today is ${formatDay(today)}`);
  }
  const accrued = (await readRevenueMonths(tx, book.portfolio.portfolioId)).at(-1)?.month.slice(0, 7) ?? "";
  const forecasted = forecasts.at(-1)!.usedFrom.slice(0, 7);
  const earliest = accrued > forecasted ? accrued : forecasted;
  if (month >= earliest) return;
  throw new Refusal("period_out_of_order", `${month} lies before ${earliest}, which has a forecast or an accrual`);
}

/** The rate, and the share of the last forecast that is still held at the end of the month, as far as is known. */
async function standingAt(
  { tx }: Context,
  of: { book: Book; month: Period; forecasts: readonly StoredForecast[] },
): Promise<{ eirMonthly: number | null; share: number }> {
  const { book, month, forecasts } = of;
  if (book.portfolio.carryingMethod === "cost_recovery") return { eirMonthly: null, share: 1 };
  const basis = await keptBasis(tx, book.purchase, { forecasts, recordedAt: book.head.recordedAt });
  if (month < periodOf(parseDay(basis.startsOn))) return { eirMonthly: basis.eirMonthly, share: 1 };
  const months = await computeMonths(tx, book.portfolio, { basis, forecasts, through: month });
  return { eirMonthly: basis.eirMonthly, share: months.at(-1)!.due.share };
}

function scaled(expected: ExpectedCollections, factor: number, currency: string): ExpectedCollections {
  if (factor === 1) return expected;
  return {
    firstMonth: expected.firstMonth,
    amounts: expected.amounts.map((amount) =>
      estimateToMinor(minorToEstimate(amount, currency) * factor, currency, "half_even"),
    ),
  };
}

interface Asked {
  readonly book: Book;
  readonly month: Period;
  readonly input: ActParsed<"reforecast-portfolio">;
  /** what the forecast before expects of what is still held */
  readonly held: ExpectedCollections;
}

async function expectedBy({ tx }: Context, { book, month, input, held }: Asked): Promise<ExpectedCollections> {
  const { currency, portfolioId } = book.portfolio;
  if (input.curve_id !== undefined) return remainingByCurve(tx, { portfolioId, month, curveId: input.curve_id });
  if (input.rows !== undefined) return expectedFrom(input.rows, month, currency);
  return scaled(held, Number(input.scale), currency);
}

/** Throws `invalid_request` for months that are not after the month, not in order, or too far away. */
function expectedFrom(
  rows: readonly { month: string; gross: string }[],
  after: Period,
  currency: string,
): ExpectedCollections {
  const firstMonth = addPeriods(after, 1);
  const amounts: ExpectedCollections["amounts"][number][] = [];
  for (const [i, { month, gross }] of rows.entries()) {
    const index = periodsBetween(firstMonth, parsePeriod(month));
    if (index < amounts.length || index >= longestMonths) {
      const bounds = `months go up from ${firstMonth}, at most ${longestMonths} of them`;
      throw new Refusal("invalid_request", `/rows/${i}/month: ${month}; ${bounds}`, [
        { pointer: `/rows/${i}/month`, code: "out_of_order", detail: bounds, value: month },
      ]);
    }
    while (amounts.length < index) amounts.push(zeroMinor);
    amounts.push(minor(parseMinor(gross, currency)));
  }
  return { firstMonth, amounts };
}
