import assert from "node:assert/strict";
import type { z } from "zod";
import type { PaymentChannel, PaymentDocument, paymentRefusal } from "../../models/payment.js";
import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { type ArrayType, arrayBytes, type Plain, rowsOf } from "./array-bytes.js";
import { plainArray, textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, queryInOrder, readCursor, Where } from "./cursor.js";
import type { Portfolio } from "./portfolio.js";
import { kept, type Statement } from "./statement.js";
import type { Tx } from "./transaction.js";

/** What a payment paid beside principal, and the court costs advanced that it gave back. */
export interface PaymentParts {
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly courtCostsMinor: bigint;
  readonly advanceMinor: bigint;
  /** the agency that took it sends all of it, and a bill for its commission */
  readonly grossRemittance: boolean;
}

/** The parts of a payment that paid principal and nothing else. */
export const allPrincipal: PaymentParts = {
  interestMinor: 0n,
  feesMinor: 0n,
  courtCostsMinor: 0n,
  advanceMinor: 0n,
  grossRemittance: false,
};

export interface Payment {
  readonly sequence: bigint;
  readonly receivableNo: number;
  readonly accountNumber: string;
  readonly channel: PaymentChannel;
  readonly agencyId: string | null;
  readonly amountMinor: bigint;
  readonly appliedMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly parts: PaymentParts;
  readonly commissionMinor: bigint;
  readonly paidOn: string;
  readonly recordedAt: string;
  readonly externalId: string | null;
  readonly reverses: { readonly externalId: string | null; readonly sequence: bigint } | null;
  /** the payment, as it was first recorded, that this one stands in for */
  readonly standsFor: bigint | null;
  readonly batchNo: number | null;
}

function appliedPrincipal({ appliedMinor, parts }: Payment): bigint {
  return appliedMinor - parts.interestMinor - parts.feesMinor - parts.courtCostsMinor;
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
    applied_to: {
      principal: formatMinor(appliedPrincipal(payment), currency),
      interest: formatMinor(payment.parts.interestMinor, currency),
      fees: formatMinor(payment.parts.feesMinor, currency),
      court_costs: formatMinor(payment.parts.courtCostsMinor, currency),
    },
    unapplied: formatMinor(payment.unappliedMinor, currency),
    commission: formatMinor(payment.commissionMinor, currency),
    paid_on: payment.paidOn,
    recorded_at: payment.recordedAt,
    external_id: payment.externalId,
    reverses: payment.reverses?.externalId ?? null,
    reverses_payment_id: payment.reverses === null ? null : childId("py", portfolioId, payment.reverses.sequence),
    stands_for_payment_id: payment.standsFor === null ? null : childId("py", portfolioId, payment.standsFor),
    batch_id: payment.batchNo === null ? null : childId("ba", portfolioId, payment.batchNo),
    entry_id: childId("en", portfolioId, payment.sequence),
  };
}

// biome-ignore format: a table
const columns: readonly (readonly [string, ArrayType, (payment: Payment) => Plain])[] = [
  ["sequence", "bigint", (p) => p.sequence],
  ["receivable_no", "integer", (p) => p.receivableNo],
  ["channel", "text", (p) => p.channel],
  ["agency_id", "text", (p) => p.agencyId],
  ["amount_minor", "bigint", (p) => p.amountMinor],
  ["applied_minor", "bigint", (p) => p.appliedMinor],
  ["unapplied_minor", "bigint", (p) => p.unappliedMinor],
  ["commission_minor", "bigint", (p) => p.commissionMinor],
  ["paid_on", "date", (p) => p.paidOn],
  ["external_id", "text", (p) => p.externalId],
  ["reverses_sequence", "bigint", (p) => p.reverses?.sequence ?? null],
];
// biome-ignore format: a table
const partColumns: typeof columns = [
  ["interest_minor", "bigint", ({ parts }) => parts.interestMinor],
  ["fees_minor", "bigint", ({ parts }) => parts.feesMinor],
  ["court_costs_minor", "bigint", ({ parts }) => parts.courtCostsMinor],
  ["advance_minor", "bigint", ({ parts }) => parts.advanceMinor],
  ["gross_remittance", "boolean", ({ parts }) => parts.grossRemittance],
];

const correctionColumns: typeof columns = [["stands_for_sequence", "bigint", (p) => p.standsFor]];

/**
 * Writes payments of one act in one statement; the parts, and what they stand for, only where one of them has any.
 */
export async function insertPayments(tx: Tx, portfolioId: string, payments: readonly Payment[]): Promise<void> {
  const hasParts = payments.some(({ parts }) => parts !== allPrincipal);
  const hasCorrections = payments.some(({ standsFor }) => standsFor !== null);
  const written = [...columns, ...(hasParts ? partColumns : []), ...(hasCorrections ? correctionColumns : [])];
  const { recordedAt, batchNo } = payments[0]!;
  assert(
    payments.every((payment) => payment.recordedAt === recordedAt && payment.batchNo === batchNo),
    "payments that are written together are of one act",
  );
  await tx.execute(insertStatement(written), [
    portfolioId,
    tx.tenantId,
    recordedAt,
    batchNo,
    ...written.map(([, type, value]) => arrayBytes(type, payments, value)),
  ]);
}

/** One for each set of columns, of which there are four. */
const insertStatements = new Map<string, Statement>();

function insertStatement(written: typeof columns): Statement {
  const names = written.map(([name]) => name).join(", ");
  const known = insertStatements.get(names);
  if (known !== undefined) return known;
  const made = kept(
    `insert into payment (portfolio_id, tenant_id, recorded_at, batch_no, ${names})
     select ?, ?, ?, ?, * from ${rowsOf(written)} as p`,
  );
  insertStatements.set(names, made);
  return made;
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
  stands_for_sequence: bigint | null;
  batch_no: number | null;
  interest_minor: bigint;
  fees_minor: bigint;
  court_costs_minor: bigint;
  advance_minor: bigint;
  gross_remittance: boolean;
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
    .add(
      "p.receivable_no = (select receivable_no from receivable where portfolio_id = ? and account_number = ?)",
      ...[portfolio.portfolioId, request.account_number],
    )
    .add("p.batch_no = ?", request.batchNo)
    .add("p.sequence = ?", request.sequence)
    .add("p.channel = ?", request.channel)
    .add("p.paid_on >= ?", request.paid_from)
    .add("p.paid_on <= ?", request.paid_to)
    .add("p.sequence > ?", after?.[0]);
  const rows = await queryInOrder<PaymentRow>(
    tx,
    `select p.*, r.account_number, o.external_id as reverses_external_id
       from payment p
      cross join lateral (select account_number from receivable
                           where portfolio_id = p.portfolio_id and receivable_no = p.receivable_no limit 1) r
       left join lateral (select external_id from payment
                           where portfolio_id = p.portfolio_id and sequence = p.reverses_sequence limit 1) o on true
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
    parts: {
      interestMinor: row.interest_minor,
      feesMinor: row.fees_minor,
      courtCostsMinor: row.court_costs_minor,
      advanceMinor: row.advance_minor,
      grossRemittance: row.gross_remittance,
    },
    commissionMinor: row.commission_minor,
    paidOn: row.paid_on,
    recordedAt: row.recorded_at,
    externalId: row.external_id,
    reverses: sequence === null ? null : { sequence, externalId },
    standsFor: row.stands_for_sequence,
    batchNo: row.batch_no,
  };
}

/** What became of a payments file: rows and sums as far as it has been recorded. */
export interface PaymentBatch {
  readonly batchNo: number;
  readonly sha256: string;
  readonly fileName: string;
  readonly state: "running" | "done";
  /** how the file is read, in a form that can be compared; null for one from before this was kept */
  readonly reading: string | null;
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
    `insert into payment_batch (portfolio_id, tenant_id, batch_no, sha256, file_name, state, reading, rows, recorded,
                                skipped, amount_minor, commission_minor, unapplied_minor, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      batch.batchNo,
      batch.sha256,
      batch.fileName,
      batch.state,
      batch.reading,
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

/** Keeps how far the batch has come. */
export async function saveBatch(tx: Tx, portfolioId: string, batch: PaymentBatch): Promise<void> {
  await tx.execute(
    `update payment_batch set state = ?, rows = ?, recorded = ?, skipped = ?, amount_minor = ?, commission_minor = ?,
                              unapplied_minor = ?
      where portfolio_id = ? and batch_no = ?`,
    [
      batch.state,
      batch.rows,
      batch.recorded,
      batch.skipped,
      batch.amountMinor,
      batch.commissionMinor,
      batch.unappliedMinor,
      portfolioId,
      batch.batchNo,
    ],
  );
}

/** The batch that this very file was recorded as, or is being recorded as. */
export async function findBatchOfFile(tx: Tx, portfolioId: string, sha256: string): Promise<PaymentBatch | undefined> {
  const [row] = await tx.query<{
    batch_no: number;
    sha256: string;
    file_name: string;
    state: PaymentBatch["state"];
    reading: string | null;
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
    state: row.state,
    reading: row.reading,
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

/** Keeps refused rows, a few thousand at a time. */
export async function insertRefusals(
  tx: Tx,
  batch: { portfolioId: string; batchNo: number },
  refusals: readonly RowRefusal[],
): Promise<void> {
  if (refusals.length === 0) return;
  await tx.execute(
    `insert into payment_refusal (portfolio_id, tenant_id, batch_no, row_no, account_number, external_id, code, detail)
     select ?, ?, ?, * from unnest(?::integer[], ?::text[], ?::text[], ?::text[], ?::text[])`,
    [
      batch.portfolioId,
      tx.tenantId,
      batch.batchNo,
      plainArray(refusals.map((r) => r.row)),
      textArray(refusals.map((r) => r.account_number)),
      textArray(refusals.map((r) => r.external_id)),
      plainArray(refusals.map((r) => r.code)),
      textArray(refusals.map((r) => r.detail)),
    ],
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
  const rows = await queryInOrder<RowRefusal & { row_no: number }>(
    tx,
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
