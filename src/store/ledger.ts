import assert from "node:assert/strict";
import type { EntryKind } from "../../models/entry.js";
import { Refusal } from "../../models/refusal.js";
import { plainArray, textArray } from "./array-text.js";
import { type DayTurnover, readKnownLedgers, turnoversKnown } from "./known-ledger.js";
import { lockBooks, readBooks, type StoredGate } from "./period.js";
import { kept } from "./statement.js";
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
  /** key of the order that it came of, where that is not the whole transaction's */
  readonly idempotencyKey?: string | undefined;
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
  /** balances (debit less credit) of the accounts that say what an investment comes to, when the head was taken */
  readonly balances: ReadonlyMap<HeadAccount, bigint>;
}

/** Accounts whose balances stand at the head: `investmentOf` (portfolio-book.ts) is made of them. */
export const headAccounts = ["1500", "4000", "4900", "4920"] as const;
export type HeadAccount = (typeof headAccounts)[number];

/** Opens the ledger of a portfolio. The books are held, so that no month is closed that cannot see this ledger yet. */
export async function openLedger(tx: Tx, portfolioId: string, at: string): Promise<LedgerHead> {
  const gate = await lockBooks(tx, "share");
  await tx.execute(
    "insert into ledger_head (portfolio_id, tenant_id, last_sequence, last_recorded_at) values (?, ?, 0, ?)",
    [portfolioId, tx.tenantId, at],
  );
  return { portfolioId, lastSequence: 0n, recordedAt: at, gate, balances: new Map() };
}

const lockHead = kept(
  `select last_sequence, greatest(last_recorded_at + interval '1 microsecond', ?::timestamptz) as recorded_at,
          ${headAccounts.map((code) => `balance_${code}`).join(", ")}
     from ledger_head where portfolio_id = ? for update`,
);

type HeadRow = { last_sequence: bigint; recorded_at: string } & Record<`balance_${HeadAccount}`, bigint>;

/**
 * Takes the portfolio's ledger for this transaction. The instant is the act's, or the next one after the last entry's
 * where a clock stood behind: along the sequence recorded instants rise from act to act, so that what was known at one
 * of them is known for good. Throws `portfolio_not_owned`.
 *
 * Whoever closes a month holds every head of the tenant while it does. So the gate is read after the head is had, and in
 * a statement of its own: one that waited for the head would see it fresh, and the books as they were before the wait.
 */
export async function lockLedger(tx: Tx, portfolioId: string, at: string): Promise<LedgerHead> {
  const [[row], gate] = await Promise.all([tx.query<HeadRow>(lockHead, [at, portfolioId]), readBooks(tx)]);
  if (row !== undefined) {
    const balances = new Map(headAccounts.map((code) => [code, row[`balance_${code}`]]));
    return { portfolioId, lastSequence: row.last_sequence, recordedAt: row.recorded_at, gate, balances };
  }
  const exists = await tx.query("select 1 from portfolio where portfolio_id = ?", [portfolioId]);
  if (exists.length === 0) throw new Refusal("not_found", `there is no portfolio ${portfolioId}`);
  throw new Refusal("portfolio_not_owned", `portfolio ${portfolioId} has not been bought: it has no ledger yet`);
}

/** The end of each ledger as a transaction found it before it wrote there. */
const written = new WeakMap<Tx, Map<string, bigint>>();

/** The ledgers that the transaction has written in, with the number of the last entry that was there before. */
export function ledgersWritten(tx: Tx): ReadonlyMap<string, bigint> {
  return written.get(tx) ?? new Map();
}

function noteHead(tx: Tx, head: LedgerHead): void {
  const heads = written.get(tx) ?? new Map<string, bigint>();
  if (!heads.has(head.portfolioId)) heads.set(head.portfolioId, head.lastSequence);
  written.set(tx, heads);
}

/** The head when so many entries more stand before it. */
export function headAfter(head: LedgerHead, entries: number): LedgerHead {
  return { ...head, lastSequence: head.lastSequence + BigInt(entries) };
}

export interface Appended {
  readonly head: LedgerHead;
  /** number of the first entry; the others follow without a gap */
  readonly firstSequence: bigint;
}

const moveHead = kept(
  `update ledger_head set last_sequence = ?, last_recorded_at = ?,
          ${headAccounts.map((code) => `balance_${code} = balance_${code} + ?`).join(", ")}
    where portfolio_id = ?`,
);

/**
 * Writes entries, their postings and the balances they change: set-based, four statements however many there are.
 * Give a few thousand at a time.
 */
export async function appendEntries(
  tx: Tx,
  head: LedgerHead,
  source: { idempotencyKey: string | undefined; entries: readonly NewEntry[] },
): Promise<Appended> {
  const { entries } = source;
  const { portfolioId, recordedAt, gate } = head;
  const next = headAfter(head, entries.length);
  const closedThrough = gate.closedThrough ?? "";
  assert(!entries.some((e) => e.effectiveOn <= closedThrough), "an entry for a month that is closed");
  noteHead(tx, head);
  const firstSequence = head.lastSequence + 1n;
  // sent one after the other without waiting: what follows is made ready while the database is at work on the first
  const inserted = [insertEntries(tx, head, source), insertPostings(tx, { portfolioId, firstSequence, entries })];
  const turnovers = turnoversOf(entries);
  const moved = headAccounts.map((code) => {
    const days = turnovers.filter(({ account }) => account === code);
    return days.reduce((sum, { debit, credit }) => sum + debit - credit, 0n);
  });
  await Promise.all([
    ...inserted,
    addToBalances(tx, portfolioId, turnovers),
    tx.execute(moveHead, [next.lastSequence, recordedAt, ...moved, portfolioId]),
  ]);
  return { head: next, firstSequence };
}

const insertEntryRows = kept(
  `insert into entry (portfolio_id, tenant_id, sequence, kind, builder_version, effective_on, recorded_at, source_kind,
                      source_id, actor, idempotency_key, reverses_sequence, receivable_no, agency_id, cost_type,
                      corrects_sequence, original_on, reason)
   select ?, ?, n + ?::bigint, k, v, d, ?, sk, (n + ?::bigint)::text, ?, coalesce(ik, ?), rs, rn, ag, ct, cs, od, re
     from unnest(?::text[], ?::smallint[], ?::date[], ?::text[], ?::text[], ?::bigint[], ?::integer[], ?::text[],
                 ?::text[], ?::bigint[], ?::date[], ?::text[])
          with ordinality as e(k, v, d, sk, ik, rs, rn, ag, ct, cs, od, re, n)`,
);

async function insertEntries(
  tx: Tx,
  { portfolioId, recordedAt, lastSequence }: LedgerHead,
  { entries, idempotencyKey }: { idempotencyKey: string | undefined; entries: readonly NewEntry[] },
): Promise<void> {
  await tx.execute(insertEntryRows, [
    portfolioId,
    tx.tenantId,
    lastSequence,
    recordedAt,
    lastSequence,
    tx.actor ?? "unknown",
    idempotencyKey ?? null,
    plainArray(entries.map((e) => e.kind)),
    plainArray(entries.map((e) => e.builderVersion)),
    plainArray(entries.map((e) => e.effectiveOn)),
    plainArray(entries.map((e) => e.sourceKind)),
    textArray(entries.map((e) => e.idempotencyKey)),
    plainArray(entries.map((e) => e.reversesSequence)),
    plainArray(entries.map((e) => e.receivableNo)),
    plainArray(entries.map((e) => e.agencyId)),
    plainArray(entries.map((e) => e.costType)),
    plainArray(entries.map((e) => e.correctsSequence)),
    plainArray(entries.map((e) => e.originalOn)),
    textArray(entries.map((e) => e.reason)),
  ]);
}

const insertPostingRows = kept(
  `insert into posting (portfolio_id, tenant_id, sequence, line, debit_account, credit_account, amount_minor,
                        effective_on)
   select ?, ?, n + ?::bigint, l, d, c, a, e
     from unnest(?::integer[], ?::smallint[], ?::text[], ?::text[], ?::bigint[], ?::date[]) as p(n, l, d, c, a, e)`,
);

async function insertPostings(
  tx: Tx,
  written: { portfolioId: string; firstSequence: bigint; entries: readonly NewEntry[] },
): Promise<void> {
  const { portfolioId, firstSequence, entries } = written;
  const columns = { entry: [], line: [], debit: [], credit: [], amount: [], day: [] } as Record<PostingColumn, Cell[]>;
  entries.forEach(({ postings, effectiveOn }, i) => {
    postings.forEach(({ debit, credit, amountMinor }, line) => {
      columns.entry.push(i);
      columns.line.push(line + 1);
      columns.debit.push(debit);
      columns.credit.push(credit);
      columns.amount.push(amountMinor);
      columns.day.push(effectiveOn);
    });
  });
  await tx.execute(insertPostingRows, [
    portfolioId,
    tx.tenantId,
    firstSequence,
    plainArray(columns.entry),
    plainArray(columns.line),
    plainArray(columns.debit),
    plainArray(columns.credit),
    plainArray(columns.amount),
    plainArray(columns.day),
  ]);
}

type PostingColumn = "entry" | "line" | "debit" | "credit" | "amount" | "day";
type Cell = string | number | bigint;

const addBalanceRows = kept(
  `insert into ledger_balance as b (portfolio_id, tenant_id, account_code, effective_on, debit_minor, credit_minor)
   select ?, ?, a, e, d, c from unnest(?::text[], ?::date[], ?::bigint[], ?::bigint[]) as s(a, e, d, c)
   on conflict (portfolio_id, account_code, effective_on) do update
      set debit_minor = b.debit_minor + excluded.debit_minor, credit_minor = b.credit_minor + excluded.credit_minor`,
);

interface Turnover {
  readonly account: string;
  readonly day: string;
  debit: bigint;
  credit: bigint;
}

/** What entries move on each account and day, sorted by both. */
function turnoversOf(entries: readonly NewEntry[]): Turnover[] {
  const sums = new Map<string, Turnover>();
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
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** Adds to the balance of each account and day, in sorted order, so that no two transactions can wait for each other in a ring. */
async function addToBalances(tx: Tx, portfolioId: string, rows: readonly Turnover[]): Promise<void> {
  await tx.execute(addBalanceRows, [
    portfolioId,
    tx.tenantId,
    plainArray(rows.map((r) => r.account)),
    plainArray(rows.map((r) => r.day)),
    plainArray(rows.map((r) => r.debit)),
    plainArray(rows.map((r) => r.credit)),
  ]);
}

/** Turnover by account and day, up to a day; with `knownAt` only of what had been recorded by then. */
export async function readTurnovers(
  tx: Tx,
  of: { portfolioId: string; asOf: string; knownAt?: string | undefined },
): Promise<DayTurnover[]> {
  const { portfolioId, asOf, knownAt } = of;
  const [known] = knownAt === undefined ? [] : await readKnownLedgers(tx, { portfolioId, knownAt });
  return known === undefined && knownAt !== undefined ? [] : turnoversKnown(tx, { portfolioId, asOf, known });
}

/** Number of the last entry that had been recorded by the instant; 0 where none had. */
export async function sequenceKnownAt(tx: Tx, portfolioId: string, knownAt: string): Promise<bigint> {
  const [known] = await readKnownLedgers(tx, { portfolioId, knownAt });
  return known?.sequence ?? 0n;
}

const selectBalances = kept(
  `select account_code, sum(debit_minor - credit_minor)::bigint as balance
     from ledger_balance where portfolio_id = ? group by account_code`,
);

/** Balance (debit less credit) of every account of the portfolio over all days. */
export async function readBalances(tx: Tx, portfolioId: string): Promise<Map<string, bigint>> {
  const rows = await tx.query<{ account_code: string; balance: bigint }>(selectBalances, [portfolioId]);
  return new Map(rows.map((row) => [row.account_code, row.balance]));
}

/** Balance (debit less credit) of an account over the entries that name an agency. Reads the portfolio's postings: for rare acts. */
export async function readBalanceOfAgency(
  tx: Tx,
  of: { portfolioId: string; account: string; agencyId: string },
): Promise<bigint> {
  const [row] = await tx.query<{ balance: bigint }>(
    `select coalesce(sum(case when p.debit_account = :account then p.amount_minor else -p.amount_minor end), 0)::bigint
              as balance
       from posting p join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
      where p.portfolio_id = :portfolioId and e.agency_id = :agencyId
        and (p.debit_account = :account or p.credit_account = :account)`,
    of,
  );
  return row!.balance;
}

/** What the entries behind a number come to on each account they touch, and how many they are. */
export async function readNetSince(
  tx: Tx,
  portfolioId: string,
  sequence: bigint,
): Promise<{ entries: number; nets: { account: string; netMinor: bigint }[] }> {
  const rows = await tx.query<{ account: string; net: bigint }>(
    `select account, sum(amount)::bigint as net from (
       select debit_account as account, amount_minor as amount
         from posting where portfolio_id = :portfolio and sequence > :sequence
       union all
       select credit_account, -amount_minor
         from posting where portfolio_id = :portfolio and sequence > :sequence) as side group by 1 order by 1`,
    { portfolio: portfolioId, sequence },
  );
  const [head] = await tx.query<{ last_sequence: bigint }>(
    "select last_sequence from ledger_head where portfolio_id = ?",
    [portfolioId],
  );
  const entries = Number((head?.last_sequence ?? sequence) - sequence);
  return { entries, nets: rows.map(({ account, net }) => ({ account, netMinor: net })) };
}

/** What went to the accounts over all portfolios of the tenant, up to a day; a currency and account may have several rows. */
export async function readTurnoversOfTenant(
  tx: Tx,
  of: { asOf: string; knownAt?: string | undefined },
): Promise<{ currency: string; account: string; debitMinor: bigint; creditMinor: bigint }[]> {
  const { asOf, knownAt } = of;
  const known = knownAt === undefined ? [] : await readKnownLedgers(tx, { knownAt });
  const earlier = known.filter(({ sequence, lastSequence }) => sequence < lastSequence);
  const rows = await tx.query<{ currency: string; account: string; debit: bigint; credit: bigint }>(
    `select f.currency, b.account_code as account, sum(b.debit_minor)::bigint as debit,
            sum(b.credit_minor)::bigint as credit
       from ledger_balance b join portfolio f on f.portfolio_id = b.portfolio_id
      where b.effective_on <= ? and b.portfolio_id <> all(?::text[]) group by 1, 2`,
    [asOf, earlier.map(({ portfolioId }) => portfolioId)],
  );
  const turnovers = rows.map(({ currency, account, debit, credit }) => ({
    currency,
    account,
    debitMinor: debit,
    creditMinor: credit,
  }));
  if (earlier.length === 0) return turnovers;
  const currencies = await tx.query<{ portfolio_id: string; currency: string }>(
    "select portfolio_id, currency from portfolio where portfolio_id = any(?::text[])",
    [earlier.map(({ portfolioId }) => portfolioId)],
  );
  const currencyOf = new Map(currencies.map((row) => [row.portfolio_id, row.currency]));
  for (const ledger of earlier) {
    const currency = currencyOf.get(ledger.portfolioId)!;
    const { portfolioId } = ledger;
    for (const moved of await turnoversKnown(tx, { portfolioId, asOf, known: ledger })) {
      turnovers.push({ ...moved, currency });
    }
  }
  return turnovers;
}

/** The instant of the last entry of the ledgers, where it lies after the one given; undefined where none does. */
export async function latestRecordedAfter(
  tx: Tx,
  of: { portfolioId: string | undefined; at: string },
): Promise<string | undefined> {
  const [row] = await tx.query<{ last: string | null }>(
    `select max(last_recorded_at) as last from ledger_head
      where portfolio_id = coalesce(cast(? as text), portfolio_id) and last_recorded_at > ?::timestamptz`,
    [of.portfolioId ?? null, of.at],
  );
  return row?.last ?? undefined;
}
