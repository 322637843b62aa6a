import { Refusal } from "../../models/refusal.js";
import { releaseAssignments } from "../store/assignment.js";
import { type Facility, findFacility } from "../store/facility.js";
import { readInvoices, setInvoiceState } from "../store/invoice.js";
import { readBooks } from "../store/period.js";
import {
  findSchedule,
  listSchedules as readPage,
  type Schedule,
  saveSchedule,
  scheduleDocumentOf,
} from "../store/schedule.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { assertGoesOn, childOf, facilityPortfolio } from "./facility-book.js";
import { assertSecondPerson } from "./period-book.js";

export interface OpenSchedule {
  readonly facility: Facility;
  readonly schedule: Schedule;
}

/** A schedule, held for this transaction, with its facility. Throws `not_found`. */
export async function lockSchedule({ tx }: Context, scheduleId: string): Promise<OpenSchedule> {
  const { portfolioId, number } = childOf("sc", scheduleId, "schedule");
  const [schedule, facility] = await Promise.all([
    findSchedule(tx, portfolioId, { scheduleNo: number, lock: true }),
    findFacility(tx, portfolioId),
  ]);
  return { facility, schedule };
}

/** Throws `schedule_state`. */
export function assertScheduleState({ state, fundedOn }: Schedule, wanted: readonly string[], what: string): void {
  if (wanted.includes(state)) return;
  const since = fundedOn === null ? "" : ` since ${fundedOn}`;
  throw new Refusal(
    "schedule_state",
    `the schedule is ${state}${since}; to ${what} it has to be ${wanted.join(" or ")}`,
  );
}

/** Refuses `facility_ended`, `schedule_state`. Who checks a schedule does not approve it, unless the books ask for no second person. */
export const checkSchedule = implement("check-schedule", async (context, input) => {
  const { tx, now, call } = context;
  const { facility, schedule } = await lockSchedule(context, input.schedule_id);
  assertGoesOn(facility);
  assertScheduleState(schedule, ["submitted"], "be checked");
  const checked = { state: "checked", checkedBy: call.actor.actorId, checkedAt: now } as const;
  return scheduleDocumentOf(await saveSchedule(tx, facility.portfolioId, schedule, checked), facility);
});

/** Refuses `facility_ended`, `schedule_state`, `second_person_needed`. */
export const approveSchedule = implement("approve-schedule", async (context, input) => {
  const { tx, now, call } = context;
  const { facility, schedule } = await lockSchedule(context, input.schedule_id);
  assertGoesOn(facility);
  assertScheduleState(schedule, ["checked"], "be approved");
  const { secondPerson } = await readBooks(tx);
  const approvedBy = call.actor.actorId;
  assertSecondPerson(secondPerson, { before: schedule.checkedBy, now: approvedBy }, "has checked the schedule");
  const approved = { state: "approved", approvedBy, approvedAt: now } as const;
  return scheduleDocumentOf(await saveSchedule(tx, facility.portfolioId, schedule, approved), facility);
});

/** Refuses `schedule_state` once it is funded. Its invoices are let go. */
export const rejectSchedule = implement("reject-schedule", async (context, input) => {
  const { tx, now, call } = context;
  const { facility, schedule } = await lockSchedule(context, input.schedule_id);
  const { portfolioId } = facility;
  assertScheduleState(schedule, ["submitted", "checked", "approved"], "be rejected");
  const invoices = await readInvoices(tx, portfolioId, { scheduleNo: schedule.scheduleNo });
  const invoiceNos = invoices.map(({ invoiceNo }) => invoiceNo);
  await releaseAssignments(tx, portfolioId, { invoiceNos, at: now, reason: "rejected" });
  await setInvoiceState(tx, portfolioId, { invoiceNos, state: "released" });
  const rejected = { state: "rejected", rejectedBy: call.actor.actorId, rejectReason: input.reason } as const;
  return scheduleDocumentOf(await saveSchedule(tx, portfolioId, schedule, rejected), facility);
});

export const showSchedule = implement("show-schedule", async ({ tx }, input) => {
  const { portfolioId, number } = childOf("sc", input.schedule_id, "schedule");
  const facility = await findFacility(tx, portfolioId);
  return scheduleDocumentOf(await findSchedule(tx, portfolioId, { scheduleNo: number }), facility);
});

export const listSchedules = implement("list-schedules", async ({ tx }, input) =>
  readPage(tx, await findFacility(tx, facilityPortfolio(input.facility_id)), input),
);
