import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { parseDay } from "../src/calendar/day.js";
import { readTape } from "../src/tape/tape.js";
import { writeBenchTape } from "./tape-file.js";

const run = promisify(execFile);
const self = fileURLToPath(import.meta.url);
const runs = 3;

interface Measure {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** What one process does: DuckDB's own load into typed columns, or our reading of the tape. */
const tasks: Readonly<Record<string, (file: string, workFolder: string) => Promise<unknown>>> = {
  duckdb: async (file) => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    return await connection.run("CREATE TABLE tape AS SELECT * FROM read_csv($1)", [file]);
  },
  netback: (file, workFolder) => readTape(file, { currency: "USD", asOf: parseDay("2026-10-20"), workFolder }),
};

async function measureHere(task: string, file: string): Promise<void> {
  const workFolder = await mkdtemp(join(tmpdir(), "netback-bench-job-"));
  const start = performance.now();
  await tasks[task]!(file, workFolder);
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 } satisfies Measure));
  await rm(workFolder, { recursive: true });
}

/** Medians over fresh processes: a warm engine or a warm heap would flatter whoever comes second. */
async function measure(task: string, file: string): Promise<Measure> {
  const measures: Measure[] = [];
  for (let k = 0; k < runs; k++) {
    const { stdout } = await run(process.execPath, [self, task, file]);
    measures.push(JSON.parse(stdout) as Measure);
  }
  const median = (of: (measure: Measure) => number): number =>
    measures.map(of).sort((a, b) => a - b)[Math.floor(runs / 2)]!;
  return { seconds: median((m) => m.seconds), peakMegabytes: median((m) => m.peakMegabytes) };
}

/** Reading a tape of a million rows and 15 columns, beside DuckDB's own load of the same file in the same run. */
export async function benchTape(rows = 1_000_000): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "netback-bench-"));
  try {
    const file = join(folder, "tape.csv");
    await writeBenchTape(file, rows);
    const megabytes = (await stat(file)).size / 1e6;
    const peer = await measure("duckdb", file);
    const ours = await measure("netback", file);
    const row = (name: string, m: Measure): string =>
      `  ${name.padEnd(26)}${m.seconds.toFixed(2).padStart(6)} s ${m.peakMegabytes.toFixed(0).padStart(6)} MB peak`;
    console.log(`tape: ${rows} rows, ${megabytes.toFixed(0)} MB of CSV, medians of ${runs} fresh processes`);
    console.log(row("DuckDB's own typed load", peer));
    console.log(row("readTape", ours));
    console.log(`  ratio ${(ours.seconds / peer.seconds).toFixed(2)}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] === self) {
  const [task, file] = process.argv.slice(2);
  if (task !== undefined && file !== undefined) await measureHere(task, file);
  else await benchTape();
}
