import type { EntryKind } from "../../models/entry.js";
import type { Tx } from "./transaction.js";

/** An entry that belongs to one receivable, with its postings. */
export interface ReceivableEntry {
  readonly sequence: bigint;
  readonly kind: EntryKind;
  readonly effectiveOn: string;
  readonly originalOn: string | null;
  readonly recordedAt: string;
  readonly sourceKind: string;
  readonly sourceId: bigint;
  readonly reversesSequence: bigint | null;
  readonly reason: string | null;
  readonly postings: readonly { readonly debit: string; readonly credit: string; readonly amountMinor: bigint }[];
}

export interface HistoryOf {
  readonly portfolioId: string;
  readonly receivableNo: number;
  readonly asOf: string;
  readonly lastSequence: bigint;
}

/**
 * The entries of one receivable by effective day and number. Its payments are found by their own index and everything
 * else by that of the entries, so that only its own rows are touched however long the ledger is.
 */
export async function readReceivableEntries(tx: Tx, of: HistoryOf): Promise<ReceivableEntry[]> {
  const rows = await tx.query<{
    sequence: bigint;
    kind: EntryKind;
    effective_on: string;
    original_on: string | null;
    recorded_at: string;
    source_kind: string;
    source_id: string;
    reverses_sequence: bigint | null;
    reason: string | null;
    debits: string[];
    credits: string[];
    amounts: bigint[];
  }>(
    `select e.sequence, e.kind, e.effective_on, e.original_on, e.recorded_at, e.source_kind, e.source_id,
            e.reverses_sequence, e.reason, l.debits, l.credits, l.amounts
       from (select sequence from payment where portfolio_id = :portfolio and receivable_no = :receivable
             union
             select sequence from entry
              where portfolio_id = :portfolio and receivable_no = :receivable and source_kind <> 'payment') as own
      cross join lateral (select * from entry where portfolio_id = :portfolio and sequence = own.sequence limit 1) e
      cross join lateral (select array_agg(debit_account order by line) as debits,
                                 array_agg(credit_account order by line) as credits,
                                 array_agg(amount_minor order by line) as amounts
                            from posting where portfolio_id = :portfolio and sequence = own.sequence) l
      where e.sequence <= :last and e.effective_on <= cast(:asOf as date)
      order by e.effective_on, e.sequence`,
    { portfolio: of.portfolioId, receivable: of.receivableNo, last: of.lastSequence, asOf: of.asOf },
  );
  return rows.map((row) => ({
    sequence: row.sequence,
    kind: row.kind,
    effectiveOn: row.effective_on,
    originalOn: row.original_on,
    recordedAt: row.recorded_at,
    sourceKind: row.source_kind,
    sourceId: BigInt(row.source_id),
    reversesSequence: row.reverses_sequence,
    reason: row.reason,
    postings: (row.debits ?? []).map((debit, i) => ({
      debit,
      credit: row.credits[i]!,
      amountMinor: row.amounts[i]!,
    })),
  }));
}

/** What was bought of a receivable: its claim at the cut-off and its share of the price. */
export interface BoughtReceivable {
  readonly faceMinor: bigint;
  readonly costMinor: bigint;
}

/** Undefined where it was excluded from the purchase, or nothing has been bought. */
export async function findBoughtReceivable(
  tx: Tx,
  of: { portfolioId: string; receivableNo: number },
): Promise<BoughtReceivable | undefined> {
  const [row] = await tx.query<{ face_minor: bigint; cost_minor: bigint }>(
    "select face_minor, cost_minor from position where portfolio_id = ? and receivable_no = ?",
    [of.portfolioId, of.receivableNo],
  );
  return row && { faceMinor: row.face_minor, costMinor: row.cost_minor };
}
