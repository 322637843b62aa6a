/**
 * The numbers of the ledger, from `npm run bench` or `node dist/bench/ledger.js [bulk] [singles] [book] [payments] [reports] [--full]`.
 * PostgreSQL is a private server with fsync and synchronous commit; clients and server share this machine. `--full` takes
 * the sizes that the targets name; without it they are smaller, and limits are taken down in proportion.
 */
import { fileURLToPath } from "node:url";
import type { Cluster } from "../scripts/postgres-cluster.js";
import { book, payments } from "./ledger-book.js";
import { bulkOnEmbedded, bulkOnPostgres } from "./ledger-bulk.js";
import { reports } from "./ledger-reports.js";
import { durableCluster, onEmbedded, onPostgres, type Result, type Setting, showResults } from "./ledger-setting.js";
import { singles } from "./ledger-singles.js";

const self = fileURLToPath(import.meta.url);

/** Does the work on a database of its own, and puts it away afterwards. */
async function on(opening: Promise<Setting>, work: (setting: Setting) => Promise<Result[]>): Promise<Result[]> {
  const setting = await opening;
  try {
    return await work(setting);
  } finally {
    await setting.close();
  }
}

type Part = (cluster: Cluster | undefined, full: boolean) => Promise<Result[]>;

async function bookAndCollect(setting: Setting, size: { full: boolean; limitOfMillion: number; file: boolean }) {
  const { full, limitOfMillion, file } = size;
  const { portfolioId, results } = await book(setting, { rows: full ? 1_000_000 : 100_000, limitOfMillion });
  return file ? [...results, ...(await payments(setting, portfolioId, full ? 300_000 : 60_000))] : results;
}

const parts: Readonly<Record<string, Part>> = {
  bulk: async (cluster, full) => [
    ...(cluster === undefined
      ? []
      : await on(onPostgres(cluster), (setting) => bulkOnPostgres(setting, full ? 600 : 200))),
    ...(await on(onEmbedded(), (setting) => bulkOnEmbedded(setting, full ? 200 : 50))),
  ],
  singles: async (cluster, full) =>
    cluster === undefined ? [] : on(onPostgres(cluster), (setting) => singles(setting, full ? 20 : 6)),
  book: async (cluster, full) => [
    ...(cluster === undefined
      ? []
      : await on(onPostgres(cluster), (setting) => bookAndCollect(setting, { full, limitOfMillion: 20, file: true }))),
    ...(await on(onEmbedded(), (setting) => bookAndCollect(setting, { full, limitOfMillion: 90, file: false }))),
  ],
  reports: async (cluster, full) =>
    cluster === undefined ? [] : on(onPostgres(cluster), (setting) => reports(setting, full ? 10_000_000 : 1_000_000)),
};

export async function benchLedger(names: readonly string[] = [], full = false): Promise<void> {
  const cluster = await durableCluster();
  const database =
    cluster === undefined ? "no PostgreSQL here" : `PostgreSQL ${cluster.version}, fsync and synchronous commit on`;
  console.log(`ledger: ${database}; PGlite with fsync; client and server on this machine`);
  try {
    const results: Result[] = [];
    for (const [name, part] of Object.entries(parts)) {
      if (names.length > 0 && !names.includes(name)) continue;
      const measured = await part(cluster, full);
      showResults(measured);
      results.push(...measured);
    }
  } finally {
    await cluster?.stop();
  }
}

if (process.argv[1] === self) {
  const given = process.argv.slice(2);
  await benchLedger(
    given.filter((name) => name !== "--full"),
    given.includes("--full"),
  );
}
