import { bandsOf, type FactoringTerms } from "../../models/factoring-terms.js";
import type { Day } from "../calendar/day.js";
import { plus, shareOf, times } from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";
import { type FeeSchedule, feeSchedule, type Interest, interestOf } from "./fee-schedule.js";

/** What fees of a bought invoice are reckoned from. */
export interface Accruing {
  readonly faceMinor: Minor;
  readonly advanceMinor: Minor;
  readonly purchasedOn: Day;
  /** taken out of the advance; zero where fees are collected at settlement */
  readonly firstFeeMinor: Minor;
  /** funds employed since `segmentOn` */
  readonly employedMinor: Minor;
  /** the day that the funds employed last changed; the day of the purchase at first */
  readonly segmentOn: Day;
  /** fees and interest charged up to that day */
  readonly segmentFeeMinor: Minor;
  readonly segmentInterestMinor: Minor;
  /** charged so far */
  readonly feeMinor: Minor;
  readonly interestMinor: Minor;
  readonly unearnedMinor: Minor;
}

/** What charging up to a day adds; below zero where it takes back what was charged for days that did not come. */
export interface Accrued {
  readonly feeMinor: Minor;
  readonly interestMinor: Minor;
  /** of the first fee */
  readonly earnedMinor: Minor;
}

/** The fees of terms made ready: the same for a thousand invoices. */
export interface FeeRules {
  readonly fees: FeeSchedule;
  readonly interest: Interest;
  /** days over which a fee taken at funding is earned */
  readonly initialDays: number;
}

export function feeRules(terms: FactoringTerms): FeeRules {
  const { fee_schedule: schedule, currency } = terms;
  const bands = bandsOf(schedule);
  const firstBand = bands?.[0]?.to ?? schedule.initial_days;
  return {
    fees: feeSchedule(schedule, currency),
    interest: interestOf(terms.interest),
    initialDays: bands === undefined ? schedule.initial_days : Math.max(1, firstBand),
  };
}

/**
 * Charges fees and interest up to a day, and earns the fee that was taken at funding.
 *
 * Every figure is what it comes to on the day less what was charged before: so it does not matter how often it is done,
 * nor whether some days were skipped, and a payment that is recorded late takes back what was charged for days after it.
 * Fees on face or advance follow the schedule from the purchase; what is on funds employed is reckoned anew from each
 * day on which those changed.
 *
 * @param through not before `segmentOn`: an earlier day counts as that one
 */
export function accrue(invoice: Accruing, through: Day, { fees, interest, initialDays }: FeeRules): Accrued {
  const day = through < invoice.segmentOn ? invoice.segmentOn : through;
  const age = day - invoice.purchasedOn;
  const owed = shareOf(invoice.employedMinor, interest.shareFor(day - invoice.segmentOn));
  return {
    feeMinor: minor(feeThrough(invoice, age, fees) - invoice.feeMinor),
    interestMinor: minor(invoice.segmentInterestMinor + owed - invoice.interestMinor),
    earnedMinor: minor(invoice.unearnedMinor - unearnedAfter(invoice.firstFeeMinor, age, initialDays)),
  };
}

function feeThrough(invoice: Accruing, age: number, fees: FeeSchedule): bigint {
  if (fees.basis !== "funds_employed") return fees.feeOn(invoice, age);
  const segmentAge = invoice.segmentOn - invoice.purchasedOn;
  const isFirst = invoice.segmentFeeMinor === invoice.firstFeeMinor && segmentAge === 0;
  if (isFirst) return fees.feeOn({ ...invoice, advanceMinor: invoice.employedMinor }, age);
  const since = plus(fees.rateOn(age), times(fees.rateOn(segmentAge), -1));
  return invoice.segmentFeeMinor + shareOf(invoice.employedMinor, since);
}

/** What is left of the first fee after so many days: it is earned day by day over those it is for. */
function unearnedAfter(firstFeeMinor: Minor, age: number, initialDays: number): bigint {
  if (age >= initialDays) return 0n;
  return shareOf(firstFeeMinor, { numerator: BigInt(initialDays - age), denominator: BigInt(initialDays) });
}

/** A payment that was believed for some days. */
export interface BelievedPayment {
  readonly advanceMinor: Minor;
  readonly purchasedOn: Day;
  readonly paidOn: Day;
  readonly returnedOn: Day;
  /** what came back of it on the invoice */
  readonly amountMinor: Minor;
  /** collected on the invoice by each day, up to the return, the payment among it; days ascending */
  readonly collected: readonly { readonly on: Day; readonly minor: Minor }[];
}

/**
 * What the days between a payment and its return cost on the funds that were not paid back after all: interest, and fees
 * where they are on funds employed. (Fees on face or advance go by the days since the purchase, whatever is paid.)
 *
 * Each day on which something was collected begins a span; its funds are what was out without the payment, less what
 * was thought to be out. Rounded half up for each span.
 */
export function believedDays(payment: BelievedPayment, { fees, interest }: FeeRules): Omit<Accrued, "earnedMinor"> {
  const { advanceMinor, purchasedOn, paidOn, returnedOn, amountMinor, collected } = payment;
  const out = (collectedMinor: bigint) => (advanceMinor > collectedMinor ? advanceMinor - collectedMinor : 0n);
  const days = [...new Set([paidOn, ...collected.map(({ on }) => on)])].filter((on) => on >= paidOn && on < returnedOn);
  let [feeMinor, interestMinor] = [0n, 0n];
  for (const [i, from] of days.entries()) {
    const to = days[i + 1] ?? returnedOn;
    const thought = collected.reduce((sum, one) => (one.on <= from ? sum + one.minor : sum), 0n);
    const spanMinor = minor(out(thought - amountMinor) - out(thought));
    interestMinor += shareOf(spanMinor, interest.shareFor(to - from));
    if (fees.basis !== "funds_employed") continue;
    feeMinor += shareOf(spanMinor, plus(fees.rateOn(to - purchasedOn), times(fees.rateOn(from - purchasedOn), -1)));
  }
  return { feeMinor: minor(feeMinor), interestMinor: minor(interestMinor) };
}
