import { type RollForwardDocument, type RollForwardKey, rollForwardKeys } from "../../models/portfolio-reports.js";
import { Refusal } from "../../models/refusal.js";
import { calendarDate, type Day, dayOf, firstDay, formatDay, lastDay, parseDay, parsePeriod } from "../calendar/day.js";
import { formatMinor, minor, parseMinor, sumMinor, zeroMinor } from "../money/money.js";
import {
  type RollForwardSource,
  rollForwardAccounts,
  rollForwardOf,
  rollForwardTotals,
  shownAmounts,
  titleOf,
} from "../reports/roll-forward-figures.js";
import { discountedFace, grossUp } from "../revenue/purchase-gross-up.js";
import { findPortfolio } from "../store/portfolio.js";
import { type PurchasedPortfolio, readMovements, readPurchasedPortfolios } from "../store/portfolio-turnovers.js";
import { readSnapshot } from "../store/quote.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { type Asked, statementPath } from "./drill.js";
import { knownAtOf } from "./known-at.js";
import { sealCovering } from "./seal-covering.js";

/**
 * What the portfolios were carried at on two days, and what moved it in between; of one portfolio or of all, with totals by
 * currency and method. Refuses `effective_date_refused` where the first day comes after the last.
 */
export const reportRollForward = implement("report-roll-forward", async ({ tx, now, today }, input) => {
  const { from, asOf } = daysOf(input, formatDay(today));
  if (input.portfolio_id !== undefined) await findPortfolio(tx, input.portfolio_id);
  const scope = { portfolioId: input.portfolio_id, asOf, knownAt: input.known_at };
  const purchases = await readPurchasedPortfolios(tx, scope);
  const accounts = [...new Set(Object.values(rollForwardAccounts).flat())];
  const movements = await readMovements(tx, { ...scope, accounts, from });
  const opening = new Map<string, bigint>();
  const moved = new Map<string, Map<string, bigint>>();
  for (const { portfolioId, account, day, amountMinor } of movements) {
    if (day < from) {
      if (account === "1500") opening.set(portfolioId, amountMinor);
      continue;
    }
    const of = moved.get(portfolioId) ?? new Map<string, bigint>();
    of.set(account, (of.get(account) ?? 0n) + amountMinor);
    moved.set(portfolioId, of);
  }
  const sources = purchases.map(
    (purchase): RollForwardSource => ({
      portfolioId: purchase.portfolioId,
      name: purchase.name,
      currency: purchase.currency,
      method: purchase.method,
      purchasedMinor: purchase.closingOn >= from ? minor(purchase.priceMinor) : zeroMinor,
      openingMinor: minor(opening.get(purchase.portfolioId) ?? 0n),
      movedMinor: moved.get(purchase.portfolioId) ?? new Map(),
    }),
  );
  const isCecl = input.standard === "cecl";
  const knownAt = await knownAtOf({ tx, now }, input);
  const dayBefore = formatDay((parseDay(from) - 1) as Day);
  return {
    from,
    as_of: asOf,
    known_at: knownAt,
    seal: await sealCovering(tx, scope),
    standard: input.standard,
    columns: rollForwardKeys.map((key) => ({
      key,
      title: titleOf(key, input.standard),
      accounts: [...rollForwardAccounts[key]],
      from: key === "opening" || key === "closing" ? null : from,
      to: key === "opening" ? dayBefore : asOf,
    })),
    portfolios: sources.map((source) => ({
      portfolio_id: source.portfolioId,
      name: source.name,
      method: source.method,
      currency: source.currency,
      amounts: shownAmounts(rollForwardOf(source), source.currency),
      drill: drillOf({ portfolioId: source.portfolioId, asOf, knownAt }, { from, dayBefore }),
    })),
    totals: rollForwardTotals(sources),
    gross_up: isCecl
      ? await grossUps(
          tx,
          purchases.filter(({ closingOn }) => closingOn >= from),
        )
      : [],
  };
});

/** The statements behind each amount: an account's balance on a day, or its turnover over the days of the report. */
function drillOf(asked: Asked, { from, dayBefore }: { from: string; dayBefore: string }): Drill {
  const behind = rollForwardKeys.map((key): [RollForwardKey, string[]] => {
    const days = key === "opening" ? { asOf: dayBefore } : key === "closing" ? {} : { from };
    return [key, rollForwardAccounts[key].map((account) => statementPath(account, { ...asked, ...days }))];
  });
  return Object.fromEntries(behind) as Drill;
}

type Drill = RollForwardDocument["portfolios"][number]["drill"];

function daysOf(
  input: { month?: string | undefined; from?: string | undefined; as_of?: string | undefined },
  today: string,
): { from: string; asOf: string } {
  if (input.month !== undefined) {
    const month = parsePeriod(input.month);
    return { from: formatDay(firstDay(month)), asOf: formatDay(lastDay(month)) };
  }
  const asOf = input.as_of ?? today;
  const { year, month } = calendarDate(parseDay(asOf));
  const from = input.from ?? formatDay(dayOf(year, month, 1));
  if (from <= asOf) return { from, asOf };
  throw new Refusal("effective_date_refused", `the first day, ${from}, comes after the last, ${asOf}`);
}

/** The purchases as US GAAP shows them on their first day; left out where a price is above its face. */
async function grossUps(tx: Tx, purchases: readonly PurchasedPortfolio[]): Promise<RollForwardDocument["gross_up"]> {
  const rows: RollForwardDocument["gross_up"] = [];
  for (const purchase of purchases) {
    const [priceMinor, faceMinor] = [minor(purchase.priceMinor), minor(purchase.faceMinor)];
    if (priceMinor > faceMinor) continue;
    const { valuation } = await readSnapshot(tx, purchase);
    const expectedMinor = sumMinor(valuation.forecast.monthly.map(({ gross }) => parseMinor(gross, purchase.currency)));
    const amortizedCostMinor = discountedFace({ priceMinor, expectedMinor, faceMinor });
    const shown = (amount: bigint) => formatMinor(amount, purchase.currency);
    const grossed = grossUp({ priceMinor, amortizedCostMinor, faceMinor });
    rows.push({
      portfolio_id: purchase.portfolioId,
      name: purchase.name,
      currency: purchase.currency,
      purchase_price: shown(grossed.priceMinor),
      allowance: shown(grossed.allowanceMinor),
      amortized_cost: shown(grossed.amortizedCostMinor),
      noncredit_discount: shown(grossed.noncreditDiscountMinor),
      face: shown(grossed.faceMinor),
      written_off: shown(grossed.writtenOffMinor),
      negative_allowance: shown(grossed.negativeAllowanceMinor),
    });
  }
  return rows;
}
