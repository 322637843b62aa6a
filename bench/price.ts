import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { writeBenchTape } from "./tape-file.js";

const self = fileURLToPath(import.meta.url);
const bin = fileURLToPath(new URL("../../bin/netback.js", import.meta.url));
const runs = 5;

interface Measure {
  /** from the start of the process to its end */
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Loads a file as DuckDB itself does it, into typed columns, and nothing more. */
async function loadAlone(file: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("CREATE TABLE tape AS SELECT * FROM read_csv($1)", [file]);
}

const tasks: Readonly<Record<"peer" | "ours", (file: string) => string[]>> = {
  peer: (file) => [self, file],
  ours: (file) => [bin, "price", file, "--as-of", "2026-10-20", "--json"],
};

async function measure(task: "peer" | "ours", file: string): Promise<Measure> {
  const start = performance.now();
  const child = spawn(process.execPath, tasks[task](file), { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.resume();
  let peakMegabytes = Number.NaN;
  const watch = setInterval(() => {
    peakMegabytes = peakOf(child.pid!) ?? peakMegabytes;
  }, 50);
  const [code] = (await once(child, "close")) as [number];
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  if (code !== 0) throw new Error(`${task} ended with ${code}`);
  return { seconds, peakMegabytes };
}

/** The most memory that a process has held so far, where the system tells it. */
function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
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
      measures.peer.push(await measure("peer", file));
      measures.ours.push(await measure("ours", file));
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
  const file = process.argv[2];
  if (file !== undefined) await loadAlone(file);
  else await benchPrice();
}
