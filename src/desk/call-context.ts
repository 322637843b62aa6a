import { type Day, instantText } from "../calendar/day.js";
import type { Scope } from "../store/scope.js";
import type { Tx } from "../store/transaction.js";
import type { Call, Context, Desk } from "./desk.js";

/** In whose name the transactions of a call run. */
export function scopeOf(call: Call): Scope {
  return { tenantId: call.actor.tenantId, actor: call.actor.actorId };
}

/** What an act works with in one transaction; the instant is that of this moment. */
export function contextOf(desk: Desk, call: Call, tx: Tx): Context {
  const clock = desk.clock();
  return {
    tx,
    desk,
    call,
    now: instantText(clock),
    today: Math.floor(clock / 86_400_000) as Day,
    report: (progress) => call.onProgress?.(progress),
  };
}
