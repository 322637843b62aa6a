import type { z } from "zod";
import type { agencyDocument, CommissionTerms, placementDocument } from "../../models/agency.js";
import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Portfolio } from "./portfolio.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

type AgencyDocument = z.infer<typeof agencyDocument>;
type PlacementDocument = z.infer<typeof placementDocument>;

interface AgencyRow {
  agency_id: string;
  name: string;
  external_id: string | null;
  created_at: string;
}

function agencyDocumentOf({ agency_id, name, external_id, created_at }: AgencyRow): AgencyDocument {
  return { id: agency_id, name, external_id, created_at };
}

export async function insertAgency(tx: Tx, agency: AgencyDocument): Promise<void> {
  try {
    await tx.execute(
      "insert into agency (tenant_id, agency_id, name, external_id, created_at) values (?, ?, ?, ?, ?)",
      [tx.tenantId, agency.id, agency.name, agency.external_id, agency.created_at],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      agency_name_once: ["already_exists", `an agency is called "${agency.name}" already`],
      agency_external_id_once: ["already_exists", `an agency has the external_id "${agency.external_id}" already`],
    });
  }
}

/** Throws `agency_unknown`. */
export async function assertAgency(tx: Tx, agencyId: string): Promise<void> {
  const rows = await tx.query("select 1 from agency where agency_id = ?", [agencyId]);
  if (rows.length === 0) throw new Refusal("agency_unknown", `there is no agency ${agencyId}`);
}

/** What agencies are called, by their ids. */
export async function readAgencyNames(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.query<{ agency_id: string; name: string }>("select agency_id, name from agency");
  return new Map(rows.map((row) => [row.agency_id, row.name]));
}

export async function listAgencies(tx: Tx, request: PageRequest): Promise<Page<AgencyDocument>> {
  const after = readCursor(request, ["text"]);
  const where = new Where().add("agency_id > ?", after?.[0]);
  const rows = await tx.query<AgencyRow>(
    `select agency_id, name, external_id, created_at from agency ${where.sql} order by agency_id limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, { document: agencyDocumentOf, key: (row) => [row.agency_id] });
}

/**
 * What an agency has collected for us less its commission, and what it has passed on, less what was taken back: the
 * difference is what it holds.
 */
export async function readAgencyClearing(
  tx: Tx,
  portfolioId: string,
  agencyId: string,
): Promise<{ collectedMinor: bigint; remittedMinor: bigint }> {
  const [row] = await tx.query<{ collected: bigint; remitted: bigint }>(
    `select (select coalesce(sum(amount_minor - case when gross_remittance then 0 else commission_minor end), 0)::bigint
               from payment
              where portfolio_id = :portfolio and agency_id = :agency and channel = 'agency') as collected,
            (select coalesce(sum(case p.credit_account when '1100' then p.amount_minor else -p.amount_minor end), 0)::bigint
               from entry e join posting p on p.portfolio_id = e.portfolio_id and p.sequence = e.sequence
              where e.portfolio_id = :portfolio and e.agency_id = :agency and e.source_kind = 'receipt'
                and '1100' in (p.debit_account, p.credit_account)) as remitted`,
    { portfolio: portfolioId, agency: agencyId },
  );
  return { collectedMinor: row!.collected, remittedMinor: row!.remitted };
}

export interface Placement {
  readonly placementNo: number;
  readonly agencyId: string;
  readonly placedOn: string;
  readonly commission: CommissionTerms;
  /** the agency sends all that it takes, and a bill for its commission */
  readonly grossRemittance: boolean;
}

interface PlacementRow {
  placement_no: number;
  agency_id: string;
  placed_on: string;
  commission: CommissionTerms;
  gross_remittance: boolean;
  receivables: number;
  still_placed: number;
  placed_face_minor: bigint;
}

const placementColumns =
  "placement_no, agency_id, placed_on, commission, gross_remittance, receivables, still_placed, placed_face_minor";

function placementDocumentOf(row: PlacementRow, portfolio: Portfolio): PlacementDocument {
  return {
    id: childId("pl", portfolio.portfolioId, row.placement_no),
    portfolio_id: portfolio.portfolioId,
    agency_id: row.agency_id,
    placed_on: row.placed_on,
    commission: row.commission,
    remittance: row.gross_remittance ? "gross" : "net",
    receivables: row.receivables,
    placed_face: formatMinor(row.placed_face_minor, portfolio.currency),
    still_placed: row.still_placed,
    currency: portfolio.currency,
  };
}

export interface Selection {
  /** these; or all that are owned and not placed */
  readonly receivableNos: readonly number[] | undefined;
  readonly balanceFromMinor: bigint | undefined;
  readonly balanceBelowMinor: bigint | undefined;
}

/** Gives the selected positions to the placement and returns how many there were and what is owed on them. */
export async function placePositions(
  tx: Tx,
  placed: { portfolioId: string; placement: Placement; selection: Selection },
): Promise<{ receivables: number; faceMinor: bigint }> {
  const { portfolioId, placement, selection } = placed;
  const where = new Where()
    .add("p.portfolio_id = ? and p.state = 'owned' and p.placement_no is null", portfolioId)
    .add("r.portfolio_id = p.portfolio_id and r.receivable_no = p.receivable_no and p.claim_minor > ?", 0)
    .add("p.receivable_no = any(?::integer[])", selection.receivableNos)
    .add("p.claim_minor >= ?", selection.balanceFromMinor)
    .add("p.claim_minor < ?", selection.balanceBelowMinor);
  const [row] = await tx.query<{ receivables: number; face: bigint }>(
    `with placed as (
       update position p set placement_no = ?, placements = p.placements + 1, placed_balance_minor = p.claim_minor,
              placed_collected_minor = 0,
              placed_age_days = greatest(0, ?::date - coalesce(r.delinquency_date, r.charge_off_date, ?::date))
         from receivable r ${where.sql} returning p.claim_minor)
     select count(*)::integer as receivables, coalesce(sum(claim_minor), 0)::bigint as face from placed`,
    [placement.placementNo, placement.placedOn, placement.placedOn, ...where.bindings],
  );
  return { receivables: row!.receivables, faceMinor: row!.face };
}

export async function insertPlacement(
  tx: Tx,
  portfolio: Portfolio,
  made: { placement: Placement; receivables: number; faceMinor: bigint; at: string },
): Promise<PlacementDocument> {
  const { placement, receivables, faceMinor, at } = made;
  await tx.execute(
    `insert into placement (portfolio_id, tenant_id, ${placementColumns}, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolio.portfolioId,
      tx.tenantId,
      placement.placementNo,
      placement.agencyId,
      placement.placedOn,
      JSON.stringify(placement.commission),
      placement.grossRemittance,
      receivables,
      receivables,
      faceMinor,
      at,
    ],
  );
  const row: PlacementRow = {
    placement_no: placement.placementNo,
    agency_id: placement.agencyId,
    placed_on: placement.placedOn,
    commission: placement.commission,
    gross_remittance: placement.grossRemittance,
    receivables,
    still_placed: receivables,
    placed_face_minor: faceMinor,
  };
  return placementDocumentOf(row, portfolio);
}

const selectPlacements = kept(`select ${placementColumns} from placement where portfolio_id = ?`);

/** All placements of the portfolio by number. There are few: one an order. */
export async function readPlacements(tx: Tx, portfolioId: string): Promise<Map<number, Placement>> {
  const rows = await tx.query<PlacementRow>(selectPlacements, [portfolioId]);
  return new Map(
    rows.map((row) => [
      row.placement_no,
      {
        placementNo: row.placement_no,
        agencyId: row.agency_id,
        placedOn: row.placed_on,
        commission: row.commission,
        grossRemittance: row.gross_remittance,
      },
    ]),
  );
}

/** The placement. Throws `not_found`. */
export async function findPlacement(tx: Tx, portfolioId: string, placementId: string): Promise<Placement> {
  const key = parseChildId("pl", placementId);
  const placement =
    key?.portfolioId === portfolioId ? (await readPlacements(tx, portfolioId)).get(key.number) : undefined;
  if (placement === undefined) throw new Refusal("not_found", `the portfolio has no placement ${placementId}`);
  return placement;
}

export async function listPlacements(
  tx: Tx,
  portfolio: Portfolio,
  request: PageRequest & { agency_id?: string | undefined },
): Promise<Page<PlacementDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", portfolio.portfolioId)
    .add("agency_id = ?", request.agency_id)
    .add("placement_no > ?", after?.[0]);
  const rows = await tx.query<PlacementRow>(
    `select ${placementColumns} from placement ${where.sql} order by placement_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => placementDocumentOf(row, portfolio),
    key: (row) => [row.placement_no],
  });
}

/** Takes positions back from a placement (all of them when none is named) and returns how many. */
export async function recallPositions(
  tx: Tx,
  from: { portfolioId: string; placementNo: number; receivableNos?: readonly number[] | undefined },
): Promise<number> {
  const where = new Where()
    .add("portfolio_id = ? and placement_no = ?", from.portfolioId, from.placementNo)
    .add("receivable_no = any(?::integer[])", from.receivableNos);
  const recalled = await tx.execute(`update position set placement_no = null ${where.sql}`, where.bindings);
  await leavePlacement(tx, from.portfolioId, new Map([[from.placementNo, recalled]]));
  return recalled;
}

/** Counts receivables out of their placements. */
export async function leavePlacement(tx: Tx, portfolioId: string, leaving: ReadonlyMap<number, number>): Promise<void> {
  if (leaving.size === 0) return;
  await tx.execute(
    `update placement p set still_placed = p.still_placed - n.count
       from unnest(?::integer[], ?::integer[]) as n(no, count)
      where p.portfolio_id = ? and p.placement_no = n.no`,
    [[...leaving.keys()], [...leaving.values()], portfolioId],
  );
}
