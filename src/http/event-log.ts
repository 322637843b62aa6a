import { type DestinationStream, pino } from "pino";
import { isRefusal } from "../../models/refusal.js";
import type { Desk } from "../desk/desk.js";
import type { JobEvent } from "../jobs/job-queue.js";

/**
 * The fields that a line of the log may have. The list is the whole defence against personal data in logs: what is
 * not named here cannot be logged, and nothing here ever holds a request, a body, a header or an error's message.
 */
export interface EventFields {
  readonly request_id?: string;
  readonly method?: string;
  /** the template (`/v1/portfolios/{portfolio_id}`), never the path itself */
  readonly route?: string;
  readonly status?: number;
  readonly duration_ms?: number;
  readonly code?: string;
  readonly tenant_id?: string;
  readonly key_id?: string;
  readonly act?: string;
  readonly job_id?: string;
  readonly job_kind?: string;
  readonly attempt?: number;
  readonly host?: string;
  readonly port?: number;
  readonly count?: number;
  /** class of what was thrown */
  readonly fault_name?: string;
  /** where it was thrown: the frames of the stack, without its first line */
  readonly fault_frames?: readonly string[];
}

// biome-ignore format: a table
const fieldNames: { readonly [name in keyof Required<EventFields>]: true } = {
  request_id: true, method: true, route: true, status: true, duration_ms: true, code: true, tenant_id: true,
  key_id: true, act: true, job_id: true, job_kind: true, attempt: true, host: true, port: true, count: true,
  fault_name: true, fault_frames: true,
};

export type Severity = "info" | "warn" | "error";
export type EventLog = (severity: Severity, event: string, fields?: EventFields) => void;

/**
 * A structured log, one JSON line an event. Unknown fields are dropped at run time too: TypeScript lets an object with
 * more fields pass when it comes in a variable.
 *
 * @param level the least severity that is written; `silent` writes nothing
 */
export function createEventLog(level: Severity | "silent", destination?: DestinationStream): EventLog {
  const logger = pino({ level, base: null, messageKey: "event" }, destination ?? pino.destination(2));
  return (severity, event, fields = {}) => {
    if (!logger.isLevelEnabled(severity)) return;
    const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(fieldNames, name)));
    logger[severity](kept, event);
  };
}

/** Name and frames of what was thrown, and a refusal's code. The message stays out: it may quote a value. */
export function faultFields(error: unknown): EventFields {
  if (isRefusal(error)) return { code: error.code, fault_name: error.name };
  if (!(error instanceof Error)) return { fault_name: typeof error };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { fault_name: error.name, fault_frames: frames.slice(0, 12).map((line) => line.trim()) };
}

/** The desk's own log, written to the same lines. */
export function deskLog(log: EventLog): Desk["log"] {
  return (event, fields) => {
    log("info", event, {
      ...(fields.act === undefined ? {} : { act: fields.act }),
      ...(fields.tenantId === undefined ? {} : { tenant_id: fields.tenantId }),
      ...(fields.actorId === undefined ? {} : { key_id: fields.actorId }),
      ...(fields.refusal === undefined ? {} : { code: fields.refusal }),
      ...(fields.milliseconds === undefined ? {} : { duration_ms: fields.milliseconds }),
    });
  };
}

/** What happens to jobs, written to the same lines. */
export function jobLog(log: EventLog): (event: JobEvent) => void {
  return (event) => {
    const { job } = event;
    const about = job === null ? {} : { job_id: job.id, job_kind: job.kind, tenant_id: job.actor.tenantId };
    if (event.event === "fault") log("error", "job_fault", { ...about, ...faultFields(event.error) });
    else if (event.event === "begun") log("info", "job_begun", { ...about, attempt: event.job.request.attempts });
    else log("info", `job_${event.job.state}`, { ...about, duration_ms: event.durationMs });
  };
}
