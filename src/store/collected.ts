import type { Tx } from "./transaction.js";

export interface CollectedReceivable {
  readonly receivableNo: number;
  readonly collectedMinor: bigint;
  /** put back or sold on */
  readonly isGone: boolean;
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
