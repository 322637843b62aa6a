import type { Finding } from "../../models/finding.js";
import { type Page, type PageRequest, pageOf, queryInOrder, readCursor, Where } from "./cursor.js";
import { stageRows } from "./staging.js";
import type { Tx } from "./transaction.js";

/** Keeps all findings of a tape, in the order given. */
export async function insertFindings(tx: Tx, portfolioId: string, findings: Iterable<Finding>): Promise<void> {
  function* rows() {
    let number = 0;
    for (const f of findings) {
      number++;
      // PostgreSQL keeps no NUL byte in a text
      const value = f.value?.replaceAll("\u0000", "\ufffd") ?? null;
      yield [number, f.row, f.column, f.code, f.severity, value, f.message];
    }
  }
  const table = "staged_finding";
  const columns =
    "finding_no integer, row_no integer, column_name text, code text, severity text, value text, message text";
  await stageRows(tx, { table, columns, rows: rows() });
  await tx.execute(
    `insert into finding (portfolio_id, tenant_id, finding_no, row_no, column_name, code, severity, value, message)
    select ?, ?, * from ${table} order by finding_no`,
    [portfolioId, tx.tenantId],
  );
}

interface FindingRow {
  finding_no: number;
  row_no: number | null;
  column_name: string | null;
  code: string;
  severity: Finding["severity"];
  value: string | null;
  message: string;
}

type FindingDocument = Omit<Finding, "code"> & { code: string };

export async function listFindings(
  tx: Tx,
  portfolioId: string,
  request: PageRequest & { code?: string | undefined; severity?: string | undefined },
): Promise<Page<FindingDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", portfolioId)
    .add("code = ?", request.code)
    .add("severity = ?", request.severity)
    .add("finding_no > ?", after?.[0]);
  const rows = await queryInOrder<FindingRow>(
    tx,
    `select finding_no, row_no, column_name, code, severity, value, message from finding ${where.sql}
      order by finding_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: ({ row_no, column_name, code, severity, value, message }) => ({
      row: row_no,
      column: column_name,
      code,
      severity,
      value,
      message,
    }),
    key: (row) => [row.finding_no],
  });
}
