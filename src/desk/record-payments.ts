import assert from "node:assert/strict";
import type { ActParsed } from "../../models/acts.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import {
  findBatchOfFile,
  insertBatch,
  insertRefusals,
  listRefusals,
  type PaymentBatch,
  type RowRefusal,
  saveBatch,
} from "../store/payment.js";
import { nextNumber } from "../store/portfolio.js";
import { implementInSteps } from "./act.js";
import { judgePayments, type ReadPayment, readPieces } from "./apply-payments.js";
import type { Call, Context, Desk } from "./desk.js";
import { paymentChunks, readAhead } from "./payment-chunks.js";
import { type Book, openBook } from "./portfolio-book.js";
import { canonicalText, hashFile, hashText } from "./request-hash.js";

type Input = ActParsed<"record-payments">;

const shownRefusals = 1000;

interface Prepared {
  /** of the file, or of the call's rows and key */
  readonly sha256: string;
  readonly reading: string;
  /** true when every row stands in the batch */
  readonly isRead: boolean;
}

/**
 * A file of payments, streamed, a few thousand rows at a time. By `mode`, rows that cannot be recorded are left out with
 * their reasons, each few thousand rows in a transaction of their own, so that single payments get in between; or they
 * refuse the whole file (`rows_refused`), and then all of it is one transaction.
 *
 * The batch keeps how far it came. The same file again (by SHA-256) goes on where a crash has left it: what was recorded
 * is not judged again. When it was recorded whole, it changes nothing and is answered with the figures of the first
 * time; a payment that another file or call has brought already is known by its `external_id`. A file that was begun must be read
 * as it was begun (`conflict`). One of which no row has the form of a payment is refused (`file_unreadable`), and
 * leaves nothing in the way of reading it otherwise.
 */
export const recordPayments = implementInSteps("record-payments", {
  async prepare(_desk: Desk, input: Input, call: Call): Promise<Prepared> {
    const reading = canonicalText({ format: input.format, date_pattern: input.date_pattern });
    if (input.file !== undefined) return { sha256: await hashFile(input.file), reading, isRead: false };
    // rows without a file are one order, which the caller's key stands for
    return { sha256: hashText(`${call.idempotencyKey ?? ""} ${canonicalText(input.rows)}`), reading, isRead: false };
  },
  async advance(step, input, prepared) {
    if (input.mode === "atomic") return prepared;
    const begun = await step((context) => openImport(context, input, prepared));
    if (begun.batch?.state === "done") return prepared;
    let rowsDone = begun.batch?.rows ?? 0;
    for await (const chunk of readAhead(paymentChunks(input))) {
      if (chunk.at(-1)!.row <= rowsDone) continue;
      rowsDone = await step(async (context) => {
        const opened = await openImport(context, input, prepared);
        // two that send the same file at once help each other along, and one of them has ended it
        if (opened.batch?.state === "done") return opened.batch.rows;
        const { batch } = await recordChunk(context, opened, { input, prepared, chunk });
        return batch.rows;
      });
    }
    return { ...prepared, isRead: true };
  },
  async run(context, input, prepared) {
    const { tx } = context;
    const opened = await openImport(context, input, prepared);
    const { book } = opened;
    if (opened.batch?.state === "done") return answerOf(context, book, { batch: opened.batch, imported: false });
    const batch = prepared.isRead ? opened.batch : await recordRest(context, opened, { input, prepared });
    assert(batch !== undefined, "a file with rows has a batch");
    const done: PaymentBatch = { ...batch, state: "done" };
    await saveBatch(tx, input.portfolio_id, done);
    return answerOf(context, book, { batch: done, imported: true });
  },
});

interface Opened {
  readonly book: Book;
  readonly batch: PaymentBatch | undefined;
}

/** The book, held, and the batch of this very file. Throws `conflict` where it was begun in another way. */
async function openImport(context: Context, input: Input, { sha256, reading }: Prepared): Promise<Opened> {
  const opening = openBook(context, input.portfolio_id);
  const finding = findBatchOfFile(context.tx, input.portfolio_id, sha256);
  finding.catch(() => undefined);
  const [book, batch] = [await opening, await finding];
  if (batch?.state !== "running" || (batch.reading === reading && input.mode === "skip")) return { book, batch };
  const begun = `${batch.rows} rows of this file are recorded by an import that has not ended`;
  throw new Refusal("conflict", `${begun}; send it again with mode skip, and the format and date_pattern of then`);
}

interface Given {
  readonly input: Input;
  readonly prepared: Prepared;
}

/** Records those of the rows that the batch does not have yet. */
async function recordChunk(
  context: Context,
  { book, batch }: Opened,
  { input, prepared, chunk }: Given & { chunk: readonly ReadPayment[] },
): Promise<{ batch: PaymentBatch; refused: readonly RowRefusal[] }> {
  const { tx } = context;
  const { portfolioId } = book.portfolio;
  const before = batch ?? (await beginBatch(context, book, { input, prepared }));
  const rows = chunk.filter(({ row }) => row > before.rows);
  const pieces = readPieces(context, portfolioId, rows);
  const { payments, refused, written } = await judgePayments(context, book, { pieces, batchNo: before.batchNo });
  let { amountMinor, commissionMinor, unappliedMinor } = before;
  for (const payment of payments) {
    amountMinor += payment.amountMinor;
    commissionMinor += payment.commissionMinor;
    unappliedMinor += payment.unappliedMinor;
  }
  const grown: PaymentBatch = {
    ...before,
    rows: before.rows + rows.length,
    recorded: before.recorded + payments.length,
    skipped: before.skipped + refused.length,
    amountMinor,
    commissionMinor,
    unappliedMinor,
  };
  await Promise.all([
    written,
    insertRefusals(tx, { portfolioId, batchNo: before.batchNo }, refused),
    saveBatch(tx, portfolioId, grown),
  ]);
  context.report({ phase: "record payments", done: grown.rows, total: input.rows?.length ?? null });
  return { batch: grown, refused };
}

async function beginBatch({ tx }: Context, book: Book, { input, prepared }: Given): Promise<PaymentBatch> {
  const { portfolioId } = book.portfolio;
  const batch: PaymentBatch = {
    batchNo: await nextNumber(tx, portfolioId, "batch"),
    sha256: prepared.sha256,
    fileName: input.file?.name ?? "rows",
    state: "running",
    reading: prepared.reading,
    rows: 0,
    recorded: 0,
    skipped: 0,
    amountMinor: 0n,
    commissionMinor: 0n,
    unappliedMinor: 0n,
    recordedAt: book.head.recordedAt,
  };
  await insertBatch(tx, portfolioId, batch);
  return batch;
}

/** Records all that is left of the file in the transaction at hand. */
async function recordRest(context: Context, opened: Opened, given: Given): Promise<PaymentBatch | undefined> {
  const refused: RowRefusal[] = [];
  let { batch } = opened;
  for await (const chunk of readAhead(paymentChunks(given.input))) {
    const recorded = await recordChunk(context, { book: opened.book, batch }, { ...given, chunk });
    batch = recorded.batch;
    refused.push(...recorded.refused.slice(0, shownRefusals - refused.length));
  }
  if (given.input.mode === "atomic" && refused.length > 0) throw rowsRefused(batch!.skipped, refused);
  return batch;
}

function rowsRefused(count: number, refused: readonly RowRefusal[]): Refusal {
  const first = refused[0]!;
  return new Refusal(
    "rows_refused",
    `${count} rows, the first is row ${first.row}: ${first.detail}`,
    refused.slice(0, 100).map(({ row, code, detail }) => ({ pointer: `/rows/${row - 1}`, code, detail })),
  );
}

async function answerOf({ tx }: Context, book: Book, { batch, imported }: { batch: PaymentBatch; imported: boolean }) {
  const { portfolioId, currency } = book.portfolio;
  const refused = await listRefusals(tx, { portfolioId, batchNo: batch.batchNo }, { limit: shownRefusals });
  return {
    batch_id: childId("ba", portfolioId, batch.batchNo),
    portfolio_id: portfolioId,
    currency,
    imported,
    rows: batch.rows,
    recorded: batch.recorded,
    skipped: batch.skipped,
    amount: formatMinor(batch.amountMinor, currency),
    commission: formatMinor(batch.commissionMinor, currency),
    unapplied: formatMinor(batch.unappliedMinor, currency),
    refused: refused.data,
  };
}
