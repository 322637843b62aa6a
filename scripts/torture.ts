/**
 * `npm run torture [-- --seed N --minutes M --only PART --full]`: servers and databases are killed, connections are
 * cut, callers cross each other, and the books are held against what callers were told and against a reference. Bounded:
 * no part begins a round after its share of the minutes (8 unless told), and a part for which none are left is said not to
 * have run. `--full` is not bounded: it adds a soak of millions of postings and takes a million rows for the bad ones. Every fault is printed with the seed; the exit code is 1 if there is one.
 */
import { parseArgs } from "node:util";
import { cutConnections } from "../test/torture/cut-connections.js";
import { type Installation, installEmbedded, installPostgres } from "../test/torture/installation.js";
import { killDatabase } from "../test/torture/kill-database.js";
import { killServer } from "../test/torture/kill-server.js";
import { poisonedRows } from "../test/torture/poison.js";
import { type Extent, notRun, type PartResult } from "../test/torture/report.js";
import { reverseAtOnce } from "../test/torture/reversals.js";
import { runSuites } from "../test/torture/run-suites.js";
import { secondOpener } from "../test/torture/second-opener.js";
import { soak } from "../test/torture/soak.js";
import { conflicts, deadlockStorm } from "../test/torture/storm.js";
import { type Cluster, findServerPrograms, startCluster } from "./postgres-cluster.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "20261122" },
    minutes: { type: "string", default: "8" },
    only: { type: "string" },
    full: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const minutes = Number(values.minutes);
if (!Number.isSafeInteger(seed) || !(minutes > 0)) throw new Error("--seed is a whole number, --minutes more than 0");
const callers = 8;

interface Part {
  readonly name: string;
  /** share of the time, of 100 */
  readonly share: number;
  readonly needsPostgres: boolean;
  /** too long for every day */
  readonly onlyFull?: boolean;
  run(extent: Extent, cluster: Cluster | undefined): Promise<PartResult[]>;
}

/** Rounds that eight minutes have time for on two cores; more minutes, more rounds. */
const rounds = (many: number) => Math.max(1, Math.round((many * minutes) / 8));

async function onPostgres(work: (installation: Installation) => Promise<PartResult[]>): Promise<PartResult[]> {
  const installation = await installPostgres(callers);
  try {
    return await work(installation);
  } finally {
    await installation.remove();
  }
}

async function onEmbedded(work: (installation: Installation) => Promise<PartResult[]>): Promise<PartResult[]> {
  const installation = await installEmbedded();
  try {
    return await work(installation);
  } finally {
    await installation.remove();
  }
}

const begun = performance.now();
const leftMs = () => (values.full ? Number.MAX_SAFE_INTEGER : begun + minutes * 60_000 - performance.now());

const suite = (part: string, files: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runSuites({ part, files, env, limitMs: Math.max(1, leftMs()) }).then((result) => [result]);

const parts: readonly Part[] = [
  {
    name: "reference",
    share: 16,
    needsPostgres: false,
    run: () =>
      suite("random lives against the reference", ["torture/reference"], {
        TORTURE_SEED: String(seed),
        TORTURE_LIVES: "1000",
        TORTURE_SECONDS: String(Math.ceil((minutes * 60 * 16) / 100 / 2)),
      }),
  },
  {
    name: "kill-server",
    share: 12,
    needsPostgres: true,
    run: (extent) => onPostgres(async (place) => [await killServer(place, { ...extent, rounds: rounds(12) })]),
  },
  {
    name: "kill-embedded",
    share: 12,
    needsPostgres: false,
    run: (extent) => onEmbedded(async (place) => [await killServer(place, { ...extent, rounds: rounds(6) })]),
  },
  {
    name: "kill-database",
    share: 12,
    needsPostgres: true,
    run: (extent, cluster) =>
      onPostgres(async (place) => [await killDatabase(place, cluster!, { ...extent, rounds: rounds(12) })]),
  },
  {
    name: "cut",
    share: 10,
    needsPostgres: true,
    run: (extent) => onPostgres((place) => cutConnections(place, { ...extent, rounds: rounds(10) })),
  },
  {
    name: "cut-embedded",
    share: 5,
    needsPostgres: false,
    run: (extent) => onEmbedded((place) => cutConnections(place, { ...extent, rounds: rounds(4) })),
  },
  {
    name: "deadlocks",
    share: 8,
    needsPostgres: true,
    run: (extent) => onPostgres(async (place) => [await deadlockStorm(place, { ...extent, rounds: rounds(12) })]),
  },
  {
    name: "conflicts",
    share: 6,
    needsPostgres: true,
    run: (extent) => onPostgres((place) => conflicts(place, { ...extent, rounds: rounds(10), callers: 4 })),
  },
  {
    name: "reversals",
    share: 4,
    needsPostgres: true,
    run: async (extent) => [
      ...(await onPostgres(async (place) => [await reverseAtOnce(place, { ...extent, rounds: rounds(8) })])),
      ...(await onEmbedded(async (place) => [await reverseAtOnce(place, { ...extent, rounds: 1 })])),
    ],
  },
  {
    name: "close",
    share: 4,
    needsPostgres: false,
    run: () =>
      suite("late entries against a concurrent close", ["desk/close-race"], {
        TORTURE_CLOSES: String(Math.max(6, rounds(24))),
      }),
  },
  {
    name: "folder",
    share: 3,
    needsPostgres: false,
    run: async () => [await secondOpener(1)],
  },
  {
    name: "bad-rows",
    share: 8,
    needsPostgres: true,
    run: () => onPostgres(async (place) => [await poisonedRows(place, values.full ? 1_000_000 : 100_000)]),
  },
  {
    name: "soak",
    share: 0,
    needsPostgres: true,
    onlyFull: true,
    run: () => onPostgres(async (place) => [await soak(place, 5_000_000)]),
  },
  {
    name: "edges",
    share: 6,
    needsPostgres: false,
    run: () => suite("amounts at the edges", ["torture/edges"]),
  },
  {
    name: "fuzz",
    share: 8,
    needsPostgres: false,
    run: () =>
      suite("every endpoint fuzzed", ["http/fuzz"], { FUZZ_RUNS: String(rounds(40)), FUZZ_SEED: String(seed) }),
  },
  {
    name: "tenants",
    share: 4,
    needsPostgres: false,
    run: () => suite("tenants swept over every endpoint", ["http/book", "desk/tenants"]),
  },
];

function table(results: readonly PartResult[]): string {
  const heads = ["part", "rounds", "acknowledged", "lost", "doubled", "verdict", ""];
  const lines = results.map((one) => [
    one.part,
    String(one.rounds),
    String(one.acknowledged),
    String(one.lost),
    String(one.doubled),
    one.faults.length > 0 ? "BROKEN" : one.ran ? "held" : "not run",
    one.note,
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]!.length)));
  const written = (line: readonly string[]) =>
    line.map((cell, i) => (i > 0 && i < 5 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join("  ");
  return [heads, ...lines].map((line) => written(line).trimEnd()).join("\n");
}

/** A part that throws has failed as much as one that finds a fault. */
async function runPart(part: Part, cluster: Cluster | undefined): Promise<PartResult[]> {
  if (leftMs() <= 0) return [notRun(part.name, "no time was left")];
  const until = performance.now() + (minutes * 60_000 * part.share) / 100;
  try {
    return await part.run({ seed, rounds: 1, callers, until }, cluster);
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ part: part.name, rounds: 0, acknowledged: 0, lost: 0, doubled: 0, note: "", ran: true, faults: [fault] }];
  }
}

const programs = findServerPrograms();
const cluster = programs === undefined ? undefined : await startCluster(programs, { durable: true });
if (cluster !== undefined) process.env.TEST_DATABASE_URL = cluster.url;
else console.log("PostgreSQL cannot be started here: only the embedded database is tortured.");
console.log(`seed ${seed}, ${minutes} minutes`);
const results: PartResult[] = [];
try {
  for (const part of parts) {
    if (part.onlyFull === true && !values.full) continue;
    if ((values.only !== undefined && values.only !== part.name) || (part.needsPostgres && cluster === undefined))
      continue;
    const started = performance.now();
    const came = await runPart(part, cluster);
    console.log(`${part.name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    results.push(...came);
  }
} finally {
  await cluster?.stop();
}
console.log(`\n${table(results)}\n`);
const broken = results.filter(({ faults }) => faults.length > 0);
for (const { part, faults } of broken) {
  console.log(`${part}:`);
  for (const fault of faults.slice(0, 10)) console.log(`  ${fault}`);
}
const seconds = ((performance.now() - begun) / 1000).toFixed(0);
console.log(
  `${results.length} parts in ${seconds} s, seed ${seed}: ${broken.length === 0 ? "all held" : `${broken.length} BROKEN`}`,
);
process.exitCode = broken.length === 0 && results.length > 0 ? 0 : 1;
