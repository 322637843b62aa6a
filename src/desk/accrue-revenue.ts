import { Refusal } from "../../models/refusal.js";
import type { RevenueMonthDocument } from "../../models/revenue.js";
import { formatDay, lastDay, type Period, parseDay, parsePeriod, periodOf } from "../calendar/day.js";
import { recoveriesRemeasured, revenueAccrued } from "../ledger/revenue-events.js";
import { type Minor, minor } from "../money/money.js";
import type { NewEntry } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import {
  insertRevenueMonths,
  portfoliosBearingInterest,
  readRevenueMonths,
  type StoredRevenueMonth,
} from "../store/revenue.js";
import { implement } from "./act.js";
import {
  type AccruedAmounts,
  type ComputedMonth,
  computeMonths,
  keptBasis,
  keptForecasts,
  revenueMonthDocumentOf,
} from "./carrying-book.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, openBook } from "./portfolio-book.js";

/**
 * Accrues revenue through a month: every month up to it that lacks it, in order, on its last day. Months that were accrued are
 * computed anew, and where a late item has changed one, the difference is posted on that month's last day. So the act can
 * be run again at any time and posts nothing where nothing has changed.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`, `conflict` where it is carried by cost
 * recovery), the month (`effective_date_refused` before it is over), then `rate_undefined`.
 */
export const accrueRevenue = implement("accrue-revenue", async (context, input) => {
  const month = parsePeriod(input.month);
  if (input.portfolio_id !== undefined) await assertBearsInterest(context, input.portfolio_id);
  if (lastDay(month) > context.today) {
    throw new Refusal(
      "effective_date_refused",
      `${month} is over on ${formatDay(lastDay(month))}; today is ${formatDay(context.today)}`,
    );
  }
  const ids = input.portfolio_id === undefined ? await portfoliosBearingInterest(context.tx) : [input.portfolio_id];
  const posted: RevenueMonthDocument[] = [];
  let unchanged = 0;
  for (const [done, portfolioId] of ids.entries()) {
    context.report({ phase: "accrue revenue", done, total: ids.length });
    const book = await openBook(context, portfolioId);
    const accrued = await accrue(context, book, month);
    posted.push(...accrued.months.map((one) => revenueMonthDocumentOf(book.portfolio, one)));
    unchanged += accrued.unchanged;
  }
  return { month, portfolios: ids.length, posted, unchanged };
});

async function assertBearsInterest({ tx }: Context, portfolioId: string): Promise<void> {
  const { carryingMethod } = await findPortfolio(tx, portfolioId);
  if (carryingMethod === "effective_interest") return;
  throw new Refusal("conflict", `portfolio ${portfolioId} is carried by cost recovery: it accrues no revenue`);
}

async function accrue(
  context: Context,
  book: Book,
  month: Period,
): Promise<{ months: StoredRevenueMonth[]; unchanged: number }> {
  const { tx } = context;
  const { portfolio, purchase } = book;
  const forecasts = await keptForecasts(tx, purchase);
  const basis = await keptBasis(tx, purchase, { forecasts, recordedAt: book.head.recordedAt });
  const kept = new Map(
    (await readRevenueMonths(tx, portfolio.portfolioId))
      .filter(({ basisNo }) => basisNo === basis.basisNo)
      .map((one) => [one.month.slice(0, 7) as Period, one]),
  );
  // a change in an earlier month may move the later ones that stand
  const through = [month, ...kept.keys()].reduce((latest, one) => (one > latest ? one : latest));
  if (through < periodOf(parseDay(basis.startsOn))) return { months: [], unchanged: 0 };
  const all = await computeMonths(tx, portfolio, { basis, forecasts, through });
  const computed = caughtUp(all, book.head.gate.closedThrough);
  const months: StoredRevenueMonth[] = [];
  for (const one of computed) {
    const before = kept.get(one.due.month);
    const entries = entriesOf(one, before?.revision);
    const stands = before !== undefined && entries.length === 0 && isSame(before, one);
    if (stands) continue;
    const first = entries.length === 0 ? 0n : await addEntries(context, book, entries);
    months.push({
      month: `${one.due.month}-01`,
      revision: (before?.revision ?? 0) + 1,
      basisNo: basis.basisNo,
      forecastVersion: one.due.version,
      eirMonthly: basis.eirMonthly!,
      share: one.due.share,
      ...amountsOf(one),
      sequences: entries.map((_, i) => first + BigInt(i)),
      recordedAt: book.head.recordedAt,
    });
  }
  await insertRevenueMonths(tx, portfolio.portfolioId, months);
  return { months, unchanged: all.length - months.length };
}

/**
 * The months that still take entries. What closed months should have had beyond what they have is caught up in the first
 * of them: a portfolio may come to bear interest after months since its purchase have been closed.
 * Throws `period_closed` where there is something to catch up and no such month.
 */
function caughtUp(all: readonly ComputedMonth[], closedThrough: string | null): ComputedMonth[] {
  const isClosed = ({ due }: ComputedMonth) => closedThrough !== null && formatDay(lastDay(due.month)) <= closedThrough;
  const missing = (of: (amounts: AccruedAmounts) => Minor) =>
    all.filter(isClosed).reduce((sum, { due, posted }) => sum + of(due) - of(posted), 0n);
  const revenue = missing(({ revenueMinor }) => revenueMinor);
  const current = missing(({ changeCurrentMinor }) => changeCurrentMinor);
  const future = missing(({ changeFutureMinor }) => changeFutureMinor);
  const [first, ...later] = all.filter((month) => !isClosed(month));
  if (revenue === 0n && current === 0n && future === 0n) return first === undefined ? [] : [first, ...later];
  if (first === undefined) {
    throw new Refusal("period_closed", `the books are closed through ${closedThrough}: accrue a later month`);
  }
  const { due, posted } = first;
  const changeCurrentMinor = minor(due.changeCurrentMinor + current);
  const withRest = {
    ...due,
    openingMinor: minor(due.openingMinor - revenue - current - future),
    revenueMinor: minor(due.revenueMinor + revenue),
    forecastCashMinor: minor(due.cashMinor - changeCurrentMinor),
    changeCurrentMinor,
    changeFutureMinor: minor(due.changeFutureMinor + future),
  };
  return [{ due: withRest, posted }, ...later];
}

const amountsOf = ({ due }: ComputedMonth) => ({
  openingMinor: due.openingMinor,
  revenueMinor: due.revenueMinor,
  cashMinor: due.cashMinor,
  forecastCashMinor: due.forecastCashMinor,
  changeCurrentMinor: due.changeCurrentMinor,
  changeFutureMinor: due.changeFutureMinor,
  otherMinor: due.otherMinor,
  closingMinor: due.closingMinor,
});

function isSame(before: StoredRevenueMonth, month: ComputedMonth): boolean {
  const amounts = amountsOf(month);
  return (Object.keys(amounts) as (keyof typeof amounts)[]).every((name) => before[name] === amounts[name]);
}

/** What is missing in the books of what the month should have. */
function entriesOf({ due, posted }: ComputedMonth, revision: number | undefined): NewEntry[] {
  const drafts = [
    revenueAccrued({ revenueMinor: minor(due.revenueMinor - posted.revenueMinor) }),
    recoveriesRemeasured({
      changeCurrentMinor: minor(due.changeCurrentMinor - posted.changeCurrentMinor),
      changeFutureMinor: minor(due.changeFutureMinor - posted.changeFutureMinor),
    }),
  ];
  return drafts
    .filter(({ postings }) => postings.length > 0)
    .map((draft) => ({
      ...draft,
      effectiveOn: formatDay(lastDay(due.month)),
      sourceKind: "revenue",
      reason: revision === undefined ? null : `accrued anew: the month had changed since revision ${revision}`,
    }));
}
