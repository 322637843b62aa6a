import type { ClaimComponent, OverpaymentRule } from "../../models/claim.js";
import type {
  CarryingMethod,
  PortfolioDocument,
  PortfolioKind,
  PortfolioState,
  TapeDocument,
} from "../../models/portfolio.js";
import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import { kept, type Statement } from "./statement.js";
import type { Tx } from "./transaction.js";

export interface Portfolio {
  readonly portfolioId: string;
  readonly name: string;
  readonly seller: string;
  readonly externalId: string | null;
  readonly currency: string;
  readonly state: PortfolioState;
  readonly kind: PortfolioKind;
  readonly carryingMethod: CarryingMethod;
  /** the order in which payments pay the components of a claim */
  readonly waterfall: readonly ClaimComponent[];
  readonly overpayment: OverpaymentRule;
  readonly createdAt: string;
}

interface PortfolioRow {
  portfolio_id: string;
  name: string;
  seller: string;
  external_id: string | null;
  currency: string;
  state: PortfolioState;
  kind: PortfolioKind;
  carrying_method: CarryingMethod;
  waterfall: ClaimComponent[];
  overpayment: OverpaymentRule;
  created_at: string;
}

interface TapeRow {
  sha256: string;
  file_name: string;
  bytes: bigint;
  format: string;
  as_of: string;
  rows_in_file: number;
  rows_kept: number;
  rows_rejected: number;
  face_minor: bigint;
  findings: Record<string, number>;
  layout: Layout;
  columns: string[];
  imported_at: string;
}

export interface Tape {
  readonly sha256: string;
  readonly fileName: string;
  readonly bytes: number;
  readonly format: string;
  readonly asOf: string;
  readonly rowsInFile: number;
  readonly rowsKept: number;
  readonly rowsRejected: number;
  readonly faceMinor: bigint;
  readonly findings: Readonly<Record<string, number>>;
  readonly layout: Layout;
  /** canonical columns that the file had, in its order */
  readonly columns: readonly string[];
  readonly importedAt: string;
}

const portfolioColumns =
  "portfolio_id, name, seller, external_id, currency, state, kind, carrying_method, waterfall, overpayment, created_at";
const tapeColumns =
  "sha256, file_name, bytes, format, as_of, rows_in_file, rows_kept, rows_rejected, face_minor, findings, layout, columns, imported_at";

function portfolioOf(row: PortfolioRow): Portfolio {
  return {
    portfolioId: row.portfolio_id,
    name: row.name,
    seller: row.seller,
    externalId: row.external_id,
    currency: row.currency,
    state: row.state,
    kind: row.kind,
    carryingMethod: row.carrying_method,
    waterfall: row.waterfall,
    overpayment: row.overpayment,
    createdAt: row.created_at,
  };
}

function tapeOf(row: TapeRow): Tape {
  return {
    sha256: row.sha256,
    fileName: row.file_name,
    bytes: Number(row.bytes),
    format: row.format,
    asOf: row.as_of,
    rowsInFile: row.rows_in_file,
    rowsKept: row.rows_kept,
    rowsRejected: row.rows_rejected,
    faceMinor: row.face_minor,
    findings: row.findings,
    layout: row.layout,
    columns: row.columns,
    importedAt: row.imported_at,
  };
}

export function tapeDocumentOf(tape: Tape, currency: string): TapeDocument {
  return {
    file_name: tape.fileName,
    sha256: tape.sha256,
    bytes: tape.bytes,
    format: tape.format,
    as_of: tape.asOf,
    rows_in_file: tape.rowsInFile,
    rows_kept: tape.rowsKept,
    rows_rejected: tape.rowsRejected,
    face: formatMinor(tape.faceMinor, currency),
    findings: { ...tape.findings },
    layout: tape.layout,
    imported_at: tape.importedAt,
  };
}

export function portfolioDocumentOf(portfolio: Portfolio, tape: Tape | undefined): PortfolioDocument {
  return {
    id: portfolio.portfolioId,
    name: portfolio.name,
    seller: portfolio.seller,
    external_id: portfolio.externalId,
    currency: portfolio.currency,
    state: portfolio.state,
    kind: portfolio.kind,
    carrying_method: portfolio.carryingMethod,
    collection_terms: { waterfall: [...portfolio.waterfall], overpayment: portfolio.overpayment },
    created_at: portfolio.createdAt,
    tape: tape === undefined ? null : tapeDocumentOf(tape, portfolio.currency),
  };
}

export async function insertPortfolio(tx: Tx, portfolio: Portfolio): Promise<void> {
  const { portfolioId, name, seller, externalId, currency, state, kind, carryingMethod, createdAt } = portfolio;
  const { waterfall, overpayment } = portfolio;
  const values = [portfolioId, name, seller, externalId, currency, state, kind, carryingMethod, waterfall, overpayment];
  try {
    await tx.execute(
      `insert into portfolio (tenant_id, ${portfolioColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [tx.tenantId, ...values, createdAt],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      portfolio_external_id_once: ["already_exists", `a portfolio has the external_id "${externalId}" already`],
    });
  }
}

const selectOne = `select ${portfolioColumns} from portfolio where portfolio_id = ?`;
const select = kept(selectOne);
const selectForUpdate = kept(`${selectOne} for update`);

/** The portfolio. Throws `not_found`. */
export async function findPortfolio(tx: Tx, portfolioId: string): Promise<Portfolio> {
  return onePortfolio(tx, portfolioId, select);
}

/** The same, kept from every other transaction that wants to change it, until this one ends. */
export async function lockPortfolio(tx: Tx, portfolioId: string): Promise<Portfolio> {
  return onePortfolio(tx, portfolioId, selectForUpdate);
}

async function onePortfolio(tx: Tx, portfolioId: string, statement: Statement): Promise<Portfolio> {
  const [row] = await tx.query<PortfolioRow>(statement, [portfolioId]);
  if (row === undefined) throw new Refusal("not_found", `there is no portfolio ${portfolioId}`);
  return portfolioOf(row);
}

/** Sets what was agreed for payments to come. */
export async function saveCollectionTerms(
  tx: Tx,
  { portfolioId, waterfall, overpayment }: Pick<Portfolio, "portfolioId" | "waterfall" | "overpayment">,
): Promise<void> {
  await tx.execute("update portfolio set waterfall = ?, overpayment = ? where portfolio_id = ?", [
    waterfall,
    overpayment,
    portfolioId,
  ]);
}

export async function markPortfolioOwned(tx: Tx, portfolioId: string): Promise<void> {
  await tx.execute("update portfolio set state = 'owned' where portfolio_id = ?", [portfolioId]);
}

const counters = { quote: "last_quote_no", placement: "last_placement_no", batch: "last_batch_no" } as const;

/** The next number of a kind in the portfolio. Holds the portfolio's row until the transaction ends, so that none is left out. */
export async function nextNumber(tx: Tx, portfolioId: string, kind: keyof typeof counters): Promise<number> {
  const column = counters[kind];
  const [row] = await tx.query<{ number: number }>(
    `update portfolio set ${column} = ${column} + 1 where portfolio_id = ? returning ${column} as number`,
    [portfolioId],
  );
  if (row === undefined) throw new Refusal("not_found", `there is no portfolio ${portfolioId}`);
  return row.number;
}

export async function listPortfolios(
  tx: Tx,
  request: PageRequest & { state?: PortfolioState | undefined },
): Promise<Page<PortfolioDocument>> {
  const after = readCursor(request, ["instant", "text"]);
  const where = new Where()
    .add("p.state = ?", request.state)
    .add("(p.created_at, p.portfolio_id) < (?::timestamptz, ?)", after?.[0], after?.[1]);
  const rows = await tx.query<PortfolioRow & TapeRow & { has_tape: boolean }>(
    `select p.portfolio_id, name, seller, external_id, currency, state, kind, carrying_method, waterfall, overpayment, created_at, t.portfolio_id is not null as has_tape,
            ${tapeColumns}
       from portfolio p left join tape t on t.portfolio_id = p.portfolio_id
       ${where.sql} order by p.created_at desc, p.portfolio_id desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => portfolioDocumentOf(portfolioOf(row), row.has_tape ? tapeOf(row) : undefined),
    key: (row) => [row.created_at, row.portfolio_id],
  });
}

export async function insertTape(tx: Tx, portfolioId: string, tape: Tape): Promise<void> {
  await tx.execute(
    `insert into tape (portfolio_id, tenant_id, ${tapeColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      tape.sha256,
      tape.fileName,
      tape.bytes,
      tape.format,
      tape.asOf,
      tape.rowsInFile,
      tape.rowsKept,
      tape.rowsRejected,
      tape.faceMinor,
      JSON.stringify(tape.findings),
      JSON.stringify(tape.layout),
      tape.columns,
      tape.importedAt,
    ],
  );
}

export async function findTape(tx: Tx, portfolioId: string): Promise<Tape | undefined> {
  const [row] = await tx.query<TapeRow>(`select ${tapeColumns} from tape where portfolio_id = ?`, [portfolioId]);
  return row === undefined ? undefined : tapeOf(row);
}
