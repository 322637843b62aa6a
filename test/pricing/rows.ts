import { type FlagColumn, missing, type TapeColumn, type TapeColumns } from "../../models/tape.js";
import { parseDay } from "../../src/calendar/day.js";

/** A receivable as a test writes it; what is left out is blank. */
export interface TestRow {
  readonly balance: string;
  readonly product?: string;
  readonly state?: string;
  readonly chargedOff?: string;
  readonly delinquent?: string;
  readonly placements?: number;
  readonly bankrupt?: boolean;
}

/** The rows as the tape room would hand them over, in US dollars unless said. */
export function tapeOf(rows: readonly TestRow[], currency = "USD", exponent = 2): TapeColumns {
  const cents = (text: string) => {
    const [whole, fraction = ""] = text.split(".");
    return BigInt(whole! + fraction.padEnd(exponent, "0"));
  };
  const day = (text: string | undefined) => (text === undefined ? missing.day : parseDay(text));
  const code = (values: readonly (string | undefined)[]): TapeColumn => {
    const labels = [...new Set(values.filter((value) => value !== undefined))];
    return {
      kind: "code",
      labels,
      values: Int32Array.from(values, (value) => (value === undefined ? -1 : labels.indexOf(value))),
    };
  };
  const flag = (values: readonly (boolean | undefined)[]): FlagColumn => {
    return { kind: "flag", values: Uint8Array.from(values, (value) => (value === undefined ? 2 : Number(value))) };
  };
  return {
    rows: rows.length,
    rowNumbers: Int32Array.from(rows, (_, i) => i + 1),
    currency,
    columns: new Map<string, TapeColumn>([
      ["current_balance", { kind: "money", values: BigInt64Array.from(rows, (row) => cents(row.balance)) }],
      ["product_type", code(rows.map((row) => row.product))],
      ["state", code(rows.map((row) => row.state))],
      ["charge_off_date", { kind: "day", values: Int32Array.from(rows, (row) => day(row.chargedOff)) }],
      ["delinquency_date", { kind: "day", values: Int32Array.from(rows, (row) => day(row.delinquent)) }],
      ["prior_placements", { kind: "number", values: Float64Array.from(rows, (row) => row.placements ?? Number.NaN) }],
      ["bankruptcy", flag(rows.map((row) => row.bankrupt))],
    ]),
  };
}

/** A fresh card debt of a California debtor on 2026-10-01. */
export const freshCard: TestRow = {
  balance: "5000.00",
  product: "credit_card",
  state: "CA",
  chargedOff: "2026-07-01",
  delinquent: "2026-01-01",
  placements: 0,
};
