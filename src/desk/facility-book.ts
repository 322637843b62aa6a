import { parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { feeSchedule, interestOf } from "../factoring/fee-schedule.js";
import type { OfferedInvoice } from "../factoring/schedule-base.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { feeAccrued } from "../ledger/factoring-events.js";
import { shareOf } from "../money/fraction.js";
import { lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import { type Facility, findFacility, portfolioIdOf } from "../store/facility.js";
import {
  employedOf,
  type FactoredInvoice,
  findInvoice,
  insertEvents,
  outstandingOf,
  updateInvoices,
} from "../store/factored-invoice.js";
import { findSchedule, type Schedule } from "../store/factoring-schedule.js";
import { type LedgerHead, lockLedger } from "../store/ledger.js";
import type { Context } from "./desk.js";
import { addEntries } from "./portfolio-book.js";

/** A facility with its ledger held: whoever has it open is the only one who writes in it. */
export interface FacilityBook {
  readonly facility: Facility;
  head: LedgerHead;
}

/** Throws `not_found`. */
export async function openFacilityBook({ tx, now }: Context, portfolioId: string): Promise<FacilityBook> {
  // the facility is read before its ledger is held only to say what is not there
  await findFacility(tx, portfolioId);
  const head = await lockLedger(tx, portfolioId, now);
  return { head, facility: await findFacility(tx, portfolioId) };
}

export function facilityOfInput({ facility_id: id }: { facility_id: string }): string {
  return portfolioIdOf(id);
}

/** The facility's portfolio and the number that an id names. Throws `not_found` for an id that is none. */
export function childOf(prefix: "sc" | "fi", id: string): { portfolioId: string; number: number } {
  const child = parseChildId(prefix, id);
  if (child === undefined) throw new Refusal("not_found", `there is no ${id}`);
  return child;
}

/** The facility with the ledger held, and one of its schedules. Throws `not_found`. */
export async function openSchedule(
  context: Context,
  scheduleId: string,
): Promise<{ book: FacilityBook; schedule: Schedule }> {
  const { portfolioId, number } = childOf("sc", scheduleId);
  const book = await openFacilityBook(context, portfolioId);
  return { book, schedule: await findSchedule(context.tx, portfolioId, number) };
}

/** The facility with the ledger held, and one of its invoices. Throws `not_found`. */
export async function openInvoice(
  context: Context,
  invoiceId: string,
): Promise<{ book: FacilityBook; invoice: FactoredInvoice }> {
  const { portfolioId, number } = childOf("fi", invoiceId);
  const book = await openFacilityBook(context, portfolioId);
  return { book, invoice: await findInvoice(context.tx, portfolioId, number) };
}

/**
 * The day of something that happens to an invoice. Throws `effective_date_refused` for a day after today, before the
 * funding, or before one through which fees are accrued already.
 */
export function eventDay({ today }: Context, invoice: FactoredInvoice, on: string): Day {
  const day = parseDay(on);
  if (day > today) {
    throw new Refusal("effective_date_refused", `${on} lies in the future; today is ${formatDay(today)}`);
  }
  if (invoice.fundedOn !== null && on < invoice.fundedOn) {
    throw new Refusal("effective_date_refused", `${on} lies before the day of funding, ${invoice.fundedOn}`);
  }
  if (invoice.accruedOn !== null && on < invoice.accruedOn) {
    throw new Refusal(
      "effective_date_refused",
      `${on} lies before ${invoice.accruedOn}, through which fees are accrued`,
    );
  }
  return day;
}

export interface Accrual {
  readonly invoice: FactoredInvoice;
  readonly amountMinor: Minor;
  /** null where nothing is accrued */
  readonly draft: EntryDraft | null;
}

/**
 * Fee and interest through a day. The fee is that of the day less what was accrued; interest runs on what of the advance
 * collections have not covered since it was last accrued.
 */
export function accrual(invoice: FactoredInvoice, { terms }: Facility, day: Day): Accrual {
  const fees = feeSchedule(terms.fee_schedule, terms.currency);
  const due = fees.feeOn(invoice, day - parseDay(invoice.fundedOn!));
  const feeMinor = due > invoice.feeMinor ? due : invoice.feeMinor;
  const since = day - parseDay(invoice.accruedOn!);
  const interest = shareOf(employedOf(invoice), interestOf(terms.interest).shareFor(since));
  const interestMinor = minor(invoice.interestMinor + interest);
  const [before, after] = [minor(invoice.feeMinor + invoice.interestMinor), minor(feeMinor + interestMinor)];
  const taken = (total: Minor) => lesserMinor(total, invoice.feeTakenMinor);
  const fromDeferredMinor = minor(taken(after) - taken(before));
  const amountMinor = minor(after - before);
  return {
    invoice: { ...invoice, feeMinor, interestMinor, accruedOn: formatDay(day) },
    amountMinor,
    draft:
      amountMinor === 0n
        ? null
        : feeAccrued({ fromDeferredMinor, fromReserveMinor: minor(amountMinor - fromDeferredMinor) }),
  };
}

/** One event of an invoice as it is to be booked. */
export interface InvoiceEvent {
  readonly invoiceNo: number;
  readonly draft: EntryDraft;
  readonly amountMinor: bigint;
  readonly on: string;
  readonly reasonCode?: string | undefined;
  readonly note?: string | undefined;
}

/** Posts events, keeps each beside its entry, and writes back what has become of the invoices. */
export async function bookInvoiceEvents(
  context: Context,
  book: FacilityBook,
  of: { events: readonly InvoiceEvent[]; invoices: readonly FactoredInvoice[] },
): Promise<bigint> {
  const { tx } = context;
  const { portfolioId } = book.facility;
  let first = 0n;
  if (of.events.length > 0) {
    first = await addEntries(
      context,
      book,
      of.events.map(({ draft, on }) => ({ ...draft, effectiveOn: on, sourceKind: "factored_invoice" })),
    );
    const kept = of.events.map((event, i) => ({
      sequence: first + BigInt(i),
      invoiceNo: event.invoiceNo,
      kind: event.draft.kind,
      amountMinor: event.amountMinor,
      happenedOn: event.on,
      reasonCode: event.reasonCode ?? null,
      note: event.note ?? null,
    }));
    await insertEvents(tx, { portfolioId, recordedAt: book.head.recordedAt }, kept);
  }
  await updateInvoices(tx, portfolioId, of.invoices);
  return first;
}

/** An invoice on the books as an offer looks at it: what is still open of it. */
export function offeredOf(invoice: FactoredInvoice): OfferedInvoice {
  return {
    invoiceNumber: invoice.invoiceNumber,
    debtorId: invoice.debtorId,
    issuedOn: parseDay(invoice.issuedOn),
    dueOn: parseDay(invoice.dueOn),
    amountMinor: invoice.state === "purchased" ? outstandingOf(invoice) : invoice.amountMinor,
    paidMinor: zeroMinor,
    hasPurchaseOrder: invoice.hasPurchaseOrder,
    hasProofOfDelivery: invoice.hasProofOfDelivery,
    country: invoice.country,
    disputed: invoice.disputed,
    debtorType: invoice.debtorType,
    alreadyAssigned: false,
    settled: false,
    expectedDays: null,
  };
}
