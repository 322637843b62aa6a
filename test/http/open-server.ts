import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "../../models/act.js";
import type { Actor, Desk } from "../../src/desk/desk.js";
import { identifyCaller } from "../../src/desk/identify-caller.js";
import { keepJobs } from "../../src/desk/keep-jobs.js";
import { perform } from "../../src/desk/perform.js";
import type { Door } from "../../src/http/auth.js";
import { createEventLog, deskLog, jobLog } from "../../src/http/event-log.js";
import type { Problem } from "../../src/http/problem.js";
import { createServer, type Server, type ServerConfig } from "../../src/http/server.js";
import { JobQueue, type RunAct } from "../../src/jobs/job-queue.js";
import { createApiKey } from "../../src/store/api-keys.js";
import { RootKey } from "../../src/store/root-key.js";
import type { Store } from "../../src/store/store.js";
import { openVault } from "../../src/store/vault.js";
import type { FileReaders } from "../../src/tape/isolated.js";
import { nearReaders } from "../harness/readers.js";

/** The test's callers: one of each role, and of another tenant a stranger who may do everything there. */
const callers = {
  admin: { tenantId: "alpha", roles: ["admin"] },
  seller: { tenantId: "alpha", roles: ["seller"] },
  analyst: { tenantId: "alpha", roles: ["analyst"] },
  finance: { tenantId: "alpha", roles: ["finance"] },
  stranger: { tenantId: "beta", roles: ["admin"] },
} as const satisfies Record<string, { tenantId: string; roles: readonly Role[] }>;
export type Caller = keyof typeof callers;

async function makeKeys(store: Store): Promise<Readonly<Record<Caller, string>>> {
  const secrets: Partial<Record<Caller, string>> = {};
  for (const [label, { tenantId, roles }] of Object.entries(callers)) {
    const createdAt = "2026-01-01T00:00:00Z";
    const key = await store.transaction({ tenantId }, (tx) => createApiKey(tx, { label, roles, createdAt }));
    secrets[label as Caller] = key.secret;
  }
  return secrets as Record<Caller, string>;
}

const localActor: Actor = { tenantId: "local", actorId: "local", roles: ["admin"] };
export const loopbackDoor: Door = { kind: "loopback", actor: localActor };

export interface Asked {
  readonly as?: Caller | null;
  readonly headers?: Record<string, string>;
  /** an object is sent as JSON; text and bytes as they are */
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** the body as JSON; typed by the test that reads it */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads documents of every shape
  readonly json: any;
  readonly problem: Problem;
}

export interface TestServer {
  readonly url: string;
  readonly keys: Readonly<Record<Caller, string>>;
  readonly server: Server;
  readonly queue: JobQueue;
  readonly workFolder: string;
  /** every line of the log so far */
  readonly logLines: string[];
  ask(method: string, path: string, asked?: Asked): Promise<Answered>;
  /** Asks for a job until it is over, and returns its document. */
  finished(id: string, as?: Caller): Promise<Answered["json"]>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** with API keys unless told */
  readonly door?: Door;
  readonly config?: Partial<ServerConfig>;
  /** milliseconds since 1970; the machine's own unless told */
  readonly clock?: () => number;
  /** in this process unless told */
  readonly readers?: FileReaders;
}

/** A real server on a free port of loopback over this store. */
export async function openServer(
  store: Store,
  { door, config = {}, clock = Date.now, readers = nearReaders }: TestServerOptions = {},
): Promise<TestServer> {
  const workFolder = await mkdtemp(join(tmpdir(), "netback-http-"));
  const logLines: string[] = [];
  const log = createEventLog("info", { write: (line) => logLines.push(line) });
  const keys = await makeKeys(store);
  const vault = openVault(new RootKey(randomBytes(32).toString("base64")));
  const desk: Desk = { store, clock, randomBytes, workFolder, vault, readers, log: deskLog(log) };
  const run: RunAct = (act, input, call) => perform(desk, act, input, call);
  const queue = new JobQueue({
    run,
    book: keepJobs(store),
    clock,
    observe: jobLog(log),
    width: 1,
    alone: store.engine === "embedded",
  });
  const server = createServer({
    config: {
      version: "0.0.0-test",
      workFolder,
      maxUploadBytes: 4 * 1024 * 1024,
      requestsPerMinute: 100_000,
      graceMs: 5000,
      ...config,
    },
    run,
    queue,
    door: door ?? { kind: "keys", authenticate: identifyCaller(store, clock) },
    assertReady: () => store.assertReady(),
    log,
    clock,
    newId: () => randomBytes(16).toString("hex"),
  });
  const { port } = await server.listen(0, "127.0.0.1");
  const url = `http://127.0.0.1:${port}`;
  const ask = (method: string, path: string, asked: Asked = {}) => {
    const { as = "admin" } = asked;
    const authorization: Record<string, string> = as === null ? {} : { authorization: `Bearer ${keys[as]}` };
    return askServer(`${url}${path}`, method, { ...asked, headers: { ...authorization, ...asked.headers } });
  };
  return {
    url,
    keys,
    server,
    queue,
    workFolder,
    logLines,
    ask,
    async finished(id, as = "admin") {
      for (;;) {
        const { json } = await ask("GET", `/v1/jobs/${id}`, { as });
        if (json.state !== "queued" && json.state !== "running") return json;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async close() {
      await server.close();
      await rm(workFolder, { recursive: true, force: true });
    },
  };
}

async function askServer(url: string, method: string, { headers = {}, body }: Asked): Promise<Answered> {
  const isRaw = body === undefined || typeof body === "string" || Buffer.isBuffer(body) || body instanceof FormData;
  const response = await fetch(url, {
    method,
    headers: {
      ...(isRaw ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: isRaw ? (body as string | FormData | Buffer<ArrayBuffer>) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
  const json: unknown = isJson && text !== "" ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, json, problem: json as Problem };
}
