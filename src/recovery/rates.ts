import { type Assumptions, stages } from "../../models/strategy.js";
import { productTypes } from "../../models/tape.js";
import { cumulativeShares } from "./timing.js";

/** Ages beyond this many months are taken as this one: every prior is level or zero long before 50 years. */
export const oldestAgeMonths = 600;

/**
 * Share of its face that a debt brings in over its whole life, by stage and age in months, before product and other
 * multipliers: `table[stage * (oldestAgeMonths + 1) + age]`.
 *
 * Stage and age both measure how stale a debt is, so multiplying their factors would count it twice: a debt placed
 * twice is usually old as well. The lower of the two 12-month rates counts: that of its stage, and that of the best
 * stage times the age factor. The 12-month rate over the share of the timing curve that falls into 12 months is the
 * lifetime rate.
 */
export function consumerLifetimeRates(recovery: Assumptions["recovery"]): Float64Array {
  const first12 = cumulativeShares(recovery.timing, 12)[12]!;
  const best = Math.max(...stages.map((stage) => recovery.liquidation_12m[stage]));
  const table = new Float64Array(stages.length * (oldestAgeMonths + 1));
  for (let age = 0; age <= oldestAgeMonths; age++) {
    const byAge = best * ageFactor(recovery.age_factors, age);
    for (const [s, stage] of stages.entries()) {
      const rate12 = Math.min(recovery.liquidation_12m[stage], byAge);
      table[s * (oldestAgeMonths + 1) + age] = first12 > 0 ? rate12 / first12 : 0;
    }
  }
  return table;
}

/** Linear between the points, level outside them, so that no age stands at a cliff. */
export function ageFactor(points: Assumptions["recovery"]["age_factors"], ageMonths: number): number {
  const after = points.findIndex((point) => point.months >= ageMonths);
  if (after === -1) return points.at(-1)!.value;
  if (after === 0) return points[0]!.value;
  const [left, right] = [points[after - 1]!, points[after]!];
  const way = (ageMonths - left.months) / (right.months - left.months);
  return left.value + (right.value - left.value) * way;
}

/**
 * Share of a commercial claim that is ever collected, by whole months past due (0 to `oldestAgeMonths`).
 * Log-linear between the points; beyond the last the claim loses value at the pace of the last interval.
 */
export function commercialLifetimeRates(points: Assumptions["recovery"]["commercial_collectability"]): Float64Array {
  const table = new Float64Array(oldestAgeMonths + 1);
  for (let age = 0; age <= oldestAgeMonths; age++) {
    const found = points.findIndex((point) => point.months >= age);
    if (points.length === 1 || found === 0) {
      table[age] = points[0]!.value;
      continue;
    }
    const after = found === -1 ? points.length - 1 : found;
    const [left, right] = [points[after - 1]!, points[after]!];
    const slope = Math.log(right.value / left.value) / (right.months - left.months);
    table[age] = left.value * Math.exp(slope * (age - left.months));
  }
  return table;
}

/** Product factors in the order of `productTypes`; the last entry, for an unknown product, is that of `other`. */
export function productFactors(recovery: Assumptions["recovery"]): Float64Array {
  return Float64Array.from([...productTypes, "other" as const], (name) => recovery.product_factors[name]);
}
