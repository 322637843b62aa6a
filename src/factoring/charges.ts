import {
  type Charge,
  chargesBegin,
  type EarlyTermination,
  type EventCharge,
  type FactoringTerms,
  type Minimum,
} from "../../models/factoring-terms.js";
import { addDays, addMonths, type Day, firstDay, lastDay, type Period, periodOf } from "../calendar/day.js";
import { fraction, shareOf } from "../money/fraction.js";
import { type Minor, minor, parseMinor } from "../money/money.js";

/** What the charges of a facility follow from: its days, and the terms that held on each of them. */
export interface ChargeCourse {
  readonly openedOn: Day;
  /** charges that were due before it were made elsewhere; the day of opening as a rule */
  readonly chargesFrom: Day;
  /** null: nothing has been funded */
  readonly firstFundedOn: Day | null;
  /** null: it goes on */
  readonly endedOn: Day | null;
  /** versions of the terms in their order, each with its first day */
  readonly versions: readonly { readonly fromOn: Day; readonly terms: FactoringTerms }[];
}

/** One charge for what it is for: `kind`, `code` and `periodOn` name it for good. */
export interface DueCharge {
  readonly kind: "once" | "month";
  readonly code: string;
  /** first day of the month that it is for; of a charge once, a day that stands for all time */
  readonly periodOn: Day;
  /** the day that it is due */
  readonly on: Day;
  readonly amountMinor: Minor;
}

/** A charge once has no month: it is kept under the first day of the calendar that books may have. */
export const noPeriod = firstDay("1900-01" as Period);

/** The terms that hold on a day: the last version that had begun, the first one before that. */
export function termsOn({ versions }: Pick<ChargeCourse, "versions">, day: Day): FactoringTerms {
  return (versions.findLast(({ fromOn }) => fromOn <= day) ?? versions[0]!).terms;
}

function beginOf(course: ChargeCourse, from: Charge["from"]): Day | null {
  return from === "first_funding" ? course.firstFundedOn : course.openedOn;
}

const laterOf = (a: Day, b: Day): Day => (a > b ? a : b);

/**
 * The charges once and by month that are due up to a day, in the order of their days.
 *
 * Once: on the day of opening or of the first funding, or when terms that have it come later; by its code, once for good.
 * By month: in advance, in full for each calendar month begun, on its first day (in the first month the day that it begins);
 * on the terms of that day. Nothing is due after the facility has ended.
 */
export function dueCharges(course: ChargeCourse, through: Day): DueCharge[] {
  const due = [...dueOnce(course), ...dueByMonth(course, through)];
  const until = course.endedOn === null || course.endedOn > through ? through : course.endedOn;
  return due
    .filter(({ on, amountMinor }) => on <= until && on >= course.chargesFrom && amountMinor > 0n)
    .sort((a, b) => a.on - b.on);
}

function dueOnce(course: ChargeCourse): DueCharge[] {
  const found = new Map<string, DueCharge>();
  for (const { fromOn, terms } of course.versions) {
    for (const { code, amount, per, from } of terms.charges) {
      const begin = beginOf(course, from);
      if (per !== "once" || begin === null || found.has(code)) continue;
      const on = laterOf(begin, fromOn);
      if (termsOn(course, on) !== terms) continue;
      found.set(code, { kind: "once", code, periodOn: noPeriod, on, amountMinor: parseMinor(amount, terms.currency) });
    }
  }
  return [...found.values()];
}

function dueByMonth(course: ChargeCourse, through: Day): DueCharge[] {
  const due: DueCharge[] = [];
  for (const { first, last } of monthsOf(course.openedOn, through)) {
    // terms that change within a month may have a code in another way: it is one charge a month
    const codes = new Set<string>();
    for (const from of chargesBegin) {
      const begin = beginOf(course, from);
      if (begin === null || begin > last) continue;
      const on = laterOf(begin, first);
      const { charges, currency } = termsOn(course, on);
      for (const charge of charges) {
        const { code, amount } = charge;
        if (charge.per !== "month" || (charge.from ?? "opening") !== from || codes.has(code)) continue;
        codes.add(code);
        due.push({ kind: "month", code, periodOn: first, on, amountMinor: parseMinor(amount, currency) });
      }
    }
  }
  return due;
}

function monthsOf(from: Day, through: Day): { first: Day; last: Day }[] {
  const months: { first: Day; last: Day }[] = [];
  for (let first = firstDay(periodOf(from)); first <= through; first = addMonths(first, 1)) {
    months.push({ first, last: lastDay(periodOf(first)) });
  }
  return months;
}

/** What minimums are for, the shorter first. */
export const minimumPeriods = ["month", "quarter", "year"] as const;

const minimums = {
  month: { term: "monthly_minimum", months: 1 },
  quarter: { term: "quarterly_minimum", months: 3 },
  year: { term: "yearly_minimum", months: 12 },
} as const;

/** The minimum that terms have for a period, if they have one. */
export function minimumTerm(terms: FactoringTerms, period: DueMinimum["period"]): Minimum | undefined {
  return terms[minimums[period].term];
}

/** The minimum of one period: what its fees are held against. */
export interface DueMinimum {
  readonly period: (typeof minimumPeriods)[number];
  /** first day of the period */
  readonly periodOn: Day;
  /** the day that it is held against the fees: the end of the period, or of the facility */
  readonly on: Day;
  readonly minimumMinor: Minor;
  readonly of: Minimum["of"];
}

/**
 * The minimums that are due up to a day, in the order of their days, on one day the shorter first: of calendar months, and of
 * quarters and years of the contract, which are counted from the opening. In the first and the last period, where it is prorated, the
 * share of their days, rounded half up; on the terms of the day that it is due.
 */
export function dueMinimums(course: ChargeCourse, through: Day): DueMinimum[] {
  const due: DueMinimum[] = [];
  for (const period of minimumPeriods) {
    for (const { first, last } of periodsOf(course, period, through)) {
      const on = course.endedOn !== null && course.endedOn < last ? course.endedOn : last;
      if (on > through || on < first || on < course.chargesFrom) continue;
      const terms = termsOn(course, on);
      const minimum = minimumTerm(terms, period);
      const begin = minimum === undefined ? null : beginOf(course, minimum.from);
      if (minimum === undefined || begin === null || begin > on) continue;
      const whole = parseMinor(minimum.amount, terms.currency);
      const share = {
        numerator: BigInt(on - laterOf(begin, first) + 1),
        denominator: BigInt(last - first + 1),
      };
      const minimumMinor = minimum.proration === "daily" ? shareOf(whole, share) : whole;
      due.push({ period, periodOn: first, on, minimumMinor, of: minimum.of });
    }
  }
  return due.sort((a, b) => a.on - b.on);
}

function periodsOf({ openedOn }: ChargeCourse, period: DueMinimum["period"], through: Day) {
  if (period === "month") return monthsOf(openedOn, through);
  const { months } = minimums[period];
  // each from the opening itself: of one on the 31st, a later period may begin on the 31st again
  const firstOf = (n: number) => addMonths(openedOn, n * months);
  const periods: { first: Day; last: Day }[] = [];
  for (let n = 0; firstOf(n) <= through; n++) periods.push({ first: firstOf(n), last: addDays(firstOf(n + 1), -1) });
  return periods;
}

/** What the fees of a period fall short of its minimum. */
export function shortfall({ minimumMinor }: DueMinimum, earnedMinor: Minor): Minor {
  return minor(earnedMinor >= minimumMinor ? 0n : minimumMinor - earnedMinor);
}

/** The day on which the term of a facility is over; null without a term. */
export function termEnd({ openedOn }: Pick<ChargeCourse, "openedOn">, fee: EarlyTermination): Day | null {
  return fee.term_months === undefined ? null : addMonths(openedOn, fee.term_months);
}

/**
 * What it costs to end a facility on a day: nothing without such terms, or at or after the end of the term. Rounded half up.
 *
 * @param openedOn the term is counted from it
 */
export function terminationFee(terms: FactoringTerms, of: { openedOn: Day; endedOn: Day }): Minor {
  const { early_termination: fee, monthly_minimum: minimum, opened, currency } = terms;
  const end = fee === undefined ? null : termEnd(of, fee);
  if (fee === undefined || (end !== null && of.endedOn >= end)) return minor(0n);
  if (fee.amount !== undefined) return parseMinor(fee.amount, currency);
  if (fee.share_of_limit !== undefined) {
    return shareOf(parseMinor(opened.facility_limit!, currency), fraction(fee.share_of_limit));
  }
  if (fee.months_of_minimum !== undefined) {
    return minor(parseMinor(minimum!.amount, currency) * BigInt(fee.months_of_minimum));
  }
  return minor(parseMinor(fee.per_remaining_day!, currency) * BigInt(end! - of.endedOn));
}

/** A charge of the facility that falls due while a schedule is out. */
export interface LaterCharge {
  /** days from the funding of the schedule; before it counts as its day */
  readonly day: number;
  readonly amountMinor: Minor;
}

/**
 * What the facility is charged beside a schedule that is funded on a day, by the days after it. With the first one that is funded comes all that has
 * fallen due since the opening; with a later one, what falls due from its day on.
 */
export function laterCharges(course: ChargeCourse, of: { fundedOn: Day; days: number }): LaterCharge[] {
  const { fundedOn, days } = of;
  const isFirst = course.firstFundedOn === null;
  const due = dueCharges({ ...course, firstFundedOn: course.firstFundedOn ?? fundedOn }, addDays(fundedOn, days));
  return due
    .filter(({ on }) => isFirst || on >= fundedOn)
    .map(({ on, amountMinor }) => ({ day: Math.max(0, on - fundedOn), amountMinor }));
}

/** The charges of terms for an event, those of nothing left out. */
export function chargesPer(
  { charges, currency }: FactoringTerms,
  per: EventCharge,
): { code: string; amountMinor: Minor }[] {
  return charges
    .filter((charge) => charge.per === per)
    .map(({ code, amount }) => ({ code, amountMinor: parseMinor(amount, currency) }))
    .filter(({ amountMinor }) => amountMinor > 0n);
}

/** What is wrong with the charges of terms, in words; undefined where they agree with each other. */
export function contradiction({ charges, early_termination: fee, monthly_minimum: minimum, opened }: FactoringTerms) {
  const ofFacility = charges.filter(({ per }) => per !== "schedule" && per !== "invoice");
  const twice = ofFacility.find((charge, i) => ofFacility.findIndex(({ code }) => code === charge.code) !== i);
  if (twice !== undefined) {
    const told = twice.per === "month" || twice.per === "once" ? "by month or once" : `per ${twice.per}`;
    return `charges has "${twice.code}" twice: a charge ${told} is told by its code`;
  }
  const begun = charges.find(({ per, from }) => from !== undefined && per !== "month" && per !== "once");
  if (begun !== undefined) return `charges.from of "${begun.code}" says when it begins; it is taken per ${begun.per}`;
  if (fee?.share_of_limit !== undefined && opened.facility_limit === null) {
    return "early_termination.share_of_limit needs a limit (opened.facility_limit)";
  }
  if (fee?.months_of_minimum !== undefined && minimum === undefined) {
    return "early_termination.months_of_minimum needs a monthly_minimum";
  }
  return undefined;
}

/** The course of a facility that is opened on a day and has funded nothing: what an offer without books stands on. */
export function courseOf(terms: FactoringTerms, on: Day): ChargeCourse {
  return { openedOn: on, chargesFrom: on, firstFundedOn: null, endedOn: null, versions: [{ fromOn: on, terms }] };
}
