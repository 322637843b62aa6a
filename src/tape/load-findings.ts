import type { TapeFindings } from "../../models/findings-table.js";
import { type CanonicalColumn, type Layout, missing, type TapeColumn } from "../../models/tape.js";
import { amountFault } from "./amount-fault.js";
import type { Engine } from "./engine.js";
import { datePatternOf } from "./layout.js";
import type { Relation } from "./relation.js";
import { faultsStatement, hasFault, isMissing, isParsed, type ReadColumn, typedName } from "./typing.js";

/** A loaded table `tape` under examination. `rejected` has one mark a row of the table. */
export interface Examination {
  readonly engine: Engine;
  readonly relation: Relation;
  readonly read: readonly ReadColumn[];
  /** number in the file of each row of the table */
  readonly rowNumbers: Int32Array;
  readonly rejected: Uint8Array;
  readonly findings: TapeFindings;
  readonly currency: string;
  readonly layout: Layout;
}

/** Every cell that could not be parsed, with its text; its row is rejected, and the cell counts as missing from then on. */
export async function addCellFaults(job: Examination, columns: ReadonlyMap<string, TapeColumn>): Promise<void> {
  const marked = await job.engine.rows(`SELECT count(*) FROM tape WHERE ${hasFault(job.read)}`);
  if (Number(marked[0]![0]) === 0) return;
  const parsed = job.read.filter(isParsed);
  const sql = faultsStatement(job.relation.sql, job.read);
  for await (const chunk of job.engine.chunks(sql, [job.relation.path])) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const [index, ...texts] = chunk.getRowValues(i);
      const at = Number(index);
      texts.forEach((value, column) => {
        if (typeof value !== "string") return;
        job.rejected[at] = 1;
        clear(columns.get(parsed[column]!.name)!, at);
        addFault(job, parsed[column]!, { row: job.rowNumbers[at]!, value });
      });
    }
  }
}

function clear(column: TapeColumn, at: number): void {
  if (column.kind === "money") column.values[at] = missing.money;
  else if (column.kind === "day") column.values[at] = missing.day;
  else if (column.kind === "number") column.values[at] = missing.number;
}

function addFault(job: Examination, column: ReadColumn, at: { row: number; value: string }): void {
  const where = { ...at, column: column.name };
  if (column.kind === "money") {
    job.findings.add(amountFault(at.value, job.currency, job.layout.decimal_mark), { ...where, note: job.currency });
  } else if (column.kind === "day") {
    const pattern = datePatternOf(job.layout, column.name as CanonicalColumn) ?? "YYYY-MM-DD";
    job.findings.add("date_invalid", { ...where, note: pattern });
  } else job.findings.add("number_invalid", where);
}

/** Rows whose account number stands on an earlier row: they are rejected, and the finding names the first. */
export async function addDuplicates(job: Examination, account: ReadColumn): Promise<void> {
  const name = typedName(account);
  // Counting hashes takes half the time of counting texts, and cannot miss a duplicate; a collision costs one more query.
  const counts = await job.engine.rows(
    `SELECT count(${name}) - count(DISTINCT hash(${name})) FROM tape WHERE ${name} IS NOT NULL`,
  );
  if (Number(counts[0]![0]) === 0) return;
  const sql = `SELECT tape.rowid, seen.first, ${name} FROM tape JOIN
    (SELECT ${name}, min(rowid) AS first FROM tape WHERE ${name} IS NOT NULL GROUP BY ${name} HAVING count(*) > 1) AS seen
    USING (${name}) WHERE tape.rowid > seen.first ORDER BY tape.rowid`;
  for await (const chunk of job.engine.chunks(sql)) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const [index, first, value] = chunk.getRowValues(i);
      const at = Number(index);
      job.rejected[at] = 1;
      job.findings.add("account_number_duplicate", {
        row: job.rowNumbers[at]!,
        column: account.name,
        value: String(value),
        note: `row ${job.rowNumbers[Number(first)]}`,
      });
    }
  }
}

/** Rows of NULLs alone: lines of a JSON Lines file that are no objects. */
export async function addHollowRows(job: Examination): Promise<Set<number>> {
  const hollow = new Set<number>();
  const allNull = job.read
    .map((column) => (isParsed(column) ? isMissing(column) : `${typedName(column)} IS NULL`))
    .join(" AND ");
  for await (const chunk of job.engine.chunks(`SELECT rowid FROM tape WHERE ${allNull} ORDER BY rowid`)) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const at = Number(chunk.getRowValues(i)[0]);
      hollow.add(at);
      job.rejected[at] = 1;
      job.findings.add("row_unreadable", { row: job.rowNumbers[at]!, note: "not a JSON object with the file's keys" });
    }
  }
  return hollow;
}

/** Rows without an account number or a balance; a hollow row has its own finding. */
export async function addMissing(
  job: Examination,
  {
    account,
    balance,
    hollow,
  }: {
    account: ReadColumn;
    balance: ReadColumn;
    hollow: ReadonlySet<number>;
  },
): Promise<void> {
  const hasNumber = `${typedName(account)} IS NOT NULL`;
  const sql = `SELECT rowid, NOT ${hasNumber}, ${isMissing(balance)} FROM tape
    WHERE NOT (${hasNumber}) OR ${isMissing(balance)} ORDER BY rowid`;
  for await (const chunk of job.engine.chunks(sql)) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const [index, hasNoNumber, hasNoAmount] = chunk.getRowValues(i);
      const at = Number(index);
      if (hollow.has(at)) continue;
      job.rejected[at] = 1;
      const row = job.rowNumbers[at]!;
      if (hasNoNumber === true) job.findings.add("account_number_missing", { row, column: account.name });
      if (hasNoAmount === true) job.findings.add("balance_missing", { row, column: balance.name });
    }
  }
}
