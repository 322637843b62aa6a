import { facilityOfPortfolio } from "../../models/facility.js";
import type { NoticeDocument, PaperDocument } from "../../models/factoring-life.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Tx } from "./transaction.js";

interface PaperRow extends Omit<PaperDocument, "id" | "facility_id" | "invoice_id" | "invoice_date"> {
  document_no: number;
  invoice_no: number;
  invoice_on: string;
}

const selectPaper = `select d.document_no, d.invoice_no, i.debtor_id, i.invoice_number, i.invoice_on, d.kind, d.reference,
    d.signed, d.dated_on, d.sha256, d.state, d.method, d.attached_by, d.attached_at, d.verified_by, d.verified_at, d.note
  from invoice_document d join invoice i on i.portfolio_id = d.portfolio_id and i.invoice_no = d.invoice_no`;

function paperOf(row: PaperRow, portfolioId: string): PaperDocument {
  const { document_no, invoice_no, invoice_on, ...kept } = row;
  return {
    ...kept,
    id: childId("dc", portfolioId, document_no),
    facility_id: facilityOfPortfolio(portfolioId),
    invoice_id: childId("iv", portfolioId, invoice_no),
    invoice_date: invoice_on,
  };
}

export interface NewPaper {
  readonly documentNo: number;
  readonly invoiceNo: number;
  readonly kind: string;
  readonly reference: string;
  readonly signed: boolean;
  readonly datedOn: string | null;
  readonly sha256: string | null;
  readonly attachedBy: string;
  readonly attachedAt: string;
}

export async function insertPaper(tx: Tx, portfolioId: string, paper: NewPaper): Promise<void> {
  await tx.execute(
    `insert into invoice_document (portfolio_id, tenant_id, document_no, invoice_no, kind, reference, signed, dated_on,
                                   sha256, attached_by, attached_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      paper.documentNo,
      paper.invoiceNo,
      paper.kind,
      paper.reference,
      paper.signed,
      paper.datedOn,
      paper.sha256,
      paper.attachedBy,
      paper.attachedAt,
    ],
  );
}

/** Throws `not_found`. */
export async function findPaper(tx: Tx, portfolioId: string, documentNo: number): Promise<PaperDocument> {
  const [row] = await tx.query<PaperRow>(`${selectPaper} where d.portfolio_id = ? and d.document_no = ?`, [
    portfolioId,
    documentNo,
  ]);
  if (row !== undefined) return paperOf(row, portfolioId);
  throw new Refusal("not_found", `there is no document ${childId("dc", portfolioId, documentNo)}`);
}

export async function judgePaper(
  tx: Tx,
  portfolioId: string,
  of: { documentNo: number; state: string; method: string; note: string | null; by: string; at: string },
): Promise<void> {
  await tx.execute(
    `update invoice_document set state = ?, method = ?, note = ?, verified_by = ?, verified_at = ?
      where portfolio_id = ? and document_no = ?`,
    [of.state, of.method, of.note, of.by, of.at, portfolioId, of.documentNo],
  );
}

/** Says on the invoice whether a proof of delivery is at hand, as its documents stand; what its schedule said is kept. */
export async function noteProof(tx: Tx, portfolioId: string, of: { invoiceNo: number; hasProof: boolean }) {
  await tx.execute(
    `update invoice set stated_proof = coalesce(stated_proof, has_proof), has_proof = ?
      where portfolio_id = ? and invoice_no = ?`,
    [of.hasProof, portfolioId, of.invoiceNo],
  );
}

/** Names the purchase order on the invoice where it has none. */
export async function notePurchaseOrder(
  tx: Tx,
  portfolioId: string,
  of: { invoiceNo: number; reference: string; at: string },
): Promise<void> {
  await tx.execute(
    `update invoice set purchase_order = ?, purchase_order_at = ?
      where portfolio_id = ? and invoice_no = ? and purchase_order is null`,
    [of.reference, of.at, portfolioId, of.invoiceNo],
  );
}

export async function listPapers(
  tx: Tx,
  portfolioId: string,
  request: PageRequest & {
    debtor_id?: string | undefined;
    /** only these debtors */
    debtorIds?: readonly string[] | undefined;
    kind?: string | undefined;
    invoice_number?: string | undefined;
    reference?: string | undefined;
    dated_from?: string | undefined;
    dated_to?: string | undefined;
  },
): Promise<Page<PaperDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("d.portfolio_id = ?", portfolioId)
    .add("i.debtor_id = ?", request.debtor_id)
    .add("i.debtor_id = any(?::text[])", request.debtorIds === undefined ? undefined : textArray(request.debtorIds))
    .add("d.kind = ?", request.kind)
    .add("i.invoice_number = ?", request.invoice_number)
    .add("d.reference = ?", request.reference)
    .add("i.invoice_on >= ?::date", request.dated_from)
    .add("i.invoice_on <= ?::date", request.dated_to)
    .add("d.document_no > ?", after?.[0]);
  const rows = await tx.query<PaperRow>(`${selectPaper} ${where.sql} order by d.document_no limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => paperOf(row, portfolioId),
    key: (row) => [row.document_no],
  });
}

interface NoticeRow extends Omit<NoticeDocument, "id" | "facility_id"> {
  notice_no: number;
}

const selectNotice = `select notice_no, debtor_id, method, sent_on, received_on, acknowledged_on, proof_requested_on, released_on
  from assignment_notice`;

function noticeOf({ notice_no, ...kept }: NoticeRow, portfolioId: string): NoticeDocument {
  return { ...kept, id: childId("na", portfolioId, notice_no), facility_id: facilityOfPortfolio(portfolioId) };
}

export async function insertNotice(
  tx: Tx,
  portfolioId: string,
  notice: { noticeNo: number; debtorId: string; method: string; sentOn: string; at: string },
): Promise<void> {
  try {
    await tx.execute(
      `insert into assignment_notice (portfolio_id, tenant_id, notice_no, debtor_id, method, sent_on, actor, recorded_at)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        portfolioId,
        tx.tenantId,
        notice.noticeNo,
        notice.debtorId,
        notice.method,
        notice.sentOn,
        tx.actor ?? "unknown",
        notice.at,
      ],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      assignment_notice_live_once: ["already_exists", `a notice to debtor ${notice.debtorId} stands already`],
    });
  }
}

/** Throws `not_found`. Held until the transaction ends. */
export async function lockNotice(tx: Tx, portfolioId: string, noticeNo: number): Promise<NoticeDocument> {
  const [row] = await tx.query<NoticeRow>(`${selectNotice} where portfolio_id = ? and notice_no = ? for update`, [
    portfolioId,
    noticeNo,
  ]);
  if (row !== undefined) return noticeOf(row, portfolioId);
  throw new Refusal("not_found", `there is no notice ${childId("na", portfolioId, noticeNo)}`);
}

export async function saveNotice(tx: Tx, portfolioId: string, noticeNo: number, notice: NoticeDocument): Promise<void> {
  await tx.execute(
    `update assignment_notice set received_on = ?, acknowledged_on = ?, proof_requested_on = ?, released_on = ?
      where portfolio_id = ? and notice_no = ?`,
    [notice.received_on, notice.acknowledged_on, notice.proof_requested_on, notice.released_on, portfolioId, noticeNo],
  );
}

export async function listNotices(
  tx: Tx,
  portfolioId: string,
  request: PageRequest & { debtor_id?: string | undefined },
): Promise<Page<NoticeDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", portfolioId)
    .add("debtor_id = ?", request.debtor_id)
    .add("notice_no > ?", after?.[0]);
  const rows = await tx.query<NoticeRow>(`${selectNotice} ${where.sql} order by notice_no limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => noticeOf(row, portfolioId),
    key: (row) => [row.notice_no],
  });
}
