import { Readable } from "node:stream";
import type { Store } from "../../src/store/store.js";
import type { Installation } from "./installation.js";
import { ask, buyBook, jobResult, type LoadBook, type Target } from "./ledger-load.js";
import { type PartResult, resultOf } from "./report.js";

/** Rows that must be left out, each by its number, and no other: they stand in the middle of good ones. */
const poisons: readonly (readonly [row: (number: string) => string, code: string])[] = [
  [(number) => `none,1.00,2026-02-01,${number}`, "receivable_unknown"],
  [(number) => `P-001,92233720368547758.08,2026-02-01,${number}`, "amount_out_of_range"],
  [(number) => `P-001,NaN,2026-02-01,${number}`, "invalid_request"],
  [(number) => `P-001,1.005,2026-02-01,${number}`, "amount_invalid"],
  [(number) => `P-001,1.00,2026-02-30,${number}`, "invalid_request"],
  [() => "\0\u0001\ufffd", "malformed_request"],
  [(number) => `P-001,0.00,2026-02-01,${number}`, "amount_invalid"],
];

interface Poisoned {
  readonly rows: number;
  readonly lines: () => Iterable<string>;
  /** number of the row and the code it is refused with */
  readonly bad: ReadonlyMap<number, string>;
}

function poisonedFile(rows: number): Poisoned {
  const first = Math.floor(rows / 2);
  const bad = new Map(poisons.map(([, code], i) => [first + i, code]));
  function* lines() {
    yield "account_number,amount,paid_on,external_id\n";
    for (let row = 1; row <= rows; row++) {
      const poison = poisons[row - first];
      const account = `P-${String(1 + (row % 30)).padStart(3, "0")}`;
      yield poison === undefined ? `${account},0.01,2026-02-01,x${row}\n` : `${poison[0](`x${row}`)}\n`;
    }
  }
  return { rows, lines, bad };
}

async function sendFile(target: Target, query: string, file: Poisoned, key: string): Promise<string> {
  const authorization = target.keys[0] === undefined ? {} : { authorization: `Bearer ${target.keys[0]}` };
  const response = await fetch(`${target.url}/v1/payments/batch?${query}`, {
    method: "POST",
    headers: { "content-type": "text/csv", "idempotency-key": key, ...authorization },
    body: Readable.toWeb(Readable.from(chunksOf(file.lines()))) as unknown as string,
    duplex: "half",
  } as RequestInit);
  const text = await response.text();
  if (response.status !== 202) throw new Error(`the file was answered ${response.status} ${text}`);
  return JSON.parse(text).id as string;
}

function* chunksOf(lines: Iterable<string>): Generator<Buffer> {
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < 65_536) continue;
    yield Buffer.from(chunk);
    chunk = "";
  }
  yield Buffer.from(chunk);
}

/**
 * A file of payments with bad rows in its very middle. By skipping: every good row is recorded, every bad one is named
 * with its number and the reason. All or nothing: nothing is.
 */
export async function poisonedRows(installation: Installation, rows: number): Promise<PartResult> {
  const server = await installation.serve();
  const { target } = server;
  const book = await buyBook(target, installation.tenantId, "P");
  const file = poisonedFile(rows);
  const faults: string[] = [];
  const begun = performance.now();
  const query = `portfolio_id=${book.portfolioId}&file_name=poison.csv`;

  const atomic = await jobEnd(target, await sendFile(target, `${query}&mode=atomic`, file, "poison-atomic"));
  if (atomic.error?.code !== "rows_refused")
    faults.push(`all or nothing ended ${JSON.stringify(atomic).slice(0, 300)}`);

  const skipped = (await jobResult(target, await sendFile(target, query, file, "poison-skip"))) as {
    recorded: number;
    skipped: number;
    refused: { row: number; code: string }[];
  };
  const seconds = (performance.now() - begun) / 1000;
  const named = new Map(skipped.refused.map(({ row, code }) => [row, code]));
  for (const [row, code] of file.bad) {
    if (named.get(row) !== code) faults.push(`row ${row} should be refused with ${code}: ${named.get(row)}`);
  }
  if (skipped.skipped !== file.bad.size) faults.push(`${skipped.skipped} rows were left out, not ${file.bad.size}`);
  await server.stop();
  const store = await installation.open();
  try {
    const good = rows - file.bad.size;
    const kept = await countKept(store, book);
    if (kept.sum !== BigInt(good)) faults.push(`${kept.sum} cents came in, not ${good}`);
    const audits = [
      {
        acknowledged: good,
        lost: Math.max(0, good - kept.payments),
        doubled: Math.max(0, kept.payments - good),
        faults: [],
      },
    ];
    const note = `${rows} rows, ${file.bad.size} bad, ${seconds.toFixed(0)} s for both ways`;
    return resultOf(`bad rows in a big file [${installation.engine}]`, { rounds: 2, audits, faults, note });
  } finally {
    await store.close();
  }
}

async function jobEnd(target: Target, id: string): Promise<{ state: string; error: { code: string } | null }> {
  await jobResult(target, id).catch(() => {});
  return ask(target, `/v1/jobs/${id}`);
}

async function countKept(store: Store, book: LoadBook): Promise<{ payments: number; sum: bigint }> {
  const [row] = await store.transaction({ tenantId: book.tenantId }, (tx) =>
    tx.query<{ payments: number; sum: bigint }>(
      "select count(*)::integer as payments, coalesce(sum(amount_minor), 0)::bigint as sum from payment where portfolio_id = ?",
      [book.portfolioId],
    ),
  );
  return row!;
}
