import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../models/refusal.js";
import type { CopyOptions } from "./copy.js";
import { isConnectionLost, mapDatabaseError, sqlStateOf } from "./database-error.js";
import { tenantPattern } from "./scope.js";
import { attempt, type Begin } from "./session.js";
import type { Statement } from "./statement.js";

export type Engine = "postgres" | "embedded";

export interface TransactionOptions {
  readonly readOnly?: boolean;
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /** how often the work is run again after a serialisation failure or a deadlock; 3 unless told, at most 10 */
  readonly retries?: number;
  /** run the work, give back its result, and undo it: a dry run */
  readonly rollback?: boolean;
}

export type Row = Record<string, unknown>;
export type Bindings = readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * One transaction, entered as the application role with the tenant set. It is the only handle an act gets.
 *
 * Statements are done one after the other in the order they were given, each with what the one before it left. Those that do
 * not need each other's answers are best given together (`Promise.all`): the database gets them in one message. What comes
 * after one that failed is not done. The work need not wait for the last of them (`follow`).
 *
 * Bindings are knex's: `?` by position, `:name` by name, `??` for a name; never text pasted into SQL. Cast a named one
 * with `cast(:total as bigint)`: in `:total::bigint` knex reads `:total:` as an identifier. Write a JSON value as
 * `JSON.stringify(value)`: an array would be taken for a PostgreSQL array. A `?` operator is written `\\?`.
 */
export interface Tx {
  readonly tenantId: string;
  readonly actor: string | undefined;
  readonly engine: Engine;
  /** the rows of a statement; columns come back as column-types.ts says */
  query<T extends object = Row>(sql: string | Statement, bindings?: Bindings): Promise<T[]>;
  /** runs a statement and gives the number of rows it touched */
  execute(sql: string | Statement, bindings?: Bindings): Promise<number>;
  /**
   * The work does not wait for this: the commit goes out behind its statements, in the same message. Where it fails nothing is
   * committed, and the transaction is rejected with that failure. It gives its statements at once, none after an answer.
   */
  follow(writing: Promise<unknown>): void;
  /** Sends what was given so far at once, and not with what is given later in this turn: for statements that take long. */
  send(): void;
  /** COPY into a staging table; returns the number of rows */
  copyInto(options: CopyOptions): Promise<number>;
  /** a large result in batches (5,000 rows unless told), through a cursor: memory holds one batch */
  stream<T extends object = Row>(sql: string, bindings?: Bindings, batchRows?: number): AsyncGenerator<T[]>;
}

/** A serialisation failure, a deadlock, and a kept statement that a pooler's other connection does not know: nothing was done. */
const retryable = new Set(["40001", "40P01", "26000"]);
/** Known on the embedded database alone: to know it costs something at every promise of the process, as long as it runs. */
const current = new AsyncLocalStorage<true>();

/** Throws where the caller stands inside a transaction: on one connection, waiting for another would never end. */
export function assertOutsideTransaction(): void {
  assert(current.getStore() === undefined, "inside a transaction only its own handle may be used");
}

/**
 * Runs the work in one transaction, and again (the same function, from the start) when the database says that it lost
 * a race, or (reads only) when the connection was lost. So the work must have no effect outside the transaction, and ids
 * and idempotency keys are made before it.
 * Throws the work's own refusals; database errors as DatabaseFault; `not_ready` when no connection becomes free, or when
 * the race was lost every time: nothing was done then, and the order may be sent again.
 */
export async function runTransaction<T>(begin: Begin, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { scope, options } = begin;
  assert(tenantPattern.test(scope.tenantId), "a tenant id is 1 to 40 of a-z, 0-9 and _");
  assertOutsideTransaction();
  const retries = Math.min(options.retries ?? 3, 10);
  for (let lost = 0; ; lost++) {
    try {
      if (begin.engine === "postgres") return await attempt(begin, work);
      return await current.run(true, () => attempt(begin, work));
    } catch (error) {
      const lostRace = retryable.has(sqlStateOf(error) ?? "");
      // whether a write was committed when its connection went is not known; to read again does no harm
      const mayRepeat = lostRace || (options.readOnly === true && isConnectionLost(error));
      if (lost >= retries || !mayRepeat) throw lostRace ? raceLost(lost + 1) : mapDatabaseError(error);
      await sleep(5 * 3 ** lost);
    }
  }
}

function raceLost(attempts: number): Refusal {
  const detail = `others at the same records were first ${attempts} times; nothing was done, send the request again`;
  return new Refusal("not_ready", detail);
}
