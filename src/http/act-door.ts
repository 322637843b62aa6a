import type { IncomingMessage, ServerResponse } from "node:http";
import { ipKeyGenerator } from "express-rate-limit";
import { isRefusal, Refusal } from "../../models/refusal.js";
import type { Actor } from "../desk/desk.js";
import { actHandler } from "./act-handler.js";
import { identify } from "./auth.js";
import { CallerLimit } from "./caller-limit.js";
import { jobEventsHandler, jobEventsPath } from "./job-events.js";
import type { Exchange, ExchangeHandler, RequestContext } from "./request-context.js";
import { allowedMethods, type Resource, ResourceTable } from "./resource-table.js";
import { routes } from "./routes.js";
import type { ServerParts } from "./server.js";
import { WrongKeys } from "./wrong-keys.js";

const prefix = "/v1";

/** Whether a request is for an act. */
export function isUnderActs(request: IncomingMessage): boolean {
  const path = pathOf(request);
  return path.slice(0, prefix.length).toLowerCase() === prefix && (path[prefix.length] ?? "/") === "/";
}

/** The path as it was sent; a target may be a whole URL too (RFC 9112, 3.2.2). */
function pathOf({ url }: IncomingMessage): string {
  const target = url!;
  if (!target.startsWith("/") && URL.canParse(target)) return new URL(target).pathname;
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}

/**
 * Answers every request under /v1: who calls is known, and is within the limit, before it is looked at what was asked for.
 *
 * This goes by node's own request and answer, beside express: its router, its own prototypes and headers that are set one
 * by one would take as much of a payment as the payment itself.
 */
export function actDoor(parts: ServerParts, streams: Set<ServerResponse>): ExchangeHandler {
  const { config, door, run, queue, newId, clock } = parts;
  const wrongKeys = new WrongKeys(clock);
  const limit = new CallerLimit(config.requestsPerMinute, clock);
  const resources = new ResourceTable([
    ...routes.map((route) => ({
      template: route.path,
      method: route.method.toUpperCase(),
      handler: actHandler(route, { config, run, queue, newId }),
    })),
    { template: jobEventsPath, method: "GET", handler: jobEventsHandler({ run, queue, streams }) },
  ]);
  return async (exchange) => {
    const { request, context } = exchange;
    const address = ipKeyGenerator(request.socket.remoteAddress ?? "");
    if (wrongKeys.isTooMany(address)) throw rateRefusal(context);
    const actor = await identify(door, request).catch((error: unknown) => {
      if (isRefusal(error) && error.code === "unauthorized") wrongKeys.count(address);
      throw error;
    });
    context.actor = actor;
    queue.recover(actor.tenantId);
    context.headers.push("cache-control", "no-store");
    countRequest(limit, actor, context, config.requestsPerMinute);
    const found = resources.find(pathOf(request));
    if (found === undefined) throw new Refusal("not_found", "there is no resource at this path");
    context.route = found.resource.template;
    const handler = found.resource.handlers.get(request.method === "HEAD" ? "GET" : request.method!);
    if (handler === undefined) return refuseMethod(exchange, found.resource);
    context.params = found.params;
    return handler(exchange);
  };
}

function refuseMethod({ request, response, context }: Exchange, resource: Resource): void {
  const allowed = allowedMethods(resource);
  context.headers.push("allow", allowed);
  if (request.method !== "OPTIONS") {
    throw new Refusal("method_not_allowed", `this resource has the methods ${allowed}`);
  }
  response.writeHead(204, context.headers).end();
}

/** Counts a request of the caller, and says what is left (draft-ietf-httpapi-ratelimit-headers). Throws `rate_limited`. */
function countRequest(limit: CallerLimit, { tenantId, actorId }: Actor, context: RequestContext, quota: number): void {
  const { remaining, resetSeconds } = limit.count(`${tenantId}/${actorId}`);
  const left = `"minute";r=${Math.max(0, remaining)};t=${resetSeconds}`;
  context.headers.push("ratelimit-policy", `"minute";q=${quota};w=60`, "ratelimit", left);
  if (remaining < 0) throw rateRefusal(context);
}

function rateRefusal(context: RequestContext): Refusal {
  context.headers.push("retry-after", "60");
  return new Refusal("rate_limited", "more requests came than are taken in a minute");
}
