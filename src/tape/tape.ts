import { isCurrency } from "../../models/currency.js";
import { TapeFindings } from "../../models/findings-table.js";
import { Refusal } from "../../models/refusal.js";
import type { Layout, MoneyColumn, TapeColumn, TapeColumns } from "../../models/tape.js";
import type { Day } from "../calendar/day.js";
import { sumFilled } from "../money/column.js";
import { formatMinor, parseMinor } from "../money/money.js";
import { checkCodes } from "./code-checks.js";
import { Engine, refusalOf } from "./engine.js";
import { guessLayout, type ResolvedLayout } from "./layout.js";
import { type Loaded, load } from "./load.js";
import { addCellFaults, addDuplicates, addHollowRows, addMissing } from "./load-findings.js";
import { type Relation, relationOf } from "./relation.js";
import { checkAmounts, checkDateOrder, checkDays, checkPlacements } from "./row-checks.js";
import { type FileFormat, openSource, type SourceFile, type TextEncoding } from "./source-file.js";
import { type ColumnChoice, columnsToRead, type FeatureKinds, type ReadColumn, typingMacros } from "./typing.js";

export interface TapeOptions {
  /** ISO 4217 code of every amount in the file */
  readonly currency: string;
  /** the day of valuation: dates after it are findings */
  readonly asOf: Day;
  /** a saved or edited layout; guessed from the headers when left out */
  readonly layout?: Layout;
  /**
   * `pricing` (the default) leaves out the texts that no price rests on: account numbers (their duplicates are found all
   * the same), creditors, postal codes, documents, and the seller's own columns; `all` reads them too; `features` reads
   * all but the account numbers, and the seller's own columns as numbers where they hold numbers
   */
  readonly columns?: ColumnChoice;
  /** with `features`: the only own columns to read, each as a number or a category; all of them when left out */
  readonly features?: FeatureKinds;
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
  return await readOpened(path, options, (engine, source, trustHead) => readWith(engine, source, options, trustHead));
}

interface OpenOptions {
  readonly layout?: Layout;
  readonly workFolder: string;
}

/**
 * Opens a file behind the engine's locks and reads it; once more with its encoding found out beforehand, where the
 * reading finds that the file is not the text that it begins as and gives null.
 */
export async function readOpened<T>(
  path: string,
  options: OpenOptions,
  read: (engine: Engine, source: SourceFile, trustHead: boolean) => Promise<T | null>,
): Promise<T> {
  return (await readFrom(path, options, read, true)) ?? (await readFrom(path, options, read, false))!;
}

async function readFrom<T>(
  path: string,
  options: OpenOptions,
  read: (engine: Engine, source: SourceFile, trustHead: boolean) => Promise<T | null>,
  trustHead: boolean,
): Promise<T | null> {
  const { layout: given, workFolder } = options;
  const source = await openSource(path, { workFolder, layout: given, trustHead });
  const text = source.format === "xlsx" ? await textOf(source, options) : source.path;
  const engine = await Engine.open({ file: text, workFolder });
  try {
    return await read(engine, { ...source, path: text }, trustHead);
  } catch (error) {
    throw refusalOf(error, source.name) ?? error;
  } finally {
    engine.close();
  }
}

/** A workbook as CSV. Its readers are loaded for a workbook alone: they take as long to load as DuckDB does. */
export async function textOf(source: SourceFile, { workFolder, layout }: OpenOptions): Promise<string> {
  const { sheetToText } = await import("./spreadsheet.js");
  return await sheetToText(source.path, workFolder, layout?.sheet);
}

async function readWith(
  engine: Engine,
  source: SourceFile,
  options: TapeOptions,
  trustHead: boolean,
): Promise<Tape | null> {
  const { currency, workFolder } = options;
  const findings = new TapeFindings();
  const relation = await relationOf(engine, source, options.layout);
  const resolved = guessLayout(relation.header, relation.sampleRows, options.layout);
  addColumnFindings(resolved, findings);
  const layout = describedLayout(resolved.layout, source, relation);
  const read = columnsToRead(resolved, options.columns ?? "pricing", {
    sampleRows: relation.sampleRows,
    kinds: options.features,
  });
  options.onProgress?.({ phase: "load", done: 1, total: 3 });
  await engine.run(typingMacros(currency).join("; "));
  const loaded = await load({ engine, source, relation, read, layout, currency, workFolder, findings }, trustHead);
  if (loaded === null) return null;
  options.onProgress?.({ phase: "check", done: 2, total: 3 });
  const { columns, rowsInFile, faceMinor } = await examine({ engine, loaded, read, layout, findings, source, options });
  return {
    columns,
    layout,
    findings,
    file: fileFacts(source, loaded),
    rowsInFile,
    rejected: rowsInFile - columns.rows,
    faceMinor,
  };
}

/** What a file was, as it was read. */
export function fileFacts(source: SourceFile, { content, relation }: Loaded): Tape["file"] {
  return {
    name: source.name,
    bytes: source.bytes,
    sha256: content.sha256,
    format: source.format,
    encoding: source.encoding,
    delimiter: source.format === "csv" ? relation.delimiter : null,
  };
}

/** Finds everything that is wrong with the rows, and keeps those that could be read. */
async function examine(work: {
  engine: Engine;
  loaded: Loaded;
  read: readonly ReadColumn[];
  layout: Layout;
  findings: TapeFindings;
  source: SourceFile;
  options: TapeOptions;
}): Promise<{ columns: TapeColumns; rowsInFile: number; faceMinor: bigint }> {
  const { engine, read, layout, findings, options } = work;
  const { relation, raw } = work.loaded;
  const { currency } = options;
  const rowsInFile = relation.rowsInFile ?? raw.rows;
  if (rowsInFile === 0) throw new Refusal("file_without_rows", "the file has a header and no rows");
  const account = read.find((column) => column.name === "account_number")!;
  const balance = read.find((column) => column.name === "current_balance")!;
  const rowNumbers = relation.rowNumbers ?? numbersTo(raw.rows);
  const rejected = new Uint8Array(raw.rows);
  const job = { engine, relation, read, raw, rowNumbers, rejected, findings, currency, layout };
  await addDuplicates(job, account);
  const hollow = work.source.format === "jsonl" ? addHollowRows(job) : new Set<number>();
  addMissing(job, { account, balance, hollow });
  await addCellFaults(job);
  const columns = new Map<string, TapeColumn>(raw.numbers);
  const faceMinor = sumFilled((columns.get(balance.name) as MoneyColumn).values);
  refuseOtherTotals({ rowsInFile, faceMinor }, options);
  const checked = { columns, rowNumbers, findings };
  checkDays(checked, options.asOf);
  checkPlacements(checked, rejected);
  checkAmounts(checked, currency, rejected);
  checkCodes(checked, raw.codes, layout);
  if (raw.accounts.length > 0) columns.set(account.name, { kind: "text", values: raw.accounts });
  const kept = keepRows({ columns, rowNumbers, rejected, order: read.map((column) => column.name) });
  checkDateOrder({ columns: kept.columns, rowNumbers: kept.rowNumbers, findings });
  return { columns: { rows: kept.rowNumbers.length, currency, ...kept }, rowsInFile, faceMinor };
}

export function numbersTo(rows: number): Int32Array {
  const numbers = new Int32Array(rows);
  for (let row = 0; row < rows; row++) numbers[row] = row + 1;
  return numbers;
}

export function addColumnFindings(resolved: ResolvedLayout<string>, findings: TapeFindings): void {
  for (const column of resolved.protectedHeaders) findings.add("column_protected", { column });
  for (const column of resolved.personalHeaders) {
    findings.add("column_unmapped", {
      column,
      note: "it tells of a person and has no canonical name, so it is not read",
    });
  }
  for (const { header } of resolved.extras) findings.add("column_unmapped", { column: header });
}

export function describedLayout(layout: Layout, source: SourceFile, relation: Relation): Layout {
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
export function keepRows(job: {
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
