import type { z } from "zod";
import type { PurchaseDocument, putBackDocument, putBackReasons, putBackStates } from "../../models/purchase.js";
import type { AllocationBasis, PutBackBasis } from "../../models/quote.js";
import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

export interface Purchase {
  readonly portfolioId: string;
  readonly quoteNo: number;
  readonly currency: string;
  readonly priceMinor: bigint;
  readonly faceMinor: bigint;
  readonly receivables: number;
  readonly allocation: AllocationBasis;
  readonly cutOffOn: string;
  readonly closingOn: string;
  readonly putBackUntil: string;
  readonly putBackBasis: PutBackBasis;
  readonly bookedAt: string;
  readonly sequence: bigint;
}

interface PurchaseRow {
  portfolio_id: string;
  quote_no: number;
  currency: string;
  price_minor: bigint;
  face_minor: bigint;
  receivables: number;
  allocation: AllocationBasis;
  cut_off_on: string;
  closing_on: string;
  put_back_until: string;
  put_back_basis: PutBackBasis;
  booked_at: string;
  sequence: bigint;
}

const select = `select p.portfolio_id, p.quote_no, f.currency, p.price_minor, p.face_minor, p.receivables, p.allocation,
    p.cut_off_on, p.closing_on, p.put_back_until, p.put_back_basis, p.booked_at, p.sequence
  from purchase p join portfolio f on f.portfolio_id = p.portfolio_id`;

function purchaseOf(row: PurchaseRow): Purchase {
  return {
    portfolioId: row.portfolio_id,
    quoteNo: row.quote_no,
    currency: row.currency,
    priceMinor: row.price_minor,
    faceMinor: row.face_minor,
    receivables: row.receivables,
    allocation: row.allocation,
    cutOffOn: row.cut_off_on,
    closingOn: row.closing_on,
    putBackUntil: row.put_back_until,
    putBackBasis: row.put_back_basis,
    bookedAt: row.booked_at,
    sequence: row.sequence,
  };
}

export function purchaseDocumentOf(purchase: Purchase): PurchaseDocument {
  const { portfolioId, currency } = purchase;
  return {
    id: childId("pu", portfolioId, 1),
    portfolio_id: portfolioId,
    quote_id: childId("qt", portfolioId, purchase.quoteNo),
    currency,
    price: formatMinor(purchase.priceMinor, currency),
    face: formatMinor(purchase.faceMinor, currency),
    receivables: purchase.receivables,
    allocation: purchase.allocation,
    cut_off_on: purchase.cutOffOn,
    closing_on: purchase.closingOn,
    put_back_until: purchase.putBackUntil,
    put_back_basis: purchase.putBackBasis,
    booked_at: purchase.bookedAt,
    entry_id: childId("en", portfolioId, purchase.sequence),
  };
}

export async function insertPurchase(tx: Tx, purchase: Purchase): Promise<void> {
  await tx.execute(
    `insert into purchase (portfolio_id, tenant_id, quote_no, price_minor, face_minor, receivables, allocation,
                           cut_off_on, closing_on, put_back_until, put_back_basis, booked_at, sequence)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      purchase.portfolioId,
      tx.tenantId,
      purchase.quoteNo,
      purchase.priceMinor,
      purchase.faceMinor,
      purchase.receivables,
      purchase.allocation,
      purchase.cutOffOn,
      purchase.closingOn,
      purchase.putBackUntil,
      purchase.putBackBasis,
      purchase.bookedAt,
      purchase.sequence,
    ],
  );
}

const selectOfPortfolio = kept(`${select} where p.portfolio_id = ?`);

/** The purchase of the portfolio. Throws `portfolio_not_owned`. */
export async function findPurchaseOf(tx: Tx, portfolioId: string): Promise<Purchase> {
  const [row] = await tx.query<PurchaseRow>(selectOfPortfolio, [portfolioId]);
  if (row === undefined) throw new Refusal("portfolio_not_owned", `portfolio ${portfolioId} has not been bought`);
  return purchaseOf(row);
}

/** Throws `not_found`. */
export async function findPurchase(tx: Tx, purchaseId: string): Promise<Purchase> {
  const portfolioId = parseChildId("pu", purchaseId)?.portfolioId ?? "";
  const [row] = await tx.query<PurchaseRow>(selectOfPortfolio, [portfolioId]);
  if (row === undefined) throw new Refusal("not_found", `there is no purchase ${purchaseId}`);
  return purchaseOf(row);
}

export async function listPurchases(
  tx: Tx,
  request: PageRequest & { portfolio_id?: string | undefined },
): Promise<Page<PurchaseDocument>> {
  const after = readCursor(request, ["instant", "text"]);
  const where = new Where()
    .add("p.portfolio_id = ?", request.portfolio_id)
    .add("(p.booked_at, p.portfolio_id) < (?::timestamptz, ?)", after?.[0], after?.[1]);
  const rows = await tx.query<PurchaseRow>(
    `${select} ${where.sql} order by p.booked_at desc, p.portfolio_id desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => purchaseDocumentOf(purchaseOf(row)),
    key: (row) => [row.booked_at, row.portfolio_id],
  });
}

export interface PutBackRecord {
  readonly receivableNo: number;
  readonly sequence: bigint;
  readonly refundMinor: bigint;
}

export interface PutBackOrder {
  readonly reason: (typeof putBackReasons)[number];
  readonly putBackOn: string;
  readonly late: boolean;
  readonly overrideReason: string | null;
  readonly recordedAt: string;
}

export async function insertPutBacks(
  tx: Tx,
  portfolioId: string,
  order: PutBackOrder & { records: readonly PutBackRecord[] },
): Promise<void> {
  await tx.execute(
    `insert into put_back (portfolio_id, tenant_id, receivable_no, sequence, reason, put_back_on, refund_minor, late,
                           override_reason, actor, recorded_at)
     select ?, ?, n, s, ?, ?, a, ?, ?, ?, ? from unnest(?::integer[], ?::bigint[], ?::bigint[]) as r(n, s, a)`,
    [
      portfolioId,
      tx.tenantId,
      order.reason,
      order.putBackOn,
      order.late,
      order.overrideReason,
      tx.actor ?? "unknown",
      order.recordedAt,
      order.records.map((r) => r.receivableNo),
      order.records.map((r) => r.sequence),
      order.records.map((r) => r.refundMinor),
    ],
  );
}

/** What the seller has been charged for put-backs so far, less what it did not accept. */
export async function refundedMinor(tx: Tx, portfolioId: string): Promise<bigint> {
  const [row] = await tx.query<{ total: bigint }>(
    "select coalesce(sum(coalesce(accepted_minor, refund_minor)), 0)::bigint as total from put_back where portfolio_id = ?",
    [portfolioId],
  );
  return row!.total;
}

interface PutBackRow {
  receivable_no: number;
  account_number: string;
  reason: (typeof putBackReasons)[number];
  put_back_on: string;
  refund_minor: bigint;
  late: boolean;
  override_reason: string | null;
  state: (typeof putBackStates)[number];
  accepted_minor: bigint | null;
  answered_on: string | null;
  answer_reason: string | null;
  sequence: bigint;
}

export async function listPutBacks(
  tx: Tx,
  purchase: Purchase,
  request: PageRequest & { sequence?: bigint | undefined },
): Promise<Page<z.infer<typeof putBackDocument>>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("b.portfolio_id = ?", purchase.portfolioId)
    .add("b.sequence = ?", request.sequence)
    .add("b.sequence > ?", after?.[0]);
  const rows = await tx.query<PutBackRow>(
    `select b.receivable_no, r.account_number, b.reason, b.put_back_on, b.refund_minor, b.late, b.override_reason,
            b.state, b.accepted_minor, b.answered_on, b.answer_reason, b.sequence
       from put_back b join receivable r on r.portfolio_id = b.portfolio_id and r.receivable_no = b.receivable_no
       ${where.sql} order by b.sequence limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => ({
      account_number: row.account_number,
      reason: row.reason,
      put_back_on: row.put_back_on,
      refund: formatMinor(row.refund_minor, purchase.currency),
      late: row.late,
      override_reason: row.override_reason,
      state: row.state,
      accepted: row.accepted_minor === null ? null : formatMinor(row.accepted_minor, purchase.currency),
      answered_on: row.answered_on,
      answer_reason: row.answer_reason,
      entry_id: childId("en", purchase.portfolioId, row.sequence),
    }),
    key: (row) => [Number(row.sequence)],
  });
}
