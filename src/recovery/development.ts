import type { Development } from "../../models/recovery-card.js";
import type { Timing } from "../../models/strategy.js";
import { meanAt } from "./additive.js";
import { binOf } from "./binning.js";
import { risesAndFalls } from "./rises-and-falls.js";
import type { Stages, StageTerms } from "./score-fit.js";
import { linearOf } from "./score-fit.js";
import type { History } from "./score-history.js";

/** Months since charge-off at which the development is told; between them it is linear. */
const ages = [0, 1, 2, 3, 4, 5, 6, 9, 12, 18, 24, 36, 48, 60, 72, 84, 96, 120, 144, 180, 240];
/** Accounts that must have been observed for so long, for an age to count as known. */
const fewestObserved = 20;
const mostAveraged = 5000;

/**
 * How recoveries come in over the months since charge-off, and how much less older accounts bring in all.
 *
 * A history shows accounts of all ages on its day of observation, each with what had come in by then: the mean, of
 * all its accounts put at each age in turn, is parted into a curve that rises with time and a level that falls with
 * age (`risesAndFalls`).
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
  const means = meansAt(history, fitted, known);
  const doubt = doubtOf(history, known, { any: means.any, secondMoment });
  const months = known.length > 1 ? known : [0, 1];
  const [any, rate] = (["any", "rate"] as const).map((of) => {
    const { shares, level } = risesAndFalls(months, means[of], { doubt: doubt[of], usual: priorTiming });
    return { shares: isFalling ? majorant(months, shares) : shares, level };
  });
  return {
    months,
    any: any!.shares,
    rate: rate!.shares,
    any_level: any!.level,
    rate_level: rate!.level,
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
