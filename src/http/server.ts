import assert from "node:assert/strict";
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  IncomingMessage,
  type RequestListener,
  ServerResponse,
} from "node:http";
import { type AddressInfo, Socket } from "node:net";
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import helmet from "helmet";
import { isRefusal, Refusal } from "../../models/refusal.js";
import type { Actor } from "../desk/desk.js";
import type { JobQueue, RunAct } from "../jobs/job-queue.js";
import { actDoor, isUnderActs } from "./act-door.js";
import { type Door, guardListening, guardLoopback } from "./auth.js";
import { type EventFields, type EventLog, faultFields } from "./event-log.js";
import { createMetrics, type Metrics } from "./metrics.js";
import { openapiDocument } from "./openapi.js";
import { contentPolicy, mountPages } from "./pages.js";
import { faultProblem, listProblems, problemOf, refusalOfDoor, sendProblem, showProblem } from "./problem.js";
import type { Exchange, RequestContext } from "./request-context.js";
import { routes } from "./routes.js";

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
  const streams = new Set<ServerResponse>();
  // a caller's idle connection outlives a long act of the embedded database, which holds the thread up
  const http = createHttpServer(
    { requestTimeout: 15 * 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 16 * 1024 },
    createListener(parts, metrics, streams),
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

async function closeServer(http: HttpServer, streams: ReadonlySet<ServerResponse>, parts: ServerParts): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  for (const stream of streams) stream.end();
  http.closeIdleConnections();
  const cut = setTimeout(() => http.closeAllConnections(), parts.config.graceMs);
  await Promise.all([closed, parts.queue.stop(parts.config.graceMs)]);
  clearTimeout(cut);
  parts.log("info", "server_closed");
}

/** Answers every request: an act under /v1 (act-door.ts); express has the pages and what a server says of itself. */
function createListener(parts: ServerParts, metrics: Metrics, streams: Set<ServerResponse>): RequestListener {
  const acts = actDoor(parts, streams);
  const pages = createPages(parts, metrics);
  const fixedHeaders = securityHeaders();
  return (request, response) => {
    const exchange = beginExchange(parts, metrics, { request, response, fixedHeaders });
    try {
      if (parts.door.kind === "loopback") guardLoopback(request);
      if (isUnderActs(request)) acts(exchange).catch((error: unknown) => answerError(parts, exchange, error));
      else pages(exchange);
    } catch (error) {
      answerError(parts, exchange, error);
    }
  };
}

/** Gives the request its id and its line in the log and the metrics. */
function beginExchange(
  { newId, clock, log }: ServerParts,
  metrics: Metrics,
  of: { request: IncomingMessage; response: ServerResponse; fixedHeaders: readonly string[] },
): Exchange {
  const { request, response, fixedHeaders } = of;
  // An id from the caller could carry anything into the log, so the id is always ours.
  const id = newId();
  const headers = [...fixedHeaders, "x-request-id", id];
  const context: RequestContext = { id, startedAt: clock(), route: "none", actor: null, params: {}, headers };
  response.on("close", () => {
    const durationMs = clock() - context.startedAt;
    const status = response.statusCode;
    const method = request.method!;
    metrics.observe({ method, route: context.route, status, seconds: durationMs / 1000 });
    log("info", "request_answered", {
      request_id: context.id,
      method,
      route: context.route,
      status,
      duration_ms: durationMs,
      ...actorFields(context.actor),
    });
  });
  return { request, response, context };
}

function actorFields(actor: Actor | null): EventFields {
  return actor === null ? {} : { tenant_id: actor.tenantId, key_id: actor.actorId };
}

/**
 * Helmet's headers, name and value by turns, which are the same for every answer: it is asked once. HTTPS is for the proxy
 * in front of this server to say, so that no header speaks of it.
 */
function securityHeaders(): string[] {
  const probe = new ServerResponse(new IncomingMessage(new Socket()));
  const fail = (error?: unknown) => assert.equal(error, undefined);
  helmet({ contentSecurityPolicy: contentPolicy, strictTransportSecurity: false })(probe.req, probe, fail);
  return Object.entries(probe.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}

/** What is no act: the start page, the documentation, the list of problems, and how the server is. */
function createPages(parts: ServerParts, metrics: Metrics): (exchange: Exchange) => void {
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", false);
  app.set("etag", false);
  app.use((request, response, next) => {
    const { headers } = exchanges.get(request)!.context;
    for (let i = 0; i < headers.length; i += 2) response.setHeader(headers[i]!, headers[i + 1]!);
    next();
  });
  mountOperations(app, parts, metrics);
  app.get("/problems", listProblems);
  app.get("/problems/:code", showProblem);
  mountPages(app, openapiDocument(routes, parts.config.version));
  app.use(() => {
    throw new Refusal("not_found", "there is no resource at this path");
  });
  app.use((error: unknown, request: Request, _response: Response, _next: NextFunction) =>
    answerError(parts, exchanges.get(request)!, error),
  );
  return (exchange) => {
    exchanges.set(exchange.request, exchange);
    app(exchange.request, exchange.response);
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

function answerError({ log }: ServerParts, exchange: Exchange, error: unknown): void {
  const { request, response, context } = exchange;
  const refusal = refusalOfDoor(error);
  if (refusal === null) {
    log("error", "fault", { request_id: context.id, route: context.route, ...faultFields(error) });
  } else if (refusal.status >= 500) {
    log("warn", "refused", { request_id: context.id, route: context.route, code: refusal.code });
  }
  if (response.headersSent) {
    // An answer that has begun cannot be taken back; it is cut, so that it is not taken for whole.
    response.destroy();
    return;
  }
  if (isRefusal(refusal) && refusal.code === "unauthorized") context.headers.push("www-authenticate", "Bearer");
  // What is left of a long body that was refused is not read to its end.
  if (!request.complete && !isShort(request)) context.headers.push("connection", "close");
  sendProblem(exchange, refusal === null ? faultProblem(context.id) : problemOf(refusal, context.id));
}

/** True for a body that is sooner read to its end than a connection is made anew. */
function isShort({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= 65_536;
}

/** Bytes that are no HTTP request never reach a handler. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return;
  const refusal = new Refusal("malformed_request", "this is not an HTTP request that is read here");
  const body = JSON.stringify(problemOf(refusal, "none"));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}
