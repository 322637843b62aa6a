import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiKey } from "../../src/store/api-keys.js";
import { openStore, type Store } from "../../src/store/store.js";
import { createTenant } from "../../src/store/tenants.js";
import { type Served, serve } from "../cli/run-netback.js";
import { createEmptyPostgres } from "../harness/database.js";
import type { Target } from "./ledger-load.js";

/** One netback with a database of its own, whose server is a process that can be killed. */
export interface Installation {
  readonly engine: "embedded" | "postgres";
  readonly tenantId: string;
  /** the folder of the embedded database, and of files at work */
  readonly folder: string;
  /** the owner's address of the database, on PostgreSQL */
  readonly ownerUrl: string | undefined;
  /** API keys, one a caller: each has its own share of the requests that a minute allows */
  readonly keys: readonly string[];
  /** starts the server; `through` is the address of the database as the server shall see it */
  serve(through?: (url: string) => string): Promise<Served & { readonly target: Target }>;
  /** the database without a server; on the embedded engine none may run */
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const tenantId = "local";

export async function installEmbedded(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "netback-torture-"));
  return {
    engine: "embedded",
    tenantId,
    folder,
    ownerUrl: undefined,
    keys: [],
    async serve() {
      const served = await serve({ NETBACK_HOME: folder });
      return { ...served, target: { url: served.url, keys: [] } };
    },
    open: () => openStore({ kind: "embedded", home: folder }),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** On the server of TEST_DATABASE_URL, with a login role that owns nothing. */
export async function installPostgres(callers: number): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "netback-torture-"));
  const { ownerUrl, loginUrl, drop } = await createEmptyPostgres();
  const keys = await prepare(ownerUrl, new URL(loginUrl).username, callers);
  return {
    engine: "postgres",
    tenantId,
    folder,
    ownerUrl,
    keys,
    async serve(through = (url) => url) {
      const served = await serve({
        NETBACK_HOME: folder,
        DATABASE_URL: through(loginUrl),
        DATABASE_OWNER_URL: ownerUrl,
      });
      return { ...served, target: { url: served.url, keys } };
    },
    open: () => openStore({ kind: "postgres", url: loginUrl, ownerUrl }),
    async remove() {
      await drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function prepare(ownerUrl: string, login: string, callers: number): Promise<string[]> {
  const store = await openStore({ kind: "postgres", url: ownerUrl });
  try {
    await store.migrate();
    await store.asOwner((knex) => knex.raw(`grant netback_app to ${login}`));
    const createdAt = "2026-01-01T00:00:00Z";
    return await store.transaction({ tenantId }, async (tx) => {
      await createTenant(tx, { name: tenantId, createdAt });
      const keys: string[] = [];
      for (let caller = 0; caller < callers; caller++) {
        keys.push((await createApiKey(tx, { label: `caller ${caller}`, roles: ["admin"], createdAt })).secret);
      }
      return keys;
    });
  } finally {
    await store.close();
  }
}
