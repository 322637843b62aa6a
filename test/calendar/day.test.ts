import { expect } from "chai";
import fc from "fast-check";
import { isRefusal } from "../../models/refusal.js";
import {
  addDays,
  addMonths,
  calendarDate,
  type Day,
  dayOf,
  daysInMonth,
  firstDay,
  formatDay,
  isLeapYear,
  monthEnd,
  monthsBetween,
  parseDay,
  parsePeriod,
  periodOf,
} from "../../src/calendar/day.js";
import { monthAdder, monthCounter } from "../../src/calendar/lookup.js";

const from = dayOf(1600, 1, 1);
const to = dayOf(2400, 12, 31);
const anyDay = fc.integer({ min: from, max: to }).map((day) => day as Day);

describe("days", () => {
  it("are counted from 1970-01-01", () => {
    expect(parseDay("1970-01-01")).to.equal(0);
    expect(parseDay("1969-12-31")).to.equal(-1);
    expect(parseDay("2000-03-01")).to.equal(11_017);
    expect(parseDay("0001-01-01")).to.equal(-719_162);
    expect(parseDay("9999-12-31")).to.equal(2_932_896);
  });

  it("follow one another without a gap from 1600 to 2400, as in the platform's own calendar", () => {
    let [year, month, dayOfMonth] = [1600, 1, 1];
    for (let day = from; day <= to; day = addDays(day, 1)) {
      const date = calendarDate(day);
      if (
        date.year !== year ||
        date.month !== month ||
        date.dayOfMonth !== dayOfMonth ||
        dayOf(year, month, dayOfMonth) !== day
      ) {
        expect.fail(`day ${day}: ${JSON.stringify(date)} and not ${year}-${month}-${dayOfMonth}`);
      }
      dayOfMonth++;
      if (dayOfMonth > daysInMonth(year, month)) [month, dayOfMonth] = [month + 1, 1];
      if (month > 12) [year, month] = [year + 1, 1];
    }
    expect([year, month, dayOfMonth]).to.deep.equal([2401, 1, 1]);
    expect(to - from + 1).to.equal((Date.UTC(2401, 0, 1) - Date.UTC(1600, 0, 1)) / 86_400_000);
  });

  it("law: what is written is read back", () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(parseDay(formatDay(day))).to.equal(day);
      }),
    );
  });

  const leap: [year: number, isLeap: boolean][] = [
    [1600, true],
    [1900, false],
    [2000, true],
    [2023, false],
    [2024, true],
    [2100, false],
  ];
  for (const [year, isLeap] of leap) {
    it(`${year} is ${isLeap ? "a" : "no"} leap year`, () => {
      expect(isLeapYear(year)).to.equal(isLeap);
      expect(daysInMonth(year, 2)).to.equal(isLeap ? 29 : 28);
    });
  }

  const impossible = [
    "2023-02-29",
    "1900-02-29",
    "2024-04-31",
    "2024-00-10",
    "2024-13-01",
    "2024-01-00",
    "2024-01-32",
    "0000-01-01",
    "2024-1-1",
    "24-01-01",
    "01/02/2024",
    "2024-01-01T00:00:00Z",
    "2024-01-01\n",
    " 2024-01-01",
    "-2024-01-01",
    "٢٠٢٤-٠١-٠١",
    "",
  ];
  for (const text of impossible) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseDay(text))
        .to.throw()
        .that.satisfies((error: unknown) => isRefusal(error) && error.code === "date_invalid");
    });
  }

  it("is our own mistake when a day that does not exist is asked for by its parts", () => {
    for (const [year, month, dayOfMonth] of [
      [0, 1, 1],
      [10_000, 1, 1],
      [2024, 0, 1],
      [2024, 2, 30],
      [2024, 1.5, 1],
    ] as const) {
      expect(() => dayOf(year, month, dayOfMonth)).to.throw(RangeError);
    }
  });
});

describe("months", () => {
  // biome-ignore format: a table
  const added: [day: string, months: number, result: string][] = [
    ["2024-01-31", 1, "2024-02-29"],
    ["2023-01-31", 1, "2023-02-28"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2024-02-29", -48, "2020-02-29"],
    ["2024-03-31", -1, "2024-02-29"],
    ["2024-12-15", 1, "2025-01-15"],
    ["2024-01-15", -1, "2023-12-15"],
    ["2024-06-30", 0, "2024-06-30"],
  ];
  for (const [day, months, result] of added) {
    it(`${day} and ${months} months is ${result}`, () =>
      expect(formatDay(addMonths(parseDay(day), months))).to.equal(result));
  }

  // biome-ignore format: a table
  const between: [from: string, to: string, months: number][] = [
    ["2024-01-31", "2024-02-28", 0],
    ["2024-01-31", "2024-02-29", 1],
    ["2024-01-15", "2024-02-14", 0],
    ["2024-01-15", "2024-02-15", 1],
    ["2020-02-29", "2021-02-28", 12],
    ["2024-02-15", "2024-01-15", -1],
    ["2024-02-15", "2024-01-16", 0],
    ["2024-03-31", "2024-02-29", -1],
  ];
  for (const [start, end, months] of between) {
    it(`${start} to ${end} is ${months} months`, () =>
      expect(monthsBetween(parseDay(start), parseDay(end))).to.equal(months));
  }

  it("law: so many whole months lie between, and not one more", () => {
    fc.assert(
      fc.property(anyDay, fc.nat(40_000), (start, days) => {
        const end = addDays(start, days);
        const months = monthsBetween(start, end);
        expect(addMonths(start, months)).to.be.at.most(end);
        expect(addMonths(start, months + 1)).to.be.above(end);
      }),
    );
  });

  it("law: months added are months between", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 1200 }), (day, months) => {
        expect(monthsBetween(day, addMonths(day, months))).to.equal(months);
      }),
    );
  });

  it("law: looked up they are the same as worked out, the second time too", () => {
    const asOf = parseDay("2026-10-31");
    const [count, add] = [monthCounter(asOf), monthAdder(37)];
    fc.assert(
      fc.property(anyDay, (day) => {
        for (const _ of [1, 2]) {
          expect(count(day)).to.equal(monthsBetween(day, asOf));
          expect(add(day)).to.equal(addMonths(day, 37));
        }
      }),
    );
  });

  it("end on their last day", () => {
    expect(formatDay(monthEnd(parseDay("2024-02-01")))).to.equal("2024-02-29");
    expect(formatDay(monthEnd(parseDay("2023-12-31")))).to.equal("2023-12-31");
  });

  it("are periods, written YYYY-MM", () => {
    expect(periodOf(parseDay("2026-10-20"))).to.equal("2026-10");
    expect(formatDay(firstDay(parsePeriod("2026-10")))).to.equal("2026-10-01");
    for (const text of ["2026-13", "2026-00", "2026-1", "2026-10-01", "0000-01", ""]) {
      expect(() => parsePeriod(text), text).to.throw();
    }
  });
});
