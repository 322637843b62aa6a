import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { ActInput, ActName, ActOutput } from "../models/acts.js";
import { type Cluster, findServerPrograms, startCluster } from "../scripts/postgres-cluster.js";
import type { Desk } from "../src/desk/desk.js";
import { perform } from "../src/desk/perform.js";
import { RootKey } from "../src/store/root-key.js";
import { openStore, type Store } from "../src/store/store.js";
import { openVault } from "../src/store/vault.js";
import { isolatedReaders } from "../src/tape/isolated.js";
import { writeBenchTape } from "./tape-file.js";

export const tenantId = "bench";

/** One line of the table at the end. */
export interface Result {
  readonly work: string;
  readonly target: string;
  readonly measured: string;
  /** against the limit, or against the peer that the target names */
  readonly ratio: string;
}

/** The results as a table. */
export function showResults(results: readonly Result[]): void {
  const rows = [{ work: "work", target: "target", measured: "measured", ratio: "ratio" }, ...results];
  const width = (of: keyof Result) => Math.max(...rows.map((row) => row[of].length));
  const widths = { work: width("work"), target: width("target"), measured: width("measured") };
  for (const { work, target, measured, ratio } of rows) {
    console.log(
      `  ${work.padEnd(widths.work)}  ${target.padEnd(widths.target)}  ${measured.padEnd(widths.measured)}  ${ratio}`,
    );
  }
}

/** A database of its own, and a desk on it. */
export interface Setting {
  readonly name: string;
  readonly store: Store;
  readonly desk: Desk;
  readonly folder: string;
  /** the URL where it is PostgreSQL */
  readonly url: string | undefined;
  do<Name extends ActName>(name: Name, input: ActInput<Name>): Promise<ActOutput<Name>>;
  close(): Promise<void>;
}

function settingOn(
  store: Store,
  parts: { name: string; folder: string; url?: string; end?: () => Promise<void> },
): Setting {
  const { name, folder, url, end } = parts;
  const vault = openVault(new RootKey(createHash("sha256").update("bench").digest("base64")));
  const desk: Desk = {
    store,
    clock: Date.now,
    randomBytes,
    workFolder: folder,
    vault,
    readers: isolatedReaders,
    log: () => undefined,
  };
  const actor = { tenantId, actorId: "bench", roles: ["admin"] as const };
  return {
    name,
    store,
    desk,
    folder,
    url,
    async do(act, input) {
      const idempotencyKey = randomBytes(12).toString("hex");
      return (await perform(desk, act, input, { actor, idempotencyKey })).output;
    },
    async close() {
      await store.close();
      await end?.();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(store: Store): Promise<Store> {
  await store.migrate();
  await store.transaction({ tenantId }, (tx) =>
    tx.execute("insert into tenant (tenant_id, name, created_at) values (?, 'Bench', now())", [tenantId]),
  );
  return store;
}

const newFolder = () => mkdtemp(join(tmpdir(), "netback-bench-"));

/** A private PostgreSQL with fsync and synchronous commit, or undefined where none is installed. */
export async function durableCluster(): Promise<Cluster | undefined> {
  const programs = findServerPrograms();
  return programs === undefined ? undefined : startCluster(programs, { durable: true });
}

export async function onPostgres(cluster: Cluster): Promise<Setting> {
  const name = `bench_${randomBytes(4).toString("hex")}`;
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = cluster.url.replace(/\/postgres$/, `/${name}`);
  const store = await ready(await openStore({ kind: "postgres", url }));
  return settingOn(store, { name: `PostgreSQL ${cluster.version}`, folder: await newFolder(), url });
}

/** The embedded database in a folder, as durable as it is in use. */
export async function onEmbedded(): Promise<Setting> {
  const folder = await newFolder();
  const store = await ready(await openStore({ kind: "embedded", home: join(folder, "home") }));
  return settingOn(store, { name: "PGlite", folder });
}

/** A portfolio with a tape of so many rows and a quote on it, ready to be bought. */
export async function quotedPortfolio(
  setting: Setting,
  rows: number,
): Promise<{ portfolioId: string; quoteId: string }> {
  const { id } = await setting.do("create-portfolio", { name: "Bench", seller: "First Bank", currency: "USD" });
  const path = join(setting.folder, `${id}.csv`);
  await writeBenchTape(path, rows);
  await setting.do("import-tape", { portfolio_id: id, file: { path, name: "tape.csv" }, as_of: "2026-10-20" });
  await rm(path);
  const quote = await setting.do("issue-quote", { portfolio_id: id });
  return { portfolioId: id, quoteId: quote.id };
}

export async function boughtPortfolio(setting: Setting, rows: number, closingOn = "2026-10-20"): Promise<string> {
  const { portfolioId, quoteId } = await quotedPortfolio(setting, rows);
  await setting.do("accept-quote", { quote_id: quoteId, closing_on: closingOn, cut_off_on: closingOn });
  return portfolioId;
}

/** Account numbers that were bought, in the order of the tape. */
export async function boughtAccounts(setting: Setting, portfolioId: string, limit: number): Promise<string[]> {
  const rows = await setting.store.transaction({ tenantId }, (tx) =>
    tx.query<{ account_number: string }>(
      `select account_number from position p join receivable r using (portfolio_id, receivable_no)
        where p.portfolio_id = ? order by p.receivable_no limit ?`,
      [portfolioId, limit],
    ),
  );
  return rows.map((row) => row.account_number);
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export const thousands = (n: number): string => Math.round(n).toLocaleString("en-US");

/** The measure at a quantile, by nearest rank. */
export function quantile(measures: readonly number[], q: number): number {
  const sorted = [...measures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}

/** Memory of this process now, and the most it has had. */
export function memoryText(): string {
  return `${thousands(process.resourceUsage().maxRSS / 1024)} MB peak`;
}
