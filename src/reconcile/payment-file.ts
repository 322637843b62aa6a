import { CsvError, type Options, parse } from "csv-parse/sync";
import { Refusal } from "../../models/refusal.js";
import { delimiters } from "../../models/tape.js";
import { dayReader } from "../calendar/date-pattern.js";
import { type Day, formatDay } from "../calendar/day.js";
import { plainAmount } from "../money/written-amount.js";
import { type PaymentField, paymentHeader } from "./payment-header.js";
import { textLines } from "./text-lines.js";

/** One row as it stands in the file: its number (1-based, without the header) and its fields by name. */
export interface FileRow {
  readonly row: number;
  /** undefined when the row cannot be read at all */
  readonly fields: unknown;
  /** why the row cannot be taken, where the reader knows */
  readonly refusal?: Refusal;
}

/** How a payments file is written. */
export interface PaymentFileForm {
  readonly format: "csv" | "ndjson";
  /** pattern of the days in a CSV, such as MM/DD/YYYY; YYYY-MM-DD when left out */
  readonly datePattern?: string | undefined;
}

/**
 * Reads a payments file, some rows at a time; memory holds a few chunks. A row that cannot be read comes with the reason, and the
 * rows after it are read. NDJSON: one object a line. CSV: a header (`paymentHeader`), then one payment a line; the
 * delimiter is told by the header, amounts may be written as people do (`plainAmount`).
 *
 * @throws Refusal `file_empty`, `file_without_rows`, `header_duplicate`, `file_unreadable`, `layout_invalid`
 */
export function readPaymentFile(path: string, form: PaymentFileForm): AsyncGenerator<FileRow[]> {
  return form.format === "csv" ? readCsv(path, form.datePattern) : readNdjson(path);
}

async function* readNdjson(path: string): AsyncGenerator<FileRow[]> {
  let row = 0;
  for await (const lines of textLines(path)) {
    yield lines.map((line) => ({ row: ++row, fields: line === null ? undefined : parseObject(line) }));
  }
  if (row === 0) throw new Refusal("file_empty", "the payments file holds no row");
}

function parseObject(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function* readCsv(path: string, datePattern: string | undefined): AsyncGenerator<FileRow[]> {
  const form = { datePattern, dayOfText: datePattern === undefined ? undefined : dayReader(datePattern) };
  let header: Header | undefined;
  let row = 0;
  for await (const lines of textLines(path)) {
    header ??= headerOf(lines.shift() ?? null);
    const { fields, options } = header;
    const rows = recordsOf(lines, options).map((record): FileRow => {
      row++;
      if (record === null || record.length !== fields.length) return { row, fields: undefined };
      return rowOf(row, { header: fields, record, form });
    });
    if (rows.length > 0) yield rows;
  }
  if (header === undefined) throw new Refusal("file_empty", "the payments file is empty");
  if (row === 0) throw new Refusal("file_without_rows", "the payments file has a header and no rows");
}

interface Header {
  readonly fields: readonly PaymentField[];
  readonly options: SplitOptions;
}

type SplitOptions = Options & { readonly delimiter: string };

/** The delimiter that the header has most often tells how the file is written. */
function headerOf(line: string | null): Header {
  const count = (mark: string) => (line ?? "").split(mark).length;
  const delimiter = delimiters.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  const options: SplitOptions = { delimiter, record_delimiter: "\n", relax_column_count: true, trim: true };
  const record = line === null ? null : recordOf(line, options);
  if (record === null) throw new Refusal("file_unreadable", "the first line is no header: it is no text, or too long");
  return { fields: paymentHeader(record), options };
}

/** A line of which no field is quoted or has anything to be trimmed. */
const isBare = (line: string): boolean => !/["\s]/.test(line);

/**
 * The fields of each line, null for a line whose quotes are broken. A bare line is split where its delimiter stands; only
 * others need a parser. No field of a payment goes over a line's end, so a quote that is left open ends with its line: when
 * these do not come out line by line, each of them is split alone.
 */
function recordsOf(lines: readonly (string | null)[], options: SplitOptions): (string[] | null)[] {
  const quoted = lines.filter((line) => line !== null && !isBare(line));
  const together = quoted.length === 0 ? [] : parsed(quoted.join("\n"), options);
  const isByLine = together?.length === quoted.length;
  let next = 0;
  return lines.map((line) => {
    if (line === null) return null;
    if (isBare(line)) return line.split(options.delimiter);
    return isByLine ? together![next++]! : recordOf(line, options);
  });
}

function recordOf(line: string, options: Options): string[] | null {
  const records = parsed(line, options);
  return records?.length === 1 ? records[0]! : null;
}

function parsed(text: string, options: Options): string[][] | null {
  try {
    return parse(text, options) as unknown as string[][];
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["y", true],
  ["true", true],
  ["1", true],
  ["no", false],
  ["n", false],
  ["false", false],
  ["0", false],
]);

interface DayForm {
  readonly datePattern: string | undefined;
  readonly dayOfText: ((text: string) => Day | null) | undefined;
}

interface Written {
  readonly header: readonly PaymentField[];
  readonly record: readonly string[];
  readonly form: DayForm;
}

/** A row with its fields: empty ones are left out; amounts, days and yes or no are brought to the form of the wire. */
function rowOf(row: number, { header, record, form }: Written): FileRow {
  const fields: Partial<Record<PaymentField, string | boolean>> = {};
  let refusal: Refusal | undefined;
  for (let i = 0; i < header.length; i++) {
    const name = header[i]!;
    const value = record[i]!;
    if (value === "") continue;
    if (name === "legal") fields.legal = truths.get(value.toLowerCase()) ?? value;
    else if (name === "amount" || name === "commission") fields[name] = plainAmount(value);
    else if (name === "paid_on") {
      const day = isoDay(value, form);
      if (typeof day !== "string") refusal = day;
      fields.paid_on = typeof day === "string" ? day : value;
    } else fields[name] = value;
  }
  return refusal === undefined ? { row, fields } : { row, fields, refusal };
}

function isoDay(text: string, { datePattern, dayOfText }: DayForm): string | Refusal {
  if (dayOfText === undefined) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
    return new Refusal(
      "date_invalid",
      `"${text.slice(0, 20)}" is not YYYY-MM-DD; declare date_pattern where days are written otherwise, such as MM/DD/YYYY`,
    );
  }
  const day = dayOfText(text);
  return day === null
    ? new Refusal("date_invalid", `"${text.slice(0, 20)}" is not a date in the declared pattern ${datePattern}`)
    : formatDay(day);
}
