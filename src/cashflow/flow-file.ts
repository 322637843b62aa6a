import { isRefusal, Refusal, type RefusalItem } from "../../models/refusal.js";
import { type Day, parseDay } from "../calendar/day.js";

export interface DatedFlows {
  readonly dates: readonly Day[];
  /** estimates in major units; negative is paid out */
  readonly amounts: readonly number[];
}

const amountText = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/**
 * Reads dated flows from text: rows of `date,amount`, the date as YYYY-MM-DD, the amount a plain decimal. A first row
 * that says `date,amount` is a header. Blank lines are passed over; fields may stand in double quotes.
 *
 * @throws Refusal `file_empty`, `file_without_rows`, or `file_unreadable` with one item for every bad row: its number
 *   (1-based, header not counted, blank lines not counted), what is wrong, and the value
 */
export function parseFlows(csvText: string): DatedFlows {
  const lines = csvText
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new Refusal("file_empty", "the file of flows holds no text");
  const rows = /^"?date"?\s*,\s*"?amount"?$/i.test(lines[0]!.trim()) ? lines.slice(1) : lines;
  if (rows.length === 0) throw new Refusal("file_without_rows", "the file of flows holds its header only");
  const dates: Day[] = [];
  const amounts: number[] = [];
  const faults: RefusalItem[] = [];
  for (const [index, line] of rows.entries()) {
    const read = readRow(line, index + 1);
    if ("code" in read) faults.push(read);
    else {
      dates.push(read.day);
      amounts.push(read.amount);
    }
  }
  if (faults.length > 0) {
    const first = faults[0]!;
    const others = faults.length === 1 ? "" : ` (and ${faults.length - 1} more)`;
    throw new Refusal("file_unreadable", `${first.pointer}: ${first.detail}${others}`, faults.slice(0, 100));
  }
  return { dates, amounts };
}

function readRow(line: string, row: number): { day: Day; amount: number } | RefusalItem {
  const fields = line.split(",").map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
  const fault = (column: string, code: string, detail: string, value: string): RefusalItem => ({
    pointer: `row ${row}${column}`,
    code,
    detail,
    value: value.slice(0, 40),
  });
  if (fields.length !== 2) {
    return fault("", "row_ragged", `${fields.length} fields, "${line.slice(0, 40)}"; a row is date,amount`, line);
  }
  const [date, amount] = [fields[0]!, fields[1]!];
  if (!amountText.test(amount) || !Number.isFinite(Number(amount))) {
    return fault(", amount", "amount_invalid", `"${amount.slice(0, 40)}" is not a plain decimal amount`, amount);
  }
  try {
    return { day: parseDay(date), amount: Number(amount) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return fault(", date", error.code, error.detail, date);
  }
}
