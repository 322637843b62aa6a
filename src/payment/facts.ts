import type { InvoiceColumns } from "../../models/invoice.js";
import { type CodeColumn, missing, type NumberColumn } from "../../models/tape.js";
import { calendarDate, type Day, daysInMonth } from "../calendar/day.js";
import { estimatesOf } from "../money/column.js";

/** What may explain how an invoice is paid: a column of the file, or one worked out from its dates and amount. */
export type Source = CodeColumn | NumberColumn;

/** A file of invoices as far as payment behaviour goes. Every array has one entry a row. */
export interface InvoiceFacts {
  readonly rows: number;
  /** days since 1970-01-01 */
  readonly issued: Int32Array;
  /** days from the invoice to its due date; NaN where there is none, or it is earlier than the invoice */
  readonly termsDays: Float64Array;
  /** amount in major units */
  readonly amount: Float64Array;
  /** what came in on it, in major units; NaN where the file does not say */
  readonly paid: Float64Array | null;
  /** `missing.day` where it is open; null when the file knows nothing of settlement */
  readonly settled: Int32Array | null;
  /** the day on which an invoice without a settlement was last known to be open; null where all are watched to the end */
  readonly watchedUntil: Int32Array | null;
  /** 1 yes, 0 no, 2 not said; null when the file does not have it */
  readonly disputed: Uint8Array | null;
  /** what is known of an invoice on the day of its issue, by name */
  readonly sources: ReadonlyMap<string, Source>;
}

const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
const parts = ["days 1 to 8", "days 9 to 16", "days 17 to 24", "the last days of the month"];

/**
 * Takes from a file what is known of each invoice when it is issued, apart from what becomes of it.
 *
 * Whether an invoice is disputed, paid or settled is what becomes of it, and not among the sources. Names of debtors,
 * numbers of invoices and purchase orders tell invoices apart and explain nothing.
 */
export function invoiceFacts(columns: InvoiceColumns): InvoiceFacts {
  const { rows, currency, invoiceDay, dueDay } = columns;
  const termsDays = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const terms = dueDay[i]! - invoiceDay[i]!;
    termsDays[i] = dueDay[i] === missing.day || terms < 0 ? Number.NaN : terms;
  }
  const amount = estimatesOf(columns.amountMinor, currency);
  const sources = new Map<string, Source>([["debtor", columns.debtor]]);
  sources.set("terms_days", { kind: "number", values: termsDays });
  sources.set("amount", { kind: "number", values: amount });
  if (columns.country !== null) sources.set("country", columns.country);
  if (columns.debtorType !== null) sources.set("debtor_type", columns.debtorType);
  for (const [name, source] of calendarSources(columns, termsDays)) sources.set(name, source);
  for (const [header, column] of columns.extras) {
    if (column.kind === "code" || column.kind === "number") sources.set(`extra.${header}`, column);
  }
  return {
    rows,
    issued: invoiceDay,
    termsDays,
    amount,
    paid: columns.paidMinor === null ? null : estimatesOf(columns.paidMinor, currency),
    settled: columns.settledDay,
    watchedUntil: columns.watchedUntil,
    disputed: columns.disputed,
    sources,
  };
}

/** The month, weekday and part of the month in which an invoice falls due. */
function calendarSources({ rows, dueDay }: InvoiceColumns, termsDays: Float64Array): [string, CodeColumn][] {
  const [month, weekday, part] = [new Int32Array(rows), new Int32Array(rows), new Int32Array(rows)];
  let known: { day: number; month: number; part: number } = { day: Number.NaN, month: -1, part: -1 };
  const byDay = new Map<number, typeof known>();
  for (let i = 0; i < rows; i++) {
    const day = dueDay[i]!;
    if (Number.isNaN(termsDays[i]!)) {
      month[i] = weekday[i] = part[i] = missing.code;
      continue;
    }
    if (day !== known.day) {
      known = byDay.get(day) ?? placeInMonth(day as Day);
      byDay.set(day, known);
    }
    month[i] = known.month;
    part[i] = known.part;
    // 1970-01-01 was a Thursday.
    weekday[i] = (((day + 3) % 7) + 7) % 7;
  }
  return [
    ["due_month", { kind: "code", values: month, labels: months }],
    ["due_weekday", { kind: "code", values: weekday, labels: weekdays }],
    ["due_part_of_month", { kind: "code", values: part, labels: parts }],
  ];
}

function placeInMonth(day: Day): { day: number; month: number; part: number } {
  const { year, month, dayOfMonth } = calendarDate(day);
  const isLast = dayOfMonth > daysInMonth(year, month) - 4;
  return { day, month: month - 1, part: isLast ? 3 : Math.min(Math.floor((dayOfMonth - 1) / 8), 2) };
}

/** The facts of some rows. */
export function factsAt(facts: InvoiceFacts, rows: Int32Array): InvoiceFacts {
  const sources = new Map<string, Source>();
  for (const [name, source] of facts.sources) {
    sources.set(name, { ...source, values: gather(source.values, rows) } as Source);
  }
  return {
    rows: rows.length,
    issued: gather(facts.issued, rows),
    termsDays: gather(facts.termsDays, rows),
    amount: gather(facts.amount, rows),
    paid: facts.paid === null ? null : gather(facts.paid, rows),
    settled: facts.settled === null ? null : gather(facts.settled, rows),
    watchedUntil: facts.watchedUntil === null ? null : gather(facts.watchedUntil, rows),
    disputed: facts.disputed === null ? null : gather(facts.disputed, rows),
    sources,
  };
}

function gather<A extends Int32Array | Float64Array | Uint8Array>(values: A, rows: Int32Array): A {
  const taken = new (values.constructor as new (length: number) => A)(rows.length);
  for (let k = 0; k < rows.length; k++) taken[k] = values[rows[k]!]!;
  return taken;
}

/** The day until which an invoice without a settlement was watched, no later than the end of the history. */
export function watchedTo({ watchedUntil }: InvoiceFacts, row: number, end: number): number {
  const until = watchedUntil?.[row] ?? missing.day;
  return until === missing.day ? end : Math.min(until, end);
}
