import assert from "node:assert/strict";
import type { EntryKind } from "../../models/entry.js";
import { Refusal } from "../../models/refusal.js";
import { lockBooks, readBooks, type StoredGate } from "./period.js";
import type { Tx } from "./transaction.js";

export interface StoredPosting {
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
}

/** An entry without its number, which `appendEntries` gives. */
export interface NewEntry {
  readonly kind: EntryKind;
  readonly builderVersion: number;
  readonly effectiveOn: string;
  readonly sourceKind: string;
  readonly reversesSequence?: bigint | null;
  readonly correctsSequence?: bigint | null;
  /** the event's own day, where it is booked on a later one */
  readonly originalOn?: string | null;
  readonly reason?: string | null;
  readonly receivableNo?: number | null;
  readonly agencyId?: string | null;
  readonly costType?: string | null;
  readonly postings: readonly StoredPosting[];
}

/** The end of a portfolio's sequence of entries. Who holds it is the only one who adds entries to the portfolio. */
export interface LedgerHead {
  readonly portfolioId: string;
  readonly lastSequence: bigint;
  /** never earlier than any entry's recorded_at */
  readonly recordedAt: string;
  /** which months take entries, as they stand while the head is held */
  readonly gate: StoredGate;
}

/** Opens the ledger of a portfolio. The books are held, so that no month is closed that cannot see this ledger yet. */
export async function openLedger(tx: Tx, portfolioId: string, at: string): Promise<LedgerHead> {
  const gate = await lockBooks(tx, "share");
  await tx.execute(
    "insert into ledger_head (portfolio_id, tenant_id, last_sequence, last_recorded_at) values (?, ?, 0, ?)",
    [portfolioId, tx.tenantId, at],
  );
  return { portfolioId, lastSequence: 0n, recordedAt: at, gate };
}

/**
 * Takes the portfolio's ledger for this transaction. The instant is the act's, or that of the last entry where a clock
 * stood behind: recorded instants never run backwards along the sequence. Throws `portfolio_not_owned`.
 *
 * Whoever closes a month holds every head of the tenant while it does. So the gate is read after the head is had, and in
 * a statement of its own: one that waited for the head would see it fresh, and the books as they were before the wait.
 */
export async function lockLedger(tx: Tx, portfolioId: string, at: string): Promise<LedgerHead> {
  const [row] = await tx.query<{ last_sequence: bigint; recorded_at: string }>(
    `select last_sequence, greatest(last_recorded_at, ?::timestamptz) as recorded_at
       from ledger_head where portfolio_id = ? for update`,
    [at, portfolioId],
  );
  if (row !== undefined) {
    const gate = await readBooks(tx);
    return { portfolioId, lastSequence: row.last_sequence, recordedAt: row.recorded_at, gate };
  }
  const exists = await tx.query("select 1 from portfolio where portfolio_id = ?", [portfolioId]);
  if (exists.length === 0) throw new Refusal("not_found", `there is no portfolio ${portfolioId}`);
  throw new Refusal("portfolio_not_owned", `portfolio ${portfolioId} has not been bought: it has no ledger yet`);
}

export interface Appended {
  readonly head: LedgerHead;
  /** number of the first entry; the others follow without a gap */
  readonly firstSequence: bigint;
}

/**
 * Writes entries, their postings and the balances they change: set-based, four statements however many there are.
 * Give a few thousand at a time.
 */
export async function appendEntries(
  tx: Tx,
  head: LedgerHead,
  source: { idempotencyKey: string | undefined; entries: readonly NewEntry[] },
): Promise<Appended> {
  const { entries, idempotencyKey } = source;
  const { portfolioId, recordedAt, gate } = head;
  const closedThrough = gate.closedThrough ?? "";
  assert(!entries.some((e) => e.effectiveOn <= closedThrough), "an entry for a month that is closed");
  const firstSequence = head.lastSequence + 1n;
  const lastSequence = head.lastSequence + BigInt(entries.length);
  const sequences = entries.map((_, i) => firstSequence + BigInt(i));
  await tx.execute(
    `insert into entry (portfolio_id, tenant_id, sequence, kind, builder_version, effective_on, recorded_at, source_kind,
                        source_id, actor, idempotency_key, reverses_sequence, receivable_no, agency_id, cost_type,
                        corrects_sequence, original_on, reason)
     select ?, ?, s, k, v, d, ?, sk, s::text, ?, ?, rs, rn, ag, ct, cs, od, re
       from unnest(?::bigint[], ?::text[], ?::smallint[], ?::date[], ?::text[], ?::bigint[], ?::integer[], ?::text[],
                   ?::text[], ?::bigint[], ?::date[], ?::text[]) as e(s, k, v, d, sk, rs, rn, ag, ct, cs, od, re)`,
    [
      portfolioId,
      tx.tenantId,
      recordedAt,
      tx.actor ?? "unknown",
      idempotencyKey ?? null,
      sequences,
      entries.map((e) => e.kind),
      entries.map((e) => e.builderVersion),
      entries.map((e) => e.effectiveOn),
      entries.map((e) => e.sourceKind),
      entries.map((e) => e.reversesSequence ?? null),
      entries.map((e) => e.receivableNo ?? null),
      entries.map((e) => e.agencyId ?? null),
      entries.map((e) => e.costType ?? null),
      entries.map((e) => e.correctsSequence ?? null),
      entries.map((e) => e.originalOn ?? null),
      entries.map((e) => e.reason ?? null),
    ],
  );
  await insertPostings(tx, { portfolioId, firstSequence, entries });
  await addToBalances(tx, portfolioId, entries);
  await tx.execute("update ledger_head set last_sequence = ?, last_recorded_at = ? where portfolio_id = ?", [
    lastSequence,
    recordedAt,
    portfolioId,
  ]);
  return { head: { portfolioId, lastSequence, recordedAt, gate }, firstSequence };
}

async function insertPostings(
  tx: Tx,
  written: { portfolioId: string; firstSequence: bigint; entries: readonly NewEntry[] },
): Promise<void> {
  const { portfolioId, firstSequence, entries } = written;
  const rows = entries.flatMap((entry, i) =>
    entry.postings.map((posting, line) => ({
      sequence: firstSequence + BigInt(i),
      line: line + 1,
      effectiveOn: entry.effectiveOn,
      ...posting,
    })),
  );
  await tx.execute(
    `insert into posting (portfolio_id, tenant_id, sequence, line, debit_account, credit_account, amount_minor,
                          effective_on)
     select ?, ?, s, l, d, c, a, e
       from unnest(?::bigint[], ?::smallint[], ?::text[], ?::text[], ?::bigint[], ?::date[]) as p(s, l, d, c, a, e)`,
    [
      portfolioId,
      tx.tenantId,
      rows.map((r) => r.sequence),
      rows.map((r) => r.line),
      rows.map((r) => r.debit),
      rows.map((r) => r.credit),
      rows.map((r) => r.amountMinor),
      rows.map((r) => r.effectiveOn),
    ],
  );
}

/** Adds to the balance of each account and day, in sorted order, so that no two transactions can wait for each other in a ring. */
async function addToBalances(tx: Tx, portfolioId: string, entries: readonly NewEntry[]): Promise<void> {
  const sums = new Map<string, { account: string; day: string; debit: bigint; credit: bigint }>();
  const sumOf = (account: string, day: string) => {
    const key = `${account} ${day}`;
    const sum = sums.get(key) ?? { account, day, debit: 0n, credit: 0n };
    sums.set(key, sum);
    return sum;
  };
  for (const { effectiveOn, postings } of entries) {
    for (const { debit, credit, amountMinor } of postings) {
      sumOf(debit, effectiveOn).debit += amountMinor;
      sumOf(credit, effectiveOn).credit += amountMinor;
    }
  }
  const rows = [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  await tx.execute(
    `insert into ledger_balance as b (portfolio_id, tenant_id, account_code, effective_on, debit_minor, credit_minor)
     select ?, ?, a, e, d, c from unnest(?::text[], ?::date[], ?::bigint[], ?::bigint[]) as s(a, e, d, c)
     on conflict (portfolio_id, account_code, effective_on) do update
        set debit_minor = b.debit_minor + excluded.debit_minor, credit_minor = b.credit_minor + excluded.credit_minor`,
    [
      portfolioId,
      tx.tenantId,
      rows.map((r) => r.account),
      rows.map((r) => r.day),
      rows.map((r) => r.debit),
      rows.map((r) => r.credit),
    ],
  );
}

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

/**
 * Turnover by account and day, up to a day. Without `knownAt` it is read from the balances; with it, from the postings
 * of the entries that had been recorded by that instant.
 */
export async function readTurnovers(
  tx: Tx,
  of: { portfolioId: string; asOf: string; knownAt?: string | undefined },
): Promise<DayTurnover[]> {
  const rows =
    of.knownAt === undefined
      ? await tx.query<TurnoverRow>(
          `select account_code as account, effective_on as day, debit_minor as debit, credit_minor as credit
             from ledger_balance where portfolio_id = ? and effective_on <= ? order by 1, 2`,
          [of.portfolioId, of.asOf],
        )
      : await tx.query<TurnoverRow>(
          `select account, day, sum(debit)::bigint as debit, sum(credit)::bigint as credit from (
             select debit_account as account, effective_on as day, amount_minor as debit, 0::bigint as credit
               from posting where portfolio_id = :portfolio and effective_on <= :asOf and sequence <= :last
             union all
             select credit_account, effective_on, 0::bigint, amount_minor
               from posting where portfolio_id = :portfolio and effective_on <= :asOf and sequence <= :last) as side
            group by 1, 2 order by 1, 2`,
          { portfolio: of.portfolioId, asOf: of.asOf, last: await sequenceKnownAt(tx, of.portfolioId, of.knownAt) },
        );
  return rows.map((r) => ({ account: r.account, effectiveOn: r.day, debitMinor: r.debit, creditMinor: r.credit }));
}

/** Number of the last entry that had been recorded by the instant; 0 where none had. */
export async function sequenceKnownAt(tx: Tx, portfolioId: string, knownAt: string): Promise<bigint> {
  const [row] = await tx.query<{ sequence: bigint }>(
    "select sequence from entry where portfolio_id = ? and recorded_at <= ? order by sequence desc limit 1",
    [portfolioId, knownAt],
  );
  return row?.sequence ?? 0n;
}

/** Balance (debit less credit) of every account of the portfolio, over all days. */
export async function readBalances(tx: Tx, portfolioId: string): Promise<Map<string, bigint>> {
  const rows = await tx.query<{ account_code: string; balance: bigint }>(
    `select account_code, sum(debit_minor - credit_minor)::bigint as balance
       from ledger_balance where portfolio_id = ? group by account_code`,
    [portfolioId],
  );
  return new Map(rows.map((row) => [row.account_code, row.balance]));
}

/** The same over all portfolios of the tenant, by currency and account. */
export async function readTurnoversOfTenant(
  tx: Tx,
  of: { asOf: string; knownAt?: string | undefined },
): Promise<{ currency: string; account: string; debitMinor: bigint; creditMinor: bigint }[]> {
  const rows =
    of.knownAt === undefined
      ? await tx.query<TurnoverRow & { currency: string }>(
          `select f.currency, b.account_code as account, sum(b.debit_minor)::bigint as debit,
                  sum(b.credit_minor)::bigint as credit
             from ledger_balance b join portfolio f on f.portfolio_id = b.portfolio_id
            where b.effective_on <= ? group by 1, 2`,
          [of.asOf],
        )
      : await tx.query<TurnoverRow & { currency: string }>(
          `select f.currency, side.account, sum(debit)::bigint as debit, sum(credit)::bigint as credit
             from posting p
             join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
             join portfolio f on f.portfolio_id = p.portfolio_id
            cross join lateral (values (p.debit_account, p.amount_minor, 0::bigint),
                                       (p.credit_account, 0::bigint, p.amount_minor)) as side(account, debit, credit)
            where p.effective_on <= ? and e.recorded_at <= ? group by 1, 2`,
          [of.asOf, of.knownAt],
        );
  return rows.map((r) => ({ currency: r.currency, account: r.account, debitMinor: r.debit, creditMinor: r.credit }));
}
