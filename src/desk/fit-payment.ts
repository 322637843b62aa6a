import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { PaymentFitDocument } from "../../models/payment-score.js";
import { parseDay } from "../calendar/day.js";
import { fitPayment } from "../payment/fit.js";
import { readInvoices } from "../tape/invoices.js";
import type { Progress } from "./desk.js";
import { findingsPart } from "./findings-part.js";
import { readLayout } from "./price-tape.js";

/** Work on a file of invoices; nothing of it is stored. */
export interface InvoiceOrder {
  readonly path: string;
  /** ISO 4217; what the file says when left out */
  readonly currency: string | undefined;
  /** as the user wrote it, or undefined */
  readonly layout: unknown;
  /** the file to write to */
  readonly out: string;
  /** findings listed in the answer at most; the counts are always of all */
  readonly maxFindings: number;
  /** an empty folder for this order alone */
  readonly workFolder: string;
  readonly seconds: () => number;
  readonly onProgress: (progress: Progress) => void;
}

export interface FitPaymentOrder extends InvoiceOrder {
  /** what was known on the morning of this day is learned from, YYYY-MM-DD */
  readonly asOf: string;
}

/**
 * From a history of invoices to a model card in a file.
 *
 * @throws Refusal for a file, layout or date that cannot be read, and for a history without an outcome
 */
export async function fitPaymentFile(order: FitPaymentOrder): Promise<PaymentFitDocument> {
  const started = order.seconds();
  const asOf = parseDay(order.asOf);
  const { columns, findings, file } = await readInvoices(order.path, invoiceOptions(order));
  const card = fitPayment({ columns, findings, asOf, file: { name: basename(order.path), sha256: file.sha256 } });
  await writeFile(order.out, readableJson(card));
  const { model: _, ...shown } = card;
  return {
    ...shown,
    out: order.out,
    findings: findingsPart(findings, order.maxFindings),
    seconds: since(started, order),
  };
}

/** Indented JSON with every list of plain values on one line: a model has thousands of figures. */
function readableJson(document: unknown): string {
  const indented = JSON.stringify(document, null, 1);
  return `${indented.replace(/\[\n[^[\]{}]*\]/g, (list) => list.replace(/\n */g, " "))}\n`;
}

export function invoiceOptions({ currency, layout, workFolder, onProgress }: InvoiceOrder) {
  return {
    workFolder,
    onProgress,
    ...(currency === undefined ? {} : { currency }),
    ...(layout === undefined ? {} : { layout: readLayout(layout) }),
  };
}

export function since(started: number, { seconds }: Pick<InvoiceOrder, "seconds">): number {
  return Math.round((seconds() - started) * 1000) / 1000;
}
