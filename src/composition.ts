import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { roles } from "../models/act.js";
import { Refusal } from "../models/refusal.js";
import type { Examination, KeyOrder, OpenDesk, Streams } from "./cli/context.js";
import { type Config, configOf } from "./config.js";
import type { Desk } from "./desk/desk.js";
import { perform } from "./desk/perform.js";
import { openStore, type Store } from "./store/store.js";

type Environment = Readonly<Record<string, string | undefined>>;

const clock = () => Date.now();

function open(config: Config): Promise<Store> {
  if (config.database.kind === "postgres") return openStore(config.database);
  return openEmbedded(config.home);
}

async function openEmbedded(home: string): Promise<Store> {
  try {
    return await openStore({ kind: "embedded", home });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "folder_in_use")) throw error;
    const way = "stop it first (a server most likely), or ask it over HTTP: the API is described at its /docs";
    throw new Refusal("folder_in_use", `${error.detail}; ${way}`, error.items);
  }
}

/** The embedded database is brought up to date on the way: nobody else looks after it. PostgreSQL has its own migrator. */
async function ready(store: Store): Promise<void> {
  if (store.engine === "postgres") await store.assertReady();
  else await store.migrate();
}

async function deskOn(store: Store, config: Config): Promise<Desk> {
  const workFolder = join(resolve(config.home), "work");
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  return { store, clock, workFolder, randomBytes: (count) => randomBytes(count), log: () => undefined };
}

/** Opens the store and the desk for one command, and closes the store whatever happens. */
export async function withDesk<T>(environment: Environment, work: (desk: OpenDesk) => Promise<T>): Promise<T> {
  const config = configOf(environment);
  const store = await open(config);
  try {
    await ready(store);
    const desk = await deskOn(store, config);
    const actor = { tenantId: config.tenantId, actorId: "operator", roles };
    return await work({ perform: (act, input, call = {}) => perform(desk, act, input, { ...call, actor }) });
  } finally {
    await store.close();
  }
}

export async function migrate(environment: Environment): Promise<{ engine: string; applied: string[] }> {
  const store = await open(configOf(environment));
  try {
    return { engine: store.engine, applied: await store.migrate() };
  } finally {
    await store.close();
  }
}

export async function createKey(environment: Environment, order: KeyOrder): Promise<{ key: string; prefix: string }> {
  throw new Refusal("usage", `not here yet ${order.tenant} ${environment.PORT}`);
}

export async function serve(
  environment: Environment,
  options: { readonly port?: number | undefined; readonly host?: string | undefined },
  streams: Streams,
): Promise<void> {
  streams.err.write(`not here yet ${options.port} ${environment.PORT}\n`);
}

/** Looks at what netback needs: the runtime, the files it works in, the database. */
export async function examine(environment: Environment): Promise<Examination[]> {
  const found: Examination[] = [];
  const [major, minor] = process.versions.node.split(".").map(Number);
  const fresh = major! > 20 || (major === 20 && minor! >= 19);
  found.push({
    what: "Node.js",
    state: fresh ? "well" : "ill",
    finding: `${process.versions.node}; 20.19 or later is needed`,
  });
  const look = async (what: string, examination: () => Promise<string>) => {
    try {
      found.push({ what, state: "well", finding: await examination() });
    } catch (error) {
      const finding = error instanceof Refusal ? `${error.title}: ${error.detail}` : "failed for an unknown reason";
      found.push({ what, state: "ill", finding });
    }
  };
  await look("configuration", async () => {
    const config = configOf(environment);
    return config.database.kind === "postgres" ? "PostgreSQL" : `embedded database in ${resolve(config.home)}`;
  });
  if (found.at(-1)!.state === "ill") return found;
  await look("database", async () => {
    const store = await open(configOf(environment));
    try {
      const pending = await store.pendingMigrations();
      if (store.engine === "postgres") await store.assertReady();
      return pending.length === 0
        ? "answers, up to date"
        : `answers; ${pending.length} migrations to run: netback migrate`;
    } finally {
      await store.close();
    }
  });
  return found;
}
