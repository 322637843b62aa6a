import type { VerificationDocument } from "../../models/period.js";
import { Refusal } from "../../models/refusal.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { lockBooks } from "./period.js";
import type { Tx } from "./transaction.js";

/** How far a portfolio's ledger had been proved, and what its accounts came to there. */
export interface ProvedLedger {
  readonly portfolioId: string;
  readonly throughSequence: bigint;
  /** debit and credit by account, in minor units */
  readonly totals: Readonly<Record<string, readonly [debit: string, credit: string]>>;
}

export interface LastGreen {
  readonly verificationNo: number;
  readonly ledgers: ReadonlyMap<string, ProvedLedger>;
}

/** The number of the next verification. Holds the books: verifications are kept one after the other. */
export async function nextVerificationNo(tx: Tx): Promise<number> {
  await lockBooks(tx, "update");
  const [row] = await tx.query<{ number: number }>(
    "select coalesce(max(verification_no), 0) + 1 as number from verification where tenant_id = ?",
    [tx.tenantId],
  );
  return row!.number;
}

export async function insertVerification(
  tx: Tx,
  record: { verificationNo: number; sinceNo: number | null; document: VerificationDocument },
  ledgers: readonly ProvedLedger[],
): Promise<void> {
  const { document, verificationNo, sinceNo } = record;
  await tx.execute(
    `insert into verification (tenant_id, verification_no, since_no, portfolio_id, green, document, actor, recorded_at)
     values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)`,
    [
      tx.tenantId,
      verificationNo,
      sinceNo,
      document.portfolio_id,
      document.green,
      JSON.stringify(document),
      document.verified_by,
      document.verified_at,
    ],
  );
  await tx.execute(
    `insert into verified_ledger (portfolio_id, tenant_id, verification_no, through_sequence, totals)
     select p, ?, ?, s, t from unnest(?::text[], ?::bigint[], ?::jsonb[]) as v(p, s, t)`,
    [
      tx.tenantId,
      verificationNo,
      ledgers.map((ledger) => ledger.portfolioId),
      ledgers.map((ledger) => ledger.throughSequence),
      ledgers.map((ledger) => JSON.stringify(ledger.totals)),
    ],
  );
}

/** The last verification of all portfolios that was green, with how far it reached; undefined where there is none. */
export async function readLastGreen(tx: Tx): Promise<LastGreen | undefined> {
  const [last] = await tx.query<{ verification_no: number }>(
    `select verification_no from verification where tenant_id = ? and green and portfolio_id is null
      order by verification_no desc limit 1`,
    [tx.tenantId],
  );
  if (last === undefined) return undefined;
  const rows = await tx.query<{ portfolio_id: string; through_sequence: bigint; totals: ProvedLedger["totals"] }>(
    "select portfolio_id, through_sequence, totals from verified_ledger where tenant_id = ? and verification_no = ?",
    [tx.tenantId, last.verification_no],
  );
  const ledgers = rows.map((row): [string, ProvedLedger] => [
    row.portfolio_id,
    { portfolioId: row.portfolio_id, throughSequence: row.through_sequence, totals: row.totals },
  ]);
  return { verificationNo: last.verification_no, ledgers: new Map(ledgers) };
}

/** Throws `not_found`. */
export async function findVerification(tx: Tx, verificationNo: number): Promise<VerificationDocument> {
  const [row] = await tx.query<{ document: VerificationDocument }>(
    "select document from verification where tenant_id = ? and verification_no = ?",
    [tx.tenantId, verificationNo],
  );
  if (row === undefined) throw new Refusal("not_found", `there is no verification ${verificationNo}`);
  return row.document;
}

export async function listVerifications(tx: Tx, request: PageRequest): Promise<Page<VerificationDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where().add("tenant_id = ?", tx.tenantId).add("verification_no < ?", after?.[0]);
  const rows = await tx.query<{ verification_no: number; document: VerificationDocument }>(
    `select verification_no, document from verification ${where.sql} order by verification_no desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, { document: (row) => row.document, key: (row) => [row.verification_no] });
}
