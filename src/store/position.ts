import { plainArray, textArray } from "./array-text.js";
import { stageRows } from "./staging.js";
import type { Tx } from "./transaction.js";

/** A receivable that was bought: what we paid, what the debtor still owes, what came in, who works it. */
export interface Position {
  readonly receivableNo: number;
  readonly state: "owned" | "put_back";
  readonly faceMinor: bigint;
  readonly costMinor: bigint;
  readonly claimMinor: bigint;
  readonly collectedMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly commissionMinor: bigint;
  /** with whom it is placed; null when we work it ourselves */
  readonly placementNo: number | null;
  /** how often it has been placed, this placement among them */
  readonly placements: number;
  readonly placedBalanceMinor: bigint | null;
  readonly placedAgeDays: number | null;
  readonly placedCollectedMinor: bigint;
}

/** What an account number stands for: a receivable, and its position where it was bought. */
export interface Holding {
  readonly accountNumber: string;
  readonly receivableNo: number;
  readonly position: Position | undefined;
}

interface PositionRow {
  receivable_no: number;
  state: Position["state"] | null;
  face_minor: bigint;
  cost_minor: bigint;
  claim_minor: bigint;
  collected_minor: bigint;
  unapplied_minor: bigint;
  commission_minor: bigint;
  placement_no: number | null;
  placements: number;
  placed_balance_minor: bigint | null;
  placed_age_days: number | null;
  placed_collected_minor: bigint;
}

function positionOf(row: PositionRow): Position | undefined {
  if (row.state === null) return undefined;
  return {
    receivableNo: row.receivable_no,
    state: row.state,
    faceMinor: row.face_minor,
    costMinor: row.cost_minor,
    claimMinor: row.claim_minor,
    collectedMinor: row.collected_minor,
    unappliedMinor: row.unapplied_minor,
    commissionMinor: row.commission_minor,
    placementNo: row.placement_no,
    placements: row.placements,
    placedBalanceMinor: row.placed_balance_minor,
    placedAgeDays: row.placed_age_days,
    placedCollectedMinor: row.placed_collected_minor,
  };
}

/**
 * The holdings behind account numbers; those that the portfolio does not have are left out. Who changes positions holds
 * the portfolio's ledger (lockLedger), so that these rows need no lock of their own.
 */
export async function readHoldings(
  tx: Tx,
  portfolioId: string,
  accountNumbers: readonly string[],
): Promise<Map<string, Holding>> {
  // laterals of one row each keep to the indexes, also where the tables have just been filled and nothing is known of them
  const rows = await tx.query<PositionRow & { account_number: string }>(
    `select r.account_number, r.receivable_no, p.state, p.face_minor, p.cost_minor, p.claim_minor, p.collected_minor,
            p.unapplied_minor, p.commission_minor, p.placement_no, p.placements, p.placed_balance_minor,
            p.placed_age_days, p.placed_collected_minor
       from unnest(?::text[]) as wanted(account_number)
      cross join lateral (select account_number, receivable_no from receivable
                           where portfolio_id = ? and account_number = wanted.account_number limit 1) r
       left join lateral (select * from position
                           where portfolio_id = ? and receivable_no = r.receivable_no limit 1) p on true`,
    [textArray(accountNumbers), portfolioId, portfolioId],
  );
  return new Map(
    rows.map((row) => [
      row.account_number,
      { accountNumber: row.account_number, receivableNo: row.receivable_no, position: positionOf(row) },
    ]),
  );
}

export interface NewPosition {
  readonly receivableNo: number;
  readonly faceMinor: bigint;
  readonly costMinor: bigint;
}

/** Makes the positions of a purchase; each claim begins at the face. */
export async function insertPositions(tx: Tx, portfolioId: string, positions: Iterable<NewPosition>): Promise<number> {
  function* rows() {
    for (const { receivableNo, faceMinor, costMinor } of positions) yield [receivableNo, faceMinor, costMinor];
  }
  const table = "staged_position";
  await stageRows(tx, { table, columns: "receivable_no integer, face_minor bigint, cost_minor bigint", rows: rows() });
  return tx.execute(
    `insert into position (portfolio_id, tenant_id, receivable_no, state, face_minor, cost_minor, claim_minor)
     select ?, ?, receivable_no, 'owned', face_minor, cost_minor, face_minor from ${table} order by receivable_no`,
    [portfolioId, tx.tenantId],
  );
}

/**
 * Writes what payments and put-backs change of positions, in one statement. As an insert that always meets its row it
 * keeps to the key's index; an update joined with as many rows reads the whole table where nothing is known of it yet.
 */
export async function savePositions(tx: Tx, portfolioId: string, positions: readonly Position[]): Promise<void> {
  await tx.execute(
    `insert into position as p (portfolio_id, tenant_id, receivable_no, face_minor, cost_minor, state, claim_minor,
                                collected_minor, unapplied_minor, commission_minor, placement_no, placed_collected_minor)
     select ?, ?, * from unnest(?::integer[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
                                ?::bigint[], ?::integer[], ?::bigint[])
     on conflict (portfolio_id, receivable_no) do update
        set state = excluded.state, claim_minor = excluded.claim_minor, collected_minor = excluded.collected_minor,
            unapplied_minor = excluded.unapplied_minor, commission_minor = excluded.commission_minor,
            placement_no = excluded.placement_no, placed_collected_minor = excluded.placed_collected_minor`,
    [
      portfolioId,
      tx.tenantId,
      plainArray(positions.map((p) => p.receivableNo)),
      plainArray(positions.map((p) => p.faceMinor)),
      plainArray(positions.map((p) => p.costMinor)),
      plainArray(positions.map((p) => p.state)),
      plainArray(positions.map((p) => p.claimMinor)),
      plainArray(positions.map((p) => p.collectedMinor)),
      plainArray(positions.map((p) => p.unappliedMinor)),
      plainArray(positions.map((p) => p.commissionMinor)),
      plainArray(positions.map((p) => p.placementNo)),
      plainArray(positions.map((p) => p.placedCollectedMinor)),
    ],
  );
}
