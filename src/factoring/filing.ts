import { addMonths, type Day } from "../calendar/day.js";

/** Years that a financing statement is effective for, from its filing or from the lapse that was put off: U.C.C. 9-515 (a), (e). */
const effectiveYears = 5;
/** Months before the lapse in which a continuation may be filed: U.C.C. 9-515 (d). One that comes sooner has no effect. */
const continuableMonths = 6;

/** The day that a statement lapses on, five years after a filing or after the day it would have lapsed on. */
export function lapseAfter(day: Day): Day {
  return addMonths(day, 12 * effectiveYears);
}

/** The first day that a continuation may be filed on. */
export function continuableFrom(lapsesOn: Day): Day {
  return addMonths(lapsesOn, -continuableMonths);
}
