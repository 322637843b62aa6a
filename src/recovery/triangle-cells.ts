/** How a file writes an origin or a development: a stretch of the calendar, or a plain number, or a name. */
export type Written =
  | { readonly kind: "calendar"; readonly month: number; readonly months: 12 | 3 | 1; readonly isMonthEnd: boolean }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name" };

/** Months since year 0. */
const monthNumber = (year: number, month: number) => year * 12 + month - 1;

/**
 * Reads `1995`, `1995Q2`, `1995-04`, `1995-04-30` as a stretch of the calendar that begins in its first month; `12`,
 * `0.5`, `12m`, `dev 3` as an age. Whole numbers from 1900 to 2199 are years.
 */
export function readWritten(text: string): Written {
  const year = /^(19|20|21)\d\d$/.exec(text);
  if (year) return calendar(monthNumber(Number(text), 1), 12);
  const quarter = /^(\d{4})[ -]?q([1-4])$/i.exec(text);
  if (quarter) return calendar(monthNumber(Number(quarter[1]), Number(quarter[2]) * 3 - 2), 3);
  const day = /^(\d{4})-(\d\d)(?:-(\d\d))?(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/.exec(text);
  if (day && Number(day[2]) >= 1 && Number(day[2]) <= 12) {
    const month = monthNumber(Number(day[1]), Number(day[2]));
    return calendar(month, 1, day[3] !== undefined && Number(day[3]) > 1);
  }
  const age =
    /^(?:(?:dev(?:elopment)?|age|lag|month|quarter|year|m|q|y)[ _.-]*)?(\d+(?:\.\d+)?)(?: ?(?:m|months?|q|quarters?|y|years?))?$/i.exec(
      text,
    );
  return age ? { kind: "number", value: Number(age[1]) } : { kind: "name" };
}

function calendar(month: number, months: 12 | 3 | 1, isMonthEnd = false): Written {
  return { kind: "calendar", month, months, isMonthEnd };
}

/** One value of the file with the row that it came from. */
export interface Cell {
  readonly row: number;
  readonly origin: string;
  readonly development: string;
  readonly value: number;
}

/** The axes of the triangle: where each origin begins and how old each development is, in units. */
export interface Axes {
  readonly unit: string;
  readonly agesFrom: "calendar" | "age";
  /** names in order, each with its start on the calendar; without one where ages do not come from the calendar */
  readonly origins: readonly { readonly name: string; readonly start: number | undefined }[];
  readonly ageOf: (cell: Cell) => number;
  readonly calendarNames: ReadonlyMap<number, string>;
}

/** The axes as the cells tell them; undefined when a development is neither a time nor a number. */
export function axesOf(cells: readonly Cell[]): Axes | undefined {
  const developments = new Map(cells.map(({ development }) => [development, readWritten(development)]));
  const origins = new Map(cells.map(({ origin }) => [origin, readWritten(origin)]));
  const isCalendar = [...developments.values(), ...origins.values()].every(({ kind }) => kind === "calendar");
  if (isCalendar) return calendarAxes(origins, developments);
  if (![...developments.values()].every(({ kind }) => kind === "number")) return undefined;
  return agedAxes(origins, developments);
}

type Calendar = Extract<Written, { kind: "calendar" }>;

/**
 * Both axes on the calendar: the age of a cell is counted from the start of its origin to the end of its development.
 * The unit is the widest that every development is a multiple of: annual dates a year, quarterly ones a quarter.
 */
function calendarAxes(origins: ReadonlyMap<string, Written>, developments: ReadonlyMap<string, Written>): Axes {
  const dates = [...developments.values()] as Calendar[];
  const starts = [...origins.entries()].map(([name, written]) => ({ name, month: (written as Calendar).month }));
  const sorted = [...new Set(dates.map(({ month }) => month))].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((month, i) => month - sorted[i]!);
  const width = Math.max(...dates.map(({ months }) => months));
  const months = gaps.reduce(greatestCommonDivisor, sorted.length > 1 ? 0 : width);
  const unitMonths = dates.some((one) => one.months > 1) ? Math.min(months, width) : months;
  // A month end says when its development ended; a first day, a month, a quarter or a year says when it began.
  const endOf = (date: Calendar) => date.month + (date.isMonthEnd ? 1 : unitMonths);
  const first = Math.min(...starts.map(({ month }) => month));
  const ends = [...developments.entries()].map(
    ([name, date]) => [(endOf(date as Calendar) - first) / unitMonths, name] as const,
  );
  const startOf = new Map(starts.map(({ name, month }) => [name, (month - first) / unitMonths]));
  return {
    unit: unitName(unitMonths),
    agesFrom: "calendar",
    origins: [...startOf.entries()].map(([name, start]) => ({ name, start })).sort((a, b) => a.start - b.start),
    ageOf: ({ origin, development }) =>
      (endOf(developments.get(development) as Calendar) - first) / unitMonths - startOf.get(origin)!,
    calendarNames: new Map(ends),
  };
}

/** Ages as numbers. Where the first is 0 it stands for the first period, and every age is one step more. */
function agedAxes(origins: ReadonlyMap<string, Written>, developments: ReadonlyMap<string, Written>): Axes {
  const values = [...developments.values()].map((written) => (written.kind === "number" ? written.value : 0));
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const step = Math.min(...sorted.slice(1).map((age, i) => age - sorted[i]!), Number.POSITIVE_INFINITY);
  const shift = sorted[0] === 0 ? (Number.isFinite(step) ? step : 1) : 0;
  const order = [...origins.entries()].map(([name, written]) => ({ name, key: originKey(written) }));
  const isSortable = order.every(({ key }) => key !== undefined);
  if (isSortable) order.sort((a, b) => a.key! - b.key!);
  return {
    unit: "period",
    agesFrom: "age",
    origins: order.map(({ name }) => ({ name, start: undefined })),
    ageOf: ({ development }) => (developments.get(development) as { value: number }).value + shift,
    calendarNames: new Map(),
  };
}

/** Years, months and numbers are put in their order; names keep that of the file. */
function originKey(written: Written): number | undefined {
  if (written.kind === "calendar") return written.month;
  return written.kind === "number" ? written.value : undefined;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function unitName(months: number): string {
  const names: Readonly<Record<number, string>> = { 12: "year", 3: "quarter", 1: "month" };
  return names[months] ?? `${months} months`;
}
