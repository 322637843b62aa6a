import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Knex } from "knex";
import type { Engine } from "./transaction.js";

interface Migration {
  readonly name: string;
  up(knex: Knex): Promise<void>;
}

const folder = new URL("../../migrations/", import.meta.url);

/** Released migrations are never taken back: a mistake is mended by the next one. */
async function down(): Promise<void> {
  throw new Error("migrations go forward only");
}

/** The migrations that stand compiled beside this code, by number. */
const source: Knex.MigrationSource<string> = {
  async getMigrations() {
    const names = await readdir(fileURLToPath(folder));
    return names.filter((name) => /^\d{4}-[a-z0-9-]+\.js$/.test(name)).sort();
  },
  getMigrationName: (file) => file.replace(/\.js$/, ""),
  async getMigration(file) {
    const { up } = (await import(new URL(file, folder).href)) as Migration;
    return { up, down };
  },
};

/** What has been run stands in a schema of its own, where the application role has no business. */
const config: Knex.MigratorConfig = {
  migrationSource: source,
  schemaName: "netback_migration",
  tableName: "migration",
};

/** Names of the migrations that the database has not seen. */
export async function pendingMigrations(owner: Knex): Promise<string[]> {
  const { rows } = (await owner.raw("select to_regclass('netback_migration.migration') is not null as exists")) as {
    rows: { exists: boolean }[];
  };
  const all = (await source.getMigrations([])).map((file) => source.getMigrationName(file));
  if (rows[0]?.exists !== true) return all;
  const done: string[] = await owner("netback_migration.migration").pluck("name");
  return all.filter((name) => !done.includes(name));
}

/** "netback" as a number: any constant that no other program on the server uses. */
const advisoryKey = 7_305_797_209;

/**
 * Runs what is pending, each migration in its own transaction, and returns the names. Two servers that start at once
 * take turns by an advisory lock, which dies with its session; the lock that knex keeps in a table is freed first,
 * since a process that was killed leaves it behind. On the embedded engine the folder lock does the same.
 */
export async function runMigrations(owner: Knex, engine: Engine): Promise<string[]> {
  const migrate = async () => {
    if ((await pendingMigrations(owner)).length === 0) return [];
    await owner.raw("create schema if not exists netback_migration");
    await owner.migrate.forceFreeMigrationsLock(config);
    const [, names] = (await owner.migrate.latest(config)) as [number, string[]];
    return names.map((file) => source.getMigrationName(file));
  };
  if (engine === "embedded") return migrate();
  const connection: unknown = await owner.client.acquireConnection();
  try {
    await owner.raw(`select pg_advisory_lock(${advisoryKey})`).connection(connection);
    return await migrate();
  } finally {
    await owner.raw(`select pg_advisory_unlock(${advisoryKey})`).connection(connection);
    await owner.client.releaseConnection(connection);
  }
}
