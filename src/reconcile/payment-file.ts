import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type Options, parse } from "csv-parse";
import { Refusal } from "../../models/refusal.js";

/** One row as it stands in the file: fields by name, and its number (1-based, without the header). */
export interface FileRow {
  readonly row: number;
  /** undefined when the row cannot be read at all */
  readonly fields: unknown;
}

const longestRow = 20_000;

/**
 * Reads a payments file row by row; memory holds one chunk. A row that cannot be read comes with no fields, and the
 * rows after it are read. NDJSON: one object a line. CSV: a header with the names of the fields, comma, quotes doubled.
 *
 * @throws Refusal `file_empty`, `header_duplicate`, `file_unreadable` when the header lacks a column that is needed
 */
export function readPaymentFile(path: string, format: "csv" | "ndjson"): AsyncGenerator<FileRow> {
  return format === "csv" ? readCsv(path) : readNdjson(path);
}

async function* readNdjson(path: string): AsyncGenerator<FileRow> {
  let row = 0;
  for await (const line of createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() === "") continue;
    yield { row: ++row, fields: line.length > longestRow ? undefined : parseObject(line) };
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

const needed = ["account_number", "amount", "paid_on"];
const known: ReadonlySet<string> = new Set([...needed, "channel", "external_id", "commission", "legal", "reverses"]);
const truths: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["true", true],
  ["1", true],
  ["no", false],
  ["false", false],
  ["0", false],
]);

const csvOptions: Options = {
  bom: true,
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
  max_record_size: longestRow,
};

async function* readCsv(path: string): AsyncGenerator<FileRow> {
  let header: string[] | undefined;
  let row = 0;
  try {
    for await (const record of createReadStream(path).pipe(parse(csvOptions)) as AsyncIterable<string[]>) {
      if (header === undefined) {
        header = checkedHeader(record);
        continue;
      }
      yield { row: ++row, fields: record.length === header.length ? fieldsOf(header, record) : undefined };
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("CSV_")) throw error;
    throw new Refusal("file_unreadable", `row ${row + 1}: broken quotes or a row over ${longestRow} characters`);
  }
  if (header === undefined) throw new Refusal("file_empty", "the payments file is empty");
  if (row === 0) throw new Refusal("file_without_rows", "the payments file has a header and no rows");
}

function checkedHeader(record: readonly string[]): string[] {
  const names = record.map((name) => name.toLowerCase().replace(/[\s-]+/g, "_"));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Refusal("header_duplicate", `the header has "${twice.slice(0, 40)}" twice`);
  const lacking = needed.filter((name) => !names.includes(name));
  const seen = names.join(", ").slice(0, 200);
  if (lacking.length > 0) {
    throw new Refusal("file_unreadable", `the header lacks ${lacking.join(", ")}; it has ${seen}`);
  }
  // a misspelt external_id that was passed over would let the same payment in twice
  const strange = names.filter((name) => !known.has(name));
  if (strange.length === 0) return names;
  const read = [...known].join(", ");
  throw new Refusal("file_unreadable", `the header has ${strange.join(", ").slice(0, 200)}; what is read is ${read}`);
}

/** Empty fields are left out; `legal` is read as yes or no. */
function fieldsOf(header: readonly string[], record: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  header.forEach((name, i) => {
    const value = record[i]!;
    if (value !== "") fields[name] = name === "legal" ? (truths.get(value.toLowerCase()) ?? value) : value;
  });
  return { ...fields };
}
