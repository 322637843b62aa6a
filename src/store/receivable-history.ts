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
  /** what it did to this receivable, where the entry stands for several (a resale); null where it is this one's alone */
  readonly share: EntryShare | null;
}

/** One receivable's part of an entry. Minor units, signed. */
export interface EntryShare {
  readonly principal: bigint;
  readonly interest: bigint;
  readonly fees: bigint;
  readonly courtCosts: bigint;
  readonly collected: bigint;
  readonly unapplied: bigint;
  readonly soldFor: bigint;
}

export interface HistoryOf {
  readonly portfolioId: string;
  readonly receivableNo: number;
}

/**
 * All entries of one receivable by effective day and number. Its payments and what else changed its claim are found by
 * their own indexes, and everything else by that of the entries, so that only its own rows are touched however long the
 * ledger is.
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
    is_shared: boolean;
    principal: bigint;
    interest: bigint;
    fees: bigint;
    court_costs: bigint;
    collected: bigint;
    unapplied: bigint;
    sold_for: bigint;
  }>(
    `select e.sequence, e.kind, e.effective_on, e.original_on, e.recorded_at, e.source_kind, e.source_id,
            e.reverses_sequence, e.reason, l.debits, l.credits, l.amounts,
            e.receivable_no is null as is_shared, c.principal_minor as principal, c.interest_minor as interest,
            c.fees_minor as fees, c.court_costs_minor as court_costs, c.collected_minor as collected,
            c.unapplied_minor as unapplied, coalesce(s.proceeds_minor, 0) as sold_for
       from (select sequence from payment where portfolio_id = :portfolio and receivable_no = :receivable
             union
             select sequence from claim_event where portfolio_id = :portfolio and receivable_no = :receivable
             union
             select sequence from entry
              where portfolio_id = :portfolio and receivable_no = :receivable and source_kind <> 'payment') as own
      cross join lateral (select * from entry where portfolio_id = :portfolio and sequence = own.sequence limit 1) e
      cross join lateral (select array_agg(debit_account order by line) as debits,
                                 array_agg(credit_account order by line) as credits,
                                 array_agg(amount_minor order by line) as amounts
                            from posting where portfolio_id = :portfolio and sequence = own.sequence) l
       left join claim_event c
         on c.portfolio_id = :portfolio and c.sequence = own.sequence and c.receivable_no = :receivable
       left join resale_receivable s
         on s.portfolio_id = :portfolio and s.sequence = own.sequence and s.receivable_no = :receivable
      order by e.effective_on, e.sequence`,
    { portfolio: of.portfolioId, receivable: of.receivableNo },
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
    share: row.is_shared ? shareOf(row) : null,
  }));
}

function shareOf(
  row: Omit<EntryShare, "courtCosts" | "soldFor"> & { court_costs: bigint; sold_for: bigint },
): EntryShare {
  const { principal, interest, fees, court_costs: courtCosts, collected, unapplied, sold_for: soldFor } = row;
  return { principal, interest, fees, courtCosts, collected, unapplied, soldFor };
}

/** A receivable with its purchase, as far as its statement begins with it. */
export interface StatementHead {
  readonly receivableNo: number;
  readonly accountNumber: string;
  readonly lastSequence: bigint;
  readonly lastRecordedAt: string;
  readonly purchase: { readonly closingOn: string; readonly sequence: bigint };
  /** undefined where it was excluded from the purchase */
  readonly position: BoughtPosition | undefined;
}

/** What was bought of a receivable, and the components of its claim as they stand now. */
export interface BoughtPosition {
  readonly state: ReceivableState;
  readonly faceMinor: bigint;
  readonly costMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly courtCostsMinor: bigint;
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
    interest_minor: bigint;
    fees_minor: bigint;
    court_costs_minor: bigint;
  }>(
    `select r.receivable_no, r.account_number, u.closing_on, u.sequence, h.last_sequence, h.last_recorded_at, p.state,
            p.face_minor, p.cost_minor, p.interest_minor, p.fees_minor, p.court_costs_minor
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
  const { state } = row;
  return {
    receivableNo: row.receivable_no,
    accountNumber: row.account_number,
    lastSequence: row.last_sequence,
    lastRecordedAt: row.last_recorded_at,
    purchase: { closingOn: row.closing_on, sequence: row.sequence },
    position:
      state === null
        ? undefined
        : {
            state,
            faceMinor: row.face_minor,
            costMinor: row.cost_minor,
            interestMinor: row.interest_minor,
            feesMinor: row.fees_minor,
            courtCostsMinor: row.court_costs_minor,
          },
  };
}
