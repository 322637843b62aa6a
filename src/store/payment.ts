import type { z } from "zod";
import type { PaymentChannel, PaymentDocument, paymentRefusal } from "../../models/payment.js";
import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Portfolio } from "./portfolio.js";
import { stageRows } from "./staging.js";
import type { Tx } from "./transaction.js";

export interface Payment {
  readonly sequence: bigint;
  readonly receivableNo: number;
  readonly accountNumber: string;
  readonly channel: PaymentChannel;
  readonly agencyId: string | null;
  readonly amountMinor: bigint;
  readonly appliedMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly commissionMinor: bigint;
  readonly paidOn: string;
  readonly recordedAt: string;
  readonly externalId: string | null;
  readonly reverses: { readonly externalId: string; readonly sequence: bigint } | null;
  readonly batchNo: number | null;
}

export function paymentDocumentOf(payment: Payment, portfolio: Portfolio): PaymentDocument {
  const { portfolioId, currency } = portfolio;
  return {
    id: childId("py", portfolioId, payment.sequence),
    portfolio_id: portfolioId,
    receivable_id: childId("rc", portfolioId, payment.receivableNo),
    account_number: payment.accountNumber,
    channel: payment.channel,
    agency_id: payment.agencyId,
    currency,
    amount: formatMinor(payment.amountMinor, currency),
    applied: formatMinor(payment.appliedMinor, currency),
    unapplied: formatMinor(payment.unappliedMinor, currency),
    commission: formatMinor(payment.commissionMinor, currency),
    paid_on: payment.paidOn,
    recorded_at: payment.recordedAt,
    external_id: payment.externalId,
    reverses: payment.reverses?.externalId ?? null,
    batch_id: payment.batchNo === null ? null : childId("ba", portfolioId, payment.batchNo),
    entry_id: childId("en", portfolioId, payment.sequence),
  };
}

export async function insertPayments(tx: Tx, portfolioId: string, payments: readonly Payment[]): Promise<void> {
  await tx.execute(
    `insert into payment (portfolio_id, tenant_id, sequence, receivable_no, channel, agency_id, amount_minor,
                          applied_minor, unapplied_minor, commission_minor, paid_on, recorded_at, external_id,
                          reverses_sequence, batch_no)
     select ?, ?, * from unnest(?::bigint[], ?::integer[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
                                ?::bigint[], ?::date[], ?::timestamptz[], ?::text[], ?::bigint[], ?::integer[])`,
    [
      portfolioId,
      tx.tenantId,
      payments.map((p) => p.sequence),
      payments.map((p) => p.receivableNo),
      payments.map((p) => p.channel),
      payments.map((p) => p.agencyId),
      payments.map((p) => p.amountMinor),
      payments.map((p) => p.appliedMinor),
      payments.map((p) => p.unappliedMinor),
      payments.map((p) => p.commissionMinor),
      payments.map((p) => p.paidOn),
      payments.map((p) => p.recordedAt),
      payments.map((p) => p.externalId),
      payments.map((p) => p.reverses?.sequence ?? null),
      payments.map((p) => p.batchNo),
    ],
  );
}

/** A payment that others may be matched with: by its owner's number. */
export interface KnownPayment {
  readonly sequence: bigint;
  readonly receivableNo: number;
  readonly channel: PaymentChannel;
  readonly agencyId: string | null;
  readonly amountMinor: bigint;
  readonly commissionMinor: bigint;
  /** what has come back of it, as a positive amount */
  readonly returnedMinor: bigint;
}

/** The payments that have these external ids. */
export async function readKnownPayments(
  tx: Tx,
  portfolioId: string,
  externalIds: readonly string[],
): Promise<Map<string, KnownPayment>> {
  if (externalIds.length === 0) return new Map();
  const rows = await tx.query<{
    external_id: string;
    sequence: bigint;
    receivable_no: number;
    channel: PaymentChannel;
    agency_id: string | null;
    amount_minor: bigint;
    commission_minor: bigint;
    returned: bigint;
  }>(
    `select p.external_id, p.sequence, p.receivable_no, p.channel, p.agency_id, p.amount_minor, p.commission_minor,
            (select coalesce(-sum(b.amount_minor), 0)::bigint from payment b
              where b.portfolio_id = p.portfolio_id and b.reverses_sequence = p.sequence) as returned
       from unnest(?::text[]) as wanted(external_id)
      cross join lateral (select * from payment
                           where portfolio_id = ? and external_id = wanted.external_id limit 1) p`,
    [externalIds, portfolioId],
  );
  return new Map(
    rows.map((r) => [
      r.external_id,
      {
        sequence: r.sequence,
        receivableNo: r.receivable_no,
        channel: r.channel,
        agencyId: r.agency_id,
        amountMinor: r.amount_minor,
        commissionMinor: r.commission_minor,
        returnedMinor: r.returned,
      },
    ]),
  );
}

interface PaymentRow {
  sequence: bigint;
  receivable_no: number;
  account_number: string;
  channel: PaymentChannel;
  agency_id: string | null;
  amount_minor: bigint;
  applied_minor: bigint;
  unapplied_minor: bigint;
  commission_minor: bigint;
  paid_on: string;
  recorded_at: string;
  external_id: string | null;
  reverses_sequence: bigint | null;
  reverses_external_id: string | null;
  batch_no: number | null;
}

export interface PaymentFilter extends PageRequest {
  readonly account_number?: string | undefined;
  readonly batchNo?: number | undefined;
  readonly sequence?: bigint | undefined;
  readonly channel?: PaymentChannel | undefined;
  readonly paid_from?: string | undefined;
  readonly paid_to?: string | undefined;
}

export async function listPayments(
  tx: Tx,
  portfolio: Portfolio,
  request: PaymentFilter,
): Promise<Page<PaymentDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("p.portfolio_id = ?", portfolio.portfolioId)
    .add("r.account_number = ?", request.account_number)
    .add("p.batch_no = ?", request.batchNo)
    .add("p.sequence = ?", request.sequence)
    .add("p.channel = ?", request.channel)
    .add("p.paid_on >= ?", request.paid_from)
    .add("p.paid_on <= ?", request.paid_to)
    .add("p.sequence > ?", after?.[0]);
  const rows = await tx.query<PaymentRow>(
    `select p.*, r.account_number, o.external_id as reverses_external_id
       from payment p
       join receivable r on r.portfolio_id = p.portfolio_id and r.receivable_no = p.receivable_no
       left join payment o on o.portfolio_id = p.portfolio_id and o.sequence = p.reverses_sequence
       ${where.sql} order by p.sequence limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => paymentDocumentOf(paymentOf(row), portfolio),
    key: (row) => [Number(row.sequence)],
  });
}

function paymentOf(row: PaymentRow): Payment {
  const { reverses_sequence: sequence, reverses_external_id: externalId } = row;
  return {
    sequence: row.sequence,
    receivableNo: row.receivable_no,
    accountNumber: row.account_number,
    channel: row.channel,
    agencyId: row.agency_id,
    amountMinor: row.amount_minor,
    appliedMinor: row.applied_minor,
    unappliedMinor: row.unapplied_minor,
    commissionMinor: row.commission_minor,
    paidOn: row.paid_on,
    recordedAt: row.recorded_at,
    externalId: row.external_id,
    reverses: sequence === null || externalId === null ? null : { sequence, externalId },
    batchNo: row.batch_no,
  };
}

export interface PaymentBatch {
  readonly batchNo: number;
  readonly sha256: string;
  readonly fileName: string;
  readonly rows: number;
  readonly recorded: number;
  readonly skipped: number;
  readonly amountMinor: bigint;
  readonly commissionMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly recordedAt: string;
}

export async function insertBatch(tx: Tx, portfolioId: string, batch: PaymentBatch): Promise<void> {
  await tx.execute(
    `insert into payment_batch (portfolio_id, tenant_id, batch_no, sha256, file_name, rows, recorded, skipped,
                                  amount_minor, commission_minor, unapplied_minor, recorded_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      batch.batchNo,
      batch.sha256,
      batch.fileName,
      batch.rows,
      batch.recorded,
      batch.skipped,
      batch.amountMinor,
      batch.commissionMinor,
      batch.unappliedMinor,
      batch.recordedAt,
    ],
  );
}

/** The batch that this very file was recorded as. */
export async function findBatchOfFile(tx: Tx, portfolioId: string, sha256: string): Promise<PaymentBatch | undefined> {
  const [row] = await tx.query<{
    batch_no: number;
    sha256: string;
    file_name: string;
    rows: number;
    recorded: number;
    skipped: number;
    amount_minor: bigint;
    commission_minor: bigint;
    unapplied_minor: bigint;
    recorded_at: string;
  }>("select * from payment_batch where portfolio_id = ? and sha256 = ?", [portfolioId, sha256]);
  if (row === undefined) return undefined;
  return {
    batchNo: row.batch_no,
    sha256: row.sha256,
    fileName: row.file_name,
    rows: row.rows,
    recorded: row.recorded,
    skipped: row.skipped,
    amountMinor: row.amount_minor,
    commissionMinor: row.commission_minor,
    unappliedMinor: row.unapplied_minor,
    recordedAt: row.recorded_at,
  };
}

export type RowRefusal = z.infer<typeof paymentRefusal>;

export async function insertRefusals(
  tx: Tx,
  batch: { portfolioId: string; batchNo: number },
  refusals: readonly RowRefusal[],
): Promise<void> {
  if (refusals.length === 0) return;
  const table = "staged_payment_refusal";
  const columns = "row_no integer, account_number text, external_id text, code text, detail text";
  const rows = refusals.map((r) => [r.row, r.account_number, r.external_id, r.code, r.detail]);
  await stageRows(tx, { table, columns, rows });
  await tx.execute(
    `insert into payment_refusal (portfolio_id, tenant_id, batch_no, row_no, account_number, external_id, code, detail)
     select ?, ?, ?, * from ${table}`,
    [batch.portfolioId, tx.tenantId, batch.batchNo],
  );
}

export async function listRefusals(
  tx: Tx,
  batch: { portfolioId: string; batchNo: number },
  request: PageRequest,
): Promise<Page<RowRefusal>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ? and batch_no = ?", batch.portfolioId, batch.batchNo)
    .add("row_no > ?", after?.[0]);
  const rows = await tx.query<RowRefusal & { row_no: number }>(
    `select row_no, row_no as row, account_number, external_id, code, detail from payment_refusal ${where.sql}
      order by row_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: ({ row, account_number, external_id, code, detail }) => ({
      row,
      account_number,
      external_id,
      code,
      detail,
    }),
    key: (row) => [row.row_no],
  });
}
