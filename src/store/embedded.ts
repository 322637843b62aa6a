import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import knex, { type Knex } from "knex";
import ClientPGLite from "knex-pglite";
import { pgliteParsers, pgliteSerializers } from "./column-types.js";
import { durableStartParams, makeDurable } from "./durability.js";
import { type FolderLock, lockFolder } from "./folder-lock.js";
import { quietKnex } from "./knex-settings.js";
import type { OpenEngine, StoreConfig } from "./store.js";

/** An import of a million rows may hold the one connection for minutes; the others wait their turn. */
const turnTimeoutMs = 900_000;

function connect(pglite: PGlite): Knex {
  return knex({
    client: ClientPGLite,
    connection: () => ({ pglite }) as object as Knex.StaticConnectionConfig,
    acquireConnectionTimeout: turnTimeoutMs,
    ...quietKnex,
  });
}

/**
 * PGlite, the embedded PostgreSQL: one process, one connection, a session that is a superuser underneath.
 * Throws `folder_in_use` when the folder is open already: PGlite does not look, and two would lose writes.
 */
export async function openEmbedded(config: Extract<StoreConfig, { kind: "embedded" | "memory" }>): Promise<OpenEngine> {
  let lock: FolderLock | undefined;
  if (config.kind === "embedded") {
    await mkdir(config.home, { recursive: true, mode: 0o700 });
    lock = await lockFolder(config.home);
  }
  const dataDir = config.kind === "embedded" ? join(config.home, "pgdata") : undefined;
  try {
    const pglite = await PGlite.create({
      ...(dataDir === undefined ? {} : { dataDir, startParams: durableStartParams }),
      ...(config.kind === "memory" && config.from !== undefined ? { loadDataDir: config.from } : {}),
      relaxedDurability: false,
      parsers: pgliteParsers,
      serializers: pgliteSerializers,
    });
    if (dataDir !== undefined) await makeDurable(pglite, dataDir);
    const only = connect(pglite);
    return {
      engine: "embedded",
      app: only,
      owner: only,
      dump: () => pglite.dumpDataDir("none"),
      async close() {
        await only.destroy();
        // knex closes what it has used: nothing, where no statement was run
        if (!pglite.closed) await pglite.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}
