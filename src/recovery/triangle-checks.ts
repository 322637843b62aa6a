import { quantileSorted } from "simple-statistics";
import { type AgeStep, ageSteps } from "./chain-ladder.js";
import { calendarOf, cumulativeAt, incrementsOf, knownThrough, latestColumn, type Triangle } from "./triangle.js";

/** Mack's test for effects of calendar periods: whether low and high factors of development come in diagonals. */
export interface CalendarTest {
  readonly z: number;
  readonly expected: number;
  readonly variance: number;
  /** 95 % range of z were there no such effect */
  readonly low: number;
  readonly high: number;
  /** a z below the range: factors of one period lean to one side; null with fewer than two periods to judge by */
  readonly effect: boolean | null;
  readonly periods: readonly { readonly calendar: number; readonly small: number; readonly large: number }[];
}

const normal975 = 1.959963984540054;

/**
 * Mack 1994, appendix H. In each step of age the factors are marked small or large (against their median, which itself
 * counts as neither); on each diagonal the rarer mark is counted. Summed over the diagonals that is Z. A period that
 * pushed all of its factors one way has few of the rarer mark, so Z is then low.
 */
export function calendarTest(triangle: Triangle): CalendarTest {
  const marks = new Map<number, { small: number; large: number }>();
  for (let column = 0; column + 1 < triangle.ages.length; column++) {
    const links = triangle.origins.flatMap((_, row) => {
      const [value, next] = [cumulativeAt(triangle, row, column), cumulativeAt(triangle, row, column + 1)];
      return value > 0 && !Number.isNaN(next)
        ? [{ calendar: calendarOf(triangle, row, column + 1), factor: next / value }]
        : [];
    });
    if (links.length < 2) continue;
    const median = quantileSorted(
      links.map(({ factor }) => factor).sort((a, b) => a - b),
      0.5,
    );
    for (const { calendar, factor } of links) {
      const mark = marks.get(calendar) ?? { small: 0, large: 0 };
      if (factor < median) mark.small++;
      if (factor > median) mark.large++;
      marks.set(calendar, mark);
    }
  }
  const periods = [...marks.entries()]
    .map(([calendar, mark]) => ({ calendar, ...mark }))
    .sort((a, b) => a.calendar - b.calendar);
  const judged = periods.filter(({ small, large }) => small + large > 1);
  const z = judged.reduce((sum, { small, large }) => sum + Math.min(small, large), 0);
  const moments = judged.map(({ small, large }) => rarerMarkMoments(small + large));
  const expected = moments.reduce((sum, { mean }) => sum + mean, 0);
  const variance = moments.reduce((sum, one) => sum + one.variance, 0);
  const [low, high] = [-1, 1].map((sign) => expected + sign * normal975 * Math.sqrt(variance)) as [number, number];
  return { z, expected, variance, low, high, effect: judged.length < 2 ? null : z < low, periods };
}

/** Mean and variance of the rarer of two marks among n that are as likely each. */
function rarerMarkMoments(n: number): { mean: number; variance: number } {
  const m = Math.floor((n - 1) / 2);
  let binomial = 1;
  for (let k = 1; k <= m; k++) binomial *= (n - k) / k;
  const part = (binomial * n) / 2 ** n;
  const mean = n / 2 - part;
  return { mean, variance: (n * (n - 1)) / 4 - part * (n - 1) + mean - mean ** 2 };
}

/** What came in beside what the step before led one to expect, by one way of cutting the triangle. */
export interface ActualToExpected {
  readonly key: string;
  readonly actual: number;
  readonly expected: number;
  /** null where nothing was expected */
  readonly ratio: number | null;
}

export const triangleCuts = ["calendar", "origin", "age"] as const;
export type TriangleCut = (typeof triangleCuts)[number];

export type Cuts = Readonly<Record<TriangleCut, readonly ActualToExpected[]>>;

/**
 * Actual over expected cash: of each cell the factor less one, times what had come in before. By age the ratio of a
 * chain ladder is 1 by construction; by calendar period and by origin it shows what the factors do not hold.
 */
export function actualToExpected(triangle: Triangle, steps: readonly AgeStep[]): Cuts {
  const cells = incrementsOf(triangle).flatMap(({ row, column, before, amount }) => {
    // Across a gap there is no single factor to expect by.
    if (before < 0 || column !== before + 1) return [];
    const expected = (steps[before]!.factor - 1) * cumulativeAt(triangle, row, before);
    return [{ row, column, actual: amount, expected }];
  });
  return cut(triangle, cells);
}

/**
 * Back-test: every origin carried forward by the factors that were known at the end of a calendar period, from where it
 * then stood, and held against what came in after it. Origins that began later are left out, and so are ages that
 * nobody had reached.
 */
export function backTest(triangle: Triangle, calendar: number): Cuts {
  const known = knownThrough(triangle, calendar);
  const steps = ageSteps(known);
  const cells = known.origins.flatMap((origin, knownRow) => {
    const row = triangle.origins.indexOf(origin);
    const start = latestColumn(known, knownRow);
    let value = cumulativeAt(known, knownRow, start);
    const ahead = [];
    for (let column = start + 1; column <= steps.length; column++) {
      const { factor } = steps[column - 1]!;
      const expected = (factor - 1) * value;
      const actual = cumulativeAt(triangle, row, column) - cumulativeAt(triangle, row, column - 1);
      if (!Number.isNaN(actual)) ahead.push({ row, column, actual, expected });
      value *= factor;
    }
    return ahead;
  });
  return cut(triangle, cells);
}

interface ExpectedCell {
  readonly row: number;
  readonly column: number;
  readonly actual: number;
  readonly expected: number;
}

function cut(triangle: Triangle, cells: readonly ExpectedCell[]): Cuts {
  const last = Math.max(...triangle.origins.map((_, row) => calendarOf(triangle, row, latestColumn(triangle, row))));
  const by = (order: (cell: ExpectedCell) => number, name: (order: number) => string): ActualToExpected[] => {
    const sums = new Map<number, { actual: number; expected: number }>();
    for (const cell of cells) {
      const sum = sums.get(order(cell)) ?? { actual: 0, expected: 0 };
      sum.actual += cell.actual;
      sum.expected += cell.expected;
      sums.set(order(cell), sum);
    }
    return [...sums.entries()]
      .sort(([a], [b]) => a - b)
      .map(([key, { actual, expected }]) => ({
        key: name(key),
        actual,
        expected,
        ratio: expected === 0 ? null : actual / expected,
      }));
  };
  return {
    calendar: by(
      ({ row, column }) => calendarOf(triangle, row, column),
      (calendar) => calendarName(triangle, calendar, last),
    ),
    origin: by(
      ({ row }) => row,
      (row) => triangle.origins[row]!,
    ),
    age: by(
      ({ column }) => column,
      (column) => String(triangle.ages[column]),
    ),
  };
}

/** The name the file gives the calendar period; else its distance from the last one, which is 0. */
export function calendarName({ calendarNames }: Triangle, calendar: number, last: number): string {
  return calendarNames.get(calendar) ?? String(calendar - last);
}
