import type { CarryingMethod } from "../../models/portfolio.js";
import {
  type RollForwardDocument,
  type RollForwardKey,
  rollForwardKeys,
  type Standard,
} from "../../models/portfolio-reports.js";
import { formatMinor, type Minor, minor, ratio, zeroMinor } from "../money/money.js";

/** One portfolio between two days, as the ledger has it. */
export interface RollForwardSource {
  readonly portfolioId: string;
  readonly name: string;
  readonly currency: string;
  readonly method: CarryingMethod;
  /** the price, where the purchase lies between the days */
  readonly purchasedMinor: Minor;
  /** balance of 1500 before the first day */
  readonly openingMinor: Minor;
  /** debit less credit between the days, by account */
  readonly movedMinor: ReadonlyMap<string, bigint>;
}

export type RollForwardAmounts = Readonly<Record<RollForwardKey, Minor>>;

/** Accounts that each figure is made of. */
export const rollForwardAccounts: Readonly<Record<RollForwardKey, readonly string[]>> = {
  opening: ["1500"],
  purchases: ["1500"],
  revenue: ["4500", "4000", "4920", "4900", "4100", "4910"],
  change_current: ["4510"],
  change_future: ["4520"],
  impairment: ["4530"],
  collections: ["4000", "4920"],
  put_backs: ["4100"],
  disposals: ["4930"],
  transfers: ["1950"],
  translation: ["3900"],
  closing: ["1500"],
  residual: [],
};

/** The words of each standard; the figures are the same. */
const titles: Readonly<Record<Standard, Readonly<Partial<Record<RollForwardKey, string>>>>> = {
  ifrs: {
    revenue: "interest income at the credit-adjusted effective rate",
    change_current: "gain or loss on collections against expectation",
    change_future: "impairment gain or loss on future collections",
    impairment: "impairment",
  },
  cecl: {
    revenue: "revenue recognized on the negative allowance",
    change_current: "changes in expected current period recoveries",
    change_future: "changes in expected future period recoveries",
    impairment: "allowance charges and reversals",
  },
  cost_recovery: {
    revenue: "income after the cost is recovered",
    change_current: "change in current recoveries",
    change_future: "change in future recoveries",
    impairment: "impairment",
  },
};

const plainTitles: Readonly<Partial<Record<RollForwardKey, string>>> = {
  put_backs: "put-backs and recalls",
  disposals: "disposals",
  translation: "foreign currency translation",
};

export function titleOf(key: RollForwardKey, standard: Standard): string {
  return titles[standard][key] ?? plainTitles[key] ?? key;
}

/**
 * The movements of the carrying amount. Every figure but the opening and the closing is read from another account than
 * 1500 (purchases from the purchase itself), so that the residual says something: it is what the carrying amount moved by
 * and nothing explains.
 *
 * Collections and refunds are shown gross; what of them is not taken off the cost is income, and part of the revenue: all of it
 * once the cost is back.
 */
export function rollForwardOf(source: RollForwardSource): RollForwardAmounts {
  const of = (account: string) => source.movedMinor.get(account) ?? 0n;
  const cash = -of("4000") - of("4920");
  const refunds = -of("4100");
  const amounts = {
    opening: source.openingMinor,
    purchases: source.purchasedMinor,
    revenue: minor(-of("4500") + (cash - of("4900")) + (refunds - of("4910"))),
    change_current: minor(-of("4510")),
    change_future: minor(-of("4520")),
    impairment: minor(-of("4530")),
    collections: minor(-cash),
    put_backs: minor(-refunds),
    disposals: minor(-of("4930")),
    transfers: minor(-of("1950")),
    translation: minor(-of("3900")),
  };
  const closing = minor(source.openingMinor + of("1500"));
  const explained = Object.values(amounts).reduce((sum, amount) => sum + amount, 0n);
  return { ...amounts, closing, residual: minor(closing - explained) };
}

export function shownAmounts(amounts: RollForwardAmounts, currency: string): Record<RollForwardKey, string> {
  const shown = rollForwardKeys.map((key) => [key, formatMinor(amounts[key], currency)]);
  return Object.fromEntries(shown) as Record<RollForwardKey, string>;
}

const nothing = Object.fromEntries(rollForwardKeys.map((key) => [key, zeroMinor])) as RollForwardAmounts;

function sumOf(all: readonly RollForwardAmounts[]): RollForwardAmounts {
  const add = (a: RollForwardAmounts, b: RollForwardAmounts) =>
    Object.fromEntries(rollForwardKeys.map((key) => [key, minor(a[key] + b[key])])) as RollForwardAmounts;
  return all.reduce(add, nothing);
}

/** Totals by currency and method, and of each currency; currencies are never added up. */
export function rollForwardTotals(sources: readonly RollForwardSource[]): RollForwardDocument["totals"] {
  const currencies = [...new Set(sources.map(({ currency }) => currency))].sort();
  return currencies.flatMap((currency) => {
    const ours = sources.filter((source) => source.currency === currency);
    const methods = [...new Set(ours.map(({ method }) => method))].sort();
    return [...(methods.length > 1 ? methods : []), null].map((method) => {
      const counted = ours.filter((source) => method === null || source.method === method);
      const total = sumOf(counted.map(rollForwardOf));
      const cash = minor(-total.collections);
      return {
        currency,
        method,
        portfolios: counted.length,
        amounts: shownAmounts(total, currency),
        revenue_of_cash: cash > 0n ? ratio(total.revenue, cash, 6, "half_even") : null,
      };
    });
  });
}
