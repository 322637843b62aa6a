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
  const rows = await tx.query<PositionRow & { account_number: string }>(
    `select r.account_number, r.receivable_no, p.state, p.face_minor, p.cost_minor, p.claim_minor, p.collected_minor,
            p.unapplied_minor, p.commission_minor, p.placement_no, p.placements, p.placed_balance_minor,
            p.placed_age_days, p.placed_collected_minor
       from receivable r
       left join position p on p.portfolio_id = r.portfolio_id and p.receivable_no = r.receivable_no
      where r.portfolio_id = ? and r.account_number = any(?::text[])`,
    [portfolioId, accountNumbers],
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

/** Writes what payments and put-backs change of positions, in one statement. */
export async function savePositions(tx: Tx, portfolioId: string, positions: readonly Position[]): Promise<void> {
  await tx.execute(
    `update position as p set state = n.state, claim_minor = n.claim, collected_minor = n.collected,
            unapplied_minor = n.unapplied, commission_minor = n.commission, placement_no = n.placement,
            placed_collected_minor = n.placed_collected
       from unnest(?::integer[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::bigint[])
            as n(no, state, claim, collected, unapplied, commission, placement, placed_collected)
      where p.portfolio_id = ? and p.receivable_no = n.no`,
    [
      positions.map((p) => p.receivableNo),
      positions.map((p) => p.state),
      positions.map((p) => p.claimMinor),
      positions.map((p) => p.collectedMinor),
      positions.map((p) => p.unappliedMinor),
      positions.map((p) => p.commissionMinor),
      positions.map((p) => p.placementNo),
      positions.map((p) => p.placedCollectedMinor),
      portfolioId,
    ],
  );
}
