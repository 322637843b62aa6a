import assert from "node:assert/strict";
import type pg from "pg";
import { arrayText } from "./array-text.js";
import { postgresTypes } from "./column-types.js";

/** What came of one statement. */
export interface Result {
  readonly rows: object[];
  readonly rowCount: number;
  /** the first word of what the server says was done: `INSERT`, `COMMIT` */
  readonly command: string;
}

/** A statement on its way to the server. */
export interface Sending {
  /** with `$1`, `$2`, ... */
  readonly sql: string;
  /** where the connection is to keep it */
  readonly name?: string | undefined;
  readonly values: readonly (string | Buffer | null)[];
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** What one connection keeps. */
const keptBy = new WeakMap<object, Set<string>>();

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/**
 * Statements that go to PostgreSQL in one message and are answered in one. The server does them one after the other, each
 * with what the one before it left, as if each had waited for the answer of the last; after one that fails it does none.
 *
 * The driver's own query sends one statement, and waits for it: a round trip, two system calls and a wakeup on either side
 * each. This one speaks the same protocol (parse, bind, describe, execute for each, one sync at the end), and is handed to the driver
 * like the queries of pg-cursor and pg-copy-streams.
 */
export class Batch implements pg.Submittable {
  readonly #sent: readonly Sending[];
  #kept = new Set<string>();
  #at = 0;
  #columns: Column[] = [];
  #rows: object[] = [];

  constructor(sent: readonly Sending[]) {
    this.#sent = sent;
  }

  submit(connection: pg.Connection): void {
    this.#kept = keptBy.get(connection) ?? new Set();
    keptBy.set(connection, this.#kept);
    connection.stream.cork();
    for (const { sql, name = "", values } of this.#sent) {
      if (!this.#kept.has(name)) {
        // it may be known there from a batch that failed: to close one that is not is no error
        if (name !== "") connection.close({ type: "S", name }, true);
        connection.parse({ name, text: sql, types: [] }, true);
      }
      connection.bind({ statement: name, values: values as (string | null)[] }, true);
      connection.describe({ type: "P" }, true);
      connection.execute({ portal: "" }, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: postgresTypes.getTypeParser(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    this.#columns.forEach(({ name, parse }, i) => {
      const text = fields[i]!;
      row[name] = text === null ? null : parse(text);
    });
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { name, resolve } = this.#sent[this.#at]!;
    if (name !== undefined) this.#kept.add(name);
    const words = text.split(" ");
    const result = { rows: this.#rows, rowCount: Number(words.at(-1)) || 0, command: words[0]! };
    this.#at++;
    this.#columns = [];
    this.#rows = [];
    resolve(result);
  }

  handleError(error: unknown): void {
    for (const { reject } of this.#sent.slice(this.#at)) reject(error);
  }

  handleReadyForQuery(): void {
    assert.equal(this.#at, this.#sent.length, "the server has answered every statement");
  }
}

/** A binding as the server reads it. Times are no bindings here: they are texts. */
export function bindingText(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return arrayText(value.map(bindingText));
  if (value instanceof Uint8Array) return Buffer.from(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
