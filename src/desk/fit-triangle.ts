import { basename } from "node:path";
import type { Finding } from "../../models/finding.js";
import { finding } from "../../models/finding.js";
import { Refusal } from "../../models/refusal.js";
import type { RunOffDocument, TriangleDocument, TriangleMethod } from "../../models/triangle.js";
import {
  type AgeStep,
  ageSteps,
  developedShares,
  type FactorAverage,
  projectMack,
  type Tail,
  tailStep,
} from "../recovery/chain-ladder.js";
import { type CashInterval, type CurveFit, fitFamilies } from "../recovery/curve-fit.js";
import { projectCurve } from "../recovery/curve-projection.js";
import { capeCod, type Expectation, projectExpected } from "../recovery/expected-projection.js";
import type { GrowthFamily } from "../recovery/growth.js";
import { incrementsOf, latestColumn, type Triangle } from "../recovery/triangle.js";
import { actualToExpected, calendarTest } from "../recovery/triangle-checks.js";
import { readTriangle, type TriangleForm, type TriangleReading } from "../recovery/triangle-file.js";

/** What is to be made of a triangle. */
export interface RunOffOrder {
  readonly method: TriangleMethod;
  readonly average: FactorAverage;
  /** left out: nothing comes in after the last age */
  readonly tail?: Tail | undefined;
  /** where the tail comes from; "given" when left out */
  readonly tailSource?: string | undefined;
  /** expected ultimate per unit of exposure; left out: Cape Cod's, from the triangle itself */
  readonly expectedRate?: number | undefined;
  /** standard error of that rate over the rate; 0 when left out */
  readonly expectedVariation?: number | undefined;
  /** left out: the most likely one */
  readonly family?: GrowthFamily | undefined;
  /** age at which collecting ends; left out: the whole life */
  readonly endAge?: number | undefined;
  /** taken off every age for the curve; left out: half the first age where ages come from the calendar, else nothing */
  readonly firstAgeOffset?: number | undefined;
}

/** A triangle file and what is to be made of it. Nothing is stored. */
export interface TriangleOrder extends TriangleForm, RunOffOrder {
  /** name of the file, for the document */
  readonly path: string;
  readonly csvText: string;
}

/** What is made a document of, wherever it was read. */
export type TriangleFacts = Pick<TriangleReading, "triangle" | "exposures" | "findings"> & {
  /** what the exposures are, in words */
  readonly exposureName: string;
};

type Origin = TriangleDocument["origins"][number];
type Assumption = TriangleDocument["assumptions"][number];

/** What a method makes of the triangle, before it is shown. */
interface Answer {
  readonly origins: readonly Omit<Origin, "age" | "latest" | "origin">[];
  readonly total: TriangleDocument["total"];
  readonly curve: TriangleDocument["curve"];
  readonly assumptions: readonly Assumption[];
  readonly findings: readonly Finding[];
}

/**
 * Fits a run-off triangle of collections and says what is still to come, by origin and in total, with its standard
 * error; beside it whether calendar periods differ more than chance, and actual over expected by calendar, origin and age.
 *
 * @throws Refusal for a file that cannot be read, a triangle that the method cannot work on, options out of bounds
 */
export function fitTriangle(order: TriangleOrder): TriangleDocument {
  const reading = readTriangle(order.csvText, order);
  return {
    file: basename(order.path),
    values: order.incremental ? "incremental" : "cumulative",
    layout: reading.layout,
    value_column: reading.valueColumn,
    ...runOffDocument(order, { ...reading, exposureName: `"${order.exposureColumn}"` }),
  };
}

/** The same for a triangle that was read elsewhere. */
export function runOffDocument(order: RunOffOrder, reading: TriangleFacts): RunOffDocument {
  const { triangle } = reading;
  if (order.tail !== undefined && order.tail.factor < 1) {
    throw new Refusal("usage", `the tail is ${order.tail.factor}; it cannot be below 1`);
  }
  if (triangle.ages.length < 2) {
    throw new Refusal("triangle_unusable", "it has one age alone: nothing is known of how it runs on from there");
  }
  const steps = ageSteps(triangle, order.average);
  const withTail =
    order.tail === undefined || order.tail.factor === 1 ? steps : [...steps, tailStep(steps, order.tail)];
  const answer = answerOf(order, reading, withTail);
  const test = calendarTest(triangle);
  const { low, high } = test;
  const effect = `z ${test.z} lies below ${low.toFixed(2)}, the low end of what chance gives in 95 of 100 cases`;
  const findings = [
    ...reading.findings,
    ...answer.findings,
    ...(test.effect ? [finding("triangle_calendar_effect", { note: effect })] : []),
  ];
  const shares = developedShares(withTail, triangle.ages.length);
  return {
    method: order.method,
    age_unit: triangle.unit,
    factors: withTail.map(({ factor }) => factor),
    development: withTail.map((step, k) => ({
      from: step.from,
      to: known(step.to),
      factor: step.factor,
      standard_error: known(step.standardError),
      sigma: known(step.sigma),
      links: step.links,
      developed_share: shares[k]!,
    })),
    tail: {
      factor: order.tail?.factor ?? 1,
      source: order.tail === undefined ? "none: nothing is expected after the last age" : (order.tailSource ?? "given"),
    },
    origins: triangle.origins.map((origin, row) => {
      const column = latestColumn(triangle, row);
      const latest = triangle.cumulative[row * triangle.ages.length + column]!;
      return { origin, age: triangle.ages[column]!, latest, ...answer.origins[row]! };
    }),
    total: answer.total,
    curve: answer.curve,
    calendar_test: { z: test.z, expected: test.expected, low, high, effect: test.effect },
    actual_to_expected: mutable(actualToExpected(triangle, steps)),
    assumptions: [...answer.assumptions],
    findings,
  };
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

function mutable({
  calendar,
  origin,
  age,
}: ReturnType<typeof actualToExpected>): TriangleDocument["actual_to_expected"] {
  return { calendar: [...calendar], origin: [...origin], age: [...age] };
}

function answerOf(order: RunOffOrder, reading: TriangleFacts, steps: readonly AgeStep[]): Answer {
  if (order.method === "curve") return curveAnswer(order, reading.triangle);
  if (order.method === "mack") return mackAnswer(order, reading.triangle, steps);
  return expectedAnswer({ ...order, method: order.method }, reading, steps);
}

function mackAnswer(order: RunOffOrder, triangle: Triangle, steps: readonly AgeStep[]): Answer {
  const { origins, total } = projectMack(triangle, steps, order.average);
  const shares = developedShares(steps, triangle.ages.length);
  return {
    origins: origins.map((one, row) => ({
      ultimate: one.ultimate,
      remaining: one.remaining,
      standard_error: known(one.standardError),
      developed_share: shares[latestColumn(triangle, row)]!,
      expected_ultimate: null,
      own_weight: 1,
    })),
    total: totalOf(total),
    curve: null,
    assumptions: [
      { name: "method", value: "chain ladder", source: "Mack 1993, 1999" },
      { name: "average of factors", value: order.average, source: "chosen" },
    ],
    findings: [],
  };
}

interface Total {
  readonly latest: number;
  readonly ultimate: number;
  readonly remaining: number;
  readonly standardError: number;
}

function totalOf({ latest, ultimate, remaining, standardError }: Total): TriangleDocument["total"] {
  return { latest, ultimate, remaining, standard_error: known(standardError) };
}

function expectedAnswer(
  order: RunOffOrder & { readonly method: "bf" | "benktander" },
  { triangle, exposures, exposureName }: TriangleFacts,
  steps: readonly AgeStep[],
): Answer {
  const sizes = exposures ?? triangle.origins.map(() => 1);
  const expectation = expectationOf(order, { triangle, steps, sizes });
  const { origins, total, developed, ownWeights } = projectExpected(triangle, steps, {
    method: order.method,
    expectation,
  });
  const base = exposures === undefined ? "each origin alike" : exposureName;
  const rate = expectation.ultimates[0]! / sizes[0]!;
  const source = order.expectedRate === undefined ? "Cape Cod, from all origins together" : "given";
  return {
    origins: origins.map((one, row) => ({
      ultimate: one.ultimate,
      remaining: one.remaining,
      standard_error: known(one.standardError),
      developed_share: developed[row]!,
      expected_ultimate: expectation.ultimates[row]!,
      own_weight: ownWeights[row]!,
    })),
    total: totalOf(total),
    curve: null,
    assumptions: [
      {
        name: "method",
        value: order.method === "bf" ? "Bornhuetter-Ferguson" : "Benktander",
        source: order.method === "bf" ? "1972" : "Mack 2000",
      },
      { name: "exposure", value: base, source: "chosen" },
      { name: "expected ultimate per unit of exposure", value: String(rate), source },
      { name: "variation of the expectation", value: expectation.variation.toFixed(4), source },
    ],
    findings: [],
  };
}

function expectationOf(
  { expectedRate, expectedVariation = 0 }: RunOffOrder,
  { triangle, steps, sizes }: { triangle: Triangle; steps: readonly AgeStep[]; sizes: readonly number[] },
): Expectation {
  if (expectedRate !== undefined) {
    return { ultimates: sizes.map((size) => size * expectedRate), variation: expectedVariation };
  }
  const found = capeCod(triangle, steps, sizes);
  if (found !== null) return found;
  throw new Refusal("triangle_unusable", "nothing was due to have come in yet: give the expected rate");
}

/** The increments of the triangle as intervals of age, each age less the offset. */
export function cashIntervals(triangle: Triangle, offset: number): CashInterval[] {
  return incrementsOf(triangle).map(({ row, column, before, amount }) => ({
    origin: row,
    from: before < 0 ? 0 : triangle.ages[before]! - offset,
    to: triangle.ages[column]! - offset,
    amount,
  }));
}

function curveAnswer(order: RunOffOrder, triangle: Triangle): Answer {
  const first = triangle.ages[0]!;
  const offset = order.firstAgeOffset ?? (triangle.agesFrom === "calendar" ? first / 2 : 0);
  if (offset < 0 || offset >= first) {
    throw new Refusal("usage", `--first-age-offset is ${offset}; it lies from 0 to below the first age, ${first}`);
  }
  const fits = fitFamilies(cashIntervals(triangle, offset));
  const chosen = order.family === undefined ? fits[0]! : fits.find(({ family }) => family === order.family)!;
  const oldest = triangle.ages.at(-1)!;
  if (order.endAge !== undefined && order.endAge < oldest) {
    throw new Refusal("usage", `--end-age is ${order.endAge}; the triangle reaches ${oldest}`);
  }
  const { asymptote } = chosen;
  // Up to an age that was reached nothing is extrapolated, so there the tail need not be known.
  const isSaid = asymptote.identified || order.endAge === oldest;
  const projection = projectCurve(
    chosen,
    order.endAge === undefined ? Number.POSITIVE_INFINITY : order.endAge - offset,
  );
  const shown = ({ ultimate, remaining, standardError }: Omit<Total, "latest">) =>
    isSaid
      ? { ultimate, remaining, standard_error: known(standardError) }
      : { ultimate: null, remaining: null, standard_error: null };
  const latest = chosen.origins.reduce((sum, { amount }) => sum + amount, 0);
  return {
    origins: projection.origins.map((one, row) => ({
      ...shown(one),
      developed_share: isSaid && one.ultimate > 0 ? chosen.origins[row]!.amount / one.ultimate : null,
      expected_ultimate: null,
      own_weight: 1,
    })),
    total: { latest, ...shown(projection.total) },
    curve: {
      chosen: chosen.family,
      end_age: order.endAge ?? null,
      first_age_offset: offset,
      families: fits.map(familyOf),
    },
    assumptions: [
      { name: "method", value: `${chosen.family} curve, over-dispersed Poisson`, source: "Clark 2003" },
      { name: "family", value: chosen.family, source: order.family === undefined ? "most likely of three" : "given" },
    ],
    findings: isSaid ? undecided(chosen, fits) : [finding("curve_asymptote_unidentified", { note: asymptote.reason! })],
  };
}

/** Half the 95 % point of chi-square: families that are no further behind in likelihood cannot be told apart. */
const asLikely = 1.92;

function undecided(chosen: CurveFit, fits: readonly CurveFit[]): Finding[] {
  const { tailShareLow, tailShareHigh } = chosen.asymptote;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return fits.flatMap(({ family, logLikelihood, asymptote: { tailShare } }) => {
    const behind = (chosen.logLikelihood - logLikelihood) / chosen.dispersion;
    if (!(behind < asLikely) || (tailShare >= tailShareLow && tailShare <= tailShareHigh)) return [];
    const note = `${family} leaves ${percent(tailShare)}, ${chosen.family} ${percent(chosen.asymptote.tailShare)}`;
    return [finding("curve_family_undecided", { note })];
  });
}

function familyOf(fit: CurveFit): NonNullable<TriangleDocument["curve"]>["families"][number] {
  const { asymptote } = fit;
  return {
    family: fit.family,
    shape: fit.shape,
    scale: fit.scale,
    log_likelihood: fit.logLikelihood,
    dispersion: known(fit.dispersion),
    asymptote: {
      status: asymptote.identified ? "identified" : "unidentified",
      reason: asymptote.reason,
      oldest_age: asymptote.oldestAge,
      tail_share: asymptote.tailShare,
      tail_share_low: asymptote.tailShareLow,
      tail_share_high: asymptote.tailShareHigh,
    },
  };
}
