import {
  type CanonicalColumn,
  type CodeColumn,
  canonicalColumns,
  canonicalKinds,
  missing,
  type TapeColumn,
  type TapeColumns,
} from "../../models/tape.js";
import { parseDay } from "../../src/calendar/day.js";
import { parseMinor } from "../../src/money/money.js";

/** A row as a test writes it: money and days as text, flags as booleans, what is left out is blank. */
export type TapeRow = Partial<Record<CanonicalColumn, string | number | boolean>>;

/** Typed columns of rows written out: those columns that any row has, and current_balance ("100.00" where left out). */
export function tapeOf(rows: readonly TapeRow[], currency = "USD"): TapeColumns {
  const full = rows.map((row) => ({ current_balance: "100.00", ...row }) as TapeRow);
  const names = canonicalColumns.filter(
    (name) => name === "current_balance" || full.some((row) => row[name] !== undefined),
  );
  return {
    rows: rows.length,
    rowNumbers: Int32Array.from(rows, (_, i) => i + 1),
    currency,
    columns: new Map(names.map((name) => [name, columnOf(full, name, currency)])),
  };
}

function columnOf(rows: readonly TapeRow[], name: CanonicalColumn, currency: string): TapeColumn {
  const values = rows.map((row) => row[name]);
  const kind = canonicalKinds[name];
  switch (kind) {
    case "money":
      return {
        kind,
        values: BigInt64Array.from(values, (value) =>
          value === undefined ? missing.money : parseMinor(String(value), currency),
        ),
      };
    case "day":
      return {
        kind,
        values: Int32Array.from(values, (value) => (value === undefined ? missing.day : parseDay(String(value)))),
      };
    case "number":
      return {
        kind,
        values: Float64Array.from(values, (value) => (value === undefined ? missing.number : Number(value))),
      };
    case "flag":
      return {
        kind,
        values: Uint8Array.from(values, (value) => (value === undefined ? missing.flag : value === true ? 1 : 0)),
      };
    case "code":
      return codesOf(values);
    default:
      return { kind: "text", values: values.map((value) => String(value ?? "")) };
  }
}

function codesOf(values: readonly (string | number | boolean | undefined)[]): CodeColumn {
  const labels = [...new Set(values.filter((value) => value !== undefined).map(String))];
  return {
    kind: "code",
    labels,
    values: Int32Array.from(values, (value) => (value === undefined ? missing.code : labels.indexOf(String(value)))),
  };
}
