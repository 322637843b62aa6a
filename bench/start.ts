import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);
const bin = fileURLToPath(new URL("../../bin/netback.js", import.meta.url));

/** Seconds from the start of `netback serve` to its first answer that it is ready; then it is stopped. */
async function startServer(home: string): Promise<number> {
  const { DATABASE_URL: _, ...own } = process.env;
  const start = performance.now();
  const env = { ...own, NETBACK_HOME: home, PORT: "0", LOG_LEVEL: "silent" };
  const child = spawn(process.execPath, [bin, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    out += text;
    if (/http:\/\/\S+/.test(out)) break;
  }
  const url = /http:\/\/\S+/.exec(out)?.[0];
  if (url === undefined) throw new Error("the server ended before it listened");
  const ready = await fetch(`${url}/readyz`);
  if (!ready.ok) throw new Error(`not ready: ${ready.status}`);
  const seconds = (performance.now() - start) / 1000;
  child.kill("SIGTERM");
  await once(child, "exit");
  return seconds;
}

async function help(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [bin, "--help"], { stdio: "ignore" });
  await once(child, "exit");
  return (performance.now() - start) / 1000;
}

async function middleOf(times: number, what: () => Promise<number>): Promise<number> {
  const measures: number[] = [];
  for (let k = 0; k < times; k++) measures.push(await what());
  return measures.sort((a, b) => a - b)[Math.floor(times / 2)]!;
}

/** How long the server takes to answer on a new embedded database and on one that is there, and how long `--help` takes. */
export async function benchStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "netback-bench-"));
  try {
    const home = join(folder, "home");
    const first = await startServer(home);
    const next = await middleOf(3, () => startServer(home));
    const answered = await middleOf(5, help);
    console.log("start: netback serve on the embedded database, to the first answer of /readyz");
    console.log(`  first time  ${first.toFixed(2)} s (under 5 is asked)`);
    console.log(`  next time   ${next.toFixed(2)} s (under 2 is asked), median of 3`);
    console.log(`  --help      ${(answered * 1000).toFixed(0)} ms, median of 5`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] === self) await benchStart();
