import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Tx } from "./transaction.js";

/** A financing statement (UCC-1 and the like) that the factor's interest is made known by. */
export interface FinancingStatement {
  readonly portfolioId: string;
  readonly filingNo: number;
  readonly jurisdiction: string;
  readonly fileNumber: string;
  readonly filedOn: string;
  readonly lapsesOn: string;
  readonly continuedOn: string | null;
  readonly terminatedOn: string | null;
}

interface StatementRow {
  portfolio_id: string;
  filing_no: number;
  jurisdiction: string;
  file_number: string;
  filed_on: string;
  lapses_on: string;
  continued_on: string | null;
  terminated_on: string | null;
}

const select = `select portfolio_id, filing_no, jurisdiction, file_number, filed_on, lapses_on, continued_on, terminated_on
  from financing_statement`;

function statementOf(row: StatementRow): FinancingStatement {
  return {
    portfolioId: row.portfolio_id,
    filingNo: row.filing_no,
    jurisdiction: row.jurisdiction,
    fileNumber: row.file_number,
    filedOn: row.filed_on,
    lapsesOn: row.lapses_on,
    continuedOn: row.continued_on,
    terminatedOn: row.terminated_on,
  };
}

/** Throws `already_exists` for a number that the filing office gave once. */
export async function insertStatement(tx: Tx, statement: FinancingStatement, at: string): Promise<void> {
  const { portfolioId, filingNo, jurisdiction, fileNumber, filedOn, lapsesOn } = statement;
  try {
    await tx.execute(
      `insert into financing_statement (portfolio_id, tenant_id, filing_no, jurisdiction, file_number, filed_on,
                                        lapses_on, actor, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [portfolioId, tx.tenantId, filingNo, jurisdiction, fileNumber, filedOn, lapsesOn, tx.actor ?? "unknown", at],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      financing_statement_once: ["already_exists", `statement ${fileNumber} of ${jurisdiction} is recorded already`],
    });
  }
}

/** Throws `not_found`. Whoever calls has the facility's book open. */
export async function findStatement(tx: Tx, portfolioId: string, filingNo: number): Promise<FinancingStatement> {
  const [row] = await tx.query<StatementRow>(`${select} where portfolio_id = ? and filing_no = ?`, [
    portfolioId,
    filingNo,
  ]);
  if (row !== undefined) return statementOf(row);
  throw new Refusal("not_found", `there is no financing statement ${childId("fs", portfolioId, filingNo)}`);
}

export async function saveStatement(tx: Tx, statement: FinancingStatement): Promise<void> {
  await tx.execute(
    `update financing_statement set lapses_on = ?, continued_on = ?, terminated_on = ?
      where portfolio_id = ? and filing_no = ?`,
    [statement.lapsesOn, statement.continuedOn, statement.terminatedOn, statement.portfolioId, statement.filingNo],
  );
}

/** In the order that they lapse, the terminated ones among them unless only those that lapse by a day are asked for. */
export async function listStatements<T>(
  tx: Tx,
  request: PageRequest & { portfolioId?: string | undefined; lapsesBy?: string | undefined },
  document: (statement: FinancingStatement) => T,
): Promise<Page<T>> {
  const after = readCursor(request, ["day", "text", "number"]);
  const where = new Where()
    .add("tenant_id = ?", tx.tenantId)
    .add("portfolio_id = ?", request.portfolioId)
    .add("terminated_on is null and lapses_on <= ?::date", request.lapsesBy)
    .add("(lapses_on, portfolio_id, filing_no) > (?::date, ?, ?)", ...(after ?? [undefined]));
  const rows = await tx.query<StatementRow>(
    `${select} ${where.sql} order by lapses_on, portfolio_id, filing_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => document(statementOf(row)),
    key: (row) => [row.lapses_on, row.portfolio_id, row.filing_no],
  });
}
