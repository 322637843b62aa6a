import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Cluster } from "../scripts/postgres-cluster.js";
import { type BasePosition, borrowingBase } from "../src/factoring/borrowing-base.js";
import { fraction } from "../src/money/fraction.js";
import { minor, zeroMinor } from "../src/money/money.js";
import { facilityReadings } from "./facility-book.js";
import { durableCluster, onEmbedded, onPostgres, showResults, tenantId } from "./ledger-setting.js";
import type { OfferOrder } from "./offer-client.js";

const run = promisify(execFile);
const bin = fileURLToPath(new URL("../../bin/netback.js", import.meta.url));
const client = fileURLToPath(new URL("./offer-client.js", import.meta.url));

const invoices = Array.from({ length: 100 }, (_, i) => ({
  invoice_number: `I-${i}`,
  debtor_id: `D${i % 20}`,
  invoice_date: "2026-01-10",
  due_date: "2026-02-10",
  amount: `${1000 + i * 37}.50`,
}));
const terms = {
  fee_schedule: { initial_rate: "0.03", step_rate: "0.01", step_days: 10 },
  interest: { annual_rate: "0.1025" },
  eligibility: { concentration_limit: "0.25", over_age_days: null },
};

/** An offer for 100 invoices over HTTP, from JSON and from the books; a base and an aging of 100,000 open invoices. */
export async function benchFactoring(): Promise<void> {
  console.log("factoring: an offer for 100 invoices over HTTP (p99 under 25 ms is asked)");
  const { DATABASE_URL: _, ...env } = process.env;
  await offers("PGlite", { env });
  const cluster = await durableCluster();
  try {
    if (cluster !== undefined) {
      const setting = await onPostgres(cluster);
      const onServer = { ...env, DATABASE_URL: setting.url! };
      const keys = await Promise.all([newKey(onServer), newKey(onServer)]);
      await offers("PostgreSQL", { env: onServer, keys });
      await setting.close();
    }
    benchBase();
    await benchReadings(cluster);
  } finally {
    await cluster?.stop();
  }
}

async function newKey(env: NodeJS.ProcessEnv): Promise<string> {
  const create = [bin, "keys", "create", "--tenant", tenantId, "--role", "admin", "--json"];
  return (JSON.parse((await run(process.execPath, create, { env })).stdout) as { key: string }).key;
}

/** Offers from JSON and from the books of a server of their own; with keys, the second one approves what the first checked. */
async function offers(database: string, of: { env: NodeJS.ProcessEnv; keys?: readonly string[] }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "netback-bench-"));
  const own = { NETBACK_HOME: join(folder, "home"), PORT: "0", LOG_LEVEL: "silent", REQUESTS_PER_MINUTE: "1000000" };
  const env = { ...of.env, ...own };
  const child = spawn(process.execPath, [bin, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    let out = "";
    for await (const text of child.stdout.setEncoding("utf8")) {
      out += text;
      if (/http:\/\/\S+/.test(out)) break;
    }
    const url = /http:\/\/\S+/.exec(out)![0];
    const [ask, askAsSecond] = [asker(url, of.keys?.[0]), asker(url, of.keys?.[1])];
    const body = { terms: { ...terms, as_of: "2026-01-20" }, invoices };
    const measured = (path: string, sent: unknown) =>
      callAgain({ url: url + path, key: of.keys?.[0] ?? null, body: sent });
    report(`from JSON, ${database}`, await measured("/v1/calculations/factoring-offer", body));
    for (const debtor_id of new Set(invoices.map((invoice) => invoice.debtor_id))) {
      await ask("/v1/debtors", { debtor_id });
    }
    const facility = await ask("/v1/facilities", { name: "Bench", seller: "Bench", terms });
    const schedule = await ask(`/v1/facilities/${facility.id}/schedules`, { invoices });
    await ask(`/v1/schedules/${schedule.id}/check`, {});
    await askAsSecond(`/v1/schedules/${schedule.id}/approve`, {});
    report(`from the books, kept, ${database}`, await measured(`/v1/schedules/${schedule.id}/offer`, {}));
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
    await rm(folder, { recursive: true });
  }
}

/** Aging and base of a facility with 100,000 open invoices, on both databases, beside a bare select of the same rows. */
async function benchReadings(cluster: Cluster | undefined): Promise<void> {
  for (const open of [...(cluster === undefined ? [] : [() => onPostgres(cluster)]), onEmbedded]) {
    const setting = await open();
    try {
      showResults(await facilityReadings(setting, 100_000));
    } finally {
      await setting.close();
    }
  }
}

let orders = 0;

function asker(url: string, apiKey?: string): (path: string, body: unknown) => Promise<{ id: string }> {
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return async (path, body) => {
    const headers = { "content-type": "application/json", "idempotency-key": `bench-${orders++}`, ...authorization };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
}

/** The milliseconds of each call, the least first, as a caller in a process of its own has them. */
async function callAgain(of: Pick<OfferOrder, "url" | "key" | "body">): Promise<number[]> {
  const order: OfferOrder = { ...of, first: 50, calls: 500 };
  const { stdout } = await run(process.execPath, [client, JSON.stringify(order)]);
  return (JSON.parse(stdout) as number[]).sort((a, b) => a - b);
}

function report(name: string, sorted: readonly number[]): void {
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(1);
  const ofLimit = (sorted[Math.floor(sorted.length * 0.99)]! / 25).toFixed(2);
  console.log(`  ${name.padEnd(33)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${ofLimit} of limit`);
}

function benchBase(): void {
  const none = new Map<string, string>();
  const positions = Array.from(
    { length: 100_000 },
    (_, i): BasePosition => ({
      debtorId: `D${i % 5000}`,
      balanceMinor: minor(10_000n + BigInt(i) * 7n),
      ageDays: i % 120,
      disputedMinor: zeroMinor,
      flags: none,
    }),
  );
  const policy = {
    currency: "USD",
    maxAgeDays: 90,
    crossAge: { threshold: fraction("0.25"), orAt: false },
    concentration: { limit: fraction("0.10"), of: "gross" as const },
    steps: ["over_age", "cross_age", "foreign", "disputed", "contra", "credit_limit", "concentration"],
  };
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    borrowingBase(positions, new Map(), policy);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  console.log(
    `factoring: base over 100,000 open invoices  ${times[2]!.toFixed(0)} ms (under 1,000 is asked), median of 5`,
  );
}

// alone: node dist/bench/factoring.js
if (process.argv[1] === fileURLToPath(import.meta.url)) await benchFactoring();
