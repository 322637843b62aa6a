import type { z } from "zod";
import type { ReceivableState, receivableDocument } from "../../models/receivable.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import {
  type CanonicalColumn,
  canonicalColumns,
  canonicalKinds,
  missing,
  type TapeColumn,
  type TapeColumns,
} from "../../models/tape.js";
import { type Day, formatDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, queryInOrder, readCursor, Where } from "./cursor.js";
import type { Portfolio } from "./portfolio.js";
import { stageRows } from "./staging.js";
import type { Tx } from "./transaction.js";

/** Columns of a tape that a receivable keeps: all but those of persons (the vault's) and of a history. */
const histories: ReadonlySet<string> = new Set(["recovered_amount", "collection_fee", "observed_on"]);
const keptColumns = canonicalColumns.filter(
  (name) => name !== "account_number" && canonicalKinds[name] !== "person" && !histories.has(name),
);

const sqlTypes = { money: "bigint", day: "date", number: "double precision", code: "text", flag: "smallint" } as const;

function sqlType(name: CanonicalColumn): string {
  const kind = canonicalKinds[name];
  if (kind === "text" || kind === "person") throw new Error(`${name} is not kept in a receivable`);
  return sqlTypes[kind];
}

type Field = string | number | bigint | null;

/** One value as COPY takes it; null where the tape has none. */
function fieldAt(column: TapeColumn, row: number): Field {
  switch (column.kind) {
    case "money":
      return column.values[row] === missing.money ? null : column.values[row]!;
    case "day":
      return column.values[row] === missing.day ? null : formatDay(column.values[row]! as Day);
    case "number":
      return Number.isNaN(column.values[row]) ? null : column.values[row]!;
    case "code":
      return column.values[row] === missing.code ? null : column.labels[column.values[row]!]!;
    case "flag":
      return column.values[row] === missing.flag ? null : column.values[row]!;
    case "text":
      return column.values[row]!;
  }
}

const rowsBetweenReports = 20_000;

/**
 * Stores the rows of a tape; receivable n is its n-th readable row. Returns the canonical columns that were kept.
 * `onRows` hears now and then how many rows have been handed over.
 */
export async function insertReceivables(
  tx: Tx,
  stored: { portfolioId: string; tape: TapeColumns; onRows: (rows: number) => void },
): Promise<string[]> {
  const { portfolioId, tape, onRows } = stored;
  const present = keptColumns.filter((name) => tape.columns.has(name));
  const columns = present.map((name) => tape.columns.get(name)!);
  const account = tape.columns.get("account_number");
  if (account === undefined) throw new Error("a tape that was read has account numbers");
  function* rows(): Generator<Field[]> {
    for (let row = 0; row < tape.rows; row++) {
      if (row % rowsBetweenReports === 0) onRows(row);
      const fields: Field[] = [row + 1, tape.rowNumbers[row]!, fieldAt(account!, row)];
      for (const column of columns) fields.push(fieldAt(column, row));
      yield fields;
    }
  }
  const names = ["receivable_no", "row_no", "account_number", ...present];
  const types = ["integer", "integer", "text", ...present.map(sqlType)];
  const table = "staged_receivable";
  await stageRows(tx, { table, columns: names.map((name, i) => `${name} ${types[i]}`).join(", "), rows: rows() });
  await tx.execute(
    `insert into receivable (portfolio_id, tenant_id, ${names.join(", ")})
     select ?, ?, ${names.join(", ")} from ${table} order by receivable_no`,
    [portfolioId, tx.tenantId],
  );
  return present;
}

interface Loading {
  readonly column: TapeColumn & { values: { [row: number]: unknown } };
  put(row: number, value: unknown): void;
}

function emptyColumn(name: CanonicalColumn, rows: number): Loading {
  const kind = canonicalKinds[name];
  switch (kind) {
    case "money": {
      const values = new BigInt64Array(rows);
      const put = (row: number, value: unknown) => {
        values[row] = (value as bigint | null) ?? missing.money;
      };
      return { column: { kind, values }, put };
    }
    case "day": {
      const values = new Int32Array(rows);
      const put = (row: number, value: unknown) => {
        values[row] = (value as number | null) ?? missing.day;
      };
      return { column: { kind, values }, put };
    }
    case "number": {
      const values = new Float64Array(rows);
      const put = (row: number, value: unknown) => {
        values[row] = (value as number | null) ?? Number.NaN;
      };
      return { column: { kind, values }, put };
    }
    case "flag": {
      const values = new Uint8Array(rows);
      const put = (row: number, value: unknown) => {
        values[row] = (value as number | null) ?? missing.flag;
      };
      return { column: { kind, values }, put };
    }
    default: {
      const values = new Int32Array(rows);
      const labels: string[] = [];
      const index = new Map<string, number>();
      const put = (row: number, value: unknown) => {
        if (value === null) {
          values[row] = missing.code;
          return;
        }
        let label = index.get(value as string);
        if (label === undefined) {
          label = labels.push(value as string) - 1;
          index.set(value as string, label);
        }
        values[row] = label;
      };
      return { column: { kind: "code", values, labels }, put };
    }
  }
}

/**
 * The stored rows as the columns that they were read from, in the order of the file, so that a valuation of them is the
 * valuation of the file to the last bit. Account numbers are not among them.
 */
export async function readTapeColumns(
  tx: Tx,
  tape: { portfolio: Portfolio; rows: number; columns: readonly string[] },
): Promise<TapeColumns> {
  const { portfolio, rows } = tape;
  const names = keptColumns.filter((name) => tape.columns.includes(name));
  const loading = names.map((name) => emptyColumn(name, rows));
  const rowNumbers = new Int32Array(rows);
  const selected = names.map((name) =>
    canonicalKinds[name] === "day" ? `${name} - date '1970-01-01' as ${name}` : name,
  );
  const sql = `select row_no, ${selected.join(", ")} from receivable where portfolio_id = ? order by receivable_no`;
  let row = 0;
  for await (const batch of tx.stream(sql, [portfolio.portfolioId], 10_000)) {
    for (const record of batch) {
      rowNumbers[row] = record.row_no as number;
      for (let i = 0; i < names.length; i++) loading[i]!.put(row, record[names[i]!]);
      row++;
    }
  }
  if (row !== rows) throw new Error(`${row} receivables are stored of a tape of ${rows}`);
  const columns = new Map<string, TapeColumn>(names.map((name, i) => [name, loading[i]!.column]));
  return { rows, rowNumbers, currency: portfolio.currency, columns };
}

interface ReceivableRow {
  receivable_no: number;
  row_no: number;
  account_number: string;
  state: string | null;
  product_type: string | null;
  original_creditor: string | null;
  open_date: string | null;
  delinquency_date: string | null;
  charge_off_date: string | null;
  last_payment_date: string | null;
  current_balance: bigint;
  original_balance: bigint | null;
  charge_off_balance: bigint | null;
  prior_placements: number | null;
  ownership: ReceivableState;
  cost_minor: bigint | null;
  claim_minor: bigint | null;
  collected_minor: bigint | null;
  interest_minor: bigint | null;
  fees_minor: bigint | null;
  court_costs_minor: bigint | null;
  unapplied_minor: bigint | null;
  refund_due_minor: bigint | null;
  advance_minor: bigint | null;
  agency_id: string | null;
}

const documentColumns = `r.receivable_no, r.row_no, r.account_number, r.state, r.product_type, r.original_creditor,
  r.open_date, r.delinquency_date, r.charge_off_date, r.last_payment_date, r.current_balance, r.original_balance,
  r.charge_off_balance, r.prior_placements, p.cost_minor, p.claim_minor, p.collected_minor, p.interest_minor,
  p.fees_minor, p.court_costs_minor, p.unapplied_minor, p.refund_due_minor, p.advance_minor, l.agency_id,
  coalesce(p.state, case f.state when 'owned' then 'not_bought' else 'offered' end) as ownership`;
// laterals of one row: a page is read in the order of its index, and what stands beside its rows for them alone
const documentTables = `receivable r join portfolio f on f.portfolio_id = r.portfolio_id
  left join lateral (select * from position
                      where portfolio_id = r.portfolio_id and receivable_no = r.receivable_no limit 1) p on true
  left join lateral (select agency_id from placement
                      where portfolio_id = p.portfolio_id and placement_no = p.placement_no limit 1) l on true`;

export type ReceivableDocument = z.infer<typeof receivableDocument>;

function documentOf(row: ReceivableRow, portfolio: Portfolio): ReceivableDocument {
  const money = (value: bigint | null) => (value === null ? null : formatMinor(value, portfolio.currency));
  return {
    id: childId("rc", portfolio.portfolioId, row.receivable_no),
    account_number: row.account_number,
    row: row.row_no,
    state: row.ownership,
    currency: portfolio.currency,
    jurisdiction: row.state,
    product_type: row.product_type,
    original_creditor: row.original_creditor,
    open_date: row.open_date,
    delinquency_date: row.delinquency_date,
    charge_off_date: row.charge_off_date,
    last_payment_date: row.last_payment_date,
    current_balance: formatMinor(row.current_balance, portfolio.currency),
    original_balance: money(row.original_balance),
    charge_off_balance: money(row.charge_off_balance),
    prior_placements: row.prior_placements,
    cost: money(row.cost_minor),
    claim: money(row.claim_minor),
    claim_parts: claimPartsOf(row, portfolio.currency),
    unapplied: money(row.unapplied_minor),
    refund_due: money(row.refund_due_minor),
    court_costs_advanced: money(row.advance_minor),
    collected: money(row.collected_minor),
    agency_id: row.agency_id,
  };
}

function claimPartsOf(row: ReceivableRow, currency: string): ReceivableDocument["claim_parts"] {
  if (row.claim_minor === null) return null;
  const [interest, fees, costs] = [row.interest_minor ?? 0n, row.fees_minor ?? 0n, row.court_costs_minor ?? 0n];
  return {
    principal: formatMinor(row.claim_minor - interest - fees - costs, currency),
    interest: formatMinor(interest, currency),
    fees: formatMinor(fees, currency),
    court_costs: formatMinor(costs, currency),
  };
}

export async function listReceivables(
  tx: Tx,
  portfolio: Portfolio,
  request: PageRequest & { state?: ReceivableState | undefined },
): Promise<Page<ReceivableDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("r.portfolio_id = ?", portfolio.portfolioId)
    .add("r.receivable_no > ?", after?.[0])
    .add("coalesce(p.state, case f.state when 'owned' then 'not_bought' else 'offered' end) = ?", request.state);
  const rows = await queryInOrder<ReceivableRow>(
    tx,
    `select ${documentColumns} from ${documentTables} ${where.sql} order by r.receivable_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, { document: (row) => documentOf(row, portfolio), key: (row) => [row.receivable_no] });
}

/** One receivable by its number in the portfolio or by the seller's account number. Throws `receivable_unknown`. */
export async function findReceivable(
  tx: Tx,
  portfolio: Portfolio,
  by: { receivableNo?: number | undefined; accountNumber?: string | undefined },
): Promise<ReceivableDocument> {
  const where = new Where()
    .add("r.portfolio_id = ?", portfolio.portfolioId)
    .add("r.receivable_no = ?", by.receivableNo)
    .add("r.account_number = ?", by.accountNumber);
  const [row] = await tx.query<ReceivableRow>(
    `select ${documentColumns} from ${documentTables} ${where.sql}`,
    where.bindings,
  );
  if (row !== undefined) return documentOf(row, portfolio);
  throw new Refusal("not_found", `the portfolio has no receivable ${by.accountNumber ?? by.receivableNo}`);
}

/** Numbers of the receivables by account number; those that the portfolio does not have are left out. */
export async function receivableNumbers(
  tx: Tx,
  portfolioId: string,
  accountNumbers: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ account_number: string; receivable_no: number }>(
    "select account_number, receivable_no from receivable where portfolio_id = ? and account_number = any(?::text[])",
    [portfolioId, accountNumbers],
  );
  return new Map(rows.map((row) => [row.account_number, row.receivable_no]));
}
