import { missingBin } from "./binning.js";
import { pooledInOrder } from "./pooled-in-order.js";

/** One column of an additive score, in bins. */
export interface BinnedTerm {
  /** by row; `missingBin` where nothing is known */
  readonly bins: Uint8Array;
  /** the missing bin counted */
  readonly binCount: number;
  /** neighbouring bins are alike (numbers), or each is by itself (categories) */
  readonly isOrdered: boolean;
  /** 1: the effect may only rise with the bin; -1: only fall; 0: free. Ordered terms alone */
  readonly direction: -1 | 0 | 1;
}

/** What is predicted: yes or no, on the scale of log odds; or an amount of zero and more, on the scale of its logarithm. */
export type Family = "logistic" | "poisson";

export interface AdditiveData {
  readonly terms: readonly BinnedTerm[];
  /** 0 or 1 (logistic), 0 and more (poisson), by row */
  readonly outcome: Float64Array;
  /** 0 and more, by row */
  readonly weights: Float64Array;
  readonly family: Family;
}

export interface AdditiveFit {
  readonly intercept: number;
  /** by term and bin; weighted by the rows of the fit, each term is zero in the mean */
  readonly effects: readonly Float64Array[];
  /** effective degrees of freedom by term: 0 where the column says nothing */
  readonly freedom: Float64Array;
}

const sweeps = 30;
const settled = 1e-4;
const strongest = 1e7;
/** Effects beyond this many units of the scale are numerically the same as it: odds of 1 to 22,000. */
const furthest = 10;

/**
 * Fits `link(mean) = intercept + sum of the effects of the bins`, every term smoothed as much as its data ask for.
 *
 * The effects of an ordered term are a random walk over its bins, those of categories are drawn around zero. How far
 * they may stray (the variance of the walk's steps) is estimated from the data, term by term, by the fixed point
 * variance = effects' roughness over effective degrees of freedom (empirical Bayes: MacKay 1992, Fellner-Schall). A
 * column without signal shrinks to nothing by itself, so that there is no list of features to choose and no knob to
 * turn. The maximum is found by Newton steps, a term at a time on sums by bin; a direction is kept by pooling adjacent
 * violators. Nothing is drawn at random: the same rows in the same order give the same bits.
 *
 * Poisson is taken as a quasi-likelihood: its dispersion is estimated from the residuals, so amounts in any unit do.
 */
export function fitAdditive(data: AdditiveData): AdditiveFit {
  const { terms, outcome, weights, family } = data;
  const rows = outcome.length;
  const walks = terms.map((term) => new Walk(term));
  const intercept = { value: startingPoint(data) };
  const linear = new Float64Array(rows).fill(intercept.value);
  const curvature = new Float64Array(rows);
  const residual = new Float64Array(rows);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const dispersion = derive({ linear, outcome, weights, family }, { curvature, residual });
    let moved = centre(residual, curvature, { linear, intercept });
    for (const [j, walk] of walks.entries()) {
      const { bins } = terms[j]!;
      walk.sum(bins, residual, curvature);
      moved = Math.max(moved, walk.step(dispersion));
      const { change } = walk;
      for (let i = 0; i < rows; i++) {
        const by = change[bins[i]!]!;
        if (by === 0) continue;
        linear[i]! += by;
        residual[i]! -= by * curvature[i]!;
      }
      intercept.value += walk.shift;
    }
    if (moved < settled) break;
  }
  return {
    intercept: intercept.value,
    effects: walks.map((walk) => walk.effects),
    freedom: Float64Array.from(walks, (walk) => walk.freedom),
  };
}

function startingPoint({ outcome, weights, family }: AdditiveData): number {
  let [sum, weight] = [0, 0];
  for (let i = 0; i < outcome.length; i++) {
    sum += outcome[i]! * weights[i]!;
    weight += weights[i]!;
  }
  const mean = weight > 0 ? sum / weight : 0;
  if (family === "poisson") return Math.log(Math.max(mean, 1e-12));
  const share = Math.min(Math.max(mean, 1e-6), 1 - 1e-6);
  return Math.log(share / (1 - share));
}

/** First and second derivatives by row of the log likelihood; returns the dispersion (1 for yes and no). */
function derive(
  at: { linear: Float64Array; outcome: Float64Array; weights: Float64Array; family: Family },
  into: { curvature: Float64Array; residual: Float64Array },
): number {
  const { linear, outcome, weights, family } = at;
  let [squares, curvatures] = [0, 0];
  for (let i = 0; i < linear.length; i++) {
    const mean = meanAt(linear[i]!, family);
    const weight = weights[i]!;
    const variance = family === "logistic" ? Math.max(mean * (1 - mean), 1e-9) : Math.max(mean, 1e-12);
    const residual = weight * (outcome[i]! - mean);
    into.curvature[i] = weight * variance;
    into.residual[i] = residual;
    squares += residual * residual;
    curvatures += weight * variance;
  }
  return family === "logistic" || squares === 0 ? 1 : squares / curvatures;
}

/** Points beyond this say no more than that, and would overflow in the end. */
const outermost = 40;

/** The mean that a point on the scale of the effects stands for; always finite. */
export function meanAt(point: number, family: Family): number {
  const linear = Math.min(outermost, Math.max(-outermost, point));
  return family === "logistic" ? 1 / (1 + Math.exp(-linear)) : Math.exp(linear);
}

function centre(
  residual: Float64Array,
  curvature: Float64Array,
  at: { linear: Float64Array; intercept: { value: number } },
): number {
  let [sum, weight] = [0, 0];
  for (let i = 0; i < residual.length; i++) {
    sum += residual[i]!;
    weight += curvature[i]!;
  }
  const by = weight > 0 ? sum / weight : 0;
  at.intercept.value += by;
  for (let i = 0; i < residual.length; i++) {
    at.linear[i]! += by;
    residual[i]! -= by * curvature[i]!;
  }
  return Math.abs(by);
}

/** The effects of one term, and how they are smoothed. */
class Walk {
  readonly effects: Float64Array;
  /** what the last step added, by bin, the shift of the mean included */
  readonly change: Float64Array;
  /** the part of the last step that belongs to the intercept */
  shift = 0;
  freedom = 0;
  readonly #term: BinnedTerm;
  readonly #gradient: Float64Array;
  readonly #curvature: Float64Array;
  #penalty = 10;

  constructor(term: BinnedTerm) {
    this.#term = term;
    this.effects = new Float64Array(term.binCount);
    this.change = new Float64Array(term.binCount);
    this.#gradient = new Float64Array(term.binCount);
    this.#curvature = new Float64Array(term.binCount);
  }

  /** Adds up the derivatives of the rows by bin. */
  sum(bins: Uint8Array, residual: Float64Array, curvature: Float64Array): void {
    const [gradients, curvatures] = [this.#gradient.fill(0), this.#curvature.fill(0)];
    for (let i = 0; i < bins.length; i++) {
      const bin = bins[i]!;
      gradients[bin]! += residual[i]!;
      curvatures[bin]! += curvature[i]!;
    }
  }

  /** One Newton step and one update of the smoothing; returns the largest change of an effect. */
  step(dispersion: number): number {
    const before = this.effects.slice();
    const penalty = this.#penalty * dispersion;
    const { roughness, unsmoothed, rank } = this.#term.isOrdered ? this.#stepChain(penalty) : this.#stepLevels(penalty);
    const { direction } = this.#term;
    if (direction !== 0) this.#keepDirection(direction);
    this.#clampAndCentre();
    this.freedom = Math.max(rank - penalty * unsmoothed, 1e-6);
    const variance = Math.max(roughness / this.freedom, 1 / strongest);
    this.#penalty = Math.min(1 / variance, strongest);
    let moved = 0;
    for (let b = 0; b < before.length; b++) {
      // The mean went to the intercept: a row moves by the whole step, not by what is left of it.
      this.change[b] = this.effects[b]! - before[b]! + this.shift;
      moved = Math.max(moved, Math.abs(this.effects[b]! - before[b]!));
    }
    return moved;
  }

  /** Bins by themselves: ridge. The missing bin of an ordered term is one of these too. */
  #stepLevels(penalty: number) {
    let [roughness, unsmoothed, rank] = [0, 0, 0];
    for (let b = 0; b < this.effects.length; b++) {
      const curvature = this.#curvature[b]!;
      if (curvature === 0) {
        this.effects[b] = 0;
        continue;
      }
      const effect = (this.#gradient[b]! + curvature * this.effects[b]!) / (curvature + penalty);
      this.effects[b] = effect;
      roughness += effect * effect;
      unsmoothed += 1 / (curvature + penalty);
      rank++;
    }
    return { roughness, unsmoothed, rank };
  }

  /**
   * Bins in a row: (H + penalty D'D) effects = gradient + H effects before, a tridiagonal system. The diagonal of its
   * inverse, and the one beside it, give what the smoothing leaves free (Thomas recursion from both ends).
   */
  #stepChain(penalty: number) {
    const size = this.effects.length - 1;
    const missing = this.#stepMissing(penalty);
    if (size < 2) {
      this.effects.fill(0, 1);
      return missing;
    }
    const diagonal = new Float64Array(size);
    const [fromLeft, fromRight, right] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    for (let k = 0; k < size; k++) {
      const curvature = this.#curvature[k + 1]! + 1e-9;
      diagonal[k] = curvature + penalty * (k === 0 || k === size - 1 ? 1 : 2);
      right[k] = this.#gradient[k + 1]! + curvature * this.effects[k + 1]!;
    }
    const square = penalty * penalty;
    for (let k = 0; k < size; k++) {
      fromLeft[k] = diagonal[k]! - (k === 0 ? 0 : square / fromLeft[k - 1]!);
      if (k > 0) right[k]! += (penalty / fromLeft[k - 1]!) * right[k - 1]!;
    }
    for (let k = size - 1; k >= 0; k--) {
      fromRight[k] = diagonal[k]! - (k === size - 1 ? 0 : square / fromRight[k + 1]!);
      const next = k === size - 1 ? 0 : penalty * this.effects[k + 2]!;
      this.effects[k + 1] = (right[k]! + next) / fromLeft[k]!;
    }
    let { roughness, unsmoothed, rank } = missing;
    for (let k = 0; k + 1 < size; k++) {
      const step = this.effects[k + 2]! - this.effects[k + 1]!;
      const here = 1 / (fromLeft[k]! + fromRight[k]! - diagonal[k]!);
      const there = 1 / (fromLeft[k + 1]! + fromRight[k + 1]! - diagonal[k + 1]!);
      const between = (penalty / fromLeft[k]!) * there;
      roughness += step * step;
      unsmoothed += here + there - 2 * between;
    }
    rank += size - 1;
    return { roughness, unsmoothed, rank };
  }

  #stepMissing(penalty: number) {
    const curvature = this.#curvature[missingBin]!;
    if (curvature === 0) return { roughness: 0, unsmoothed: 0, rank: 0 };
    const effect = (this.#gradient[missingBin]! + curvature * this.effects[missingBin]!) / (curvature + penalty);
    this.effects[missingBin] = effect;
    return { roughness: effect * effect, unsmoothed: 1 / (curvature + penalty), rank: 1 };
  }

  /** An ordered term's effects, the missing bin apart, brought into its direction. */
  #keepDirection(direction: 1 | -1): void {
    const weights = this.#curvature.subarray(1).map((curvature) => curvature + 1e-9);
    this.effects.set(pooledInOrder(this.effects.subarray(1), weights, direction), 1);
  }

  #clampAndCentre(): void {
    let [sum, weight] = [0, 0];
    for (let b = 0; b < this.effects.length; b++) {
      this.effects[b] = Math.min(furthest, Math.max(-furthest, this.effects[b]!));
      sum += this.effects[b]! * this.#curvature[b]!;
      weight += this.#curvature[b]!;
    }
    this.shift = weight > 0 ? sum / weight : 0;
    for (let b = 0; b < this.effects.length; b++) {
      const isEmpty = this.#curvature[b] === 0 && (!this.#term.isOrdered || b === missingBin);
      if (!isEmpty) this.effects[b]! -= this.shift;
    }
  }
}
