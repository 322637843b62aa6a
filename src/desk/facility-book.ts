import assert from "node:assert/strict";
import { portfolioOfFacility } from "../../models/facility.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { type Accruing, accrue, type FeeRules, feeRules } from "../factoring/accrual.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { feesAccrued } from "../ledger/factoring-events.js";
import { bookedDay, isAdjustment } from "../ledger/period.js";
import { formatMinor, minor, sumMinor, zeroMinor } from "../money/money.js";
import { type Facility, findFacility, readTerms } from "../store/facility.js";
import { type Invoice, readInvoices } from "../store/invoice.js";
import { type InvoiceMove, moveInvoices } from "../store/invoice-event.js";
import { appendEntries, type LedgerHead, lockLedger } from "../store/ledger.js";
import type { Context } from "./desk.js";

/** A facility with its ledger held: whoever has the book open is the only one who writes in it. */
export interface FacilityBook {
  readonly facility: Facility;
  head: LedgerHead;
  /** what was read of its invoices, as the acts of this transaction leave them */
  readonly invoices: Map<number, Invoice>;
  /** terms by version, as they are needed */
  readonly terms: Map<number, FactoringTerms>;
  readonly rules: Map<number, FeeRules>;
}

/** Opens the facility's book for writing; the head comes first, so that the terms cannot change under the act. Throws `not_found`. */
export async function openFacilityBook({ tx, now }: Context, portfolioId: string): Promise<FacilityBook> {
  const head = await lockLedger(tx, portfolioId, now);
  const facility = await findFacility(tx, portfolioId);
  return { facility, head, invoices: new Map(), terms: new Map(), rules: new Map() };
}

/** The portfolio of a facility's id. */
export const facilityPortfolio = (facilityId: string): string => portfolioOfFacility(facilityId);

/** The portfolio and number of the id of something in a facility. Throws `not_found`. */
export function childOf(prefix: string, id: string, what: string): { portfolioId: string; number: number } {
  const child = parseChildId(prefix, id);
  if (child === undefined) throw new Refusal("not_found", `there is no ${what} ${id}`);
  return child;
}

/** Throws `effective_date_refused` for a day after today, or before the day that something became possible on. */
export function assertFacilityDay(context: Context, on: string, notBefore?: { day: string; what: string }): void {
  if (parseDay(on) > context.today) {
    throw new Refusal("effective_date_refused", `${on} lies in the future; today is ${formatDay(context.today)}`);
  }
  if (notBefore !== undefined && on < notBefore.day) {
    throw new Refusal("effective_date_refused", `${on} lies before ${notBefore.what}, ${notBefore.day}`);
  }
}

/** Throws `facility_ended`. */
export function assertGoesOn({ endedOn }: Facility): void {
  if (endedOn === null) return;
  throw new Refusal("facility_ended", `the facility ended on ${endedOn}: nothing new is taken or bought`);
}

/** The invoices of these ids, bought and open. Throws `not_found`, `invoice_not_open`. */
export async function openInvoices(context: Context, book: FacilityBook, ids: readonly string[]): Promise<Invoice[]> {
  const numbers = ids.map((id) => {
    const child = childOf("iv", id, "invoice");
    if (child.portfolioId !== book.facility.portfolioId) {
      throw new Refusal("not_found", `the facility has no invoice ${id}`);
    }
    return child.number;
  });
  const twice = numbers.find((number, i) => numbers.indexOf(number) !== i);
  if (twice !== undefined) throw new Refusal("invalid_request", `${nameOf(book, twice)} stands twice in the order`);
  const invoices = await loadInvoices(context, book, numbers);
  for (const { invoiceNo, state, settledOn } of invoices) {
    if (state === "purchased") continue;
    const since = settledOn === null ? "" : ` since ${settledOn}`;
    throw new Refusal("invoice_not_open", `${nameOf(book, invoiceNo)} is ${state.replace("_", " ")}${since}`);
  }
  return invoices;
}

/** Invoices by number, in that order. Throws `not_found`. */
export async function loadInvoices(
  { tx }: Context,
  book: FacilityBook,
  numbers: readonly number[],
): Promise<Invoice[]> {
  const unread = numbers.filter((number) => !book.invoices.has(number));
  if (unread.length > 0) {
    for (const invoice of await readInvoices(tx, book.facility.portfolioId, { invoiceNos: unread })) {
      book.invoices.set(invoice.invoiceNo, invoice);
    }
  }
  return numbers.map((number) => {
    const invoice = book.invoices.get(number);
    if (invoice === undefined) throw new Refusal("not_found", `there is no ${nameOf(book, number)}`);
    return invoice;
  });
}

export function nameOf({ facility }: FacilityBook, invoiceNo: number): string {
  return `invoice ${childId("iv", facility.portfolioId, invoiceNo)}`;
}

/** The terms that an invoice was bought on. */
export async function termsOf({ tx }: Context, book: FacilityBook, invoice: Invoice): Promise<FactoringTerms> {
  const { facility } = book;
  const version = invoice.termsVersion ?? facility.termsVersion;
  if (version === facility.termsVersion) return facility.terms;
  const known = book.terms.get(version) ?? (await readTerms(tx, facility.portfolioId, version));
  book.terms.set(version, known);
  return known;
}

/** The fees of the terms that an invoice was bought on. */
export async function rulesOf(context: Context, book: FacilityBook, invoice: Invoice): Promise<FeeRules> {
  const version = invoice.termsVersion ?? book.facility.termsVersion;
  const known = book.rules.get(version) ?? feeRules(await termsOf(context, book, invoice));
  book.rules.set(version, known);
  return known;
}

export interface FacilityEvent {
  readonly draft: EntryDraft;
  /** the day of the event; booked on the first open one where the tenant's policy says so */
  readonly on: string;
  readonly sourceKind: string;
  readonly reason?: string | null;
  readonly moves: readonly InvoiceMove[];
}

/** Posts one event with what it does to invoices; returns the number of its entry. Throws `period_closed`. */
export async function postEvent({ tx, call }: Context, book: FacilityBook, event: FacilityEvent): Promise<bigint> {
  const { draft, on, sourceKind, moves } = event;
  const { portfolioId } = book.facility;
  const reason = event.reason ?? null;
  const day = bookedDay(book.head.gate, on, isAdjustment({ kind: draft.kind, reason }));
  const appended = await appendEntries(tx, book.head, {
    idempotencyKey: call.idempotencyKey,
    entries: [
      {
        ...draft,
        effectiveOn: day.effectiveOn,
        originalOn: day.originalOn,
        sourceKind,
        reason,
        receivableNo: moves.length === 1 ? moves[0]!.invoice.invoiceNo : null,
      },
    ],
  });
  book.head = appended.head;
  const sequence = appended.firstSequence;
  if (moves.length > 0) {
    const dates = { effectiveOn: day.effectiveOn, happenedOn: on };
    const after = await moveInvoices(tx, portfolioId, { sequence, kind: draft.kind, ...dates, moves });
    for (const invoice of after) book.invoices.set(invoice.invoiceNo, invoice);
  }
  return sequence;
}

function accruingOf(invoice: Invoice): Accruing {
  assert(invoice.purchasedOn !== null && invoice.segmentOn !== null, "an invoice accrues from its purchase");
  return {
    faceMinor: minor(invoice.amountMinor - invoice.paidBeforeMinor),
    advanceMinor: minor(invoice.advanceMinor),
    purchasedOn: parseDay(invoice.purchasedOn),
    firstFeeMinor: minor(invoice.firstFeeMinor),
    employedMinor: minor(invoice.now.employed),
    segmentOn: parseDay(invoice.segmentOn),
    segmentFeeMinor: minor(invoice.segmentFeeMinor),
    segmentInterestMinor: minor(invoice.segmentInterestMinor),
    feeMinor: minor(invoice.now.fee),
    interestMinor: minor(invoice.now.interest),
    unearnedMinor: minor(invoice.now.unearned),
  };
}

export interface AccruedInvoices {
  readonly sequence: bigint | null;
  readonly invoices: number;
  readonly feeMinor: bigint;
  readonly interestMinor: bigint;
  readonly earnedMinor: bigint;
}

/**
 * Charges fees and interest of invoices up to a day, in one entry. What is left of a first fee is earned at once on
 * those that are settled with the day.
 */
export async function accrueInvoices(
  context: Context,
  book: FacilityBook,
  of: { invoices: readonly Invoice[]; on: string; settled?: ReadonlySet<number> },
): Promise<AccruedInvoices> {
  const { on } = of;
  const through = parseDay(on);
  const moves: InvoiceMove[] = [];
  const [fees, interests, earnings] = [[zeroMinor], [zeroMinor], [zeroMinor]];
  for (const invoice of of.invoices) {
    const rules = await rulesOf(context, book, invoice);
    const due = accrue(accruingOf(invoice), through, rules);
    const earned = of.settled?.has(invoice.invoiceNo) ? minor(invoice.now.unearned) : due.earnedMinor;
    if (due.feeMinor === 0n && due.interestMinor === 0n && earned === 0n) continue;
    fees.push(due.feeMinor);
    interests.push(due.interestMinor);
    earnings.push(earned);
    moves.push({
      invoice,
      accruedOn: on,
      change: {
        fee: due.feeMinor,
        interest: due.interestMinor,
        reserve: -due.feeMinor - due.interestMinor,
        unearned: -earned,
      },
    });
  }
  const [feeMinor, interestMinor, earnedMinor] = [sumMinor(fees), sumMinor(interests), sumMinor(earnings)];
  if (moves.length === 0) return { sequence: null, invoices: 0, feeMinor, interestMinor, earnedMinor };
  const draft = feesAccrued({ feeMinor, interestMinor, earnedMinor }, book.facility.presentation);
  const sequence = await postEvent(context, book, { draft, on, sourceKind: "fee_accrual", moves });
  return { sequence, invoices: moves.length, feeMinor, interestMinor, earnedMinor };
}

/** The same of all that are open on a day. One that was charged further already is not charged back to it. */
export async function accrueOpen(context: Context, book: FacilityBook, on: string): Promise<AccruedInvoices> {
  const open = await readInvoices(context.tx, book.facility.portfolioId, { state: "purchased" });
  const invoices = open.filter(({ purchasedOn, accruedOn }) => purchasedOn! <= on && accruedOn! <= on);
  for (const invoice of invoices) book.invoices.set(invoice.invoiceNo, invoice);
  return accrueInvoices(context, book, { invoices, on });
}

/** What an act did, for its answer. */
export function actDone(
  book: FacilityBook,
  done: { on: string; amountMinor: bigint; invoices: number; sequences: readonly (bigint | null)[] },
) {
  const { portfolioId, currency } = book.facility;
  return {
    facility_id: portfolioId.replace(/^pf_/, "fa_"),
    currency,
    on: done.on,
    amount: formatMinor(done.amountMinor, currency),
    invoices: done.invoices,
    entry_ids: done.sequences.filter((n) => n !== null).map((n) => childId("en", portfolioId, n)),
  };
}
