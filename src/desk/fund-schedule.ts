import type { FactoringOffer } from "../../models/factoring-offer.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { feeRules } from "../factoring/accrual.js";
import { feeOn } from "../factoring/funding.js";
import { scheduleBase } from "../factoring/schedule-base.js";
import { invoicesPurchased } from "../ledger/factoring-events.js";
import { formatMinor, minor, parseMinor, sumMinor, zeroMinor } from "../money/money.js";
import { releaseAssignments } from "../store/assignment.js";
import { readTerms } from "../store/facility.js";
import { type Invoice, readFundsEmployed, readInvoices, setInvoiceState } from "../store/invoice.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import { findOffer, type Schedule, type StoredOffer, saveSchedule, scheduleDocumentOf } from "../store/schedule.js";
import { implement } from "./act.js";
import { assertScheduleState, lockSchedule } from "./check-schedule.js";
import type { Context } from "./desk.js";
import { assertGoesOn, childOf, type FacilityBook, nameOf, openFacilityBook, postEvent } from "./facility-book.js";
import { knownDebtors, offeredInvoice } from "./schedule-offer.js";

/**
 * Buys the invoices of an offer and pays the seller. What is bought, and for how much, is what the offer says; that it still
 * may be is looked at again, with the debtors held, so that no two facilities use up one limit together.
 *
 * Guards in this order: the facility (`facility_ended`), the schedule (`schedule_state`, also when it was funded before), the offer (`not_found`,
 * `offer_expired`, `offer_outdated` where newer terms hold, or an invoice is not eligible any more), the facility's room
 * (`over_availability`), what is paid out (`amount_not_available`), then the month (`period_closed`).
 */
export const fundSchedule = implement("fund-schedule", async (context, input) => {
  const { tx, today, now } = context;
  const { portfolioId } = childOf("sc", input.schedule_id, "schedule");
  const book = await openFacilityBook(context, portfolioId);
  assertGoesOn(book.facility);
  const { schedule } = await lockSchedule(context, input.schedule_id);
  const offered = await acceptedOffer(context, book, { schedule, version: input.offer_version });
  const invoices = await readInvoices(tx, portfolioId, { scheduleNo: schedule.scheduleNo, state: "submitted" });
  const bought = boughtInvoices(book, invoices, offered);
  await assertStillEligible(context, book, { invoices: bought.map(({ invoice }) => invoice), offered });
  await assertRoom(context, book, bought);

  const on = formatDay(today);
  const chargesMinor = parseMinor(offered.document.offer.upfront_charges, book.facility.currency);
  const faceMinor = sumMinor(bought.map((line) => line.faceMinor));
  const advanceMinor = sumMinor(bought.map((line) => line.advanceMinor));
  const feeMinor = sumMinor(bought.map((line) => line.firstFeeMinor));
  const reserveMinor = minor(faceMinor - advanceMinor);
  assertPaysOut(minor(advanceMinor - feeMinor - chargesMinor), book.facility.currency);
  const sequence = await postEvent(context, book, {
    draft: invoicesPurchased({ faceMinor, reserveMinor, feeMinor, chargesMinor }, book.facility.presentation),
    on,
    sourceKind: "schedule",
    moves: bought.map((line) => moveOf(line, { on, termsVersion: offered.termsVersion })),
  });
  const boughtNos = new Set(bought.map(({ invoice }) => invoice.invoiceNo));
  const left = invoices.filter(({ invoiceNo }) => !boughtNos.has(invoiceNo)).map(({ invoiceNo }) => invoiceNo);
  await releaseAssignments(tx, portfolioId, { invoiceNos: left, at: now, reason: "not bought" });
  await setInvoiceState(tx, portfolioId, { invoiceNos: left, state: "released" });
  const funded = await saveSchedule(tx, portfolioId, schedule, {
    state: "funded",
    fundedOn: on,
    fundedSequence: sequence,
    faceMinor,
    advanceMinor,
    feeMinor,
    chargesMinor,
  });
  return scheduleDocumentOf({ ...funded, openMinor: faceMinor }, book.facility);
});

async function acceptedOffer(
  { tx, today }: Context,
  { facility }: FacilityBook,
  of: { schedule: Schedule; version: number | undefined },
): Promise<StoredOffer> {
  const { schedule } = of;
  assertScheduleState(schedule, ["approved"], "be funded");
  const { scheduleNo, offerVersion } = schedule;
  if (offerVersion === 0) throw new Refusal("schedule_state", "no offer was made on the schedule: make one first");
  const offered = await findOffer(tx, facility.portfolioId, { scheduleNo, version: of.version ?? offerVersion });
  if (offered.version !== offerVersion) {
    throw new Refusal("offer_outdated", `offer ${offered.version} was followed by offer ${offerVersion}`);
  }
  if (today > parseDay(offered.expiresOn)) {
    throw new Refusal("offer_expired", `the offer stood until ${offered.expiresOn}; today is ${formatDay(today)}`);
  }
  if (offered.termsVersion !== facility.termsVersion) {
    const [then, now] = [offered.termsVersion, facility.termsVersion];
    throw new Refusal("offer_outdated", `the offer rests on terms ${then}; terms ${now} hold now`);
  }
  return offered;
}

interface BoughtInvoice {
  readonly invoice: Invoice;
  readonly faceMinor: ReturnType<typeof minor>;
  readonly advanceMinor: ReturnType<typeof minor>;
  readonly firstFeeMinor: ReturnType<typeof minor>;
}

function boughtInvoices(book: FacilityBook, invoices: readonly Invoice[], offered: StoredOffer): BoughtInvoice[] {
  const { terms, currency } = book.facility;
  const { fees } = feeRules(terms);
  const atFunding = terms.fee_schedule.collected_at === "funding";
  const lines = new Map(offered.document.invoices.map((line) => [keyOf(line), line]));
  const bought = invoices.flatMap((invoice): BoughtInvoice[] => {
    const line = lines.get(keyOf({ debtor_id: invoice.debtorId, invoice_number: invoice.invoiceNumber }));
    if (line === undefined || !line.selected) return [];
    const faceMinor = minor(invoice.amountMinor - invoice.paidBeforeMinor);
    const advanceMinor = parseMinor(line.advance, currency);
    const firstFeeMinor = atFunding ? feeOn({ faceMinor, advanceMinor }, fees, 0) : zeroMinor;
    return [{ invoice, faceMinor, advanceMinor, firstFeeMinor }];
  });
  if (bought.length > 0) return bought;
  throw new Refusal("offer_outdated", "the offer buys no invoice: none is eligible, or the facility has no room");
}

type OfferedLine = Pick<FactoringOffer["invoices"][number], "debtor_id" | "invoice_number">;
const keyOf = ({ debtor_id, invoice_number }: OfferedLine) => `${debtor_id}\u0000${invoice_number}`;

async function assertStillEligible(
  { tx, today }: Context,
  book: FacilityBook,
  of: { invoices: readonly Invoice[]; offered: StoredOffer },
): Promise<void> {
  const { facility } = book;
  const terms = await readTerms(tx, facility.portfolioId, of.offered.termsVersion);
  const debtors = await knownDebtors(tx, facility, { invoices: of.invoices, asOf: today, lock: true });
  const base = scheduleBase(of.invoices.map(offeredInvoice), debtors, { terms, asOf: today });
  const lines = new Map(of.offered.document.invoices.map((line) => [keyOf(line), line]));
  const items = of.invoices.flatMap((invoice, i) => {
    const line = lines.get(keyOf({ debtor_id: invoice.debtorId, invoice_number: invoice.invoiceNumber }))!;
    const left = base.eligible[i]!;
    // a smaller set has a smaller cap of concentration: that the offer was for more is no reason
    const reasons = base.reasons[i]!.filter(({ code, removedMinor }) => code !== "concentration" && removedMinor > 0n);
    if (reasons.length === 0 || left >= parseMinor(line.eligible_amount, facility.currency)) return [];
    const detail = `${nameOf(book, invoice.invoiceNo)}: ${reasons[0]!.message}`;
    return [{ pointer: `/invoices/${invoice.invoiceNumber}`, code: reasons[0]!.code, detail }];
  });
  if (items.length === 0) return;
  const others = items.length === 1 ? "" : ` (and ${items.length - 1} more)`;
  throw new Refusal("offer_outdated", `${items[0]!.detail}${others}`, items.slice(0, 100));
}

async function assertRoom({ tx }: Context, { facility }: FacilityBook, bought: readonly BoughtInvoice[]) {
  const { currency, terms } = facility;
  const limit = terms.opened.facility_limit;
  if (limit === null) return;
  const employedMinor = await readFundsEmployed(tx, facility.portfolioId);
  const advanceMinor = sumMinor(bought.map((line) => line.advanceMinor));
  const room = parseMinor(limit, currency) - employedMinor;
  if (advanceMinor <= room) return;
  const [wanted, left] = [advanceMinor, room > 0n ? room : 0n].map((amount) => formatMinor(amount, currency));
  throw new Refusal(
    "over_availability",
    `${wanted} ${currency} are to be advanced; the limit of ${limit} leaves ${left}`,
  );
}

function assertPaysOut(netFundedMinor: bigint, currency: string): void {
  if (netFundedMinor >= 0n) return;
  const over = formatMinor(-netFundedMinor, currency);
  throw new Refusal("amount_not_available", `fee and charges are ${over} ${currency} more than the advance`);
}

function moveOf(line: BoughtInvoice, { on, termsVersion }: { on: string; termsVersion: number }): InvoiceMove {
  const { invoice, faceMinor, advanceMinor, firstFeeMinor } = line;
  return {
    invoice: { ...invoice, purchasedOn: on, termsVersion, advanceMinor, firstFeeMinor },
    state: "purchased",
    accruedOn: on,
    segmentOn: on,
    change: {
      open: faceMinor,
      reserve: faceMinor - advanceMinor,
      employed: advanceMinor,
      unearned: firstFeeMinor,
      fee: firstFeeMinor,
    },
  };
}
