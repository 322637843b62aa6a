import { type AgeStep, developedShares, type Projection } from "./chain-ladder.js";
import { benktander, bornhuetterFerguson, capeCodRate, ownWeight } from "./expected-emergence.js";
import { cumulativeAt, incrementsOf, latestColumn, latestValues, type Triangle } from "./triangle.js";

/** What is expected of each origin without looking at its own cash. */
export interface Expectation {
  readonly ultimates: readonly number[];
  /** standard error of the level of all of them together, over the level */
  readonly variation: number;
}

export interface ExpectedProjection extends Projection {
  readonly developed: readonly number[];
  readonly ownWeights: readonly number[];
}

/** Variance over mean of the cells of a triangle under its chain ladder (over-dispersed Poisson); NaN where none is left to judge. */
export function chainLadderDispersion(triangle: Triangle, steps: readonly AgeStep[]): number {
  const shares = developedShares(steps, triangle.ages.length);
  const latest = latestValues(triangle);
  let pearson = 0;
  let cells = 0;
  for (const { row, column, before, amount } of incrementsOf(triangle)) {
    const ultimate = latest[row]! / shares[latestColumn(triangle, row)]!;
    const mean = ultimate * (shares[column]! - (before < 0 ? 0 : shares[before]!));
    cells++;
    if (mean > 0) pearson += (amount - mean) ** 2 / mean;
  }
  const degrees = cells - triangle.origins.length - triangle.ages.length + 1;
  return degrees > 0 ? pearson / degrees : Number.NaN;
}

/**
 * The Cape Cod expectation: one rate on the exposures, from all origins together. Its variation is that of the rate
 * alone, were the pattern known.
 */
export function capeCod(
  triangle: Triangle,
  steps: readonly AgeStep[],
  exposures: readonly number[],
): Expectation | null {
  const latest = latestValues(triangle);
  const developed = developedOf(triangle, steps);
  const rate = capeCodRate(
    latest.map((value, row) => ({ latest: value, developedShare: developed[row]! })),
    exposures,
  );
  if (rate === null) return null;
  const whole = latest.reduce((sum, value) => sum + value, 0);
  const variation = whole > 0 ? Math.sqrt(chainLadderDispersion(triangle, steps) / whole) : Number.NaN;
  return { ultimates: exposures.map((exposure) => exposure * rate), variation };
}

function developedOf(triangle: Triangle, steps: readonly AgeStep[]): number[] {
  const shares = developedShares(steps, triangle.ages.length);
  return triangle.origins.map((_, row) => shares[latestColumn(triangle, row)]!);
}

/**
 * Bornhuetter-Ferguson or Benktander on a triangle, with the chain ladder's pattern.
 *
 * The standard error holds three parts: the process (over-dispersed Poisson, dispersion x remaining), the pattern
 * (Mack's errors of the factors, by the delta method; origins share the factors they still have to pass) and the
 * level of the expectation, which all origins share.
 */
export function projectExpected(
  triangle: Triangle,
  steps: readonly AgeStep[],
  { method, expectation }: { method: "bf" | "benktander"; expectation: Expectation },
): ExpectedProjection {
  const developed = developedOf(triangle, steps);
  const dispersion = chainLadderDispersion(triangle, steps);
  const rows = triangle.origins.map((origin, row) => {
    const column = latestColumn(triangle, row);
    const p = developed[row]!;
    const expected = expectation.ultimates[row]!;
    const latest = cumulativeAt(triangle, row, column);
    const emergence = { latest, developedShare: p, expectedUltimate: expected };
    const first = bornhuetterFerguson(emergence);
    const ultimate = method === "bf" ? first : benktander(emergence);
    const remaining = ultimate - latest;
    return {
      origin,
      age: triangle.ages[column]!,
      column,
      latest,
      ultimate,
      remaining,
      process: dispersion * Math.max(0, remaining),
      // How the remaining moves with the logarithm of each factor to come, and with the level of the expectation.
      byFactor: method === "bf" ? p * expected : p * first + (1 - p) * p * expected,
      byLevel: (method === "bf" ? 1 - p : (1 - p) ** 2) * expected * expectation.variation,
    };
  });
  const errorOf = (some: typeof rows) => {
    const sum = (of: (row: (typeof rows)[number]) => number) => some.reduce((total, row) => total + of(row), 0);
    const pattern = steps.reduce((total, { factor, standardError }, k) => {
      const moved = sum((row) => (row.column <= k ? row.byFactor : 0));
      return total + (moved === 0 ? 0 : (moved * standardError) / factor) ** 2;
    }, 0);
    return Math.sqrt(sum((row) => row.process) + pattern + sum((row) => row.byLevel) ** 2);
  };
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    origins: rows.map((row) => ({
      origin: row.origin,
      age: row.age,
      latest: row.latest,
      ultimate: row.ultimate,
      remaining: row.remaining,
      standardError: errorOf([row]),
    })),
    total: {
      latest: sum((row) => row.latest),
      ultimate: sum((row) => row.ultimate),
      remaining: sum((row) => row.remaining),
      standardError: errorOf(rows),
    },
    developed,
    ownWeights: developed.map((p) => (method === "bf" ? 0 : ownWeight(p))),
  };
}
