import type { ActParsed } from "../../models/acts.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { readPaymentFile } from "../reconcile/payment-file.js";
import {
  findBatchOfFile,
  insertBatch,
  insertRefusals,
  listRefusals,
  type PaymentBatch,
  type RowRefusal,
} from "../store/payment.js";
import { nextNumber } from "../store/portfolio.js";
import { implementPrepared } from "./act.js";
import { applyPayments, type GivenPayment } from "./apply-payments.js";
import type { Call, Context, Desk } from "./desk.js";
import { type Book, openBook } from "./portfolio-book.js";
import { canonicalText, hashFile, hashText } from "./request-hash.js";

type Input = ActParsed<"record-payments">;

const chunkRows = 4000;
const shownRefusals = 1000;

/**
 * A file of payments, in one transaction: streamed, a few thousand rows at a time. By `mode`, rows that cannot be
 * recorded are left out with their reasons, or refuse the whole file (`rows_refused`).
 *
 * A file of which no row has the form of a payment is refused, so that it can be read again another way
 * (`file_unreadable`). The same file again (by SHA-256) changes nothing and is answered with the figures of the first time; a payment that another
 * file or call has brought already is known by its `external_id`.
 */
export const recordPayments = implementPrepared("record-payments", {
  async prepare(_desk: Desk, input: Input, call: Call): Promise<{ sha256: string }> {
    if (input.file !== undefined) return { sha256: await hashFile(input.file) };
    // rows without a file are one order, which the caller's key stands for
    return { sha256: hashText(`${call.idempotencyKey ?? ""} ${canonicalText(input.rows)}`) };
  },
  async run(context, input, { sha256 }) {
    const { tx } = context;
    const book = await openBook(context, input.portfolio_id);
    const before = await findBatchOfFile(tx, input.portfolio_id, sha256);
    if (before !== undefined) {
      const refused = await listRefusals(
        tx,
        { portfolioId: input.portfolio_id, batchNo: before.batchNo },
        { limit: shownRefusals },
      );
      return answerOf(book, before, { imported: false, refused: refused.data });
    }
    const batchNo = await nextNumber(tx, input.portfolio_id, "batch");
    const { totals, refused } = await applyAll(context, book, { input, batchNo });
    if (input.mode === "atomic" && refused.length > 0) throw rowsRefused(refused);
    // kept, the batch would stand in the way of the same file when it is read another way
    if (totals.recorded === 0 && refused.every(({ code }) => unreadable.has(code))) throw noneReadable(refused);
    const fileName = input.file?.name ?? "rows";
    const batch: PaymentBatch = { ...totals, batchNo, sha256, fileName, recordedAt: book.head.recordedAt };
    await insertBatch(tx, input.portfolio_id, batch);
    await insertRefusals(tx, { portfolioId: input.portfolio_id, batchNo }, refused);
    return answerOf(book, batch, { imported: true, refused: refused.slice(0, shownRefusals) });
  },
});

async function applyAll(context: Context, book: Book, given: { input: Input; batchNo: number }) {
  const { input, batchNo } = given;
  const totals = { rows: 0, recorded: 0, skipped: 0, amountMinor: 0n, commissionMinor: 0n, unappliedMinor: 0n };
  const refused: RowRefusal[] = [];
  for await (const rows of chunksOf(input)) {
    const applied = await applyPayments(context, book, { rows, batchNo });
    totals.rows += rows.length;
    totals.recorded += applied.payments.length;
    totals.skipped += applied.refused.length;
    for (const payment of applied.payments) {
      totals.amountMinor += payment.amountMinor;
      totals.commissionMinor += payment.commissionMinor;
      totals.unappliedMinor += payment.unappliedMinor;
    }
    for (const refusal of applied.refused) refused.push(refusal);
    context.report({ phase: "record payments", done: totals.rows, total: input.rows?.length ?? null });
  }
  return { totals, refused };
}

async function* chunksOf(input: Input): AsyncGenerator<GivenPayment[]> {
  let chunk: GivenPayment[] = [];
  for await (const row of rowsOf(input)) {
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function rowsOf(input: Input): Iterable<GivenPayment> | AsyncIterable<GivenPayment> {
  if (input.file !== undefined) {
    return readPaymentFile(input.file.path, { format: input.format, datePattern: input.date_pattern });
  }
  return (input.rows ?? []).map((fields, i) => ({ row: i + 1, fields }));
}

/** What a row is refused for when it does not even have the form of a payment. */
const unreadable: ReadonlySet<string> = new Set(["malformed_request", "invalid_request", "date_invalid"]);

function noneReadable(refused: readonly RowRefusal[]): Refusal {
  const first = refused[0]!;
  return new Refusal("file_unreadable", `no row is a payment; the first is row ${first.row}: ${first.detail}`);
}

function rowsRefused(refused: readonly RowRefusal[]): Refusal {
  const first = refused[0]!;
  return new Refusal(
    "rows_refused",
    `${refused.length} rows, the first is row ${first.row}: ${first.detail}`,
    refused.slice(0, 100).map(({ row, code, detail }) => ({ pointer: `/rows/${row - 1}`, code, detail })),
  );
}

function answerOf(book: Book, batch: PaymentBatch, how: { imported: boolean; refused: RowRefusal[] }) {
  const { portfolioId, currency } = book.portfolio;
  return {
    batch_id: childId("ba", portfolioId, batch.batchNo),
    portfolio_id: portfolioId,
    currency,
    imported: how.imported,
    rows: batch.rows,
    recorded: batch.recorded,
    skipped: batch.skipped,
    amount: formatMinor(batch.amountMinor, currency),
    commission: formatMinor(batch.commissionMinor, currency),
    unapplied: formatMinor(batch.unappliedMinor, currency),
    refused: how.refused,
  };
}
