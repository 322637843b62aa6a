import { facilityOfPortfolio } from "../../models/facility.js";
import type { ReceiptDocumentOf, ReceiptOf } from "../../models/factoring-life.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { plainArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Facility } from "./facility.js";
import type { Tx } from "./transaction.js";

/** What a debtor paid on a facility: to us, or to the seller. */
export interface DebtorReceipt {
  readonly sequence: bigint;
  readonly kind: ReceiptOf;
  readonly amountMinor: bigint;
  readonly appliedMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly receivedOn: string;
  readonly debtorId: string | null;
  readonly reference: string | null;
  readonly externalId: string | null;
  readonly returnsSequence: bigint | null;
  readonly recordedAt: string;
}

interface ReceiptRow {
  sequence: bigint;
  kind: ReceiptOf;
  amount_minor: bigint;
  applied_minor: bigint;
  unapplied_minor: bigint;
  received_on: string;
  debtor_id: string | null;
  reference: string | null;
  external_id: string | null;
  returns_sequence: bigint | null;
  recorded_at: string;
}

function receiptOf(row: ReceiptRow): DebtorReceipt {
  return {
    sequence: row.sequence,
    kind: row.kind,
    amountMinor: row.amount_minor,
    appliedMinor: row.applied_minor,
    unappliedMinor: row.unapplied_minor,
    receivedOn: row.received_on,
    debtorId: row.debtor_id,
    reference: row.reference,
    externalId: row.external_id,
    returnsSequence: row.returns_sequence,
    recordedAt: row.recorded_at,
  };
}

export function receiptDocumentOf(receipt: DebtorReceipt, facility: Facility): ReceiptDocumentOf {
  const { portfolioId, currency } = facility;
  const { returnsSequence } = receipt;
  return {
    id: childId("dr", portfolioId, receipt.sequence),
    facility_id: facilityOfPortfolio(portfolioId),
    kind: receipt.kind,
    currency,
    amount: formatMinor(receipt.amountMinor, currency),
    applied: formatMinor(receipt.appliedMinor, currency),
    unapplied: formatMinor(receipt.unappliedMinor, currency),
    received_on: receipt.receivedOn,
    debtor_id: receipt.debtorId,
    reference: receipt.reference,
    external_id: receipt.externalId,
    returns: returnsSequence === null ? null : childId("dr", portfolioId, returnsSequence),
    recorded_at: receipt.recordedAt,
    entry_id: childId("en", portfolioId, receipt.sequence),
  };
}

export async function insertReceipt(tx: Tx, portfolioId: string, receipt: DebtorReceipt): Promise<void> {
  try {
    await tx.execute(
      `insert into debtor_receipt (portfolio_id, tenant_id, sequence, kind, amount_minor, applied_minor, unapplied_minor,
                                   received_on, debtor_id, reference, external_id, returns_sequence, recorded_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        portfolioId,
        tx.tenantId,
        receipt.sequence,
        receipt.kind,
        receipt.amountMinor,
        receipt.appliedMinor,
        receipt.unappliedMinor,
        receipt.receivedOn,
        receipt.debtorId,
        receipt.reference,
        receipt.externalId,
        receipt.returnsSequence,
        receipt.recordedAt,
      ],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      debtor_receipt_external_id_once: [
        "already_exists",
        `a receipt has the external_id "${receipt.externalId}" already`,
      ],
      debtor_receipt_returned_once: ["conflict", "the receipt came back before"],
    });
  }
}

/** Throws `not_found`. */
export async function findReceipt(tx: Tx, portfolioId: string, sequence: bigint): Promise<DebtorReceipt> {
  const [row] = await tx.query<ReceiptRow>("select * from debtor_receipt where portfolio_id = ? and sequence = ?", [
    portfolioId,
    sequence,
  ]);
  if (row !== undefined) return receiptOf(row);
  throw new Refusal("not_found", `there is no receipt ${childId("dr", portfolioId, sequence)}`);
}

/** What one entry paid on each invoice. */
export async function readPaid(tx: Tx, portfolioId: string, sequence: bigint): Promise<Map<number, bigint>> {
  const rows = await tx.query<{ invoice_no: number; paid: bigint }>(
    "select invoice_no, collected_minor as paid from invoice_event where portfolio_id = ? and sequence = ?",
    [portfolioId, sequence],
  );
  return new Map(rows.map((row) => [row.invoice_no, row.paid]));
}

/** What was collected on invoices on each day up to one, by invoice, days ascending. */
export async function readCollectedDays(
  tx: Tx,
  portfolioId: string,
  of: { invoiceNos: readonly number[]; through: string },
): Promise<Map<number, { on: string; minor: bigint }[]>> {
  const rows = await tx.query<{ invoice_no: number; on: string; minor: bigint }>(
    `select invoice_no, happened_on as on, sum(collected_minor)::bigint as minor from invoice_event
      where portfolio_id = ? and invoice_no = any(?::integer[]) and happened_on <= ?::date and collected_minor <> 0
      group by 1, 2 order by 1, 2`,
    [portfolioId, plainArray(of.invoiceNos), of.through],
  );
  const days = new Map<number, { on: string; minor: bigint }[]>();
  for (const { invoice_no, on, minor } of rows) days.set(invoice_no, [...(days.get(invoice_no) ?? []), { on, minor }]);
  return days;
}

export async function listReceipts(
  tx: Tx,
  facility: Facility,
  request: PageRequest & { sequence?: bigint | undefined },
): Promise<Page<ReceiptDocumentOf>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", facility.portfolioId)
    .add("sequence = ?", request.sequence)
    .add("sequence > ?", after?.[0]);
  const rows = await tx.query<ReceiptRow>(`select * from debtor_receipt ${where.sql} order by sequence limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => receiptDocumentOf(receiptOf(row), facility),
    key: (row) => [Number(row.sequence)],
  });
}
