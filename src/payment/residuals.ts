import { normalQuantile, normalSurvival } from "./normal.js";

/** The probabilities at which a distribution is kept: every hundredth, and finer in the tails. */
export const keptProbabilities: readonly number[] = [
  0.001,
  0.0025,
  0.005,
  ...Array.from({ length: 99 }, (_, at) => (at + 1) / 100),
  0.995,
  0.9975,
  0.999,
];

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

  /** The lowest and highest value that the spread knows. */
  get range(): readonly [number, number] {
    return [this.#low, this.#low + cells * this.#step];
  }
}

export interface Residual {
  /** standardised */
  readonly value: number;
  /** whether it is only known to be larger */
  readonly isOpen: boolean;
  readonly weight: number;
}

/** So many residuals of a normal are mixed in, so that a handful of rows does not pass for a distribution. */
const normalWeight = 50;

/**
 * The spread of residuals of which some are known only to be larger: Kaplan and Meier's product limit, mixed with a
 * normal that counts for fifty.
 *
 * @param values  residuals, standardised
 * @param isOpen  by residual whether it is only known to be larger
 * @param weights by residual
 */
export function spreadOf(values: Float64Array, isOpen: Uint8Array, weights: Float64Array): ResidualSpread {
  const order = Uint32Array.from(values, (_, at) => at).sort(
    (a, b) => values[a]! - values[b]! || isOpen[a]! - isOpen[b]!,
  );
  let atRisk = weights.reduce((sum, weight) => sum + weight, 0);
  const total = atRisk;
  const zs: number[] = [];
  const survivals: number[] = [];
  let survival = 1;
  for (const at of order) {
    if (isOpen[at] === 0 && atRisk > 1e-9) {
      survival *= Math.max(1 - weights[at]! / atRisk, 0);
      zs.push(values[at]!);
      survivals.push(survival);
    }
    atRisk -= weights[at]!;
  }
  // What is left over at the last settlement is never settled only if so many were still open there.
  const own = total / (total + normalWeight);
  const left = zs.length === 0 ? 0 : survivals[survivals.length - 1]! * own;
  const never = left < 0.002 ? 0 : left;
  const settledShare = zs.length === 0 ? 1 : 1 - survivals[survivals.length - 1]!;
  const distribution = (z: number): number => {
    const at = lastAtMost(zs, z);
    const seen = zs.length === 0 ? 1 - normalSurvival(z) : at < 0 ? 0 : (1 - survivals[at]!) / settledShare;
    return own * seen + (1 - own) * (1 - normalSurvival(z));
  };
  return new ResidualSpread(
    keptProbabilities.map((p) => quantileOf(distribution, p, zs)),
    never,
  );
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
