import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ActParsed } from "../../models/acts.js";
import { type ExportFormat, type ExportLedgerOutput, exportFiles } from "../../models/export.js";
import { childId } from "../../models/record-id.js";
import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { addDays, formatDay, parseDay } from "../calendar/day.js";
import { beancountJournal } from "../reports/beancount-journal.js";
import type { JournalDialect, JournalEntry, Opening } from "../reports/journal.js";
import { hledgerJournal, ledgerJournal } from "../reports/plain-journal.js";
import { postingColumns, postingHeader, postingLine } from "../reports/posting-table.js";
import { guardFormula } from "../reports/render-csv.js";
import { writeWorkbook } from "../reports/workbook-file.js";
import { prefixOfSource } from "../store/entry.js";
import {
  type JournalRow,
  journalPageRows,
  type LedgerOf,
  readJournalPage,
  readLedgers,
  readMovedAccounts,
} from "../store/journal.js";
import { readTurnovers } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import type { Tx } from "../store/transaction.js";
import { writeParquet } from "../tape/parquet-file.js";
import { implementPrepared } from "./act.js";
import { contextOf, scopeOf } from "./call-context.js";
import type { Context } from "./desk.js";
import { knownAtOf } from "./known-at.js";
import { hashFile } from "./request-hash.js";
import { sealedTexts } from "./sealed-texts.js";

const beginning = "1900-01-01";

/** The ledgers that are written out, and from which day to which. */
interface Span {
  /** the only portfolio, where one was asked for */
  readonly portfolioId: string | undefined;
  readonly ledgers: readonly LedgerOf[];
  readonly accounts: ReadonlySet<string>;
  /** null for all days */
  readonly from: string | null;
  readonly asOf: string;
  readonly knownAt: string;
  /** what each ledger that had moved stood at before the first day, where there is one */
  readonly openings: ReadonlyMap<LedgerOf, Opening>;
}

/**
 * Writes the ledger to a file in a folder of its own: as a journal that hledger, Ledger or beancount read, or as a table
 * with one posting a row. Memory stays at a few thousand postings; whoever asked takes the file and removes the folder.
 * A door sends a file that is whole, so no reader takes half a ledger for all of it, and no slow reader holds the database.
 *
 * What is written is fixed in one moment: how far each ledger goes, and what it opens with. Postings are then read a
 * page at a time, each in a transaction of its own, so that others have their turn on the one connection of the embedded
 * database meanwhile. (A sealed file holds events and seals as well, and is read in one.) The order is that of portfolios and
 * numbers, so the same days and instant give the same bytes.
 * @throws Refusal `not_found`; `too_large` for a workbook of more than 4 GiB
 */
export const exportLedger = implementPrepared("export-ledger", {
  async prepare(desk, input, call): Promise<ExportLedgerOutput> {
    const moment = { readOnly: true, isolation: "repeatable read" } as const;
    const read: Read = (work) => desk.store.transaction(scopeOf(call), (tx) => work(contextOf(desk, call, tx)), moment);
    const span = await read((context) => spanOf(context, input));
    const { asOf } = span;
    const { ending, mediaType } = exportFiles[input.format];
    const name = `netback-ledger-${asOf}${ending}`;
    const folder = await mkdtemp(join(desk.workFolder, "export-"));
    try {
      const path = join(folder, name);
      const counts = await write({ read, span }, { format: input.format, path, raw: input.raw });
      const { size } = await stat(path);
      return {
        format: input.format,
        file_name: name,
        media_type: mediaType,
        as_of: asOf,
        known_at: span.knownAt,
        portfolios: span.ledgers.length,
        ...counts,
        bytes: size,
        sha256: await hashFile({ path, name }),
        file: { path, name },
      };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  },
  run: async (_context, _input, made) => made,
});

/** Reads in a transaction of its own. */
type Read = <T>(work: (context: Context) => Promise<T>) => Promise<T>;

interface Writing {
  readonly read: Read;
  readonly span: Span;
}

async function spanOf({ tx, now, today }: Context, input: ActParsed<"export-ledger">): Promise<Span> {
  if (input.portfolio_id !== undefined) await findPortfolio(tx, input.portfolio_id);
  const ledgers = await readLedgers(tx, { portfolioId: input.portfolio_id, knownAt: input.known_at });
  const from = input.from ?? null;
  const openings = new Map<LedgerOf, Opening>();
  for (const ledger of from === null ? [] : ledgers) {
    openings.set(ledger, await openingOf(tx, ledger, { from: from!, knownAt: input.known_at }));
  }
  return {
    portfolioId: input.portfolio_id,
    ledgers,
    accounts: await readMovedAccounts(tx, input.portfolio_id),
    from,
    asOf: input.as_of ?? formatDay(today),
    knownAt: await knownAtOf({ tx, now }, input),
    openings,
  };
}

interface Order {
  readonly format: ExportFormat;
  readonly path: string;
  readonly raw: boolean;
}

interface Counts {
  entries: number;
  postings: number;
}

async function write({ read, span }: Writing, { format, path, raw }: Order): Promise<Counts> {
  const counts: Counts = { entries: 0, postings: 0 };
  const entries = readEntries({ read, span }, counts);
  switch (format) {
    case "hledger":
      await writeTexts(path, journalTexts(span, { dialect: hledgerJournal, entries }));
      break;
    case "ledger":
      await writeTexts(path, journalTexts(span, { dialect: ledgerJournal, entries }));
      break;
    case "beancount":
      await writeTexts(path, journalTexts(span, { dialect: beancountJournal, entries }));
      break;
    case "csv":
      await writeTexts(path, csvTexts(entries, raw ? asItIs : guardFormula));
      break;
    case "xlsx":
      await writeWorkbook(path, { name: "postings", columns: postingColumns, rows: tableRows(entries) });
      break;
    case "sealed":
      await read((context) => writeTexts(path, sealedTexts(context, span, counts)));
      break;
    case "parquet": {
      const draft = `${path}.csv`;
      await writeTexts(draft, csvTexts(entries, asItIs));
      await writeParquet(draft, path, postingColumns);
      await rm(draft);
    }
  }
  return counts;
}

const asItIs = (text: string) => text;

async function writeTexts(path: string, texts: AsyncIterable<string>): Promise<void> {
  await pipeline(
    Readable.from(texts, { objectMode: true, highWaterMark: 2 }),
    createWriteStream(path, { mode: 0o600 }),
  );
}

interface Batch {
  readonly ledger: LedgerOf;
  readonly entries: JournalEntry[];
}

/** The entries of all ledgers, a batch at a time; the last of a batch may have its postings in the next, and waits for it. */
async function* readEntries({ read, span }: Writing, counts: Counts): AsyncGenerator<Batch> {
  for (const ledger of span.ledgers) {
    let open: JournalEntry | undefined;
    // also where there is no entry between the days: the ledger's opening balances come before the first batch
    yield { ledger, entries: [] };
    for await (const rows of journalPages(read, ledger, span)) {
      const whole: JournalEntry[] = [];
      for (const row of rows) {
        if (open?.sequence !== row.sequence) {
          if (open !== undefined) whole.push(open);
          open = entryOf(row, ledger);
          counts.entries++;
        }
        const { line, debit_account: debit, credit_account: credit, amount_minor: amountMinor } = row;
        open.postings.push({ line, debit, credit, amountMinor });
      }
      counts.postings += rows.length;
      yield { ledger, entries: whole };
    }
    if (open !== undefined) yield { ledger, entries: [open] };
  }
}

async function* journalPages(read: Read, ledger: LedgerOf, { from, asOf }: Span): AsyncGenerator<JournalRow[]> {
  let after = { sequence: 0n, line: 0 };
  let done = 0;
  for (;;) {
    const rows = await read(async ({ tx, report }) => {
      report({ phase: "write postings", done, total: null });
      return readJournalPage(tx, ledger, { from: from ?? beginning, asOf, after });
    });
    if (rows.length > 0) yield rows;
    if (rows.length < journalPageRows) return;
    const { sequence, line } = rows.at(-1)!;
    after = { sequence, line };
    done += rows.length;
  }
}

function entryOf(row: JournalRow, { portfolioId, currency }: LedgerOf): JournalEntry {
  const entryId = (sequence: bigint | null) => (sequence === null ? null : childId("en", portfolioId, sequence));
  return {
    id: childId("en", portfolioId, row.sequence),
    portfolioId,
    currency,
    sequence: row.sequence,
    kind: row.kind,
    builderVersion: row.builder_version,
    effectiveOn: row.effective_on,
    originalOn: row.original_on,
    recordedAt: row.recorded_at,
    sourceKind: row.source_kind,
    sourceId: childId(prefixOfSource(row.source_kind), portfolioId, BigInt(row.source_id)),
    actor: row.actor,
    receivableId: row.receivable_no === null ? null : childId("rc", portfolioId, row.receivable_no),
    agencyId: row.agency_id,
    costType: row.cost_type,
    reversesId: entryId(row.reverses_sequence),
    correctsId: entryId(row.corrects_sequence),
    reason: row.reason,
    postings: [],
  };
}

async function* journalTexts(
  span: Span,
  { dialect, entries }: { dialect: JournalDialect; entries: AsyncIterable<Batch> },
): AsyncGenerator<string> {
  const currencies = [...new Set(span.ledgers.map(({ currency }) => currency))].sort();
  const accounts = [...everyAccount.values()].filter(({ code }) => span.accounts.has(code));
  yield dialect.head({ asOf: span.asOf, knownAt: span.knownAt, from: span.from, currencies, accounts });
  let current: LedgerOf | undefined;
  for await (const { ledger, entries: batch } of entries) {
    const opening = ledger === current ? undefined : span.openings.get(ledger);
    if (opening !== undefined && opening.balances.length > 0) yield dialect.opening(opening);
    current = ledger;
    yield batch.map((entry) => dialect.entry(entry)).join("");
  }
}

async function openingOf(
  tx: Tx,
  { portfolioId, currency }: LedgerOf,
  { from, knownAt }: { from: string; knownAt: string | undefined },
): Promise<Opening> {
  const on = formatDay(addDays(parseDay(from), -1));
  const balances = new Map<string, bigint>();
  for (const { account, debitMinor, creditMinor } of await readTurnovers(tx, { portfolioId, asOf: on, knownAt })) {
    balances.set(account, (balances.get(account) ?? 0n) + debitMinor - creditMinor);
  }
  const left = [...balances].filter(([, balanceMinor]) => balanceMinor !== 0n);
  return { portfolioId, currency, on, balances: left.map(([account, balanceMinor]) => ({ account, balanceMinor })) };
}

async function* csvTexts(entries: AsyncIterable<Batch>, guard: (text: string) => string): AsyncGenerator<string> {
  yield postingHeader;
  for await (const { entries: batch } of entries) {
    yield batch.flatMap((entry) => entry.postings.map((posting) => postingLine(entry, posting, guard))).join("");
  }
}

async function* tableRows(entries: AsyncIterable<Batch>): AsyncGenerator<(string | null)[][]> {
  for await (const { entries: batch } of entries) {
    yield batch.flatMap((entry) =>
      entry.postings.map((posting) => postingColumns.map((column) => column.of(entry, posting))),
    );
  }
}
