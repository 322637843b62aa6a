import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { dilutionReserve, facilityRoom } from "../factoring/borrowing-base.js";
import { scheduleBase } from "../factoring/schedule-base.js";
import { fraction, shareOf } from "../money/fraction.js";
import { formatMinor, parseMinor, sumMinor } from "../money/money.js";
import { findFacility } from "../store/facility.js";
import { employedOf, listInvoices, readInvoicesOf, reserveBalanceOf } from "../store/factored-invoice.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import { childOf, facilityOfInput, offeredOf } from "./facility-book.js";
import { isEnded, reservePool } from "./release-reserve.js";

/** Refuses `not_found`. */
export const listFactoredInvoices = implement("list-factored-invoices", async ({ tx }, input) => {
  const facility = await findFacility(tx, facilityOfInput(input));
  const schedule = input.schedule_id === undefined ? undefined : childOf("sc", input.schedule_id);
  if (schedule !== undefined && schedule.portfolioId !== facility.portfolioId) {
    throw new Refusal("not_found", `the facility has no schedule ${input.schedule_id}`);
  }
  const scheduleNo = schedule?.number;
  return listInvoices(tx, facility, { ...input, scheduleNo, debtorId: input.debtor_id });
});

/** Refuses `not_found`. */
export const showAvailability = implement("show-availability", async ({ tx, today }, input) => {
  const facility = await findFacility(tx, facilityOfInput(input));
  const { terms, currency, portfolioId } = facility;
  const asOf = input.as_of === undefined ? today : parseDay(input.as_of);
  const invoices = await readInvoicesOf(tx, { portfolioId, state: "purchased" });
  const base = scheduleBase(invoices.map(offeredOf), null, { terms, asOf });
  const { eligibility, advance_rate: advanceRate, opened } = terms;
  const rates = { dilution: fraction(eligibility.dilution_rate), norm: fraction(eligibility.dilution_norm) };
  const fundsEmployedMinor = sumMinor(invoices.map(employedOf));
  const room = facilityRoom({
    eligibleMinor: base.eligibleMinor,
    advanceRate: fraction(advanceRate),
    reservesMinor: shareOf(dilutionReserve(base.eligibleMinor, rates), fraction(advanceRate)),
    limitMinor: opened.facility_limit === null ? null : parseMinor(opened.facility_limit, currency),
    fundsEmployedMinor,
  });
  const show = (amount: bigint) => formatMinor(amount, currency);
  return {
    facility_id: input.facility_id,
    as_of: formatDay(asOf),
    currency,
    outstanding: show(base.grossMinor),
    eligible: show(base.eligibleMinor),
    base: base.steps.map(({ step, removedMinor, remainingMinor }) => ({
      step,
      removed: show(removedMinor),
      remaining: show(remainingMinor),
    })),
    borrowing_base: show(room.borrowingBaseMinor),
    funds_employed: show(fundsEmployedMinor),
    facility_limit: opened.facility_limit,
    availability: show(room.availabilityMinor),
    over_advance: show(room.overAdvanceMinor),
  };
});

/** Refuses `not_found`. */
export const showReserve = implement("show-reserve", async ({ tx }, input) => {
  const facility = await findFacility(tx, facilityOfInput(input));
  const { portfolioId, currency } = facility;
  const invoices = await readInvoicesOf(tx, { portfolioId });
  const balances = await readBalances(tx, portfolioId);
  const pool = await reservePool(tx, facility);
  const show = (amount: bigint) => formatMinor(amount, currency);
  const sum = (of: (invoice: (typeof invoices)[number]) => bigint) =>
    show(invoices.reduce((total, invoice) => total + of(invoice), 0n));
  const paid = invoices.filter(({ state }) => isEnded(state));
  const free = paid.reduce((total, invoice) => {
    const balance = reserveBalanceOf(invoice);
    return total + (balance > 0n ? balance : 0n);
  }, 0n);
  const over = pool.balanceMinor - pool.floorMinor;
  const releasable = over < free ? over : free;
  return {
    facility_id: input.facility_id,
    currency,
    held: sum((invoice) => invoice.reserveMinor),
    fees: sum(({ feeMinor, interestMinor, feeTakenMinor }) => {
      const fees = feeMinor + interestMinor;
      return fees > feeTakenMinor ? fees - feeTakenMinor : 0n;
    }),
    dilution: sum((invoice) => invoice.dilutionMinor),
    released: sum((invoice) => invoice.releasedMinor),
    charged_back: sum((invoice) => invoice.chargedBackMinor),
    balance: show(pool.balanceMinor),
    ledger_balance: show(-(balances.get("2200") ?? 0n)),
    pooled_floor: show(pool.floorMinor),
    releasable: show(releasable > 0n ? releasable : 0n),
    owed_by_seller: sum((invoice) => invoice.owedMinor - invoice.sellerPaidMinor),
  };
});
