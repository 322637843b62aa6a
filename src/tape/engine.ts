import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { Refusal } from "../../models/refusal.js";

const memoryLimit = "512MB";
const spillLimit = "20GB";

/** A text as an SQL literal. The only texts of others that become one are paths, where DuckDB takes no parameter. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Columns in memory that become a table: numbers, and words by their codes. All have as many entries as rows. */
export interface AddedTable {
  readonly rows: number;
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** all different */
  readonly words: readonly string[];
  readonly codes: ReadonlyMap<string, Int32Array>;
}

/** Rows of a chunk: DuckDB's vector size. */
const chunkRows = 2048;

export interface QueryResult {
  readonly rows: number;
  readonly chunks: Iterable<DuckDBDataChunk>;
}

/**
 * One DuckDB in memory that can read one file and write to one folder, and nothing else of the machine: no extension,
 * no network, and no way to unlock it again. The order of the statements matters (docs: "Securing DuckDB").
 */
export class Engine {
  readonly #instance: DuckDBInstance;
  readonly #main: DuckDBConnection;

  private constructor(instance: DuckDBInstance, main: DuckDBConnection) {
    this.#instance = instance;
    this.#main = main;
  }

  static async open(options: { file: string; workFolder: string }): Promise<Engine> {
    const instance = await DuckDBInstance.create(":memory:");
    const main = await instance.connect();
    const folder = resolve(options.workFolder);
    const file = resolve(options.file);
    const settings = [
      `allowed_directories = [${sqlText(folder)}]`,
      ...(dirname(file) === folder ? [] : [`allowed_paths = [${sqlText(file)}]`]),
      `temp_directory = ${sqlText(folder)}`,
      `max_temp_directory_size = '${spillLimit}'`,
      `memory_limit = '${memoryLimit}'`,
      `threads = ${Math.min(availableParallelism(), 8)}`,
      "autoinstall_known_extensions = false",
      "autoload_known_extensions = false",
      "allow_community_extensions = false",
      "enable_external_access = false",
      "lock_configuration = true",
    ];
    await main.run(settings.map((setting) => `SET ${setting}`).join("; "));
    return new Engine(instance, main);
  }

  async run(sql: string, values: DuckDBValue[] = []): Promise<void> {
    await this.#main.run(sql, values);
  }

  async rows(sql: string, values: DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    const result = await this.#main.runAndReadAll(sql, values);
    return result.getRows();
  }

  /**
   * The whole result of a query, held by DuckDB, and its chunks one by one. It is not streamed: when a query fails on
   * its way, a stream ends as if it were at its end, and the rows behind would be lost in silence.
   */
  async query(sql: string, values: DuckDBValue[] = []): Promise<QueryResult> {
    const result = await this.#main.run(sql, values);
    // Fetching a chunk behind the event loop takes longer than the chunk: a result that is there is read as it stands.
    function* chunks(): Generator<DuckDBDataChunk> {
      for (let at = 0; at < result.chunkCount; at++) yield result.getChunk(at);
    }
    return { rows: result.rowCount, chunks: chunks() };
  }

  /** Makes a table of columns that are in memory, chunk by chunk. */
  async appendTable(name: string, table: AddedTable): Promise<void> {
    const { rows, numbers, words, codes } = table;
    const wordType = "word";
    if (codes.size > 0) {
      await this.#main.run(`CREATE TYPE ${wordType} AS ENUM (${words.map(sqlText).join(", ")})`);
    }
    const columns = [...numbers.keys()].map((column) => `${column} DOUBLE`);
    for (const column of codes.keys()) columns.push(`${column} ${wordType}`);
    await this.#main.run(`CREATE TABLE ${name} (${columns.join(", ")})`);
    const appender = await this.#main.createAppender(name);
    const types = columns.map((_, at) => appender.columnType(at));
    const values = [...numbers.values(), ...codes.values()];
    for (let from = 0; from < rows; from += chunkRows) {
      const chunk = DuckDBDataChunk.create(types, Math.min(chunkRows, rows - from));
      for (const [at, column] of values.entries()) {
        const vector = chunk.getColumnVector(at) as unknown as { items: Float64Array; flush(): void };
        vector.items.set(column.subarray(from, from + chunk.rowCount));
        vector.flush();
      }
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  close(): void {
    this.#main.closeSync();
    this.#instance.closeSync();
  }
}

/** Errors that our own statements make; whatever else DuckDB says, the file brought about. */
const ownErrors = /^(?:Parser|Binder|Catalog|Permission|Not implemented|Invalid type) Error/;

/** Whether it is an error of DuckDB that the content of the file made. Its message quotes the file: it is never shown. */
export function isFaultOfFile(error: unknown): error is Error {
  return error instanceof Error && /^[A-Z][A-Za-z ]* Error: /.test(error.message) && !ownErrors.test(error.message);
}

/** What an error of DuckDB means to the caller; undefined when the file did not bring it about. */
export function refusalOf(error: unknown, name: string): Refusal | undefined {
  if (!isFaultOfFile(error)) return undefined;
  if (!error.message.startsWith("Out of Memory Error")) {
    return new Refusal("file_unreadable", `"${name}" cannot be read to its end`);
  }
  return new Refusal(
    "file_too_large",
    `reading "${name}" takes more than the ${memoryLimit} of memory that it may use`,
  );
}

type Items = Int32Array | Float64Array | BigInt64Array | BigUint64Array;

/**
 * The typed array behind a vector of INTEGER, DOUBLE, BIGINT or UBIGINT that holds no NULL. The binding declares it private
 * and offers one value a call instead, which takes ten times as long over a million rows.
 */
export function vectorItems(chunk: DuckDBDataChunk, column: number): Items {
  const { items } = chunk.getColumnVector(column) as unknown as { items: unknown };
  if (items instanceof Int32Array || items instanceof Float64Array) return items;
  if (items instanceof BigInt64Array || items instanceof BigUint64Array) return items;
  throw new TypeError(`the vector of column ${column} is not of fixed-width numbers`);
}
