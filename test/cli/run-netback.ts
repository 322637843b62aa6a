import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../../bin/netback.js", import.meta.url));
export const projectFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** What the demo comes to, to the cent, on either engine: 116,514.00 - 21,572.32 - 7,944.00 = 86,997.68. */
export const demoFigures = {
  gross: "116514.00",
  commission: "21572.32",
  costs: "7944.00",
  net_back: "86997.68",
} as const;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a real `netback` in a process of its own and waits for its end. */
export function netback(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [bin, ...args], options);
}

export async function run(program: string, args: readonly string[], { env = {}, cwd }: RunOptions = {}): Promise<Ran> {
  const { DATABASE_URL: _, ...own } = process.env;
  const child = spawn(program, args, { env: { ...own, ...env }, ...(cwd === undefined ? {} : { cwd }) });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

/** A running server: where it listens, and how to stop it. */
export interface Served {
  readonly url: string;
  readonly pid: number;
  /** tells it to stop and waits for its end */
  stop(): Promise<Ran>;
  /** ends it as a power cut would, without a word, and waits until it is gone */
  kill(): Promise<void>;
}

/** Starts `netback serve` on a free port and waits for the line with its address. */
export async function serve(environment: Readonly<Record<string, string>>): Promise<Served> {
  const { DATABASE_URL: _, ...own } = process.env;
  const env = { ...own, PORT: "0", LOG_LEVEL: "silent", ...environment };
  const child = spawn(process.execPath, [bin, "serve"], { env });
  let [out, err] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close") as Promise<[number]>;
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const found = /http:\/\/\S+/.exec(out);
      if (found) resolve(found[0]);
    });
    ended.then(() => reject(new Error(`the server ended before it listened: ${err}`)), reject);
  });
  return {
    url,
    pid: child.pid!,
    async stop() {
      child.kill("SIGTERM");
      const [code] = await ended;
      return { code, out, err };
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
