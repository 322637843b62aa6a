import { quantileSorted } from "simple-statistics";
import type { RecoveryCard } from "../../models/recovery-card.js";
import type { History } from "./score-history.js";

export type Spread = RecoveryCard["spread"];

/** Standard normal quantile of 0.9. */
const tenthAndNinetieth = 1.2815515655446004;

/**
 * What a pool of accounts brings in one case of ten at most, and in nine of ten at most.
 *
 * The accounts' own variances add up; what they share (the level of the history, the year) does not thin out with
 * their number. The total is taken as lognormal: it cannot be negative and has the longer tail above.
 *
 * @param sharedCv standard deviation over mean of what all accounts share
 */
export function poolInterval(
  pool: { readonly expected: number; readonly accountVariance: number },
  sharedCv: number,
): { p10: number; p90: number } {
  if (!(pool.expected > 0)) return { p10: 0, p90: 0 };
  const cv2 = pool.accountVariance / (pool.expected * pool.expected) + sharedCv * sharedCv;
  const sigma = Math.sqrt(Math.log(1 + cv2));
  const at = (z: number) => pool.expected * Math.exp(z * sigma - (sigma * sigma) / 2);
  return { p10: at(-tenthAndNinetieth), p90: at(tenthAndNinetieth) };
}

/** Variance of what one account brings, in the square of its unit: it pays with a probability, and then not evenly. */
export function accountVariance(expected: number, probability: number, spread: Pick<Spread, "second_moment">): number {
  return probability > 0
    ? Math.max(0, (expected * expected * spread.second_moment) / probability - expected * expected)
    : 0;
}

/**
 * How far single accounts, the whole history and its years stray from what was expected of them by fits that had not
 * seen them.
 */
export function spreadOf(
  history: History,
  leftOut: { readonly rate: Float64Array; readonly probability: Float64Array },
): Spread {
  const ratios: number[] = [];
  let [squares, expectedSquares, expected, variance] = [0, 0, 0, 0];
  for (let k = 0; k < history.rows.length; k++) {
    const probability = Math.max(leftOut.probability[k]!, 1e-9);
    const rate = Math.max(leftOut.rate[k]!, 1e-9);
    const paid = history.rate[k]! * history.balance[k]!;
    const amount = (rate / probability) * history.balance[k]!;
    if (history.any[k] === 1) ratios.push(paid / amount);
    squares += paid * paid;
    expectedSquares += probability * amount * amount;
    expected += rate * history.balance[k]!;
    variance += (paid - rate * history.balance[k]!) ** 2;
  }
  ratios.sort((a, b) => a - b);
  return {
    amount_quantiles: Array.from({ length: 101 }, (_, p) => quantileSorted(ratios, p / 100)),
    second_moment: expectedSquares > 0 ? squares / expectedSquares : 0,
    history_cv: expected > 0 ? Math.sqrt(variance) / expected : 0,
    systematic_cv: betweenYears(history, leftOut.rate),
  };
}

/**
 * By how much years of opening differ in recovered over expected, beyond what chance makes of their accounts (method of
 * moments, years weighted by what was expected of them).
 */
function betweenYears(history: History, rate: Float64Array): number {
  const years = new Map<number, { expected: number; recovered: number; variance: number }>();
  for (let k = 0; k < rate.length; k++) {
    const sums = years.get(history.vintage[k]!) ?? { expected: 0, recovered: 0, variance: 0 };
    const amount = rate[k]! * history.balance[k]!;
    const paid = history.rate[k]! * history.balance[k]!;
    sums.expected += amount;
    sums.recovered += paid;
    sums.variance += (paid - amount) ** 2;
    years.set(history.vintage[k]!, sums);
  }
  const known = [...years.values()].filter(({ expected }) => expected > 0);
  const whole = known.reduce((sum, { expected }) => sum + expected, 0);
  let beyond = 0;
  for (const { expected, recovered, variance } of known) {
    const weight = expected / whole;
    beyond += weight * ((recovered / expected - 1) ** 2 - variance / (expected * expected));
  }
  return Math.sqrt(Math.max(0, beyond));
}
