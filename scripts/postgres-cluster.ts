import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export interface Cluster {
  readonly url: string;
  readonly version: string;
  /** ends the server and all its processes with SIGKILL; its data stay */
  kill(): Promise<void>;
  /** starts it again on the same data and port, after `kill` */
  restart(): Promise<void>;
  /** stops the server and removes its data */
  stop(): Promise<void>;
}

/** The folder of the server's programs: on the PATH, or where Debian and its kin put them (the newest). */
export function findServerPrograms(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The server does not run as root: there another account is needed. */
function unprivilegedAccount(): Account | undefined {
  if (userInfo().uid !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // there is no such account: the next one
    }
  }
  throw new Error("run as root without an account named postgres or nobody");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<string> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode} while starting`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>("show server_version");
      return rows[0]!.server_version;
    } catch {
      await sleep(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error("postgres did not answer within 30 seconds");
}

/** For tests, which need nothing to outlive them. */
const fleeting = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
/** For benchmarks: every commit is on the disk before it is answered, as with the settings that PostgreSQL comes with. */
const durable = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=1GB", "max_wal_size=8GB"];

/**
 * Starts a private server in a folder of its own, on loopback, on a free port, for as long as it is needed. Unless it
 * is `durable` it does not wait for the disk: faster, and of no use to a test that kills it. Throws when there is no
 * account to run it under, or it does not come up.
 */
export async function startCluster(programs: string, how: { durable?: boolean } = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "netback-postgres-"));
  const data = join(folder, "data");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const account = unprivilegedAccount();
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
    const as = { ...account, cwd: folder, stdio: "ignore" as const };
    const settings = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"];
    execFileSync(join(programs, "initdb"), ["-D", data, ...settings], as);
    const port = await freePort();
    const flags = [...(how.durable === true ? durable : fleeting), "max_connections=60"].flatMap((flag) => [
      "-c",
      flag,
    ]);
    const args = ["-D", data, "-k", folder, "-h", "127.0.0.1", "-p", String(port), ...flags];
    // a group of its own: whoever kills it reaches its backends too
    const start = () => spawn(join(programs, "postgres"), args, { ...as, detached: true });
    let server = start();
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const end = async (signal: NodeJS.Signals) => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      if (signal === "SIGKILL") process.kill(-server.pid!, signal);
      else server.kill(signal);
      await ended;
    };
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      await end("SIGINT");
      remove();
    };
    try {
      const version = await waitUntilReady(url, server);
      const restart = async () => {
        server = start();
        await waitUntilReady(url, server);
      };
      return { url, version, kill: () => end("SIGKILL"), restart, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  }
}
