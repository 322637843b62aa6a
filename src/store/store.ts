import type { Knex } from "knex";
import { Refusal } from "../../models/refusal.js";
import { mapDatabaseError } from "./database-error.js";
import { openEmbedded } from "./embedded.js";
import { pendingMigrations, runMigrations } from "./migrations.js";
import { openPostgres } from "./postgres.js";
import type { Scope } from "./scope.js";
import { localTenant } from "./tenants.js";
import {
  assertOutsideTransaction,
  type Engine,
  runTransaction,
  type TransactionOptions,
  type Tx,
} from "./transaction.js";

export type StoreConfig =
  /** PGlite in `<home>/pgdata`, under the lock of the folder */
  | { readonly kind: "embedded"; readonly home: string }
  /** PGlite without a disk, from nothing or from a dumped data directory: for tests */
  | { readonly kind: "memory"; readonly from?: Blob }
  | {
      readonly kind: "postgres";
      /** the login role's: NOINHERIT, owner of nothing, granted netback_app */
      readonly url: string;
      /** the owner's, for migrations; the login's where it is not given */
      readonly ownerUrl?: string;
      /** connections held at most; 10 unless told */
      readonly poolSize?: number;
    };

/**
 * The database, whichever it is. All work goes through `transaction`; `asOwner` is for migrations, the doctor and
 * tests, which look at the catalog.
 */
export interface Store {
  readonly engine: Engine;
  /** One transaction as the application role, for one tenant; see runTransaction. Embedded: they wait for each other. */
  transaction<T>(scope: Scope, work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs the pending migrations as the owner and returns their names. Embedded: also makes the tenant `local`. */
  migrate(): Promise<string[]>;
  pendingMigrations(): Promise<string[]>;
  /** Throws `database_unreachable` or `database_schema_outdated` where the store cannot work. */
  assertReady(): Promise<void>;
  asOwner<T>(work: (knex: Knex) => Promise<T>): Promise<T>;
  /** The embedded database as a tar of its data directory: a backup, or a template for tests. Not on PostgreSQL. */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

/** What an engine brings: the connection for work, the owner's (the same one where there is only one), and its end. */
export interface OpenEngine {
  readonly engine: Engine;
  readonly app: Knex;
  readonly owner: Knex;
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

/**
 * Opens the database. It is not migrated by this: call `migrate`, or `assertReady` to refuse an old one.
 * Throws `folder_in_use` when another process has the embedded folder open.
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  const opened = config.kind === "postgres" ? openPostgres(config) : await openEmbedded(config);
  const { engine, app, owner } = opened;

  async function asOwner<T>(work: (knex: Knex) => Promise<T>): Promise<T> {
    assertOutsideTransaction();
    try {
      return await work(owner);
    } catch (error) {
      throw mapDatabaseError(error);
    }
  }

  async function ensureLocalTenant(): Promise<void> {
    const scope = { tenantId: localTenant };
    await runTransaction({ knex: app, engine, scope, options: {} }, (tx) =>
      tx.execute("insert into tenant (tenant_id, name, created_at) values (?, 'Local', now()) on conflict do nothing", [
        localTenant,
      ]),
    );
  }

  const pending = () => asOwner((knex) => pendingMigrations(knex));
  return {
    engine,
    transaction: (scope, work, options = {}) => runTransaction({ knex: app, engine, scope, options }, work),
    async migrate() {
      const names = await asOwner((knex) => runMigrations(knex, engine));
      if (engine === "embedded") await ensureLocalTenant();
      return names;
    },
    pendingMigrations: pending,
    async assertReady() {
      const names = await pending();
      if (names.length === 0) return;
      throw new Refusal("database_schema_outdated", `${names.length} to run, from ${names[0]}; run: netback migrate`);
    },
    asOwner,
    async dump() {
      assertOutsideTransaction();
      return opened.dump();
    },
    close: () => opened.close(),
  };
}
