import type { EntryKind } from "../../models/entry.js";
import type { LedgerAccount } from "../../models/ledger-account.js";

/** One entry as a journal shows it: ids as they are on the wire, amounts in minor units of the currency. */
export interface JournalEntry {
  readonly id: string;
  readonly portfolioId: string;
  readonly currency: string;
  readonly sequence: bigint;
  readonly kind: EntryKind;
  readonly builderVersion: number;
  /** YYYY-MM-DD */
  readonly effectiveOn: string;
  /** the event's own day, where it was booked on a later one */
  readonly originalOn: string | null;
  readonly recordedAt: string;
  readonly sourceKind: string;
  readonly sourceId: string;
  readonly actor: string;
  readonly receivableId: string | null;
  readonly agencyId: string | null;
  readonly costType: string | null;
  readonly reversesId: string | null;
  readonly correctsId: string | null;
  readonly reason: string | null;
  readonly postings: JournalPosting[];
}

export interface JournalPosting {
  readonly line: number;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
}

/** What a portfolio's accounts stood at before the first day of the journal; debit less credit, they sum to zero. */
export interface Opening {
  readonly portfolioId: string;
  readonly currency: string;
  /** the day before the journal's first */
  readonly on: string;
  readonly balances: readonly { readonly account: string; readonly balanceMinor: bigint }[];
}

export interface JournalHead {
  readonly asOf: string;
  readonly knownAt: string;
  /** first effective day, or null for all */
  readonly from: string | null;
  readonly currencies: readonly string[];
  readonly accounts: readonly LedgerAccount[];
}

/** One way to write a journal. The three parts one after the other are the file. */
export interface JournalDialect {
  head(head: JournalHead): string;
  opening(opening: Opening): string;
  entry(entry: JournalEntry): string;
}

/**
 * Words of a person as a journal may hold them: letters, digits, spaces and a few signs. Anything else becomes a middle
 * dot, so that nothing written by a user ends its line, opens a tag, a date, a lot or a string. The exact text stands in
 * the CSV and Parquet forms.
 */
export function journalWords(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N} ._/'-]/gu, "\u00b7")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** What is said of an entry beside its amounts, in the order in which every dialect writes it. */
const tagValues: Readonly<Record<string, (entry: JournalEntry) => string | null>> = {
  portfolio: (entry) => entry.portfolioId,
  entry: (entry) => entry.id,
  source: (entry) => `${entry.sourceKind} ${entry.sourceId}`,
  builder: (entry) => `v${entry.builderVersion}`,
  recorded: (entry) => entry.recordedAt,
  actor: (entry) => journalWords(entry.actor),
  receivable: (entry) => entry.receivableId,
  agency: (entry) => entry.agencyId,
  "cost-type": (entry) => entry.costType,
  reverses: (entry) => entry.reversesId,
  corrects: (entry) => entry.correctsId,
  "original-on": (entry) => entry.originalOn,
  reason: (entry) => (entry.reason === null ? null : journalWords(entry.reason)),
};

export const journalTagNames: readonly string[] = Object.keys(tagValues);

/** The tags of one entry; what does not apply to it is left out. */
export function* journalTags(entry: JournalEntry): Generator<{ name: string; value: string }> {
  for (const name of journalTagNames) {
    const value = tagValues[name]!(entry);
    if (value !== null) yield { name, value };
  }
}

/** Signed amounts of an entry's postings, debit before credit, posting by posting: what turnover is made of stays whole. */
export function* journalLines(entry: JournalEntry): Generator<{ account: string; amountMinor: bigint }> {
  for (const { debit, credit, amountMinor } of entry.postings) {
    yield { account: debit, amountMinor };
    yield { account: credit, amountMinor: -amountMinor };
  }
}
