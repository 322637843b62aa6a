import { formatDay } from "../calendar/day.js";
import { dilutionReserve, facilityRoom } from "../factoring/borrowing-base.js";
import { type JudgedInvoice, scheduleBase } from "../factoring/schedule-base.js";
import { fraction } from "../money/fraction.js";
import { formatMinor, parseMinor, sumMinor, zeroMinor } from "../money/money.js";
import { type OpenInvoice, readOpenInvoices } from "../store/invoice-moment.js";
import { implement } from "./act.js";
import { facilityAt, momentHead } from "./facility-moment.js";
import { asTheyWere } from "./facility-past.js";
import { knownDebtors } from "./schedule-offer.js";

/**
 * The borrowing base of a facility on a day, step by step, and what may still be drawn or is drawn too much.
 *
 * All is taken as it stood: invoices, their disputes, papers and verification, what other facilities had of a debtor, and
 * its limit.
 */
export const reportAvailability = implement("report-availability", async (context, input) => {
  const moment = await facilityAt(context, input);
  const { facility, terms, asOf } = moment;
  const { currency } = facility;
  const { portfolioId } = facility;
  const kept = await readOpenInvoices(context.tx, portfolioId, moment.book);
  const open =
    moment.past === undefined ? kept : await asTheyWere(context.tx, portfolioId, { invoices: kept, at: moment.past });
  const debtors = await knownDebtors(
    context.tx,
    { ...facility, terms },
    { invoices: open, asOf, lock: false, elsewhere: true, past: moment.past },
  );
  const base = scheduleBase(open.map(judgedInvoice), debtors, { terms, asOf });
  const { dilution_rate, dilution_norm } = terms.eligibility;
  const advanceRate = fraction(terms.advance_rate);
  const reservesMinor = dilutionReserve(base.eligibleMinor, {
    dilution: fraction(dilution_rate),
    norm: fraction(dilution_norm),
  });
  const limit = terms.opened.facility_limit;
  const fundsEmployedMinor = sumMinor(open.map(({ employedMinor }) => employedMinor));
  const room = facilityRoom({
    eligibleMinor: base.eligibleMinor,
    advanceRate,
    reservesMinor,
    limitMinor: limit === null ? null : parseMinor(limit, currency),
    fundsEmployedMinor,
  });
  const show = (amount: bigint) => formatMinor(amount, currency);
  return {
    ...momentHead(moment),
    gross: show(base.grossMinor),
    base: base.steps.map(({ step, removedMinor, remainingMinor }) => ({
      step,
      removed: show(removedMinor),
      remaining: show(remainingMinor),
    })),
    eligible: show(base.eligibleMinor),
    dilution_reserve: show(reservesMinor),
    borrowing_base: show(room.borrowingBaseMinor),
    facility_limit: limit,
    funds_employed: show(fundsEmployedMinor),
    availability: show(room.availabilityMinor),
    over_advance: show(room.overAdvanceMinor),
  };
});

/** A bought invoice as eligibility sees it: what counts is what is left of it. */
function judgedInvoice(invoice: OpenInvoice): JudgedInvoice {
  // named one by one: to spread a hundred thousand of them takes a third of a second
  return {
    debtorId: invoice.debtorId,
    issuedOn: invoice.issuedOn,
    dueOn: invoice.dueOn,
    amountMinor: invoice.openMinor,
    paidMinor: zeroMinor,
    hasPurchaseOrder: invoice.hasPurchaseOrder,
    hasProofOfDelivery: invoice.hasProofOfDelivery,
    country: invoice.country,
    disputed: invoice.disputed,
    disputedMinor: invoice.disputedMinor,
    verified: invoice.verified,
    debtorType: invoice.debtorType,
    alreadyAssigned: false,
    settled: false,
  };
}

const bounds = [30, 60, 90, 120] as const;
const bucketNames = ["0-30", "31-60", "61-90", "91-120", "over 120"] as const;

function bucketOf(age: number): number {
  const found = bounds.findIndex((bound) => age <= bound);
  return found < 0 ? bucketNames.length - 1 : found;
}

/** Open invoices of a facility on a day by their age, from the day that its terms count from, and by debtor. */
export const reportFacilityAging = implement("report-facility-aging", async (context, input) => {
  const moment = await facilityAt(context, input);
  const { terms, asOf, facility } = moment;
  const { age_from: ageFrom, over_age_days: maxAge } = terms.eligibility;
  const buckets = bucketNames.map((bucket) => ({ bucket, invoices: 0, open: 0n, employed: 0n }));
  const debtors = new Map<string, { invoices: number; open: bigint; old: bigint; oldest: number }>();
  let total = 0n;
  for (const invoice of await readOpenInvoices(context.tx, facility.portfolioId, moment.book)) {
    const { issuedOn, dueOn, openMinor: open, employedMinor: employed } = invoice;
    const age = asOf - (ageFrom === "invoice_date" ? issuedOn : dueOn);
    const bucket = buckets[bucketOf(age)]!;
    bucket.invoices += 1;
    bucket.open += open;
    bucket.employed += employed;
    total += open;
    const debtor = debtors.get(invoice.debtorId) ?? { invoices: 0, open: 0n, old: 0n, oldest: age };
    debtors.set(invoice.debtorId, {
      invoices: debtor.invoices + 1,
      open: debtor.open + open,
      old: debtor.old + (maxAge !== null && age > maxAge ? open : 0n),
      oldest: Math.max(debtor.oldest, age),
    });
  }
  const show = (amount: bigint) => formatMinor(amount, facility.currency);
  const sorted = [...debtors].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = momentHead(moment);
  return {
    ...head,
    as_of: formatDay(asOf),
    age_from: ageFrom,
    buckets: buckets.map(({ bucket, invoices, open, employed }) => ({
      bucket,
      invoices,
      open: show(open),
      funds_employed: show(employed),
    })),
    debtors: sorted.map(([debtor_id, { invoices, open, old, oldest }]) => ({
      debtor_id,
      invoices,
      open: show(open),
      over_age: show(old),
      oldest_days: oldest,
    })),
    open: show(total),
  };
});
