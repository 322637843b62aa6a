import { expect } from "chai";
import fc from "fast-check";
import { addPeriods, firstDay, lastDay, type Period, parseDay } from "../../src/calendar/day.js";
import { formatMinor, minor, parseMinor, sumMinor, zeroMinor } from "../../src/money/money.js";
import {
  effectiveRate,
  type ForecastVersion,
  type InterestBasis,
  type MonthMovements,
  rollForward,
} from "../../src/revenue/effective-interest.js";
import { byCalendarMonth, totalExpected } from "../../src/revenue/expected-collections.js";

const usd = (text: string) => parseMinor(text, "USD");
const start = "2026-01" as Period;

function basisOf(priceMinor: bigint, amounts: readonly bigint[], startsOn = "2026-01-01"): InterestBasis | undefined {
  const expected = { firstMonth: startsOn.slice(0, 7) as Period, amounts: amounts.map(minor) };
  const about = { startsOn: parseDay(startsOn), currency: "USD" };
  const answer = effectiveRate(minor(priceMinor), expected, about);
  if (answer.eirMonthly === null) return undefined;
  return { ...about, carryingMinor: minor(priceMinor), eirMonthly: answer.eirMonthly };
}

const version = (
  number: number,
  usedFrom: Period,
  firstMonth: Period,
  amounts: readonly bigint[],
): ForecastVersion => ({
  version: number,
  usedFrom,
  expected: { firstMonth, amounts: amounts.map(minor) },
});

const moved = (cash: readonly bigint[], other: readonly bigint[] = []): MonthMovements[] =>
  cash.map((amount, i) => ({
    month: addPeriods(start, i),
    cashMinor: minor(amount),
    otherMinor: minor(other[i] ?? 0n),
  }));

const cents = fc.bigInt({ min: 0n, max: 5_000_000n });
const flow = fc.array(cents, { minLength: 1, maxLength: 40 });

describe("effective interest: laws", () => {
  /** A price below what is expected, and forecasts and cash of all kinds. */
  const life = fc
    .record({
      flow,
      share: fc.integer({ min: 1, max: 99 }),
      cash: flow,
      again: flow,
      at: fc.nat(30),
      day: fc.integer({ min: 1, max: 31 }),
    })
    .map((drawn) => ({ ...drawn, price: (drawn.flow.reduce((a, b) => a + b, 0n) * BigInt(drawn.share)) / 100n }))
    .filter(({ price }) => price > 0n);

  function rolled({
    flow: amounts,
    price,
    cash,
    again,
    at,
    day,
  }: typeof life extends fc.Arbitrary<infer T> ? T : never) {
    const startsOn = `2026-01-${String(day).padStart(2, "0")}`;
    const basis = basisOf(price, amounts, startsOn);
    if (basis === undefined) return undefined;
    const used = addPeriods(start, at);
    const versions = [version(1, start, start, amounts), version(2, used, addPeriods(used, 1), again)];
    const months = 80;
    const paid = Array.from({ length: months }, (_, i) => cash[i] ?? 0n);
    return { basis, paid, months: rollForward(basis, versions, moved(paid)) };
  }

  it("closing = opening + revenue + both changes - cash + other, every month, and the next opens where it closed", () => {
    fc.assert(
      fc.property(life, (drawn) => {
        let before = drawn.price;
        for (const m of rolled(drawn)?.months ?? []) {
          expect(m.openingMinor).to.equal(before);
          const moves = m.revenueMinor + m.changeCurrentMinor + m.changeFutureMinor - m.cashMinor + m.otherMinor;
          expect(m.closingMinor).to.equal(m.openingMinor + moves);
          expect(m.closingMinor >= 0n).to.equal(true);
          before = m.closingMinor;
        }
      }),
    );
  });

  it("revenue and changes over the whole life are the cash less the price", () => {
    fc.assert(
      fc.property(life, (drawn) => {
        const all = rolled(drawn);
        if (all === undefined) return;
        expect(all.months.at(-1)!.closingMinor).to.equal(0n);
        const income = all.months.flatMap((m) => [m.revenueMinor, m.changeCurrentMinor, m.changeFutureMinor]);
        expect(sumMinor(income)).to.equal(sumMinor(all.paid.map(minor)) - drawn.price);
      }),
    );
  });

  it("nothing changes where exactly what was expected comes in, and revenue is the rate times the opening amount", () => {
    fc.assert(
      fc.property(life, ({ flow: amounts, price }) => {
        const basis = basisOf(price, amounts);
        if (basis === undefined) return;
        for (const m of rollForward(basis, [version(1, start, start, amounts)], moved(amounts))) {
          expect([m.changeCurrentMinor, m.changeFutureMinor]).to.deep.equal([0n, 0n]);
          const earned = Number(m.openingMinor) * basis.eirMonthly;
          // one unit of rounding at the start grows at the rate; a double has sixteen digits
          const within = 0.51 * (2 + basis.eirMonthly) + 1e-9 * Math.abs(earned);
          expect(Number(m.revenueMinor)).to.be.closeTo(earned, within);
        }
      }),
    );
  });

  it("a put-back takes its share of the forecast with it: neither gain nor loss then, and the same rate after", () => {
    const amounts = Array.from({ length: 24 }, () => 10_000n);
    const basis = basisOf(120_000n, amounts)!;
    const months = rollForward(basis, [version(1, start, start, amounts)], moved(amounts, [0n, -30_000n]));
    expect(months[1]!.changeFutureMinor).to.equal(0n);
    expect(months[2]!.share).to.be.lessThan(1);
    expect(months[2]!.forecastCashMinor).to.equal(BigInt(Math.round(10_000 * months[1]!.share)));
    expect(Number(months[2]!.revenueMinor)).to.be.closeTo(Number(months[2]!.openingMinor) * basis.eirMonthly, 1.1);
    expect(months.at(-1)!.closingMinor).to.equal(0n);
  });

  it("what leaves beyond the value of the whole forecast comes back as a gain", () => {
    const basis = basisOf(100n, [60n, 60n])!;
    const months = rollForward(basis, [version(1, start, start, [60n, 60n])], moved([60n, 0n], [-70n]));
    const [first, second] = months;
    expect(first!.closingMinor).to.equal(0n);
    expect(first!.changeFutureMinor).to.equal(70n - (100n + first!.revenueMinor - 60n));
    expect([second!.forecastCashMinor, second!.closingMinor]).to.deep.equal([0n, 0n]);
  });

  it("cash after the forecast has ended is all gain", () => {
    const basis = basisOf(100n, [120n])!;
    const months = rollForward(basis, [version(1, start, start, [120n])], moved([120n, 33n]));
    expect(months[1]).to.include({ revenueMinor: 0n, changeCurrentMinor: 33n, closingMinor: 0n });
  });
});

describe("effective interest: the rate", () => {
  // biome-ignore format: a table
  const cases: [why: string, price: string, flow: string[], startsOn: string, eir: number | null][] = [
    ["a whole month", "100", ["110"], "2026-01-01", 0.1],
    ["two months", "100", ["0", "121"], "2026-01-01", 0.1],
    ["half a month of thirty days", "100", ["110"], "2026-06-16", 0.21],
    ["the last day of a month", "100", ["0", "121"], "2026-01-31", 1.21 ** (31 / 32) - 1],
    ["no more than the price", "100", ["60", "40"], "2026-01-01", null],
    ["nothing expected", "100", [], "2026-01-01", null],
  ];
  for (const [why, price, amounts, startsOn, eir] of cases) {
    it(why, () => {
      const basis = basisOf(usd(price), amounts.map(usd), startsOn);
      if (eir === null) expect(basis).to.equal(undefined);
      else expect(basis!.eirMonthly).to.be.closeTo(eir, 1e-12);
    });
  }
});

describe("expected collections by calendar month", () => {
  it("split each stretch by its days, and keep the total", () => {
    const expected = byCalendarMonth([usd("5"), usd("31"), usd("28")], parseDay("2026-01-15"));
    // 2026-01-15 to 02-15 has 32 days, 17 of them in January; 02-16 to 03-15 has 28, 13 of them in February
    const january = usd("5") + (usd("31") * 17n + 31n) / 32n;
    expect(expected.firstMonth).to.equal("2026-01");
    expect(formatMinor(expected.amounts[0]!, "USD")).to.equal(formatMinor(january, "USD"));
    expect(formatMinor(expected.amounts[2]!, "USD")).to.equal("15.00");
    expect(totalExpected(expected)).to.equal(usd("64"));
  });

  it("keep the total, whatever the day and the amounts", () => {
    const day = fc.integer({ min: firstDay(start), max: lastDay("2027-12" as Period) });
    fc.assert(
      fc.property(flow, day, (amounts, closingOn) => {
        const expected = byCalendarMonth(amounts.map(minor), closingOn as ReturnType<typeof parseDay>);
        expect(totalExpected(expected)).to.equal(sumMinor(amounts.map(minor)));
        expect(expected.amounts.every((amount) => amount >= zeroMinor)).to.equal(true);
      }),
    );
  });
});
