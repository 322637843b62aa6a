import type { Tx } from "./transaction.js";

/** What went to either side of an account on a day. */
export interface DayTurnover {
  readonly account: string;
  readonly effectiveOn: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

interface TurnoverRow {
  account: string;
  day: string;
  debit: bigint;
  credit: bigint;
}

/** How much of a ledger had been recorded by an instant, and how much there is now. */
export interface KnownLedger {
  readonly portfolioId: string;
  readonly sequence: bigint;
  readonly lastSequence: bigint;
}

/**
 * The ledger of a portfolio, or all of the tenant's, as far as they had been recorded by the instant. Recorded instants
 * never run backwards along the sequence, so the last number is found by halving: some twenty looks at the key, however
 * long the ledger is (the limit keeps each one a look: a join would read the whole table every time).
 */
export async function readKnownLedgers(tx: Tx, of: { portfolioId?: string; knownAt: string }): Promise<KnownLedger[]> {
  const rows = await tx.query<{ portfolio_id: string; low: bigint; last_sequence: bigint }>(
    `with recursive half (portfolio_id, low, high, last_sequence) as (
       select portfolio_id, 0::bigint, last_sequence, last_sequence
         from ledger_head ${of.portfolioId === undefined ? "" : "where portfolio_id = :portfolio"}
       union all
       select half.portfolio_id,
              case when middle.recorded_at <= :knownAt then middle.sequence else half.low end,
              case when middle.recorded_at <= :knownAt then half.high else middle.sequence - 1 end,
              half.last_sequence
         from half
        cross join lateral (select e.sequence, e.recorded_at from entry e
                             where e.portfolio_id = half.portfolio_id
                               and e.sequence = (half.low + half.high + 1) / 2 limit 1) middle
        where half.low < half.high)
     select portfolio_id, low, last_sequence from half where low = high order by portfolio_id`,
    of.portfolioId === undefined ? { knownAt: of.knownAt } : { portfolio: of.portfolioId, knownAt: of.knownAt },
  );
  return rows.map((r) => ({ portfolioId: r.portfolio_id, sequence: r.low, lastSequence: r.last_sequence }));
}

/**
 * Turnover by account and day, from the shorter side of what was known: its postings are added up, or those that came
 * later are taken off the balances. An account without a movement on a day has no row, either way.
 */
export async function turnoversKnown(
  tx: Tx,
  of: { portfolioId: string; asOf: string; known: KnownLedger | undefined },
): Promise<DayTurnover[]> {
  const { portfolioId, asOf, known } = of;
  const isAll = known === undefined || known.sequence === known.lastSequence;
  const isEarly = !isAll && known.sequence <= known.lastSequence / 2n;
  const rows = await tx.query<TurnoverRow>(isAll ? keptTurnovers : isEarly ? replayedTurnovers : keptLessLater, {
    portfolio: portfolioId,
    asOf,
    ...(isAll ? {} : { sequence: known.sequence }),
  });
  return rows.map((r) => ({ account: r.account, effectiveOn: r.day, debitMinor: r.debit, creditMinor: r.credit }));
}

const keptTurnovers = `
  select account_code as account, effective_on as day, debit_minor as debit, credit_minor as credit
    from ledger_balance where portfolio_id = :portfolio and effective_on <= :asOf order by 1, 2`;

const sidesOfPostings = (which: string): string => `
  select debit_account as account, effective_on as day, sum(amount_minor) as debit, 0 as credit
    from posting where portfolio_id = :portfolio and effective_on <= :asOf and ${which} group by 1, 2
  union all
  select credit_account, effective_on, 0, sum(amount_minor)
    from posting where portfolio_id = :portfolio and effective_on <= :asOf and ${which} group by 1, 2`;

const replayedTurnovers = `
  select account, day, sum(debit)::bigint as debit, sum(credit)::bigint as credit
    from (${sidesOfPostings("sequence <= :sequence")}) as side group by 1, 2 order by 1, 2`;

const keptLessLater = `
  select account, day, sum(debit)::bigint as debit, sum(credit)::bigint as credit from (
    select account_code as account, effective_on as day, debit_minor as debit, credit_minor as credit
      from ledger_balance where portfolio_id = :portfolio and effective_on <= :asOf
    union all
    select account, day, -debit, -credit from (${sidesOfPostings("sequence > :sequence")}) as later) as side
   group by 1, 2 having sum(debit) <> 0 or sum(credit) <> 0 order by 1, 2`;
