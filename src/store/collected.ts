import type { Tx } from "./transaction.js";

export interface CollectedReceivable {
  readonly receivableNo: number;
  readonly collectedMinor: bigint;
  /** put back or sold on */
  readonly isGone: boolean;
}

export interface CollectedStretch {
  readonly receivableNo: number;
  /** number of the stretch since the closing, from 0 */
  readonly stretch: number;
  readonly collectedMinor: bigint;
}

/**
 * What each receivable that is still held brought in by a day, by stretches of so many months since the closing. A stretch
 * ends on the same day of its last month; the closing day belongs to the first.
 */
export async function readCollectedByStretch(
  tx: Tx,
  of: { portfolioId: string; closingOn: string; asOf: string; months: number },
): Promise<CollectedStretch[]> {
  const rows = await tx.query<{ receivable_no: number; stretch: number; collected: bigint }>(
    `with came as (
       select receivable_no, paid_on as day, amount_minor as amount from payment
        where portfolio_id = :portfolio and paid_on <= cast(:asOf as date)
       union all
       select receivable_no, happened_on, collected_minor from claim_event
        where portfolio_id = :portfolio and happened_on <= cast(:asOf as date) and collected_minor <> 0),
     aged as (
       select receivable_no, amount, age(greatest(day - 1, cast(:closingOn as date)), cast(:closingOn as date)) as old
         from came)
     select a.receivable_no, floor((extract(year from old) * 12 + extract(month from old)) / :months)::integer as stretch,
            sum(a.amount)::bigint as collected
       from aged a join position p on p.portfolio_id = :portfolio and p.receivable_no = a.receivable_no
      where p.state not in ('put_back', 'sold') group by 1, 2 order by 1, 2`,
    { portfolio: of.portfolioId, closingOn: of.closingOn, asOf: of.asOf, months: of.months },
  );
  return rows.map((r) => ({ receivableNo: r.receivable_no, stretch: r.stretch, collectedMinor: r.collected }));
}

/** What each bought receivable had brought in by a day, in the order of their numbers. */
export async function readCollectedByReceivable(
  tx: Tx,
  portfolioId: string,
  asOf: string,
): Promise<CollectedReceivable[]> {
  const rows = await tx.query<{ receivable_no: number; collected: bigint; is_gone: boolean }>(
    `with came as (
       select receivable_no, amount_minor as amount from payment
        where portfolio_id = :portfolio and paid_on <= cast(:asOf as date)
       union all
       select receivable_no, collected_minor from claim_event
        where portfolio_id = :portfolio and happened_on <= cast(:asOf as date)),
     sums as (select receivable_no, sum(amount)::bigint as amount from came group by 1)
     select p.receivable_no, coalesce(s.amount, 0)::bigint as collected, p.state in ('put_back', 'sold') as is_gone
       from position p left join sums s on s.receivable_no = p.receivable_no
      where p.portfolio_id = :portfolio order by p.receivable_no`,
    { portfolio: portfolioId, asOf },
  );
  return rows.map((r) => ({ receivableNo: r.receivable_no, collectedMinor: r.collected, isGone: r.is_gone }));
}
