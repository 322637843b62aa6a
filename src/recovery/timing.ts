import { gammaln } from "simple-statistics";
import type { Timing } from "../../models/strategy.js";

/**
 * When the money comes: the share of all that is ever collected that is in by the end of each month.
 *
 * The default is the distribution function of a gamma distribution, which rises, has its best months in the second
 * year and a long tail. An exponential pays most in month 1, which no published vintage of purchased debt does.
 *
 * @param horizonMonths whole months, 1 and more
 * @returns horizon + 1 shares from 0 (month 0) to at most 1, none below the one before
 */
export function cumulativeShares(timing: Timing, horizonMonths: number): Float64Array {
  const shares = new Float64Array(horizonMonths + 1);
  if (timing.family === "monthly") {
    const whole = timing.shares.reduce((sum, share) => sum + share, 0);
    let sum = 0;
    for (let m = 1; m <= horizonMonths; m++) {
      sum += timing.shares[m - 1] ?? 0;
      shares[m] = Math.min(1, sum / whole);
    }
    return shares;
  }
  for (let m = 1; m <= horizonMonths; m++) {
    shares[m] =
      timing.family === "level"
        ? Math.min(1, m / timing.months)
        : gammaDistribution(m / 12 / timing.scale_years, timing.shape);
  }
  return shares;
}

/**
 * Distribution function of the standard gamma distribution: the regularised lower incomplete gamma function P(a, x),
 * by its power series (Abramowitz and Stegun 6.5.29), which has positive terms only and so loses no digits.
 *
 * @param x     0 to 200
 * @param shape 0.2 to 20
 */
export function gammaDistribution(x: number, shape: number): number {
  if (x <= 0) return 0;
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(shape * Math.log(x) - x - gammaln(shape)));
}
