import { Refusal } from "../../models/refusal.js";
import { findFacility } from "../store/facility.js";
import { findSchedule, markApproved, markChecked, scheduleDocumentOf } from "../store/factoring-schedule.js";
import { readBooks } from "../store/period.js";
import { implement } from "./act.js";
import { childOf, openSchedule } from "./facility-book.js";

/** Refuses `not_found`. */
export const showSchedule = implement("show-schedule", async ({ tx }, input) => {
  const { portfolioId, number } = childOf("sc", input.schedule_id);
  const { currency } = await findFacility(tx, portfolioId);
  return scheduleDocumentOf(await findSchedule(tx, portfolioId, number), currency);
});

/** Refuses `not_found`, `schedule_not_ready`. */
export const checkSchedule = implement("check-schedule", async (context, input) => {
  const { book, schedule } = await openSchedule(context, input.schedule_id);
  if (schedule.state !== "submitted") {
    throw new Refusal("schedule_not_ready", `it is ${schedule.state}; only one that is submitted can be checked`);
  }
  await markChecked(context.tx, schedule, context.now);
  const after = await findSchedule(context.tx, schedule.portfolioId, schedule.scheduleNo);
  return scheduleDocumentOf(after, book.facility.currency);
});

/**
 * Refuses `not_found`, `schedule_not_ready`, and `second_person_needed` to whoever checked it, unless the books waive a
 * second person (as they do where one person keeps them on this machine).
 */
export const approveSchedule = implement("approve-schedule", async (context, input) => {
  const { book, schedule } = await openSchedule(context, input.schedule_id);
  if (schedule.state !== "checked") {
    throw new Refusal("schedule_not_ready", `it is ${schedule.state}; only one that is checked can be approved`);
  }
  const { secondPerson } = await readBooks(context.tx);
  if (secondPerson === "required" && schedule.checkedBy === context.call.actor.actorId) {
    throw new Refusal("second_person_needed", "whoever checked a schedule does not approve it");
  }
  await markApproved(context.tx, schedule, context.now);
  const after = await findSchedule(context.tx, schedule.portfolioId, schedule.scheduleNo);
  return scheduleDocumentOf(after, book.facility.currency);
});
