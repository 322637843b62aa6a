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

/** A statement that a connection keeps. */
interface Kept {
  /** how often it may still be run before it is planned anew */
  left: number;
  /** how often it may be run after that */
  next: number;
  /** what its rows have, as the server said when it last planned it: it need not say so each time */
  columns: readonly Column[];
}

const keptBy = new WeakMap<object, Map<string, Kept>>();

/** PostgreSQL plans the first five runs of a kept statement for their bindings, and keeps the plan of the sixth for good. */
const firstRuns = 12;

interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/**
 * Statements that go to PostgreSQL in one message and are answered in one. The server does them one after the other, each
 * with what the one before it left, as if each had waited for the answer of the last; after one that fails it does none.
 *
 * The driver's own query sends one statement, and waits for it: a round trip, two system calls and a wakeup on either side
 * each. (It can also send the next before that, but then takes no COPY, and still has an answer for each.)
 * This one speaks the same protocol (parse, bind, describe, execute for each, one sync at the end), leaves out what a connection
 * knows of a kept statement, and is handed to the driver like the queries of pg-cursor and pg-copy-streams.
 */
export class Batch implements pg.Submittable {
  readonly #sent: readonly Sending[];
  readonly #done: () => void;
  #kept = new Map<string, Kept>();
  #at = 0;
  #columns: readonly Column[] | undefined;
  #rows: object[] = [];

  /** @param done called when the server has answered all of it, or the first error */
  constructor(sent: readonly Sending[], done: () => void) {
    this.#sent = sent;
    this.#done = done;
  }

  submit(connection: pg.Connection): void {
    this.#kept = keptBy.get(connection) ?? new Map();
    keptBy.set(connection, this.#kept);
    connection.stream.cork();
    for (const { sql, name = "", values } of this.#sent) {
      const isPlanned = this.#isPlanned(name);
      if (!isPlanned) {
        // it may be known there from before, or from a batch that failed: to close one that is not is no error
        if (name !== "") connection.close({ type: "S", name }, true);
        connection.parse({ name, text: sql, types: [] }, true);
      }
      connection.bind({ statement: name, values: values as (string | null)[] }, true);
      if (!isPlanned) connection.describe({ type: "P" }, true);
      connection.execute({ portal: "" }, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  /**
   * A plan that was made for a table of a few rows reads all of it, for as long as the plan is kept. So a kept statement is
   * planned anew after twice as many runs each time: what it writes and reads cannot have grown by much more than that.
   */
  #isPlanned(name: string): boolean {
    const kept = this.#kept.get(name);
    if (kept === undefined) return false;
    if (kept.left > 0) {
      kept.left--;
      return true;
    }
    kept.left = kept.next;
    kept.next *= 2;
    return false;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: postgresTypes.getTypeParser(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    this.#columns ??= this.#kept.get(this.#sent[this.#at]!.name ?? "")!.columns;
    this.#columns.forEach(({ name, parse }, i) => {
      const text = fields[i]!;
      row[name] = text === null ? null : parse(text);
    });
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { name, resolve } = this.#sent[this.#at]!;
    if (name !== undefined) {
      const kept = this.#kept.get(name);
      if (kept === undefined)
        this.#kept.set(name, { left: firstRuns, next: 2 * firstRuns, columns: this.#columns ?? [] });
      else kept.columns = this.#columns ?? kept.columns;
    }
    const words = text.split(" ");
    const result = { rows: this.#rows, rowCount: Number(words.at(-1)) || 0, command: words[0]! };
    this.#at++;
    this.#columns = undefined;
    this.#rows = [];
    resolve(result);
  }

  handleError(error: unknown): void {
    const undone = this.#sent.slice(this.#at);
    // nobody knows which of them the server has read; and a pooler's connection may have changed, and know none
    this.#kept.clear();
    for (const { reject } of undone) reject(error);
    this.#done();
  }

  handleReadyForQuery(): void {
    assert.equal(this.#at, this.#sent.length, "the server has answered every statement");
    this.#done();
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
