import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Streams } from "./cli/context.js";
import { clock, deskOn, type Environment, makeReady, openConfigured } from "./composition.js";
import { type Config, configOf } from "./config.js";
import type { Actor, Desk } from "./desk/desk.js";
import { identifyCaller } from "./desk/identify-caller.js";
import { keepJobs } from "./desk/keep-jobs.js";
import { perform } from "./desk/perform.js";
import type { Door } from "./http/auth.js";
import { createEventLog, deskLog, type EventLog, jobLog } from "./http/event-log.js";
import { createServer } from "./http/server.js";
import { JobQueue, type RunAct } from "./jobs/job-queue.js";
import { sweepWorkFolder, tenantsOfUploads } from "./jobs/work-folder.js";
import type { Store } from "./store/store.js";

const maxUploadBytes = 4 * 1024 ** 3;
/** what else stands in the work folder when the server starts may be another server's, where the database has many */
const leftoverMs = 24 * 3_600_000;
/** how long a stopping server waits for requests and jobs at work */
const graceMs = 20_000;

export interface ServeOrder {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly version: string;
  readonly json: boolean;
}

/** Runs the server until the process is told to stop, then takes no more, finishes what is at work, and closes the store. */
export async function serve(environment: Environment, order: ServeOrder, streams: Streams): Promise<void> {
  const config = configOf(environment);
  const store = await openConfigured(config);
  try {
    await makeReady(store);
    const log = createEventLog(config.logLevel);
    const desk = await deskOn(store, config, deskLog(log));
    const queue = queueOn(desk, log);
    await takeUpWork(desk, { queue, config, log });
    const server = serverOn(desk, { queue, config, log, version: order.version });
    const { host, port } = await server.listen(order.port ?? config.port, order.host ?? config.host);
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    streams.out.write(order.json ? `${JSON.stringify({ url })}\n` : `netback listens on ${url}\n`);
    if (!order.json && (await isEmpty(desk, config))) {
      streams.out.write(
        "Nothing is here yet. For a made-up portfolio: stop this, run `npx netback demo`, start again.\n",
      );
    }
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await server.close();
  } finally {
    await store.close();
  }
}

function queueOn(desk: Desk, log: EventLog): JobQueue {
  const { store } = desk;
  const embedded = store.engine === "embedded";
  return new JobQueue({
    run: runOn(desk),
    book: keepJobs(store),
    clock,
    observe: jobLog(log),
    width: embedded ? 1 : 2,
    alone: embedded,
  });
}

function runOn(desk: Desk): RunAct {
  return (act, input, call) => perform(desk, act, input, call);
}

/** Jobs that a killed server left are lined up, before anything new comes; what no job needs any more is removed. */
async function takeUpWork(
  { store, workFolder }: Desk,
  { queue, config, log }: { queue: JobQueue; config: Config; log: EventLog },
): Promise<void> {
  const embedded = store.engine === "embedded";
  await queue.begin(embedded ? [config.tenantId] : await tenantsOfUploads(workFolder));
  const unchangedSince = embedded ? clock() : clock() - leftoverMs;
  const count = await sweepWorkFolder(workFolder, { keep: queue.folders(), unchangedSince });
  if (count > 0) log("info", "work_folder_swept", { count });
}

interface ServerOrder {
  readonly queue: JobQueue;
  readonly config: Config;
  readonly log: EventLog;
  readonly version: string;
}

function serverOn(desk: Desk, { queue, config, log, version }: ServerOrder) {
  const { store, workFolder } = desk;
  const { requestsPerMinute } = config;
  const settings = { version, workFolder, maxUploadBytes, requestsPerMinute, graceMs };
  const newId = () => randomUUID().replaceAll("-", "");
  const assertReady = () => store.assertReady();
  const parts = { config: settings, run: runOn(desk), queue, door: doorOf(store, config), assertReady };
  return createServer({ ...parts, log, clock, newId });
}

function localActor(config: Config): Actor {
  return { tenantId: config.tenantId, actorId: "local", roles: ["admin"] };
}

/** On the embedded database this machine needs no key; on PostgreSQL everybody does. */
function doorOf(store: Store, config: Config): Door {
  if (store.engine === "embedded") return { kind: "loopback", actor: localActor(config) };
  return { kind: "keys", authenticate: identifyCaller(store, clock) };
}

async function isEmpty(desk: Desk, config: Config): Promise<boolean> {
  const { output } = await perform(desk, "list-portfolios", { limit: 1 }, { actor: localActor(config) });
  return output.data.length === 0;
}
