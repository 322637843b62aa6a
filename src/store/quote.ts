import type { QuoteDocument, QuoteSnapshot, QuoteState } from "../../models/quote.js";
import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

export interface Quote {
  readonly portfolioId: string;
  readonly quoteNo: number;
  /** as it is kept; an issued quote past `expiresAt` is expired, see quoteStateAt */
  readonly state: Exclude<QuoteState, "expired">;
  readonly currency: string;
  readonly priceMinor: bigint;
  readonly faceMinor: bigint;
  readonly receivables: number;
  readonly centsPerDollar: number;
  readonly targetIrr: string | null;
  readonly asOf: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly closedAt: string | null;
  readonly note: string | null;
}

interface QuoteRow {
  portfolio_id: string;
  quote_no: number;
  state: Quote["state"];
  currency: string;
  price_minor: bigint;
  face_minor: bigint;
  receivables: number;
  cents_per_dollar: number;
  target_irr: string | null;
  as_of: string;
  issued_at: string;
  expires_at: string;
  closed_at: string | null;
  note: string | null;
}

const columns = `portfolio_id, quote_no, state, currency, price_minor, face_minor, receivables, cents_per_dollar,
  target_irr, as_of, issued_at, expires_at, closed_at, note`;

function quoteOf(row: QuoteRow): Quote {
  return {
    portfolioId: row.portfolio_id,
    quoteNo: row.quote_no,
    state: row.state,
    currency: row.currency,
    priceMinor: row.price_minor,
    faceMinor: row.face_minor,
    receivables: row.receivables,
    centsPerDollar: row.cents_per_dollar,
    targetIrr: row.target_irr,
    asOf: row.as_of,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    closedAt: row.closed_at,
    note: row.note,
  };
}

/** The state of the quote at an instant. Instants in UTC with the same number of digits before the point compare as text. */
export function quoteStateAt(quote: Quote, now: string): QuoteState {
  return quote.state === "issued" && Date.parse(now) >= Date.parse(quote.expiresAt) ? "expired" : quote.state;
}

export function quoteDocumentOf(quote: Quote, now: string): QuoteDocument {
  const { currency } = quote;
  return {
    id: childId("qt", quote.portfolioId, quote.quoteNo),
    portfolio_id: quote.portfolioId,
    kind: "bid",
    state: quoteStateAt(quote, now),
    currency,
    price: formatMinor(quote.priceMinor, currency),
    face: formatMinor(quote.faceMinor, currency),
    receivables: quote.receivables,
    cents_per_dollar: quote.centsPerDollar,
    target_irr: quote.targetIrr,
    as_of: quote.asOf,
    issued_at: quote.issuedAt,
    expires_at: quote.expiresAt,
    closed_at: quote.closedAt,
    note: quote.note,
    purchase_id: quote.state === "accepted" ? childId("pu", quote.portfolioId, 1) : null,
  };
}

export async function insertQuote(tx: Tx, quote: Quote, snapshot: QuoteSnapshot): Promise<void> {
  await tx.execute(
    `insert into quote (tenant_id, ${columns}, snapshot) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      tx.tenantId,
      quote.portfolioId,
      quote.quoteNo,
      quote.state,
      quote.currency,
      quote.priceMinor,
      quote.faceMinor,
      quote.receivables,
      quote.centsPerDollar,
      quote.targetIrr,
      quote.asOf,
      quote.issuedAt,
      quote.expiresAt,
      quote.closedAt,
      quote.note,
      JSON.stringify(snapshot),
    ],
  );
}

/** Closes the quotes of the portfolio that are still open, because another one takes their place. */
export async function supersedeQuotes(tx: Tx, portfolioId: string, at: string): Promise<void> {
  await tx.execute("update quote set state = 'superseded', closed_at = ? where portfolio_id = ? and state = 'issued'", [
    at,
    portfolioId,
  ]);
}

export async function closeQuote(
  tx: Tx,
  quote: Quote,
  how: { state: "accepted" | "declined"; at: string; note: string | null },
): Promise<void> {
  await tx.execute(
    "update quote set state = ?, closed_at = ?, closing_note = ? where portfolio_id = ? and quote_no = ?",
    [how.state, how.at, how.note, quote.portfolioId, quote.quoteNo],
  );
}

/** The quote. Throws `not_found`. */
export async function findQuote(tx: Tx, quoteId: string): Promise<Quote> {
  return selectQuote(tx, quoteId, "");
}

/** The same, kept from every other transaction that wants to change it, until this one ends. */
export async function lockQuote(tx: Tx, quoteId: string): Promise<Quote> {
  return selectQuote(tx, quoteId, "for update");
}

async function selectQuote(tx: Tx, quoteId: string, lock: string): Promise<Quote> {
  const key = parseChildId("qt", quoteId);
  const rows =
    key === undefined
      ? []
      : await tx.query<QuoteRow>(`select ${columns} from quote where portfolio_id = ? and quote_no = ? ${lock}`, [
          key.portfolioId,
          key.number,
        ]);
  if (rows[0] === undefined) throw new Refusal("not_found", `there is no quote ${quoteId}`);
  return quoteOf(rows[0]);
}

export async function readSnapshot(tx: Tx, quote: Pick<Quote, "portfolioId" | "quoteNo">): Promise<QuoteSnapshot> {
  const [row] = await tx.query<{ snapshot: QuoteSnapshot }>(
    "select snapshot from quote where portfolio_id = ? and quote_no = ?",
    [quote.portfolioId, quote.quoteNo],
  );
  if (row === undefined) throw new Error(`quote ${quote.quoteNo} of ${quote.portfolioId} is gone`);
  return row.snapshot;
}

export async function listQuotes(
  tx: Tx,
  request: PageRequest & { portfolio_id?: string | undefined; state?: QuoteState | undefined; now: string },
): Promise<Page<QuoteDocument>> {
  const after = readCursor(request, ["instant", "text", "number"]);
  const where = new Where()
    .add("portfolio_id = ?", request.portfolio_id)
    .add(
      "case when state = 'issued' and expires_at <= ?::timestamptz then 'expired' else state end = ?",
      request.now,
      request.state,
    )
    .add("(issued_at, portfolio_id, quote_no) < (?::timestamptz, ?, ?)", after?.[0], after?.[1], after?.[2]);
  const rows = await tx.query<QuoteRow>(
    `select ${columns} from quote ${where.sql} order by issued_at desc, portfolio_id desc, quote_no desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => quoteDocumentOf(quoteOf(row), request.now),
    key: (row) => [row.issued_at, row.portfolio_id, row.quote_no],
  });
}
