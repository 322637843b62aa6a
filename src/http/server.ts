import assert from "node:assert/strict";
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  IncomingMessage,
  ServerResponse,
} from "node:http";
import { type AddressInfo, Socket } from "node:net";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { ipKeyGenerator } from "express-rate-limit";
import helmet from "helmet";
import { isRefusal, Refusal } from "../../models/refusal.js";
import type { Actor } from "../desk/desk.js";
import type { JobQueue, RunAct } from "../jobs/job-queue.js";
import { type ActHandlerParts, actHandler } from "./act-handler.js";
import { type Door, guardListening, guardLoopback, identify } from "./auth.js";
import { CallerLimit } from "./caller-limit.js";
import { type EventFields, type EventLog, faultFields } from "./event-log.js";
import { jobEventsHandler, jobEventsPath } from "./job-events.js";
import { createMetrics, type Metrics } from "./metrics.js";
import { openapiDocument } from "./openapi.js";
import { contentPolicy, mountPages } from "./pages.js";
import { faultProblem, listProblems, problemOf, refusalOfDoor, sendProblem, showProblem } from "./problem.js";
import { beginContext, contextOf } from "./request-context.js";
import { allowedMethods, type Resource, ResourceTable } from "./resource-table.js";
import { routes } from "./routes.js";
import { WrongKeys } from "./wrong-keys.js";

export interface ServerConfig {
  /** version of the package, shown in the OpenAPI document */
  readonly version: string;
  /** folder for uploads at work, outside of everything that is served */
  readonly workFolder: string;
  /** largest file taken, in bytes */
  readonly maxUploadBytes: number;
  /** requests a minute that one key (without keys: one address) may make */
  readonly requestsPerMinute: number;
  /** how long `close` waits for requests and jobs, in milliseconds */
  readonly graceMs: number;
}

export interface ServerParts {
  readonly config: ServerConfig;
  /** `perform` with the desk bound */
  readonly run: RunAct;
  readonly queue: JobQueue;
  readonly door: Door;
  /** throws the Refusal that says why the database cannot work; returns when it answers and is migrated */
  readonly assertReady: () => Promise<void>;
  readonly log: EventLog;
  /** milliseconds since 1970-01-01 UTC */
  readonly clock: () => number;
  /** a new random name, of letters and digits */
  readonly newId: () => string;
}

export interface Server {
  /** Listens, and returns the address; port 0 picks a free one. Throws a Refusal where others could reach it without a key. */
  listen(port: number, host: string): Promise<{ host: string; port: number }>;
  /** Takes no more requests, finishes those at work and the running jobs, at most for the grace; then cuts what is left. */
  close(): Promise<void>;
}

export function createServer(parts: ServerParts): Server {
  const metrics = createMetrics(() => parts.queue.lengths());
  const streams = new Set<Response>();
  const http = createHttpServer(
    { requestTimeout: 15 * 60_000, headersTimeout: 20_000, maxHeaderSize: 16 * 1024 },
    createApp(parts, metrics, streams),
  );
  http.on("clientError", answerUnreadable);
  return {
    async listen(port, host) {
      guardListening(parts.door, host);
      await new Promise<void>((resolve, reject) => {
        http.once("error", reject);
        http.listen(port, host, resolve);
      });
      const { address, port: bound } = http.address() as AddressInfo;
      parts.log("info", "server_listening", { host: address, port: bound });
      return { host: address, port: bound };
    },
    close: () => closeServer(http, streams, parts),
  };
}

async function closeServer(http: HttpServer, streams: ReadonlySet<Response>, parts: ServerParts): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  for (const stream of streams) stream.end();
  http.closeIdleConnections();
  const cut = setTimeout(() => http.closeAllConnections(), parts.config.graceMs);
  await Promise.all([closed, parts.queue.stop(parts.config.graceMs)]);
  clearTimeout(cut);
  parts.log("info", "server_closed");
}

function createApp(parts: ServerParts, metrics: Metrics, streams: Set<Response>): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", false);
  // nothing under /v1 may be cached, and what may be is files: a hash of every answer would be for nobody
  app.set("etag", false);
  app.use((request, response, next) => beginRequest(parts, metrics, request, response, next));
  app.use(securityHeaders());
  if (parts.door.kind === "loopback") {
    app.use((request, _response, next) => {
      guardLoopback(request);
      next();
    });
  }
  mountActs(app, parts, streams);
  mountOperations(app, parts, metrics);
  app.get("/problems", listProblems);
  app.get("/problems/:code", showProblem);
  mountPages(app, openapiDocument(routes, parts.config.version));
  app.use(() => {
    throw new Refusal("not_found", "there is no resource at this path");
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
    answerError(parts, { error, request, response, next }),
  );
  return app;
}

/** Gives the request its id and its line in the log and the metrics. */
function beginRequest(
  { newId, clock, log }: ServerParts,
  metrics: Metrics,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  // An id from the caller could carry anything into the log, so the id is always ours.
  const context = beginContext(request, { id: newId(), startedAt: clock(), route: "none", actor: null });
  response.setHeader("x-request-id", context.id);
  response.on("close", () => {
    const durationMs = clock() - context.startedAt;
    const status = response.statusCode;
    metrics.observe({ method: request.method, route: context.route, status, seconds: durationMs / 1000 });
    log("info", "request_answered", {
      request_id: context.id,
      method: request.method,
      route: context.route,
      status,
      duration_ms: durationMs,
      ...actorFields(context.actor),
    });
  });
  next();
}

function actorFields(actor: Actor | null): EventFields {
  return actor === null ? {} : { tenant_id: actor.tenantId, key_id: actor.actorId };
}

/**
 * Helmet's headers, which are the same for every answer: it is asked once. HTTPS is for the proxy in front of this server
 * to say, so that no header speaks of it.
 */
function securityHeaders(): express.RequestHandler {
  const probe = new ServerResponse(new IncomingMessage(new Socket()));
  const fail = (error?: unknown) => assert.equal(error, undefined);
  helmet({ contentSecurityPolicy: contentPolicy, strictTransportSecurity: false })(probe.req, probe, fail);
  const headers = Object.entries(probe.getHeaders()) as [string, string][];
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function mountOperations(app: Express, { assertReady }: ServerParts, metrics: Metrics): void {
  app.get("/healthz", (_request, response) => {
    response.json({ status: "alive" });
  });
  app.get("/readyz", async (_request, response) => {
    await assertReady();
    response.json({ status: "ready" });
  });
  app.get("/metrics", async (_request, response) => {
    const { type, text } = await metrics.render();
    response.set("content-type", type).send(text);
  });
}

/** Every resource under /v1: who calls is known, and is within the limit, before it is looked at what was asked for. */
function mountActs(app: Express, parts: ServerParts, streams: Set<Response>): void {
  const { config, door, run, queue, newId, clock } = parts;
  const wrongKeys = new WrongKeys(clock);
  const limit = new CallerLimit(config.requestsPerMinute, clock);
  const handlerParts: ActHandlerParts = { config, run, queue, newId };
  const resources = new ResourceTable([
    ...routes.map((route) => ({
      template: route.path,
      method: route.method.toUpperCase(),
      handler: actHandler(route, handlerParts),
    })),
    { template: jobEventsPath, method: "GET", handler: jobEventsHandler({ run, queue, streams }) },
  ]);
  app.use("/v1", async (request, response, next) => {
    const address = addressOf(request);
    if (wrongKeys.isTooMany(address)) throw rateRefusal(response);
    const actor = await identify(door, request).catch((error: unknown) => {
      if (isRefusal(error) && error.code === "unauthorized") wrongKeys.count(address);
      throw error;
    });
    contextOf(request).actor = actor;
    queue.recover(actor.tenantId);
    response.setHeader("cache-control", "no-store");
    countRequest(limit, actor, response, config.requestsPerMinute);
    const found = resources.find(request.baseUrl + request.path);
    if (found === undefined) throw new Refusal("not_found", "there is no resource at this path");
    contextOf(request).route = found.resource.template;
    const handler = found.resource.handlers.get(request.method === "HEAD" ? "GET" : request.method);
    if (handler === undefined) return refuseMethod(request, response, found.resource);
    request.params = found.params;
    await handler(request, response, next);
  });
}

function refuseMethod(request: Request, response: Response, resource: Resource): void {
  const allowed = allowedMethods(resource);
  response.set("allow", allowed);
  if (request.method !== "OPTIONS") {
    throw new Refusal("method_not_allowed", `this resource has the methods ${allowed}`);
  }
  response.status(204).end();
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? "");
}

/** Counts a request of the caller, and says what is left (draft-ietf-httpapi-ratelimit-headers). Throws `rate_limited`. */
function countRequest(limit: CallerLimit, { tenantId, actorId }: Actor, response: Response, quota: number): void {
  const { remaining, resetSeconds } = limit.count(`${tenantId}/${actorId}`);
  response.setHeader("ratelimit-policy", `"minute";q=${quota};w=60`);
  response.setHeader("ratelimit", `"minute";r=${Math.max(0, remaining)};t=${resetSeconds}`);
  if (remaining < 0) throw rateRefusal(response);
}

function rateRefusal(response: Response): Refusal {
  response.set("retry-after", "60");
  return new Refusal("rate_limited", "more requests came than are taken in a minute");
}

interface Failure {
  readonly error: unknown;
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
}

function answerError({ log }: ServerParts, { error, request, response, next }: Failure): void {
  const context = contextOf(request);
  const refusal = refusalOfDoor(error);
  if (refusal === null) {
    log("error", "fault", { request_id: context.id, route: context.route, ...faultFields(error) });
  } else if (refusal.status >= 500) {
    log("warn", "refused", { request_id: context.id, route: context.route, code: refusal.code });
  }
  if (response.headersSent) {
    // An answer that has begun cannot be taken back; express cuts the connection, so that it is not taken for whole.
    next(error);
    return;
  }
  if (isRefusal(refusal) && refusal.code === "unauthorized") response.set("www-authenticate", "Bearer");
  // What is left of a long body that was refused is not read to its end.
  if (!request.complete && !isShort(request)) response.set("connection", "close");
  sendProblem(response, refusal === null ? faultProblem(context.id) : problemOf(refusal, context.id));
}

/** True for a body that is sooner read to its end than a connection is made anew. */
function isShort({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= 65_536;
}

/** Bytes that are no HTTP request never reach express. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  const refusal = new Refusal("malformed_request", "this is not an HTTP request that is read here");
  const body = JSON.stringify(problemOf(refusal, "none"));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
