import type { EntryKind } from "../../models/entry.js";
import type { LateItems, PeriodEventName, PeriodState } from "../../models/period.js";
import { Refusal } from "../../models/refusal.js";
import { addDays, addMonths, firstDay, formatDay, monthEnd, type Period, parseDay, periodOf } from "../calendar/day.js";

/** Which months of a tenant take entries. */
export interface Gate {
  /** last day of the last month that is closed, YYYY-MM-DD; everything up to it is shut. Null when none has been closed */
  readonly closedThrough: string | null;
  /** months that take adjustments alone, by their first day */
  readonly softClosed: readonly string[];
  readonly lateItems: LateItems;
}

/** Whether a day's month is closed, soft-closed or open. (Reopened is open: it takes entries.) */
export function gateState(gate: Gate, on: string): Extract<PeriodState, "open" | "soft_closed" | "closed"> {
  if (gate.closedThrough !== null && on <= gate.closedThrough) return "closed";
  return gate.softClosed.length > 0 && gate.softClosed.includes(`${on.slice(0, 7)}-01`) ? "soft_closed" : "open";
}

/** The first day after the closed months that is in no soft-closed one; `on` itself where that is later and open. */
export function firstOpenDay(gate: Gate, on: string): string {
  const afterClosed = gate.closedThrough === null ? on : formatDay(addDays(parseDay(gate.closedThrough), 1));
  let day = afterClosed > on ? afterClosed : on;
  while (gateState(gate, day) !== "open") day = formatDay(addMonths(firstDay(periodOf(parseDay(day))), 1));
  return day;
}

export interface BookedDay {
  readonly effectiveOn: string;
  /** the event's own day, where it is booked on a later one */
  readonly originalOn: string | null;
}

/**
 * The day that an event of a day is booked on. In an open month: its own. In a closed one, or a soft-closed one that it
 * is no adjustment of: by the tenant's policy the first open day, its own day kept beside it, or not at all.
 *
 * @throws Refusal `period_closed`, naming the month and the first day that is open
 */
export function bookedDay(gate: Gate, on: string, isAdjustment: boolean): BookedDay {
  const state = gateState(gate, on);
  if (state === "open" || (state === "soft_closed" && isAdjustment)) return { effectiveOn: on, originalOn: null };
  const open = firstOpenDay(gate, on);
  if (gate.lateItems === "first_open_day") return { effectiveOn: open, originalOn: on };
  const shut = state === "closed" ? "is closed" : "is soft-closed and takes adjustments alone";
  throw new Refusal("period_closed", `${on} lies in ${on.slice(0, 7)}, which ${shut}; the first open day is ${open}`);
}

const adjustingKinds: ReadonlySet<EntryKind> = new Set([
  "revenue_accrued",
  "recoveries_remeasured",
  "carrying_amount_adjusted",
  "method_changed",
  "period_accrual",
  "factoring_fees_accrued",
  "facility_charged",
  "minimum_charged",
  "termination_charged",
]);

/** True for what a soft-closed month takes: period-end accruals and remeasurement, and corrections that give a reason. */
export function isAdjustment(entry: { readonly kind: EntryKind; readonly reason?: string | null }): boolean {
  return adjustingKinds.has(entry.kind) || (entry.reason ?? null) !== null;
}

/** First and last day of a month. */
export function daysOf(month: Period): { readonly from: string; readonly to: string } {
  const first = firstDay(month);
  return { from: formatDay(first), to: formatDay(monthEnd(first)) };
}

export function nextMonth(month: Period): Period {
  return periodOf(addMonths(firstDay(month), 1));
}

/** The months from one to another, both among them; none where the first lies later. */
export function monthsThrough(from: Period, to: Period): Period[] {
  const months: Period[] = [];
  for (let month = from; month <= to; month = nextMonth(month)) months.push(month);
  return months;
}

/** What became of a month, as its events tell it. */
export interface MonthCourse {
  readonly state: PeriodState;
  /** how often it has been closed */
  readonly version: number;
  /** who soft-closed it, while it stands soft-closed or closed */
  readonly proposedBy: string | null;
  readonly closedBy: string | null;
  readonly closedAt: string | null;
  /** hash of the close, while it stands closed */
  readonly seal: string | null;
}

const untouched: MonthCourse = {
  state: "open",
  version: 0,
  proposedBy: null,
  closedBy: null,
  closedAt: null,
  seal: null,
};

interface CourseEvent {
  readonly event: PeriodEventName;
  readonly month: string | null;
  readonly version: number;
  readonly actor: string;
  readonly recordedAt: string;
  readonly hash: string;
}

/** The course of one month from the events of all, in their order. */
export function courseOf(month: string, events: readonly CourseEvent[]): MonthCourse {
  let course = untouched;
  for (const { event, month: of, version, actor, recordedAt, hash } of events) {
    if (of !== month) continue;
    if (event === "soft_closed") course = { ...course, state: "soft_closed", proposedBy: actor };
    else if (event === "closed")
      course = { ...course, state: "closed", version, closedBy: actor, closedAt: recordedAt, seal: hash };
    else if (event === "reopened") course = { ...course, state: "reopened", proposedBy: null, seal: null };
    else if (event === "withdrawn")
      course = { ...course, state: course.version === 0 ? "open" : "reopened", proposedBy: null };
  }
  return course;
}

/** The day before a month begins: what is closed when the month itself is opened again. */
export function dayBefore(month: Period): string {
  return formatDay(addDays(firstDay(month), -1));
}
