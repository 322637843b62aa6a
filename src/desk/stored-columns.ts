import type { InvoiceColumns } from "../../models/invoice.js";
import { type CodeColumn, missing } from "../../models/tape.js";

/** An invoice of the books as far as it tells how debtors pay. Days count from 1970-01-01. */
export interface StoredInvoice {
  readonly invoiceNumber: string;
  readonly debtorId: string;
  readonly issuedOn: number;
  readonly dueOn: number;
  readonly amountMinor: bigint;
  readonly paidMinor: bigint;
  readonly country: string | null;
  readonly debtorType: string | null;
  readonly disputed: boolean;
  readonly settledOn?: number | null;
  readonly watchedUntil?: number | null;
}

/** Stored invoices as the reader of a file would hand them on. A column that no invoice has is not there. */
export function storedColumns(invoices: readonly StoredInvoice[], currency: string): InvoiceColumns {
  const codes = (of: (invoice: StoredInvoice) => string | null) => codesOf(invoices.map(of));
  const days = (of: (invoice: StoredInvoice) => number | null | undefined) => {
    if (invoices.every((invoice) => of(invoice) === undefined)) return null;
    return Int32Array.from(invoices, (invoice) => of(invoice) ?? missing.day);
  };
  return {
    rows: invoices.length,
    rowNumbers: Int32Array.from(invoices, (_, i) => i + 1),
    currency,
    invoiceNumbers: invoices.map(({ invoiceNumber }) => invoiceNumber),
    debtor: codes(({ debtorId }) => debtorId)!,
    debtorName: null,
    customerNumber: null,
    invoiceDay: Int32Array.from(invoices, ({ issuedOn }) => issuedOn),
    dueDay: Int32Array.from(invoices, ({ dueOn }) => dueOn),
    amountMinor: BigInt64Array.from(invoices, ({ amountMinor }) => amountMinor),
    paidMinor: BigInt64Array.from(invoices, ({ paidMinor }) => paidMinor),
    settledDay: days(({ settledOn }) => settledOn),
    watchedUntil: days(({ watchedUntil }) => watchedUntil),
    purchaseOrder: null,
    proofOfDelivery: null,
    verified: null,
    country: codes(({ country }) => country),
    disputed: Uint8Array.from(invoices, ({ disputed }) => (disputed ? 1 : 0)),
    disputedMinor: null,
    debtorType: codes(({ debtorType }) => debtorType),
    extras: new Map(),
  };
}

/** Codes in the order of their labels, whatever order the rows came in; null where every row is blank. */
function codesOf(texts: readonly (string | null)[]): CodeColumn | null {
  const labels = [...new Set(texts.filter((text) => text !== null))].sort();
  if (labels.length === 0 && texts.length > 0) return null;
  const codes = new Map(labels.map((label, code) => [label, code]));
  return { kind: "code", values: Int32Array.from(texts, (text) => codes.get(text!) ?? missing.code), labels };
}
