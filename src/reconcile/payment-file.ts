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
 * Reads a payments file row by row; memory holds a few chunks. A row that cannot be read comes with the reason, and the
 * rows after it are read. NDJSON: one object a line. CSV: a header (`paymentHeader`), then one payment a line; the
 * delimiter is told by the header, amounts may be written as people do (`plainAmount`).
 *
 * @throws Refusal `file_empty`, `file_without_rows`, `header_duplicate`, `file_unreadable`, `layout_invalid`
 */
export function readPaymentFile(path: string, form: PaymentFileForm): AsyncGenerator<FileRow> {
  return form.format === "csv" ? readCsv(path, form.datePattern) : readNdjson(path);
}

async function* readNdjson(path: string): AsyncGenerator<FileRow> {
  let row = 0;
  for await (const line of textLines(path)) {
    yield { row: ++row, fields: line === null ? undefined : parseObject(line) };
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

async function* readCsv(path: string, datePattern: string | undefined): AsyncGenerator<FileRow> {
  const dayOfText = datePattern === undefined ? undefined : dayReader(datePattern);
  let header: { fields: PaymentField[]; options: Options } | undefined;
  let row = 0;
  for await (const lines of batchesOf(textLines(path))) {
    if (header === undefined) {
      header = headerOf(lines.shift() ?? null);
      if (lines.length === 0) continue;
    }
    const { fields, options } = header;
    for (const record of recordsOf(lines, options)) {
      row++;
      if (record === null || record.length !== fields.length) yield { row, fields: undefined };
      else yield { row, ...rowOf(fields, record, { datePattern, dayOfText }) };
    }
  }
  if (header === undefined) throw new Refusal("file_empty", "the payments file is empty");
  if (row === 0) throw new Refusal("file_without_rows", "the payments file has a header and no rows");
}

/** Lines that are split into fields together. */
const batchLines = 1000;

async function* batchesOf(lines: AsyncIterable<string | null>): AsyncGenerator<(string | null)[]> {
  let batch: (string | null)[] = [];
  for await (const line of lines) {
    if (batch.push(line) < batchLines) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The delimiter that the header has most often tells how the file is written. */
function headerOf(line: string | null): { fields: PaymentField[]; options: Options } {
  const count = (mark: string) => (line ?? "").split(mark).length;
  const delimiter = delimiters.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  const options: Options = { delimiter, record_delimiter: "\n", relax_column_count: true, trim: true };
  const record = line === null ? null : recordOf(line, options);
  if (record === null) throw new Refusal("file_unreadable", "the first line is no header: it is no text, or too long");
  return { fields: paymentHeader(record), options };
}

/**
 * The fields of each line, null for a line whose quotes are broken. No field of a payment goes over a line's end, so a
 * quote that is left open ends with its line: when the batch does not come out line by line, each line is split alone.
 */
function recordsOf(lines: readonly (string | null)[], options: Options): (string[] | null)[] {
  const texts = lines.filter((line) => line !== null);
  const together = parsed(texts.join("\n"), options);
  if (together === null || together.length !== texts.length) {
    return lines.map((line) => (line === null ? null : recordOf(line, options)));
  }
  let next = 0;
  return lines.map((line) => (line === null ? null : together[next++]!));
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

/** The fields of a payment: empty ones are left out; amounts, days and yes or no are brought to the form of the wire. */
function rowOf(header: readonly PaymentField[], record: readonly string[], form: DayForm): Omit<FileRow, "row"> {
  const fields: Partial<Record<PaymentField, string | boolean>> = {};
  header.forEach((name, i) => {
    const value = record[i]!;
    if (value === "") return;
    if (name === "legal") fields.legal = truths.get(value.toLowerCase()) ?? value;
    else if (name === "amount" || name === "commission") fields[name] = plainAmount(value);
    else fields[name] = value;
  });
  if (typeof fields.paid_on !== "string") return { fields };
  const paidOn = isoDay(fields.paid_on, form);
  return typeof paidOn === "string" ? { fields: { ...fields, paid_on: paidOn } } : { fields, refusal: paidOn };
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
