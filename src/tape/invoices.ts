import { isCurrency } from "../../models/currency.js";
import { TapeFindings } from "../../models/findings-table.js";
import type { InvoiceColumns } from "../../models/invoice.js";
import { Refusal } from "../../models/refusal.js";
import type { CodeColumn, DayColumn, FlagColumn, Layout, MoneyColumn, TapeColumn } from "../../models/tape.js";
import { formatMinor, parseMinor } from "../money/money.js";
import type { Engine } from "./engine.js";
import { amountTotal, codedColumns, examineInvoices } from "./invoice-checks.js";
import { invoiceVocabulary } from "./invoice-header.js";
import { guessLayout, type ResolvedLayout } from "./layout.js";
import { type Loaded, load } from "./load.js";
import { addCellFaults, addHollowRows } from "./load-findings.js";
import { type Relation, relationOf } from "./relation.js";
import type { SourceFile } from "./source-file.js";
import {
  addColumnFindings,
  describedLayout,
  fileFacts,
  keepRows,
  numbersTo,
  readOpened,
  type Tape,
  type TapeProgress,
} from "./tape.js";
import { extrasToRead, type ReadColumn, typingMacros } from "./typing.js";

export interface InvoiceOptions {
  /**
   * ISO 4217 code of every amount; where it is left out, the one that the file's first rows name, or USD. A row that
   * names another one is rejected.
   */
  readonly currency?: string;
  /** a saved or edited layout; guessed from the headers when left out */
  readonly layout?: Layout;
  /** an empty folder for this job alone */
  readonly workFolder: string;
  /** control totals: rows, and the sum of the amounts (credit notes counted as negative) as a decimal */
  readonly expectRows?: number;
  readonly expectFace?: string;
  readonly onProgress?: (progress: TapeProgress) => void;
}

/** A file of invoices, read. */
export interface InvoiceFile {
  readonly columns: InvoiceColumns;
  readonly layout: Layout;
  readonly findings: TapeFindings;
  readonly file: Tape["file"];
  readonly rowsInFile: number;
  /** rows left out; each has at least one finding of severity `reject` */
  readonly rejected: number;
}

/**
 * Reads a file of invoices (CSV, Parquet, JSON Lines or XLSX) as `readTape` reads a tape: behind the same locks, typed
 * in one pass, with a finding for whatever is wrong.
 *
 * Rows of severity `reject` are left out. Those of severity `exclude` (credit notes, amounts of zero, a due date before
 * the invoice's) are kept: they are somebody's figures, and what is done about them is for the reader's caller to say.
 *
 * @throws Refusal as `readTape` does
 */
export async function readInvoices(path: string, options: InvoiceOptions): Promise<InvoiceFile> {
  const { currency } = options;
  if (currency !== undefined && !isCurrency(currency)) {
    throw new Refusal("currency_unknown", `"${currency.slice(0, 12)}"`);
  }
  options.onProgress?.({ phase: "open", done: 0, total: 3 });
  return await readOpened(path, options, (engine, source, trustHead) => readWith(engine, source, options, trustHead));
}

async function readWith(
  engine: Engine,
  source: SourceFile,
  options: InvoiceOptions,
  trustHead: boolean,
): Promise<InvoiceFile | null> {
  const { workFolder } = options;
  const findings = new TapeFindings();
  const relation = await relationOf(engine, source, options.layout);
  const resolved = guessLayout(relation.header, relation.sampleRows, options.layout, invoiceVocabulary);
  addColumnFindings(resolved, findings);
  const layout = describedLayout(resolved.layout, source, relation);
  const read: ReadColumn[] = [...resolved.positions].map(([name, position]) => {
    return { name, kind: invoiceVocabulary.kinds[name], position };
  });
  read.push(...extrasToRead(resolved));
  const currency = options.currency ?? namedCurrency(resolved, relation);
  options.onProgress?.({ phase: "load", done: 1, total: 3 });
  await engine.run(typingMacros(currency).join("; "));
  const loaded = await load({ engine, source, relation, read, layout, currency, workFolder, findings }, trustHead);
  if (loaded === null) return null;
  options.onProgress?.({ phase: "check", done: 2, total: 3 });
  const examined = await examine({ engine, loaded, read, layout, findings, source, options, currency });
  return {
    ...examined,
    layout,
    findings,
    file: fileFacts(source, loaded),
    rejected: examined.rowsInFile - examined.columns.rows,
  };
}

/** The currency that the file names in the first of its rows that names one, or USD. */
function namedCurrency({ positions }: ResolvedLayout<string>, { sampleRows }: Relation): string {
  const at = positions.get("currency");
  if (at === undefined) return "USD";
  const named = sampleRows.map((row) => (row[at] ?? "").trim().toUpperCase()).find(isCurrency);
  return named ?? "USD";
}

async function examine(work: {
  engine: Engine;
  loaded: Loaded;
  read: readonly ReadColumn[];
  layout: Layout;
  findings: TapeFindings;
  source: SourceFile;
  options: InvoiceOptions;
  currency: string;
}): Promise<{ columns: InvoiceColumns; rowsInFile: number }> {
  const { engine, read, layout, findings, currency, options } = work;
  const { relation, raw } = work.loaded;
  const rowsInFile = relation.rowsInFile ?? raw.rows;
  if (rowsInFile === 0) throw new Refusal("file_without_rows", "the file has a header and no rows");
  const rowNumbers = relation.rowNumbers ?? numbersTo(raw.rows);
  const rejected = new Uint8Array(raw.rows);
  const job = { engine, relation, read, raw, rowNumbers, rejected, findings, currency, layout };
  const hollow = work.source.format === "jsonl" ? addHollowRows(job) : new Set<number>();
  await addCellFaults(job);
  refuseOtherTotals({ rowsInFile, total: amountTotal(raw) }, options, currency);
  const columns = codedColumns(job);
  examineInvoices({ ...job, columns, hollow });
  const kept = keepRows({ columns, rowNumbers, rejected, order: read.map(({ name }) => name) });
  return { columns: named(kept, currency), rowsInFile };
}

function refuseOtherTotals(
  found: { rowsInFile: number; total: bigint },
  options: InvoiceOptions,
  currency: string,
): void {
  const { expectRows, expectFace } = options;
  if (expectRows !== undefined && expectRows !== found.rowsInFile) {
    throw new Refusal("control_total_mismatch", `the file has ${found.rowsInFile} rows; ${expectRows} were declared`);
  }
  if (expectFace === undefined || parseMinor(expectFace, currency) === found.total) return;
  const sum = formatMinor(found.total, currency);
  throw new Refusal("control_total_mismatch", `the amounts sum to ${sum} ${currency}; ${expectFace} was declared`);
}

/** The kept columns under the names that the rest of the program knows them by. */
function named(
  kept: { columns: ReadonlyMap<string, TapeColumn>; rowNumbers: Int32Array },
  currency: string,
): InvoiceColumns {
  const column = <C extends TapeColumn>(name: string): C | null => (kept.columns.get(name) as C | undefined) ?? null;
  const numbers = kept.columns.get("invoice_number") as { values: readonly string[] };
  const extras = [...kept.columns].filter(([name]) => name.startsWith("extra."));
  return {
    rows: kept.rowNumbers.length,
    rowNumbers: kept.rowNumbers,
    currency,
    invoiceNumbers: numbers.values,
    debtor: column<CodeColumn>("debtor_id")!,
    debtorName: column<CodeColumn>("debtor_name"),
    customerNumber: column<CodeColumn>("customer_number"),
    invoiceDay: column<DayColumn>("invoice_date")!.values,
    dueDay: column<DayColumn>("due_date")!.values,
    amountMinor: column<MoneyColumn>("amount")!.values,
    paidMinor: column<MoneyColumn>("paid_amount")?.values ?? null,
    settledDay: column<DayColumn>("settled_date")?.values ?? null,
    watchedUntil: column<DayColumn>("watched_until")?.values ?? null,
    purchaseOrder: column<CodeColumn>("purchase_order"),
    proofOfDelivery: column<FlagColumn>("proof_of_delivery")?.values ?? null,
    country: column<CodeColumn>("country"),
    disputed: column<FlagColumn>("disputed")?.values ?? null,
    disputedMinor: column<MoneyColumn>("disputed_amount")?.values ?? null,
    verified: column<FlagColumn>("verified")?.values ?? null,
    debtorType: column<CodeColumn>("debtor_type"),
    extras: new Map(extras.map(([name, values]) => [name.slice("extra.".length), values])),
  };
}
