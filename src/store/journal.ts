import type { EntryKind } from "../../models/entry.js";
import { sequenceKnownAt } from "./ledger.js";
import type { Tx } from "./transaction.js";

/** A portfolio that has a ledger, and the end of it at the instant that was asked for. */
export interface LedgerOf {
  readonly portfolioId: string;
  readonly currency: string;
  /** number of the last entry that had been recorded by the instant */
  readonly lastSequence: bigint;
}

/** The ledgers of the tenant, or of one portfolio, by portfolio; all that is recorded where no instant is given. */
export async function readLedgers(
  tx: Tx,
  of: { portfolioId?: string | undefined; knownAt?: string | undefined },
): Promise<LedgerOf[]> {
  const rows = await tx.query<{ portfolio_id: string; currency: string; last: bigint; is_later: boolean }>(
    `select h.portfolio_id, f.currency, h.last_sequence as last,
            h.last_recorded_at > coalesce(cast(:at as timestamptz), 'infinity') as is_later
       from ledger_head h
       join portfolio f on f.portfolio_id = h.portfolio_id
      where h.portfolio_id = coalesce(cast(:portfolio as text), h.portfolio_id)
      order by h.portfolio_id`,
    { at: of.knownAt ?? null, portfolio: of.portfolioId ?? null },
  );
  const ledgers: LedgerOf[] = [];
  for (const { portfolio_id: portfolioId, currency, last, is_later } of rows) {
    const lastSequence = is_later ? await sequenceKnownAt(tx, portfolioId, of.knownAt!) : last;
    ledgers.push({ portfolioId, currency, lastSequence });
  }
  return ledgers;
}

/** A posting with its entry beside it. */
export interface JournalRow {
  sequence: bigint;
  kind: EntryKind;
  builder_version: number;
  effective_on: string;
  original_on: string | null;
  recorded_at: string;
  source_kind: string;
  source_id: string;
  actor: string;
  reverses_sequence: bigint | null;
  corrects_sequence: bigint | null;
  receivable_no: number | null;
  agency_id: string | null;
  cost_type: string | null;
  reason: string | null;
  line: number;
  debit_account: string;
  credit_account: string;
  amount_minor: bigint;
}

export interface JournalDays {
  readonly from: string;
  readonly asOf: string;
}

/** So many postings are read at once. */
export const journalPageRows = 5000;

/**
 * The next page of a ledger's postings between two effective days, by entry and line: in the order of the key, so nothing
 * is sorted. Entries are written once and the ledger's end is given, so that pages of many transactions are those of one.
 */
export function readJournalPage(
  tx: Tx,
  ledger: LedgerOf,
  { from, asOf, after }: JournalDays & { after: { sequence: bigint; line: number } },
): Promise<JournalRow[]> {
  return tx.query<JournalRow>(
    `select e.sequence, e.kind, e.builder_version, e.effective_on, e.original_on, e.recorded_at, e.source_kind,
            e.source_id, e.actor, e.reverses_sequence, e.corrects_sequence, e.receivable_no, e.agency_id, e.cost_type,
            e.reason, p.line, p.debit_account, p.credit_account, p.amount_minor
       from entry e join posting p on p.portfolio_id = e.portfolio_id and p.sequence = e.sequence
      where e.portfolio_id = :portfolio and p.portfolio_id = :portfolio and e.sequence <= :last
        and e.sequence >= :sequence and (e.sequence > :sequence or p.line > :line)
        and e.effective_on between cast(:from as date) and cast(:asOf as date)
      order by e.sequence, p.line limit ${journalPageRows}`,
    { portfolio: ledger.portfolioId, last: ledger.lastSequence, from, asOf, ...after },
  );
}

/** Accounts that the ledgers have ever moved, by code. */
export async function readMovedAccounts(tx: Tx, portfolioId: string | undefined): Promise<Set<string>> {
  const rows = await tx.query<{ account_code: string }>(
    `select distinct account_code from ledger_balance
      where portfolio_id = coalesce(cast(? as text), portfolio_id) order by 1`,
    [portfolioId ?? null],
  );
  return new Set(rows.map((row) => row.account_code));
}
