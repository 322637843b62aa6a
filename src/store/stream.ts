import { setImmediate as nextTurn } from "node:timers/promises";
import type { Tx } from "./transaction.js";

/** A large result in batches, through a cursor of the transaction. */
export function streamThrough(query: Tx["query"]): Tx["stream"] {
  let cursors = 0;
  return async function* <T extends object>(sql: string, bindings?: Parameters<Tx["query"]>[1], batchRows = 5000) {
    const cursor = `cursor_${++cursors}`;
    await query(`declare ${cursor} no scroll cursor for ${sql}`, bindings);
    for (;;) {
      const rows = await query<T>(`fetch ${batchRows} from ${cursor}`);
      if (rows.length > 0) yield rows;
      if (rows.length < batchRows) break;
      // the embedded engine works on this very thread, which others wait for
      await nextTurn();
    }
    await query(`close ${cursor}`);
  };
}
