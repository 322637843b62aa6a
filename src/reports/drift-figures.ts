import { type DriftDocument, driftCuts } from "../../models/drift.js";
import { estimateToMinor, formatMinor, minor, minorToEstimate } from "../money/money.js";
import type { Segments } from "../portfolio/segment.js";
import { growthAt } from "../recovery/growth.js";

/** The receivables that are compared: arrays of one entry each, in the order of the tape. Amounts in major units. */
export interface DriftRows {
  /** rows of the tape, from 0 */
  readonly rows: readonly number[];
  readonly faces: readonly number[];
  /** what the quote expected to have come in by the day */
  readonly expected: readonly number[];
  readonly actualMinor: readonly bigint[];
  readonly segments: Segments;
  readonly currency: string;
  /** share of the balance that a debtor who pays at all pays, of the assumptions of the quote */
  readonly severity: number;
}

/** How far all collections may rise or fall together with the calendar: a tenth, as in the PRA back-test of 2004 to 2008. */
const calendarSwing = 0.1;
const normal975 = 1.959963984540054;
/** Below so many debtors who were due to have paid, chance alone moves the ratio by half: nothing can be said. */
const fewestPayers = 16;

type Compared = Pick<DriftDocument, "total" | "rank_test" | "verdict" | "reasons" | "rows">;

interface Sums {
  accounts: number;
  face: number;
  expected: number;
  actualMinor: bigint;
  variance: number;
}

/**
 * Actual over expected, in all, by decile of what was expected and by segment, each with the band that chance leaves.
 *
 * A debtor pays `severity` of the balance or nothing, which makes the variance of one receivable e x (severity x balance
 * - e) for an expectation of e; the calendar adds a tenth of the whole, which all have in common. The bands of a cut
 * are so wide that a report without drift shows one row outside in twenty. The verdict is "refit" when the whole lies
 * outside its band, or the deciles do not stand in proportion to each other (chi-square over deciles, their
 * common level taken out, below one in a hundred): then the ranking has gone.
 */
export function driftFigures(rows: DriftRows): Compared {
  const whole =
    sumsOf(
      rows,
      rows.rows.map(() => 0),
    ).get(0) ?? none();
  const cuts = driftCuts.map((by) => ({ by, ...cutBy(rows, by) }));
  const total = { ...shownRow(rows, whole, normal975, calendarSwing) };
  const deciles = [...cuts[0]!.sums.values()];
  const rank = rankTest(rows, deciles, whole);
  const payers = whole.variance > 0 ? whole.expected ** 2 / whole.variance : 0;
  const { verdict, reasons } = verdictOf({ total, rank, payers });
  return {
    total,
    rank_test: rank,
    verdict,
    reasons,
    rows: cuts.flatMap(({ by, keys, sums }) => {
      const z = normalQuantile(1 - 0.025 / Math.max(1, sums.size));
      return [...sums.entries()]
        .sort(([a], [b]) => a - b)
        .map(([code, sum]) => ({ by, key: keys[code]!, ...shownRow(rows, sum, z, calendarSwing) }));
    }),
  };
}

const none = (): Sums => ({ accounts: 0, face: 0, expected: 0, actualMinor: 0n, variance: 0 });

function sumsOf({ faces, expected, actualMinor, severity }: DriftRows, codes: readonly number[]): Map<number, Sums> {
  const sums = new Map<number, Sums>();
  for (const [i, code] of codes.entries()) {
    const sum = sums.get(code) ?? none();
    sum.accounts++;
    sum.face += faces[i]!;
    sum.expected += expected[i]!;
    sum.actualMinor += actualMinor[i]!;
    sum.variance += expected[i]! * Math.max(0, severity * faces[i]! - expected[i]!);
    sums.set(code, sum);
  }
  return sums;
}

function cutBy(rows: DriftRows, by: (typeof driftCuts)[number]): { keys: readonly string[]; sums: Map<number, Sums> } {
  if (by === "decile") {
    const keys = Array.from({ length: 10 }, (_, i) => String(i + 1));
    return { keys, sums: sumsOf(rows, decileCodes(rows.expected)) };
  }
  const { keys, codes } = rows.segments[by];
  return {
    keys,
    sums: sumsOf(
      rows,
      rows.rows.map((row) => codes[row]!),
    ),
  };
}

/** Tenths by what was expected, as even as can be; receivables of which the same was expected keep their order. */
function decileCodes(expected: readonly number[]): number[] {
  const order = expected.map((_, i) => i).sort((a, b) => expected[a]! - expected[b]! || a - b);
  const codes = new Array<number>(expected.length);
  for (const [place, i] of order.entries()) codes[i] = Math.floor((place * 10) / expected.length);
  return codes;
}

function shownRow({ currency }: DriftRows, sum: Sums, z: number, swing: number): DriftDocument["total"] {
  const shown = (value: number) => formatMinor(estimateToMinor(value, currency, "half_even"), currency);
  const base = {
    accounts: sum.accounts,
    face: shown(sum.face),
    expected: shown(sum.expected),
    actual: formatMinor(minor(sum.actualMinor), currency),
  };
  if (sum.expected <= 0) return { ...base, ratio: null, low: null, high: null, outside: sum.actualMinor > 0n };
  const ratio = minorToEstimate(minor(sum.actualMinor), currency) / sum.expected;
  const half = z * Math.sqrt(sum.variance / sum.expected ** 2 + swing ** 2);
  const [low, high] = [Math.max(0, 1 - half), 1 + half];
  return { ...base, ratio, low, high, outside: ratio < low || ratio > high };
}

function rankTest({ currency }: DriftRows, deciles: readonly Sums[], whole: Sums): DriftDocument["rank_test"] {
  const level = whole.expected > 0 ? minorToEstimate(minor(whole.actualMinor), currency) / whole.expected : 0;
  const counted = deciles.filter(({ variance }) => variance > 0);
  if (level <= 0 || counted.length < 2) return null;
  let chiSquare = 0;
  for (const { expected, actualMinor, variance } of counted) {
    // The variance grows with the level: at half the collections half as many debtors have paid.
    chiSquare += (minorToEstimate(minor(actualMinor), currency) - level * expected) ** 2 / (level * variance);
  }
  const degrees = counted.length - 1;
  const p = 1 - growthAt({ family: "gamma", shape: degrees / 2, scale: 2 }, chiSquare);
  return { chi_square: chiSquare, degrees, p: Math.max(0, p) };
}

function verdictOf({
  total,
  rank,
  payers,
}: {
  total: DriftDocument["total"];
  rank: DriftDocument["rank_test"];
  payers: number;
}): Pick<DriftDocument, "verdict" | "reasons"> {
  if (total.ratio === null || payers < fewestPayers) {
    const due = `about ${payers.toFixed(0)} debtors were due to have paid, at least ${fewestPayers} are needed`;
    return { verdict: "too_early", reasons: [`Nothing can be said yet: ${due}.`] };
  }
  const band = `${total.low!.toFixed(2)} to ${total.high!.toFixed(2)}`;
  const level = `Collections are ${total.ratio.toFixed(2)} of what was expected`;
  const reasons = [`${level}; chance and the calendar leave it within ${band}.`];
  const isRankGone = rank !== null && rank.p < 0.01;
  if (rank !== null) {
    const odds = rank.p < 0.0001 ? "less than 0.0001" : rank.p.toFixed(4);
    const says = isRankGone ? "Deciles have lost their proportions" : "Deciles stand in proportion";
    reasons.push(`${says}: chi-square ${rank.chi_square.toFixed(1)} with ${rank.degrees} degrees, p ${odds}.`);
  }
  return { verdict: total.outside || isRankGone ? "refit" : "keep", reasons };
}

/** Quantile of the standard normal distribution, by halving on the error function's series; to 1e-10. */
function normalQuantile(probability: number): number {
  // P(Z <= z) for z > 0 is (1 + P(1/2, z^2 / 2)) / 2, with the regularised gamma function P.
  let [low, high] = [0, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const below = (1 + growthAt({ family: "gamma", shape: 0.5, scale: 1 }, middle ** 2 / 2)) / 2;
    if (below < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
