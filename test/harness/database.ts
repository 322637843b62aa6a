import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openStore, type Store } from "../../src/store/store.js";

/** The tenants of every test database: two that must not see each other, and the embedded database's own. */
export const tenants = ["alpha", "beta", "local"] as const;

/** The role that tests log in with: it owns nothing and inherits nothing. */
const loginRole = "netback_test_login";

/**
 * Describes a suite twice: on the embedded engine and on PostgreSQL (where TEST_DATABASE_URL is set; the suite shows
 * as pending, with the reason, where it is not).
 *
 * `open` gives a new database with all migrations run and the tenants `alpha`, `beta` and `local`; call it in
 * `before`, or in a test that needs one of its own. What was opened is closed and dropped after the suite.
 */
export function eachDatabase(title: string, suite: (open: () => Promise<Store>) => void): void {
  describe(`${title} [embedded]`, () => {
    describeOn(openEmbeddedCopy, suite);
  });
  if (process.env.TEST_DATABASE_URL === undefined) {
    describe(`${title} [postgres]`, () => {
      it("skipped: TEST_DATABASE_URL is not set (npm test starts a private server where it can)");
    });
    return;
  }
  describe(`${title} [postgres]`, () => {
    describeOn(openPostgresCopy, suite);
  });
}

interface Copy {
  readonly store: Store;
  drop(): Promise<void>;
}

function describeOn(openCopy: () => Promise<Copy>, suite: (open: () => Promise<Store>) => void): void {
  const copies: Copy[] = [];
  after(async function () {
    this.timeout(60_000);
    for (const copy of copies) {
      await copy.store.close();
      await copy.drop();
    }
  });
  suite(async () => {
    const copy = await openCopy();
    copies.push(copy);
    return copy.store;
  });
}

async function seedTenants(store: Store): Promise<void> {
  for (const tenantId of tenants) {
    await store.transaction({ tenantId }, (tx) =>
      tx.execute("insert into tenant (tenant_id, name, created_at) values (?, ?, now()) on conflict do nothing", [
        tenantId,
        tenantId,
      ]),
    );
  }
}

/** What a template is made of: a change in any migration, or of the engine, makes a new one. */
async function templateKey(): Promise<string> {
  const folder = new URL("../../migrations/", import.meta.url);
  const hash = createHash("sha256").update(pgliteVersion);
  for (const name of (await readdir(folder)).sort()) {
    if (name.endsWith(".js")) hash.update(name).update(await readFile(new URL(name, folder)));
  }
  return hash.digest("hex").slice(0, 12);
}

const pgliteManifest = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
const pgliteVersion: string = JSON.parse(readFileSync(pgliteManifest, "utf8")).version;

/** A file made once on this machine and read after that. The rename lets two processes make it at once. */
async function kept(name: string, make: () => Promise<Blob>): Promise<Blob> {
  const path = join(tmpdir(), `netback-test-${name}.tar`);
  try {
    return new Blob([await readFile(path)]);
  } catch {
    const made = await make();
    const draft = `${path}.${randomBytes(6).toString("hex")}`;
    await writeFile(draft, Buffer.from(await made.arrayBuffer()), { mode: 0o600 });
    await rename(draft, path);
    return made;
  }
}

async function dumpOf(from: Blob | undefined, prepare: (store: Store) => Promise<void>): Promise<Blob> {
  const store = await openStore(from === undefined ? { kind: "memory" } : { kind: "memory", from });
  await prepare(store);
  const dump = await store.dump();
  await store.close();
  return dump;
}

let embeddedTemplate: Promise<Blob> | undefined;

/** Databases that nothing here is made from: without them the copy is a third smaller, and so much sooner made. */
async function dropTemplates(store: Store): Promise<void> {
  await store.asOwner(async (knex) => {
    await knex.raw("update pg_database set datistemplate = false where datistemplate");
    for (const name of ["template0", "template1"]) await knex.raw(`drop database ${name}`);
  });
}

/** An empty cluster takes seconds to make, a migrated one a moment, a copy of it less. */
async function loadEmbeddedTemplate(): Promise<Blob> {
  return kept(`seeded-${await templateKey()}`, async () => {
    const empty = await kept(`empty-${pgliteVersion}`, () => dumpOf(undefined, async () => {}));
    return dumpOf(empty, async (store) => {
      await store.migrate();
      await seedTenants(store);
      await dropTemplates(store);
    });
  });
}

async function openEmbeddedCopy(): Promise<Copy> {
  embeddedTemplate ??= loadEmbeddedTemplate();
  const store = await openStore({ kind: "memory", from: await embeddedTemplate });
  return { store, drop: async () => {} };
}

function urlOf(database: string, user?: string): string {
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = `/${database}`;
  if (user !== undefined) {
    url.username = user;
    url.password = user;
  }
  return url.href;
}

/** Runs the work on the server's own database, while no other test process does. */
async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(20261122)");
    return await work(client);
  } finally {
    await client.end();
  }
}

async function buildPostgresTemplate(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
  if (rowCount === 1) return;
  const login = await client.query("select from pg_roles where rolname = $1", [loginRole]);
  if (login.rowCount === 0) await client.query(`create role ${loginRole} login noinherit password '${loginRole}'`);
  const draft = `${name}_draft`;
  await client.query(`drop database if exists ${draft} with (force)`);
  await client.query(`create database ${draft}`);
  const store = await openStore({ kind: "postgres", url: urlOf(draft) });
  await store.migrate();
  await seedTenants(store);
  await store.close();
  await client.query(`grant netback_app to ${loginRole}`);
  await client.query(`alter database ${draft} rename to ${name}`);
}

async function openPostgresCopy(): Promise<Copy> {
  const template = `netback_test_${await templateKey()}`;
  const name = `${template}_${randomBytes(6).toString("hex")}`;
  await onServer(async (client) => {
    await buildPostgresTemplate(client, template);
    await client.query(`create database ${name} template ${template}`);
  });
  const store = await openStore({ kind: "postgres", url: urlOf(name, loginRole), ownerUrl: urlOf(name) });
  return {
    store,
    drop: () => onServer(async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

/** For tests of PostgreSQL alone: a database with nothing in it. Gives its URLs, for the owner and for a login role. */
export async function createEmptyPostgres(): Promise<{ ownerUrl: string; loginUrl: string; drop(): Promise<void> }> {
  const name = `netback_test_empty_${randomBytes(6).toString("hex")}`;
  const login = `${name}_login`;
  await onServer(async (client) => {
    await client.query(`create database ${name}`);
    await client.query(`create role ${login} login noinherit password '${login}'`);
  });
  const drop = () =>
    onServer(async (client) => {
      await client.query(`drop database ${name} with (force)`);
      await client.query(`drop role ${login}`);
    });
  return { ownerUrl: urlOf(name), loginUrl: urlOf(name, login), drop };
}
