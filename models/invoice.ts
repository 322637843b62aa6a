import type { CodeColumn, TapeColumn } from "./tape.js";

/**
 * An invoice file shows one row an invoice: offered to a factor while it is open, or a history that tells when it was
 * settled. Read, it becomes columns, as a tape does; `missing` of models/tape.ts says what stands where nothing is.
 */

/** What a file of invoices may tell. `proof_of_delivery` may hold a document's number as well as yes or no. */
export const invoiceKinds = {
  invoice_number: "text",
  debtor_id: "code",
  debtor_name: "code",
  customer_number: "code",
  invoice_date: "day",
  due_date: "day",
  amount: "money",
  currency: "code",
  purchase_order: "code",
  proof_of_delivery: "flag",
  country: "code",
  disputed: "flag",
  disputed_amount: "money",
  verified: "flag",
  paid_amount: "money",
  debtor_type: "code",
  settled_date: "day",
  watched_until: "day",
} as const;

/**
 * An invoice number as it is told apart from others: "inv 7" and "INV7" are the same to people, and one invoice must
 * not be sold twice for a capital or a blank. Dashes and leading zeros count.
 *
 * @example invoiceIdentity(" inv 7 ") // "INV7"
 */
export function invoiceIdentity(invoiceNumber: string): string {
  return invoiceNumber.normalize("NFKC").replaceAll(/\s+/g, "").toUpperCase();
}

/** An invoice that is due later than so many days after it was issued is a slip of the pen. */
export const longestTermsDays = 3650;
/** An invoice without a due date is taken to be due after so many days: the usual terms. */
export const usualTermsDays = 30;

export const requiredInvoiceColumns = ["invoice_number", "debtor_id", "invoice_date", "due_date", "amount"] as const;

/**
 * The invoices of a file that could be read, in file order. Each array has one entry a row. A column that the file does
 * not have is null; what it leaves blank is `missing` of its kind.
 */
export interface InvoiceColumns {
  readonly rows: number;
  /** 1-based number of each row in the file, the header not counted */
  readonly rowNumbers: Int32Array;
  /** ISO 4217 code of every amount */
  readonly currency: string;
  readonly invoiceNumbers: readonly string[];
  /** whose invoice it is; never blank */
  readonly debtor: CodeColumn;
  readonly debtorName: CodeColumn | null;
  /** the seller's own number of the debtor */
  readonly customerNumber: CodeColumn | null;
  /** days since 1970-01-01; never blank */
  readonly invoiceDay: Int32Array;
  readonly dueDay: Int32Array;
  /** minor units; never blank, negative on a credit note */
  readonly amountMinor: BigInt64Array;
  /** what came in on the invoice so far, minor units */
  readonly paidMinor: BigInt64Array | null;
  readonly settledDay: Int32Array | null;
  /** of an invoice that left sight unpaid (it went back to the seller): it was open on that day, and nobody knows of it since */
  readonly watchedUntil: Int32Array | null;
  readonly purchaseOrder: CodeColumn | null;
  /** 1 yes (or the number of a document), 0 no, 2 blank */
  readonly proofOfDelivery: Uint8Array | null;
  readonly country: CodeColumn | null;
  readonly disputed: Uint8Array | null;
  /** how much of it is disputed, where a part is, minor units */
  readonly disputedMinor: BigInt64Array | null;
  /** whether a person has verified it */
  readonly verified: Uint8Array | null;
  readonly debtorType: CodeColumn | null;
  /** the other columns by their header: numbers where every value is one, otherwise codes */
  readonly extras: ReadonlyMap<string, TapeColumn>;
}
