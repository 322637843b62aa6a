import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { readPaymentFile } from "../reconcile/payment-file.js";
import { formFault, type GivenPayment, type ReadPayment, withForm } from "./apply-payments.js";

type Input = ActParsed<"record-payments">;

/** Rows that are one transaction: twice as many cost 3 % less, and let single payments wait twice as long. */
const chunkRows = 4000;
/** A file with so many rows at its beginning of which none is a payment is read in a wrong way. */
const mostLeadingRows = 40_000;

/**
 * The rows of the call or the file, in order, by a few thousand, their form looked at. Where rows may be left out, the first chunk holds a row
 * that has the form of a payment: so nothing is kept of a file before it is known to be one.
 *
 * @throws Refusal `file_unreadable` when there is none, and those of `readPaymentFile`
 */
export async function* paymentChunks(input: Input): AsyncGenerator<ReadPayment[]> {
  let chunk: ReadPayment[] = [];
  let isPayments = input.mode === "atomic";
  for await (const rows of rowsOf(input)) {
    for (const given of rows) {
      const row = withForm(given);
      chunk.push(row);
      isPayments ||= formFault(row) === undefined;
      if (chunk.length < (isPayments ? chunkRows : mostLeadingRows)) continue;
      if (!isPayments) throw noneReadable(chunk[0]!);
      yield chunk;
      chunk = [];
    }
  }
  if (!isPayments) throw noneReadable(chunk[0]!);
  if (chunk.length > 0) yield chunk;
}

/** The same chunks; each is read while whoever asked works on the one before. */
export async function* readAhead<T>(chunks: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    let next = chunks.next();
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = chunks.next();
      // a failure is heard when it is this chunk's turn
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await chunks.return(undefined);
  }
}

function rowsOf(input: Input): Iterable<GivenPayment[]> | AsyncIterable<GivenPayment[]> {
  if (input.file !== undefined) {
    return readPaymentFile(input.file.path, { format: input.format, datePattern: input.date_pattern });
  }
  return [(input.rows ?? []).map((fields, i) => ({ row: i + 1, fields }))];
}

function noneReadable(first: ReadPayment): Refusal {
  return new Refusal(
    "file_unreadable",
    `no row is a payment; the first is row ${first.row}: ${formFault(first)?.detail}`,
  );
}
