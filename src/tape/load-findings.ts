import type { TapeFindings } from "../../models/findings-table.js";
import type { CanonicalColumn, Layout } from "../../models/tape.js";
import { amountFault } from "./amount-fault.js";
import type { Engine } from "./engine.js";
import { datePatternOf } from "./layout.js";
import type { Relation } from "./relation.js";
import { faultsStatement, isParsed, type ReadColumn, typedName } from "./typing.js";

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

/** Every cell that could not be parsed, with its text; its row is rejected. Returns the rows without a readable balance. */
export async function addCellFaults(job: Examination): Promise<Set<number>> {
  const unreadBalances = new Set<number>();
  const marked = await job.engine.rows("SELECT count(*) FROM tape WHERE bad");
  if (Number(marked[0]![0]) === 0) return unreadBalances;
  const parsed = job.read.filter(isParsed);
  const sql = faultsStatement(job.relation.sql, job.read);
  for await (const chunk of job.engine.chunks(sql, [job.relation.path])) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const [index, ...texts] = chunk.getRowValues(i);
      const at = Number(index);
      texts.forEach((value, column) => {
        if (typeof value !== "string") return;
        job.rejected[at] = 1;
        if (parsed[column]!.name === "current_balance") unreadBalances.add(at);
        addFault(job, parsed[column]!, { row: job.rowNumbers[at]!, value });
      });
    }
  }
  return unreadBalances;
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
  const allNull = job.read.map((column) => `${typedName(column)} IS NULL`).join(" AND ");
  for await (const chunk of job.engine.chunks(`SELECT rowid FROM tape WHERE NOT bad AND ${allNull} ORDER BY rowid`)) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const at = Number(chunk.getRowValues(i)[0]);
      hollow.add(at);
      job.rejected[at] = 1;
      job.findings.add("row_unreadable", { row: job.rowNumbers[at]!, note: "not a JSON object with the file's keys" });
    }
  }
  return hollow;
}

/** Rows without an account number or a balance. A hollow row, and a balance that is there but unreadable, has its own finding. */
export async function addMissing(
  job: Examination,
  {
    account,
    balance,
    hollow,
    unreadBalances,
  }: {
    account: ReadColumn;
    balance: ReadColumn;
    hollow: ReadonlySet<number>;
    unreadBalances: ReadonlySet<number>;
  },
): Promise<void> {
  const [number, amount] = [typedName(account), typedName(balance)];
  const sql = `SELECT rowid, ${number} IS NULL, ${amount} IS NULL FROM tape
    WHERE ${number} IS NULL OR ${amount} IS NULL ORDER BY rowid`;
  for await (const chunk of job.engine.chunks(sql)) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const [index, hasNoNumber, hasNoAmount] = chunk.getRowValues(i);
      const at = Number(index);
      if (hollow.has(at)) continue;
      job.rejected[at] = 1;
      const row = job.rowNumbers[at]!;
      if (hasNoNumber === true) job.findings.add("account_number_missing", { row, column: account.name });
      if (hasNoAmount === true && !unreadBalances.has(at)) {
        job.findings.add("balance_missing", { row, column: balance.name });
      }
    }
  }
}
