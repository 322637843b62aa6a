import type { InvoiceColumns } from "../../models/invoice.js";
import { missing } from "../../models/tape.js";
import { chance } from "../../seeds/random-numbers.js";
import { type Day, parseDay } from "../../src/calendar/day.js";

export interface MadeInvoice {
  readonly debtor: string;
  readonly issued: number;
  readonly terms: number;
  readonly cents: number;
  /** null while it is open */
  readonly settled: number | null;
  readonly isDisputed: boolean;
  /** known beside the canonical columns */
  readonly channel: string;
}

export interface Making {
  readonly seed: number;
  readonly rows: number;
  readonly debtors?: number;
  /** share of the invoices that is never paid */
  readonly neverShare?: number;
}

export const lastDay = parseDay("2025-12-31");

/**
 * Invoices whose truth is known: days to pay are 30 and the debtor's habit (standard deviation 8), 6 more by post, 14
 * more in dispute (15 % of them), and noise of 5. What is not settled by the last day is open.
 */
export function madeInvoices({ seed, rows, debtors = 40, neverShare = 0 }: Making): MadeInvoice[] {
  const { next, between } = chance(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const habits = Array.from({ length: debtors }, () => 8 * normal());
  return Array.from({ length: rows }, () => {
    const debtor = between(0, debtors - 1);
    const issued = between(parseDay("2025-01-01"), lastDay);
    const isDisputed = next() < 0.15;
    const channel = next() < 0.4 ? "post" : "mail";
    const days = 30 + habits[debtor]! + (channel === "post" ? 6 : 0) + (isDisputed ? 14 : 0) + 5 * normal();
    const settled = next() < neverShare ? Number.POSITIVE_INFINITY : issued + Math.max(Math.round(days), 0);
    return {
      debtor: `D${debtor}`,
      issued,
      terms: 30,
      cents: between(1_000, 900_000),
      settled: settled <= lastDay ? settled : null,
      isDisputed,
      channel,
    };
  });
}

/** Invoices as the reader hands them on. A dispute is known of settled ones alone, as in most ledgers. */
export function columnsOf(invoices: readonly MadeInvoice[]): InvoiceColumns {
  const code = (of: (invoice: MadeInvoice) => string) => {
    const labels = [...new Set(invoices.map(of))].sort();
    const codes = new Map(labels.map((label, at) => [label, at]));
    return { kind: "code" as const, values: Int32Array.from(invoices, (invoice) => codes.get(of(invoice))!), labels };
  };
  return {
    rows: invoices.length,
    rowNumbers: Int32Array.from(invoices, (_, at) => at + 1),
    currency: "USD",
    invoiceNumbers: invoices.map((_, at) => `I${at}`),
    debtor: code(({ debtor }) => debtor),
    debtorName: null,
    customerNumber: null,
    verified: null,
    invoiceDay: Int32Array.from(invoices, ({ issued }) => issued),
    dueDay: Int32Array.from(invoices, ({ issued, terms }) => issued + terms),
    amountMinor: BigInt64Array.from(invoices, ({ cents }) => BigInt(cents)),
    paidMinor: null,
    settledDay: Int32Array.from(invoices, ({ settled }) => settled ?? missing.day),
    watchedUntil: null,
    purchaseOrder: null,
    proofOfDelivery: null,
    country: null,
    disputedMinor: null,
    disputed: Uint8Array.from(invoices, ({ settled, isDisputed }) => (settled === null ? 2 : isDisputed ? 1 : 0)),
    debtorType: null,
    extras: new Map([["channel", code(({ channel }) => channel)]]),
  };
}

export const day = (text: string): Day => parseDay(text);
