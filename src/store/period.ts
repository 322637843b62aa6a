import type { LateItems, PeriodEventName, SecondPerson } from "../../models/period.js";
import { Where } from "./cursor.js";
import { kept } from "./statement.js";
import { localTenant } from "./tenants.js";
import type { Tx } from "./transaction.js";

/** Which months of the tenant take entries; see src/ledger/period.ts. */
export interface StoredGate {
  readonly closedThrough: string | null;
  /** first days of the months that take adjustments alone, ascending */
  readonly softClosed: readonly string[];
  readonly lateItems: LateItems;
}

export interface Books extends StoredGate {
  readonly secondPerson: SecondPerson;
  readonly lastEventNo: number;
}

interface BooksRow {
  closed_through: string | null;
  soft_closed: string[];
  late_items: LateItems;
  second_person: SecondPerson;
  last_event_no: number;
}

const columns = "closed_through, soft_closed, late_items, second_person, last_event_no";

/**
 * Nobody but the person at this machine reaches the embedded database's own tenant: there, asking for a second person
 * would be asking the same one twice. It is said so on every checklist, and can be decided otherwise.
 */
function startingSecondPerson({ engine, tenantId }: Tx): SecondPerson {
  return engine === "embedded" && tenantId === localTenant ? "waived" : "required";
}

function booksOf(row: BooksRow | undefined, tx: Tx): Books {
  if (row === undefined) {
    const secondPerson = startingSecondPerson(tx);
    return { closedThrough: null, softClosed: [], lateItems: "refuse", secondPerson, lastEventNo: 0 };
  }
  return {
    closedThrough: row.closed_through,
    softClosed: row.soft_closed,
    lateItems: row.late_items,
    secondPerson: row.second_person,
    lastEventNo: row.last_event_no,
  };
}

const selectBooks = kept(`select ${columns} from books where tenant_id = ?`);

/** The tenant's books as they stand; as new ones where nothing has been shut or decided yet. */
export async function readBooks(tx: Tx): Promise<Books> {
  const [row] = await tx.query<BooksRow>(selectBooks, [tx.tenantId]);
  return booksOf(row, tx);
}

/**
 * The books, held for this transaction, and made where there are none: `share` for who opens a portfolio's ledger,
 * `update` for who shuts a month or opens it again.
 */
export async function lockBooks(tx: Tx, strength: "share" | "update"): Promise<Books> {
  await tx.execute("insert into books (tenant_id, second_person) values (?, ?) on conflict do nothing", [
    tx.tenantId,
    startingSecondPerson(tx),
  ]);
  const [row] = await tx.query<BooksRow>(`select ${columns} from books where tenant_id = ? for ${strength}`, [
    tx.tenantId,
  ]);
  return booksOf(row, tx);
}

export async function saveBooks(tx: Tx, books: Books): Promise<void> {
  await tx.execute(
    `update books set closed_through = ?, soft_closed = ?::date[], late_items = ?, second_person = ?, last_event_no = ?
      where tenant_id = ?`,
    [books.closedThrough, [...books.softClosed], books.lateItems, books.secondPerson, books.lastEventNo, tx.tenantId],
  );
}

export interface StoredPeriodEvent {
  readonly eventNo: number;
  readonly event: PeriodEventName;
  /** YYYY-MM; null for a change of policy */
  readonly month: string | null;
  readonly version: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly recordedAt: string;
  readonly details: string;
  readonly hash: string;
  readonly previousHash: string;
}

export async function insertPeriodEvent(tx: Tx, event: StoredPeriodEvent): Promise<void> {
  await tx.execute(
    `insert into period_event (tenant_id, event_no, event, month, version, actor, reason, recorded_at, details, hash,
                               previous_hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      tx.tenantId,
      event.eventNo,
      event.event,
      event.month === null ? null : `${event.month}-01`,
      event.version,
      event.actor,
      event.reason,
      event.recordedAt,
      event.details,
      event.hash,
      event.previousHash,
    ],
  );
}

/** What happened to the tenant's months by an instant, in order. Without `details` where only the course is asked for. */
export async function readPeriodEvents(
  tx: Tx,
  of: { month?: string | undefined; knownAt?: string | undefined; withDetails?: boolean } = {},
): Promise<StoredPeriodEvent[]> {
  const where = new Where()
    .add("tenant_id = ?", tx.tenantId)
    .add("month = ?::date", of.month === undefined ? undefined : `${of.month}-01`)
    .add("recorded_at <= ?::timestamptz", of.knownAt);
  const rows = await tx.query<{
    event_no: number;
    event: PeriodEventName;
    month: string | null;
    version: number;
    actor: string;
    reason: string | null;
    recorded_at: string;
    details: string;
    hash: string;
    previous_hash: string;
  }>(
    `select event_no, event, month, version, actor, reason, recorded_at, hash, previous_hash,
            ${of.withDetails === true ? "details" : "'' as details"}
       from period_event ${where.sql} order by event_no`,
    where.bindings,
  );
  return rows.map((row) => ({
    eventNo: row.event_no,
    event: row.event,
    month: row.month?.slice(0, 7) ?? null,
    version: row.version,
    actor: row.actor,
    reason: row.reason,
    recordedAt: row.recorded_at,
    details: row.details,
    hash: row.hash,
    previousHash: row.previous_hash,
  }));
}

export interface LedgerEnd {
  readonly portfolioId: string;
  readonly currency: string;
  readonly lastSequence: bigint;
}

/** The ledgers of all the tenant's portfolios, held in the order of their ids: whoever writes an entry waits. */
export async function lockAllLedgers(tx: Tx): Promise<LedgerEnd[]> {
  return ledgerEnds(tx, "for update of h");
}

export async function readLedgerEnds(tx: Tx): Promise<LedgerEnd[]> {
  return ledgerEnds(tx, "");
}

async function ledgerEnds(tx: Tx, lock: "" | "for update of h"): Promise<LedgerEnd[]> {
  const rows = await tx.query<{ portfolio_id: string; currency: string; last_sequence: bigint }>(
    `select h.portfolio_id, f.currency, h.last_sequence
       from ledger_head h join portfolio f on f.portfolio_id = h.portfolio_id
      where h.tenant_id = ? order by h.portfolio_id ${lock}`,
    [tx.tenantId],
  );
  return rows.map((row) => ({
    portfolioId: row.portfolio_id,
    currency: row.currency,
    lastSequence: row.last_sequence,
  }));
}

/** Portfolios that were bought, or have entries, and whose ledger is not there any more. */
export async function findLostLedgers(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ portfolio_id: string }>(
    `select portfolio_id from portfolio f
      where (state = 'owned' or exists (select from purchase p where p.portfolio_id = f.portfolio_id)
             or exists (select from entry e where e.portfolio_id = f.portfolio_id))
        and not exists (select from ledger_head h where h.portfolio_id = f.portfolio_id)
      order by 1`,
  );
  return rows.map((row) => row.portfolio_id);
}

/** The first day of each portfolio that anything is booked on. */
export async function readFirstDays(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.query<{ portfolio_id: string; day: string }>(
    "select portfolio_id, min(effective_on) as day from ledger_balance group by portfolio_id",
  );
  return new Map(rows.map((row) => [row.portfolio_id, row.day]));
}

export interface ClearingBalance {
  readonly portfolioId: string;
  readonly currency: string;
  readonly account: string;
  readonly balanceMinor: bigint;
}

/** What stands in accounts at the end of a day, by portfolio; those that are empty are left out. */
export async function readClearing(
  tx: Tx,
  of: { asOf: string; accounts: readonly string[] },
): Promise<ClearingBalance[]> {
  const rows = await tx.query<{ portfolio_id: string; currency: string; account: string; balance: bigint }>(
    `select b.portfolio_id, f.currency, b.account_code as account, sum(b.debit_minor - b.credit_minor)::bigint as balance
       from ledger_balance b join portfolio f on f.portfolio_id = b.portfolio_id
      where b.account_code = any(?::text[]) and b.effective_on <= ?
      group by 1, 2, 3 having sum(b.debit_minor - b.credit_minor) <> 0 order by 1, 3`,
    [[...of.accounts], of.asOf],
  );
  return rows.map((row) => ({
    portfolioId: row.portfolio_id,
    currency: row.currency,
    account: row.account,
    balanceMinor: row.balance,
  }));
}

/** Portfolios carried by effective interest in a month, and those of them that have no revenue in it. */
export async function readMonthsWithoutRevenue(
  tx: Tx,
  { from, to }: { from: string; to: string },
): Promise<{ asked: number; missing: string[] }> {
  const rows = await tx.query<{ portfolio_id: string; accrued: boolean }>(
    `select p.portfolio_id,
            coalesce((select m.closing_minor from revenue_month m
                       where m.portfolio_id = p.portfolio_id and m.month = cast(:from as date)
                       order by m.revision desc limit 1)
                     = (select sum(b.debit_minor - b.credit_minor) from ledger_balance b
                         where b.portfolio_id = p.portfolio_id and b.account_code = '1500'
                           and b.effective_on <= cast(:to as date)), false) as accrued
       from purchase p join portfolio f on f.portfolio_id = p.portfolio_id
      where f.carrying_method = 'effective_interest'
        and coalesce((select c.starts_on from carrying_basis c where c.portfolio_id = p.portfolio_id
                       order by c.basis_no desc limit 1), p.closing_on) <= cast(:to as date)
      order by 1`,
    { from, to },
  );
  return { asked: rows.length, missing: rows.filter((row) => !row.accrued).map((row) => row.portfolio_id) };
}
