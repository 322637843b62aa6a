import assert from "node:assert/strict";
import type { Request } from "express";
import type { Actor } from "../desk/desk.js";

/** What a request carries from one handler to the next. */
export interface RequestContext {
  readonly id: string;
  readonly startedAt: number;
  /** template of the route, for logs and metrics */
  route: string;
  actor: Actor | null;
}

const contexts = new WeakMap<object, RequestContext>();

export function beginContext(request: Request, context: RequestContext): RequestContext {
  contexts.set(request, context);
  return context;
}

export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  assert(context !== undefined, "every request has a context");
  return context;
}

export function actorOf(request: Request): Actor {
  const { actor } = contextOf(request);
  assert(actor !== null, "a handler under /v1 runs after the caller is known");
  return actor;
}
