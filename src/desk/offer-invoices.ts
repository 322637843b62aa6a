import { basename } from "node:path";
import type { FactoringOffer } from "../../models/factoring-offer.js";
import { ledgerDebtor } from "../../models/factoring-offer.js";
import { type FactoringTerms, factoringTermsSchema } from "../../models/factoring-terms.js";
import { type FindingCode, finding } from "../../models/finding.js";
import { type InvoiceColumns, invoiceIdentity, usualTermsDays } from "../../models/invoice.js";
import { paymentCardSchema } from "../../models/payment-card.js";
import { Refusal } from "../../models/refusal.js";
import { type CodeColumn, missing } from "../../models/tape.js";
import { addDays, type Day, parseDay } from "../calendar/day.js";
import { offer } from "../factoring/offer.js";
import type { KnownDebtor, OfferedInvoice } from "../factoring/schedule-base.js";
import { type Minor, parseMinor, zeroMinor } from "../money/money.js";
import { expectedPayment } from "../payment/expected-payment.js";
import { parseDebtorFile } from "../reconcile/debtor-file.js";
import { type InvoiceFile, readInvoices } from "../tape/invoices.js";
import type { Progress } from "./desk.js";
import { knownDebtors } from "./factoring-offer.js";
import { parseInput } from "./parse-input.js";

/** An order on files; nothing of it is stored. */
export interface OfferInvoicesOrder {
  readonly paths: readonly string[];
  /** as the user wrote them; read and bounded here */
  readonly terms: unknown;
  readonly model: unknown;
  /** text of the file of the factor's debtors */
  readonly debtorsCsv: string | undefined;
  readonly targetCash: string | undefined;
  /** YYYY-MM-DD, where the terms do not say it */
  readonly today: string;
  readonly workFolder: string;
  readonly onProgress: (progress: Progress) => void;
}

interface OfferFinding {
  readonly file: string;
  readonly row: number | null;
  readonly column: string | null;
  readonly code: FindingCode;
  readonly severity: string;
  readonly value: string | null;
  readonly message: string;
}

export type OfferOnFiles = FactoringOffer & {
  readonly files: readonly { file: string; sha256: string | undefined; rows: number; offered: number }[];
  readonly findings: { readonly by_code: Readonly<Record<string, number>>; readonly rows: readonly OfferFinding[] };
};

/**
 * From files of invoices to a factor's offer, without a store.
 *
 * Rows that cannot be read, amounts of zero, due dates before the invoice and invoices that stand in the files twice are
 * findings, and are left out; credit notes count against the base.
 *
 * @throws Refusal for a file, terms, model or list of debtors that stops it
 */
export async function offerInvoices(order: OfferInvoicesOrder): Promise<OfferOnFiles> {
  const given = parseInput(factoringTermsSchema, order.terms);
  const model = order.model === undefined ? null : parseInput(paymentCardSchema, order.model).model;
  const files: InvoiceFile[] = [];
  for (const path of order.paths) {
    files.push(
      await readInvoices(path, {
        workFolder: order.workFolder,
        onProgress: order.onProgress,
        ...currencyOf(order.terms, given, files),
      }),
    );
  }
  const { currency } = files[0]!.columns;
  const terms: FactoringTerms = { ...given, currency };
  const asOf = parseDay(terms.as_of ?? order.today);
  const taken = take({ files, paths: order.paths, asOf }, ({ columns, findings }) =>
    model === null ? null : expectedPayment(model, columns, { openOn: asOf, findings }).daysP50,
  );
  if (taken.invoices.length === 0) throw nothingLeft(taken.findings);
  const document = offer({
    terms,
    givenTerms: order.terms,
    asOf,
    invoices: taken.invoices,
    debtors: order.debtorsCsv === undefined ? null : debtorsOf(order.debtorsCsv, currency),
    targetMinor: order.targetCash === undefined ? null : parseMinor(order.targetCash, currency),
    course: null,
    expectedFrom: model === null ? "on the due date" : "by how these debtors have paid",
  });
  return {
    ...document,
    files: files.map((file, i) => ({
      file: basename(order.paths[i]!),
      sha256: file.file.sha256,
      rows: file.rowsInFile,
      offered: taken.offered[i]!,
    })),
    findings: { by_code: countsOf(taken.findings), rows: taken.findings },
  };
}

/** The currency of the terms where they name one; otherwise that of the first file. */
function currencyOf(given: unknown, { currency }: FactoringTerms, read: readonly InvoiceFile[]): { currency?: string } {
  if (typeof given === "object" && given !== null && "currency" in given) return { currency };
  return read.length === 0 ? {} : { currency: read[0]!.columns.currency };
}

function nothingLeft(findings: readonly OfferFinding[]): Refusal {
  const items = findings
    .filter(({ severity, code }) => severity === "reject" || leftOut.has(code))
    .map(({ file, row, column, code, value, message }) => ({
      pointer: `/${[file, row, column].filter((step) => step !== null).join("/")}`,
      code,
      detail: message,
      value,
    }));
  const first =
    items[0] === undefined ? "" : `; ${items[0].pointer.slice(1).replaceAll("/", ", ")}: ${items[0].detail}`;
  return new Refusal("nothing_to_price", `no invoice of the files can be offered${first}`, items.slice(0, 100));
}

interface Taken {
  readonly invoices: OfferedInvoice[];
  readonly findings: OfferFinding[];
  /** by file */
  readonly offered: number[];
}

/** Findings of rows that are kept by the reader, and not offered. */
const leftOut: ReadonlySet<FindingCode> = new Set(["amount_zero", "due_before_invoice", "due_date_far"]);

/** Days from the invoice to the payment that are expected, by row; null where nothing is known of it. */
type Expectation = (file: InvoiceFile) => Float64Array | null;

function take(
  { files, paths, asOf }: { files: readonly InvoiceFile[]; paths: readonly string[]; asOf: Day },
  expected: Expectation,
): Taken {
  const taken: Taken = { invoices: [], findings: [], offered: [] };
  const firstOf = new Map<string, string>();
  for (const [at, { columns, findings }] of files.entries()) {
    const days = expected(files[at]!);
    const file = basename(paths[at]!);
    const out = new Set<number>();
    for (const found of findings.inFileOrder()) {
      taken.findings.push({ file, ...found });
      if (leftOut.has(found.code) && found.row !== null) out.add(found.row);
    }
    const before = taken.invoices.length;
    for (let i = 0; i < columns.rows; i++) {
      const row = columns.rowNumbers[i]!;
      if (out.has(row)) continue;
      const invoice = invoiceAt(columns, i, { asOf, expectedDays: days });
      const key = JSON.stringify([invoice.debtorId, invoiceIdentity(invoice.invoiceNumber)]);
      const first = firstOf.get(key);
      if (first !== undefined) {
        const value = invoice.invoiceNumber;
        const again = finding("invoice_duplicate", { row, column: "invoice_number", value, note: first });
        taken.findings.push({ file, ...again });
        continue;
      }
      firstOf.set(key, `${file}, row ${row}`);
      taken.invoices.push(invoice);
    }
    taken.offered.push(taken.invoices.length - before);
  }
  return taken;
}

function invoiceAt(
  columns: InvoiceColumns,
  i: number,
  { asOf, expectedDays }: { asOf: Day; expectedDays: Float64Array | null },
): OfferedInvoice {
  const label = (column: CodeColumn | null): string | null => {
    const code = column?.values[i] ?? missing.code;
    return code === missing.code ? null : column!.labels[code]!;
  };
  const issuedOn = columns.invoiceDay[i]! as Day;
  const paid = columns.paidMinor?.[i] ?? missing.money;
  const disputedPart = columns.disputedMinor?.[i] ?? missing.money;
  const isPart = disputedPart !== missing.money && disputedPart > 0n;
  const settledOn = columns.settledDay?.[i] ?? missing.day;
  return {
    invoiceNumber: columns.invoiceNumbers[i]!,
    debtorId: label(columns.debtor)!,
    issuedOn,
    dueOn: columns.dueDay[i] === missing.day ? addDays(issuedOn, usualTermsDays) : (columns.dueDay[i]! as Day),
    amountMinor: columns.amountMinor[i]! as Minor,
    paidMinor: paid === missing.money ? zeroMinor : (paid as Minor),
    hasPurchaseOrder: label(columns.purchaseOrder) !== null,
    hasProofOfDelivery: columns.proofOfDelivery?.[i] === 1,
    country: label(columns.country)?.toUpperCase() ?? null,
    disputed: isPart || columns.disputed?.[i] === 1,
    disputedMinor: isPart ? (disputedPart as Minor) : null,
    verified: columns.verified?.[i] === 1,
    debtorType: label(columns.debtorType),
    alreadyAssigned: false,
    settled: settledOn !== missing.day && settledOn <= asOf,
    expectedDays: expectedDays?.[i] ?? null,
  };
}

function debtorsOf(csv: string, currency: string): Map<string, KnownDebtor> {
  const rows = parseDebtorFile(csv).map((row, i) => {
    const parsed = ledgerDebtor.safeParse(row);
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0]!;
    throw new Refusal("file_unreadable", `the file of debtors, row ${i + 1}, ${path.join(".")}: ${message}`);
  });
  return knownDebtors(rows, currency);
}

function countsOf(findings: readonly OfferFinding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
