import type { Tx } from "./transaction.js";

/** What a check is asked about: one portfolio, and the entries after `from` (0: all) up to `last`. */
export interface CheckedRange {
  readonly portfolioId: string;
  readonly from: bigint;
  readonly last: bigint;
}

/** One thing that is proved of a portfolio by SQL. */
export interface BookCheck {
  readonly check: string;
  readonly about: string;
  /** expected and found are money in minor units */
  readonly money: boolean;
  /** how many things are compared: one row with `compared` */
  readonly compared: string;
  /** what does not agree: `place`, `expected` and `found`, a row each, as text */
  readonly differences: string;
}

/** Kinds of entry whose event always moves money: one without a posting has lost it. */
const alwaysPosted = `('purchase_booked', 'collection_received', 'collection_by_agency', 'payment_to_seller',
  'payment_returned', 'cost_incurred', 'court_cost_advanced', 'receipt', 'debtor_refunded', 'commission_paid',
  'invoices_purchased', 'reserve_released', 'escrow_released', 'receipt_unapplied', 'receipt_applied',
  'receipt_passed_on', 'seller_paid', 'facility_charged', 'minimum_charged', 'termination_charged')`;

const inRange = "portfolio_id = :portfolio and sequence > :from and sequence <= :last";

/** What one look at a range of entries saw. */
export interface Seen {
  readonly entries: number;
  readonly postings: number;
  readonly payments: number;
  /** true where one of the entry or source checks has something to name */
  readonly isSuspicious: boolean;
}

/**
 * Entries, postings and payments of a range side by side, in one pass over each: whether there is anything that the entry
 * checks and source checks would name. It says the same as they do, and saves running them where all is well.
 */
export async function lookAtEntries(tx: Tx, { portfolioId, from, last }: CheckedRange): Promise<Seen> {
  const [row] = await tx.query<{ entries: bigint; postings: bigint; payments: bigint; suspicious: bigint }>(
    `select count(e.sequence) as entries, coalesce(sum(p.lines), 0)::bigint as postings, count(y.sequence) as payments,
            count(*) filter (where e.sequence is null or p.last_line <> p.lines or p.first_on <> e.effective_on
              or p.last_on <> e.effective_on or p.is_wrong or (p.sequence is null and e.kind in ${alwaysPosted})
              or (e.source_kind = 'payment') <> (y.sequence is not null)
              or (y.sequence is not null and (y.receivable_no is distinct from e.receivable_no
                                              or y.amount_minor <> coalesce(p.debtors_money, 0)))) as suspicious
       from (select sequence, kind, effective_on, source_kind, receivable_no from entry where ${inRange}) e
       full join (select sequence, count(*) as lines, max(line) as last_line, min(effective_on) as first_on,
                         max(effective_on) as last_on,
                         bool_or(amount_minor <= 0 or debit_account = credit_account) as is_wrong,
                         sum(case when credit_account in ('4000', '2100') then amount_minor else 0 end
                             - case when debit_account in ('4000', '2100') then amount_minor else 0 end) as debtors_money
                    from posting where ${inRange} group by sequence) p on p.sequence = e.sequence
       full join (select sequence, receivable_no, amount_minor from payment where ${inRange}) y
         on y.sequence = coalesce(e.sequence, p.sequence)`,
    { portfolio: portfolioId, from, last },
  );
  const { entries, postings, payments, suspicious } = row!;
  const isSuspicious = suspicious > 0n || entries !== last - from;
  return { entries: Number(entries), postings: Number(postings), payments: Number(payments), isSuspicious };
}

/** Lets this transaction's statements sort and join in memory what is looked at in one piece. */
export async function allowMemory(tx: Tx): Promise<void> {
  await tx.execute("set local work_mem = '64MB'");
  // pieces are short: to compile their plans costs more than it saves
  await tx.execute("set local jit = off");
}

/** Entries, postings and their numbers; of a range that stays small, so that what is joined stays in memory. */
export const entryChecks: readonly BookCheck[] = [
  {
    check: "sequence",
    about: "Entries are numbered from 1 to the last without a gap",
    money: false,
    compared: "select cast(:last as bigint) - cast(:from as bigint) as compared",
    differences: `
      select 'entry ' || number as place, 'an entry' as expected, 'none' as found
        from generate_series(cast(:from as bigint) + 1, cast(:last as bigint)) as number
        left join (select sequence from entry where ${inRange}) e on e.sequence = number
       where e.sequence is null`,
  },
  {
    check: "posting",
    about: "Every posting has its entry and its day, every entry its postings, numbered without a gap, each a movement",
    money: false,
    compared: `select count(*) as compared from posting where ${inRange}`,
    differences: `
      select 'entry ' || coalesce(e.sequence, p.sequence) as place,
             case when e.sequence is null then 'an entry'
                  when p.sequence is null then 'postings'
                  when p.first_on <> e.effective_on or p.last_on <> e.effective_on then 'postings on ' || e.effective_on
                  when p.is_wrong then 'two accounts and a positive amount'
                  else 'lines 1 to ' || p.lines end as expected,
             case when e.sequence is null then 'postings without an entry'
                  when p.sequence is null then 'none'
                  when p.first_on <> e.effective_on or p.last_on <> e.effective_on
                  then 'from ' || p.first_on || ' to ' || p.last_on
                  when p.is_wrong then 'a posting without them'
                  else 'the last is line ' || p.last_line end as found
        from (select sequence, kind, effective_on from entry where ${inRange}) e
        full join (select sequence, count(*) as lines, max(line) as last_line, min(effective_on) as first_on,
                          max(effective_on) as last_on, bool_or(amount_minor <= 0 or debit_account = credit_account) as is_wrong
                     from posting where ${inRange}
                    group by sequence) p on p.sequence = e.sequence
       where e.sequence is null or p.last_line <> p.lines or p.first_on <> e.effective_on or p.last_on <> e.effective_on
          or p.is_wrong or (p.sequence is null and e.kind in ${alwaysPosted})`,
  },
];

/** What lies beyond the last number that the ledger gave. */
export const tailCheck: BookCheck = {
  check: "sequence",
  about: "Entries are numbered from 1 to the last without a gap",
  money: false,
  compared: "select 0 as compared",
  differences: `
    select 'entry ' || sequence as place, 'none after entry ' || cast(:last as bigint) as expected, 'an entry' as found
      from entry where portfolio_id = :portfolio and sequence > :last
    union all
    select 'entry ' || sequence || ', line ' || line, 'none after entry ' || cast(:last as bigint), 'a posting'
      from posting where portfolio_id = :portfolio and sequence > :last`,
};

export const reversalCheck: BookCheck = {
  check: "reversal",
  about: "No more is reversed of an entry than it moved",
  money: true,
  compared: `select count(distinct reverses_sequence) as compared from entry where ${inRange} and reverses_sequence is not null`,
  differences: `
      with reversed as (
        select reverses_sequence as original, sequence from entry
         where portfolio_id = :portfolio and reverses_sequence is not null
           and reverses_sequence in (select reverses_sequence from entry where ${inRange})),
      involved as (
        select original, original as sequence, true as is_original from reversed group by original
        union all select original, sequence, false from reversed),
      side as (
        select i.original, i.is_original, s.account, s.amount
          from involved i
          join posting p on p.portfolio_id = :portfolio and p.sequence = i.sequence
         cross join lateral (values (p.debit_account, p.amount_minor), (p.credit_account, -p.amount_minor)) as s(account, amount)),
      -- cost relief and commission follow the totals and the rounding; what was moved is measured on the others
      measured as (
        select original, case when account in ('4000', '2100') then 'money of debtors' else account end as measure,
               coalesce(sum(amount) filter (where is_original), 0)::bigint as moved,
               coalesce(sum(amount) filter (where not is_original), 0)::bigint as back
          from side
         where account in ('1000', '2100', '4000', '4100', '4200') or account between '5100' and '5999'
         group by 1, 2)
      select 'entry ' || original || ', ' || measure as place, moved::text as expected, (-back)::text as found
        from measured
       where moved <> 0 and sign(moved + back) = -sign(moved)`,
};

/** The balances by account and day, against all postings. */
export const balanceCheck: BookCheck = {
  check: "balance",
  about: "The balance of every account and day is the sum of its postings",
  money: true,
  compared: "select count(*) as compared from ledger_balance where portfolio_id = :portfolio",
  differences: `
    with moved as (
      select debit_account, credit_account, effective_on, sum(amount_minor) as amount
        from posting where portfolio_id = :portfolio group by 1, 2, 3),
    replayed as (
      select account, effective_on, sum(debit)::bigint as debit, sum(credit)::bigint as credit from (
        select debit_account as account, effective_on, amount as debit, 0 as credit from moved
        union all select credit_account, effective_on, 0, amount from moved) as side group by 1, 2),
    compared as (
      select coalesce(b.account_code, r.account) as account, coalesce(b.effective_on, r.effective_on) as day,
             coalesce(b.debit_minor, 0) as debit, coalesce(b.credit_minor, 0) as credit,
             coalesce(r.debit, 0) as replayed_debit, coalesce(r.credit, 0) as replayed_credit
        from (select * from ledger_balance where portfolio_id = :portfolio) b
        full join replayed r on r.account = b.account_code and r.effective_on = b.effective_on)
    select 'account ' || account || ' on ' || day || ', ' || side as place, replayed::text as expected, kept::text as found
      from compared
     cross join lateral (values ('debit', replayed_debit, debit), ('credit', replayed_credit, credit)) as s(side, replayed, kept)
     where replayed <> kept`,
};

type Sides = readonly [debit: bigint, credit: bigint];

/** What every account came to, from the balances. */
export async function readAccountTotals(tx: Tx, portfolioId: string): Promise<Map<string, Sides>> {
  const rows = await tx.query<{ account: string; debit: bigint; credit: bigint }>(
    `select account_code as account, sum(debit_minor)::bigint as debit, sum(credit_minor)::bigint as credit
       from ledger_balance where portfolio_id = ? group by 1`,
    [portfolioId],
  );
  return new Map(rows.map((r) => [r.account, [r.debit, r.credit]]));
}

/** What was posted to every account in the range. */
export async function replayAccounts(tx: Tx, { portfolioId, from, last }: CheckedRange): Promise<Map<string, Sides>> {
  const rows = await tx.query<{ account: string; debit: bigint; credit: bigint }>(
    `with moved as (
       select debit_account, credit_account, sum(amount_minor) as amount from posting where ${inRange} group by 1, 2)
     select account, sum(debit)::bigint as debit, sum(credit)::bigint as credit from (
       select debit_account as account, amount as debit, 0 as credit from moved
       union all select credit_account, 0, amount from moved) as side group by 1`,
    { portfolio: portfolioId, from, last },
  );
  return new Map(rows.map((r) => [r.account, [r.debit, r.credit]]));
}

export interface FoundDifference {
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

const shownOfOneCheck = 1000;

/** Runs one check on one portfolio. At most a thousand differences are given. */
export async function runCheck(
  tx: Tx,
  check: BookCheck,
  { portfolioId, from, last }: CheckedRange,
): Promise<{ compared: number; differences: FoundDifference[] }> {
  const bindings = { portfolio: portfolioId, from, last };
  const [count] = await tx.query<{ compared: bigint }>(check.compared, bindings);
  const differences = await tx.query<FoundDifference>(
    `select * from (${check.differences}) as difference order by place limit ${shownOfOneCheck}`,
    bindings,
  );
  return { compared: Number(count!.compared), differences };
}

export interface AllowedRange {
  readonly month: string;
  /** numbers above this one ... */
  readonly after: bigint;
  /** ... and up to this one may be effective in the month */
  readonly through: bigint;
}

/** Entries effective in one of the months whose number lies in none of the ranges in which the month took entries. */
export async function findEntriesOutside(
  tx: Tx,
  range: CheckedRange,
  allowed: readonly AllowedRange[],
): Promise<{ sequence: bigint; effectiveOn: string }[]> {
  if (allowed.length === 0) return [];
  const rows = await tx.query<{ sequence: bigint; effective_on: string }>(
    `with allowed as (
       select * from unnest(cast(:months as date[]), cast(:afters as bigint[]), cast(:throughs as bigint[])) as a(month, after, through)),
     dated as (
       select sequence, effective_on, date_trunc('month', effective_on::timestamp)::date as month from entry
        where ${inRange} and effective_on < cast(:end as date) + interval '1 month')
     select sequence, effective_on from dated d
      where month in (select month from allowed)
        and not exists (select from allowed a where a.month = d.month and d.sequence > a.after and d.sequence <= a.through)
      order by sequence limit ${shownOfOneCheck}`,
    {
      portfolio: range.portfolioId,
      from: range.from,
      last: range.last,
      months: allowed.map((a) => `${a.month}-01`),
      afters: allowed.map((a) => a.after),
      throughs: allowed.map((a) => a.through),
      end: `${allowed.reduce((latest, a) => (a.month > latest ? a.month : latest), "")}-01`,
    },
  );
  return rows.map((row) => ({ sequence: row.sequence, effectiveOn: row.effective_on }));
}
