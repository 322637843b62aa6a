import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import type pg from "pg";
import { Refusal } from "../../models/refusal.js";
import { appRole, type CopyOptions, copyIntoEmbedded, copyIntoPostgres, rawConnection } from "./copy.js";
import { isConnectionLost, mapDatabaseError, sqlStateOf } from "./database-error.js";

export type Engine = "postgres" | "embedded";

/** In whose name a transaction runs. */
export interface Scope {
  /** `^[a-z0-9_]{1,40}$`; row security shows this tenant's rows and no other */
  readonly tenantId: string;
  /** who acts, for the books: a key's id, "cli", "demo" */
  readonly actor?: string;
}

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
 * Bindings are knex's: `?` by position, `:name` by name, `??` for a name; never text pasted into SQL. Cast a named one
 * with `cast(:total as bigint)`: in `:total::bigint` knex reads `:total:` as an identifier. Write a JSON value as
 * `JSON.stringify(value)`: an array would be taken for a PostgreSQL array. A `?` operator is written `\\?`.
 */
export interface Tx {
  readonly tenantId: string;
  readonly actor: string | undefined;
  readonly engine: Engine;
  /** the rows of a statement; columns come back as column-types.ts says */
  query<T extends object = Row>(sql: string, bindings?: Bindings): Promise<T[]>;
  /** runs a statement and gives the number of rows it touched */
  execute(sql: string, bindings?: Bindings): Promise<number>;
  /** a piece of SQL for the builder */
  raw(sql: string, bindings?: Bindings): Knex.Raw;
  /** knex's builder on one table */
  table(name: string): Knex.QueryBuilder;
  /** COPY into a staging table; returns the number of rows */
  copyInto(options: CopyOptions): Promise<number>;
  /** a large result in batches (5,000 rows unless told), through a cursor: memory holds one batch */
  stream<T extends object = Row>(sql: string, bindings?: Bindings, batchRows?: number): AsyncGenerator<T[]>;
}

const tenantPattern = /^[a-z0-9_]{1,40}$/;
const retryable = new Set(["40001", "40P01"]);
const current = new AsyncLocalStorage<true>();

/** Throws where the caller stands inside a transaction: on one connection, waiting for another would never end. */
export function assertOutsideTransaction(): void {
  assert(current.getStore() === undefined, "inside a transaction only its own handle may be used");
}

interface Begin {
  readonly knex: Knex;
  readonly engine: Engine;
  readonly scope: Scope;
  readonly options: TransactionOptions;
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
  for (let attempt = 0; ; attempt++) {
    try {
      return await current.run(true, () => attemptTransaction(begin, work));
    } catch (error) {
      const lostRace = retryable.has(sqlStateOf(error) ?? "");
      // whether a write was committed when its connection went is not known; to read again does no harm
      const mayRepeat = lostRace || (options.readOnly === true && isConnectionLost(error));
      if (attempt >= retries || !mayRepeat) throw lostRace ? raceLost(attempt + 1) : mapDatabaseError(error);
      await sleep(5 * 3 ** attempt);
    }
  }
}

function raceLost(attempts: number): Refusal {
  const detail = `others at the same records were first ${attempts} times; nothing was done, send the request again`;
  return new Refusal("not_ready", detail);
}

class RolledBack {
  constructor(readonly result: unknown) {}
}

async function attemptTransaction<T>(
  { knex, engine, scope, options }: Begin,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const config: Knex.TransactionConfig = {};
  if (options.isolation !== undefined) config.isolationLevel = options.isolation;
  if (options.readOnly !== undefined) config.readOnly = options.readOnly;
  try {
    return await knex.transaction(async (transaction) => {
      await enterScope(transaction, engine, scope);
      const result = await work(await handleOf(transaction, engine, scope));
      // knex undoes a transaction only when it throws
      if (options.rollback === true) throw new RolledBack(result);
      return result;
    }, config);
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}

/**
 * Statements, not set_config(): that would not reach the workers of a distributed database. PostgreSQL takes both in one
 * message; the embedded engine takes one statement at a time.
 */
async function enterScope(transaction: Knex.Transaction, engine: Engine, scope: Scope): Promise<void> {
  const role = `set local role ${appRole}`;
  const tenant = `set local app.tenant = '${scope.tenantId}'`;
  try {
    for (const statement of engine === "postgres" ? [`${role}; ${tenant}`] : [role, tenant]) {
      await transaction.raw(statement);
    }
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === "22023")
      throw new Refusal("database_schema_outdated", `the role ${appRole} is missing; run: netback migrate`);
    if (state === "42501")
      throw new Refusal("not_ready", `the login role may not enter ${appRole}; run: netback doctor`);
    throw error;
  }
}

interface Result {
  readonly rows: object[];
  readonly rowCount?: number | null;
  readonly affectedRows?: number;
}

type Run = (sql: string, bindings?: Bindings) => Promise<Result>;

/**
 * How a statement is run. PostgreSQL's driver is asked directly where bindings go by position: knex's builder, of which
 * nothing is needed there, costs as much of this process as all else that a small statement does.
 */
async function runnerOf(transaction: Knex.Transaction, engine: Engine): Promise<Run> {
  const throughKnex = async (sql: string, bindings: Bindings = []) =>
    (await transaction.raw(sql, bindings as Knex.RawBinding[])) as Result;
  if (engine !== "postgres") return inTurn(transaction, throughKnex);
  const connection = (await rawConnection(transaction)) as pg.ClientBase;
  return inTurn(transaction, async (sql, bindings = []) => {
    if (!isByPosition(bindings) || sql.includes("??")) return throughKnex(sql, bindings);
    return connection.query(numbered(sql), bindings as unknown[]);
  });
}

/**
 * Statements that are given together wait for each other, and what comes after one that failed is not sent: the
 * transaction is lost then, and a statement that came after its end would be in none.
 */
function inTurn(transaction: Knex.Transaction, run: Run): Run {
  let last: Promise<unknown> = Promise.resolve();
  return (sql, bindings) => {
    const result = last.then(() => {
      assert(!transaction.isCompleted(), "a transaction that is over takes no more statements");
      return run(sql, bindings);
    });
    last = result;
    return result;
  };
}

const isByPosition = (bindings: Bindings): bindings is readonly unknown[] => Array.isArray(bindings);

/** `?` becomes `$1`, `$2`, ... in their order, and `\\?` the operator, as in knex. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replace(/\\?\?/g, (mark) => (mark === "?" ? `$${++count}` : "?"));
}

async function handleOf(transaction: Knex.Transaction, engine: Engine, scope: Scope): Promise<Tx> {
  const raw = (sql: string, bindings: Bindings = []) => transaction.raw(sql, bindings as Knex.RawBinding[]);
  const run = await runnerOf(transaction, engine);
  const query = async <T extends object>(sql: string, bindings?: Bindings): Promise<T[]> =>
    (await run(sql, bindings)).rows as T[];
  let cursors = 0;
  return {
    tenantId: scope.tenantId,
    actor: scope.actor,
    engine,
    query,
    raw,
    table: (name) => transaction(name),
    async execute(sql, bindings) {
      const result = await run(sql, bindings);
      return result.rowCount ?? result.affectedRows ?? 0;
    },
    async copyInto(options) {
      if (engine === "postgres") return copyIntoPostgres((await rawConnection(transaction)) as pg.ClientBase, options);
      return copyIntoEmbedded(async (sql, blob) => {
        const statement = transaction.raw(sql);
        return (await (blob === undefined ? statement : statement.options({ blob }))) as { affectedRows?: number };
      }, options);
    },
    async *stream<T extends object>(sql: string, bindings?: Bindings, batchRows = 5000) {
      const cursor = `cursor_${++cursors}`;
      await raw(`declare ${cursor} no scroll cursor for ${sql}`, bindings);
      for (;;) {
        const rows = await query<T>(`fetch ${batchRows} from ${cursor}`);
        if (rows.length > 0) yield rows;
        if (rows.length < batchRows) break;
        // the embedded engine works on this very thread, which others wait for
        await nextTurn();
      }
      await raw(`close ${cursor}`);
    },
  };
}
