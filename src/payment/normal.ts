/** The standard normal distribution, and what is expected of it beyond a bound: for durations that are not over yet. */

const rootTwoPi = Math.sqrt(2 * Math.PI);

export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / rootTwoPi;
}

/**
 * P(Z > z), to a relative error below 1.2e-7 in both tails: the Chebyshev fit of the complementary error function by
 * Press et al., Numerical Recipes (2nd ed., 6.2, `erfcc`).
 */
export function normalSurvival(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let sum = 0.17087277;
  for (const c of [-0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368])
    sum = sum * t + c;
  const tail = 0.5 * t * Math.exp(-x * x - 1.26551223 + t * sum);
  return z >= 0 ? tail : 1 - tail;
}

export interface Beyond {
  /** P(Z > z) */
  readonly survival: number;
  /** E(Z | Z > z) */
  readonly mean: number;
  /** E(Z² | Z > z) */
  readonly square: number;
}

/** What is expected of a standard normal that is known to exceed z. */
export function normalBeyond(z: number): Beyond {
  const survival = normalSurvival(z);
  // Far out the ratio of density to tail is z + 1/z, which the quotient of two tiny numbers no longer gives.
  const mean = z > 8 ? z + 1 / z : normalDensity(z) / survival;
  return { survival: Math.max(survival, 1e-300), mean, square: 1 + z * mean };
}

/** The z below which a share p of the standard normal lies, 0 < p < 1 (bisection of the tail; exact to 1e-9). */
export function normalQuantile(p: number): number {
  let [low, high] = [-9, 9];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalSurvival(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
