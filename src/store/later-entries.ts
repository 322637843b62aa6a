import type { EntryKind } from "../../models/entry.js";
import type { Tx } from "./transaction.js";

/** A receivable, and the entry after which is asked. */
export interface ReceivableAfter {
  readonly receivableNo: number;
  readonly sequence: bigint;
}

/** What payments applied to a claim, less what came back. Minor units, signed. */
export interface AppliedSince {
  readonly principal: bigint;
  readonly interest: bigint;
  readonly fees: bigint;
  readonly court_costs: bigint;
}

/** What payments have applied to each receivable since an entry; those without any are left out. */
export async function readAppliedSince(
  tx: Tx,
  portfolioId: string,
  of: readonly ReceivableAfter[],
): Promise<Map<number, AppliedSince>> {
  const rows = await tx.query<AppliedSince & { receivable_no: number }>(
    `select w.receivable_no, s.* from unnest(?::integer[], ?::bigint[]) as w(receivable_no, sequence)
      cross join lateral (
        select sum(applied_minor - interest_minor - fees_minor - court_costs_minor)::bigint as principal,
               sum(interest_minor)::bigint as interest, sum(fees_minor)::bigint as fees,
               sum(court_costs_minor)::bigint as court_costs
          from payment where portfolio_id = ? and receivable_no = w.receivable_no and sequence > w.sequence) s
      where s.principal is not null`,
    [of.map((one) => one.receivableNo), of.map((one) => one.sequence), portfolioId],
  );
  return new Map(rows.map((row) => [row.receivable_no, row]));
}

/**
 * The payments and the changes of a claim after an entry that stand on the receivable, by number: those that take others
 * back, and those that were taken back as a whole, are not among them.
 */
export async function readStandingSince(
  tx: Tx,
  portfolioId: string,
  { receivableNo, sequence }: ReceivableAfter,
): Promise<{ sequence: bigint; kind: EntryKind }[]> {
  return tx.query(
    `select e.sequence, e.kind from (
        select p.sequence from payment p
         where p.portfolio_id = :portfolio and p.receivable_no = :receivable and p.sequence > :sequence
           and p.reverses_sequence is null
           and p.amount_minor <> -(select coalesce(sum(b.amount_minor), 0) from payment b
                                    where b.portfolio_id = p.portfolio_id and b.reverses_sequence = p.sequence)
        union
        select c.sequence from claim_event c
         where c.portfolio_id = :portfolio and c.receivable_no = :receivable and c.sequence > :sequence
           and (select sum(k.unapplied_minor) from entry b
                  join claim_event k on k.portfolio_id = b.portfolio_id and k.sequence = b.sequence
                                    and k.receivable_no = c.receivable_no
                 where b.portfolio_id = c.portfolio_id and b.reverses_sequence = c.sequence)
               is distinct from -c.unapplied_minor) as later
       join entry e on e.portfolio_id = :portfolio and e.sequence = later.sequence
      where e.reverses_sequence is null order by e.sequence`,
    { portfolio: portfolioId, receivable: receivableNo, sequence },
  );
}
