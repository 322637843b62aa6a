import { isCurrency } from "../../models/currency.js";
import { TapeFindings } from "../../models/findings-table.js";
import { Refusal } from "../../models/refusal.js";
import { type Layout, missing, type TapeColumn, type TapeColumns } from "../../models/tape.js";
import type { Day } from "../calendar/day.js";
import { formatMinor, parseMinor } from "../money/money.js";
import { checkCodes } from "./code-checks.js";
import { fetchCodes, fetchNumbers, fetchTexts } from "./column-fetch.js";
import { Engine } from "./engine.js";
import { guessLayout, type ResolvedLayout } from "./layout.js";
import { addCellFaults, addDuplicates, addHollowRows, addMissing } from "./load-findings.js";
import { type Relation, relationOf, repairedRelation } from "./relation.js";
import { checkAmounts, checkDateOrder, checkDays, checkPlacements } from "./row-checks.js";
import { type FileFormat, openSource, type SourceFile, type TextEncoding } from "./source-file.js";
import { sheetToText } from "./spreadsheet.js";
import {
  columnsToRead,
  isMissing,
  isUnread,
  loadStatement,
  type ReadColumn,
  typedName,
  typingMacros,
} from "./typing.js";

export interface TapeOptions {
  /** ISO 4217 code of every amount in the file */
  readonly currency: string;
  /** the day of valuation: dates after it are findings */
  readonly asOf: Day;
  /** a saved or edited layout; guessed from the headers when left out */
  readonly layout?: Layout;
  /** `pricing` (the default) leaves out account numbers and the seller's own columns; `all` reads them too */
  readonly columns?: "pricing" | "all";
  /** an empty folder for this job alone; unpacked and repaired copies and spilled memory go there */
  readonly workFolder: string;
  /** control totals of the seller: rows, and the sum of current balances as a decimal */
  readonly expectRows?: number;
  readonly expectFace?: string;
  readonly onProgress?: (progress: TapeProgress) => void;
}

export interface TapeProgress {
  readonly phase: "open" | "load" | "check";
  readonly done: number;
  readonly total: number;
}

/** A seller's file, read. */
export interface Tape {
  /** the rows that could be read, in file order */
  readonly columns: TapeColumns;
  /** the layout it was read with, guessed or given */
  readonly layout: Layout;
  readonly findings: TapeFindings;
  readonly file: {
    readonly name: string;
    readonly bytes: number;
    /** of the file as it was given, packed or not */
    readonly sha256: string;
    readonly format: FileFormat;
    readonly encoding: TextEncoding | null;
    readonly delimiter: string | null;
  };
  readonly rowsInFile: number;
  /** rows left out; each has at least one finding of severity `reject` */
  readonly rejected: number;
  /** sum of current balances over all rows whose balance could be read, rejected for another reason or not */
  readonly faceMinor: bigint;
  /** by column, how many of the kept rows have a value */
  readonly fill: ReadonlyMap<string, number>;
}

/**
 * Reads a seller's tape into typed columns, and finds everything that is wrong with it.
 *
 * The format is told by content. DuckDB reads the file behind its locks and types it in one pass; a text that is not
 * sound (ragged rows, broken quotes, NUL bytes) is first copied without its bad rows, so that row numbers are always
 * those of the file. Rows that cannot be read are findings and not among the columns; nothing is dropped in silence.
 *
 * @throws Refusal: file_not_found, file_empty, file_without_rows, file_unreadable, file_unsupported, file_too_large,
 *   header_duplicate, layout_unresolved, layout_invalid, control_total_mismatch, currency_unknown
 */
export async function readTape(path: string, options: TapeOptions): Promise<Tape> {
  if (!isCurrency(options.currency)) throw new Refusal("currency_unknown", `"${options.currency.slice(0, 12)}"`);
  options.onProgress?.({ phase: "open", done: 0, total: 3 });
  const { layout: given, workFolder } = options;
  const source = await openSource(path, workFolder, given);
  const text = source.format === "xlsx" ? await sheetToText(source.path, workFolder, given?.sheet) : source.path;
  const engine = await Engine.open({ file: text, workFolder });
  try {
    return await readWith(engine, { ...source, path: text }, options);
  } finally {
    engine.close();
  }
}

async function readWith(engine: Engine, source: SourceFile, options: TapeOptions): Promise<Tape> {
  const findings = new TapeFindings();
  let relation = await relationOf(engine, source, options.layout);
  const resolved = guessLayout(relation.header, relation.sampleRows, options.layout);
  addColumnFindings(resolved, findings);
  const layout = describedLayout(resolved.layout, source, relation);
  const read = columnsToRead(resolved, options.columns ?? "pricing");
  options.onProgress?.({ phase: "load", done: 1, total: 3 });
  for (const macro of typingMacros(options.currency)) await engine.run(macro);
  relation = await load(engine, { source, relation, read, layout, findings, options });
  options.onProgress?.({ phase: "check", done: 2, total: 3 });

  const account = read.find((column) => column.name === "account_number")!;
  const balance = read.find((column) => column.name === "current_balance")!;
  const totals = await engine.rows(
    `SELECT count(*), CAST(sum(${typedName(balance)}) FILTER (NOT (${isMissing(balance)} OR ${isUnread(balance)})) AS VARCHAR) FROM tape`,
  );
  const rows = Number(totals[0]![0]);
  const faceMinor = BigInt(String(totals[0]![1] ?? "0"));
  const rowsInFile = relation.rowsInFile ?? rows;
  if (rowsInFile === 0) throw new Refusal("file_without_rows", "the file has a header and no rows");
  refuseOtherTotals({ rowsInFile, faceMinor }, options);

  const rowNumbers = relation.rowNumbers ?? new Int32Array(rows).map((_, index) => index + 1);
  const rejected = new Uint8Array(rows);
  const job = { engine, relation, read, rowNumbers, rejected, findings, currency: options.currency, layout };
  const [numbers, codes, accounts] = await Promise.all([
    fetchNumbers(
      engine,
      read.filter((column) => ["money", "day", "number"].includes(column.kind)),
      rows,
    ),
    fetchCodes(
      engine,
      read.filter((column) => column.kind === "code" || column.kind === "flag"),
      rows,
    ),
    options.columns === "all" ? fetchTexts(engine, account) : null,
    addDuplicates(job, account),
  ]);
  const hollow = source.format === "jsonl" ? await addHollowRows(job) : new Set<number>();
  await addCellFaults(job, numbers);
  await addMissing(job, { account, balance, hollow });
  const columns = new Map<string, TapeColumn>(numbers);
  const checked = { columns, rowNumbers, findings };
  checkDays(checked, options.asOf);
  checkPlacements(checked, rejected);
  checkAmounts(checked, options.currency, rejected);
  checkCodes(checked, codes, layout);
  if (accounts !== null) columns.set("account_number", { kind: "text", values: accounts });
  const kept = keepRows({ columns, rowNumbers, rejected, order: read.map((column) => column.name) });
  checkDateOrder({ columns: kept.columns, rowNumbers: kept.rowNumbers, findings });
  return {
    columns: {
      rows: kept.rowNumbers.length,
      rowNumbers: kept.rowNumbers,
      currency: options.currency,
      columns: kept.columns,
    },
    layout,
    findings,
    file: {
      name: source.name,
      bytes: source.bytes,
      sha256: source.sha256,
      format: source.format,
      encoding: source.encoding,
      delimiter: source.format === "csv" ? relation.delimiter : null,
    },
    rowsInFile,
    rejected: rowsInFile - kept.rowNumbers.length,
    faceMinor,
    fill: fillOf(kept.columns),
  };
}

interface Load {
  readonly source: SourceFile;
  readonly relation: Relation;
  readonly read: readonly ReadColumn[];
  readonly layout: Layout;
  readonly findings: TapeFindings;
  readonly options: TapeOptions;
}

/** Loads the table `tape`; a delimited text that turns out not to be sound is repaired and loaded again. */
async function load(engine: Engine, job: Load): Promise<Relation> {
  const { source, relation, read, layout, options } = job;
  const isText = relation.delimiter !== null;
  const statement = (sql: string): string =>
    loadStatement({ relation: sql, columns: read, currency: options.currency, layout });
  if (!isText || (source.isClean && relation.isPlain)) {
    const fault = await attempt(engine, statement(relation.sql), relation.path);
    if (fault === null) return relation;
    if (!isText) throw new Refusal("file_unreadable", `"${source.name}" cannot be read to its end`);
  }
  const repaired = await repairedRelation(relation, options.workFolder, job.findings);
  const fault = await attempt(engine, statement(repaired.sql), repaired.path);
  if (fault !== null) throw new Refusal("file_unreadable", `"${source.name}" cannot be read to its end`);
  return repaired;
}

/** Runs a load. What the file's content makes fail is returned; anything else is our fault and thrown. */
async function attempt(engine: Engine, statement: string, path: string): Promise<Error | null> {
  try {
    await engine.run(statement, [path]);
    return null;
  } catch (error) {
    if (error instanceof Error && /^(?:Invalid Input|Conversion|IO) Error/.test(error.message)) return error;
    throw error;
  }
}

function addColumnFindings(resolved: ResolvedLayout, findings: TapeFindings): void {
  for (const column of resolved.protectedHeaders) findings.add("column_protected", { column });
  for (const column of resolved.personalHeaders) {
    findings.add("column_unmapped", {
      column,
      note: "it tells of a person and has no canonical name, so it is not read",
    });
  }
  for (const { header } of resolved.extras) findings.add("column_unmapped", { column: header });
}

function describedLayout(layout: Layout, source: SourceFile, relation: Relation): Layout {
  return {
    ...layout,
    format: source.format,
    ...(source.format === "csv" && relation.delimiter !== null ? { delimiter: relation.delimiter } : {}),
    ...(source.encoding === null ? {} : { encoding: source.encoding }),
  };
}

function refuseOtherTotals(parsed: { rowsInFile: number; faceMinor: bigint }, options: TapeOptions): void {
  const { currency, expectRows, expectFace } = options;
  if (expectRows !== undefined && expectRows !== parsed.rowsInFile) {
    throw new Refusal("control_total_mismatch", `the file has ${parsed.rowsInFile} rows; ${expectRows} were declared`);
  }
  if (expectFace === undefined || parseMinor(expectFace, currency) === parsed.faceMinor) return;
  const face = formatMinor(parsed.faceMinor, currency);
  throw new Refusal("control_total_mismatch", `the balances sum to ${face} ${currency}; ${expectFace} was declared`);
}

/** Leaves out the rejected rows of every column, and puts the columns into the order of the layout. */
function keepRows(job: {
  columns: ReadonlyMap<string, TapeColumn>;
  rowNumbers: Int32Array;
  rejected: Uint8Array;
  order: readonly string[];
}): { columns: Map<string, TapeColumn>; rowNumbers: Int32Array } {
  const indices: number[] = [];
  const all = !job.rejected.includes(1);
  if (!all) for (let i = 0; i < job.rejected.length; i++) if (job.rejected[i] === 0) indices.push(i);
  const take = <A extends Int32Array | Float64Array | BigInt64Array | Uint8Array>(values: A): A => {
    if (all) return values;
    const kept = new (values.constructor as new (length: number) => A)(indices.length);
    for (let k = 0; k < indices.length; k++) kept[k] = values[indices[k]!]!;
    return kept;
  };
  const columns = new Map<string, TapeColumn>();
  for (const name of job.order) {
    const column = job.columns.get(name);
    if (column === undefined) continue;
    if (column.kind === "text")
      columns.set(name, { kind: "text", values: all ? column.values : indices.map((i) => column.values[i]!) });
    else columns.set(name, { ...column, values: take(column.values) } as TapeColumn);
  }
  return { columns, rowNumbers: take(job.rowNumbers) };
}

/** Counts by the upper half of each integer, which only the missing one has: a bigint an element costs ten times that. */
function filledAmounts(values: BigInt64Array): number {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  let filled = 0;
  for (let i = 1; i < words.length; i += 2) filled += words[i] === -2_147_483_648 ? 0 : 1;
  return filled;
}

function fillOf(columns: ReadonlyMap<string, TapeColumn>): Map<string, number> {
  const fill = new Map<string, number>();
  for (const [name, column] of columns) {
    let filled = 0;
    if (column.kind === "text") for (const value of column.values) filled += value === "" ? 0 : 1;
    else if (column.kind === "money") filled = filledAmounts(column.values);
    else if (column.kind === "number") for (const value of column.values) filled += Number.isNaN(value) ? 0 : 1;
    else {
      const blank = missing[column.kind];
      for (const value of column.values) filled += value === blank ? 0 : 1;
    }
    fill.set(name, filled);
  }
  return fill;
}
