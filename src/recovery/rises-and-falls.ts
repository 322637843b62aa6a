import type { Timing } from "../../models/strategy.js";
import { type Growth, growthAt } from "./growth.js";
import { leastOf } from "./least.js";
import { pooledInOrder } from "./pooled-in-order.js";
import { cumulativeShares } from "./timing.js";

/** Means by age, as development (a curve that rises to 1 at the last age) times level (which falls from 1). */
export interface RisesAndFalls {
  readonly shares: number[];
  readonly level: number[];
}

/** Means below this share of the highest are taken as it: the ratio of two near nothing is chance. */
const tooLittle = 0.1;
/** By how much neighbouring vintages differ beyond chance: standard deviation of the logarithm. Ours, unverified. */
const vintageDeviation = 0.2;
/** Standard deviations of the logarithms of shape and scale around the usual timing: it is hardly believed. Ours. */
const priorDeviations = { shape: 1, scale: 2 } as const;
/** Of the logarithms of shape and scale in months: from most at once to a sudden rise, within days or over decades. */
const bounds = { shape: [-1, 2], scale: [-1, 6] } as const;
const otherStarts = [
  [0, 2],
  [1, 1.6],
] as const;
const longestMonths = 360;

/**
 * Parts means by age into what time brought and how the vintages differ.
 *
 * Accounts of each age are vintages of their own, and some are better than others for no reason of age. So the means are
 * not joined from point to point, where every better vintage would count as money still to come: one gamma curve goes
 * through them all, an age weighed by its chance error and by what vintages differ, with the usual timing as a weak
 * prior. By how much the means fall behind the curve with age is the level.
 *
 * @param ages  months, ascending, 0 first
 * @param means by age, 0 and more
 * @param doubt relative variance of each mean
 */
export function risesAndFalls(
  ages: readonly number[],
  means: readonly number[],
  { doubt, usual }: { doubt: readonly number[]; usual: Timing },
): RisesAndFalls {
  const highest = Math.max(...means);
  if (ages.length < 3 || !(highest > 0)) {
    return { shares: ages.map((age) => (age > 0 ? 1 : 0)), level: ages.map(() => 1) };
  }
  const timed = ages.slice(1);
  const logs = means.slice(1).map((mean) => Math.log(Math.max(mean / highest, tooLittle)));
  const weights = doubt.slice(1).map((variance) => 1 / (variance + vintageDeviation ** 2));
  const beyond = (growth: Growth) => {
    const whole = growthAt(growth, timed.at(-1)!);
    return logs.map((log, a) => log - Math.log(Math.max(growthAt(growth, timed[a]!) / whole, tooLittle)));
  };
  const growth = closestCurve(beyond, weights, likeTiming(usual));
  const whole = growthAt(growth, timed.at(-1)!);
  const level = pooledInOrder(beyond(growth), weights, -1);
  return {
    shares: ages.map((age) => growthAt(growth, age) / whole),
    level: [1, ...level.map((log) => Math.exp(log - level[0]!))],
  };
}

/** The curve about which the means stray least, with what it costs to leave the prior. */
function closestCurve(
  beyond: (growth: Growth) => number[],
  weights: readonly number[],
  prior: { readonly shape: number; readonly scale: number },
): Growth {
  const cost = (point: readonly [number, number]) => {
    const strayed = beyond(gammaAt(point));
    const middle = meanOf(strayed, weights);
    const [shape, scale] = [point[0] - Math.log(prior.shape), point[1] - Math.log(prior.scale)];
    return (
      strayed.reduce((sum, one, a) => sum + weights[a]! * (one - middle) ** 2, 0) +
      (shape / priorDeviations.shape) ** 2 +
      (scale / priorDeviations.scale) ** 2
    );
  };
  const starts = [[Math.log(prior.shape), Math.log(prior.scale)] as const, ...otherStarts];
  const runs = starts.map((start) => leastOf(cost, start));
  return gammaAt(runs.reduce((a, b) => (b.cost < a.cost ? b : a)).point);
}

function gammaAt([logShape, logScale]: readonly [number, number]): Growth {
  const within = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));
  const shape = Math.exp(within(logShape, bounds.shape));
  return { family: "gamma", shape, scale: Math.exp(within(logScale, bounds.scale)) };
}

/** The gamma curve, in months, with the mean and the variance of the timing. */
function likeTiming(timing: Timing): { shape: number; scale: number } {
  const shares = cumulativeShares(timing, longestMonths);
  let [mean, squares] = [0, 0];
  for (let month = 1; month <= longestMonths; month++) {
    const share = (shares[month]! - shares[month - 1]!) / shares[longestMonths]!;
    mean += share * (month - 0.5);
    squares += share * (month - 0.5) ** 2;
  }
  const variance = Math.max(squares - mean * mean, mean);
  return { shape: mean ** 2 / variance, scale: variance / mean };
}

function meanOf(values: readonly number[], weights: readonly number[]): number {
  const weight = weights.reduce((sum, one) => sum + one, 0);
  return values.reduce((sum, one, i) => sum + one * weights[i]!, 0) / weight;
}
