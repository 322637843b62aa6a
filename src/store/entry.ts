import type { EntryDocument, EntryKind } from "../../models/entry.js";
import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, queryInOrder, readCursor, Where } from "./cursor.js";
import type { StoredPosting } from "./ledger.js";
import type { Portfolio } from "./portfolio.js";
import type { Tx } from "./transaction.js";

interface EntryRow {
  sequence: bigint;
  kind: EntryKind;
  builder_version: number;
  effective_on: string;
  recorded_at: string;
  source_kind: string;
  source_id: string;
  actor: string;
  reverses_sequence: bigint | null;
  corrects_sequence: bigint | null;
  original_on: string | null;
  reason: string | null;
  account_number: string | null;
  agency_id: string | null;
  postings: { line: number; debit: string; credit: string; amount: string }[];
  reversed_by: string[] | null;
}

/** Amounts come through JSON as text: a JSON number would lose digits. */
// laterals of one row: a page is read in the order of its index, and what stands beside its rows for them alone
const select = `select e.sequence, e.kind, e.builder_version, e.effective_on, e.recorded_at, e.source_kind, e.source_id,
    e.actor, e.reverses_sequence, e.corrects_sequence, e.original_on, e.reason, e.agency_id, coalesce(r.account_number, i.invoice_number) as account_number,
    (select json_agg(json_build_object('line', p.line, 'debit', p.debit_account, 'credit', p.credit_account,
                                       'amount', p.amount_minor::text) order by p.line)
       from posting p where p.portfolio_id = e.portfolio_id and p.sequence = e.sequence) as postings,
    (select json_agg(b.sequence::text order by b.sequence)
       from entry b where b.portfolio_id = e.portfolio_id and b.reverses_sequence = e.sequence) as reversed_by
  from entry e
  left join lateral (select account_number from receivable
                      where portfolio_id = e.portfolio_id and receivable_no = e.receivable_no limit 1) r on true
  left join lateral (select invoice_number from invoice
                      where portfolio_id = e.portfolio_id and invoice_no = e.receivable_no limit 1) i on true`;

/** Prefixes of the ids of what an entry books, by the kind of its source. */
const sourcePrefixes: Readonly<Record<string, string>> = {
  payment: "py",
  cost: "co",
  purchase: "pu",
  put_back: "pb",
  debtor_receipt: "dr",
};

/** Prefix of the id of what an entry books; an entry that books nothing else is its own source. */
export function prefixOfSource(sourceKind: string): string {
  return sourcePrefixes[sourceKind] ?? "en";
}

function documentOf(row: EntryRow, portfolio: Portfolio): EntryDocument {
  const { portfolioId, currency } = portfolio;
  return {
    id: childId("en", portfolioId, row.sequence),
    portfolio_id: portfolioId,
    sequence: Number(row.sequence),
    kind: row.kind,
    builder_version: row.builder_version,
    effective_on: row.effective_on,
    recorded_at: row.recorded_at,
    source_kind: row.source_kind,
    source_id: childId(prefixOfSource(row.source_kind), portfolioId, BigInt(row.source_id)),
    actor: row.actor,
    reverses_entry_id: row.reverses_sequence === null ? null : childId("en", portfolioId, row.reverses_sequence),
    reversed_by_entry_ids: (row.reversed_by ?? []).map((sequence) => childId("en", portfolioId, BigInt(sequence))),
    corrects_entry_id: row.corrects_sequence === null ? null : childId("en", portfolioId, row.corrects_sequence),
    original_on: row.original_on,
    reason: row.reason,
    account_number: row.account_number,
    agency_id: row.agency_id,
    currency,
    postings: (row.postings ?? []).map(({ line, debit, credit, amount }) => ({
      line,
      debit_account: debit,
      credit_account: credit,
      amount: formatMinor(BigInt(amount), currency),
    })),
  };
}

export async function findEntry(tx: Tx, portfolio: Portfolio, entryId: string): Promise<EntryDocument> {
  const key = parseChildId("en", entryId);
  const [row] = await tx.query<EntryRow>(`${select} where e.portfolio_id = ? and e.sequence = ?`, [
    portfolio.portfolioId,
    key?.number ?? 0,
  ]);
  if (row === undefined) throw new Refusal("not_found", `there is no entry ${entryId}`);
  return documentOf(row, portfolio);
}

/** The entries behind a number, the first so many of them, and how many there are. */
export async function readEntriesAfter(
  tx: Tx,
  portfolio: Portfolio,
  from: { sequence: bigint; limit: number },
): Promise<EntryDocument[]> {
  const rows = await queryInOrder<EntryRow>(
    tx,
    `${select} where e.portfolio_id = ? and e.sequence > ? order by e.sequence limit ?`,
    [portfolio.portfolioId, from.sequence, from.limit],
  );
  return rows.map((row) => documentOf(row, portfolio));
}

/** An entry as it has to be known to take it back. */
export interface PostedEntry {
  readonly portfolioId: string;
  readonly sequence: bigint;
  readonly kind: EntryKind;
  readonly sourceKind: string;
  readonly effectiveOn: string;
  readonly accountNumber: string | null;
  readonly receivableNo: number | null;
  readonly agencyId: string | null;
  readonly costType: string | null;
  readonly reversesSequence: bigint | null;
  readonly postings: readonly StoredLine[];
  /** the postings of every entry that reverses it */
  readonly reversals: readonly StoredPosting[];
}

export interface StoredLine extends StoredPosting {
  readonly line: number;
}

/** Throws `not_found`. */
export async function readPostedEntry(tx: Tx, portfolioId: string, sequence: bigint): Promise<PostedEntry> {
  const [row] = await tx.query<{
    kind: EntryKind;
    source_kind: string;
    effective_on: string;
    account_number: string | null;
    receivable_no: number | null;
    agency_id: string | null;
    cost_type: string | null;
    reverses_sequence: bigint | null;
  }>(
    `select e.kind, e.source_kind, e.effective_on, r.account_number, e.receivable_no, e.agency_id, e.cost_type,
            e.reverses_sequence
       from entry e left join receivable r on r.portfolio_id = e.portfolio_id and r.receivable_no = e.receivable_no
      where e.portfolio_id = ? and e.sequence = ?`,
    [portfolioId, sequence],
  );
  if (row === undefined) throw new Refusal("not_found", `there is no entry ${childId("en", portfolioId, sequence)}`);
  const postings = await tx.query<StoredLine>(
    `select line, debit_account as debit, credit_account as credit, amount_minor as "amountMinor"
       from posting where portfolio_id = ? and sequence = ? order by line`,
    [portfolioId, sequence],
  );
  const reversals = await tx.query<StoredPosting>(
    `select p.debit_account as debit, p.credit_account as credit, p.amount_minor as "amountMinor"
       from entry e join posting p on p.portfolio_id = e.portfolio_id and p.sequence = e.sequence
      where e.portfolio_id = ? and e.reverses_sequence = ?`,
    [portfolioId, sequence],
  );
  return {
    portfolioId,
    sequence,
    kind: row.kind,
    sourceKind: row.source_kind,
    effectiveOn: row.effective_on,
    accountNumber: row.account_number,
    receivableNo: row.receivable_no,
    agencyId: row.agency_id,
    costType: row.cost_type,
    reversesSequence: row.reverses_sequence,
    postings,
    reversals,
  };
}

/** The postings behind a number, each with the agency of its entry. */
export async function readMoved(
  tx: Tx,
  portfolioId: string,
  sequence: bigint,
): Promise<(StoredPosting & { agencyId: string | null })[]> {
  return tx.query(
    `select p.debit_account as debit, p.credit_account as credit, p.amount_minor as "amountMinor",
            e.agency_id as "agencyId"
       from posting p join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
      where p.portfolio_id = ? and p.sequence > ? and e.sequence > ? order by p.sequence, p.line`,
    [portfolioId, sequence, sequence],
  );
}

export interface EntryFilter extends PageRequest {
  readonly kind?: EntryKind | undefined;
  readonly account?: string | undefined;
  readonly effective_from?: string | undefined;
  readonly effective_to?: string | undefined;
  readonly account_number?: string | undefined;
  readonly agency_id?: string | undefined;
  readonly source_kind?: string | undefined;
}

export async function listEntries(tx: Tx, portfolio: Portfolio, request: EntryFilter): Promise<Page<EntryDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("e.portfolio_id = ?", portfolio.portfolioId)
    .add("e.kind = ?", request.kind)
    .add("e.effective_on >= ?", request.effective_from)
    .add("e.effective_on <= ?", request.effective_to)
    .add("e.agency_id = ?", request.agency_id)
    .add("e.source_kind = ?", request.source_kind)
    .add("e.sequence > ?", after?.[0])
    // by the index of the payments, and by that of all other entries
    .add(
      `e.sequence in (
         select y.sequence from receivable r join payment y using (portfolio_id, receivable_no)
          where r.portfolio_id = ? and r.account_number = ?
         union
         select o.sequence from receivable r join entry o using (portfolio_id, receivable_no)
          where r.portfolio_id = ? and r.account_number = ? and o.source_kind <> 'payment')`,
      ...[portfolio.portfolioId, request.account_number, portfolio.portfolioId, request.account_number],
    )
    .add(
      `exists (select from posting p where p.portfolio_id = e.portfolio_id and p.sequence = e.sequence
                and ? in (p.debit_account, p.credit_account))`,
      request.account,
    );
  const sql = `${select} ${where.sql} order by e.sequence limit ?`;
  const bindings = [...where.bindings, request.limit + 1];
  // those of one account are few, and found by its number
  const rows =
    request.account_number === undefined
      ? await queryInOrder<EntryRow>(tx, sql, bindings)
      : await tx.query<EntryRow>(sql, bindings);
  return pageOf(rows, request, { document: (row) => documentOf(row, portfolio), key: (row) => [Number(row.sequence)] });
}

export interface StatementLine {
  readonly sequence: bigint;
  readonly line: number;
  readonly kind: EntryKind;
  readonly effectiveOn: string;
  readonly recordedAt: string;
  readonly counterAccount: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

/** Postings of one account between two days, by effective day and number, from entries up to `lastSequence`. */
export async function listStatementLines(
  tx: Tx,
  of: { portfolioId: string; account: string; from: string; asOf: string; lastSequence: bigint } & PageRequest,
): Promise<Page<StatementLine>> {
  const after = readCursor(of, ["day", "number", "number"]);
  const where = new Where()
    .add("p.portfolio_id = ? and ? in (p.debit_account, p.credit_account)", of.portfolioId, of.account)
    .add("p.effective_on between ? and ? and p.sequence <= ?", of.from, of.asOf, of.lastSequence)
    .add("(p.effective_on, p.sequence, p.line) > (?::date, ?, ?)", after?.[0], after?.[1], after?.[2]);
  const rows = await tx.query<{
    sequence: bigint;
    line: number;
    kind: EntryKind;
    effective_on: string;
    recorded_at: string;
    debit_account: string;
    credit_account: string;
    amount_minor: bigint;
  }>(
    `select p.sequence, p.line, e.kind, p.effective_on, e.recorded_at, p.debit_account, p.credit_account, p.amount_minor
       from posting p join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
       ${where.sql} order by p.effective_on, p.sequence, p.line limit ?`,
    [...where.bindings, of.limit + 1],
  );
  return pageOf(rows, of, {
    document: (r) => {
      const isDebit = r.debit_account === of.account;
      return {
        sequence: r.sequence,
        line: r.line,
        kind: r.kind,
        effectiveOn: r.effective_on,
        recordedAt: r.recorded_at,
        counterAccount: isDebit ? r.credit_account : r.debit_account,
        debitMinor: isDebit ? r.amount_minor : 0n,
        creditMinor: isDebit ? 0n : r.amount_minor,
      };
    },
    key: (r) => [r.effective_on, Number(r.sequence), r.line],
  });
}
