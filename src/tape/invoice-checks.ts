import type { FindingCode } from "../../models/finding.js";
import { invoiceIdentity, longestTermsDays } from "../../models/invoice.js";
import {
  type CodeColumn,
  type DayColumn,
  type FlagColumn,
  type MoneyColumn,
  missing,
  type TapeColumn,
} from "../../models/tape.js";
import { type Day, dayOf, formatDay } from "../calendar/day.js";
import { sumFilled } from "../money/column.js";
import { formatMinor, type Minor } from "../money/money.js";
import { extraColumn } from "./code-checks.js";
import { flagOf, relabel, toFlags } from "./codes.js";
import { type RawColumns, rowsWithSharedKeys } from "./column-reader.js";
import { datePatternOf } from "./layout.js";
import type { Examination } from "./load-findings.js";
import { checkDays } from "./row-checks.js";

/** Sum of the amounts of a file, those of rows that are rejected for another reason among them. */
export function amountTotal(raw: RawColumns): bigint {
  return sumFilled((raw.numbers.get("amount") as MoneyColumn).values);
}

/**
 * The columns of a file with their meaning: flags as yes and no, the other columns as numbers where every value is one,
 * otherwise as codes. A flag that is neither is a finding, and counts as missing; what stands under `disputed` counts as a
 * dispute unless it says no. Proof of delivery may also be the number of a document.
 */
export function codedColumns(job: Examination): Map<string, TapeColumn> {
  const columns = new Map<string, TapeColumn>(job.raw.numbers);
  columns.set("invoice_number", { kind: "text", values: job.raw.accounts });
  for (const [name, column] of job.raw.codes) {
    if (name.startsWith("extra.")) columns.set(name, extraColumn(column));
    else if (name === "disputed" || name === "proof_of_delivery") columns.set(name, flags(job, name, column));
    else
      columns.set(
        name,
        relabel(column, (text) => text.trim()),
      );
  }
  return columns;
}

function flags(job: Examination, name: string, column: CodeColumn): FlagColumn {
  const pattern = datePatternOf(job.layout, name);
  const meant = (text: string) => flagOf(name, text, pattern) ?? (name === "proof_of_delivery" ? 1 : undefined);
  const { flags: read, unread } = toFlags(column, meant);
  if (unread.size === 0) return read;
  column.values.forEach((code, i) => {
    if (unread.has(code)) {
      const at = { row: job.rowNumbers[i]!, column: name, value: column.labels[code]! };
      if (name === "disputed") read.values[i] = 1;
      job.findings.add("flag_invalid", name === "disputed" ? { ...at, note: "taken as disputed" } : at);
    }
  });
  return read;
}

interface InvoiceExamination extends Examination {
  readonly columns: ReadonlyMap<string, TapeColumn>;
  /** rows that have their finding already, because nothing stands in them */
  readonly hollow: ReadonlySet<number>;
}

/** Finds what is wrong with single invoices, and marks in `rejected` the rows that cannot be used. */
export function examineInvoices(job: InvoiceExamination): void {
  // Placeholders alone: whether a day lies in the future is for those to say who know the day of valuation.
  checkDays(job, dayOf(9999, 12, 31));
  addMissing(job);
  addOtherCurrencies(job);
  addDuplicates(job);
  addAmounts(job);
  addDates(job);
}

function addMissing({ raw, columns, rowNumbers, rejected, findings, hollow }: InvoiceExamination): void {
  const debtors = (columns.get("debtor_id") as CodeColumn).values;
  const issued = (columns.get("invoice_date") as DayColumn).values;
  const due = (columns.get("due_date") as DayColumn).values;
  const amounts = (columns.get("amount") as MoneyColumn).values;
  const add = (i: number, code: FindingCode, column: string): void => {
    findings.add(code, { row: rowNumbers[i]!, column });
    if (code !== "due_date_missing") rejected[i] = 1;
  };
  for (let i = 0; i < raw.rows; i++) {
    // A cell that could not be read has its own finding, and its row is rejected already.
    if (hollow.has(i) || rejected[i] === 1) continue;
    if (raw.accounts[i] === "") add(i, "invoice_number_missing", "invoice_number");
    if (debtors[i] === missing.code) add(i, "debtor_missing", "debtor_id");
    if (issued[i] === missing.day) add(i, "invoice_date_missing", "invoice_date");
    if (due[i] === missing.day) add(i, "due_date_missing", "due_date");
    if (amounts[i] === missing.money) add(i, "amount_missing", "amount");
  }
}

function addOtherCurrencies({ columns, currency, rowNumbers, rejected, findings }: InvoiceExamination): void {
  const column = columns.get("currency") as CodeColumn | undefined;
  if (column === undefined) return;
  const isOther = column.labels.map((label) => label.toUpperCase() !== currency);
  if (!isOther.includes(true)) return;
  column.values.forEach((code, i) => {
    if (code < 0 || !isOther[code]) return;
    rejected[i] = 1;
    findings.add("currency_differs", {
      row: rowNumbers[i]!,
      column: "currency",
      value: column.labels[code]!,
      note: `amounts are read in ${currency}`,
    });
  });
}

/** Invoices of one debtor under one number: all but the first that could be read are rejected. */
function addDuplicates({ raw, columns, rowNumbers, rejected, findings }: InvoiceExamination): void {
  const debtors = (columns.get("debtor_id") as CodeColumn).values;
  const firstOf = new Map<string, number>();
  for (const row of rowsToCompare(raw)) {
    if (rejected[row] === 1) continue;
    const value = raw.accounts[row]!;
    const key = `${debtors[row]} ${invoiceIdentity(value)}`;
    const first = firstOf.get(key);
    if (first === undefined) {
      firstOf.set(key, row);
      continue;
    }
    rejected[row] = 1;
    const note = `row ${rowNumbers[first]}`;
    findings.add("invoice_duplicate", { row: rowNumbers[row]!, column: "invoice_number", value, note });
  }
}

/** Rows that may stand twice: those that share a number to the letter, or all where a number could be written otherwise. */
function rowsToCompare({ accounts, keys }: RawColumns): Iterable<number> {
  return accounts.every((text) => plainNumber.test(text)) ? rowsWithSharedKeys(keys) : accounts.keys();
}

/** Such a number is its own identity. */
const plainNumber = /^[A-Z0-9/._-]*$/;

function addAmounts({ columns, rowNumbers, rejected, findings, currency }: InvoiceExamination): void {
  const amounts = (columns.get("amount") as MoneyColumn).values;
  const parts = ["paid_amount", "disputed_amount"].flatMap((name) => {
    const column = columns.get(name) as MoneyColumn | undefined;
    return column === undefined ? [] : [{ name, values: column.values }];
  });
  const paid = parts.find(({ name }) => name === "paid_amount")?.values;
  const addNegativePart = (i: number): boolean => {
    const part = parts.find(({ values }) => values[i]! < 0n && values[i] !== missing.money);
    if (part === undefined) return false;
    rejected[i] = 1;
    const value = formatMinor(part.values[i]! as Minor, currency);
    findings.add("part_negative", { row: rowNumbers[i]!, column: part.name, value });
    return true;
  };
  for (let i = 0; i < amounts.length; i++) {
    if (rejected[i] === 1) continue;
    const amount = amounts[i]!;
    if (addNegativePart(i)) continue;
    const at = { row: rowNumbers[i]!, column: "amount", value: formatMinor(amount, currency) };
    if (amount < 0n) findings.add("credit_note", at);
    else if (amount === 0n) findings.add("amount_zero", at);
    if (paid === undefined || amount < 0n) continue;
    const received = paid[i]!;
    if (received !== missing.money && received > amount) {
      const note = `${at.value} ${currency} is asked for`;
      findings.add("paid_over_amount", {
        row: at.row,
        column: "paid_amount",
        value: formatMinor(received, currency),
        note,
      });
    }
  }
}

function addDates({ columns, rowNumbers, rejected, findings }: InvoiceExamination): void {
  const issued = (columns.get("invoice_date") as DayColumn).values;
  const due = (columns.get("due_date") as DayColumn).values;
  const settled = (columns.get("settled_date") as DayColumn | undefined)?.values;
  for (let i = 0; i < issued.length; i++) {
    const day = issued[i]!;
    if (rejected[i] === 1) continue;
    const at = (column: string, value: number) => ({
      row: rowNumbers[i]!,
      column,
      value: formatDay(value as Day),
      note: `issued on ${formatDay(day as Day)}`,
    });
    if (due[i] !== missing.day && due[i]! < day) findings.add("due_before_invoice", at("due_date", due[i]!));
    else if (due[i]! > day + longestTermsDays) findings.add("due_date_far", at("due_date", due[i]!));
    const paidOn = settled?.[i] ?? missing.day;
    if (paidOn !== missing.day && paidOn < day) findings.add("settled_before_invoice", at("settled_date", paidOn));
  }
}
