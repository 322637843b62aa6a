import { AdditiveSum, type Term } from "./additive.js";
import { normalBeyond } from "./normal.js";

/**
 * Days to pay as a sum of effects on a scale on which they are spread evenly, plus a further time when the invoice is
 * disputed. Invoices that are open take part with what they tell: that it takes longer than so many days, or that they
 * are among those that are never settled (a cure model, turned round).
 */

/** The scale: days themselves (power 1), their roots (0.5) or their logarithms (0), Box and Cox's family of t + 1. */
export type Power = 1 | 0.5 | 0;

export function onScale(days: number, power: Power): number {
  const shifted = Math.max(days, -0.999) + 1;
  return power === 1 ? days : power === 0 ? Math.log(shifted) : 2 * (Math.sqrt(shifted) - 1);
}

export function offScale(value: number, power: Power): number {
  if (power === 1) return value;
  return power === 0 ? Math.expm1(value) : Math.max(value / 2 + 1, 0) ** 2 - 1;
}

export interface DaysProblem {
  readonly terms: readonly Term[];
  /** on the scale; of an open invoice the time that it is known to exceed */
  readonly response: Float64Array;
  readonly isSettled: Uint8Array;
  /** by row: 1 disputed, 0 not, 2 not known */
  readonly disputed: Uint8Array;
  /** by row: probability that it is disputed, for where that is not known */
  readonly disputeChance: Float64Array;
  /** whether disputes are told apart at all */
  readonly hasDisputes: boolean;
}

export interface DaysFit {
  readonly sum: AdditiveSum;
  /** what a dispute adds, on the scale */
  readonly disputeEffect: number;
  /** variance about the sum */
  readonly noise: number;
  /** by row: probability that it is or will be disputed, given all that is known of it */
  readonly disputeShare: Float64Array;
}

/** Where the share of invoices that are never settled begins; the data soon say what it is. */
const neverAtFirst = 0.01;
/** Residuals beyond so many standard deviations count for less (Huber): a file has rows that are simply wrong. */
const huberBound = 2.5;
const leastPasses = 8;
/** Passes end when no effect moves by more than this share of the standard deviation: an hour in a month. */
const settledBelow = 1e-3;

/**
 * Fits by expectation and maximisation: what is not known is replaced by what is to be expected of it, in turns.
 *
 * @param mostPasses passes after which it ends, settled or not
 */
export function fitDays(problem: DaysProblem, mostPasses = 200): DaysFit {
  const { terms, response } = problem;
  const rows = response.length;
  const start = spreadOfSettled(problem);
  const sum = new AdditiveSum(terms, rows, start / 4);
  const expected = Float64Array.from(response);
  const extra = new Float64Array(rows);
  // The first pass is on settled invoices alone: of the others nothing can be expected before something is known.
  const weights = Float64Array.from(problem.isSettled);
  const alive = Float64Array.from(problem.isSettled);
  const share = initialShares(problem);
  const adjusted = new Float64Array(rows);
  let noise = start;
  let effect = 0;
  let never = neverAtFirst;
  for (let pass = 0; pass < mostPasses; pass++) {
    if (pass > 0) expect(problem, { sum, noise, effect, never }, { expected, extra, share, alive });
    for (let i = 0; i < rows; i++) adjusted[i] = expected[i]! - effect * share[i]!;
    const moved = sum.pass(adjusted, weights, noise);
    if (problem.hasDisputes) effect = disputeEffectOf(expected, sum.fitted, share, weights);
    noise = noiseOf({ expected, extra, share, alive, weights }, sum, effect);
    if (pass > 0) never = alive.reduce((total, value) => total + 1 - value, 0) / rows;
    const bound = huberBound * Math.sqrt(noise);
    for (let i = 0; i < rows; i++) {
      const residual = Math.abs(expected[i]! - effect * share[i]! - sum.fitted[i]!);
      weights[i] = (residual <= bound ? 1 : bound / residual) * alive[i]!;
    }
    if (pass >= leastPasses && moved < settledBelow * Math.sqrt(noise)) break;
  }
  return { sum, disputeEffect: effect, noise, disputeShare: share };
}

function spreadOfSettled({ response, isSettled }: DaysProblem): number {
  let [count, total, squares] = [0, 0, 0];
  for (let i = 0; i < response.length; i++) {
    if (isSettled[i] === 0) continue;
    count++;
    total += response[i]!;
    squares += response[i]! ** 2;
  }
  const mean = total / Math.max(count, 1);
  return Math.max(squares / Math.max(count, 1) - mean * mean, 1e-4);
}

function initialShares({ disputed, disputeChance, hasDisputes }: DaysProblem): Float64Array {
  return disputeChance.map((chance, i) => (hasDisputes ? (disputed[i] === 2 ? chance : disputed[i]!) : 0));
}

interface Guess {
  readonly sum: AdditiveSum;
  readonly noise: number;
  readonly effect: number;
  /** share of all that is never settled */
  readonly never: number;
}

interface Expected {
  /** by row: the response, or what is to be expected of it */
  readonly expected: Float64Array;
  /** by row: variance of what is not known of it */
  readonly extra: Float64Array;
  readonly share: Float64Array;
  /** by row: probability that it will ever be settled */
  readonly alive: Float64Array;
}

/** What is to be expected of responses that are not over, and of disputes that are not known. */
function expect(
  { response, isSettled, disputed, disputeChance, hasDisputes }: DaysProblem,
  guess: Guess,
  to: Expected,
) {
  const { sum, noise, effect, never } = guess;
  const deviation = Math.sqrt(noise);
  for (let i = 0; i < response.length; i++) {
    const chance = hasDisputes ? disputeChance[i]! : 0;
    const plain = (response[i]! - sum.fitted[i]!) / deviation;
    const troubled = plain - effect / deviation;
    if (isSettled[i] === 1) {
      if (!hasDisputes || disputed[i] !== 2) continue;
      const odds = (chance / Math.max(1 - chance, 1e-9)) * Math.exp((plain * plain - troubled * troubled) / 2);
      to.share[i] = odds / (1 + odds);
      continue;
    }
    const [without, within] = [normalBeyond(plain), normalBeyond(troubled)];
    const weight = chance * within.survival;
    const survival = weight + (1 - chance) * without.survival;
    const share = weight / survival;
    to.alive[i] = 1 - never / (never + (1 - never) * survival);
    const mean = (1 - share) * without.mean + share * within.mean;
    const square = (1 - share) * without.square + share * within.square;
    to.share[i] = share;
    to.expected[i] = sum.fitted[i]! + effect * share + deviation * mean;
    to.extra[i] = noise * Math.max(square - mean * mean, 0);
  }
}

function disputeEffectOf(expected: Float64Array, fitted: Float64Array, share: Float64Array, weights: Float64Array) {
  let [toward, weight] = [0, 1];
  for (let i = 0; i < expected.length; i++) {
    toward += weights[i]! * share[i]! * (expected[i]! - fitted[i]!);
    weight += weights[i]! * share[i]! * share[i]!;
  }
  return toward / weight;
}

function noiseOf(rows: Expected & { readonly weights: Float64Array }, sum: AdditiveSum, effect: number): number {
  let total = sum.totalVariance();
  let count = 0;
  for (let i = 0; i < rows.expected.length; i++) {
    const residual = rows.expected[i]! - effect * rows.share[i]! - sum.fitted[i]!;
    const alive = rows.alive[i]!;
    count += alive;
    if (alive > 0) total += (rows.weights[i]! * residual) ** 2 / alive + rows.extra[i]! * rows.weights[i]!;
  }
  return Math.max(total / count, 1e-6);
}
