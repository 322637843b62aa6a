import type { EntryKind } from "../../models/entry.js";
import type { LedgerOf } from "./journal.js";
import type { Tx } from "./transaction.js";

/** What one entry moved on one account. */
export interface AccountMovement {
  readonly account: string;
  readonly sequence: bigint;
  readonly kind: EntryKind;
  readonly effectiveOn: string;
  readonly agencyId: string | null;
  readonly receivableNo: number | null;
  readonly reversesSequence: bigint | null;
  /** debit less credit */
  readonly amountMinor: bigint;
}

interface MovementRow {
  account: string;
  sequence: bigint;
  kind: EntryKind;
  effective_on: string;
  agency_id: string | null;
  receivable_no: number | null;
  reverses_sequence: bigint | null;
  amount: bigint;
}

export interface MovementsOf {
  readonly ledger: LedgerOf;
  readonly accounts: readonly string[];
  readonly asOf: string;
}

/**
 * Entries for several receivables (a resale; unapplied cash of one that pays another; those that take such back): what
 * they move of the court costs advanced and of the unapplied cash of each stands in its events, and in them alone.
 */
const isShared = "e.receivable_no is null and e.source_kind in ('resale', 'claim_event')";

/** Sides of postings on the accounts, a row each; of shared entries, a row each receivable. */
const sides = (only: string): string => `
  select side.account, e.sequence, e.kind, e.effective_on, e.agency_id, e.receivable_no, e.reverses_sequence, side.amount
    from posting p
    join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
   cross join lateral (values (p.debit_account, p.amount_minor),
                              (p.credit_account, -p.amount_minor)) as side(account, amount)
   where p.portfolio_id = :portfolio and e.portfolio_id = :portfolio and p.sequence <= :last
     and p.effective_on <= cast(:asOf as date) and side.account = any(cast(:accounts as text[]))
     and (p.debit_account = any(cast(:accounts as text[])) or p.credit_account = any(cast(:accounts as text[])))
     and not (side.account in ('1300', '2100') and ${isShared}) ${only}
   union all
  select of.account, e.sequence, e.kind, e.effective_on, e.agency_id, p.receivable_no, e.reverses_sequence, of.amount
    from claim_event p
    join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
   cross join lateral (values ('1300', p.advance_minor), ('2100', -p.unapplied_minor)) as of(account, amount)
   where p.portfolio_id = :portfolio and p.sequence <= :last and e.effective_on <= cast(:asOf as date)
     and cast(:accounts as text[]) && array['1300', '2100'] and ${isShared}
     and of.account = any(cast(:accounts as text[])) and of.amount <> 0 ${only}`;

function bindingsOf({ ledger, accounts, asOf }: MovementsOf) {
  return { portfolio: ledger.portfolioId, last: ledger.lastSequence, asOf, accounts };
}

/** Movements on the accounts, by effective day and number; memory holds a batch of postings. */
export async function* streamMovements(tx: Tx, of: MovementsOf): AsyncGenerator<AccountMovement> {
  const rows = tx.stream<MovementRow>(
    `select * from (${sides("")}) as side order by effective_on, sequence, account, receivable_no`,
    bindingsOf(of),
  );
  let open: MovementRow | undefined;
  for await (const batch of rows) {
    for (const row of batch) {
      if (open !== undefined && isSameMovement(open, row)) {
        open.amount += row.amount;
        continue;
      }
      if (open !== undefined) yield movementOf(open);
      open = row;
    }
  }
  if (open !== undefined) yield movementOf(open);
}

/** Movements of the entries that take another back, and of those that are taken back: few, and so read as a whole. */
export async function readReversedMovements(tx: Tx, of: MovementsOf): Promise<AccountMovement[]> {
  const rows = await tx.query<MovementRow>(
    `with linked as materialized (
       select sequence, reverses_sequence from entry
        where portfolio_id = :portfolio and reverses_sequence is not null and sequence <= :last
          and effective_on <= cast(:asOf as date))
     select account, sequence, kind, effective_on, agency_id, receivable_no, reverses_sequence,
            sum(amount)::bigint as amount
       from (${sides("and p.sequence in (select sequence from linked union select reverses_sequence from linked)")}) as side
      group by 1, 2, 3, 4, 5, 6, 7`,
    bindingsOf(of),
  );
  return rows.map(movementOf);
}

function isSameMovement(a: MovementRow, b: MovementRow): boolean {
  return a.sequence === b.sequence && a.account === b.account && a.receivable_no === b.receivable_no;
}

function movementOf(row: MovementRow): AccountMovement {
  return {
    account: row.account,
    sequence: row.sequence,
    kind: row.kind,
    effectiveOn: row.effective_on,
    agencyId: row.agency_id,
    receivableNo: row.receivable_no,
    reversesSequence: row.reverses_sequence,
    amountMinor: row.amount,
  };
}

/** Account numbers of receivables, by their numbers. */
export async function readAccountNumbers(
  tx: Tx,
  portfolioId: string,
  receivableNos: readonly number[],
): Promise<Map<number, string>> {
  const rows = await tx.query<{ receivable_no: number; account_number: string }>(
    "select receivable_no, account_number from receivable where portfolio_id = ? and receivable_no = any(?::integer[])",
    [portfolioId, receivableNos],
  );
  return new Map(rows.map((row) => [row.receivable_no, row.account_number]));
}
