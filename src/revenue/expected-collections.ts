import { addDays, addMonths, addPeriods, type Day, firstDay, lastDay, type Period, periodOf } from "../calendar/day.js";
import { allocate } from "../money/allocation.js";
import { type Minor, minor, sumMinor, zeroMinor } from "../money/money.js";

/** Expected gross collections by calendar month, in minor units: index 0 is `firstMonth`, and no month is left out. */
export interface ExpectedCollections {
  readonly firstMonth: Period;
  readonly amounts: readonly Minor[];
}

/** Whole calendar months from one to another; negative when the other is earlier. */
export function periodsBetween(from: Period, to: Period): number {
  const monthsOf = (period: Period) => Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7));
  return monthsOf(to) - monthsOf(from);
}

/** What is expected in the month; nothing before the first and after the last. */
export function expectedIn({ firstMonth, amounts }: ExpectedCollections, month: Period): Minor {
  return amounts[periodsBetween(firstMonth, month)] ?? zeroMinor;
}

/** What is expected after the month, from the first month after it. */
export function expectedAfter(expected: ExpectedCollections, month: Period): ExpectedCollections {
  const skipped = periodsBetween(expected.firstMonth, month) + 1;
  if (skipped <= 0) return expected;
  return { firstMonth: addPeriods(month, 1), amounts: expected.amounts.slice(skipped) };
}

export function totalExpected({ amounts }: ExpectedCollections): Minor {
  return sumMinor(amounts);
}

/**
 * The forecast that a price was made on, told by calendar months. It is made by months since the purchase: index 0 is
 * the day of the closing, index m the stretch up to the same day m months later. Each stretch is split over its
 * calendar months by days, to the minor unit, so that the two forms have the same total.
 */
export function byCalendarMonth(sinceClosing: readonly Minor[], closingOn: Day): ExpectedCollections {
  const firstMonth = periodOf(closingOn);
  const amounts: Minor[] = [];
  const add = (month: Period, amount: Minor) => {
    const index = periodsBetween(firstMonth, month);
    while (amounts.length <= index) amounts.push(zeroMinor);
    amounts[index] = minor(amounts[index]! + amount);
  };
  for (const [m, amount] of sinceClosing.entries()) {
    if (m === 0) {
      add(firstMonth, amount);
      continue;
    }
    const from = m === 1 ? closingOn : addDays(addMonths(closingOn, m - 1), 1);
    const days = daysByMonth(from, addMonths(closingOn, m));
    const parts = allocate(
      amount,
      days.map((part) => BigInt(part.days)),
    );
    for (const [i, { month }] of days.entries()) add(month, parts[i]!);
  }
  return { firstMonth, amounts };
}

/** How many days of each calendar month lie between two days, both counted. */
function daysByMonth(from: Day, to: Day): { month: Period; days: number }[] {
  const parts: { month: Period; days: number }[] = [];
  for (let month = periodOf(from); firstDay(month) <= to; month = addPeriods(month, 1)) {
    const [start, end] = [Math.max(from, firstDay(month)), Math.min(to, lastDay(month))];
    parts.push({ month, days: end - start + 1 });
  }
  return parts;
}
