import type { z } from "zod";
import { facilityOfPortfolio } from "../../models/facility.js";
import type { FactoringOffer } from "../../models/factoring-offer.js";
import type { findingDocument } from "../../models/portfolio.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { ScheduleDocument, ShownOffer } from "../../models/schedule.js";
import { formatMinor } from "../money/money.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Facility } from "./facility.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

type StoredState = "submitted" | "checked" | "approved" | "funded" | "rejected";
type FindingDocument = z.infer<typeof findingDocument>;

export interface Schedule {
  readonly scheduleNo: number;
  readonly state: StoredState;
  readonly invoices: number;
  readonly grossMinor: bigint;
  readonly fileSha256: string | null;
  readonly externalId: string | null;
  readonly submittedBy: string;
  readonly submittedAt: string;
  readonly checkedBy: string | null;
  readonly checkedAt: string | null;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly rejectedBy: string | null;
  readonly rejectReason: string | null;
  readonly offerVersion: number;
  readonly fundedOn: string | null;
  readonly fundedSequence: bigint | null;
  readonly faceMinor: bigint;
  readonly advanceMinor: bigint;
  readonly feeMinor: bigint;
  readonly chargesMinor: bigint;
  readonly findings: readonly FindingDocument[];
  readonly openMinor: bigint;
}

interface ScheduleRow {
  schedule_no: number;
  state: StoredState;
  invoices: number;
  gross_minor: bigint;
  file_sha256: string | null;
  external_id: string | null;
  submitted_by: string;
  submitted_at: string;
  checked_by: string | null;
  checked_at: string | null;
  approved_by: string | null;
  approved_at: string | null;
  rejected_by: string | null;
  reject_reason: string | null;
  offer_version: number;
  funded_on: string | null;
  funded_sequence: bigint | null;
  face_minor: bigint;
  advance_minor: bigint;
  fee_minor: bigint;
  charges_minor: bigint;
  findings: FindingDocument[];
  open_minor: bigint;
}

const select = `select s.*, coalesce((select sum(i.open_minor)::bigint from invoice i
    where i.portfolio_id = s.portfolio_id and i.schedule_no = s.schedule_no), 0)::bigint as open_minor from schedule s`;

function scheduleOf(row: ScheduleRow): Schedule {
  return {
    scheduleNo: row.schedule_no,
    state: row.state,
    invoices: row.invoices,
    grossMinor: row.gross_minor,
    fileSha256: row.file_sha256,
    externalId: row.external_id,
    submittedBy: row.submitted_by,
    submittedAt: row.submitted_at,
    checkedBy: row.checked_by,
    checkedAt: row.checked_at,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    rejectedBy: row.rejected_by,
    rejectReason: row.reject_reason,
    offerVersion: row.offer_version,
    fundedOn: row.funded_on,
    fundedSequence: row.funded_sequence,
    faceMinor: row.face_minor,
    advanceMinor: row.advance_minor,
    feeMinor: row.fee_minor,
    chargesMinor: row.charges_minor,
    findings: row.findings,
    openMinor: row.open_minor,
  };
}

/** A schedule is closed when nothing is open any more of what was bought on it. */
export function scheduleDocumentOf(schedule: Schedule, facility: Facility): ScheduleDocument {
  const show = (amount: bigint) => formatMinor(amount, facility.currency);
  const { faceMinor, advanceMinor, feeMinor, chargesMinor } = schedule;
  return {
    id: childId("sc", facility.portfolioId, schedule.scheduleNo),
    facility_id: facilityOfPortfolio(facility.portfolioId),
    state: schedule.state === "funded" && schedule.openMinor === 0n ? "closed" : schedule.state,
    currency: facility.currency,
    external_id: schedule.externalId,
    invoices: schedule.invoices,
    gross: show(schedule.grossMinor),
    submitted_by: schedule.submittedBy,
    submitted_at: schedule.submittedAt,
    checked_by: schedule.checkedBy,
    approved_by: schedule.approvedBy,
    rejected_by: schedule.rejectedBy,
    reject_reason: schedule.rejectReason,
    offer_version: schedule.offerVersion,
    funded_on: schedule.fundedOn,
    face: show(faceMinor),
    advance: show(advanceMinor),
    reserve: show(faceMinor - advanceMinor),
    fee_at_funding: show(feeMinor),
    charges: show(chargesMinor),
    net_funded: show(advanceMinor - feeMinor - chargesMinor),
    open: show(schedule.openMinor),
    findings: [...schedule.findings],
  };
}

export async function insertSchedule(
  tx: Tx,
  portfolioId: string,
  schedule: Pick<
    Schedule,
    "scheduleNo" | "invoices" | "grossMinor" | "fileSha256" | "externalId" | "submittedBy" | "submittedAt" | "findings"
  >,
): Promise<void> {
  try {
    await tx.execute(
      `insert into schedule (portfolio_id, tenant_id, schedule_no, state, invoices, gross_minor, file_sha256, external_id,
                             submitted_by, submitted_at, findings) values (?, ?, ?, 'submitted', ?, ?, ?, ?, ?, ?, ?)`,
      [
        portfolioId,
        tx.tenantId,
        schedule.scheduleNo,
        schedule.invoices,
        schedule.grossMinor,
        schedule.fileSha256,
        schedule.externalId,
        schedule.submittedBy,
        schedule.submittedAt,
        JSON.stringify(schedule.findings),
      ],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      schedule_external_id_once: ["already_exists", `a schedule has the external_id "${schedule.externalId}" already`],
      schedule_file_once: ["already_exists", "this very file was submitted to the facility before"],
    });
  }
}

const selectOne = kept(`${select} where s.portfolio_id = ? and s.schedule_no = ?`);
const selectLocked = kept(`${selectOne.sql} for update of s`);

/** Throws `not_found`. `lock` keeps it from every other transaction that wants to change it. */
export async function findSchedule(
  tx: Tx,
  portfolioId: string,
  of: { scheduleNo: number; lock?: boolean },
): Promise<Schedule> {
  const [row] = await tx.query<ScheduleRow>(of.lock === true ? selectLocked : selectOne, [portfolioId, of.scheduleNo]);
  if (row !== undefined) return scheduleOf(row);
  throw new Refusal("not_found", `there is no schedule ${childId("sc", portfolioId, of.scheduleNo)}`);
}

/** What an act makes of a schedule. */
export type ScheduleChange = Partial<
  Pick<
    Schedule,
    | "state"
    | "checkedBy"
    | "checkedAt"
    | "approvedBy"
    | "approvedAt"
    | "rejectedBy"
    | "rejectReason"
    | "offerVersion"
    | "fundedOn"
    | "fundedSequence"
    | "faceMinor"
    | "advanceMinor"
    | "feeMinor"
    | "chargesMinor"
  >
>;

const update = kept(
  `update schedule set state = ?, checked_by = ?, checked_at = ?, approved_by = ?, approved_at = ?, rejected_by = ?,
          reject_reason = ?, offer_version = ?, funded_on = ?, funded_sequence = ?, face_minor = ?, advance_minor = ?,
          fee_minor = ?, charges_minor = ? where portfolio_id = ? and schedule_no = ?`,
);

export async function saveSchedule(
  tx: Tx,
  portfolioId: string,
  schedule: Schedule,
  change: ScheduleChange,
): Promise<Schedule> {
  const after = { ...schedule, ...change };
  await tx.execute(update, [
    after.state,
    after.checkedBy,
    after.checkedAt,
    after.approvedBy,
    after.approvedAt,
    after.rejectedBy,
    after.rejectReason,
    after.offerVersion,
    after.fundedOn,
    after.fundedSequence,
    after.faceMinor,
    after.advanceMinor,
    after.feeMinor,
    after.chargesMinor,
    portfolioId,
    schedule.scheduleNo,
  ]);
  return after;
}

export async function listSchedules(
  tx: Tx,
  facility: Facility,
  request: PageRequest & { state?: string | undefined },
): Promise<Page<ScheduleDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("s.portfolio_id = ?", facility.portfolioId)
    .add("s.state = ?", request.state)
    .add("s.schedule_no < ?", after?.[0]);
  const rows = await tx.query<ScheduleRow>(`${select} ${where.sql} order by s.schedule_no desc limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => scheduleDocumentOf(scheduleOf(row), facility),
    key: (row) => [row.schedule_no],
  });
}

export interface ScheduleStanding {
  /** submitted, and neither funded nor rejected */
  readonly open: number;
  readonly lastFundedOn: string | null;
}

/** How the schedules of a facility stand together. */
export async function readStanding(tx: Tx, portfolioId: string): Promise<ScheduleStanding> {
  const [row] = await tx.query<{ open: bigint; last_funded_on: string | null }>(
    `select count(*) filter (where state in ('submitted', 'checked', 'approved')) as open, max(funded_on) as last_funded_on
       from schedule where portfolio_id = ?`,
    [portfolioId],
  );
  return { open: Number(row!.open), lastFundedOn: row!.last_funded_on };
}

export interface StoredOffer {
  readonly scheduleNo: number;
  readonly version: number;
  readonly termsVersion: number;
  readonly asOf: string;
  readonly expiresOn: string;
  readonly netFundedMinor: bigint;
  readonly document: FactoringOffer;
  readonly sha256: string;
  readonly shownAt: string;
}

const insertShown = kept(
  `insert into offer_disclosure (portfolio_id, tenant_id, schedule_no, version, terms_version, as_of, expires_on,
                                 net_funded_minor, document, sha256, actor, shown_at)
   values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);

/**
 * Keeps an offer as it was shown. It is written once: another one is another version.
 *
 * @param text the document as JSON, of which its hash was taken
 */
export async function insertOffer(
  tx: Tx,
  portfolioId: string,
  { offer, text }: { offer: StoredOffer; text: string },
): Promise<void> {
  await tx.execute(insertShown, [
    portfolioId,
    tx.tenantId,
    offer.scheduleNo,
    offer.version,
    offer.termsVersion,
    offer.asOf,
    offer.expiresOn,
    offer.netFundedMinor,
    text,
    offer.sha256,
    tx.actor ?? "unknown",
    offer.shownAt,
  ]);
}

interface OfferRow {
  schedule_no: number;
  version: number;
  terms_version: number;
  as_of: string;
  expires_on: string;
  net_funded_minor: bigint;
  document: FactoringOffer;
  sha256: string;
  shown_at: string;
}

/** Throws `not_found`. */
export async function findOffer(
  tx: Tx,
  portfolioId: string,
  of: { scheduleNo: number; version: number },
): Promise<StoredOffer> {
  const [row] = await tx.query<OfferRow>(
    "select * from offer_disclosure where portfolio_id = ? and schedule_no = ? and version = ?",
    [portfolioId, of.scheduleNo, of.version],
  );
  if (row === undefined) {
    const schedule = childId("sc", portfolioId, of.scheduleNo);
    throw new Refusal("not_found", `schedule ${schedule} has no offer of version ${of.version}`);
  }
  return {
    scheduleNo: row.schedule_no,
    version: row.version,
    termsVersion: row.terms_version,
    asOf: row.as_of,
    expiresOn: row.expires_on,
    netFundedMinor: row.net_funded_minor,
    document: row.document,
    sha256: row.sha256,
    shownAt: row.shown_at,
  };
}

export function shownOfferOf(offer: StoredOffer, portfolioId: string): ShownOffer {
  return {
    schedule_id: childId("sc", portfolioId, offer.scheduleNo),
    version: offer.version,
    terms_version: offer.termsVersion,
    as_of: offer.asOf,
    expires_on: offer.expiresOn,
    shown_at: offer.shownAt,
    sha256: offer.sha256,
    document: offer.document,
  };
}
