import type { LedgerOf } from "./journal.js";
import type { Tx } from "./transaction.js";

/** Claims that are open on a day, by the day that their age is counted from. */
export interface ClaimsOfDay {
  readonly by: "charge_off" | "last_payment";
  readonly on: string | null;
  readonly accounts: number;
  readonly faceMinor: bigint;
  readonly claimMinor: bigint;
}

interface ClaimsRow {
  by: ClaimsOfDay["by"];
  day: string | null;
  accounts: number;
  face: bigint;
  claim: bigint;
}

function claimsOf(rows: readonly ClaimsRow[]): ClaimsOfDay[] {
  return rows.map((r) => ({ by: r.by, on: r.day, accounts: r.accounts, faceMinor: r.face, claimMinor: r.claim }));
}

const byBoth = `
  select 'charge_off' as by, charge_off_date as day, count(*)::integer as accounts,
         sum(face)::bigint as face, sum(claim)::bigint as claim
    from open where claim <> 0 group by 2
   union all
  select 'last_payment', last_payment_on, count(*)::integer, sum(face)::bigint, sum(claim)::bigint
    from open where claim <> 0 group by 2`;

/** The balances of the tape. */
export async function readTapeClaims(tx: Tx, portfolioId: string): Promise<ClaimsOfDay[]> {
  const rows = await tx.query<ClaimsRow>(
    `with open as (
       select charge_off_date, last_payment_date as last_payment_on, current_balance as face, current_balance as claim
         from receivable where portfolio_id = ?)
     ${byBoth}`,
    [portfolioId],
  );
  return claimsOf(rows);
}

/**
 * The claims of the receivables that were bought, on a day and as known at an instant: as they stand now, without what
 * entries of later days or instants have done to them.
 */
export async function readOpenClaims(tx: Tx, ledger: LedgerOf, asOf: string): Promise<ClaimsOfDay[]> {
  const rows = await tx.query<ClaimsRow>(
    `with later as (
       select receivable_no, sequence from entry
        where portfolio_id = :portfolio and (sequence > :last or effective_on > cast(:asOf as date))),
     changes as (
       select l.receivable_no, sum(case when p.debit_account < '9900' then p.amount_minor else -p.amount_minor end) as claim
         from later l join posting p on p.portfolio_id = :portfolio and p.sequence = l.sequence
        where l.receivable_no is not null and '9900' in (p.debit_account, p.credit_account)
        group by 1
       union all
       -- an entry that stands for several receivables has what it did to each in their events
       select c.receivable_no, c.principal_minor + c.interest_minor + c.fees_minor + c.court_costs_minor
         from later l join claim_event c on c.portfolio_id = :portfolio and c.sequence = l.sequence
        where l.receivable_no is null),
     moved as (select receivable_no, sum(claim) as claim from changes group by 1),
     paid as (
       select p.receivable_no, max(p.paid_on) as last_on from payment p
        where p.portfolio_id = :portfolio and p.amount_minor > 0 and p.sequence <= :last and p.paid_on <= cast(:asOf as date)
          and not exists (select from payment b
                           where b.portfolio_id = p.portfolio_id and b.reverses_sequence = p.sequence
                             and b.sequence <= :last and b.paid_on <= cast(:asOf as date))
        group by 1),
     open as (
       select r.charge_off_date, greatest(r.last_payment_date, d.last_on) as last_payment_on, o.face_minor as face,
              o.claim_minor - coalesce(m.claim, 0)::bigint as claim
         from position o
         join receivable r on r.portfolio_id = o.portfolio_id and r.receivable_no = o.receivable_no
         left join moved m on m.receivable_no = o.receivable_no
         left join paid d on d.receivable_no = o.receivable_no
        where o.portfolio_id = :portfolio)
     ${byBoth}`,
    { portfolio: ledger.portfolioId, last: ledger.lastSequence, asOf },
  );
  return claimsOf(rows);
}
