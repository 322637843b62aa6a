import type { CanonicalColumn, TapeColumns } from "../../models/tape.js";
import type { Day } from "../calendar/day.js";
import { monthCounter } from "../calendar/lookup.js";
import { columnOf } from "./column.js";

/** In a column of ages: not known. */
export const unknownAge = -1;

/**
 * Whole months since the charge-off, by row; -1 where it is not known.
 *
 * Nothing stands in for a missing charge-off date. A delinquency date could only do so by assuming after how many
 * months the seller charges off, which differs by product (120 days for closed-end, 180 for open-end retail credit
 * under the uniform classification policy) and for what is no bank's debt is nobody's rule. A charge-off after the day
 * of valuation is not known either.
 */
export function ageMonths(columns: TapeColumns, asOf: Day): Int16Array {
  return monthsSince(columns, "charge_off_date", asOf);
}

/** Whole months since the debt fell into arrears (delinquency date), by row; -1 where it is not known. */
export function pastDueMonths(columns: TapeColumns, asOf: Day): Int16Array {
  return monthsSince(columns, "delinquency_date", asOf);
}

function monthsSince(columns: TapeColumns, name: CanonicalColumn, asOf: Day): Int16Array {
  const ages = new Int16Array(columns.rows).fill(unknownAge);
  const days = columnOf(columns, name, "day")?.values;
  if (days === undefined) return ages;
  const monthsTo = monthCounter(asOf);
  for (let i = 0; i < ages.length; i++) {
    const day = days[i]!;
    if (day >= earliest && day <= asOf) ages[i] = monthsTo(day);
  }
  return ages;
}

/** No debt is older: 1800-01-01. Keeps a missing day (the smallest integer) and nonsense out of the calendar. */
const earliest = -62_091;
