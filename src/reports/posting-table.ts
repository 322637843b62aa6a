import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatMinor } from "../money/money.js";
import type { JournalEntry, JournalPosting } from "./journal.js";
import type { ColumnKind } from "./sheet.js";

/** A column of the table of postings: what it is called, what it holds, and the type it has in a Parquet file. */
export interface PostingColumn {
  readonly key: string;
  readonly kind: ColumnKind;
  readonly sqlType: "VARCHAR" | "DATE" | "TIMESTAMP" | "BIGINT" | "SMALLINT" | "DECIMAL(24,4)";
  readonly of: (entry: JournalEntry, posting: JournalPosting) => string | null;
}

const paths = new Map<string, string>([...everyAccount.values()].map(({ code, path }) => [code, path]));
const pathOf = (code: string) => paths.get(code) ?? null;

/** The ledger as it is kept: one row a posting, with a debit account, a credit account and a positive amount. */
// biome-ignore format: a table
export const postingColumns: readonly PostingColumn[] = [
  { key: "portfolio_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.portfolioId },
  { key: "sequence", kind: "integer", sqlType: "BIGINT", of: (e) => e.sequence.toString() },
  { key: "line", kind: "integer", sqlType: "SMALLINT", of: (_e, p) => String(p.line) },
  { key: "entry_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.id },
  { key: "kind", kind: "text", sqlType: "VARCHAR", of: (e) => e.kind },
  { key: "effective_on", kind: "day", sqlType: "DATE", of: (e) => e.effectiveOn },
  { key: "debit_account", kind: "text", sqlType: "VARCHAR", of: (_e, p) => p.debit },
  { key: "debit_name", kind: "text", sqlType: "VARCHAR", of: (_e, p) => pathOf(p.debit) },
  { key: "credit_account", kind: "text", sqlType: "VARCHAR", of: (_e, p) => p.credit },
  { key: "credit_name", kind: "text", sqlType: "VARCHAR", of: (_e, p) => pathOf(p.credit) },
  { key: "currency", kind: "text", sqlType: "VARCHAR", of: (e) => e.currency },
  { key: "amount", kind: "money", sqlType: "DECIMAL(24,4)", of: (e, p) => formatMinor(p.amountMinor, e.currency) },
  { key: "amount_minor", kind: "integer", sqlType: "BIGINT", of: (_e, p) => p.amountMinor.toString() },
  { key: "receivable_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.receivableId },
  { key: "agency_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.agencyId },
  { key: "cost_type", kind: "text", sqlType: "VARCHAR", of: (e) => e.costType },
  { key: "source_kind", kind: "text", sqlType: "VARCHAR", of: (e) => e.sourceKind },
  { key: "source_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.sourceId },
  { key: "reverses_entry_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.reversesId },
  { key: "corrects_entry_id", kind: "text", sqlType: "VARCHAR", of: (e) => e.correctsId },
  { key: "original_on", kind: "day", sqlType: "DATE", of: (e) => e.originalOn },
  { key: "reason", kind: "text", sqlType: "VARCHAR", of: (e) => e.reason },
  { key: "actor", kind: "text", sqlType: "VARCHAR", of: (e) => e.actor },
  { key: "builder_version", kind: "integer", sqlType: "SMALLINT", of: (e) => String(e.builderVersion) },
  { key: "recorded_at", kind: "text", sqlType: "TIMESTAMP", of: (e) => e.recordedAt },
];

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const postingHeader = `${postingColumns.map(({ key }) => key).join(",")}\n`;

/**
 * One posting as a line of CSV; what is not there is an empty field.
 * @param guard puts an apostrophe before words that a spreadsheet would run as a formula
 */
export function postingLine(entry: JournalEntry, posting: JournalPosting, guard: (text: string) => string): string {
  const fields = postingColumns.map(({ kind, of }) => {
    const text = of(entry, posting);
    if (text === null) return "";
    return csvField(kind === "text" ? guard(text) : text);
  });
  return `${fields.join(",")}\n`;
}
