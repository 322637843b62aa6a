import assert from "node:assert/strict";
import type { Knex } from "knex";
import { copyIntoEmbedded } from "./copy.js";
import { type Scope, scopeRefusal, scopeStatements } from "./scope.js";
import type { Statement } from "./statement.js";
import { streamThrough } from "./stream.js";
import type { Bindings, TransactionOptions, Tx } from "./transaction.js";

interface Begin {
  readonly knex: Knex;
  readonly scope: Scope;
  readonly options: TransactionOptions;
}

class RolledBack {
  constructor(readonly result: unknown) {}
}

/** One attempt at a transaction on the embedded engine, which lives in this process and takes one statement at a time. */
export async function attemptOnEmbedded<T>({ knex, scope, options }: Begin, work: (tx: Tx) => Promise<T>): Promise<T> {
  const config: Knex.TransactionConfig = {};
  if (options.isolation !== undefined) config.isolationLevel = options.isolation;
  if (options.readOnly !== undefined) config.readOnly = options.readOnly;
  try {
    return await knex.transaction(async (transaction) => {
      try {
        for (const statement of scopeStatements(scope)) await transaction.raw(statement);
      } catch (error) {
        throw scopeRefusal(error);
      }
      const turns = new Turns(transaction);
      const followed: Promise<unknown>[] = [];
      const result = await work(handleOf(transaction, { turns, followed }, scope));
      await Promise.all(followed);
      await turns.end();
      // knex undoes a transaction only when it throws
      if (options.rollback === true) throw new RolledBack(result);
      return result;
    }, config);
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}

interface Result {
  readonly rows: object[];
  readonly affectedRows?: number;
}

/**
 * Statements that are given together wait for each other, and what comes after one that failed is not sent: the
 * transaction is lost then, and a statement that came after its end would be in none.
 */
class Turns {
  readonly #transaction: Knex.Transaction;
  #last: Promise<unknown> = Promise.resolve();

  constructor(transaction: Knex.Transaction) {
    this.#transaction = transaction;
  }

  run(statement: string | Statement, bindings: Bindings = []): Promise<Result> {
    const result = this.#last.then(async () => {
      assert(!this.#transaction.isCompleted(), "a transaction that is over takes no more statements");
      const sql = typeof statement === "string" ? statement : statement.sql;
      return (await this.#transaction.raw(sql, bindings as Knex.RawBinding[])) as Result;
    });
    this.#last = result;
    return result;
  }

  /** Throws what a statement failed for, also where nobody has heard of it: to commit would undo everything and say nothing. */
  async end(): Promise<void> {
    await this.#last;
  }
}

function handleOf(
  transaction: Knex.Transaction,
  { turns, followed }: { turns: Turns; followed: Promise<unknown>[] },
  scope: Scope,
): Tx {
  const query = async <T extends object>(sql: string | Statement, bindings?: Bindings): Promise<T[]> =>
    (await turns.run(sql, bindings)).rows as T[];
  return {
    tenantId: scope.tenantId,
    actor: scope.actor,
    engine: "embedded",
    query,
    execute: async (sql, bindings) => (await turns.run(sql, bindings)).affectedRows ?? 0,
    follow(writing) {
      writing.catch(() => undefined);
      followed.push(writing);
    },
    copyInto: (options) =>
      copyIntoEmbedded(async (sql, blob) => {
        const statement = transaction.raw(sql);
        return (await (blob === undefined ? statement : statement.options({ blob }))) as { affectedRows?: number };
      }, options),
    stream: streamThrough(query),
  };
}
