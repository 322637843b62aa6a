import type { TapeFindings } from "../../models/findings-table.js";
import { type CodeColumn, type Layout, missing, type TapeColumn } from "../../models/tape.js";
import { amountFault } from "./amount-fault.js";
import { type RawColumns, rowsWithSharedKeys } from "./column-reader.js";
import type { Engine } from "./engine.js";
import { datePatternOf } from "./layout.js";
import type { Relation } from "./relation.js";
import { type ReadColumn, rawName, unread } from "./typing.js";

/** A file that was read, under examination. `rejected` has one mark a row. */
export interface Examination {
  readonly engine: Engine;
  readonly relation: Relation;
  readonly read: readonly ReadColumn[];
  readonly raw: RawColumns;
  /** number in the file of each row */
  readonly rowNumbers: Int32Array;
  readonly rejected: Uint8Array;
  readonly findings: TapeFindings;
  readonly currency: string;
  readonly layout: Layout;
}

/** The texts of single cells, read from the file again: of so few that keeping all of them would be waste. */
async function* textsAt(
  { engine, relation }: Examination,
  items: readonly string[],
  rows: readonly number[],
): AsyncGenerator<{ row: number; texts: readonly (string | null)[] }> {
  if (rows.length === 0) return;
  let next = 0;
  let first = 0;
  const { chunks } = await engine.query(`SELECT ${items.join(", ")} FROM ${relation.sql}`, [relation.path]);
  for (const chunk of chunks) {
    const vectors = items.map((_, at) => chunk.getColumnVector(at));
    for (; next < rows.length && rows[next]! < first + chunk.rowCount; next++) {
      const row = rows[next]!;
      yield { row, texts: vectors.map((vector) => vector.getItem(row - first) as string | null) };
    }
    if (next === rows.length) return;
    first += chunk.rowCount;
  }
}

/** Every cell that could not be parsed, with its text; its row is rejected, and the cell counts as missing from then on. */
export async function addCellFaults(job: Examination): Promise<void> {
  const isFaulty = new Uint8Array(job.raw.rows);
  const faulty = job.read.flatMap((column) => {
    const data = job.raw.numbers.get(column.name);
    return data !== undefined && markUnread(data, isFaulty) ? [{ column, data }] : [];
  });
  if (faulty.length === 0) return;
  const rows: number[] = [];
  for (let row = 0; row < isFaulty.length; row++) if (isFaulty[row] === 1) rows.push(row);
  const items = faulty.map(({ column }) => rawName(column));
  for await (const { row, texts } of textsAt(job, items, rows)) {
    job.rejected[row] = 1;
    for (const [at, { column, data }] of faulty.entries()) {
      if (!clear(data, row)) continue;
      addFault(job, column, { row: job.rowNumbers[row]!, value: texts[at] ?? "" });
    }
  }
}

/** Marks the rows in which the column is unread, and says whether there are any. */
function markUnread(column: TapeColumn, isFaulty: Uint8Array): boolean {
  if (column.kind === "money") return markEach(column.values, unread.money, isFaulty);
  if (column.kind === "day" || column.kind === "number") return markEach(column.values, unread[column.kind], isFaulty);
  return false;
}

/** Marks the rows that hold the value. The search of typed arrays is far faster than a loop of one's own. */
function markEach<V extends number | bigint>(
  values: { indexOf(value: V, from: number): number },
  value: V,
  marks: Uint8Array,
): boolean {
  const first = values.indexOf(value, 0);
  for (let row = first; row >= 0; row = values.indexOf(value, row + 1)) marks[row] = 1;
  return first >= 0;
}

/** Makes an unread cell a missing one; false when it is not unread. */
function clear(column: TapeColumn, row: number): boolean {
  if (column.kind !== "money" && column.kind !== "day" && column.kind !== "number") return false;
  if (column.values[row] !== unread[column.kind]) return false;
  column.values[row] = missing[column.kind];
  return true;
}

function addFault(job: Examination, column: ReadColumn, at: { row: number; value: string }): void {
  const where = { ...at, column: column.name };
  if (column.kind === "money") {
    job.findings.add(amountFault(at.value, job.currency, job.layout.decimal_mark), { ...where, note: job.currency });
  } else if (column.kind === "day") {
    const pattern = datePatternOf(job.layout, column.name) ?? "YYYY-MM-DD";
    job.findings.add("date_invalid", { ...where, note: pattern });
  } else job.findings.add("number_invalid", where);
}

/** Rows whose account number stands on an earlier row: they are rejected, and the finding names the first. */
export async function addDuplicates(job: Examination, account: ReadColumn): Promise<void> {
  const rows = rowsWithSharedKeys(job.raw.keys);
  const firstOf = new Map<string, number>();
  for await (const { row, texts } of textsAt(job, [`trim(${rawName(account)})`], rows)) {
    const value = texts[0]!;
    const first = firstOf.get(value);
    if (first === undefined) {
      firstOf.set(value, row);
      continue;
    }
    job.rejected[row] = 1;
    const note = `row ${job.rowNumbers[first]}`;
    job.findings.add("account_number_duplicate", { row: job.rowNumbers[row]!, column: account.name, value, note });
  }
}

/** Rows in which nothing stands: lines of a JSON Lines file that are no objects. */
export function addHollowRows(job: Examination): Set<number> {
  const hollow = new Set<number>();
  const { keys, numbers, codes, rows } = job.raw;
  const columns = [...numbers.values(), ...codes.values()];
  for (let row = 0; row < rows; row++) {
    if (keys[row] !== 0n || !columns.every((column) => isMissing(column, row))) continue;
    hollow.add(row);
    job.rejected[row] = 1;
    job.findings.add("row_unreadable", { row: job.rowNumbers[row]!, note: "not a JSON object with the file's keys" });
  }
  return hollow;
}

function isMissing(column: TapeColumn | CodeColumn, row: number): boolean {
  if (column.kind === "number") return Number.isNaN(column.values[row]);
  if (column.kind === "text") return column.values[row] === "";
  return column.values[row] === missing[column.kind];
}

/** Rows without an account number or a balance; a hollow row has its own finding. */
export function addMissing(
  job: Examination,
  at: { account: ReadColumn; balance: ReadColumn; hollow: ReadonlySet<number> },
): void {
  const { keys, numbers, rows } = job.raw;
  const balances = numbers.get(at.balance.name)!.values as BigInt64Array;
  if (!keys.includes(0n) && !balances.includes(missing.money)) return;
  const keyWords = new Int32Array(keys.buffer, keys.byteOffset, rows * 2);
  const balanceWords = new Int32Array(balances.buffer, balances.byteOffset, rows * 2);
  for (let row = 0; row < rows; row++) {
    const hasNumber = keyWords[2 * row] !== 0 || keyWords[2 * row + 1] !== 0;
    // The upper half of the missing amount is one that no amount of 18 digits has.
    const hasAmount = balanceWords[2 * row + 1] !== -2_147_483_648;
    if ((hasNumber && hasAmount) || at.hollow.has(row)) continue;
    job.rejected[row] = 1;
    const where = job.rowNumbers[row]!;
    if (!hasNumber) job.findings.add("account_number_missing", { row: where, column: at.account.name });
    if (!hasAmount) job.findings.add("balance_missing", { row: where, column: at.balance.name });
  }
}
