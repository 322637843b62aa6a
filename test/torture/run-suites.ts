import { spawn } from "node:child_process";
import { once } from "node:events";
import { projectFolder } from "../cli/run-netback.js";
import { notRun, type PartResult, resultOf } from "./report.js";

/** A part that is a suite of `npm test`, run longer: its files, and what tells them how long. */
export interface SuitePart {
  readonly part: string;
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** milliseconds after which it is ended, and counts as not run */
  readonly limitMs: number;
}

/** a timer of more than that goes off at once */
const longestTimerMs = 2 ** 31 - 1;

/** Runs suites in a process of their own; every test is a round, and each that fails is a fault. */
export async function runSuites({ part, files, env, limitMs }: SuitePart): Promise<PartResult> {
  const paths = files.map((file) => `dist/test/${file}.test.js`);
  const args = ["node_modules/mocha/bin/mocha.js", "--reporter", "json", "--timeout", "600000", ...paths];
  const child = spawn(process.execPath, args, { cwd: projectFolder, env: { ...process.env, ...env } });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), Math.min(limitMs, longestTimerMs));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(limit);
  if (signal === "SIGKILL") return notRun(part, `ended after ${(limitMs / 1000).toFixed(0)} s`);
  // suites print lines of their own before the report
  const start = out.indexOf('{\n  "stats"');
  if (start < 0)
    return resultOf(part, { rounds: 0, audits: [], faults: [`mocha ended ${code}: ${err.slice(0, 500)}`] });
  const { stats, failures } = JSON.parse(out.slice(start)) as {
    stats: { passes: number; failures: number };
    failures: { fullTitle: string; err: { message: string } }[];
  };
  const faults = failures.map((one) => `${one.fullTitle}: ${one.err.message}`);
  if (stats.passes + stats.failures === 0) faults.push("no test was run");
  return resultOf(part, { rounds: stats.passes + stats.failures, audits: [], faults, note: "tests" });
}
