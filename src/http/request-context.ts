import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Actor } from "../desk/desk.js";

/** What is known of a request while it is answered. */
export interface RequestContext {
  readonly id: string;
  readonly startedAt: number;
  /** template of the route, for logs and metrics */
  route: string;
  actor: Actor | null;
  /** fields of the path, decoded */
  params: Readonly<Record<string, string>>;
  /** headers that its answer has whatever it is, name and value by turns */
  readonly headers: string[];
}

/** A request under /v1 and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: RequestContext;
}

export type ExchangeHandler = (exchange: Exchange) => Promise<void>;

export function actorOf({ actor }: RequestContext): Actor {
  assert(actor !== null, "a handler under /v1 runs after the caller is known");
  return actor;
}

/**
 * Sends a whole answer. All headers go out in one piece, as they stand: set one by one they cost as much as the rest of the answer.
 *
 * @param headers name and value by turns, beside those of the context
 */
export function sendText(
  { response, context }: Exchange,
  answer: { status: number; type: string; text: string; headers?: readonly string[] },
): void {
  const { status, type, text, headers = [] } = answer;
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, [...context.headers, ...headers, "content-type", type, "content-length", length]);
  response.end(text);
}
