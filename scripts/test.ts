/**
 * `npm test`: the whole suite on the embedded engine, and on PostgreSQL too: the server of TEST_DATABASE_URL, or a
 * private one that is started here and stopped at the end. The last line is the count.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import Mocha from "mocha";
import { type Cluster, findServerPrograms, startCluster } from "./postgres-cluster.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Whose files run longest, for they start processes: they begin, so that at the end no worker waits for another. */
const longest = ["cli", "torture"];

/** The compiled tests whose source still exists: the compiler leaves the output of a deleted file behind. */
function testFiles(): string[] {
  const folder = join(root, "dist", "test");
  const isLong = (name: string) => longest.includes(name.split(sep)[0]!);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.js"))
    .filter((name) => existsSync(join(root, "test", name.replace(/\.js$/, ".ts"))))
    .sort((a, b) => Number(isLong(b)) - Number(isLong(a)) || (a < b ? -1 : 1))
    .map((name) => join(folder, name));
}

async function openCluster(): Promise<Cluster | undefined> {
  if (process.env.TEST_DATABASE_URL !== undefined) {
    console.log("databases: embedded PGlite, and PostgreSQL at TEST_DATABASE_URL");
    return undefined;
  }
  const programs = findServerPrograms();
  if (programs === undefined) {
    console.log("databases: embedded PGlite ONLY. The PostgreSQL tests do not run: no initdb on the PATH or in");
    console.log("/usr/lib/postgresql, and TEST_DATABASE_URL is not set.");
    return undefined;
  }
  try {
    const cluster = await startCluster(programs);
    console.log(`databases: embedded PGlite, and a private PostgreSQL ${cluster.version} from ${programs}`);
    process.env.TEST_DATABASE_URL = cluster.url;
    return cluster;
  } catch (error) {
    console.log(`databases: embedded PGlite ONLY. The PostgreSQL tests do not run: ${String(error)}`);
    return undefined;
  }
}

interface Totals {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

/** Two files at a time: most of them wait for a database. */
function runTests(files: readonly string[]): Promise<Totals> {
  const { timeout } = JSON.parse(readFileSync(join(root, ".mocharc.json"), "utf8")) as { timeout: number };
  const mocha = new Mocha({ parallel: true, jobs: 2, reporter: "spec", timeout });
  for (const file of files) mocha.addFile(file);
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Totals));
  });
}

const files = testFiles();
const cluster = await openCluster();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await cluster?.stop();
    process.exit(1);
  });
}
try {
  const { passes, failures, pending } = await runTests(files);
  process.exitCode = failures === 0 && passes > 0 ? 0 : 1;
  console.log(`tests: ${passes} passed, ${failures} failed, ${pending} skipped`);
} finally {
  await cluster?.stop();
}
