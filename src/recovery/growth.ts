import { gammaln } from "simple-statistics";
import { gammaDistribution } from "./timing.js";

/** Families of growth curves: the share of all that is ever collected that is in by an age. */
export const growthFamilies = ["gamma", "weibull", "loglogistic"] as const;
export type GrowthFamily = (typeof growthFamilies)[number];

/** A growth curve. Scale is an age, in the unit of the ages it was fitted on. */
export interface Growth {
  readonly family: GrowthFamily;
  readonly shape: number;
  readonly scale: number;
}

/**
 * Share that is in by an age: gamma P(shape, t/scale); Weibull 1 - exp(-(t/scale)^shape); log-logistic
 * t^shape / (t^shape + scale^shape). All three rise, have one best time when the shape is above 1, and reach 1;
 * the log-logistic does so slowest.
 *
 * @param age 0 and more; infinity gives 1
 */
export function growthAt({ family, shape, scale }: Growth, age: number): number {
  if (age <= 0) return 0;
  if (age === Number.POSITIVE_INFINITY) return 1;
  if (family === "weibull") return -Math.expm1(-((age / scale) ** shape));
  if (family === "loglogistic") return 1 / (1 + (age / scale) ** -shape);
  return gammaShare(shape, age / scale);
}

/** The scale at which the curve of this family and shape has the share in by the age: the reverse of `growthAt`. */
export function scaleReaching({ family, shape }: Omit<Growth, "scale">, age: number, share: number): number {
  if (family === "weibull") return age / (-Math.log1p(-share)) ** (1 / shape);
  if (family === "loglogistic") return age * (share / (1 - share)) ** (-1 / shape);
  // P(shape, x) rises in x, so the logarithm of x is halved in.
  let [low, high] = [-700 / Math.min(shape, 1), Math.log(shape + 60 + 40 * Math.sqrt(shape))];
  for (let i = 0; i < 200 && high - low > 1e-14 * Math.max(1, Math.abs(low)); i++) {
    const middle = (low + high) / 2;
    if (gammaShare(shape, Math.exp(middle)) < share) low = middle;
    else high = middle;
  }
  return age / Math.exp((low + high) / 2);
}

/**
 * The regularised lower incomplete gamma function P(a, x) for any x: by its power series up to a + 1, by the continued
 * fraction of its complement (Abramowitz and Stegun 6.5.31, Lentz's form) above, where the series would be long.
 */
function gammaShare(a: number, x: number): number {
  if (x < a + 1) return gammaDistribution(x, a);
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return 1 - Math.exp(a * Math.log(x) - x - gammaln(a)) * fraction;
}
