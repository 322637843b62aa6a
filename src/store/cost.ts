import assert from "node:assert/strict";
import type { z } from "zod";
import type { CostType, costDocument } from "../../models/payment.js";
import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Portfolio } from "./portfolio.js";
import type { Tx } from "./transaction.js";

export interface Cost {
  readonly sequence: bigint;
  readonly costType: CostType;
  readonly amountMinor: bigint;
  readonly incurredOn: string;
  readonly receivableNo: number | null;
  readonly accountNumber: string | null;
  readonly agencyId: string | null;
  readonly recoverable: boolean;
  readonly externalId: string | null;
  readonly note: string | null;
  readonly recordedAt: string;
}

type CostDocument = z.infer<typeof costDocument>;

export function costDocumentOf(cost: Cost, portfolio: Portfolio): CostDocument {
  return {
    id: childId("co", portfolio.portfolioId, cost.sequence),
    portfolio_id: portfolio.portfolioId,
    cost_type: cost.costType,
    currency: portfolio.currency,
    amount: formatMinor(cost.amountMinor, portfolio.currency),
    incurred_on: cost.incurredOn,
    account_number: cost.accountNumber,
    agency_id: cost.agencyId,
    recoverable: cost.recoverable,
    external_id: cost.externalId,
    note: cost.note,
    recorded_at: cost.recordedAt,
    entry_id: childId("en", portfolio.portfolioId, cost.sequence),
  };
}

export async function insertCost(tx: Tx, portfolioId: string, cost: Cost): Promise<void> {
  try {
    await tx.execute(
      `insert into cost (portfolio_id, tenant_id, sequence, cost_type, amount_minor, incurred_on, receivable_no,
                         agency_id, recoverable, external_id, note, recorded_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        portfolioId,
        tx.tenantId,
        cost.sequence,
        cost.costType,
        cost.amountMinor,
        cost.incurredOn,
        cost.receivableNo,
        cost.agencyId,
        cost.recoverable,
        cost.externalId,
        cost.note,
        cost.recordedAt,
      ],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      cost_external_id_once: ["already_exists", `a cost has the external_id "${cost.externalId}" already`],
    });
  }
}

interface CostRow {
  sequence: bigint;
  cost_type: CostType;
  amount_minor: bigint;
  incurred_on: string;
  receivable_no: number | null;
  account_number: string | null;
  agency_id: string | null;
  recoverable: boolean;
  external_id: string | null;
  note: string | null;
  recorded_at: string;
}

function costOf(row: CostRow): Cost {
  return {
    sequence: row.sequence,
    costType: row.cost_type,
    amountMinor: row.amount_minor,
    incurredOn: row.incurred_on,
    receivableNo: row.receivable_no,
    accountNumber: row.account_number,
    agencyId: row.agency_id,
    recoverable: row.recoverable,
    externalId: row.external_id,
    note: row.note,
    recordedAt: row.recorded_at,
  };
}

const select = `select c.*, r.account_number from cost c
  left join receivable r on r.portfolio_id = c.portfolio_id and r.receivable_no = c.receivable_no`;

/** The cost that an entry booked. */
export async function readCostOf(tx: Tx, portfolioId: string, sequence: bigint): Promise<Cost> {
  const [row] = await tx.query<CostRow>(`${select} where c.portfolio_id = ? and c.sequence = ?`, [
    portfolioId,
    sequence,
  ]);
  assert(row !== undefined, `entry ${sequence} books a cost that is not there`);
  return costOf(row);
}

export async function listCosts(
  tx: Tx,
  portfolio: Portfolio,
  request: PageRequest & { cost_type?: CostType | undefined; sequence?: bigint | undefined },
): Promise<Page<CostDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("c.portfolio_id = ?", portfolio.portfolioId)
    .add("c.cost_type = ?", request.cost_type)
    .add("c.sequence = ?", request.sequence)
    .add("c.sequence > ?", after?.[0]);
  const rows = await tx.query<CostRow>(`${select} ${where.sql} order by c.sequence limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => costDocumentOf(costOf(row), portfolio),
    key: (row) => [Number(row.sequence)],
  });
}
