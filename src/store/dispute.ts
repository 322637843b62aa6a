import type { DisputeDocument, disputeOutcomes, disputers } from "../../models/dispute.js";
import { facilityOfPortfolio } from "../../models/facility.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { InvoiceState } from "../../models/schedule.js";
import { addDays, type Day, formatDay, parseDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { plainArray, textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Facility } from "./facility.js";
import type { Tx } from "./transaction.js";

type Outcome = (typeof disputeOutcomes)[number];

/** A dispute with what its document needs of the invoice. */
export interface Dispute {
  readonly disputeNo: number;
  readonly invoiceNo: number;
  readonly debtorId: string;
  readonly invoiceNumber: string;
  readonly invoiceState: InvoiceState;
  /** days after which the terms let the invoice go back for it */
  readonly disputeDays: number;
  readonly reason: DisputeDocument["reason"];
  readonly x12Code: string | null;
  readonly amountMinor: bigint;
  readonly whole: boolean;
  readonly raisedBy: (typeof disputers)[number];
  readonly raisedOn: string;
  readonly note: string | null;
  readonly actor: string;
  readonly recordedAt: string;
  readonly outcome: Outcome | null;
  readonly resolvedOn: string | null;
  readonly creditMinor: bigint | null;
  readonly resolutionNote: string | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: string | null;
}

const select = `select d.dispute_no as "disputeNo", d.invoice_no as "invoiceNo", i.debtor_id as "debtorId",
    i.invoice_number as "invoiceNumber", i.state as "invoiceState", d.reason, d.x12_code as "x12Code",
    cast(coalesce(t.terms #>> '{recourse,dispute_days}', '0') as integer) as "disputeDays",
    d.amount_minor as "amountMinor", d.whole, d.raised_by as "raisedBy", d.raised_on as "raisedOn", d.note, d.actor,
    d.recorded_at as "recordedAt", d.outcome, d.resolved_on as "resolvedOn", d.credit_minor as "creditMinor",
    d.resolution_note as "resolutionNote", d.resolved_by as "resolvedBy", d.resolved_at as "resolvedAt"
  from dispute d
  join invoice i on i.portfolio_id = d.portfolio_id and i.invoice_no = d.invoice_no
  join facility f on f.portfolio_id = d.portfolio_id
  join facility_terms t on t.portfolio_id = d.portfolio_id and t.version = coalesce(i.terms_version, f.terms_version)`;

const isOpen = (state: InvoiceState) => state === "submitted" || state === "purchased";

function stateOf({ resolvedAt, invoiceState }: Dispute): DisputeDocument["state"] {
  if (resolvedAt !== null) return "resolved";
  return isOpen(invoiceState) ? "open" : "lapsed";
}

/** The day from which an invoice may be charged back for a dispute. */
export function disputeRecourseDay({ raisedOn, disputeDays }: Pick<Dispute, "raisedOn" | "disputeDays">): string {
  return formatDay(addDays(parseDay(raisedOn), disputeDays));
}

export function disputeDocumentOf(dispute: Dispute, { portfolioId, currency }: Facility, today: Day): DisputeDocument {
  const state = stateOf(dispute);
  const { resolvedOn, creditMinor } = dispute;
  return {
    id: childId("di", portfolioId, dispute.disputeNo),
    facility_id: facilityOfPortfolio(portfolioId),
    invoice_id: childId("iv", portfolioId, dispute.invoiceNo),
    debtor_id: dispute.debtorId,
    invoice_number: dispute.invoiceNumber,
    state,
    reason: dispute.reason,
    x12_code: dispute.x12Code,
    currency,
    amount: formatMinor(dispute.amountMinor, currency),
    whole: dispute.whole,
    raised_by: dispute.raisedBy,
    raised_on: dispute.raisedOn,
    note: dispute.note,
    recorded_by: dispute.actor,
    recorded_at: dispute.recordedAt,
    days: (resolvedOn === null ? today : parseDay(resolvedOn)) - parseDay(dispute.raisedOn),
    charge_back_from: state === "open" ? disputeRecourseDay(dispute) : null,
    outcome: dispute.outcome,
    resolved_on: resolvedOn,
    credit: creditMinor === null ? null : formatMinor(creditMinor, currency),
    resolution_note: dispute.resolutionNote,
    resolved_by: dispute.resolvedBy,
    resolved_at: dispute.resolvedAt,
  };
}

export type NewDispute = Pick<
  Dispute,
  "disputeNo" | "invoiceNo" | "reason" | "x12Code" | "amountMinor" | "whole" | "raisedBy" | "raisedOn" | "note"
>;

/** Keeps disputes and marks their invoices. Throws `already_exists` for an invoice that has an open one. */
export async function insertDisputes(tx: Tx, portfolioId: string, of: { disputes: readonly NewDispute[]; at: string }) {
  const { disputes } = of;
  try {
    await tx.execute(
      `insert into dispute (portfolio_id, tenant_id, dispute_no, invoice_no, reason, x12_code, amount_minor, whole,
                            raised_by, raised_on, note, actor, recorded_at)
       select ?, ?, n, i, r, x, a, w, b, d, t, ?, ?
         from unnest(?::integer[], ?::integer[], ?::text[], ?::text[], ?::bigint[], ?::boolean[], ?::text[], ?::date[],
                     ?::text[]) as r(n, i, r, x, a, w, b, d, t)`,
      [
        portfolioId,
        tx.tenantId,
        tx.actor ?? "unknown",
        of.at,
        plainArray(disputes.map(({ disputeNo }) => disputeNo)),
        plainArray(disputes.map(({ invoiceNo }) => invoiceNo)),
        textArray(disputes.map(({ reason }) => reason)),
        textArray(disputes.map(({ x12Code }) => x12Code)),
        plainArray(disputes.map(({ amountMinor }) => amountMinor)),
        plainArray(disputes.map(({ whole }) => whole)),
        textArray(disputes.map(({ raisedBy }) => raisedBy)),
        plainArray(disputes.map(({ raisedOn }) => raisedOn)),
        textArray(disputes.map(({ note }) => note)),
      ],
    );
  } catch (error) {
    const open = "the invoice has a dispute that is not resolved";
    throw mapDatabaseError(error, { dispute_open_once: ["already_exists", open] });
  }
  await tx.execute(
    `update invoice i set disputed = true, disputed_minor = r.a
       from unnest(?::integer[], ?::bigint[]) as r(n, a) where i.portfolio_id = ? and i.invoice_no = r.n`,
    [
      plainArray(disputes.map(({ invoiceNo }) => invoiceNo)),
      plainArray(disputes.map(({ whole, amountMinor }) => (whole ? null : amountMinor))),
      portfolioId,
    ],
  );
}

export interface Resolution {
  readonly disputeNo: number;
  readonly invoiceNo: number;
  readonly outcome: Outcome;
  readonly resolvedOn: string;
  readonly creditMinor: bigint | null;
  readonly note: string | null;
  readonly at: string;
}

/** Writes how a dispute ended; the invoice is disputed no more. */
export async function resolve(tx: Tx, portfolioId: string, of: Resolution): Promise<void> {
  await tx.execute(
    `update dispute set outcome = ?, resolved_on = ?, credit_minor = ?, resolution_note = ?, resolved_by = ?, resolved_at = ?
      where portfolio_id = ? and dispute_no = ?`,
    [
      ...[of.outcome, of.resolvedOn, of.creditMinor, of.note, tx.actor ?? "unknown", of.at],
      ...[portfolioId, of.disputeNo],
    ],
  );
  await tx.execute(
    "update invoice set disputed = false, disputed_minor = null where portfolio_id = ? and invoice_no = ?",
    [portfolioId, of.invoiceNo],
  );
}

/** Throws `not_found`. */
export async function findDispute(tx: Tx, portfolioId: string, disputeNo: number): Promise<Dispute> {
  const [row] = await tx.query<Dispute>(`${select} where d.portfolio_id = ? and d.dispute_no = ?`, [
    portfolioId,
    disputeNo,
  ]);
  if (row !== undefined) return row;
  throw new Refusal("not_found", `there is no dispute ${childId("di", portfolioId, disputeNo)}`);
}

/** The last dispute of an invoice, resolved or not. */
export async function lastDispute(tx: Tx, portfolioId: string, invoiceNo: number): Promise<Dispute | undefined> {
  const [row] = await tx.query<Dispute>(
    `${select} where d.portfolio_id = ? and d.invoice_no = ? order by d.dispute_no desc limit 1`,
    [portfolioId, invoiceNo],
  );
  return row;
}

const inState: Readonly<Record<DisputeDocument["state"], string>> = {
  open: "d.resolved_at is null and i.state in ('submitted', 'purchased')",
  lapsed: "d.resolved_at is null and i.state not in ('submitted', 'purchased')",
  resolved: "d.resolved_at is not null",
};

export async function listDisputes(
  tx: Tx,
  facility: Facility,
  request: PageRequest & {
    today: Day;
    state?: DisputeDocument["state"] | undefined;
    reason?: string | undefined;
    debtor_id?: string | undefined;
    invoiceNo?: number | undefined;
  },
): Promise<Page<DisputeDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("d.portfolio_id = ?", facility.portfolioId)
    .add("d.reason = ?", request.reason)
    .add("i.debtor_id = ?", request.debtor_id)
    .add("d.invoice_no = ?", request.invoiceNo)
    .add("d.dispute_no > ?", after?.[0]);
  if (request.state !== undefined) where.add(inState[request.state]);
  const rows = await tx.query<Dispute>(`${select} ${where.sql} order by d.dispute_no limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => disputeDocumentOf(row, facility, request.today),
    key: (row) => [row.disputeNo],
  });
}
