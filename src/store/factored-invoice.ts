import type { FactoredInvoiceDocument, InvoiceState } from "../../models/facility.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import { plainArray, textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { mapDatabaseError } from "./database-error.js";
import type { Tx } from "./transaction.js";

/** An invoice that was assigned, with all that has happened to it. Amounts in minor units. */
export interface FactoredInvoice {
  readonly portfolioId: string;
  readonly invoiceNo: number;
  readonly scheduleNo: number;
  readonly debtorId: string;
  readonly invoiceNumber: string;
  readonly state: InvoiceState;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly amountMinor: Minor;
  readonly hasPurchaseOrder: boolean;
  readonly hasProofOfDelivery: boolean;
  readonly country: string | null;
  readonly disputed: boolean;
  readonly debtorType: string | null;
  readonly fundedOn: string | null;
  readonly faceMinor: Minor;
  readonly advanceMinor: Minor;
  readonly reserveMinor: Minor;
  readonly feeTakenMinor: Minor;
  readonly feeMinor: Minor;
  readonly interestMinor: Minor;
  /** day through which fee and interest are accrued; the day of funding at first */
  readonly accruedOn: string | null;
  readonly collectedMinor: Minor;
  readonly dilutionMinor: Minor;
  readonly releasedMinor: Minor;
  readonly chargedBackMinor: Minor;
  readonly owedMinor: Minor;
  readonly sellerPaidMinor: Minor;
  readonly lostMinor: Minor;
}

/** What the debtor still owes. */
export function outstandingOf(invoice: FactoredInvoice): Minor {
  const gone = invoice.collectedMinor + invoice.dilutionMinor + invoice.chargedBackMinor + invoice.lostMinor;
  return minor(invoice.faceMinor - gone);
}

/** What is left of the reserve; below zero until the seller is made to owe it. */
export function reserveBalanceOf(invoice: FactoredInvoice): Minor {
  const fees = invoice.feeMinor + invoice.interestMinor;
  const fromReserve = fees > invoice.feeTakenMinor ? fees - invoice.feeTakenMinor : 0n;
  const taken = invoice.dilutionMinor + fromReserve + invoice.releasedMinor + invoice.chargedBackMinor;
  return minor(invoice.reserveMinor - taken + invoice.owedMinor);
}

/** The part of the advance that collections have not covered. */
export function employedOf(invoice: FactoredInvoice): Minor {
  const out = invoice.advanceMinor - invoice.collectedMinor;
  return minor(invoice.state === "purchased" && out > 0n ? out : 0n);
}

export function factoredInvoiceDocumentOf(invoice: FactoredInvoice, currency: string): FactoredInvoiceDocument {
  const show = (amount: bigint) => formatMinor(amount, currency);
  return {
    id: childId("fi", invoice.portfolioId, invoice.invoiceNo),
    schedule_id: childId("sc", invoice.portfolioId, invoice.scheduleNo),
    debtor_id: invoice.debtorId,
    invoice_number: invoice.invoiceNumber,
    state: invoice.state,
    invoice_date: invoice.issuedOn,
    due_date: invoice.dueOn,
    amount: show(invoice.amountMinor),
    funded_on: invoice.fundedOn,
    advance: show(invoice.advanceMinor),
    reserve: show(invoice.reserveMinor),
    collected: show(invoice.collectedMinor),
    dilution: show(invoice.dilutionMinor),
    outstanding: show(outstandingOf(invoice)),
    fees: show(invoice.feeMinor + invoice.interestMinor),
    reserve_balance: show(reserveBalanceOf(invoice)),
    released: show(invoice.releasedMinor),
    charged_back: show(invoice.chargedBackMinor),
    owed_by_seller: show(invoice.owedMinor - invoice.sellerPaidMinor),
    written_off: show(invoice.lostMinor),
  };
}

interface InvoiceRow {
  portfolio_id: string;
  invoice_no: number;
  schedule_no: number;
  debtor_id: string;
  invoice_number: string;
  state: InvoiceState;
  issued_on: string;
  due_on: string;
  amount_minor: Minor;
  purchase_order: string | null;
  proof_of_delivery: boolean;
  country: string | null;
  disputed: boolean;
  debtor_type: string | null;
  funded_on: string | null;
  face_minor: Minor;
  advance_minor: Minor;
  reserve_minor: Minor;
  fee_taken_minor: Minor;
  fee_minor: Minor;
  interest_minor: Minor;
  accrued_on: string | null;
  collected_minor: Minor;
  dilution_minor: Minor;
  released_minor: Minor;
  charged_back_minor: Minor;
  owed_minor: Minor;
  seller_paid_minor: Minor;
  lost_minor: Minor;
}

function invoiceOf(row: InvoiceRow): FactoredInvoice {
  return {
    portfolioId: row.portfolio_id,
    invoiceNo: row.invoice_no,
    scheduleNo: row.schedule_no,
    debtorId: row.debtor_id,
    invoiceNumber: row.invoice_number,
    state: row.state,
    issuedOn: row.issued_on,
    dueOn: row.due_on,
    amountMinor: row.amount_minor,
    hasPurchaseOrder: row.purchase_order !== null,
    hasProofOfDelivery: row.proof_of_delivery,
    country: row.country,
    disputed: row.disputed,
    debtorType: row.debtor_type,
    fundedOn: row.funded_on,
    faceMinor: row.face_minor,
    advanceMinor: row.advance_minor,
    reserveMinor: row.reserve_minor,
    feeTakenMinor: row.fee_taken_minor,
    feeMinor: row.fee_minor,
    interestMinor: row.interest_minor,
    accruedOn: row.accrued_on,
    collectedMinor: row.collected_minor,
    dilutionMinor: row.dilution_minor,
    releasedMinor: row.released_minor,
    chargedBackMinor: row.charged_back_minor,
    owedMinor: row.owed_minor,
    sellerPaidMinor: row.seller_paid_minor,
    lostMinor: row.lost_minor,
  };
}

/** An invoice as it is submitted. */
export interface SubmittedInvoice {
  readonly invoiceNo: number;
  readonly debtorId: string;
  readonly invoiceNumber: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly amountMinor: Minor;
  readonly purchaseOrder: string | null;
  readonly proofOfDelivery: boolean;
  readonly country: string | null;
  readonly disputed: boolean;
  readonly debtorType: string | null;
}

/** Throws `invoice_already_assigned` where one of them stands in another live assignment. */
export async function insertInvoices(
  tx: Tx,
  of: { portfolioId: string; scheduleNo: number },
  invoices: readonly SubmittedInvoice[],
): Promise<void> {
  const [live] = await tx.query<{ invoice_number: string; schedule_no: number }>(
    `select i.invoice_number, i.schedule_no from factored_invoice i
       join unnest(?::text[], ?::text[]) as n(debtor_id, invoice_number)
         on n.debtor_id = i.debtor_id and n.invoice_number = i.invoice_number
      where i.portfolio_id = ? and i.state in ('submitted', 'purchased') order by i.invoice_no limit 1`,
    [textArray(invoices.map((i) => i.debtorId)), textArray(invoices.map((i) => i.invoiceNumber)), of.portfolioId],
  );
  if (live !== undefined) {
    const where = childId("sc", of.portfolioId, live.schedule_no);
    throw new Refusal("invoice_already_assigned", `invoice ${live.invoice_number} stands in schedule ${where}`);
  }
  try {
    await tx.execute(
      `insert into factored_invoice (portfolio_id, tenant_id, schedule_no, state, invoice_no, debtor_id, invoice_number,
                                     issued_on, due_on, amount_minor, purchase_order, proof_of_delivery, country,
                                     disputed, debtor_type)
       select ?, ?, ?::integer, 'submitted', * from unnest(?::integer[], ?::text[], ?::text[], ?::date[], ?::date[], ?::bigint[],
                                               ?::text[], ?::boolean[], ?::text[], ?::boolean[], ?::text[])`,
      [
        of.portfolioId,
        tx.tenantId,
        of.scheduleNo,
        plainArray(invoices.map((i) => i.invoiceNo)),
        textArray(invoices.map((i) => i.debtorId)),
        textArray(invoices.map((i) => i.invoiceNumber)),
        plainArray(invoices.map((i) => i.issuedOn)),
        plainArray(invoices.map((i) => i.dueOn)),
        plainArray(invoices.map((i) => i.amountMinor)),
        textArray(invoices.map((i) => i.purchaseOrder)),
        plainArray(invoices.map((i) => (i.proofOfDelivery ? "t" : "f"))),
        textArray(invoices.map((i) => i.country)),
        plainArray(invoices.map((i) => (i.disputed ? "t" : "f"))),
        textArray(invoices.map((i) => i.debtorType)),
      ],
    );
  } catch (error) {
    throw mapDatabaseError(error, {
      factored_invoice_one_live: ["invoice_already_assigned", "an invoice stands in another live assignment"],
    });
  }
}

export async function readInvoicesOf(
  tx: Tx,
  of: { portfolioId: string; scheduleNo?: number; state?: InvoiceState },
): Promise<FactoredInvoice[]> {
  const where = new Where()
    .add("portfolio_id = ?", of.portfolioId)
    .add("schedule_no = ?", of.scheduleNo)
    .add("state = ?", of.state);
  const rows = await tx.query<InvoiceRow>(
    `select * from factored_invoice ${where.sql} order by invoice_no`,
    where.bindings,
  );
  return rows.map(invoiceOf);
}

/** Throws `not_found`. */
export async function findInvoice(tx: Tx, portfolioId: string, invoiceNo: number): Promise<FactoredInvoice> {
  const [row] = await tx.query<InvoiceRow>("select * from factored_invoice where portfolio_id = ? and invoice_no = ?", [
    portfolioId,
    invoiceNo,
  ]);
  if (row === undefined) throw new Refusal("not_found", `there is no invoice ${childId("fi", portfolioId, invoiceNo)}`);
  return invoiceOf(row);
}

/** Those of the numbers that are there, by number. */
export async function findInvoices(
  tx: Tx,
  portfolioId: string,
  numbers: readonly number[],
): Promise<Map<number, FactoredInvoice>> {
  const rows = await tx.query<InvoiceRow>(
    "select * from factored_invoice where portfolio_id = ? and invoice_no = any(?::integer[]) order by invoice_no",
    [portfolioId, plainArray(numbers)],
  );
  return new Map(rows.map((row) => [row.invoice_no, invoiceOf(row)]));
}

export async function listInvoices(
  tx: Tx,
  facility: { portfolioId: string; currency: string },
  request: PageRequest & {
    scheduleNo?: number | undefined;
    state?: InvoiceState | undefined;
    debtorId?: string | undefined;
  },
): Promise<Page<FactoredInvoiceDocument>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", facility.portfolioId)
    .add("schedule_no = ?", request.scheduleNo)
    .add("state = ?", request.state)
    .add("debtor_id = ?", request.debtorId)
    .add("invoice_no > ?", after?.[0]);
  const rows = await tx.query<InvoiceRow>(`select * from factored_invoice ${where.sql} order by invoice_no limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, {
    document: (row) => factoredInvoiceDocumentOf(invoiceOf(row), facility.currency),
    key: (row) => [row.invoice_no],
  });
}

/** Writes back what has become of invoices. Whoever calls holds the ledger's head. */
export async function updateInvoices(tx: Tx, portfolioId: string, invoices: readonly FactoredInvoice[]): Promise<void> {
  const amounts = (of: (invoice: FactoredInvoice) => bigint) => plainArray(invoices.map(of));
  await tx.execute(
    `update factored_invoice i set state = n.state, funded_on = n.funded_on, face_minor = n.face, advance_minor = n.advance,
            reserve_minor = n.reserve, fee_taken_minor = n.taken, fee_minor = n.fee, interest_minor = n.interest,
            accrued_on = n.accrued_on, collected_minor = n.collected, dilution_minor = n.dilution,
            released_minor = n.released, charged_back_minor = n.charged_back, owed_minor = n.owed,
            seller_paid_minor = n.seller_paid, lost_minor = n.lost
       from unnest(?::integer[], ?::text[], ?::date[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                   ?::bigint[], ?::date[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                   ?::bigint[])
            as n(invoice_no, state, funded_on, face, advance, reserve, taken, fee, interest, accrued_on, collected,
                 dilution, released, charged_back, owed, seller_paid, lost)
      where i.portfolio_id = ? and i.invoice_no = n.invoice_no`,
    [
      plainArray(invoices.map((i) => i.invoiceNo)),
      plainArray(invoices.map((i) => i.state)),
      plainArray(invoices.map((i) => i.fundedOn)),
      amounts((i) => i.faceMinor),
      amounts((i) => i.advanceMinor),
      amounts((i) => i.reserveMinor),
      amounts((i) => i.feeTakenMinor),
      amounts((i) => i.feeMinor),
      amounts((i) => i.interestMinor),
      plainArray(invoices.map((i) => i.accruedOn)),
      amounts((i) => i.collectedMinor),
      amounts((i) => i.dilutionMinor),
      amounts((i) => i.releasedMinor),
      amounts((i) => i.chargedBackMinor),
      amounts((i) => i.owedMinor),
      amounts((i) => i.sellerPaidMinor),
      amounts((i) => i.lostMinor),
      portfolioId,
    ],
  );
}

const balanceSql = `reserve_minor - dilution_minor - greatest(0, fee_minor + interest_minor - fee_taken_minor)
  - released_minor - charged_back_minor + owed_minor`;
const outstandingSql = "face_minor - collected_minor - dilution_minor - charged_back_minor - lost_minor";

/** All reserves of a facility, and what debtors still owe on its invoices. */
export async function sumReserves(
  tx: Tx,
  portfolioId: string,
): Promise<{ readonly balanceMinor: Minor; readonly outstandingMinor: Minor }> {
  const [row] = await tx.query<{ balance: Minor; outstanding: Minor }>(
    `select coalesce(sum(${balanceSql}), 0)::bigint as balance, coalesce(sum(${outstandingSql}), 0)::bigint as outstanding
       from factored_invoice where portfolio_id = ?`,
    [portfolioId],
  );
  return { balanceMinor: row!.balance, outstandingMinor: row!.outstanding };
}

/** Invoices that debtors owe nothing on any more, and whose reserve is not yet zero; in the order they were assigned. */
export async function readWithReserveLeft(tx: Tx, portfolioId: string): Promise<FactoredInvoice[]> {
  const rows = await tx.query<InvoiceRow>(
    `select * from factored_invoice
      where portfolio_id = ? and state in ('paid', 'charged_back', 'written_off') and ${balanceSql} <> 0
      order by invoice_no`,
    [portfolioId],
  );
  return rows.map(invoiceOf);
}

/** What is outstanding of each debtor, over every facility of the tenant. */
export async function outstandingByDebtor(tx: Tx): Promise<Map<string, Minor>> {
  const rows = await tx.query<{ debtor_id: string; outstanding: Minor }>(
    `select debtor_id, sum(${outstandingSql})::bigint as outstanding
       from factored_invoice where state = 'purchased' group by debtor_id`,
    [],
  );
  return new Map(rows.map((row) => [row.debtor_id, row.outstanding]));
}

/** One thing that happened to an invoice and moved money: it has the number of the entry that booked it. */
export interface FactoringEvent {
  readonly sequence: bigint;
  readonly invoiceNo: number;
  readonly kind: string;
  readonly amountMinor: bigint;
  readonly happenedOn: string;
  readonly reasonCode: string | null;
  readonly note: string | null;
}

export async function insertEvents(
  tx: Tx,
  of: { portfolioId: string; recordedAt: string },
  events: readonly FactoringEvent[],
): Promise<void> {
  await tx.execute(
    `insert into factoring_event (portfolio_id, tenant_id, recorded_at, sequence, invoice_no, kind, amount_minor,
                                  happened_on, reason_code, note)
     select ?, ?, ?::timestamptz, * from unnest(?::bigint[], ?::integer[], ?::text[], ?::bigint[], ?::date[], ?::text[], ?::text[])`,
    [
      of.portfolioId,
      tx.tenantId,
      of.recordedAt,
      plainArray(events.map((e) => e.sequence)),
      plainArray(events.map((e) => e.invoiceNo)),
      plainArray(events.map((e) => e.kind)),
      plainArray(events.map((e) => e.amountMinor)),
      plainArray(events.map((e) => e.happenedOn)),
      textArray(events.map((e) => e.reasonCode)),
      textArray(events.map((e) => e.note)),
    ],
  );
}
