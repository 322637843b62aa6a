import { isRefusal, type Refusal } from "../../models/refusal.js";
import { printable } from "../reports/sheet.js";
import type { Streams } from "./context.js";

/** Exit codes of every command: done, refused (or findings that stop it), not used the way it is meant to be. */
export const exitCodes = { done: 0, refused: 1, usage: 2 } as const;

/** Thrown by a command that has shown its whole answer and the answer is no: exit code 1, and nothing more to say. */
export class AnsweredNo extends Error {}

const itemsShown = 20;

function refusalText(refusal: Refusal): string {
  // one fault alone is the sentence already
  const items = refusal.items.length === 1 && refusal.detail.includes(refusal.items[0]!.detail) ? [] : refusal.items;
  const shown = items.slice(0, itemsShown).map((item) => `  ${item.pointer || "(whole)"}: ${item.detail}`);
  const more = items.length - shown.length;
  const lines = [`netback: ${refusal.title} (${refusal.code}).`, `  ${refusal.detail}`, ...shown];
  if (more > 0) lines.push(`  ... and ${more} more`);
  return `${lines.map(printable).join("\n")}\n`;
}

/** The same document that the HTTP door answers with (RFC 9457), without an instance. */
function problem(refusal: Refusal): unknown {
  return {
    type: `/problems/${refusal.code}`,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.detail,
    code: refusal.code,
    errors: refusal.items,
  };
}

export interface FailureSettings {
  readonly json: boolean;
  /** show the stack of a fault (NETBACK_DEBUG) */
  readonly debug: boolean;
  readonly faultId: () => string;
}

/**
 * Says why a command did not do what was asked, and returns the exit code.
 *
 * A refusal is a sentence (with `--json` also one problem document on standard output, so that a program always reads
 * exactly one document). Anything else is our fault: it is shown by an id, with its stack only when asked for, because
 * a stack or a foreign message may hold a value from somebody's file.
 */
export function reportFailure(error: unknown, settings: FailureSettings, streams: Streams): number {
  if (error instanceof AnsweredNo) return exitCodes.refused;
  if (isRefusal(error)) {
    streams.err.write(refusalText(error));
    if (settings.json) streams.out.write(`${JSON.stringify(problem(error), null, 2)}\n`);
    return error.code === "usage" ? exitCodes.usage : exitCodes.refused;
  }
  const id = settings.faultId();
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  streams.err.write(`netback: a fault of netback itself (${id}).\n`);
  streams.err.write(
    settings.debug
      ? `${stack}\n`
      : "  An act that was at work was undone. Set NETBACK_DEBUG=1 to see where it happened.\n",
  );
  if (settings.json) {
    const document = {
      type: "/problems/fault",
      title: "A fault of netback itself",
      status: 500,
      code: "fault",
      instance: id,
    };
    streams.out.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return exitCodes.refused;
}
