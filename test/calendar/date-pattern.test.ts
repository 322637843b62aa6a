import { expect } from "chai";
import { dayReader } from "../../src/calendar/date-pattern.js";
import { formatDay } from "../../src/calendar/day.js";

describe("a day in a declared pattern", () => {
  const cases: [text: string, pattern: string, day: string | null, why: string][] = [
    ["01/31/2026", "MM/DD/YYYY", "2026-01-31", "as Americans write"],
    ["31/01/2026", "MM/DD/YYYY", null, "there is no month 31"],
    ["31/01/2026", "dd/MM/yyyy", "2026-01-31", "capitals do not matter"],
    ["1.2.26", "d.M.yy", "2026-02-01", "two digits are of this century"],
    ["1x2x26", "d.M.yy", null, "a point is a point"],
    ["29-Feb-2024", "dd-MMM-yyyy", "2024-02-29", "a month by its name, in a leap year"],
    ["29-Feb-2025", "dd-MMM-yyyy", null, "no such day"],
    ["01-Foo-2025", "dd-MMM-yyyy", null, "no such month"],
    ["20260131", "YYYYMMDD", "2026-01-31", "without marks"],
    ["0000-01-01", "YYYY-MM-DD", null, "there is no year 0"],
  ];
  for (const [text, pattern, day, why] of cases) {
    it(`${why}: ${text} in ${pattern} is ${day ?? "none"}`, () => {
      const read = dayReader(pattern)(text);
      expect(read === null ? null : formatDay(read)).to.equal(day);
    });
  }
});
