import type { z } from "zod";
import type { ResaleDocument, resaleReceivableDocument } from "../../models/claim.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Portfolio } from "./portfolio.js";
import { stageRows } from "./staging.js";
import type { Tx } from "./transaction.js";

/** Receivables sold on together, by the entry that booked it. */
export interface Resale {
  readonly sequence: bigint;
  readonly buyer: string;
  readonly soldOn: string;
  readonly receivables: number;
  /** of them, those that came back because the sale was taken back */
  readonly takenBack: number;
  readonly claimMinor: bigint;
  readonly proceedsMinor: bigint;
  readonly carryingMinor: bigint;
  readonly externalId: string | null;
  readonly recordedAt: string;
}

/** One receivable of a resale and its shares. */
export interface SoldReceivable {
  readonly receivableNo: number;
  readonly claimMinor: bigint;
  readonly proceedsMinor: bigint;
  readonly carryingMinor: bigint;
}

export function resaleDocumentOf(resale: Resale, { portfolioId, currency }: Portfolio): ResaleDocument {
  return {
    id: childId("rs", portfolioId, resale.sequence),
    entry_id: childId("en", portfolioId, resale.sequence),
    portfolio_id: portfolioId,
    currency,
    buyer: resale.buyer,
    sold_on: resale.soldOn,
    receivables: resale.receivables,
    taken_back: resale.takenBack,
    claim: formatMinor(resale.claimMinor, currency),
    proceeds: formatMinor(resale.proceedsMinor, currency),
    carrying_amount: formatMinor(resale.carryingMinor, currency),
    external_id: resale.externalId,
    recorded_at: resale.recordedAt,
  };
}

/** Throws `already_exists` for a known external_id. */
export async function insertResale(
  tx: Tx,
  portfolioId: string,
  { resale, sold }: { resale: Resale; sold: readonly SoldReceivable[] },
): Promise<void> {
  try {
    await tx.execute(
      `insert into resale (portfolio_id, tenant_id, sequence, buyer, sold_on, receivables, claim_minor, proceeds_minor,
                           carrying_minor, external_id, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        portfolioId,
        tx.tenantId,
        resale.sequence,
        resale.buyer,
        resale.soldOn,
        resale.receivables,
        resale.claimMinor,
        resale.proceedsMinor,
        resale.carryingMinor,
        resale.externalId,
        resale.recordedAt,
      ],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      resale_external_id_once: ["already_exists", `a sale has the external_id "${resale.externalId}" already`],
    });
  }
  await insertSold(tx, portfolioId, { sequence: resale.sequence, sold });
}

/** The shares of receivables in a sale; negative ones of a sale that is taken back, by the entry that does so. */
export async function insertSold(
  tx: Tx,
  portfolioId: string,
  { sequence, sold }: { sequence: bigint; sold: readonly SoldReceivable[] },
): Promise<void> {
  const table = "staged_resale_receivable";
  const columns = "receivable_no integer, claim_minor bigint, proceeds_minor bigint, carrying_minor bigint";
  const rows = sold.map((one) => [one.receivableNo, one.claimMinor, one.proceedsMinor, one.carryingMinor]);
  await stageRows(tx, { table, columns, rows });
  await tx.execute(
    `insert into resale_receivable (portfolio_id, tenant_id, sequence, receivable_no, claim_minor, proceeds_minor,
                                    carrying_minor)
     select ?, ?, ?, * from ${table}`,
    [portfolioId, tx.tenantId, sequence],
  );
}

/** Whether a receivable of a sale `s` was taken back: the entry that did so has the opposite of its share. */
const isTakenBack = `exists (select from entry e join resale_receivable b
     on b.portfolio_id = e.portfolio_id and b.sequence = e.sequence and b.receivable_no = s.receivable_no
  where e.portfolio_id = s.portfolio_id and e.reverses_sequence = s.sequence)`;

/** The receivables of a sale that were not taken back. */
export async function readStillSold(tx: Tx, portfolioId: string, sequence: bigint): Promise<SoldReceivable[]> {
  return tx.query<SoldReceivable>(
    `select receivable_no as "receivableNo", claim_minor as "claimMinor", proceeds_minor as "proceedsMinor",
            carrying_minor as "carryingMinor"
       from resale_receivable s
      where portfolio_id = ? and sequence = ? and not ${isTakenBack} order by receivable_no`,
    [portfolioId, sequence],
  );
}

interface ResaleRow {
  sequence: bigint;
  buyer: string;
  sold_on: string;
  receivables: number;
  taken_back: number;
  claim_minor: bigint;
  proceeds_minor: bigint;
  carrying_minor: bigint;
  external_id: string | null;
  recorded_at: string;
}

export async function listResales(tx: Tx, portfolio: Portfolio, request: PageRequest): Promise<Page<ResaleDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where().add("portfolio_id = ?", portfolio.portfolioId).add("sequence > ?", after?.[0]);
  const rows = await tx.query<ResaleRow>(
    `select sequence, buyer, sold_on, receivables, claim_minor, proceeds_minor, carrying_minor, external_id, recorded_at,
            (select count(*) from entry e join resale_receivable b
                on b.portfolio_id = e.portfolio_id and b.sequence = e.sequence
              where e.portfolio_id = resale.portfolio_id and e.reverses_sequence = resale.sequence)::integer as taken_back
       from resale ${where.sql} order by sequence limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) =>
      resaleDocumentOf(
        {
          sequence: row.sequence,
          buyer: row.buyer,
          soldOn: row.sold_on,
          receivables: row.receivables,
          takenBack: row.taken_back,
          claimMinor: row.claim_minor,
          proceedsMinor: row.proceeds_minor,
          carryingMinor: row.carrying_minor,
          externalId: row.external_id,
          recordedAt: row.recorded_at,
        },
        portfolio,
      ),
    key: (row) => [Number(row.sequence)],
  });
}

interface SoldRow extends Pick<ResaleRow, "claim_minor" | "proceeds_minor" | "carrying_minor"> {
  receivable_no: number;
  account_number: string;
  taken_back: boolean;
}

/** The receivables of a resale with their shares. Throws `not_found`. */
export async function listResaleReceivables(
  tx: Tx,
  of: { portfolio: Portfolio; sequence: number },
  request: PageRequest,
): Promise<Page<z.infer<typeof resaleReceivableDocument>>> {
  const { portfolio, sequence } = of;
  const { portfolioId, currency } = portfolio;
  const known = await tx.query("select 1 from resale where portfolio_id = ? and sequence = ?", [portfolioId, sequence]);
  if (known.length === 0) throw new Refusal("not_found", `there is no resale ${childId("rs", portfolioId, sequence)}`);
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("s.portfolio_id = ? and s.sequence = ?", portfolioId, sequence)
    .add("s.receivable_no > ?", after?.[0]);
  const rows = await tx.query<SoldRow>(
    `select s.receivable_no, r.account_number, s.claim_minor, s.proceeds_minor, s.carrying_minor,
            ${isTakenBack} as taken_back
       from resale_receivable s
       join receivable r on r.portfolio_id = s.portfolio_id and r.receivable_no = s.receivable_no
       ${where.sql} order by s.receivable_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => ({
      account_number: row.account_number,
      claim: formatMinor(row.claim_minor, currency),
      proceeds: formatMinor(row.proceeds_minor, currency),
      carrying_amount: formatMinor(row.carrying_minor, currency),
      taken_back: row.taken_back,
    }),
    key: (row) => [row.receivable_no],
  });
}
