import type { Request, Response } from "express";
import { Refusal, type RefusalCode, type RefusalItem, refusals } from "../../models/refusal.js";
import { type Exchange, sendText } from "./request-context.js";

/** A problem document of RFC 9457, with our code and the list of faults. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** the id of the request, which the log has too */
  readonly instance: string;
  readonly code: RefusalCode | "fault";
  readonly errors: readonly RefusalItem[];
}

export const problemType = "application/problem+json";

export function problemOf(refusal: Refusal, requestId: string): Problem {
  return {
    type: `/problems/${refusal.code}`,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.detail,
    instance: requestId,
    code: refusal.code,
    errors: refusal.items,
  };
}

/** What a caller learns of our own mistake: that it was one, and the id under which the log keeps the rest. */
export function faultProblem(requestId: string): Problem {
  return {
    type: "/problems/fault",
    title: "The server made a mistake",
    status: 500,
    detail: `nothing was changed by this request; give the id ${requestId} when you report it`,
    instance: requestId,
    code: "fault",
    errors: [],
  };
}

export function sendProblem(exchange: Exchange, problem: Problem): void {
  sendText(exchange, {
    status: problem.status,
    type: `${problemType}; charset=utf-8`,
    text: JSON.stringify(problem),
  });
}

/**
 * What express, its parsers and node throw before an act is reached, as the refusal that it is; null for anything
 * else. Their own messages are not passed on: some quote the request.
 */
export function refusalOfDoor(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error)) return null;
  const status = "status" in error ? error.status : undefined;
  if (status === 413) return new Refusal("too_large", "the body is larger than this resource takes");
  if (status === 415) return new Refusal("unsupported_media_type", "the body's coding or character set is not read");
  if (status === 400) return new Refusal("malformed_request", "the request cannot be read");
  return null;
}

interface ProblemPage {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}

const pages: readonly ProblemPage[] = [
  ...Object.entries(refusals).map(([code, { status, title }]) => ({ code, status, title })),
  { code: "fault", status: 500, title: "The server made a mistake" },
];

/** `/problems`: every code that a problem document may carry. */
export function listProblems(_request: Request, response: Response): void {
  response.json({ data: pages, next_cursor: null });
}

/** `/problems/{code}`: where the `type` of a problem document points, as a page for people and JSON for programs. */
export function showProblem(request: Request, response: Response): void {
  const page = pages.find(({ code }) => code === request.params.code);
  if (page === undefined) throw new Refusal("not_found", "no problem has this code");
  if (request.accepts(["json", "html"]) === "json") {
    response.json(page);
    return;
  }
  response
    .type("html")
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page.code}</title>` +
        `<link rel="stylesheet" href="/netback.css"><main><h1>${page.code}</h1>` +
        `<p>${page.title}.</p><p>HTTP status ${page.status}. <a href="/docs">The API</a></p></main></html>`,
    );
}
