import { addMonths, type Day, dayOf, monthsBetween } from "./day.js";

/**
 * Month arithmetic for whole columns: a tape has a million rows and a few thousand different days, so each day is
 * worked out once and looked up ever after.
 */
const first = dayOf(1900, 1, 1);
const last = dayOf(2100, 12, 31);
const unset = -2_147_483_648;

function remembered(work: (day: Day) => number): (day: number) => number {
  const known = new Int32Array(last - first + 1).fill(unset);
  return (day) => {
    if (day < first || day > last) return work(day as Day);
    const found = known[day - first]!;
    if (found !== unset) return found;
    const worked = work(day as Day);
    known[day - first] = worked;
    return worked;
  };
}

/** `addMonths(day, months)` for many days. */
export function monthAdder(months: number): (day: number) => number {
  return remembered((day) => addMonths(day, months));
}

/** `monthsBetween(day, to)` for many days. */
export function monthCounter(to: Day): (day: number) => number {
  return remembered((day) => monthsBetween(day, to));
}
