import type { EntryKind } from "../../models/entry.js";
import type { ReceivableState } from "../../models/receivable.js";
import { Refusal } from "../../models/refusal.js";
import { Where } from "./cursor.js";
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

/** A receivable with its purchase, as far as its statement begins with it. */
export interface StatementHead {
  readonly receivableNo: number;
  readonly accountNumber: string;
  readonly lastSequence: bigint;
  readonly lastRecordedAt: string;
  readonly purchase: { readonly closingOn: string; readonly sequence: bigint };
  /** undefined where it was excluded from the purchase */
  readonly position:
    | { readonly state: ReceivableState; readonly faceMinor: bigint; readonly costMinor: bigint }
    | undefined;
}

/** One look for all of it. Throws `not_found`, `portfolio_not_owned`. */
export async function findStatementHead(
  tx: Tx,
  portfolioId: string,
  by: { receivableNo?: number | undefined; accountNumber?: string | undefined },
): Promise<StatementHead> {
  const where = new Where()
    .add("r.portfolio_id = ?", portfolioId)
    .add("r.receivable_no = ?", by.receivableNo)
    .add("r.account_number = ?", by.accountNumber);
  const [row] = await tx.query<{
    receivable_no: number;
    account_number: string;
    closing_on: string | null;
    sequence: bigint;
    last_sequence: bigint;
    last_recorded_at: string;
    state: ReceivableState | null;
    face_minor: bigint;
    cost_minor: bigint;
  }>(
    `select r.receivable_no, r.account_number, u.closing_on, u.sequence, h.last_sequence, h.last_recorded_at, p.state,
            p.face_minor, p.cost_minor
       from receivable r
       left join purchase u on u.portfolio_id = r.portfolio_id
       left join ledger_head h on h.portfolio_id = r.portfolio_id
       left join position p on p.portfolio_id = r.portfolio_id and p.receivable_no = r.receivable_no
       ${where.sql}`,
    where.bindings,
  );
  if (row === undefined) {
    throw new Refusal("not_found", `the portfolio has no receivable ${by.accountNumber ?? by.receivableNo}`);
  }
  if (row.closing_on === null) {
    throw new Refusal("portfolio_not_owned", `portfolio ${portfolioId} has not been bought`);
  }
  const { state, face_minor: faceMinor, cost_minor: costMinor } = row;
  return {
    receivableNo: row.receivable_no,
    accountNumber: row.account_number,
    lastSequence: row.last_sequence,
    lastRecordedAt: row.last_recorded_at,
    purchase: { closingOn: row.closing_on, sequence: row.sequence },
    position: state === null ? undefined : { state, faceMinor, costMinor },
  };
}
