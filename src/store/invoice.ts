import { facilityOfPortfolio } from "../../models/facility.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { InvoiceDocument, InvoiceState } from "../../models/schedule.js";
import { addDays, formatDay, parseDay } from "../calendar/day.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import { plainArray, textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, queryInOrder, readCursor, Where } from "./cursor.js";
import type { Facility } from "./facility.js";
import type { Tx } from "./transaction.js";

/** The amounts of an invoice that events move; their differences stand in `invoice_event`. */
export const measures = ["open", "reserve", "unearned", "employed", "collected", "diluted", "fee", "interest"] as const;
export type Measure = (typeof measures)[number];
export type Measures = Readonly<Record<Measure, bigint>>;

export const noMeasures: Measures = {
  open: 0n,
  reserve: 0n,
  unearned: 0n,
  employed: 0n,
  collected: 0n,
  diluted: 0n,
  fee: 0n,
  interest: 0n,
};

export interface Invoice {
  readonly invoiceNo: number;
  readonly scheduleNo: number;
  readonly debtorId: string;
  readonly invoiceNumber: string;
  readonly invoiceOn: string;
  readonly dueOn: string;
  readonly amountMinor: bigint;
  readonly paidBeforeMinor: bigint;
  readonly purchaseOrder: string | null;
  readonly hasProof: boolean;
  readonly country: string | null;
  readonly debtorType: string | null;
  readonly disputed: boolean;
  /** how much of it is, where it is disputed; null: all of it */
  readonly disputedMinor: bigint | null;
  readonly verified: boolean;
  readonly state: InvoiceState;
  /** version of the terms that it was bought on; null before */
  readonly termsVersion: number | null;
  readonly purchasedOn: string | null;
  readonly advanceMinor: bigint;
  readonly firstFeeMinor: bigint;
  readonly accruedOn: string | null;
  readonly segmentOn: string | null;
  readonly segmentFeeMinor: bigint;
  readonly segmentInterestMinor: bigint;
  readonly settledOn: string | null;
  readonly now: Measures;
}

export interface InvoiceRow {
  invoice_no: number;
  schedule_no: number;
  debtor_id: string;
  invoice_number: string;
  invoice_on: string;
  due_on: string;
  amount_minor: bigint;
  paid_before_minor: bigint;
  purchase_order: string | null;
  has_proof: boolean;
  country: string | null;
  debtor_type: string | null;
  disputed: boolean;
  disputed_minor: bigint | null;
  verified: boolean;
  state: InvoiceState;
  terms_version: number | null;
  purchased_on: string | null;
  advance_minor: bigint;
  first_fee_minor: bigint;
  accrued_on: string | null;
  segment_on: string | null;
  segment_fee_minor: bigint;
  segment_interest_minor: bigint;
  settled_on: string | null;
  open_minor: bigint;
  reserve_minor: bigint;
  unearned_minor: bigint;
  employed_minor: bigint;
  collected_minor: bigint;
  diluted_minor: bigint;
  fee_minor: bigint;
  interest_minor: bigint;
}

export const invoiceColumns = `invoice_no, schedule_no, debtor_id, invoice_number, invoice_on, due_on, amount_minor, paid_before_minor,
  purchase_order, has_proof, country, debtor_type, disputed, disputed_minor, verified, state, terms_version, purchased_on, advance_minor, first_fee_minor,
  accrued_on, segment_on, segment_fee_minor, segment_interest_minor, settled_on, open_minor, reserve_minor,
  unearned_minor, employed_minor, collected_minor, diluted_minor, fee_minor, interest_minor`;

export function invoiceOf(row: InvoiceRow): Invoice {
  return {
    invoiceNo: row.invoice_no,
    scheduleNo: row.schedule_no,
    debtorId: row.debtor_id,
    invoiceNumber: row.invoice_number,
    invoiceOn: row.invoice_on,
    dueOn: row.due_on,
    amountMinor: row.amount_minor,
    paidBeforeMinor: row.paid_before_minor,
    purchaseOrder: row.purchase_order,
    hasProof: row.has_proof,
    country: row.country,
    debtorType: row.debtor_type,
    disputed: row.disputed,
    disputedMinor: row.disputed_minor,
    verified: row.verified,
    state: row.state,
    termsVersion: row.terms_version,
    purchasedOn: row.purchased_on,
    advanceMinor: row.advance_minor,
    firstFeeMinor: row.first_fee_minor,
    accruedOn: row.accrued_on,
    segmentOn: row.segment_on,
    segmentFeeMinor: row.segment_fee_minor,
    segmentInterestMinor: row.segment_interest_minor,
    settledOn: row.settled_on,
    now: {
      open: row.open_minor,
      reserve: row.reserve_minor,
      unearned: row.unearned_minor,
      employed: row.employed_minor,
      collected: row.collected_minor,
      diluted: row.diluted_minor,
      fee: row.fee_minor,
      interest: row.interest_minor,
    },
  };
}

/** The day from which an unpaid invoice may go back to the seller; null without recourse. */
export function recourseDay(
  invoice: Pick<Invoice, "invoiceOn" | "dueOn">,
  { recourse }: FactoringTerms,
): string | null {
  if (recourse.kind === "none") return null;
  const from = recourse.from === "invoice_date" ? invoice.invoiceOn : invoice.dueOn;
  return formatDay(addDays(parseDay(from), recourse.days));
}

/** What the debtor owes on an invoice, or would owe on one that is not bought. */
export function owedOf({ state, now, amountMinor, paidBeforeMinor }: Invoice): bigint {
  return state === "submitted" ? amountMinor - paidBeforeMinor : now.open;
}

/** What is disputed of an invoice: no more than is open of it. */
export function disputedOf(invoice: Invoice): bigint {
  const { disputed, disputedMinor } = invoice;
  if (!disputed) return 0n;
  const owed = owedOf(invoice);
  return disputedMinor === null || disputedMinor > owed ? owed : disputedMinor;
}

export function invoiceDocumentOf(invoice: Invoice, facility: Facility): InvoiceDocument {
  const { portfolioId, currency } = facility;
  const show = (amount: bigint) => formatMinor(amount, currency);
  const { now } = invoice;
  return {
    id: childId("iv", portfolioId, invoice.invoiceNo),
    facility_id: facilityOfPortfolio(portfolioId),
    schedule_id: childId("sc", portfolioId, invoice.scheduleNo),
    state: invoice.state,
    debtor_id: invoice.debtorId,
    invoice_number: invoice.invoiceNumber,
    invoice_date: invoice.invoiceOn,
    due_date: invoice.dueOn,
    currency,
    amount: show(invoice.amountMinor),
    purchase_order: invoice.purchaseOrder,
    proof_of_delivery: invoice.hasProof,
    verified: invoice.verified,
    disputed: invoice.disputed,
    disputed_amount: show(disputedOf(invoice)),
    purchased_on: invoice.purchasedOn,
    recourse_on: recourseDay(invoice, facility.terms),
    settled_on: invoice.settledOn,
    advance: show(invoice.advanceMinor),
    open: show(now.open),
    reserve: show(now.reserve),
    funds_employed: show(now.employed),
    collected: show(now.collected),
    diluted: show(now.diluted),
    fee: show(now.fee),
    interest: show(now.interest),
    accrued_on: invoice.accruedOn,
  };
}

export type NewInvoice = Pick<
  Invoice,
  | "invoiceNo"
  | "scheduleNo"
  | "debtorId"
  | "invoiceNumber"
  | "invoiceOn"
  | "dueOn"
  | "amountMinor"
  | "paidBeforeMinor"
  | "purchaseOrder"
  | "hasProof"
  | "country"
  | "debtorType"
  | "disputed"
>;

export async function insertInvoices(tx: Tx, portfolioId: string, invoices: readonly NewInvoice[]): Promise<void> {
  await tx.execute(
    `insert into invoice (portfolio_id, tenant_id, invoice_no, schedule_no, debtor_id, invoice_number, invoice_on, due_on,
                          amount_minor, paid_before_minor, purchase_order, has_proof, country, debtor_type, disputed, state)
     select ?, ?, n, s, d, i, f, u, a, b, p, h, c, t, q, 'submitted'
       from unnest(?::integer[], ?::integer[], ?::text[], ?::text[], ?::date[], ?::date[], ?::bigint[], ?::bigint[],
                   ?::text[], ?::boolean[], ?::text[], ?::text[], ?::boolean[]) as r(n, s, d, i, f, u, a, b, p, h, c, t, q)`,
    [
      portfolioId,
      tx.tenantId,
      plainArray(invoices.map((i) => i.invoiceNo)),
      plainArray(invoices.map((i) => i.scheduleNo)),
      textArray(invoices.map((i) => i.debtorId)),
      textArray(invoices.map((i) => i.invoiceNumber)),
      plainArray(invoices.map((i) => i.invoiceOn)),
      plainArray(invoices.map((i) => i.dueOn)),
      plainArray(invoices.map((i) => i.amountMinor)),
      plainArray(invoices.map((i) => i.paidBeforeMinor)),
      textArray(invoices.map((i) => i.purchaseOrder)),
      plainArray(invoices.map((i) => i.hasProof)),
      textArray(invoices.map((i) => i.country)),
      textArray(invoices.map((i) => i.debtorType)),
      plainArray(invoices.map((i) => i.disputed)),
    ],
  );
}

export async function readInvoices(
  tx: Tx,
  portfolioId: string,
  of: {
    scheduleNo?: number | undefined;
    invoiceNos?: readonly number[] | undefined;
    state?: InvoiceState | undefined;
    /** only those with something open or held */
    withReserve?: true;
  },
): Promise<Invoice[]> {
  const where = new Where()
    .add("portfolio_id = ?", portfolioId)
    .add("schedule_no = ?", of.scheduleNo)
    .add("invoice_no = any(?::integer[])", of.invoiceNos === undefined ? undefined : plainArray(of.invoiceNos))
    .add("state = ?", of.state)
    .add("(open_minor <> 0 or reserve_minor <> 0) = ?", of.withReserve);
  const rows = await tx.query<InvoiceRow>(`select ${invoiceColumns} from invoice ${where.sql} order by invoice_no`, [
    ...where.bindings,
  ]);
  return rows.map(invoiceOf);
}

/** An invoice of a schedule as far as an offer on it goes. */
export type SubmittedInvoice = Omit<NewInvoice, "invoiceNo" | "scheduleNo"> &
  Pick<Invoice, "disputedMinor" | "verified">;

/** The invoices of a schedule that are not bought or released, in the order of their numbers; one JSON text for all of them. */
export async function readSubmittedInvoices(
  tx: Tx,
  portfolioId: string,
  scheduleNo: number,
): Promise<SubmittedInvoice[]> {
  type Told = Omit<SubmittedInvoice, "amountMinor" | "paidBeforeMinor" | "disputedMinor"> & {
    amountMinor: string;
    paidBeforeMinor: string;
    disputedMinor: string | null;
  };
  const [row] = await tx.query<{ invoices: Told[] | null }>(
    `select json_agg(json_build_object(
              'invoiceNumber', invoice_number, 'debtorId', debtor_id, 'invoiceOn', invoice_on, 'dueOn', due_on,
              'amountMinor', amount_minor::text, 'paidBeforeMinor', paid_before_minor::text, 'purchaseOrder', purchase_order,
              'hasProof', has_proof, 'country', country, 'debtorType', debtor_type, 'disputed', disputed,
              'disputedMinor', disputed_minor::text, 'verified', verified) order by invoice_no) as invoices
       from invoice where portfolio_id = ? and schedule_no = ? and state = 'submitted'`,
    [portfolioId, scheduleNo],
  );
  return (row!.invoices ?? []).map((told) => ({
    ...told,
    disputedMinor: told.disputedMinor === null ? null : BigInt(told.disputedMinor),
    amountMinor: BigInt(told.amountMinor),
    paidBeforeMinor: BigInt(told.paidBeforeMinor),
  }));
}

export async function listInvoices(
  tx: Tx,
  facility: Facility,
  request: PageRequest & {
    scheduleNo?: number | undefined;
    debtor_id?: string | undefined;
    invoice_number?: string | undefined;
    purchase_order?: string | undefined;
    state?: InvoiceState | undefined;
  },
): Promise<Page<InvoiceDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", facility.portfolioId)
    .add("schedule_no = ?", request.scheduleNo)
    .add("debtor_id = ?", request.debtor_id)
    .add("invoice_number = ?", request.invoice_number)
    .add("purchase_order = ?", request.purchase_order)
    .add("state = ?", request.state)
    .add("invoice_no > ?", after?.[0]);
  const rows = await queryInOrder<InvoiceRow>(
    tx,
    `select ${invoiceColumns} from invoice ${where.sql} order by invoice_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => invoiceDocumentOf(invoiceOf(row), facility),
    key: (row) => [row.invoice_no],
  });
}

/** Marks invoices as released without having been bought. */
export async function setInvoiceState(
  tx: Tx,
  portfolioId: string,
  of: { invoiceNos: readonly number[]; state: InvoiceState },
): Promise<void> {
  await tx.execute("update invoice set state = ? where portfolio_id = ? and invoice_no = any(?::integer[])", [
    of.state,
    portfolioId,
    plainArray(of.invoiceNos),
  ]);
}

/** What the facilities of the currency (all, or all but one) have open of these debtors, and how much of that is over age on the day. */
export async function readOutstanding(
  tx: Tx,
  of: {
    debtorIds: readonly string[];
    currency: string;
    exceptPortfolioId?: string;
    asOf: string;
    overAgeDays: number | null;
    ageFrom: "invoice_date" | "due_date";
  },
): Promise<Map<string, { openMinor: bigint; overAgeMinor: bigint }>> {
  const rows = await tx.query<{ debtor_id: string; open: bigint; old: bigint }>(
    `select i.debtor_id, sum(i.open_minor)::bigint as open,
            coalesce(sum(i.open_minor) filter (where cast(:asOf as date) - case cast(:from as text) when 'due_date' then i.due_on else i.invoice_on end > cast(:days as integer)), 0)::bigint as old
       from invoice i join portfolio p on p.portfolio_id = i.portfolio_id
      where i.tenant_id = :tenant and i.debtor_id = any(cast(:debtors as text[])) and i.state = 'purchased'
        and p.currency = :currency and p.portfolio_id is distinct from cast(:except as text) group by 1`,
    {
      tenant: tx.tenantId,
      debtors: textArray(of.debtorIds),
      currency: of.currency,
      from: of.ageFrom,
      except: of.exceptPortfolioId ?? null,
      asOf: of.asOf,
      days: of.overAgeDays,
    },
  );
  return new Map(rows.map((row) => [row.debtor_id, { openMinor: row.open, overAgeMinor: row.old }]));
}

/** Advances that are out on the facility. */
export async function readFundsEmployed(tx: Tx, portfolioId: string): Promise<Minor> {
  const [row] = await tx.query<{ employed: bigint }>(
    `select coalesce(sum(employed_minor), 0)::bigint as employed from invoice
      where portfolio_id = ? and state = 'purchased'`,
    [portfolioId],
  );
  return minor(row!.employed);
}

/** The invoice of an id. Throws `not_found`. */
export async function findInvoice(tx: Tx, portfolioId: string, invoiceNo: number): Promise<Invoice> {
  const [invoice] = await readInvoices(tx, portfolioId, { invoiceNos: [invoiceNo] });
  if (invoice !== undefined) return invoice;
  throw new Refusal("not_found", `there is no invoice ${childId("iv", portfolioId, invoiceNo)}`);
}
