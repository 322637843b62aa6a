import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Role, roles } from "../models/act.js";
import { Refusal } from "../models/refusal.js";
import { instantText, parseDay } from "./calendar/day.js";
import type { Examination, KeyOrder, KeyRing, OpenDesk } from "./cli/context.js";
import { type Config, configOf } from "./config.js";
import type { Desk } from "./desk/desk.js";
import { perform } from "./desk/perform.js";
import { createApiKey, listApiKeys, revokeApiKey } from "./store/api-keys.js";
import { RootKey, rootKeyOfHome } from "./store/root-key.js";
import { openStore, type Store } from "./store/store.js";
import { createTenant, findTenantName } from "./store/tenants.js";
import type { Tx } from "./store/transaction.js";
import { openVault, type Vault } from "./store/vault.js";
import { isolatedReaders } from "./tape/isolated.js";

/** The environment's variables, as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds since 1970-01-01 UTC. */
export const clock = () => Date.now();

export async function openConfigured(config: Config): Promise<Store> {
  if (config.database.kind === "postgres") return openStore(config.database);
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  try {
    return await openStore({ kind: "embedded", home: config.home });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "folder_in_use")) throw error;
    const way = "while a server runs, ask it over HTTP instead: its API is described at /docs";
    throw new Refusal("folder_in_use", `${error.detail}; ${way}`, error.items);
  }
}

/** The embedded database is brought up to date on the way, for nobody else looks after it; PostgreSQL is `netback migrate`'s. */
export async function makeReady(store: Store): Promise<void> {
  if (store.engine === "embedded") await store.migrate();
  await store.assertReady();
}

async function vaultOf(config: Config): Promise<Vault> {
  if (config.rootKey !== undefined) return openVault(new RootKey(config.rootKey));
  return openVault(await rootKeyOfHome(config.home));
}

export async function deskOn(store: Store, config: Config, log: Desk["log"]): Promise<Desk> {
  const workFolder = join(resolve(config.home), "work");
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  const vault = await vaultOf(config);
  const chance = (count: number) => randomBytes(count);
  return { store, clock, workFolder, vault, readers: isolatedReaders, randomBytes: chance, log };
}

/** Whoever has the database's credentials may open books in it: the tenant is made when it is first named. */
async function ensureTenant(tx: Tx): Promise<void> {
  if ((await findTenantName(tx)) !== undefined) return;
  await createTenant(tx, { name: tx.tenantId, createdAt: instantText(clock()) });
}

/** A desk whose store stays open until it is closed. */
export interface DeskAtWork {
  readonly desk: OpenDesk;
  close(): Promise<void>;
}

/** Opens the store and the desk for the operator of this machine. */
export async function openDesk(environment: Environment): Promise<DeskAtWork> {
  const config = configOf(environment);
  const store = await openConfigured(config);
  try {
    await makeReady(store);
    await store.transaction({ tenantId: config.tenantId }, ensureTenant);
    const desk = await deskOn(store, config, () => undefined);
    const actor = { tenantId: config.tenantId, actorId: "operator", roles };
    return {
      desk: { perform: (act, input, call = {}) => perform(desk, act, input, { ...call, actor }) },
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the store and the desk for one command, and closes the store whatever happens. */
export async function withDesk<T>(environment: Environment, work: (desk: OpenDesk) => Promise<T>): Promise<T> {
  const { desk, close } = await openDesk(environment);
  try {
    return await work(desk);
  } finally {
    await close();
  }
}

export async function migrate(environment: Environment): Promise<{ engine: string; applied: string[] }> {
  const store = await openConfigured(configOf(environment));
  try {
    return { engine: store.engine, applied: await store.migrate() };
  } finally {
    await store.close();
  }
}

/** Works in one transaction on the keys of a tenant. */
async function withKeys<T>(environment: Environment, tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const config = configOf(environment);
  if (config.database.kind === "embedded") {
    const detail =
      "keys are for PostgreSQL (DATABASE_URL): on the embedded database the server answers this machine only";
    throw new Refusal("usage", detail);
  }
  const store = await openConfigured(config);
  try {
    await makeReady(store);
    return await store.transaction({ tenantId }, work);
  } finally {
    await store.close();
  }
}

/** Makes an API key, and the tenant when it is the tenant's first. */
async function createKey(environment: Environment, order: KeyOrder): Promise<{ key: string; keyId: string }> {
  const lastDay = order.expiresOn === undefined ? undefined : parseDay(order.expiresOn);
  return withKeys(environment, order.tenant, async (tx) => {
    await ensureTenant(tx);
    const createdAt = instantText(clock());
    const expiry = lastDay === undefined ? {} : { expiresAt: instantText((lastDay + 1) * 86_400_000) };
    const key = { label: order.label, roles: order.roles as readonly Role[], createdAt, ...expiry };
    const { secret, keyId } = await createApiKey(tx, key);
    return { key: secret, keyId };
  });
}

/** Keeps the API keys of tenants. Ends a key at once; a key that has ended stays as it is. Throws `not_found`. */
export function keyRing(environment: Environment): KeyRing {
  return {
    create: (order) => createKey(environment, order),
    list: (tenant) => withKeys(environment, tenant, listApiKeys),
    revoke: (tenant, keyId) =>
      withKeys(environment, tenant, async (tx) => {
        if (await revokeApiKey(tx, keyId, instantText(clock()))) return;
        throw new Refusal("not_found", `the tenant "${tenant}" has no key ${keyId}`);
      }),
  };
}

/** Looks at what netback needs: the runtime, the configuration, the database. */
export async function examine(environment: Environment): Promise<Examination[]> {
  const found: Examination[] = [];
  const [major, minor] = process.versions.node.split(".").map(Number);
  const fresh = major! > 20 || (major === 20 && minor! >= 19);
  const finding = `${process.versions.node}; 20.19 or later is needed`;
  found.push({ what: "Node.js", state: fresh ? "well" : "ill", finding });
  const look = async (what: string, examination: () => Promise<string>) => {
    try {
      found.push({ what, state: "well", finding: await examination() });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found.push({ what, state: "ill", finding: `${error.title}: ${error.detail}` });
    }
  };
  await look("configuration", async () => {
    const config = configOf(environment);
    return config.database.kind === "postgres" ? "PostgreSQL" : `embedded database in ${resolve(config.home)}`;
  });
  if (found.at(-1)!.state === "ill") return found;
  await look("database", async () => {
    const store = await openConfigured(configOf(environment));
    try {
      const pending = await store.pendingMigrations();
      if (pending.length === 0) return "answers, up to date";
      return `answers; ${pending.length} migrations are still to run (netback migrate)`;
    } finally {
      await store.close();
    }
  });
  return found;
}
