/** Run-off triangles: cash by the period it belongs to (origin) and the age at which it had come in. */

/** What was collected by origin and age. Cells that are not known are NaN; nothing is filled in. */
export interface Triangle {
  /** names of the rows, oldest first */
  readonly origins: readonly string[];
  /** ages at the end of each development period, ascending, in `unit`s; the columns */
  readonly ages: readonly number[];
  /** cumulative values, row after row: `cumulative[i * ages.length + j]`; NaN: not known */
  readonly cumulative: Float64Array;
  /** for each row the point of the calendar at which its age is 0, in the same unit; start + age is a calendar period */
  readonly starts: readonly number[];
  /** what an age counts: "year", "quarter", "month", "3 months", or "period" when the file does not say */
  readonly unit: string;
  /** whether ages were told by the calendar (a purchase can be younger than its age says) or since a day */
  readonly agesFrom: "calendar" | "age";
  /** names of calendar periods by start + age; a period without one is named by its distance from the last */
  readonly calendarNames: ReadonlyMap<number, string>;
}

/** A known cell with the known one before it in its row; before the first stands age 0 with nothing collected. */
export interface Increment {
  readonly row: number;
  /** column of the cell, and of the one before; -1: from age 0 */
  readonly column: number;
  readonly before: number;
  readonly amount: number;
}

export function cumulativeAt({ cumulative, ages }: Triangle, row: number, column: number): number {
  return cumulative[row * ages.length + column]!;
}

/** The last column that is known in the row; -1 for a row without any. */
export function latestColumn(triangle: Triangle, row: number): number {
  let column = triangle.ages.length - 1;
  while (column >= 0 && Number.isNaN(cumulativeAt(triangle, row, column))) column--;
  return column;
}

/** The last known value of each row, in the order of the rows. */
export function latestValues(triangle: Triangle): number[] {
  return triangle.origins.map((_, row) => {
    const column = latestColumn(triangle, row);
    return column < 0 ? 0 : cumulativeAt(triangle, row, column);
  });
}

/**
 * What came in between one known cell and the next, over every row. A gap inside a row makes one increment over the
 * whole gap: it is not known how it was spread.
 */
export function incrementsOf(triangle: Triangle): Increment[] {
  const increments: Increment[] = [];
  for (let row = 0; row < triangle.origins.length; row++) {
    let before = -1;
    let standing = 0;
    for (let column = 0; column < triangle.ages.length; column++) {
      const value = cumulativeAt(triangle, row, column);
      if (Number.isNaN(value)) continue;
      increments.push({ row, column, before, amount: value - standing });
      before = column;
      standing = value;
    }
  }
  return increments;
}

/** The calendar period in which the cell became known, in units; cells with the same one lie on one diagonal. */
export function calendarOf({ starts, ages }: Triangle, row: number, column: number): number {
  return starts[row]! + ages[column]!;
}

/** The triangle as it was known at the end of a calendar period: later cells are taken out, empty rows with them. */
export function knownThrough(triangle: Triangle, calendar: number): Triangle {
  const { ages } = triangle;
  const cumulative = triangle.cumulative.map((value, i) => {
    const row = Math.floor(i / ages.length);
    return calendarOf(triangle, row, i % ages.length) > calendar ? Number.NaN : value;
  });
  const kept = triangle.origins.flatMap((_, row) => {
    const isKnown = cumulative.subarray(row * ages.length, (row + 1) * ages.length).some((v) => !Number.isNaN(v));
    return isKnown ? [row] : [];
  });
  const width = Math.max(
    0,
    ...ages.map((_, column) =>
      kept.some((row) => !Number.isNaN(cumulative[row * ages.length + column]!)) ? column + 1 : 0,
    ),
  );
  const cells = kept.flatMap((row) => [...cumulative.subarray(row * ages.length, row * ages.length + width)]);
  return {
    ...triangle,
    origins: kept.map((row) => triangle.origins[row]!),
    starts: kept.map((row) => triangle.starts[row]!),
    ages: ages.slice(0, width),
    cumulative: Float64Array.from(cells),
  };
}
