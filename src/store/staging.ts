import { copyLine } from "./copy.js";
import type { Tx } from "./transaction.js";

type Field = string | number | bigint | boolean | null | undefined;

export interface Staged {
  /** name of the temporary table; unique in the transaction */
  readonly table: string;
  /** SQL of its columns, in order: `receivable_no integer, cost_minor bigint` */
  readonly columns: string;
  readonly rows: Iterable<readonly Field[]> | AsyncIterable<readonly Field[]>;
}

const chunkRows = 2000;

/**
 * Loads rows by COPY into a table that lives as long as the transaction. A table under row security takes no COPY, so
 * all bulk work comes in this way and goes on by INSERT ... SELECT, under the policies. Memory holds one chunk.
 */
export async function stageRows(tx: Tx, staged: Staged): Promise<number> {
  await tx.execute(`create temporary table ${staged.table} (${staged.columns}) on commit drop`);
  const names = staged.columns.split(",").map((column) => column.trim().split(" ")[0]!);
  const rows = await tx.copyInto({ table: staged.table, columns: names, format: "text", source: linesOf(staged.rows) });
  return rows;
}

async function* linesOf(rows: Staged["rows"]): AsyncGenerator<string> {
  let chunk: string[] = [];
  for await (const row of rows) {
    chunk.push(copyLine(row));
    if (chunk.length === chunkRows) {
      yield chunk.join("");
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk.join("");
}
