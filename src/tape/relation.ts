import { join } from "node:path";
import type { TapeFindings } from "../../models/findings-table.js";
import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";
import { type Delimiter, readHead, repairText } from "./delimited.js";
import { type Engine, sqlText } from "./engine.js";
import type { SourceFile } from "./source-file.js";

/** A file as DuckDB reads it: every column a text named by its position (c0, c1, ...), rows in file order. */
export interface Relation {
  /** reads the file whose path is the statement's first parameter */
  readonly sql: string;
  /** the same with the file as an SQL text, for statements that take no parameter */
  readonly sqlOn: (file: string) => string;
  readonly path: string;
  readonly header: readonly string[];
  readonly sampleRows: readonly (readonly string[])[];
  readonly delimiter: Delimiter | null;
  /** whether the relation may be tried on the file as it stands: its header is one line, and the first */
  readonly isPlain: boolean;
  /** rows of the file where they are known before the load: a repaired text */
  readonly rowsInFile: number | null;
  /** number in the file of each row of the relation, where rows were left out; null when they are 1, 2, 3, ... */
  readonly rowNumbers: Int32Array | null;
}

const sampleSize = 1000;
const parameter = "$1";

/** A packed file was unpacked before this: DuckDB would believe the ending of a name, which is what a caller wrote. */
const unpacked = "compression = 'uncompressed'";

function csvSql(columns: number, delimiter: Delimiter, skip: number): (file: string) => string {
  const types = Array.from({ length: columns }, (_, at) => `'c${at}': 'VARCHAR'`).join(", ");
  return (
    file,
  ) => `read_csv(${file}, ${unpacked}, header = false, skip = ${skip}, delim = ${sqlText(delimiter)}, quote = '"', escape = '"', comment = '',
    auto_detect = false, all_varchar = true, strict_mode = true, columns = {${types}})`;
}

/** A delimited text as it stands. Loading it fails on the first row that is not sound; `repairedText` is for those. */
async function delimitedRelation(path: string, layout: Layout | undefined): Promise<Relation> {
  const { isHeaderPlain: isPlain, ...head } = await readHead(path, layout?.delimiter);
  const sqlOn = csvSql(head.header.length, head.delimiter, 1);
  return { ...head, sql: sqlOn(parameter), sqlOn, path, isPlain, rowsInFile: null, rowNumbers: null };
}

/** The good rows of a delimited text, copied to the work folder; the others become findings. */
export async function repairedRelation(
  relation: Relation,
  workFolder: string,
  findings: TapeFindings,
): Promise<Relation> {
  const repaired = await repairText({
    from: relation.path,
    to: join(workFolder, "repaired"),
    delimiter: relation.delimiter!,
    columns: relation.header.length,
    findings,
  });
  const sqlOn = csvSql(relation.header.length, relation.delimiter!, 0);
  const { rowsInFile, rowNumbers } = repaired;
  return { ...relation, sql: sqlOn(parameter), sqlOn, path: repaired.path, rowsInFile, rowNumbers };
}

/** The relation of a file, by its format; a workbook has been written out as CSV before. */
export async function relationOf(engine: Engine, source: SourceFile, layout: Layout | undefined): Promise<Relation> {
  if (source.format === "parquet") return await parquetRelation(engine, source);
  if (source.format === "jsonl") return await jsonLinesRelation(engine, source);
  return await delimitedRelation(source.path, source.format === "xlsx" ? undefined : layout);
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A Parquet file: its columns cast to text, so that one set of rules reads every format. */
async function parquetRelation(engine: Engine, source: SourceFile): Promise<Relation> {
  const header = await namesOf(engine, "read_parquet($1)", source);
  const texts = header.map((name, at) => `CAST(${identifier(name)} AS VARCHAR) AS c${at}`);
  const sqlOn = (file: string) => `(SELECT ${texts.join(", ")} FROM read_parquet(${file}))`;
  return await sampled(engine, source.path, header, sqlOn);
}

/** JSON Lines: the keys of all objects are the header; a line that is no object becomes a row of NULLs. */
async function jsonLinesRelation(engine: Engine, source: SourceFile): Promise<Relation> {
  const options = `${unpacked}, format = 'newline_delimited', ignore_errors = true`;
  const header = await namesOf(engine, `read_json($1, ${options}, sample_size = -1, maximum_depth = 1)`, source);
  const types = header.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(", ");
  const texts = header.map((name, at) => `${identifier(name)} AS c${at}`).join(", ");
  const sqlOn = (file: string) => `(SELECT ${texts} FROM read_json(${file}, ${options}, columns = {${types}}))`;
  return await sampled(engine, source.path, header, sqlOn);
}

async function namesOf(engine: Engine, table: string, source: SourceFile): Promise<string[]> {
  try {
    const rows = await engine.rows(`DESCRIBE SELECT * FROM ${table}`, [source.path]);
    return rows.map((row) => String(row[0]));
  } catch {
    throw new Refusal("file_unreadable", `"${source.name}" is not a sound ${source.format} file`);
  }
}

async function sampled(
  engine: Engine,
  path: string,
  header: string[],
  sqlOn: (file: string) => string,
): Promise<Relation> {
  const sql = sqlOn(parameter);
  const rows = await engine.rows(`SELECT * FROM ${sql} LIMIT ${sampleSize}`, [path]);
  if (rows.length === 0) throw new Refusal("file_without_rows", "the file has columns and no rows");
  const sampleRows = rows.map((row) => row.map((value) => (value === null ? "" : String(value))));
  const known = { delimiter: null, isPlain: true, rowsInFile: null, rowNumbers: null };
  return { sql, sqlOn, path, header, sampleRows, ...known };
}
