import type { Development } from "../../models/recovery-card.js";
import type { Timing } from "../../models/strategy.js";
import { meanAt } from "./additive.js";
import { binOf } from "./binning.js";
import type { Stages, StageTerms } from "./score-fit.js";
import { linearOf } from "./score-fit.js";
import type { History } from "./score-history.js";
import { cumulativeShares } from "./timing.js";

/** Months since charge-off at which the development is told; between them it is linear. */
const ages = [0, 1, 2, 3, 4, 5, 6, 9, 12, 18, 24, 36, 48, 60, 72, 84, 96, 120, 144, 180, 240];
/** Accounts that must have been observed for so long, for an age to count as known. */
const fewestObserved = 20;
const mostAveraged = 5000;

/**
 * How recoveries come in over the months since charge-off, and how much less older accounts bring in all.
 *
 * A history shows accounts of all ages on its day of observation, each with what had come in by then. What is paid
 * cannot be taken back: so where the mean rises from one age to the next, that is development (it comes as time
 * passes), and where it falls, the older accounts are poorer (a worse vintage, sold dearer or worked less). The mean
 * is that of all accounts of the history, put at each age in turn.
 *
 * What may be chance is neither: neighbouring ages that do not differ clearly count as one. A history with few payers shows
 * little that is clear, and would expect nothing of the months to come: so what it shows is weighed with the timing that
 * is usual.
 *
 * @param isFalling older never scores higher: the development is taken by its least concave majorant, so that no
 *   window of months brings an older account more than a younger one
 */
export function developmentOf(
  history: History,
  fitted: { terms: StageTerms; stages: Stages },
  { isFalling, secondMoment, priorTiming }: { isFalling: boolean; secondMoment: number; priorTiming: Timing },
): Development {
  const known = ages.filter(
    (age) => age === 0 || history.exposure.filter((months) => months >= age).length >= fewestObserved,
  );
  const { any, rate } = meansAt(history, fitted, known);
  const months = known.length > 1 ? known : [0, 1];
  const doubt = doubtOf(history, known, { any, secondMoment });
  const anyShape = risesAndFalls(pooled(any, doubt.any));
  const rateShape = risesAndFalls(pooled(rate, doubt.rate));
  const payers = history.any.reduce((sum, each) => sum + each, 0);
  const shape = (shares: readonly number[]) => {
    const whole = believed(shares, usualShares(priorTiming, months), payers);
    return isFalling ? majorant(months, whole) : whole;
  };
  return {
    months,
    any: shape(anyShape.shares),
    rate: shape(rateShape.shares),
    any_level: anyShape.level,
    rate_level: rateShape.level,
    reference_months: referenceAge(history, months.at(-1)!),
  };
}

/** The age in the middle of the history, where most is known: that of its median account. */
function referenceAge(history: History, last: number): number {
  return Math.min(history.exposure.slice().sort()[Math.floor(history.exposure.length / 2)]!, last);
}

/** Means of the probability and of the expected amount over the accounts of the history, were all of one age. */
function meansAt(
  history: History,
  { terms, stages }: { terms: StageTerms; stages: Stages },
  months: readonly number[],
): { any: number[]; rate: number[] } {
  const step = Math.ceil(history.rows.length / mostAveraged);
  const places = Int32Array.from(history.rows.keys()).filter((k) => k % step === 0);
  const ofTerms = (fit: Stages["probability"], of: StageTerms["probability"]) => {
    const exposure = of[0]!;
    const effects = fit.effects[0]!;
    const linear = linearOf(fit, of, places);
    for (let k = 0; k < places.length; k++) linear[k]! -= effects[exposure.bins[places[k]!]!]!;
    const atAge = binOf(Float64Array.from(months), exposure.bounds);
    return { linear, effect: Array.from(atAge, (bin) => effects[bin]!) };
  };
  const probability = ofTerms(stages.probability, terms.probability);
  const amount = ofTerms(stages.amount, terms.amount);
  const any = months.map(() => 0);
  const rate = months.map(() => 0);
  let weights = 0;
  for (let k = 0; k < places.length; k++) {
    const weight = history.balance[places[k]!]!;
    weights += weight;
    for (let a = 0; a < months.length; a++) {
      const chance = meanAt(probability.linear[k]! + probability.effect[a]!, "logistic");
      any[a]! += chance / places.length;
      rate[a]! += weight * Math.min(1, chance * meanAt(amount.linear[k]! + amount.effect[a]!, "poisson"));
    }
  }
  return { any, rate: rate.map((sum) => sum / weights) };
}

/** Accounts that paid, at which the history's own development counts for half. Ours, unverified. */
const halfBelieved = 200;

function believed(own: readonly number[], usual: readonly number[], payers: number): number[] {
  const weight = payers / (payers + halfBelieved);
  return own.map((share, a) => weight * share + (1 - weight) * usual[a]!);
}

/** The usual timing at these ages, as if all were in by the last of them: nothing is expected beyond. */
function usualShares(timing: Timing, months: readonly number[]): number[] {
  const last = months.at(-1)!;
  const cumulative = cumulativeShares(timing, last);
  return months.map((age) => cumulative[age]! / cumulative[last]!);
}

/** Ages differ when their means do by so many standard errors. */
const clearly = 2;

/** Relative variance of the mean of the accounts that were last seen between one age and the next. */
function doubtOf(
  { exposure, balance }: History,
  ages: readonly number[],
  { any, secondMoment }: { any: readonly number[]; secondMoment: number },
): { any: number[]; rate: number[] } {
  const sums = ages.map(() => ({ accounts: 0, balance: 0, squares: 0 }));
  for (let k = 0; k < exposure.length; k++) {
    const after = ages.findIndex((age) => exposure[k]! <= age);
    const sum = sums[after === -1 ? ages.length - 1 : after]!;
    sum.accounts++;
    sum.balance += balance[k]!;
    sum.squares += balance[k]! ** 2;
  }
  const chances = any.map((chance) => Math.min(Math.max(chance, 1e-6), 1 - 1e-6));
  return {
    any: sums.map(({ accounts }, a) => (1 / chances[a]! - 1) / Math.max(accounts, 0.5)),
    rate: sums.map((sum, a) => {
      const effective = sum.squares > 0 ? sum.balance ** 2 / sum.squares : 0.5;
      return Math.max(secondMoment / chances[a]! - 1, 0.01) / effective;
    }),
  };
}

/**
 * Means by age in which neighbours that do not clearly differ are one: each joins the ages before it unless it lies
 * further from their mean than chance takes it. Otherwise every ripple would count as a rise, and rises add up.
 */
function pooled(means: readonly number[], doubt: readonly number[]): number[] {
  const blocks: { log: number; weight: number; size: number }[] = [];
  for (let a = 0; a < means.length; a++) {
    const log = Math.log(Math.max(means[a]!, 1e-12));
    const weight = 1 / Math.max(doubt[a]!, 1e-12);
    const last = blocks.at(-1);
    if (last === undefined || Math.abs(log - last.log) > clearly * Math.sqrt(1 / weight + 1 / last.weight)) {
      blocks.push({ log, weight, size: 1 });
      continue;
    }
    last.log = (last.log * last.weight + log * weight) / (last.weight + weight);
    last.weight += weight;
    last.size++;
  }
  return blocks.flatMap(({ log, size }) => new Array<number>(size).fill(Math.exp(log)));
}

/** Means below this share of the highest are taken as it: the ratio of two near nothing is chance. */
const tooLittle = 0.1;

/**
 * A mean by age as development times level. Development takes the rises and ends at 1; it starts at 0, because
 * without time nothing comes. The level takes the falls.
 */
function risesAndFalls(means: readonly number[]): { shares: number[]; level: number[] } {
  const shares = [1];
  const level = [1];
  const floor = Math.max(Math.max(...means) * tooLittle, 1e-12);
  for (let a = 1; a < means.length; a++) {
    const factor = Math.max(means[a]!, floor) / Math.max(means[a - 1]!, floor);
    shares.push(shares.at(-1)! * Math.max(factor, 1));
    level.push(level.at(-1)! * Math.min(factor, 1));
  }
  if (shares.length === 1) return { shares: [0, 1], level: [1, 1] };
  const [first, last] = [shares[0]!, shares.at(-1)!];
  const whole = last > first ? last - first : 1;
  return { shares: shares.map((share, a) => (a === 0 ? 0 : last > first ? (share - first) / whole : 1)), level };
}

/** The least concave line above the points, both ends kept. */
function majorant(months: readonly number[], shares: readonly number[]): number[] {
  const hull: number[] = [];
  for (let a = 0; a < months.length; a++) {
    while (hull.length > 1 && slope(hull.at(-2)!, hull.at(-1)!) <= slope(hull.at(-1)!, a)) hull.pop();
    hull.push(a);
  }
  function slope(from: number, to: number): number {
    return (shares[to]! - shares[from]!) / (months[to]! - months[from]!);
  }
  return months.map((month, a) => {
    const after = hull.findIndex((corner) => corner >= a);
    if (hull[after] === a) return shares[a]!;
    const left = hull[after - 1]!;
    return shares[left]! + slope(left, hull[after]!) * (month - months[left]!);
  });
}

/** A share (or level) of a development at any age: linear between its months, level beyond its last. */
export function shareAt(
  development: Development,
  of: "any" | "rate" | "any_level" | "rate_level",
  age: number,
): number {
  const { months } = development;
  const values = development[of];
  const after = months.findIndex((month) => month >= age);
  if (after === -1) return values.at(-1)!;
  if (after === 0) return values[0]!;
  const way = (age - months[after - 1]!) / (months[after]! - months[after - 1]!);
  return values[after - 1]! + (values[after]! - values[after - 1]!) * way;
}
