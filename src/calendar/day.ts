import { Refusal } from "../../models/refusal.js";

declare const dayBrand: unique symbol;

/** A calendar day as the number of days since 1970-01-01 in the proleptic Gregorian calendar. No time, no zone. */
export type Day = number & { readonly [dayBrand]: "day" };

const isoDay = /^(\d{4})-(\d{2})-(\d{2})$/;
const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day of a year (1..9999), month (1..12) and day of month. Throws a RangeError when there is no such day. */
export function dayOf(year: number, month: number, dayOfMonth: number): Day {
  const exists =
    Number.isInteger(year) &&
    year >= 1 &&
    year <= 9999 &&
    Number.isInteger(month) &&
    month >= 1 &&
    month <= 12 &&
    Number.isInteger(dayOfMonth) &&
    dayOfMonth >= 1 &&
    dayOfMonth <= daysInMonth(year, month);
  if (!exists) throw new RangeError(`no such day: ${year}-${month}-${dayOfMonth}`);
  const past = year - 1;
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  const days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return (days + daysBefore[month - 1]! + leapDay + dayOfMonth - 719_163) as Day;
}

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/** Year, month (1..12) and day of month of a day. */
export function calendarDate(day: Day): CalendarDate {
  // Days are counted from 0000-03-01, so that the leap day is the last of its year (Hinnant's civil calendar).
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** Reads `YYYY-MM-DD`. Throws `date_invalid` when it is written otherwise or does not exist. */
export function parseDay(text: string): Day {
  const match = isoDay.exec(text);
  if (match) {
    const [year, month, dayOfMonth] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (year >= 1 && month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysInMonth(year, month)) {
      return dayOf(year, month, dayOfMonth);
    }
  }
  throw new Refusal("date_invalid", `"${text.slice(0, 40)}" is not a date; dates are written YYYY-MM-DD`);
}

export function formatDay(day: Day): string {
  const { year, month, dayOfMonth } = calendarDate(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(dayOfMonth).padStart(2, "0")}`;
}

/** The same day of the month, so many months later (or earlier); the last day of the month where it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, dayOfMonth } = calendarDate(day);
  const index = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return dayOf(toYear, toMonth, Math.min(dayOfMonth, daysInMonth(toYear, toMonth)));
}

export function addDays(day: Day, days: number): Day {
  return (day + days) as Day;
}

export function monthEnd(day: Day): Day {
  const { year, month } = calendarDate(day);
  return dayOf(year, month, daysInMonth(year, month));
}

/** Whole months from one day to a later one: the largest n with addMonths(from, n) <= to. Negative when to is earlier. */
export function monthsBetween(from: Day, to: Day): number {
  const a = calendarDate(from);
  const b = calendarDate(to);
  const months = (b.year - a.year) * 12 + (b.month - a.month);
  if (to >= from) return addMonths(from, months) <= to ? months : months - 1;
  return addMonths(from, months) >= to ? months : months + 1;
}

declare const periodBrand: unique symbol;

/** A calendar month, written `YYYY-MM`. */
export type Period = string & { readonly [periodBrand]: "month" };

export function periodOf(day: Day): Period {
  return formatDay(day).slice(0, 7) as Period;
}

export function parsePeriod(text: string): Period {
  if (/^\d{4}-\d{2}$/.test(text)) {
    parseDay(`${text}-01`);
    return text as Period;
  }
  throw new Refusal("date_invalid", `"${text.slice(0, 40)}" is not a month; months are written YYYY-MM`);
}

export function firstDay(period: Period): Day {
  return parseDay(`${period}-01`);
}

export function lastDay(period: Period): Day {
  return monthEnd(firstDay(period));
}

/** The calendar month so many months later, or earlier. */
export function addPeriods(period: Period, months: number): Period {
  return periodOf(addMonths(firstDay(period), months));
}

/**
 * An instant given in milliseconds since 1970-01-01 UTC as RFC 3339 text, `2026-10-20T08:00:00.12Z`: as many decimals as
 * it needs, which is how the database writes it too.
 */
export function instantText(clockMs: number): string {
  const day = Math.floor(clockMs / 86_400_000);
  const rest = Math.floor(clockMs) - day * 86_400_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const time = `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}`;
  const fraction = `.${String(rest % 1000).padStart(3, "0")}`.replace(/\.?0+$/, "");
  return `${formatDay(day as Day)}T${time}${fraction}Z`;
}
