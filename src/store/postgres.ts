import knex, { type Knex } from "knex";
import type pg from "pg";
import { Refusal } from "../../models/refusal.js";
import { postgresTypes } from "./column-types.js";
import { quietKnex } from "./knex-settings.js";
import type { OpenEngine, StoreConfig } from "./store.js";

/**
 * Each new session is put on UTC and ISO, so that instants are read without a Date. On Citus a SET LOCAL must be told
 * to travel to the workers.
 */
const sessionSetup = `
  set time zone 'UTC';
  set datestyle to 'ISO, YMD';
  do $$ begin
    if exists (select from pg_extension where extname = 'citus') then
      set citus.propagate_set_commands to 'local';
    end if;
  end $$`;

function pool(url: string, size: number): Knex {
  return knex({
    client: "pg",
    connection: {
      connectionString: url,
      application_name: "netback",
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      types: postgresTypes,
    } as Knex.PgConnectionConfig,
    pool: {
      min: 0,
      max: size,
      afterCreate(connection: pg.Client, done: (error: Error | null, connection: pg.Client) => void) {
        connection.query(sessionSetup, (error) => done(error, connection));
      },
    },
    acquireConnectionTimeout: 30_000,
    ...quietKnex,
  });
}

/** Pools for the login role and for the owner. Nothing is connected before the first use. */
export function openPostgres(config: Extract<StoreConfig, { kind: "postgres" }>): OpenEngine {
  const app = pool(config.url, config.poolSize ?? 10);
  // two: one holds the lock of the migrations while the other runs them
  const owner = pool(config.ownerUrl ?? config.url, 2);
  return {
    engine: "postgres",
    app,
    owner,
    async dump() {
      throw new Refusal("conflict", "a PostgreSQL database is backed up with pg_dump");
    },
    async close() {
      await Promise.all([app.destroy(), owner.destroy()]);
    },
  };
}
