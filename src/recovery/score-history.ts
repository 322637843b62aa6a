import { type DayColumn, missing, type TapeColumns } from "../../models/tape.js";
import { calendarDate, type Day } from "../calendar/day.js";
import { amountsOf, balanceAtChargeOff, daysOf, exposureMonths } from "./score-features.js";
import type { FindingTaker } from "./score-findings.js";

/** The rows of a history that can be learned from: arrays of one entry a used row. */
export interface History {
  /** index of the row among the tape's */
  readonly rows: Int32Array;
  /** months from charge-off to the day of observation */
  readonly exposure: Float64Array;
  /** 1 where anything was recovered */
  readonly any: Float64Array;
  /** recovered over the balance at charge-off; may be above 1 */
  readonly rate: Float64Array;
  /** balance at charge-off in major units */
  readonly balance: Float64Array;
  /** year of opening, or of charge-off where the tape has no opening */
  readonly vintage: Int32Array;
}

/**
 * Parts the rows of a history that say how much came in over a known time from those that do not; each of these is a
 * finding.
 */
export function historyOf(columns: TapeColumns, findings: FindingTaker): History {
  const recovered = amountsOf(columns, "recovered_amount") ?? new Float64Array(columns.rows).fill(Number.NaN);
  const exposure = exposureMonths(columns);
  const balance = balanceAtChargeOff(columns);
  const chargedOff = daysOf(columns, "charge_off_date");
  const observed = daysOf(columns, "observed_on");
  const rows: number[] = [];
  for (let i = 0; i < columns.rows; i++) {
    const row = columns.rowNumbers[i]!;
    const hasDays = (chargedOff?.[i] ?? missing.day) !== missing.day && (observed?.[i] ?? missing.day) !== missing.day;
    if (Number.isNaN(recovered[i])) findings.add("outcome_missing", { row, column: "recovered_amount" });
    else if (recovered[i]! < 0) findings.add("outcome_negative", { row, column: "recovered_amount" });
    else if (!hasDays) findings.add("exposure_unknown", { row, column: "observed_on" });
    else if (Number.isNaN(exposure[i])) findings.add("observed_before_charge_off", { row, column: "observed_on" });
    else if (balance[i]! > 0) rows.push(i);
    else findings.add("balance_zero", { row, column: "charge_off_balance" });
  }
  const used = Int32Array.from(rows);
  const take = (values: Float64Array) => Float64Array.from(used, (i) => values[i]!);
  const vintage = years(columns, used);
  return {
    rows: used,
    exposure: take(exposure),
    any: Float64Array.from(used, (i) => (recovered[i]! > 0 ? 1 : 0)),
    rate: Float64Array.from(used, (i) => recovered[i]! / balance[i]!),
    balance: take(balance),
    vintage,
  };
}

function years(columns: TapeColumns, rows: Int32Array): Int32Array {
  const chargedOff = daysOf(columns, "charge_off_date")!;
  const opened = (columns.columns.get("open_date") as DayColumn | undefined)?.values ?? chargedOff;
  return Int32Array.from(rows, (i) => {
    const day = opened[i] === missing.day ? chargedOff[i]! : opened[i]!;
    return calendarDate(day as Day).year;
  });
}

/** The entries of a history by their places, in that order. */
export function partOf(history: History, places: Int32Array): History {
  const take = (values: Float64Array) => {
    const taken = new Float64Array(places.length);
    for (let k = 0; k < places.length; k++) taken[k] = values[places[k]!]!;
    return taken;
  };
  return {
    rows: places.map((k) => history.rows[k]!),
    exposure: take(history.exposure),
    any: take(history.any),
    rate: take(history.rate),
    balance: take(history.balance),
    vintage: places.map((k) => history.vintage[k]!),
  };
}
