/**
 * Sums of effects with shrinkage: a response is explained by one effect a debtor, one a country, one a weekday and so
 * on, each drawn towards zero by as much as the data ask for.
 *
 * Every term's effects have a normal prior whose variance is estimated from the effects themselves (empirical Bayes): a
 * debtor with two invoices keeps little of what they say, one with fifty nearly all; a term in which nothing is to be
 * seen shrinks to nothing. The posterior is taken as independent by effect (mean-field variational Bayes), which makes
 * it one pass over the rows a term, and deterministic.
 *
 * Wrong when the effects of a term are not alike at all (a few debtors late by months among thousands on time): the
 * variance they share is then that of the many.
 */

export interface Term {
  readonly name: string;
  /** by row the level that it belongs to, -1 for none; null when every row is of level 0 */
  readonly levels: Int32Array | null;
  readonly levelCount: number;
  /** what the effect is multiplied by in each row; null for 1 */
  readonly multiplier: Float64Array | null;
  /** not shrunk: the intercept, and slopes that are certain to be there */
  readonly isFree: boolean;
}

export interface TermEstimate {
  readonly effects: Float64Array;
  /** posterior variance of each effect */
  readonly variances: Float64Array;
  /** rows (or weights) that speak for each effect */
  readonly counts: Float64Array;
  /** variance of the prior: of a level that was never seen */
  readonly priorVariance: number;
}

/** What is not shrunk has a prior so wide that nothing is to be felt of it. */
const freeVariance = 1e8;
const leastVariance = 1e-12;
/** Passes before the variances of the priors are estimated: until then the noise is still that of a bare mean. */
const passesBeforePriors = 4;
/** A prior of so little variance against the noise says that its term has nothing to say. */
const offBelow = 1e-6;

/** What a term looks at, by row. */
interface TermRows {
  readonly levels: Int32Array;
  readonly multiplier: Float64Array;
  readonly weights: Float64Array;
}

/** A sum of terms under estimation: `pass` improves every effect once. */
export class AdditiveSum {
  readonly terms: readonly Term[];
  /** the sum of the effects by row */
  readonly fitted: Float64Array;
  readonly #effects: Float64Array[];
  readonly #variances: Float64Array[];
  readonly #counts: Float64Array[];
  /** by level the sum of the squared multipliers */
  readonly #squares: Float64Array[];
  readonly #priors: number[];
  readonly #isOff: Uint8Array;
  readonly #zeros: Int32Array;
  readonly #ones: Float64Array;
  #passes = 0;

  /** @param startVariance variance of every shrunk term's prior before anything is known */
  constructor(terms: readonly Term[], rows: number, startVariance: number) {
    this.terms = terms;
    this.fitted = new Float64Array(rows);
    this.#effects = terms.map(({ levelCount }) => new Float64Array(levelCount));
    this.#variances = terms.map(({ levelCount }) => new Float64Array(levelCount));
    this.#counts = terms.map(({ levelCount }) => new Float64Array(levelCount));
    this.#squares = terms.map(({ levelCount }) => new Float64Array(levelCount));
    this.#priors = terms.map(({ isFree }) => (isFree ? freeVariance : startVariance));
    this.#isOff = new Uint8Array(terms.length);
    this.#zeros = new Int32Array(rows);
    this.#ones = new Float64Array(rows).fill(1);
  }

  /**
   * One pass over the terms, each given the others.
   *
   * @param response by row
   * @param weights  by row how much it counts; null for 1
   * @param noise    variance of the response about the sum, at weight 1
   * @returns the largest move of a row's sum, in units of the response
   */
  pass(response: Float64Array, weights: Float64Array | null, noise: number): number {
    let moved = 0;
    for (let k = 0; k < this.terms.length; k++) moved = Math.max(moved, this.#passTerm(k, response, weights, noise));
    this.#passes++;
    return moved;
  }

  #passTerm(k: number, response: Float64Array, weights: Float64Array | null, noise: number): number {
    if (this.#isOff[k] === 1) return 0;
    const { levels, levelCount, multiplier, isFree } = this.terms[k]!;
    const effects = this.#effects[k]!;
    const variances = this.#variances[k]!;
    const sums = { toward: new Float64Array(levelCount), weight: new Float64Array(levelCount) };
    const all = { levels: levels ?? this.#zeros, multiplier: multiplier ?? this.#ones, weights: weights ?? this.#ones };
    this.#gather(k, response, all, sums);
    const precision = 1 / this.#priors[k]!;
    const moves = new Float64Array(levelCount);
    let [most, energy, informed] = [0, 0, 0];
    for (let level = 0; level < levelCount; level++) {
      variances[level] = 1 / (sums.weight[level]! / noise + precision);
      const effect = (sums.toward[level]! / noise) * variances[level]!;
      moves[level] = effect - effects[level]!;
      effects[level] = effect;
      most = Math.max(most, Math.abs(moves[level]!));
      energy += effect * effect;
      informed += 1 - variances[level]! * precision;
    }
    this.#move(all, moves);
    if (isFree || this.#passes < passesBeforePriors) return most;
    // MacKay's fixed point: the energy of the effects over the number of them that the data, not the prior, determine.
    this.#priors[k] = informed > 1e-9 ? Math.max(energy / informed, leastVariance) : leastVariance;
    if (this.#priors[k]! < noise * offBelow) this.#switchOff(k, all);
    return most;
  }

  /** Sums by level what speaks for another effect than there is. */
  #gather(
    k: number,
    response: Float64Array,
    rows: TermRows,
    sums: { toward: Float64Array; weight: Float64Array },
  ): void {
    const { levels, multiplier, weights } = rows;
    const { toward, weight } = sums;
    const { fitted } = this;
    const effects = this.#effects[k]!;
    const counts = this.#counts[k]!.fill(0);
    const squares = this.#squares[k]!.fill(0);
    for (let i = 0; i < fitted.length; i++) {
      const level = levels[i]!;
      if (level < 0) continue;
      const w = weights[i]!;
      if (w === 0) continue;
      const x = multiplier[i]!;
      toward[level]! += w * x * (response[i]! - fitted[i]! + effects[level]! * x);
      weight[level]! += w * x * x;
      counts[level]!++;
      squares[level]! += x * x;
    }
  }

  #move({ levels, multiplier }: TermRows, moves: Float64Array): void {
    const { fitted } = this;
    for (let i = 0; i < fitted.length; i++) {
      const level = levels[i]!;
      if (level >= 0) fitted[i]! += moves[level]! * multiplier[i]!;
    }
  }

  /** A term in which nothing is to be seen is left alone from then on. */
  #switchOff(k: number, rows: TermRows): void {
    this.#isOff[k] = 1;
    this.#move(
      rows,
      this.#effects[k]!.map((effect) => -effect),
    );
    this.#effects[k]!.fill(0);
    this.#variances[k]!.fill(0);
    this.#priors[k] = 0;
  }

  /** Posterior variances of the rows' sums, added up. */
  totalVariance(): number {
    let total = 0;
    for (const [k, variances] of this.#variances.entries()) {
      for (let level = 0; level < variances.length; level++) total += variances[level]! * this.#squares[k]![level]!;
    }
    return total;
  }

  estimates(): TermEstimate[] {
    return this.terms.map((_, k) => ({
      effects: this.#effects[k]!,
      variances: this.#variances[k]!,
      counts: this.#counts[k]!,
      priorVariance: this.#priors[k]!,
    }));
  }
}
