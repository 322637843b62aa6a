import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import type { TapeFindings } from "../../models/findings-table.js";
import { Refusal } from "../../models/refusal.js";
import { delimiters } from "../../models/tape.js";
import { headOf } from "./source-file.js";

export type Delimiter = (typeof delimiters)[number];

const quote = 0x22;
const newline = 0x0a;
const carriageReturn = 0x0d;
const headBytes = 1 << 18;
const mostColumns = 2000;
const sampleRowsMost = 1000;
/** A record that is longer is taken as broken: real ones are some hundred bytes. */
const longestRecordBytes = 1 << 20;

interface ScannedRecord {
  /**
   * `whole`: its quotes close and it ends at `end`; `open`: a quoted field never closes; `broken`: a closing quote is
   * followed by something else than a delimiter; `cut`: the buffer ends first
   */
  readonly kind: "whole" | "open" | "broken" | "cut";
  readonly fields: number;
  /** position of its line end (for an open or broken record: of its first line) */
  readonly end: number;
}

interface Dialect {
  readonly delimiter: number;
  readonly lineEnd: number;
}

/** Reads the record that begins at `start` (RFC 4180), byte by byte; `isEnd` says that nothing follows the buffer. */
function scanRecord(bytes: Buffer, start: number, dialect: Dialect, isEnd: boolean): ScannedRecord {
  const { delimiter, lineEnd } = dialect;
  const length = bytes.length;
  let fields = 1;
  let at = start;
  for (;;) {
    if (bytes[at] === quote) {
      at = behindQuoted(bytes, at, start);
      if (at < 0) return unclosed(bytes, start, dialect, isEnd);
      if (bytes[at] === carriageReturn && bytes[at + 1] === lineEnd) at++;
    } else while (at < length && bytes[at] !== delimiter && bytes[at] !== lineEnd) at++;
    if (at >= length) {
      if (isEnd) return { kind: "whole", fields, end: length };
      return { kind: length - start > longestRecordBytes ? "broken" : "cut", fields, end: length };
    }
    if (bytes[at] === lineEnd) return { kind: "whole", fields, end: at };
    if (bytes[at] !== delimiter) return { ...firstLine(bytes, start, dialect, isEnd), fields };
    fields++;
    at++;
  }
}

/** Position behind the closing quote of the field that opens at `at`, or -1 when there is none within bounds. */
function behindQuoted(bytes: Buffer, at: number, recordStart: number): number {
  let next = at + 1;
  for (;;) {
    next = bytes.indexOf(quote, next);
    if (next < 0 || next - recordStart > longestRecordBytes) return -1;
    if (bytes[next + 1] !== quote) return next + 1;
    next += 2;
  }
}

function unclosed(bytes: Buffer, start: number, dialect: Dialect, isEnd: boolean): ScannedRecord {
  const mayClose = !isEnd && bytes.length - start <= longestRecordBytes;
  if (mayClose) return { kind: "cut", fields: 0, end: bytes.length };
  const line = firstLine(bytes, start, dialect, isEnd);
  return line.kind === "cut" ? line : { ...line, kind: "open" };
}

function firstLine(bytes: Buffer, start: number, dialect: Dialect, isEnd: boolean): ScannedRecord {
  const end = bytes.indexOf(dialect.lineEnd, start);
  if (end >= 0) return { kind: "broken", fields: 0, end };
  const isTooLong = bytes.length - start > longestRecordBytes;
  return { kind: isEnd || isTooLong ? "broken" : "cut", fields: 0, end: bytes.length };
}

/** The fields of a whole record as text. */
function fieldsOf(bytes: Buffer, delimiter: Delimiter): string[] {
  const text = bytes.toString("utf8");
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let field = "";
      for (;;) {
        const close = text.indexOf('"', at + 1);
        field += text.slice(at + 1, close);
        at = close + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
      fields.push(field);
    } else {
      const next = text.indexOf(delimiter, at);
      const end = next < 0 ? text.length : next;
      fields.push(text.slice(at, end));
      at = end;
    }
    if (at >= text.length) return fields;
    at++;
  }
}

export interface DelimitedHead {
  readonly delimiter: Delimiter;
  readonly header: readonly string[];
  readonly sampleRows: readonly (readonly string[])[];
  /** false when DuckDB's "skip one line" would not skip just the header */
  readonly isHeaderPlain: boolean;
}

/**
 * Reads the header and the first rows of a delimited text, in which the delimiter is the candidate that splits the
 * header into most columns.
 *
 * @throws layout_unresolved when no delimiter splits it; file_without_rows; file_unreadable when the header is broken
 */
export async function readHead(path: string, declared?: Delimiter): Promise<DelimitedHead> {
  const raw = await headOf(path, headBytes);
  const isWholeFile = raw.length < headBytes;
  const head = withoutMark(raw);
  const lineEnd = lineEndOf(head);
  let start = 0;
  while (head[start] === newline || head[start] === carriageReturn) start++;
  if (start >= head.length) throw new Refusal("file_empty", "the file holds blank lines only");
  const tried = declared === undefined ? delimiters : [declared];
  const scans = tried.map((delimiter) => {
    const dialect = { delimiter: delimiter.charCodeAt(0), lineEnd };
    return { delimiter, dialect, record: scanRecord(head, start, dialect, isWholeFile) };
  });
  const best = scans.reduce((a, b) => (b.record.kind === "whole" && b.record.fields > a.record.fields ? b : a));
  const line = head.subarray(start, best.record.end);
  refuseHeader(line, best.record, tried);
  const rows: string[][] = [];
  let at = best.record.end + 1;
  while (at < head.length && rows.length < sampleRowsMost) {
    const record = scanRecord(head, at, best.dialect, isWholeFile);
    if (record.kind === "cut") break;
    const bytes = trimReturn(head.subarray(at, record.end));
    at = record.end + 1;
    if (bytes.length === 0) continue;
    const isGood = record.kind === "whole" && record.fields === best.record.fields;
    rows.push(isGood ? fieldsOf(bytes, best.delimiter) : []);
  }
  if (rows.length === 0 && isWholeFile) throw new Refusal("file_without_rows", `only a header: ${shown(line)}`);
  return {
    delimiter: best.delimiter,
    header: fieldsOf(trimReturn(line), best.delimiter).map((text) => text.trim()),
    sampleRows: rows.filter((row) => row.length > 0),
    isHeaderPlain: start === 0 && !line.includes(newline),
  };
}

function refuseHeader(line: Buffer, record: ScannedRecord, tried: readonly Delimiter[]): void {
  if (line.includes(0)) throw new Refusal("file_unreadable", "the header holds NUL bytes");
  if (record.kind !== "whole") throw new Refusal("file_unreadable", `the header cannot be read: ${shown(line)}`);
  if (record.fields > mostColumns) {
    throw new Refusal("file_unreadable", `${record.fields} columns; at most ${mostColumns}`);
  }
  if (record.fields > 1) return;
  const names = tried.map((delimiter) => JSON.stringify(delimiter)).join(" ");
  throw new Refusal("layout_unresolved", `one column where several were expected (tried ${names}): ${shown(line)}`);
}

function shown(line: Buffer): string {
  return JSON.stringify(line.subarray(0, 120).toString("utf8").trimEnd());
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** LF (or CR LF) ends a line; a lone CR does only in a text without any LF. */
function lineEndOf(bytes: Buffer): number {
  return bytes.includes(newline) ? newline : carriageReturn;
}

function trimReturn(line: Buffer): Buffer {
  return line[line.length - 1] === carriageReturn ? line.subarray(0, -1) : line;
}

/** A copy of a delimited text that holds the good records only, without the header. */
export interface RepairedText {
  readonly path: string;
  readonly rowsInFile: number;
  /** number in the file, 1-based, of each record of the copy */
  readonly rowNumbers: Int32Array;
}

/**
 * Goes through a text that DuckDB would not take as it is, record by record, and copies the good ones.
 *
 * Blank lines are not rows. A record whose quotes do not close, or close in the middle of a field, loses its first
 * line only: reading goes on at the next line, so that one stray quote never swallows the rows behind it. Every row
 * left out is a finding with its number.
 */
export async function repairText(job: {
  from: string;
  to: string;
  delimiter: Delimiter;
  columns: number;
  findings: TapeFindings;
}): Promise<RepairedText> {
  const repair = new Repair(job);
  const output = createWriteStream(job.to);
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of createReadStream(job.from, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = isFirst ? withoutMark(chunk) : rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (isFirst) repair.lineEnd = lineEndOf(bytes);
    isFirst = false;
    rest = Buffer.from(bytes.subarray(repair.take(bytes, false)));
    if (!output.write(repair.drain())) await once(output, "drain");
  }
  repair.take(rest, true);
  output.end(repair.drain());
  await once(output, "close");
  return { path: job.to, rowsInFile: repair.rows, rowNumbers: repair.kept.slice(0, repair.keptCount) };
}

class Repair {
  lineEnd = newline;
  rows = 0;
  kept = new Int32Array(1 << 16);
  keptCount = 0;
  #isHeaderPast = false;
  #good: Buffer[] = [];
  readonly #delimiter: number;
  readonly #columns: number;
  readonly #findings: TapeFindings;

  constructor(job: { delimiter: Delimiter; columns: number; findings: TapeFindings }) {
    this.#delimiter = job.delimiter.charCodeAt(0);
    this.#columns = job.columns;
    this.#findings = job.findings;
  }

  drain(): Buffer {
    const bytes = Buffer.concat(this.#good);
    this.#good = [];
    return bytes;
  }

  /** Judges the records of the buffer and returns where the first undecided one begins. */
  take(bytes: Buffer, isEnd: boolean): number {
    const dialect = { delimiter: this.#delimiter, lineEnd: this.lineEnd };
    let start = 0;
    while (start < bytes.length) {
      const record = scanRecord(bytes, start, dialect, isEnd);
      if (record.kind === "cut") return start;
      this.#judge(trimReturn(bytes.subarray(start, record.end)), record);
      start = record.end + 1;
    }
    return bytes.length;
  }

  #judge(bytes: Buffer, record: ScannedRecord): void {
    if (bytes.length === 0) return;
    if (!this.#isHeaderPast) {
      this.#isHeaderPast = true;
      return;
    }
    const row = ++this.rows;
    if (record.kind !== "whole") {
      const note = record.kind === "open" ? "a quote is not closed" : "text stands behind a closing quote";
      this.#findings.add("row_unreadable", { row, note });
    } else if (bytes.includes(0)) this.#findings.add("text_with_control_characters", { row });
    else if (record.fields !== this.#columns) {
      const note = `${record.fields} fields, the header has ${this.#columns}`;
      this.#findings.add("row_ragged", { row, value: String(record.fields), note });
    } else if (!isUtf8(bytes)) this.#findings.add("row_unreadable", { row, note: "not in the encoding of the file" });
    else if (bytes.length > longestRecordBytes) this.#findings.add("row_unreadable", { row, note: "too long" });
    else this.#keep(bytes, row);
  }

  #keep(bytes: Buffer, row: number): void {
    this.#good.push(bytes, lineFeed);
    if (this.keptCount === this.kept.length) {
      const wider = new Int32Array(this.kept.length * 2);
      wider.set(this.kept);
      this.kept = wider;
    }
    this.kept[this.keptCount++] = row;
  }
}

const lineFeed = Buffer.from("\n");
