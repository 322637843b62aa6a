import type { VintageDocument } from "../../models/portfolio-reports.js";
import { addDays, addMonths, calendarDate, type Day, dayOf, formatDay, monthsBetween } from "../calendar/day.js";
import { formatMinor, type Minor, minor, ratio, sumMinor, zeroMinor } from "../money/money.js";

/** A purchase and what came in on it, by day. */
export interface VintageSource {
  readonly portfolioId: string;
  readonly currency: string;
  readonly closingOn: Day;
  readonly priceMinor: Minor;
  readonly faceMinor: Minor;
  readonly putBacksMinor: Minor;
  readonly collections: readonly { readonly day: Day; readonly amountMinor: Minor }[];
}

/** What the report asks, and where the collections of a portfolio over some days are listed. */
export interface VintageQuestion {
  readonly by: By;
  readonly age: Age;
  readonly asOf: Day;
  readonly drill: (portfolioId: string, days: { from: string; asOf: string }) => string;
}

type By = VintageDocument["by"];
type Age = VintageDocument["age"];
type VintageRow = VintageDocument["vintages"][number];

function vintageOf({ closingOn, portfolioId }: VintageSource, by: By): string {
  const { year, month } = calendarDate(closingOn);
  if (by === "portfolio") return portfolioId;
  if (by === "year") return String(year);
  return by === "quarter" ? `${year}-Q${Math.ceil(month / 3)}` : formatDay(closingOn).slice(0, 7);
}

/**
 * Number of the stretch that a day falls in. Stretches since the purchase are those of the net-back report: the first month runs
 * from the closing to the same day of the next month, both counted; the others begin a day later.
 */
function ageOn(day: Day, closingOn: Day, age: Age): number {
  if (age === "calendar_year") return calendarDate(day).year;
  const whole = Math.max(0, monthsBetween(closingOn, day));
  const months = whole > 0 && day === addMonths(closingOn, whole) ? whole : whole + 1;
  return age === "month" ? months : Math.ceil(months / 12);
}

function stretchOf(number: number, closingOn: Day, age: Age): { from: Day; to: Day } {
  if (age === "calendar_year") {
    const from = dayOf(number, 1, 1);
    return { from: from < closingOn ? closingOn : from, to: dayOf(number, 12, 31) };
  }
  const months = age === "month" ? 1 : 12;
  const from = number === 1 ? closingOn : addDays(addMonths(closingOn, (number - 1) * months), 1);
  return { from, to: addMonths(closingOn, number * months) };
}

/** Collections by vintage of the purchase and by age, each as it came and run up, and over the price that was paid. */
export function vintageRows(sources: readonly VintageSource[], how: VintageQuestion): VintageDocument["vintages"] {
  const groups = new Map<string, VintageSource[]>();
  for (const source of sources) {
    const key = `${vintageOf(source, how.by)} ${source.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, members]) => rowOf(members, how));
}

function rowOf(members: readonly VintageSource[], how: VintageQuestion): VintageRow {
  const { currency } = members[0]!;
  const shown = (amount: Minor) => formatMinor(amount, currency);
  const priceMinor = sumMinor(members.map((member) => member.priceMinor));
  const collectedMinor = sumMinor(members.flatMap(({ collections }) => collections.map((one) => one.amountMinor)));
  const multiple = (amount: Minor) => ratio(amount, priceMinor, 6, "half_even");
  return {
    vintage: vintageOf(members[0]!, how.by),
    currency,
    portfolio_ids: members.map(({ portfolioId }) => portfolioId),
    face: shown(sumMinor(members.map((member) => member.faceMinor))),
    price: shown(priceMinor),
    put_backs: shown(sumMinor(members.map((member) => member.putBacksMinor))),
    collections: shown(collectedMinor),
    multiple: multiple(collectedMinor),
    ages: agesOf(members, how).map(({ age, collectedMinor: came, cumulativeMinor, from, to, complete, drill }) => ({
      age,
      from: formatDay(from),
      to: formatDay(to),
      collections: shown(came),
      cumulative: shown(cumulativeMinor),
      multiple: multiple(cumulativeMinor),
      complete,
      drill,
    })),
  };
}

function agesOf(members: readonly VintageSource[], { age, asOf, drill }: VintageQuestion) {
  const byAge = new Map<number, bigint>();
  for (const { closingOn, collections } of members) {
    for (const { day, amountMinor } of collections) {
      const number = ageOn(day, closingOn, age);
      byAge.set(number, (byAge.get(number) ?? 0n) + amountMinor);
    }
  }
  const first = Math.min(...members.map(({ closingOn }) => ageOn(closingOn, closingOn, age)));
  const last = Math.max(...members.map(({ closingOn }) => ageOn(asOf, closingOn, age)));
  let cumulativeMinor = zeroMinor;
  const ages = [];
  for (let number = first; number <= last; number++) {
    const collectedMinor = minor(byAge.get(number) ?? 0n);
    cumulativeMinor = minor(cumulativeMinor + collectedMinor);
    const stretches = members.map(({ portfolioId, closingOn }) => ({
      portfolioId,
      ...stretchOf(number, closingOn, age),
    }));
    const begun = stretches.filter(({ from, to: end }) => from <= asOf && from <= end);
    const to = Math.max(...stretches.map((stretch) => stretch.to)) as Day;
    ages.push({
      age: number,
      from: Math.min(...stretches.map((stretch) => stretch.from)) as Day,
      to: to < asOf ? to : asOf,
      collectedMinor,
      cumulativeMinor,
      complete: to <= asOf,
      drill: begun.map(({ portfolioId, from, to: end }) => {
        return drill(portfolioId, { from: formatDay(from), asOf: formatDay(end < asOf ? end : asOf) });
      }),
    });
  }
  return ages;
}
