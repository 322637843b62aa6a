import type { TapeFindings } from "../../models/findings-table.js";
import { type DayColumn, type MoneyColumn, missing, type NumberColumn, type TapeColumn } from "../../models/tape.js";
import { type Day, dayOf, formatDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";

/** Dates that systems write where they have none. 1970-01-01 is the zero of Unix time, 1899-12-30 that of spreadsheets. */
const placeholders: ReadonlySet<number> = new Set([
  dayOf(1, 1, 1),
  dayOf(1753, 1, 1),
  dayOf(1899, 12, 30),
  dayOf(1899, 12, 31),
  dayOf(1900, 1, 1),
  dayOf(1901, 1, 1),
  dayOf(1970, 1, 1),
  dayOf(2099, 12, 31),
  dayOf(2999, 12, 31),
  dayOf(9999, 12, 31),
]);

interface Checked {
  readonly columns: ReadonlyMap<string, TapeColumn>;
  /** number in the file of each row */
  readonly rowNumbers: Int32Array;
  readonly findings: TapeFindings;
}

function dayColumn(columns: ReadonlyMap<string, TapeColumn>, name: string): DayColumn | undefined {
  const column = columns.get(name);
  return column?.kind === "day" ? column : undefined;
}

/** The placeholders after the zero of Unix time are far in the future. */
const firstFarDay = dayOf(2099, 12, 31);

/** Placeholder dates become missing; dates after the day of valuation are named and kept. */
export function checkDays({ columns, rowNumbers, findings }: Checked, asOf: Day): void {
  for (const [name, column] of columns) {
    if (column.kind !== "day") continue;
    const { values } = column;
    const lastPlain = Math.min(asOf, firstFarDay - 1);
    for (let i = 0; i < values.length; i++) {
      const day = values[i]!;
      if (day === missing.day || (day > 0 && day <= lastPlain)) continue;
      if (placeholders.has(day)) {
        findings.add("date_placeholder", { row: rowNumbers[i]!, column: name, value: formatDay(day as Day) });
        values[i] = missing.day;
      } else if (day > asOf) {
        const note = `valuation is as of ${formatDay(asOf)}`;
        findings.add("date_in_future", { row: rowNumbers[i]!, column: name, value: formatDay(day as Day), note });
      }
    }
  }
}

/** The order of a debt's dates: opened, charged off, last paid. Run after `checkDays`, which clears placeholders. */
export function checkDateOrder({ columns, rowNumbers, findings }: Checked): void {
  const chargedOff = dayColumn(columns, "charge_off_date")?.values;
  if (chargedOff === undefined) return;
  const open = dayColumn(columns, "open_date")?.values;
  const lastPaid = dayColumn(columns, "last_payment_date")?.values;
  for (let i = 0; i < chargedOff.length; i++) {
    const row = rowNumbers[i]!;
    const day = chargedOff[i]!;
    if (day === missing.day) {
      findings.add("missing_charge_off_date", { row, column: "charge_off_date" });
      continue;
    }
    const paid = lastPaid?.[i] ?? missing.day;
    if (paid > day) {
      const note = `charged off on ${formatDay(day as Day)}`;
      findings.add("last_payment_after_charge_off", {
        row,
        column: "last_payment_date",
        value: formatDay(paid as Day),
        note,
      });
    }
    const opened = open?.[i] ?? missing.day;
    if (opened === missing.day || opened < day) continue;
    const code = opened === day ? "charge_off_on_open_date" : "charge_off_before_open";
    findings.add(code, { row, column: "charge_off_date", value: formatDay(day as Day) });
  }
}

/** Prior placements are a count; anything else makes the row unreadable. Marks such rows in `rejected`. */
export function checkPlacements(checked: Checked, rejected: Uint8Array): void {
  const column = checked.columns.get("prior_placements") as NumberColumn | undefined;
  if (column === undefined) return;
  const { values } = column;
  for (let i = 0; i < values.length; i++) {
    const count = values[i]!;
    if (Number.isNaN(count) || (Number.isInteger(count) && count >= 0)) continue;
    checked.findings.add("number_invalid", {
      row: checked.rowNumbers[i]!,
      column: "prior_placements",
      value: String(count),
      note: "placements are counted 0, 1, 2, ...",
    });
    rejected[i] = 1;
  }
}

/** Reads 64-bit integers as doubles, which is exact below 2^53 and spares a bigint an element. */
function doublesOf(values: BigInt64Array): (i: number) => number {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return (i) => words[2 * i + 1]! * 4_294_967_296 + (words[2 * i]! >>> 0);
}

const exactBelow = 2 ** 50;

/** Balances below zero (rejected), and those that are not principal plus interest plus fees. */
export function checkAmounts({ columns, rowNumbers, findings }: Checked, currency: string, rejected: Uint8Array): void {
  const balances = (columns.get("current_balance") as MoneyColumn).values;
  const parts = ["principal", "interest", "fees"].map((name) => columns.get(name) as MoneyColumn | undefined);
  const balance = doublesOf(balances);
  const [principal, interest, fees] = parts.map((part) => (part === undefined ? undefined : doublesOf(part.values)));
  const blank = Number(missing.money);
  const at = (i: number) => ({
    row: rowNumbers[i]!,
    column: "current_balance",
    value: formatMinor(balances[i]!, currency),
  });
  for (let i = 0; i < balances.length; i++) {
    const due = balance(i);
    if (due === blank) continue;
    if (due < 0) {
      findings.add("balance_negative", at(i));
      rejected[i] = 1;
    }
    if (principal === undefined || interest === undefined || fees === undefined) continue;
    const [a, b, c] = [principal(i), interest(i), fees(i)];
    if (a === blank || b === blank || c === blank) continue;
    const isSum =
      Math.max(Math.abs(due), Math.abs(a), Math.abs(b), Math.abs(c)) < exactBelow
        ? due === a + b + c
        : balances[i] === parts.reduce((sum, part) => sum + part!.values[i]!, 0n);
    if (isSum) continue;
    const sum = parts.reduce((total, part) => total + part!.values[i]!, 0n);
    findings.add("balance_not_sum_of_parts", { ...at(i), note: `the parts sum to ${formatMinor(sum, currency)}` });
  }
}
