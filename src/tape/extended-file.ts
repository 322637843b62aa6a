import { copyFile, mkdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";
import { Engine, refusalOf, sqlText } from "./engine.js";
import { relationOf } from "./relation.js";
import { soundRelation } from "./sound-relation.js";
import { openSource } from "./source-file.js";
import { sheetToText } from "./spreadsheet.js";

/** A column that is added to a file: numbers rounded to so many decimals (NaN is blank), or texts by their place in a list (-1 is blank). */
export type AddedColumn =
  | { readonly name: string; readonly values: Float64Array; readonly decimals: number }
  | { readonly name: string; readonly textOf: (row: number) => number; readonly texts: readonly string[] };

export interface Extension {
  /** the file, as it was read */
  readonly path: string;
  readonly layout: Layout;
  /** number in the file of each row of the added columns, ascending; other rows of the file get blanks */
  readonly rowNumbers: Int32Array;
  readonly added: readonly AddedColumn[];
  /** the file to write: its name ends in .csv or .parquet */
  readonly out: string;
  /** leave out the guard against formulas in CSV */
  readonly raw: boolean;
  /** an empty folder for this job alone */
  readonly workFolder: string;
}

/** Throws `file_unsupported` unless the name is that of a file that can be written: for asking before the work. */
export function assertWritable(out: string): void {
  const ending = extname(out).toLowerCase();
  if (ending === ".csv" || ending === ".parquet") return;
  throw new Refusal("file_unsupported", `"${out.slice(-60)}": the answer is written as .csv or .parquet`);
}

/**
 * Writes a file again with columns added to it: the columns and the rows of the file as they stand, in its order. A
 * column of the file by the name of an added one gives way to it; a row that is no row of the table (another number of
 * fields, a broken quote) is left out.
 *
 * The rows never become objects: the added columns are kept beside, and DuckDB lays them next to the file's own.
 *
 * @throws Refusal `file_unsupported`, and what opening the file throws
 */
export async function writeExtended(job: Extension): Promise<void> {
  assertWritable(job.out);
  const workFolder = join(job.workFolder, "extended");
  await mkdir(workFolder);
  const source = await openSource(job.path, { workFolder, layout: job.layout });
  const path = source.format === "xlsx" ? await sheetToText(source.path, workFolder, job.layout.sheet) : source.path;
  const result = join(workFolder, "result");
  const engine = await Engine.open({ file: path, workFolder });
  try {
    const first = await relationOf(engine, { ...source, path }, job.layout);
    const relation = await soundRelation(engine, { source, relation: first, workFolder });
    const rows = relation.rowNumbers?.length ?? (await countOf(engine, relation));
    await engine.keep("beside", alignedColumns(job, relation.rowNumbers ?? rows));
    const isParquet = job.out.toLowerCase().endsWith(".parquet");
    const guard = isParquet || job.raw ? (text: string) => text : guarded;
    const replaced = new Set(job.added.map(({ name }) => name.toLowerCase()));
    const own = relation.header.flatMap((header, at) => {
      const name = header.trim();
      return name === "" || replaced.has(name.toLowerCase()) ? [] : [`${guard(`f.c${at}`)} AS ${quoted(name)}`];
    });
    const added = job.added.map((column, at) => `${besideSql(column, at)} AS ${quoted(column.name)}`);
    const format = isParquet ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER";
    await engine.run(
      `COPY (SELECT ${[...own, ...added].join(", ")}
         FROM (SELECT * FROM ${relation.sqlOn(sqlText(relation.path))}) f
         POSITIONAL JOIN beside b)
       TO ${sqlText(result)} (${format})`,
    );
  } catch (error) {
    throw refusalOf(error, source.name) ?? error;
  } finally {
    engine.close();
  }
  await copyFile(result, job.out);
}

async function countOf(engine: Engine, relation: { sql: string; path: string }): Promise<number> {
  const rows = await engine.rows(`SELECT count(*) FROM ${relation.sql}`, [relation.path]);
  return Number(rows[0]![0]);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A cell that a spreadsheet would run as a formula gets an apostrophe; a plain number does not. */
const guarded = (text: string): string =>
  `CASE WHEN regexp_matches(${text}, '^[=+\\-@\\t\\r]') AND TRY_CAST(${text} AS DOUBLE) IS NULL
     THEN concat('''', ${text}) ELSE ${text} END`;

function besideSql(column: AddedColumn, at: number): string {
  if ("values" in column) return `CASE WHEN isnan(b.a${at}) THEN NULL ELSE round(b.a${at}, ${column.decimals}) END`;
  return `CASE WHEN b.a${at} < 0 THEN NULL ELSE (list_value(${column.texts.map(sqlText).join(", ")}))[b.a${at} + 1] END`;
}

/**
 * The added columns with one entry for each row of the file: NaN, or -1 for a text, where the row has none.
 * @param fileRows numbers of the rows that the file's relation holds, or how many it holds where they are 1, 2, 3, ...
 */
function alignedColumns(job: Extension, fileRows: Int32Array | number): (Float64Array | Int32Array)[] {
  const rows = typeof fileRows === "number" ? fileRows : fileRows.length;
  const place = new Int32Array(rows).fill(-1);
  for (let row = 0, next = 0; row < rows; row++) {
    const number = typeof fileRows === "number" ? row + 1 : fileRows[row]!;
    if (job.rowNumbers[next] === number) place[row] = next++;
  }
  return job.added.map((column) => {
    if ("values" in column) {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = place[row]! < 0 ? Number.NaN : column.values[place[row]!]!;
      return values;
    }
    const codes = new Int32Array(rows);
    for (let row = 0; row < rows; row++) codes[row] = place[row]! < 0 ? -1 : column.textOf(place[row]!);
    return codes;
  });
}
