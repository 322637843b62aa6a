import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** `text` is PostgreSQL's own: tab between fields, `\N` for null, backslash escapes; see `copyLine`. */
export type CopyFormat = "csv" | "text";

export interface CopyOptions {
  /** a staging table: COPY into a table under row security is refused by the database */
  readonly table: string;
  readonly columns: readonly string[];
  readonly format: CopyFormat;
  /** CSV or text; every chunk holds whole lines, because the embedded engine loads chunk by chunk */
  readonly source: AsyncIterable<Buffer | string> | Iterable<Buffer | string>;
}

type CopyValue = string | number | bigint | boolean | null | undefined | Uint8Array;

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function copyField(value: CopyValue): string {
  if (value === null || value === undefined) return "\\N";
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString("hex")}`;
  return String(value).replace(/[\\\t\n\r]/g, (character) => escapes[character]!);
}

/** One row in COPY's text format, with its line end. */
export function copyLine(values: readonly CopyValue[]): string {
  return `${values.map(copyField).join("\t")}\n`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function copyStatement(options: CopyOptions, target: string): string {
  const columns = options.columns.map(quoteName).join(", ");
  return `copy ${quoteName(options.table)} (${columns}) from ${target} with (format ${options.format})`;
}

/** Streams into PostgreSQL over the transaction's own connection; memory stays at one chunk. */
export async function copyIntoPostgres(connection: pg.ClientBase, options: CopyOptions): Promise<number> {
  const sink = connection.query(copyFrom(copyStatement(options, "stdin")));
  await pipeline(Readable.from(options.source, { objectMode: true }), sink);
  return sink.rowCount ?? 0;
}

const pieceBytes = 1 << 20;

/**
 * Loads into PGlite in pieces of about 1 MiB through its `/dev/blob` file. Reading a server file is the right of the
 * session's superuser alone, so the application role is left for the statement and entered again.
 */
export async function copyIntoEmbedded(
  run: (sql: string, blob?: Blob) => Promise<{ affectedRows?: number }>,
  options: CopyOptions,
): Promise<number> {
  const sql = copyStatement(options, "'/dev/blob'");
  let rows = 0;
  let piece: (Buffer | string)[] = [];
  let size = 0;
  const flush = async () => {
    if (piece.length === 0) return;
    rows += (await run(sql, new Blob(piece))).affectedRows ?? 0;
    // the engine works on this very thread, which others wait for
    await nextTurn();
    piece = [];
    size = 0;
  };
  await run("reset role");
  for await (const chunk of options.source) {
    piece.push(chunk);
    size += chunk.length;
    if (size >= pieceBytes) await flush();
  }
  await flush();
  await run(`set local role ${appRole}`);
  return rows;
}

/** The role that all work but migrations runs as. */
export const appRole = "netback_app";
