import { npvMonthly } from "../cashflow/present-value.js";
import { findRoot } from "../cashflow/root.js";
import { type BidTerms, highestPrice, type Price, payableFlow, returnsAt } from "./bid.js";
import { type FlowBasis, horizonReach, netFlow, type Shock } from "./net-flow.js";

/** Targets of the ladder; the bid's own is added. */
const ladderTargets = [0.1, 0.12, 0.15, 0.18, 0.2, 0.25, 0.3];

export interface Rung {
  readonly targetIrr: number;
  readonly price: Price;
}

/** The bid at each of a row of target rates, ascending; the other conditions stay as they are. */
export function ladder(net: Float64Array, terms: BidTerms): Rung[] {
  const targets = [...new Set([...ladderTargets, terms.targetIrr])].sort((a, b) => a - b);
  return targets.map((targetIrr) => ({ targetIrr, price: highestPrice(net, { ...terms, targetIrr }) }));
}

export interface Shocked {
  readonly price: Price;
  /** annual rate the unshocked bid would earn on the shocked flow; null where there is none */
  readonly netIrrAtBid: number | null;
}
export interface OneWay extends Shocked {
  readonly shock: string;
  readonly kind: "collections" | "costs" | "delay" | "horizon";
  readonly amount: number;
}
export interface TwoWay {
  readonly columns: "delay" | "costs";
  readonly cells: readonly (Shocked & { readonly row: number; readonly column: number })[];
}

const shares = [-0.2, -0.1, 0.1, 0.2];
const delays = [3, 6];

/** The price, and what the bid would earn, when one thing goes otherwise. */
export function oneWay(basis: FlowBasis, terms: BidTerms, bid: number): OneWay[] {
  const horizon = basis.assumptions.horizon_months;
  const horizons = [-horizonReach, -12, 12, horizonReach].filter((months) => horizon + months >= 1);
  const percent = (amount: number) => `${amount > 0 ? "+" : ""}${Math.round(amount * 100)}%`;
  const row = (kind: OneWay["kind"], amount: number, words: string, shock: Shock): OneWay => {
    return { shock: `${kind} ${words}`, kind, amount, ...shocked(basis, terms, { shock, bid }) };
  };
  return [
    ...shares.map((amount) => row("collections", amount, percent(amount), { collections: 1 + amount })),
    ...shares.map((amount) => row("costs", amount, percent(amount), { costs: 1 + amount })),
    ...delays.map((months) => row("delay", months, `${months} months`, { delayMonths: months })),
    ...horizons.map((months) => {
      return row("horizon", months, `${months > 0 ? "+" : ""}${months} months`, { horizonMonths: horizon + months });
    }),
  ];
}

/** The same when collections and a second thing go otherwise together; the unshocked values are among the cells. */
export function twoWay(basis: FlowBasis, terms: BidTerms, bid: number): TwoWay[] {
  const rows = [-0.2, -0.1, 0, 0.1, 0.2];
  const grid = (
    columns: TwoWay["columns"],
    amounts: readonly number[],
    shockOf: (amount: number) => Shock,
  ): TwoWay => ({
    columns,
    cells: rows.flatMap((row) =>
      amounts.map((column) => {
        const shock = { collections: 1 + row, ...shockOf(column) };
        return { row, column, ...shocked(basis, terms, { shock, bid }) };
      }),
    ),
  });
  return [
    grid("delay", [0, ...delays], (months) => ({ delayMonths: months })),
    grid("costs", rows, (amount) => ({ costs: 1 + amount })),
  ];
}

function shocked(basis: FlowBasis, terms: BidTerms, at: { shock: Shock; bid: number }): Shocked {
  const { net } = netFlow(basis, at.shock);
  return { price: highestPrice(net, terms), netIrrAtBid: returnsAt(net, at.bid).netIrr };
}

/** Collections beyond this multiple of the forecast are not looked at. */
const mostCollections = 1000;

/**
 * The multiplier of collections at which a bid just earns an annual rate.
 * Null where no multiplier up to 1,000 does: nothing is paid, costs eat the collections, or there are none.
 */
export function breakEvenCollections(basis: FlowBasis, bid: number, annualRate: number): number | null {
  if (bid <= 0) return null;
  const gain = (multiplier: number) => {
    return npvMonthly(payableFlow(netFlow(basis, { collections: multiplier }).net), annualRate) - bid;
  };
  if (gain(0) >= 0 || gain(mostCollections) <= 0) return null;
  return findRoot(gain, 0, mostCollections);
}

/** Widest account-level spread that a lognormal is taken to describe: one account that pays once in fifty times. */
const widestAccountCv = 10;

/** Standard normal quantile of 90 %. */
const z90 = 1.2815515655446004;

export interface Interval {
  readonly p10: Price;
  readonly p50: Price;
  readonly p90: Price;
  readonly collections: { readonly p10: number; readonly p50: number; readonly p90: number };
  readonly accountCv: number;
  readonly systematicCv: number;
}

/**
 * The price had collections turned out low (one in ten is lower), middling or high.
 *
 * Collections over their expectation are taken as lognormal with mean 1. Their spread has two parts: which accounts
 * happen to pay (`accountCv`, standard deviation over mean; it falls with the square root of the number of accounts)
 * and a factor that all accounts share (`systematicCv`: economy, law, a seller's selection; it does not fall).
 * Independent factors multiply: 1 + cv² = (1 + account²) (1 + systematic²). Closed form, no draws.
 * The median lies a little below the bid, because the bid rests on the mean. The authority limit is left out: it says
 * what may be paid, not what the accounts are worth.
 */
export function priceInterval(
  basis: FlowBasis,
  terms: BidTerms,
  cv: { account: number; systematic: number },
): Interval {
  const accountCv = Math.min(cv.account, widestAccountCv);
  const variance = Math.log((1 + accountCv ** 2) * (1 + cv.systematic ** 2));
  const quantile = (z: number) => Math.exp(-variance / 2 + z * Math.sqrt(variance));
  const collections = { p10: quantile(-z90), p50: quantile(0), p90: quantile(z90) };
  const open = { ...terms, authorityLimit: null };
  const priceAt = (multiplier: number) => highestPrice(netFlow(basis, { collections: multiplier }).net, open);
  return {
    p10: priceAt(collections.p10),
    p50: priceAt(collections.p50),
    p90: priceAt(collections.p90),
    collections,
    accountCv,
    systematicCv: cv.systematic,
  };
}
