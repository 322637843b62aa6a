import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BasePosition, borrowingBase } from "../src/factoring/borrowing-base.js";
import { fraction } from "../src/money/fraction.js";
import { minor, zeroMinor } from "../src/money/money.js";
import { facilityReadings } from "./facility-book.js";
import { durableCluster, onEmbedded, onPostgres, showResults } from "./ledger-setting.js";

const bin = fileURLToPath(new URL("../../bin/netback.js", import.meta.url));

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
  const folder = await mkdtemp(join(tmpdir(), "netback-bench-"));
  const { DATABASE_URL: _, ...own } = process.env;
  const env = { ...own, NETBACK_HOME: join(folder, "home"), PORT: "0", LOG_LEVEL: "silent" };
  const child = spawn(process.execPath, [bin, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    let out = "";
    for await (const text of child.stdout.setEncoding("utf8")) {
      out += text;
      if (/http:\/\/\S+/.test(out)) break;
    }
    const ask = asker(/http:\/\/\S+/.exec(out)![0]);
    console.log("factoring: an offer for 100 invoices over HTTP (p99 under 25 ms is asked)");
    const body = { terms: { ...terms, as_of: "2026-01-20" }, invoices };
    report("from JSON", await measured(() => ask("/v1/calculations/factoring-offer", body)));
    for (const debtor_id of new Set(invoices.map((invoice) => invoice.debtor_id))) {
      await ask("/v1/debtors", { debtor_id });
    }
    const facility = await ask("/v1/facilities", { name: "Bench", seller: "Bench", terms });
    const schedule = await ask(`/v1/facilities/${facility.id}/schedules`, { invoices });
    await ask(`/v1/schedules/${schedule.id}/check`, {});
    await ask(`/v1/schedules/${schedule.id}/approve`, {});
    report("from the books, kept", await measured(() => ask(`/v1/schedules/${schedule.id}/offer`, {})));
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
    await rm(folder, { recursive: true });
  }
  benchBase();
  await benchReadings();
}

/** Aging and base of a facility with 100,000 open invoices, on both databases, beside a bare select of the same rows. */
async function benchReadings(): Promise<void> {
  const cluster = await durableCluster();
  try {
    for (const open of [...(cluster === undefined ? [] : [() => onPostgres(cluster)]), onEmbedded]) {
      const setting = await open();
      try {
        showResults(await facilityReadings(setting, 100_000));
      } finally {
        await setting.close();
      }
    }
  } finally {
    await cluster?.stop();
  }
}

function asker(url: string): (path: string, body: unknown) => Promise<{ id?: string }> {
  let key = 0;
  return async (path, body) => {
    const headers = { "content-type": "application/json", "idempotency-key": `bench-${key++}` };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    const document = (await answer.json()) as { id?: string };
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(document)}`);
    return document;
  };
}

async function measured(what: () => Promise<unknown>): Promise<number[]> {
  for (let k = 0; k < 50; k++) await what();
  const milliseconds: number[] = [];
  for (let k = 0; k < 500; k++) {
    const start = performance.now();
    await what();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds.sort((a, b) => a - b);
}

function report(name: string, sorted: readonly number[]): void {
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(1);
  const ofLimit = (sorted[Math.floor(sorted.length * 0.99)]! / 25).toFixed(2);
  console.log(`  ${name.padEnd(22)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${ofLimit} of limit`);
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
