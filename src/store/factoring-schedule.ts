import type { ScheduleDocument, ScheduleState } from "../../models/facility.js";
import type { FactoringOffer } from "../../models/factoring-offer.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { facilityIdOf } from "./facility.js";
import type { Tx } from "./transaction.js";

export interface Schedule {
  readonly portfolioId: string;
  readonly scheduleNo: number;
  readonly state: ScheduleState;
  readonly invoices: number;
  readonly grossMinor: bigint;
  readonly submittedBy: string;
  readonly submittedAt: string;
  readonly checkedBy: string | null;
  readonly approvedBy: string | null;
  /** 0 where there is none */
  readonly offerVersion: number;
  readonly fundedOn: string | null;
  readonly netFundedMinor: bigint | null;
  readonly sequence: bigint | null;
}

interface ScheduleRow {
  portfolio_id: string;
  schedule_no: number;
  state: ScheduleState;
  invoices: number;
  gross_minor: bigint;
  submitted_by: string;
  submitted_at: string;
  checked_by: string | null;
  approved_by: string | null;
  offer_version: number;
  funded_on: string | null;
  net_funded_minor: bigint | null;
  sequence: bigint | null;
}

const columns = `portfolio_id, schedule_no, state, invoices, gross_minor, submitted_by, submitted_at, checked_by,
  approved_by, offer_version, funded_on, net_funded_minor, sequence`;

export function scheduleIdOf({ portfolioId, scheduleNo }: Pick<Schedule, "portfolioId" | "scheduleNo">): string {
  return childId("sc", portfolioId, scheduleNo);
}

export function scheduleDocumentOf(schedule: Schedule, currency: string): ScheduleDocument {
  const { portfolioId, netFundedMinor, sequence } = schedule;
  return {
    id: scheduleIdOf(schedule),
    facility_id: facilityIdOf(portfolioId),
    state: schedule.state,
    currency,
    invoices: schedule.invoices,
    gross: formatMinor(schedule.grossMinor, currency),
    submitted_by: schedule.submittedBy,
    submitted_at: schedule.submittedAt,
    checked_by: schedule.checkedBy,
    approved_by: schedule.approvedBy,
    offer_version: schedule.offerVersion === 0 ? null : schedule.offerVersion,
    funded_on: schedule.fundedOn,
    net_funded: netFundedMinor === null ? null : formatMinor(netFundedMinor, currency),
    entry_id: sequence === null ? null : childId("en", portfolioId, sequence),
  };
}

export async function insertSchedule(tx: Tx, schedule: Schedule): Promise<void> {
  await tx.execute(
    `insert into factoring_schedule (tenant_id, portfolio_id, schedule_no, state, invoices, gross_minor, submitted_by,
                                     submitted_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      tx.tenantId,
      schedule.portfolioId,
      schedule.scheduleNo,
      schedule.state,
      schedule.invoices,
      schedule.grossMinor,
      schedule.submittedBy,
      schedule.submittedAt,
    ],
  );
}

/** Throws `not_found`. */
export async function findSchedule(tx: Tx, portfolioId: string, scheduleNo: number): Promise<Schedule> {
  const [row] = await tx.query<ScheduleRow>(
    `select ${columns} from factoring_schedule where portfolio_id = ? and schedule_no = ?`,
    [portfolioId, scheduleNo],
  );
  if (row === undefined) {
    throw new Refusal("not_found", `there is no schedule ${scheduleIdOf({ portfolioId, scheduleNo })}`);
  }
  return {
    portfolioId: row.portfolio_id,
    scheduleNo: row.schedule_no,
    state: row.state,
    invoices: row.invoices,
    grossMinor: row.gross_minor,
    submittedBy: row.submitted_by,
    submittedAt: row.submitted_at,
    checkedBy: row.checked_by,
    approvedBy: row.approved_by,
    offerVersion: row.offer_version,
    fundedOn: row.funded_on,
    netFundedMinor: row.net_funded_minor,
    sequence: row.sequence,
  };
}

export async function markChecked(tx: Tx, schedule: Schedule, at: string): Promise<void> {
  await tx.execute(
    `update factoring_schedule set state = 'checked', checked_by = ?, checked_at = ?
      where portfolio_id = ? and schedule_no = ?`,
    [tx.actor ?? "unknown", at, schedule.portfolioId, schedule.scheduleNo],
  );
}

export async function markApproved(tx: Tx, schedule: Schedule, at: string): Promise<void> {
  await tx.execute(
    `update factoring_schedule set state = 'approved', approved_by = ?, approved_at = ?
      where portfolio_id = ? and schedule_no = ?`,
    [tx.actor ?? "unknown", at, schedule.portfolioId, schedule.scheduleNo],
  );
}

export async function markFunded(
  tx: Tx,
  schedule: Schedule,
  funded: { fundedOn: string; netFundedMinor: bigint; sequence: bigint },
): Promise<void> {
  await tx.execute(
    `update factoring_schedule set state = 'funded', funded_on = ?, net_funded_minor = ?, sequence = ?
      where portfolio_id = ? and schedule_no = ?`,
    [funded.fundedOn, funded.netFundedMinor, funded.sequence, schedule.portfolioId, schedule.scheduleNo],
  );
}

/** An offer as it was shown; it never changes. */
export interface KeptOffer {
  readonly version: number;
  readonly expiresOn: string;
  readonly offeredAt: string;
  readonly document: FactoringOffer;
}

export async function insertOffer(tx: Tx, schedule: Schedule, kept: KeptOffer): Promise<void> {
  await tx.execute(
    `insert into factoring_offer (portfolio_id, tenant_id, schedule_no, version, expires_on, offered_by, offered_at,
                                  document) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      schedule.portfolioId,
      tx.tenantId,
      schedule.scheduleNo,
      kept.version,
      kept.expiresOn,
      tx.actor ?? "unknown",
      kept.offeredAt,
      JSON.stringify(kept.document),
    ],
  );
  await tx.execute("update factoring_schedule set offer_version = ? where portfolio_id = ? and schedule_no = ?", [
    kept.version,
    schedule.portfolioId,
    schedule.scheduleNo,
  ]);
}

/** An offer by its version. Throws `offer_missing` where there is none at all, `not_found` for a version that is not there. */
export async function findOffer(tx: Tx, schedule: Schedule, version?: number): Promise<KeptOffer> {
  if (schedule.offerVersion === 0) {
    throw new Refusal("offer_missing", `schedule ${scheduleIdOf(schedule)} has no offer yet`);
  }
  const [row] = await tx.query<{ version: number; expires_on: string; offered_at: string; document: FactoringOffer }>(
    `select version, expires_on, offered_at, document from factoring_offer
      where portfolio_id = ? and schedule_no = ? and version = ?`,
    [schedule.portfolioId, schedule.scheduleNo, version ?? schedule.offerVersion],
  );
  if (row === undefined) throw new Refusal("not_found", `there is no version ${version} of the offer`);
  return { version: row.version, expiresOn: row.expires_on, offeredAt: row.offered_at, document: row.document };
}
