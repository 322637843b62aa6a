import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import type { Batch } from "./batch.js";
import { type CopyOptions, copyIntoEmbedded, copyIntoPostgres } from "./copy.js";

/** A connection as a session uses it, the same for both engines. */
export interface Wire {
  send(batch: Batch): void;
  copyInto(options: CopyOptions): Promise<number>;
  /** Undoes the transaction that is open. A connection that cannot is not used again. */
  rollBack(): Promise<void>;
}

const embedded = new WeakMap<PGlite, Wire>();

/** The wire of a connection of the pool's. */
export function wireOf(connection: unknown): Wire {
  if (!(connection instanceof PGlite)) return postgresWire(connection as pg.Client);
  const wire = embedded.get(connection) ?? embeddedWire(connection);
  embedded.set(connection, wire);
  return wire;
}

function postgresWire(connection: pg.Client): Wire {
  return {
    send: (batch) => void connection.query(batch),
    copyInto: (options) => copyIntoPostgres(connection, options),
    rollBack: async () => {
      await connection.query("rollback").catch(() => connection.end());
    },
  };
}

type Messages = Awaited<ReturnType<PGlite["execProtocolStream"]>>;

/**
 * The embedded engine takes the same messages as a server does, all of a batch in one call. Its own `query` makes six calls
 * a statement, and waits after each: three times the cost.
 */
function embeddedWire(pglite: PGlite): Wire {
  const written: Buffer[] = [];
  const stream = { writable: true, write: (bytes: Buffer) => written.push(bytes) > 0, cork() {}, uncork() {} };
  // the driver writes what a batch submits; nothing is ever connected
  const writer = new pg.Connection({ stream } as unknown as pg.ConnectionConfig);
  return {
    send(batch) {
      batch.submit(writer);
      const message = Buffer.concat(written.splice(0));
      // an error is one of the messages
      const options = { syncToFs: false, throwOnError: false };
      void pglite.execProtocolStream(message, options).then(
        (messages) => hear(batch, messages),
        (error: unknown) => batch.handleError(error),
      );
    },
    copyInto: (options) =>
      copyIntoEmbedded((sql, blob) => pglite.query(sql, [], blob === undefined ? {} : { blob }), options),
    rollBack: async () => void (await pglite.exec("rollback")),
  };
}

function hear(batch: Batch, messages: Messages): void {
  for (const message of messages) {
    switch (message.name) {
      case "rowDescription":
        batch.handleRowDescription(message as unknown as Parameters<Batch["handleRowDescription"]>[0]);
        break;
      case "dataRow":
        batch.handleDataRow(message as unknown as Parameters<Batch["handleDataRow"]>[0]);
        break;
      case "commandComplete":
        batch.handleCommandComplete(message as unknown as Parameters<Batch["handleCommandComplete"]>[0]);
        break;
      case "error":
        // what follows is the answer to the sync: nothing after the statement that failed was done
        batch.handleError(message);
        return;
      case "readyForQuery":
        batch.handleReadyForQuery();
        break;
    }
  }
}
