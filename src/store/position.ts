import assert from "node:assert/strict";
import { type ArrayType, arrayBytes, type Plain, rowsOf } from "./array-bytes.js";
import { stageRows } from "./staging.js";
import { kept, type Statement } from "./statement.js";
import type { Tx } from "./transaction.js";

export type PositionState = "owned" | "put_back" | "sold" | "settled";

/** What a position has beside its principal. Most have nothing of it, ever. */
export interface PositionParts {
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly courtCostsMinor: bigint;
  /** what payments have paid of each component, less what came back */
  readonly paidInterestMinor: bigint;
  readonly paidFeesMinor: bigint;
  readonly paidCourtCostsMinor: bigint;
  /** court costs that we have advanced and not had back, and those that payments gave back */
  readonly advanceMinor: bigint;
  readonly advanceRecoveredMinor: bigint;
  /** part of the unapplied cash that is due back to the debtor */
  readonly refundDueMinor: bigint;
}

/** The parts of a position that has none; this very object, so that they need not be written. */
export const withoutParts: PositionParts = {
  interestMinor: 0n,
  feesMinor: 0n,
  courtCostsMinor: 0n,
  paidInterestMinor: 0n,
  paidFeesMinor: 0n,
  paidCourtCostsMinor: 0n,
  advanceMinor: 0n,
  advanceRecoveredMinor: 0n,
  refundDueMinor: 0n,
};

/** A receivable that was bought: what we paid, what the debtor still owes, what came in, who works it. */
export interface Position {
  readonly receivableNo: number;
  readonly state: PositionState;
  readonly faceMinor: bigint;
  readonly costMinor: bigint;
  /** the whole claim; principal is what the parts leave of it */
  readonly claimMinor: bigint;
  readonly parts: PositionParts;
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
  /** where its row stood when it was read: every change of it moves it elsewhere */
  readonly place: string;
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
  /** the columns of the parts with spaces between them; null where all are zero */
  parts: string | null;
  place: string;
}

/** Columns of the parts, in the order of the keys of `PositionParts`. */
const partColumns = [
  "interest_minor",
  "fees_minor",
  "court_costs_minor",
  "paid_interest_minor",
  "paid_fees_minor",
  "paid_court_costs_minor",
  "advance_minor",
  "advance_recovered_minor",
  "refund_due_minor",
] as const;
const partKeys = Object.keys(withoutParts) as (keyof PositionParts)[];

/** One text instead of nine amounts, and none where there is nothing: most positions have nothing but principal. */
const selectedParts = `case when (${partColumns.map((column) => `p.${column}`).join(" | ")}) <> 0
  then concat_ws(' ', ${partColumns.map((column) => `p.${column}`).join(", ")}) end`;

function partsOf(row: PositionRow): PositionParts {
  if (row.parts === null) return withoutParts;
  const parts = { ...withoutParts } as { -readonly [key in keyof PositionParts]: bigint };
  row.parts.split(" ").forEach((amount, i) => {
    parts[partKeys[i]!] = BigInt(amount);
  });
  return parts;
}

function positionOf(row: PositionRow): Position | undefined {
  if (row.state === null) return undefined;
  return {
    receivableNo: row.receivable_no,
    state: row.state,
    faceMinor: row.face_minor,
    costMinor: row.cost_minor,
    claimMinor: row.claim_minor,
    parts: partsOf(row),
    collectedMinor: row.collected_minor,
    unappliedMinor: row.unapplied_minor,
    commissionMinor: row.commission_minor,
    placementNo: row.placement_no,
    placements: row.placements,
    placedBalanceMinor: row.placed_balance_minor,
    placedAgeDays: row.placed_age_days,
    placedCollectedMinor: row.placed_collected_minor,
    place: row.place,
  };
}

// laterals of one row keep to the indexes, also where the tables have just been filled and nothing is known of them
const selectHoldings = kept(
  `select h.* from unnest((select ?::text[])) as wanted(account_number)
    cross join lateral (
      select r.account_number, r.receivable_no, p.state, p.face_minor, p.cost_minor, p.claim_minor, p.collected_minor,
             p.unapplied_minor, p.commission_minor, p.placement_no, p.placements, p.placed_balance_minor,
             p.placed_age_days, p.placed_collected_minor, ${selectedParts} as parts, p.ctid as place
        from receivable r
        left join lateral (select *, ctid from position
                            where portfolio_id = r.portfolio_id and receivable_no = r.receivable_no limit 1) p on true
       where r.portfolio_id = ? and r.account_number = wanted.account_number limit 1) h`,
);

/**
 * The holdings behind account numbers; those that the portfolio does not have are left out. Who changes positions holds
 * the portfolio's ledger (lockLedger), so that these rows need no lock of their own.
 */
export async function readHoldings(
  tx: Tx,
  portfolioId: string,
  accountNumbers: readonly string[],
): Promise<Map<string, Holding>> {
  const rows = await tx.query<PositionRow & { account_number: string }>(selectHoldings, [
    arrayBytes("text", accountNumbers, (account) => account),
    portfolioId,
  ]);
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
  /** parts of the face that are not principal */
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
}

/** Makes the positions of a purchase; each claim begins at the face. */
export async function insertPositions(tx: Tx, portfolioId: string, positions: Iterable<NewPosition>): Promise<number> {
  function* rows() {
    for (const p of positions) yield [p.receivableNo, p.faceMinor, p.costMinor, p.interestMinor, p.feesMinor];
  }
  const table = "staged_position";
  const columns =
    "receivable_no integer, face_minor bigint, cost_minor bigint, interest_minor bigint, fees_minor bigint";
  await stageRows(tx, { table, columns, rows: rows() });
  return tx.execute(
    `insert into position (portfolio_id, tenant_id, receivable_no, state, face_minor, cost_minor, claim_minor,
                           interest_minor, fees_minor)
     select ?, ?, receivable_no, 'owned', face_minor, cost_minor, face_minor, interest_minor, fees_minor
       from ${table} order by receivable_no`,
    [portfolioId, tx.tenantId],
  );
}

/**
 * Writes what payments and other acts change of positions, in one statement, and another for those that have parts. Each is
 * found where it was read, without a look at an index: the portfolio's ledger is held, so nobody has moved it since. A
 * position is written once after it was read; one that has moved is our fault, and nothing of it is written.
 */
export async function savePositions(tx: Tx, portfolioId: string, positions: readonly Position[]): Promise<void> {
  const plain = positions.filter(({ parts }) => parts === withoutParts);
  const parted = positions.filter(({ parts }) => parts !== withoutParts);
  await Promise.all([
    save(tx, portfolioId, { positions: plain, form: plainForm }),
    save(tx, portfolioId, { positions: parted, form: partedForm }),
  ]);
}

/** Columns that change, with their types and where they come from. */
// biome-ignore format: a table
const changing: readonly (readonly [string, ArrayType, (position: Position) => Plain])[] = [
  ["state", "text", (p) => p.state],
  ["claim_minor", "bigint", (p) => p.claimMinor],
  ["collected_minor", "bigint", (p) => p.collectedMinor],
  ["unapplied_minor", "bigint", (p) => p.unappliedMinor],
  ["commission_minor", "bigint", (p) => p.commissionMinor],
  ["placement_no", "integer", (p) => p.placementNo],
  ["placed_collected_minor", "bigint", (p) => p.placedCollectedMinor],
];
const changingParts: typeof changing = partColumns.map((column, i) => [
  column,
  "bigint",
  ({ parts }) => parts[partKeys[i]!],
]);

interface SavedForm {
  readonly columns: typeof changing;
  readonly statement: Statement;
}

function savedForm(columns: typeof changing): SavedForm {
  const names = columns.map(([name]) => name);
  const statement = kept(
    `update position p set ${names.map((name) => `${name} = s.${name}`).join(", ")}
       from ${rowsOf([["place", "tid"], ["receivable_no", "integer"], ...columns])} as s
      where p.ctid = s.place and p.portfolio_id = ? and p.receivable_no = s.receivable_no`,
  );
  return { columns, statement };
}

const plainForm = savedForm(changing);
const partedForm = savedForm([...changing, ...changingParts]);

async function save(
  tx: Tx,
  portfolioId: string,
  { positions, form }: { positions: readonly Position[]; form: SavedForm },
): Promise<void> {
  if (positions.length === 0) return;
  const saved = await tx.execute(form.statement, [
    arrayBytes("tid", positions, (p) => p.place),
    arrayBytes("integer", positions, (p) => p.receivableNo),
    ...form.columns.map(([, type, value]) => arrayBytes(type, positions, value)),
    portfolioId,
  ]);
  assert.equal(saved, positions.length, "every position stands where it was read");
}

/** Number, allocated cost and claim of every receivable that is ours, in their order. */
export async function readHeldCosts(
  tx: Tx,
  portfolioId: string,
): Promise<{ receivableNos: number[]; costsMinor: bigint[] }> {
  const receivableNos: number[] = [];
  const costsMinor: bigint[] = [];
  const sql = `select receivable_no, cost_minor from position
                where portfolio_id = ? and state in ('owned', 'settled') order by receivable_no`;
  for await (const rows of tx.stream<{ receivable_no: number; cost_minor: bigint }>(sql, [portfolioId], 20_000)) {
    for (const { receivable_no, cost_minor } of rows) {
      receivableNos.push(receivable_no);
      costsMinor.push(cost_minor);
    }
  }
  return { receivableNos, costsMinor };
}
