import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { CommandContext, Streams } from "./cli/context.js";
import { runProgram } from "./cli/program.js";
import type { Environment } from "./composition.js";

/**
 * The composition root: it alone has the clock, chance, the environment and the process. This half is light, for the
 * commands that need no database; the other half (store, desk, server) is loaded when a command asks for it.
 */
const composition = () => import("./composition.js");

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) closes the pipe: what is left to say is not wanted, and that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const context = contextOf(process.env, { out: process.stdout, err: process.stderr });
  return runProgram(argv, context, { version: version(), debug: Boolean(process.env.NETBACK_DEBUG) });
}

/** What the commands are given. */
export function contextOf(environment: Environment, streams: Streams): CommandContext {
  return {
    streams,
    today,
    seconds: () => performance.now() / 1000,
    randomId: () => randomBytes(10).toString("hex"),
    workFolder: tmpdir(),
    withDesk: async (work) => (await composition()).withDesk(environment, work),
    serve: async ({ port, host, json }) => {
      const order = { port, host, json: json === true, version: version() };
      await (await import("./serving.js")).serve(environment, order, streams);
    },
    migrate: async () => (await composition()).migrate(environment),
    keys: async () => (await composition()).keyRing(environment),
    examine: async () => (await composition()).examine(environment),
  };
}

/** Today where this machine is: an analyst who leaves `--as-of` out means their own calendar. */
function today(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
