import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ClientOrder, ClientReport } from "./ledger-client.js";
import {
  boughtAccounts,
  boughtPortfolio,
  quantile,
  type Result,
  type Setting,
  tenantId,
  thousands,
} from "./ledger-setting.js";

const run = promisify(execFile);
const bin = fileURLToPath(new URL("../../bin/netback.js", import.meta.url));
const client = fileURLToPath(new URL("./ledger-client.js", import.meta.url));

/** One payment a request, from 64 callers and from one, against a server in a process of its own. */
export async function singles(setting: Setting, seconds: number): Promise<Result[]> {
  const portfolioId = await boughtPortfolio(setting, 20_000);
  const accounts = join(setting.folder, "accounts.txt");
  await writeFile(accounts, (await boughtAccounts(setting, portfolioId, 20_000)).join("\n"));
  const env = {
    ...process.env,
    DATABASE_URL: setting.url!,
    NETBACK_HOME: join(setting.folder, "server"),
    PORT: "0",
    LOG_LEVEL: "warn",
    REQUESTS_PER_MINUTE: "10000000",
  };
  const { stdout } = await run(
    process.execPath,
    [bin, "keys", "create", "--tenant", tenantId, "--role", "finance", "--json"],
    { env },
  );
  const { key } = JSON.parse(stdout) as { key: string };
  const server = spawn(process.execPath, [bin, "serve", "--json"], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(server.stdout, "data")) as [Buffer];
    const { hostname, port } = new URL((JSON.parse(String(line)) as { url: string }).url);
    const call = async (callers: number, duration: number): Promise<ClientReport> => {
      const order: ClientOrder = {
        host: hostname,
        port: Number(port),
        key,
        portfolioId,
        accounts,
        callers,
        seconds: duration,
      };
      const { stdout } = await run(process.execPath, [client, JSON.stringify(order)], { maxBuffer: 1 << 28 });
      return JSON.parse(stdout) as ClientReport;
    };
    await call(64, Math.min(4, seconds));
    const many = await call(64, seconds);
    const one = await call(1, seconds);
    const rate = many.answered / many.seconds;
    const [p99, alone] = [quantile(many.milliseconds, 0.99), quantile(one.milliseconds, 0.99)];
    const others = JSON.stringify({ ...many.others, ...one.others });
    return [
      {
        work: "one payment a call, 64 callers, PostgreSQL",
        target: ">= 5,000/s",
        measured: `${thousands(rate)}/s${others === "{}" ? "" : ` other than 201: ${others}`}`,
        ratio: `${(rate / 5000).toFixed(2)} of target`,
      },
      {
        work: "  their p99",
        target: "< 40 ms",
        measured: `${p99.toFixed(1)} ms`,
        ratio: `${(p99 / 40).toFixed(2)} of limit`,
      },
      {
        work: "one payment a call, one caller",
        target: "p99 < 5 ms",
        measured: `${alone.toFixed(1)} ms, median ${quantile(one.milliseconds, 0.5).toFixed(1)} ms`,
        ratio: `${(alone / 5).toFixed(2)} of limit`,
      },
    ];
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}
