import assert from "node:assert/strict";
import type { EntryKind } from "../../models/entry.js";
import { Refusal } from "../../models/refusal.js";
import { type ArrayType, arrayBytes, type Plain, rowsOf } from "./array-bytes.js";
import { addToBalances, turnoversOf } from "./balance.js";
import { type DayTurnover, readKnownLedgers, turnoversKnown } from "./known-ledger.js";
import { lockBooks, readBooks, type StoredGate } from "./period.js";
import { kept, type Statement } from "./statement.js";
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

/** So many entries take the database longer than another round trip. */
const many = 200;

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
  const inserted = [insertEntries(tx, head, source)];
  // of many, the database is at work on these while their postings are made ready
  if (entries.length >= many) tx.send();
  inserted.push(insertPostings(tx, { portfolioId, firstSequence, entries }));
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

// biome-ignore format: a table
const entryColumns: readonly (readonly [string, ArrayType, (entry: NewEntry) => Plain])[] = [
  ["kind", "text", (e) => e.kind],
  ["builder_version", "smallint", (e) => e.builderVersion],
  ["effective_on", "date", (e) => e.effectiveOn],
  ["source_kind", "text", (e) => e.sourceKind],
  ["receivable_no", "integer", (e) => e.receivableNo],
];
/** What most entries have nothing of: written where one of them has. */
// biome-ignore format: a table
const rareColumns: typeof entryColumns = [
  ["own_key", "text", (e) => e.idempotencyKey],
  ["reverses_sequence", "bigint", (e) => e.reversesSequence],
  ["agency_id", "text", (e) => e.agencyId],
  ["cost_type", "text", (e) => e.costType],
  ["corrects_sequence", "bigint", (e) => e.correctsSequence],
  ["original_on", "date", (e) => e.originalOn],
  ["reason", "text", (e) => e.reason],
];

interface EntryForm {
  readonly columns: typeof entryColumns;
  readonly statement: Statement;
}

function entryForm(columns: typeof entryColumns): EntryForm {
  const names = columns.map(([name]) => name);
  const stored = names.filter((name) => name !== "own_key").join(", ");
  const key = names.includes("own_key") ? "coalesce(own_key, ?)" : "?";
  const statement = kept(
    `insert into entry (portfolio_id, tenant_id, recorded_at, actor, sequence, source_id, idempotency_key, ${stored})
     select ?, ?, ?, ?, n + ?::bigint, (n + ?::bigint)::text, ${key}, ${stored}
       from ${rowsOf([["n", "integer"], ...columns])} as e`,
  );
  return { columns, statement };
}

const plainEntries = entryForm(entryColumns);
const allEntries = entryForm([...entryColumns, ...rareColumns]);

async function insertEntries(
  tx: Tx,
  { portfolioId, recordedAt, lastSequence }: LedgerHead,
  { entries, idempotencyKey }: { idempotencyKey: string | undefined; entries: readonly NewEntry[] },
): Promise<void> {
  const isPlain = entries.every((entry) => rareColumns.every(([, , value]) => (value(entry) ?? null) === null));
  const { columns, statement } = isPlain ? plainEntries : allEntries;
  await tx.execute(statement, [
    portfolioId,
    tx.tenantId,
    recordedAt,
    tx.actor ?? "unknown",
    lastSequence,
    lastSequence,
    idempotencyKey ?? null,
    arrayBytes("integer", entries, (_, i) => i + 1),
    ...columns.map(([, type, value]) => arrayBytes(type, entries, value)),
  ]);
}

const postingArrays = [
  ["n", "integer"],
  ["l", "smallint"],
  ["d", "text"],
  ["c", "text"],
  ["a", "bigint"],
  ["e", "date"],
] as const;
const insertPostingRows = kept(
  `insert into posting (portfolio_id, tenant_id, sequence, line, debit_account, credit_account, amount_minor,
                        effective_on)
   select ?, ?, n + ?::bigint, l, d, c, a, e
     from ${rowsOf(postingArrays)} as p`,
);

/** A posting with the place of its entry among those that are written, and its own in the entry. */
interface PlacedPosting {
  readonly entry: number;
  readonly line: number;
  readonly posting: StoredPosting;
  readonly day: string;
}

async function insertPostings(
  tx: Tx,
  written: { portfolioId: string; firstSequence: bigint; entries: readonly NewEntry[] },
): Promise<void> {
  const { portfolioId, firstSequence, entries } = written;
  const rows: PlacedPosting[] = [];
  entries.forEach(({ postings, effectiveOn: day }, entry) => {
    for (const [i, posting] of postings.entries()) rows.push({ entry, line: i + 1, posting, day });
  });
  await tx.execute(insertPostingRows, [
    portfolioId,
    tx.tenantId,
    firstSequence,
    arrayBytes("integer", rows, (p) => p.entry),
    arrayBytes("smallint", rows, (p) => p.line),
    arrayBytes("text", rows, (p) => p.posting.debit),
    arrayBytes("text", rows, (p) => p.posting.credit),
    arrayBytes("bigint", rows, (p) => p.posting.amountMinor),
    arrayBytes("date", rows, (p) => p.day),
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
