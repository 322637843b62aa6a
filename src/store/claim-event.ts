import type { ClaimEventDocument } from "../../models/claim.js";
import type { EntryKind } from "../../models/entry.js";
import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Portfolio } from "./portfolio.js";
import type { PositionState } from "./position.js";
import type { Tx } from "./transaction.js";

/** What one entry changed on one receivable, other than by a payment: differences, signed. */
export interface ClaimEvent {
  readonly sequence: bigint;
  readonly receivableNo: number;
  readonly accountNumber: string;
  readonly kind: EntryKind;
  readonly happenedOn: string;
  readonly stateBefore: PositionState;
  readonly stateAfter: PositionState;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
  readonly feesMinor: bigint;
  readonly courtCostsMinor: bigint;
  readonly collectedMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly advanceMinor: bigint;
  readonly reason: string | null;
  readonly note: string | null;
  readonly recordedAt: string;
}

// biome-ignore format: a table
const columns: readonly (readonly [string, string, (event: ClaimEvent) => unknown])[] = [
  ["sequence", "bigint", (e) => e.sequence],
  ["receivable_no", "integer", (e) => e.receivableNo],
  ["kind", "text", (e) => e.kind],
  ["happened_on", "date", (e) => e.happenedOn],
  ["state_before", "text", (e) => e.stateBefore],
  ["state_after", "text", (e) => e.stateAfter],
  ["principal_minor", "bigint", (e) => e.principalMinor],
  ["interest_minor", "bigint", (e) => e.interestMinor],
  ["fees_minor", "bigint", (e) => e.feesMinor],
  ["court_costs_minor", "bigint", (e) => e.courtCostsMinor],
  ["collected_minor", "bigint", (e) => e.collectedMinor],
  ["unapplied_minor", "bigint", (e) => e.unappliedMinor],
  ["advance_minor", "bigint", (e) => e.advanceMinor],
  ["reason", "text", (e) => e.reason],
  ["note", "text", (e) => e.note],
  ["recorded_at", "timestamptz", (e) => e.recordedAt],
];

export async function insertClaimEvents(tx: Tx, portfolioId: string, events: readonly ClaimEvent[]): Promise<void> {
  await tx.execute(
    `insert into claim_event (portfolio_id, tenant_id, ${columns.map(([name]) => name).join(", ")})
     select ?, ?, * from unnest(${columns.map(([, type]) => `?::${type}[]`).join(", ")})`,
    [portfolioId, tx.tenantId, ...columns.map(([, , value]) => events.map(value))],
  );
}

export function claimEventDocumentOf(event: ClaimEvent, { portfolioId, currency }: Portfolio): ClaimEventDocument {
  const { principalMinor, interestMinor, feesMinor, courtCostsMinor } = event;
  const shown = (amount: bigint) => formatMinor(amount, currency);
  return {
    entry_id: childId("en", portfolioId, event.sequence),
    account_number: event.accountNumber,
    kind: event.kind,
    happened_on: event.happenedOn,
    state: event.stateAfter,
    change: {
      principal: shown(principalMinor),
      interest: shown(interestMinor),
      fees: shown(feesMinor),
      court_costs: shown(courtCostsMinor),
    },
    claim_change: shown(principalMinor + interestMinor + feesMinor + courtCostsMinor),
    unapplied_change: shown(event.unappliedMinor),
    court_cost_advance_change: shown(event.advanceMinor),
    reason: event.reason,
    note: event.note,
    recorded_at: event.recordedAt,
  };
}

interface ClaimEventRow {
  sequence: bigint;
  receivable_no: number;
  account_number: string;
  kind: EntryKind;
  happened_on: string;
  state_before: PositionState;
  state_after: PositionState;
  principal_minor: bigint;
  interest_minor: bigint;
  fees_minor: bigint;
  court_costs_minor: bigint;
  collected_minor: bigint;
  unapplied_minor: bigint;
  advance_minor: bigint;
  reason: string | null;
  note: string | null;
  recorded_at: string;
}

function claimEventOf(row: ClaimEventRow): ClaimEvent {
  return {
    sequence: row.sequence,
    receivableNo: row.receivable_no,
    accountNumber: row.account_number,
    kind: row.kind,
    happenedOn: row.happened_on,
    stateBefore: row.state_before,
    stateAfter: row.state_after,
    principalMinor: row.principal_minor,
    interestMinor: row.interest_minor,
    feesMinor: row.fees_minor,
    courtCostsMinor: row.court_costs_minor,
    collectedMinor: row.collected_minor,
    unappliedMinor: row.unapplied_minor,
    advanceMinor: row.advance_minor,
    reason: row.reason,
    note: row.note,
    recordedAt: row.recorded_at,
  };
}

const select = `select e.*, r.account_number from claim_event e
  join receivable r on r.portfolio_id = e.portfolio_id and r.receivable_no = e.receivable_no`;

/** Claim events in the order they were recorded. */
export async function listClaimEvents(
  tx: Tx,
  portfolio: Portfolio,
  request: PageRequest & { receivableNo?: number | undefined },
): Promise<Page<ClaimEventDocument>> {
  const after = readCursor(request, ["number", "number"]);
  const where = new Where()
    .add("e.portfolio_id = ?", portfolio.portfolioId)
    .add("e.receivable_no = ?", request.receivableNo)
    .add("(e.sequence, e.receivable_no) > (?, ?)", after?.[0], after?.[1]);
  const rows = await tx.query<ClaimEventRow>(`${select} ${where.sql} order by e.sequence, e.receivable_no limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => claimEventDocumentOf(claimEventOf(row), portfolio),
    key: (row) => [Number(row.sequence), row.receivable_no],
  });
}

/** The events of these entries, by number of the entry and the receivable: `12 7`. */
export async function readClaimEvents(
  tx: Tx,
  portfolioId: string,
  sequences: readonly bigint[],
): Promise<Map<string, ClaimEvent>> {
  const rows = await tx.query<ClaimEventRow>(
    `${select} where e.portfolio_id = ? and e.sequence = any(?::bigint[]) order by e.sequence, e.receivable_no`,
    [portfolioId, sequences],
  );
  return new Map(rows.map((row) => [`${row.sequence} ${row.receivable_no}`, claimEventOf(row)]));
}
