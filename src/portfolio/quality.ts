import { missing, type TapeColumn, type TapeColumns } from "../../models/tape.js";
import { countFilled } from "../money/column.js";

export interface ColumnFill {
  readonly column: string;
  readonly filled: number;
  /** share of the readable rows that have a value, 0 to 1; 0 on a tape without rows */
  readonly fillRate: number;
}

/** How far each column of the tape is filled, in the tape's order of columns. */
export function fillRates(columns: TapeColumns): ColumnFill[] {
  return Array.from(columns.columns, ([column, data]) => {
    const filled = filledIn(data);
    return { column, filled, fillRate: columns.rows === 0 ? 0 : filled / columns.rows };
  });
}

function filledIn(column: TapeColumn): number {
  switch (column.kind) {
    case "money":
      return countFilled(column.values);
    case "day":
      return countOther(column.values, missing.day);
    case "code":
      return countOther(column.values, missing.code);
    case "flag":
      return countOther(column.values, missing.flag);
    case "number":
      return countNumbers(column.values);
    case "text":
      return column.values.reduce((filled, text) => (text === "" ? filled : filled + 1), 0);
  }
}

function countOther(values: Int32Array | Uint8Array, blank: number): number {
  if (!values.includes(blank)) return values.length;
  let filled = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== blank) filled++;
  return filled;
}

function countNumbers(values: Float64Array): number {
  if (!values.includes(Number.NaN)) return values.length;
  let filled = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) filled++;
  return filled;
}
