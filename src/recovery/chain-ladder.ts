import { Refusal } from "../../models/refusal.js";
import { cumulativeAt, latestColumn, type Triangle } from "./triangle.js";

/**
 * Which average of the age-to-age factors is taken: weighted by what had been collected (the chain ladder), plain, or
 * weighted by its square (least squares). Mack's alpha 1, 0 and 2.
 */
export const factorAverages = ["volume", "simple", "regression"] as const;
export type FactorAverage = (typeof factorAverages)[number];

const alphaOf = { volume: 1, simple: 0, regression: 2 } as const satisfies Record<FactorAverage, number>;

/** What one step of age does to cumulative cash, on average and with what spread. */
export interface AgeStep {
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  /** Mack's sigma: the standard deviation of C(k+1) is sigma times the root of C(k)^alpha */
  readonly sigma: number;
  /** standard error of the factor itself */
  readonly standardError: number;
  /** how many rows it was taken from; sigma is measured from two on, and extended by Mack's rule for one */
  readonly links: number;
}

/**
 * Development beyond the last age seen. It is an assumption of whoever gives it: no triangle can tell it.
 * Sigma and standard error, when left out, follow the decay of the steps before.
 */
export interface Tail {
  readonly factor: number;
  readonly sigma?: number | undefined;
  readonly standardError?: number | undefined;
}

/**
 * Age-to-age factors with sigma and standard error, as in Mack 1993 and, for other averages, Mack 1999.
 *
 * A row counts in a step when it is known at both its ages and was not zero at the first (nothing can be said of growth
 * from nothing). Where a single row is left sigma cannot be measured and is extended by Mack's rule:
 * the least of sigma(k-1)^4 / sigma(k-2)^2, sigma(k-1)^2 and sigma(k-2)^2; with one step before, by that step's.
 *
 * @throws Refusal `triangle_unusable` where no row is known at two ages that follow each other
 */
export function ageSteps(triangle: Triangle, average: FactorAverage = "volume"): AgeStep[] {
  const alpha = alphaOf[average];
  const steps: AgeStep[] = [];
  for (let k = 0; k + 1 < triangle.ages.length; k++) {
    const links = linksOf(triangle, k);
    const [from, to] = [triangle.ages[k]!, triangle.ages[k + 1]!];
    const weight = links.reduce((sum, { value }) => sum + value ** alpha, 0);
    if (links.length === 0 || weight <= 0) {
      const detail = `no origin is known with a positive value at age ${from} and at age ${to}`;
      throw new Refusal("triangle_unusable", `${detail}, so no factor can be taken between them`);
    }
    const factor = links.reduce((sum, { value, next }) => sum + value ** alpha * (next / value), 0) / weight;
    const squares = links.reduce((sum, { value, next }) => sum + value ** alpha * (next / value - factor) ** 2, 0);
    const sigma = links.length > 1 ? Math.sqrt(squares / (links.length - 1)) : extendedSigma(steps);
    steps.push({ from, to, factor, sigma, standardError: sigma / Math.sqrt(weight), links: links.length });
  }
  return steps;
}

function linksOf(triangle: Triangle, k: number): { value: number; next: number }[] {
  const links = [];
  for (let row = 0; row < triangle.origins.length; row++) {
    const [value, next] = [cumulativeAt(triangle, row, k), cumulativeAt(triangle, row, k + 1)];
    if (value > 0 && !Number.isNaN(next)) links.push({ value, next });
  }
  return links;
}

function extendedSigma(steps: readonly AgeStep[]): number {
  const [last, before] = [steps.at(-1), steps.at(-2)];
  if (last === undefined) return Number.NaN;
  if (before === undefined) return last.sigma;
  const [a, b] = [last.sigma ** 2, before.sigma ** 2];
  return Math.sqrt(Math.min(b > 0 ? a ** 2 / b : 0, a, b));
}

/** The tail as one more step, with what was left out put in. */
export function tailStep(steps: readonly AgeStep[], tail: Tail): AgeStep {
  const age = steps.at(-1)!.to;
  const decay = tail.sigma === undefined || tail.standardError === undefined ? decayAt(steps, tail.factor) : undefined;
  return {
    from: age,
    to: Number.POSITIVE_INFINITY,
    factor: tail.factor,
    sigma: tail.sigma ?? decay!.sigma,
    standardError: tail.standardError ?? decay!.standardError,
    links: 0,
  };
}

/**
 * Where on the straight line through the logarithms of factor - 1 the tail would stand, and what the lines through the
 * logarithms of sigma and of the standard errors say there. A sigma that was extended, not measured, is first put on
 * the line of those that were.
 */
function decayAt(steps: readonly AgeStep[], factor: number): { sigma: number; standardError: number } {
  const growth = lineThrough(steps, (step) => step.factor - 1);
  const sigmas = lineThrough(steps, (step) => (step.links > 1 ? step.sigma : 0));
  const errors = lineThrough(steps, (step, k) =>
    step.links > 1 ? step.standardError : (step.standardError / step.sigma) * at(sigmas, k),
  );
  const position = (Math.log(factor - 1) - growth.intercept) / growth.slope;
  const decay = { sigma: at(sigmas, position), standardError: at(errors, position) };
  if (Number.isFinite(decay.sigma) && Number.isFinite(decay.standardError)) return decay;
  const detail = "too few steps shrink towards 1 to say how uncertain the tail is";
  throw new Refusal("triangle_unusable", `${detail}: give its sigma and its standard error`);
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

const at = ({ slope, intercept }: Line, k: number) => Math.exp(intercept + slope * k);

/** Least squares of the logarithm of what is positive on the number of the step. */
function lineThrough(steps: readonly AgeStep[], of: (step: AgeStep, k: number) => number): Line {
  const points = steps.map((step, k) => [k, of(step, k)] as const).filter(([, value]) => value > 0);
  const meanK = points.reduce((sum, [k]) => sum + k, 0) / points.length;
  const meanLog = points.reduce((sum, [, value]) => sum + Math.log(value), 0) / points.length;
  const across = points.reduce((sum, [k]) => sum + (k - meanK) ** 2, 0);
  const slope = points.reduce((sum, [k, value]) => sum + (k - meanK) * (Math.log(value) - meanLog), 0) / across;
  return { slope, intercept: meanLog - slope * meanK };
}

export interface OriginProjection {
  readonly origin: string;
  /** age of the last known cell */
  readonly age: number;
  readonly latest: number;
  readonly ultimate: number;
  readonly remaining: number;
  /** root of the mean squared error of the remaining; NaN where sigma cannot be told */
  readonly standardError: number;
}

export interface Projection {
  readonly origins: readonly OriginProjection[];
  readonly total: Omit<OriginProjection, "origin" | "age">;
}

/**
 * Carries every origin forward by the factors, with Mack's standard error of each and of the total (Mack 1999,
 * recursive form: the same as 1993's, and open to a tail).
 *
 * The error of an origin is that of the process (sigma) and that of the factors. The errors of the process add up
 * independently; those of the factors hit all origins that still have to pass the step, so that the total's is more
 * than the sum of squares. No effect of price or of a calendar year is in it.
 *
 * @param steps from `ageSteps`, all of the triangle's; with `tailStep` behind where there is a tail
 */
export function projectMack(
  triangle: Triangle,
  steps: readonly AgeStep[],
  average: FactorAverage = "volume",
): Projection {
  const alpha = alphaOf[average];
  const values = new Float64Array(triangle.origins.length);
  const processes = new Float64Array(triangle.origins.length);
  const parameters = new Float64Array(triangle.origins.length);
  const reached = triangle.origins.map((_, row) => latestColumn(triangle, row));
  for (const [row, column] of reached.entries()) values[row] = cumulativeAt(triangle, row, column);
  const latest = [...values];
  let totalParameter = 0;
  for (const [k, { factor, sigma, standardError }] of steps.entries()) {
    let moving = 0;
    totalParameter *= factor ** 2;
    for (let row = 0; row < values.length; row++) {
      if (reached[row]! > k) continue;
      const value = values[row]!;
      moving += value;
      processes[row] = processes[row]! * factor ** 2 + (value > 0 ? sigma ** 2 * value ** (2 - alpha) : 0);
      parameters[row] = parameters[row]! * factor ** 2 + (value * standardError) ** 2;
      values[row] = value * factor;
    }
    totalParameter += (moving * standardError) ** 2;
  }
  const origins = triangle.origins.map((origin, row) => ({
    origin,
    age: triangle.ages[reached[row]!]!,
    latest: latest[row]!,
    ultimate: values[row]!,
    remaining: values[row]! - latest[row]!,
    standardError: Math.sqrt(processes[row]! + parameters[row]!),
  }));
  const sum = (of: (one: OriginProjection) => number) => origins.reduce((total, one) => total + of(one), 0);
  const process = processes.reduce((total, one) => total + one, 0);
  return {
    origins,
    total: {
      latest: sum((one) => one.latest),
      ultimate: sum((one) => one.ultimate),
      remaining: sum((one) => one.remaining),
      standardError: Math.sqrt(process + totalParameter),
    },
  };
}

/** Share of the ultimate that is in at each age of the triangle: one over the factors that are still to come. */
export function developedShares(steps: readonly AgeStep[], columns: number): number[] {
  const shares = new Array<number>(columns).fill(1);
  for (let column = columns - 1; column >= 0; column--) {
    const step = steps[column];
    shares[column] = step === undefined ? 1 : (shares[column + 1] ?? 1) / step.factor;
  }
  return shares;
}
