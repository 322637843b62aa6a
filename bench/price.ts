import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { run } from "../src/main.js";
import { writeBenchTape } from "./tape-file.js";

const self = fileURLToPath(import.meta.url);
const runs = 5;

interface Measure {
  /** from the start of the process to its end */
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** What one process does: DuckDB's own load into typed columns and nothing more, or the whole of `netback price --json`. */
const tasks: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  duckdb: async (file) => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    return connection.run("CREATE TABLE tape AS SELECT * FROM read_csv($1)", [file]);
  },
  price: (file) => run(["price", file, "--as-of", "2026-10-20", "--json"]),
};

/** The child's half: does the task and says its peak memory on standard error, for standard output is the answer's. */
async function doHere(task: string, file: string): Promise<void> {
  await tasks[task]!(file);
  process.stderr.write(JSON.stringify({ peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
}

async function measure(task: string, file: string): Promise<Measure> {
  const start = performance.now();
  const child = spawn(process.execPath, [self, task, file], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.resume();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as [number];
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${task} ended with ${code}: ${said}`);
  return { seconds, ...(JSON.parse(said) as { peakMegabytes: number }) };
}

function median(measures: readonly Measure[], of: (measure: Measure) => number): number {
  return measures.map(of).sort((a, b) => a - b)[Math.floor(measures.length / 2)]!;
}

/** A million rows of CSV to the whole price document, beside DuckDB's own load of the same file, turn by turn. */
export async function benchPrice(rows = 1_000_000): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "netback-bench-"));
  try {
    const file = join(folder, "tape.csv");
    await writeBenchTape(file, rows);
    const megabytes = (await stat(file)).size / 1e6;
    const measures: { peer: Measure[]; ours: Measure[] } = { peer: [], ours: [] };
    for (let k = 0; k < runs; k++) {
      measures.peer.push(await measure("duckdb", file));
      measures.ours.push(await measure("price", file));
    }
    const row = (name: string, of: readonly Measure[]) =>
      `  ${name.padEnd(26)}${median(of, (m) => m.seconds)
        .toFixed(2)
        .padStart(6)} s ${median(of, (m) => m.peakMegabytes)
        .toFixed(0)
        .padStart(6)} MB peak`;
    console.log(
      `price: ${rows} rows, ${megabytes.toFixed(0)} MB of CSV, medians of ${runs} fresh processes, start to end`,
    );
    console.log(row("DuckDB's own typed load", measures.peer));
    console.log(row("netback price --json", measures.ours));
    const ratio = median(measures.ours, (m) => m.seconds) / median(measures.peer, (m) => m.seconds);
    console.log(`  ratio ${ratio.toFixed(2)} (at most 2), peak under 1,000 MB is asked`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] === self) {
  const [task, file] = process.argv.slice(2);
  if (task !== undefined && file !== undefined) await doHere(task, file);
  else await benchPrice();
}
