import assert from "node:assert/strict";
import type { Knex } from "knex";
import { Batch, bindingText, type Result, type Sending } from "./batch.js";
import { type Scope, scopeRefusal, scopeStatements } from "./scope.js";
import { numbered, type Statement } from "./statement.js";
import { streamThrough } from "./stream.js";
import type { Bindings, Engine, TransactionOptions, Tx } from "./transaction.js";
import { type Wire, wireOf } from "./wire.js";

export interface Begin {
  readonly knex: Knex;
  readonly engine: Engine;
  readonly scope: Scope;
  readonly options: TransactionOptions;
}

/**
 * One attempt at a transaction, on a connection of the pool's. Statements that are given in one turn of the event loop go
 * out together (batch.ts), the first of them with what begins the transaction before them, and the commit with those that
 * the work has not waited for: so one that reads, writes and commits takes two or three round trips, however many
 * statements it has.
 */
export async function attempt<T>(begin: Begin, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { client } = begin.knex;
  const connection: unknown = await client.acquireConnection();
  const session = new Session(wireOf(connection), begin);
  try {
    const result = await work(session.handle());
    await session.end(begin.options.rollback === true ? "rollback" : "commit");
    return result;
  } catch (error) {
    await session.abandon();
    throw error;
  } finally {
    await client.releaseConnection(connection);
  }
}

class Session {
  readonly #wire: Wire;
  readonly #engine: Engine;
  readonly #knex: Knex;
  readonly #scope: Scope;
  /** given, and not sent yet; what begins the transaction waits for the first statement */
  #waiting: Sending[];
  #isBegun = false;
  #isUnderWay = false;
  #isOver = false;
  #lost: { readonly error: unknown } | undefined;

  constructor(wire: Wire, { knex, engine, scope, options }: Begin) {
    this.#wire = wire;
    this.#engine = engine;
    this.#knex = knex;
    this.#scope = scope;
    const refuse = (error: unknown) => this.#lose(scopeRefusal(error));
    this.#waiting = [beginStatement(options), ...scopeStatements(scope)].map((sql) => ({
      sql,
      values: [],
      resolve: () => undefined,
      reject: refuse,
    }));
  }

  handle(): Tx {
    const { tenantId, actor } = this.#scope;
    const query = async <T extends object>(sql: string | Statement, bindings?: Bindings) =>
      (await this.#run(sql, bindings)).rows as T[];
    return {
      tenantId,
      actor,
      engine: this.#engine,
      query,
      execute: async (sql, bindings) => (await this.#run(sql, bindings)).rowCount,
      follow: (writing) => void writing.catch((error: unknown) => this.#lose(error)),
      send: () => this.#flush(),
      copyInto: async (options) => {
        // comes after what was given before it
        await this.#run("select");
        return this.#wire.copyInto(options);
      },
      stream: streamThrough(query),
    };
  }

  /** Throws where the server has not committed, though it was asked to: a statement had failed and nobody had heard. */
  async end(how: "commit" | "rollback"): Promise<void> {
    const done = this.#run(how);
    this.#isOver = true;
    const { command } = await done;
    assert.equal(command, how.toUpperCase(), "the transaction ended as it was told to");
  }

  /** Undoes what was done. */
  async abandon(): Promise<void> {
    this.#isOver = true;
    if (!this.#isBegun) return;
    this.#giveUp(new Error("the transaction was given up"));
    await this.#wire.rollBack();
  }

  #run(statement: string | Statement, bindings: Bindings = []): Promise<Result> {
    assert(!this.#isOver, "a transaction that is over takes no more statements");
    if (this.#lost !== undefined) return Promise.reject(this.#lost.error);
    const { sql, name, values } = this.#translated(statement, bindings);
    return new Promise((resolve, reject) => {
      if (!this.#isBegun || this.#waiting.length === 0) afterThisTurn(() => this.#flush());
      this.#isBegun = true;
      this.#waiting.push({
        sql,
        name,
        values: values.map(bindingText),
        resolve,
        reject: (error) => reject(this.#lose(error)),
      });
    });
  }

  /** knex's builder is asked only where bindings have names: it costs as much as all else that a small statement does. */
  #translated(statement: string | Statement, bindings: Bindings) {
    if (typeof statement === "object") {
      return { sql: statement.numbered, name: statement.name, values: bindings as readonly unknown[] };
    }
    if (isByPosition(bindings) && !statement.includes("??")) {
      return { sql: numbered(statement), name: undefined, values: bindings };
    }
    const native = this.#knex
      .raw(statement, bindings as Knex.RawBinding[])
      .toSQL()
      .toNative();
    return { sql: native.sql, name: undefined, values: native.bindings as readonly unknown[] };
  }

  /** Sends what waits. While a batch is under way the next gathers. */
  #flush(): void {
    if (this.#lost !== undefined) this.#giveUp(this.#lost.error);
    if (this.#isUnderWay || this.#waiting.length === 0) return;
    const sent = this.#waiting;
    this.#waiting = [];
    this.#isUnderWay = true;
    const done = () => {
      this.#isUnderWay = false;
      this.#flush();
    };
    this.#wire.send(new Batch(sent, done));
  }

  #giveUp(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  /** The first error is why the transaction is lost: those that follow say only that it is. */
  #lose(error: unknown): unknown {
    this.#lost ??= { error };
    return this.#lost.error;
  }
}

/** When nothing is left that could go on without an answer from outside: whoever waits for a promise of this turn has had it. */
function afterThisTurn(work: () => void): void {
  queueMicrotask(() => process.nextTick(work));
}

const isByPosition = (bindings: Bindings): bindings is readonly unknown[] => Array.isArray(bindings);

function beginStatement({ isolation, readOnly }: TransactionOptions): string {
  const level = isolation === undefined ? "" : ` isolation level ${isolation}`;
  return `begin${level}${readOnly === true ? " read only" : ""}`;
}
