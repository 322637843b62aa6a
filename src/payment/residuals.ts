import { keptProbabilities } from "../../models/payment-card.js";
import { normalQuantile, normalSurvival } from "./normal.js";

const cells = 2048;

/**
 * How standardised residuals are spread, as quantiles, with straight lines between them. A share of invoices may never
 * be settled as far as the history reaches: that mass lies beyond every value.
 */
export class ResidualSpread {
  readonly quantiles: readonly number[];
  readonly neverShare: number;
  readonly #low: number;
  readonly #step: number;
  /** P(Z <= z) at even steps, never-share left out */
  readonly #distribution: Float64Array;

  /** @param quantiles rising, at `keptProbabilities` */
  constructor(quantiles: readonly number[], neverShare: number) {
    this.quantiles = quantiles;
    this.neverShare = neverShare;
    const [first, last] = [quantiles[0]! - 0.5, quantiles[quantiles.length - 1]! + 0.5];
    this.#low = first;
    this.#step = (last - first) / cells;
    this.#distribution = new Float64Array(cells + 1);
    const [zs, ps] = [
      [first, ...quantiles, last],
      [0, ...keptProbabilities, 1],
    ];
    let knot = 0;
    for (let cell = 0; cell <= cells; cell++) {
      const z = first + cell * this.#step;
      while (knot < zs.length - 2 && zs[knot + 1]! <= z) knot++;
      const width = zs[knot + 1]! - zs[knot]!;
      const share = width <= 0 ? 1 : Math.min((z - zs[knot]!) / width, 1);
      this.#distribution[cell] = ps[knot]! + share * (ps[knot + 1]! - ps[knot]!);
    }
  }

  /** P(Z > z), invoices that are never settled counted in. */
  survival(z: number): number {
    const at = (z - this.#low) / this.#step;
    if (at <= 0) return 1;
    if (at >= cells) return this.neverShare;
    const cell = Math.floor(at);
    const below = this.#distribution[cell]!;
    const share = below + (at - cell) * (this.#distribution[cell + 1]! - below);
    return this.neverShare + (1 - this.neverShare) * (1 - share);
  }

  /** The z that is exceeded with probability s; infinite where more than that are never settled. */
  exceededBy(s: number): number {
    if (s <= this.neverShare) return Number.POSITIVE_INFINITY;
    const below = 1 - (s - this.neverShare) / (1 - this.neverShare);
    let [low, high] = [0, cells];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#distribution[middle]! <= below) low = middle;
      else high = middle;
    }
    const [from, to] = [this.#distribution[low]!, this.#distribution[high]!];
    const share = to > from ? Math.min(Math.max((below - from) / (to - from), 0), 1) : 0;
    return this.#low + (low + share) * this.#step;
  }
}

/** So many residuals of a normal are mixed in, so that a handful of rows does not pass for a distribution. */
const normalWeight = 50;

/** A survival curve as steps: after each value, the share that is larger. */
export interface ProductLimit {
  readonly values: readonly number[];
  readonly survivals: readonly number[];
}

/**
 * Kaplan and Meier's product limit: the share of values beyond each, where some are known only to be larger. A value
 * that is only known to be larger than one that is reached counts as still at risk there.
 *
 * @param isOpen  by value whether it is only known to be larger
 * @param weights by value
 */
export function productLimit(values: Float64Array, isOpen: Uint8Array, weights: Float64Array): ProductLimit {
  const order = Uint32Array.from(values, (_, at) => at).sort(
    (a, b) => values[a]! - values[b]! || isOpen[a]! - isOpen[b]!,
  );
  let atRisk = weights.reduce((sum, weight) => sum + weight, 0);
  const steps: { values: number[]; survivals: number[] } = { values: [], survivals: [] };
  let survival = 1;
  for (const at of order) {
    if (isOpen[at] === 0 && atRisk > 1e-9) {
      survival *= Math.max(1 - weights[at]! / atRisk, 0);
      steps.values.push(values[at]!);
      steps.survivals.push(survival);
    }
    atRisk -= weights[at]!;
  }
  return steps;
}

/** Shares of invoices below this that are left over at the last settlement are chance. */
const leastNever = 0.002;

/**
 * The spread of residuals of which some are known only to be larger: their product limit, mixed with a normal that
 * counts for fifty. What is left over at the last settlement is taken as never settled.
 */
export function spreadOf(values: Float64Array, isOpen: Uint8Array, weights: Float64Array): ResidualSpread {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const own = total / (total + normalWeight);
  const { values: zs, survivals } = productLimit(values, isOpen, weights);
  const left = survivals[survivals.length - 1] ?? 0;
  const never = left * own < leastNever ? 0 : left * own;
  const distribution = (z: number): number => {
    const at = lastAtMost(zs, z);
    const seen = zs.length === 0 ? 1 - normalSurvival(z) : at < 0 ? 0 : (1 - survivals[at]!) / (1 - left);
    return own * seen + (1 - own) * (1 - normalSurvival(z));
  };
  let last = Number.NEGATIVE_INFINITY;
  const quantiles = keptProbabilities.map((p) => {
    last = Math.max(last, quantileOf(distribution, p, zs));
    return last;
  });
  return new ResidualSpread(quantiles, never);
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let [low, high] = [-1, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function quantileOf(distribution: (z: number) => number, p: number, zs: readonly number[]): number {
  const normal = normalQuantile(p);
  let low = Math.min(zs[0] ?? normal, normal) - 1;
  let high = Math.max(zs[zs.length - 1] ?? normal, normal) + 1;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (distribution(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
