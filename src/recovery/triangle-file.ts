import { CsvError, parse } from "csv-parse/sync";
import { type Finding, finding } from "../../models/finding.js";
import { Refusal } from "../../models/refusal.js";
import { plainAmount } from "../money/written-amount.js";
import { latestColumn, latestValues, type Triangle } from "./triangle.js";
import { axesOf, type Cell, readWritten } from "./triangle-cells.js";

/** How a triangle file is written, as far as its reader has to be told. */
export interface TriangleForm {
  /** each value is what came in during its development period alone; left out: what had come in by its end */
  readonly incremental: boolean;
  /** header of the column of values, where there are several */
  readonly valueColumn?: string | undefined;
  /** header of the column that holds the size of each origin (price, face), the same on each of its rows */
  readonly exposureColumn?: string | undefined;
}

export interface TriangleReading {
  readonly triangle: Triangle;
  readonly layout: "long" | "wide";
  /** header of the values that were read; null for a wide file */
  readonly valueColumn: string | null;
  /** size of each origin of the triangle, in its order; undefined when no column was named */
  readonly exposures: readonly number[] | undefined;
  readonly findings: readonly Finding[];
}

const originWords =
  /^(origin|vintage|cohort|pool|portfolio|(accident|underwriting|purchase|placement|charge[ _-]?off|policy|loss)[ _-]?(year|quarter|month|period|date)|purchased?([ _-]?on)?|ay)$/i;
const developmentWords =
  /^(dev(elopment)?([ _-]?(year|quarter|month|period|lag|age))?|age([ _-]?(in[ _-]?)?(months|quarters|years))?|lag|(calendar|collection|valuation|payment|evaluation|fiscal)[ _-]?(year|quarter|month|period|date)|valuation|months?|mob|collected[ _-]?on)$/i;
/** Names of values by preference: cash before what others make of it. */
const valueWords = [
  /^values?$/i,
  /paid/i,
  /collect/i,
  /cash|receipt|payment/i,
  /amount|recover/i,
  /cumulative/i,
  /incurred/i,
];

/**
 * Reads a run-off triangle from CSV text, in long form (a row a cell: origin, development, value) or wide (a row an
 * origin, a column an age). Which it is, and which column is which, is told by the header. Developments are years,
 * quarters, months or days of the calendar, or plain ages; what cannot be read is a finding, and its row left out.
 *
 * @throws Refusal `file_empty`, `file_without_rows`, `file_unreadable`; `layout_unresolved` where the columns cannot be
 *   told; `triangle_unusable` where no value can be read
 */
export function readTriangle(csvText: string, form: TriangleForm): TriangleReading {
  const rows = rowsOf(csvText);
  const header = rows[0]!.map((name) => name.trim());
  if (rows.length === 1) throw new Refusal("file_without_rows", "the triangle has a header and no rows");
  const findings: Finding[] = [];
  const long = longColumns(header, form, findings);
  const cells =
    long === undefined ? wideCells(header, rows, { form, findings }) : longCells(header, rows, { ...long, findings });
  const axes = axesOf(cells);
  if (cells.length === 0) throw new Refusal("triangle_unusable", "no value of the file can be read");
  if (axes === undefined) {
    const unread = cells.find(({ development }) => readWritten(development).kind === "name")?.development;
    const detail =
      unread === undefined ? "some developments are dates and others are ages" : `"${unread.slice(0, 40)}" is neither`;
    throw new Refusal("layout_unresolved", `developments are years, quarters, months, days or ages; ${detail}`);
  }
  const triangle = triangleOf(cells, axes, { incremental: form.incremental, findings });
  findings.push(...shapeFindings(triangle));
  return {
    triangle,
    layout: long === undefined ? "wide" : "long",
    valueColumn: long?.valueName ?? null,
    exposures: form.exposureColumn === undefined ? undefined : exposuresOf(triangle, rows, { form, long }),
    findings,
  };
}

/** @throws Refusal `layout_unresolved` for a column that is not there, or an origin with none or two sizes */
function exposuresOf(
  { origins }: Triangle,
  rows: readonly string[][],
  { form, long }: { form: TriangleForm; long: LongColumns | undefined },
): number[] {
  const column = rows[0]!.findIndex((name) => name.trim() === form.exposureColumn);
  if (column < 0) throw new Refusal("layout_unresolved", `there is no column "${form.exposureColumn}"`);
  return origins.map((origin) => {
    const texts = new Set(
      rows.slice(1).flatMap((fields) => (fields[long?.origin ?? 0] === origin ? [fields[column] ?? ""] : [])),
    );
    const sizes = [...texts].map((text) => numberIn(text));
    if (sizes.length === 1 && sizes[0] !== null && sizes[0]! > 0) return sizes[0]!;
    const shown = [...texts]
      .slice(0, 3)
      .map((text) => `"${text.slice(0, 20)}"`)
      .join(", ");
    throw new Refusal(
      "layout_unresolved",
      `"${form.exposureColumn}" of ${origin.slice(0, 40)} has to be one amount above 0: ${shown}`,
    );
  });
}

function rowsOf(csvText: string): string[][] {
  if (csvText.trim() === "") throw new Refusal("file_empty", "the triangle file holds no text");
  const firstLine = csvText.slice(0, csvText.search(/\r|\n|$/));
  const delimiter = [",", ";", "\t", "|"].reduce((best, one) =>
    firstLine.split(one).length > firstLine.split(best).length ? one : best,
  );
  try {
    return parse(csvText, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as string[][];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Refusal("file_unreadable", "a field in double quotes is not closed, so the rows cannot be told");
  }
}

interface LongColumns {
  readonly origin: number;
  readonly development: number;
  readonly value: number;
  readonly valueName: string;
}

/** The columns of a long file; undefined for one that is wide. */
function longColumns(header: readonly string[], form: TriangleForm, findings: Finding[]): LongColumns | undefined {
  const named = form.valueColumn;
  const origin = header.findIndex((name) => originWords.test(name));
  const development = header.findIndex((name) => developmentWords.test(name));
  if (origin < 0 || development < 0) {
    const ages = header.slice(1).filter((name) => name !== form.exposureColumn);
    if (ages.length > 0 && ages.every((name) => readWritten(name).kind !== "name")) return undefined;
    if (header.length !== 3) {
      const detail = `the header is ${header.slice(0, 12).join(", ")}`;
      throw new Refusal(
        "layout_unresolved",
        `${detail}; a triangle has origin, development, value, or an age a column`,
      );
    }
    return { origin: 0, development: 1, value: 2, valueName: header[2]! };
  }
  const taken = [origin, development, header.indexOf(form.exposureColumn ?? "")];
  const others = header.flatMap((_, i) => (taken.includes(i) ? [] : [i]));
  if (named !== undefined) {
    const value = others.find((i) => header[i] === named);
    if (value !== undefined) return { origin, development, value, valueName: named };
    throw new Refusal(
      "layout_unresolved",
      `there is no column "${named}" of values; there are ${namesOf(header, others)}`,
    );
  }
  const preferred = valueWords.flatMap((word) => others.filter((i) => word.test(header[i]!)));
  const value = others.length === 1 ? others[0] : preferred[0];
  if (value === undefined) {
    throw new Refusal("layout_unresolved", `which column holds the values? there are ${namesOf(header, others)}`);
  }
  if (others.length > 1) {
    const note = `"${header[value]}" of ${namesOf(header, others)}`;
    findings.push(finding("triangle_value_chosen", { column: header[value]!, note }));
  }
  return { origin, development, value, valueName: header[value]! };
}

const namesOf = (header: readonly string[], columns: readonly number[]) =>
  columns.map((i) => `"${header[i]}"`).join(", ") || "none";

function longCells(
  header: readonly string[],
  rows: readonly string[][],
  of: LongColumns & { findings: Finding[] },
): Cell[] {
  const cells: Cell[] = [];
  for (const [i, fields] of rows.slice(1).entries()) {
    const row = i + 1;
    if (fields.length !== header.length) {
      of.findings.push(finding("row_ragged", { row, note: `${fields.length} instead of ${header.length}` }));
      continue;
    }
    const value = numberIn(fields[of.value]!);
    if (value === null) continue;
    const blank = [of.origin, of.development].find((column) => fields[column] === "");
    const unreadable = blank ?? (Number.isNaN(value) ? of.value : undefined);
    if (unreadable !== undefined) {
      of.findings.push(unread({ row, column: header[unreadable]!, value: fields[unreadable]! }));
    }
    if (blank === undefined)
      cells.push({ row, origin: fields[of.origin]!, development: fields[of.development]!, value });
  }
  return cells;
}

function wideCells(
  header: readonly string[],
  rows: readonly string[][],
  { form, findings }: { form: TriangleForm; findings: Finding[] },
): Cell[] {
  const exposure = header.indexOf(form.exposureColumn ?? "");
  const cells: Cell[] = [];
  for (const [i, fields] of rows.slice(1).entries()) {
    const [row, origin] = [i + 1, fields[0]!];
    if (fields.length > header.length || origin === "") {
      findings.push(finding("row_ragged", { row, note: `${fields.length} instead of ${header.length}` }));
      continue;
    }
    for (const [column, text] of fields.entries()) {
      if (column === 0 || column === exposure) continue;
      const value = numberIn(text);
      if (value === null) continue;
      if (Number.isNaN(value)) findings.push(unread({ row, column: header[column]!, value: text }));
      cells.push({ row, origin, development: header[column]!, value });
    }
  }
  return cells;
}

function unread(at: { row: number; column: string; value: string }): Finding {
  return finding("number_invalid", { ...at, value: at.value.slice(0, 40) });
}

/** The number; null for an empty cell (also NA, as statistical programs write it); NaN for what is no number. */
function numberIn(text: string): number | null {
  if (text === "" || /^(na|nan|null|-)$/i.test(text)) return null;
  const value = Number(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? text : plainAmount(text));
  return Number.isFinite(value) ? value : Number.NaN;
}

interface Making {
  readonly incremental: boolean;
  readonly findings: Finding[];
}

type AgedCell = Cell & { readonly age: number };
type FileAxes = NonNullable<ReturnType<typeof axesOf>>;

/**
 * The cells with their ages; one that lies before its origin, or stands there twice, is a finding and left out. A cell
 * that could not be read gives way to one that could.
 */
function agedCells(cells: readonly Cell[], axes: FileAxes, findings: Finding[]): AgedCell[] {
  const placed = new Map<string, AgedCell>();
  for (const cell of cells) {
    const age = axes.ageOf(cell);
    const key = `${cell.origin}\n${age}`;
    const earlier = placed.get(key);
    const at = { row: cell.row, value: `${cell.origin}, ${cell.development}` };
    if (age <= 0) findings.push(finding("triangle_development_before_origin", at));
    else if (earlier === undefined || Number.isNaN(earlier.value)) placed.set(key, { ...cell, age });
    else findings.push(finding("triangle_cell_duplicate", { ...at, note: `row ${earlier.row}` }));
  }
  return [...placed.values()];
}

function triangleOf(cells: readonly Cell[], axes: FileAxes, how: Making): Triangle {
  const aged = agedCells(cells, axes, how.findings);
  const read = aged.filter(({ value }) => !Number.isNaN(value));
  if (read.length === 0) throw new Refusal("triangle_unusable", "no value of the file can be read");
  // A period that could not be read still stands between the others when they are added up.
  const ages = [...new Set((how.incremental ? aged : read).map(({ age }) => age))].sort((a, b) => a - b);
  const kept = axes.origins.filter(({ name }) => read.some(({ origin }) => origin === name));
  const rowOf = new Map(kept.map(({ name }, row) => [name, row]));
  const columnOf = new Map(ages.map((age, column) => [age, column]));
  const cumulative = new Float64Array(kept.length * ages.length).fill(Number.NaN);
  const given = new Uint8Array(cumulative.length);
  for (const { origin, age, value } of aged) {
    const [row, column] = [rowOf.get(origin), columnOf.get(age)];
    if (row === undefined || column === undefined) continue;
    cumulative[row * ages.length + column] = value;
    given[row * ages.length + column] = 1;
  }
  const origins = kept.map(({ name }) => name);
  if (how.incremental) addUp(cumulative, given, { origins, ages, findings: how.findings });
  const { unit, agesFrom, calendarNames } = axes;
  const starts = kept.map(({ start }) => start ?? 0);
  const triangle: Triangle = { origins, ages, cumulative, starts, unit, agesFrom, calendarNames };
  if (agesFrom === "calendar") return triangle;
  // Without a calendar in the file every row is taken as known up to the same day: the latest cells are one diagonal.
  return { ...triangle, starts: origins.map((_, row) => -ages[latestColumn(triangle, row)]!) };
}

interface Adding {
  readonly origins: readonly string[];
  readonly ages: readonly number[];
  readonly findings: Finding[];
}

/**
 * Adds periods up along each row. A period that the file leaves out before a later one brought nothing in, and a finding
 * says so; one that could not be read leaves everything after it unknown.
 */
function addUp(values: Float64Array, given: Uint8Array, { origins, ages, findings }: Adding): void {
  for (const [row, origin] of origins.entries()) {
    const last = given.lastIndexOf(1, (row + 1) * ages.length - 1) - row * ages.length;
    let sum = 0;
    for (let column = 0; column <= last; column++) {
      const at = row * ages.length + column;
      if (given[at] === 1) sum += values[at]!;
      else {
        const note = "taken as zero, for periods are added up";
        findings.push(finding("triangle_cell_missing", { value: `${origin}, age ${ages[column]}`, note }));
      }
      values[at] = sum;
    }
  }
}

function shapeFindings(triangle: Triangle): Finding[] {
  const { origins, ages, cumulative } = triangle;
  const findings: Finding[] = [];
  let falls = 0;
  let steps = 0;
  for (const [row, origin] of origins.entries()) {
    const last = latestColumn(triangle, row);
    for (let column = 1; column <= last; column++) {
      const [before, value] = [cumulative[row * ages.length + column - 1]!, cumulative[row * ages.length + column]!];
      if (Number.isNaN(value)) {
        if (!Number.isNaN(before))
          findings.push(finding("triangle_cell_missing", { value: `${origin}, age ${ages[column]}` }));
        continue;
      }
      steps++;
      if (value < before) falls++;
    }
  }
  for (const [row, latest] of latestValues(triangle).entries()) {
    if (latest === 0) findings.push(finding("triangle_origin_without_cash", { value: origins[row]! }));
  }
  if (falls > 0) findings.push(finding("triangle_values_fall", { note: `${falls} of ${steps} steps go down` }));
  return findings;
}
