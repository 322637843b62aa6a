import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import pg from "pg";
import type { Installation } from "./installation.js";
import { buyBook, jobResult, type LoadBook, type Target } from "./ledger-load.js";
import { type PartResult, resultOf } from "./report.js";

const fileRows = 100_000;

/** What a full book must still be asked by an index: the main queries, by the tables that grow. */
const queries: readonly (readonly [what: string, sql: string])[] = [
  [
    "trial balance",
    "select account_code, sum(debit_minor - credit_minor) from ledger_balance where portfolio_id = $1 group by 1",
  ],
  ["entries, a page", "select * from entry where portfolio_id = $1 and sequence > 1000 order by sequence limit 101"],
  ["postings of an entry", "select * from posting where portfolio_id = $1 and sequence = 1000"],
  [
    "payments of a receivable",
    "select * from payment where portfolio_id = $1 and receivable_no = 3 order by sequence limit 101",
  ],
  ["a payment by its number", "select * from payment where portfolio_id = $1 and external_id = 's1-77'"],
  ["what came back of a payment", "select * from payment where portfolio_id = $1 and reverses_sequence = 1000"],
];

/**
 * Files of a hundred thousand payments, one after the other, into one portfolio. The server's memory must find a level,
 * each file must cost no more than the early ones, each posting no more disk, and no main query may fall back to reading
 * a growing table from end to end.
 */
export async function soak(installation: Installation, payments: number): Promise<PartResult> {
  const server = await installation.serve();
  const book = await buyBook(server.target, installation.tenantId, "W");
  const files = Math.max(6, Math.ceil(payments / fileRows));
  const faults: string[] = [];
  const seconds: number[] = [];
  const residentMb: number[] = [];
  for (let n = 0; n < files; n++) {
    const begun = performance.now();
    const result = (await jobResult(server.target, await sendFile(server.target, book, n))) as { recorded: number };
    if (result.recorded !== fileRows) faults.push(`file ${n}: ${result.recorded} recorded`);
    seconds.push((performance.now() - begun) / 1000);
    residentMb.push(memoryOf(server.pid));
  }
  await server.stop();
  const third = Math.floor(files / 3);
  const middle = Math.max(...residentMb.slice(third, 2 * third));
  const last = Math.max(...residentMb.slice(-third));
  if (last > middle * 1.3) faults.push(`the server's memory went from ${middle} to ${last} MB and on`);
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
  if (mean(seconds.slice(-third)) > 2 * mean(seconds.slice(0, third)))
    faults.push(`files took ${seconds.map((one) => one.toFixed(0)).join(", ")} s`);
  const grown = await lookAt(installation, book, faults);
  const [early, late] = [mean(seconds.slice(0, third)), mean(seconds.slice(-third))].map((one) => one.toFixed(1));
  const note =
    `${files * fileRows} payments, ${grown.postings} postings, ${grown.bytes} bytes each; ` +
    `${middle} MB in the middle, ${last} at the end; ${early} s a file at first, ${late} at last`;
  const audits = [{ acknowledged: files * fileRows, lost: 0, doubled: 0, faults: [] }];
  return resultOf(`soak [${installation.engine}]`, { rounds: files, audits, faults, note });
}

async function sendFile(target: Target, book: LoadBook, n: number): Promise<string> {
  function* lines() {
    let chunk = "account_number,amount,paid_on,external_id\n";
    for (let row = 0; row < fileRows; row++) {
      const account = `W-${String(1 + (row % 40)).padStart(3, "0")}`;
      chunk += `${account},0.01,2026-0${1 + (n % 3)}-${String(10 + (row % 18)).padStart(2, "0")},s${n}-${row}\n`;
      if (chunk.length < 65_536) continue;
      yield Buffer.from(chunk);
      chunk = "";
    }
    yield Buffer.from(chunk);
  }
  const response = await fetch(
    `${target.url}/v1/payments/batch?portfolio_id=${book.portfolioId}&file_name=soak-${n}.csv`,
    {
      method: "POST",
      headers: {
        "content-type": "text/csv",
        "idempotency-key": `soak-${n}`,
        authorization: `Bearer ${target.keys[0]}`,
      },
      body: Readable.toWeb(Readable.from(lines())) as unknown as string,
      duplex: "half",
    } as RequestInit,
  );
  if (response.status !== 202) throw new Error(`the file was answered ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** Resident memory of a process in megabytes, where the system tells. */
function memoryOf(pid: number): number {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Math.round(Number(line?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** Looks at the plans and the size of the tables; returns how many postings there are, and the bytes of one with its indexes. */
async function lookAt(
  installation: Installation,
  book: LoadBook,
  faults: string[],
): Promise<{ postings: number; bytes: number }> {
  const client = new pg.Client({ connectionString: installation.ownerUrl });
  await client.connect();
  try {
    await client.query("analyze");
    for (const [what, sql] of queries) {
      const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${sql}`, [book.portfolioId]);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      if (/Seq Scan on (entry|posting|payment)\b/.test(plan)) faults.push(`${what} reads a whole table: ${plan}`);
    }
    const { rows } = await client.query<{ postings: string; bytes: string }>(
      "select count(*) as postings, pg_total_relation_size('posting') / greatest(1, count(*)) as bytes from posting",
    );
    return { postings: Number(rows[0]!.postings), bytes: Number(rows[0]!.bytes) };
  } finally {
    await client.end();
  }
}
