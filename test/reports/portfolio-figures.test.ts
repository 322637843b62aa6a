import { expect } from "chai";
import fc from "fast-check";
import { addDays, type Day, type Period, parseDay } from "../../src/calendar/day.js";
import { type Minor, minor, parseMinor } from "../../src/money/money.js";
import { type ErcSource, ercFigures } from "../../src/reports/erc-figures.js";
import { type VintageSource, vintageRows } from "../../src/reports/vintage-figures.js";

const usd = (text: string) => parseMinor(text, "USD");

function purchase(
  closingOn: string,
  price: string,
  collections: readonly [on: string, amount: string][],
): VintageSource {
  return {
    portfolioId: `pf_${closingOn.replaceAll("-", "")}`,
    currency: "USD",
    closingOn: parseDay(closingOn),
    priceMinor: usd(price),
    faceMinor: usd("10000"),
    putBacksMinor: usd("0"),
    collections: collections.map(([on, amount]) => ({ day: parseDay(on), amountMinor: usd(amount) })),
  };
}

describe("vintage", () => {
  const sources = [
    purchase("2024-01-31", "100", [
      ["2024-01-31", "1"],
      ["2024-02-29", "2"],
      ["2024-03-01", "4"],
      ["2025-01-31", "8"],
      ["2025-02-01", "16"],
    ]),
    purchase("2024-06-15", "300", [["2025-06-16", "64"]]),
    purchase("2025-02-01", "50", [["2025-02-02", "-5"]]),
  ];
  const asOf = parseDay("2025-08-01");
  const drill = (portfolioId: string, days: { from: string; asOf: string }) =>
    `${portfolioId} ${days.from} ${days.asOf}`;
  const cells = (rows: ReturnType<typeof vintageRows>) =>
    rows.map(({ vintage, ages }) => [vintage, ...ages.map((one) => `${one.age}: ${one.collections} ${one.complete}`)]);

  it("says for each portfolio of a cell on which days it was collected", () => {
    const [first] = vintageRows(sources.slice(0, 2), { by: "year", age: "year", asOf, drill });
    expect(first!.ages.map((cell) => cell.drill)).to.deep.equal([
      ["pf_20240131 2024-01-31 2025-01-31", "pf_20240615 2024-06-15 2025-06-15"],
      ["pf_20240131 2025-02-01 2025-08-01", "pf_20240615 2025-06-16 2025-08-01"],
    ]);
  });

  it("counts years since each purchase; a year ends on the day of the purchase", () => {
    expect(cells(vintageRows(sources, { by: "year", age: "year", asOf, drill }))).to.deep.equal([
      ["2024", "1: 15.00 true", "2: 80.00 false"],
      ["2025", "1: -5.00 false"],
    ]);
  });

  it("counts months since each purchase, month ends kept", () => {
    const rows = vintageRows(sources.slice(0, 1), { by: "quarter", age: "month", asOf: parseDay("2024-03-31"), drill });
    expect(cells(rows)).to.deep.equal([["2024-Q1", "1: 3.00 true", "2: 4.00 true"]]);
    expect(rows[0]!.ages.map(({ from, to }) => `${from} ${to}`)).to.deep.equal([
      "2024-01-31 2024-02-29",
      "2024-03-01 2024-03-31",
    ]);
  });

  it("counts calendar years, as annual reports do", () => {
    expect(cells(vintageRows(sources, { by: "month", age: "calendar_year", asOf, drill }))).to.deep.equal([
      ["2024-01", "2024: 7.00 true", "2025: 24.00 false"],
      ["2024-06", "2024: 0.00 true", "2025: 64.00 false"],
      ["2025-02", "2025: -5.00 false"],
    ]);
  });

  it("runs up to the multiple of the price", () => {
    const [row] = vintageRows(sources.slice(0, 2), { by: "year", age: "year", asOf, drill });
    expect(row).to.include({ price: "400.00", collections: "95.00", multiple: "0.237500" });
    expect(row!.ages.map(({ cumulative, multiple }) => [cumulative, multiple])).to.deep.equal([
      ["15.00", "0.037500"],
      ["95.00", "0.237500"],
    ]);
  });

  it("loses no collection, however time is cut: every cell holds those of its days", () => {
    const closing = parseDay("2024-01-31");
    const day = fc.integer({ min: closing, max: closing + 1000 });
    const payments = fc.array(fc.tuple(day, fc.integer({ min: -500, max: 5000 })), { maxLength: 30 });
    fc.assert(
      fc.property(
        payments,
        fc.constantFrom("month" as const, "year" as const, "calendar_year" as const),
        (paid, age) => {
          const collections = paid.map(([on, amount]) => ({ day: on as Day, amountMinor: minor(BigInt(amount)) }));
          const source = { ...sources[0]!, collections };
          const [row] = vintageRows([source], { by: "year", age, asOf: addDays(closing, 1000), drill });
          for (const { from, to, collections: shown } of row!.ages) {
            const within = collections.filter((one) => one.day >= parseDay(from) && one.day <= parseDay(to));
            expect(usd(shown)).to.equal(within.reduce((sum, one) => sum + one.amountMinor, 0n));
          }
          expect(usd(row!.ages.at(-1)!.cumulative)).to.equal(usd(row!.collections));
        },
      ),
    );
  });
});

describe("remaining expected collections", () => {
  const drill = {
    collections: (portfolioId: string, days: { from: string; asOf: string }) =>
      `${portfolioId} ${days.from} ${days.asOf}`,
    forecast: (portfolioId: string) => portfolioId,
  };
  const flat = (months: number, amount: string): Minor[] => Array.from({ length: months }, () => usd(amount));
  const source: ErcSource = {
    portfolioId: "pf_1",
    name: "Cards",
    currency: "USD",
    closingOn: parseDay("2026-01-01"),
    priceMinor: usd("600"),
    forecasts: [
      {
        version: 1,
        source: "quote",
        usedFrom: "2026-01" as Period,
        firstMonth: "2026-01" as Period,
        amounts: flat(24, "100"),
      },
    ],
    shareMillionths: 1_000_000n,
    collections: [{ day: parseDay("2026-02-10"), amountMinor: usd("150") }],
  };
  const at = (asOf: string, horizonMonths: number | null = null) => ({
    asOf: parseDay(asOf),
    horizonMonths,
    by: "year" as const,
    drill,
  });

  it("is the forecast after the day; the month that runs counts by its days", () => {
    const { portfolios, periods } = ercFigures([source], at("2026-04-15"));
    expect(portfolios[0]).to.include({
      expected_to_date: "350.00",
      collections: "150.00",
      collections_of_expected: "0.428571",
      remaining: "2050.00",
      beyond_horizon: "0.00",
      forecast_ends: "2027-12",
      total_multiple: "3.666667",
    });
    expect(
      periods.map(({ period, expected, collections, remaining }) => [period, expected, collections, remaining]),
    ).to.deep.equal([
      ["2026", "1200.00", "150.00", "850.00"],
      ["2027", "1200.00", "0.00", "1200.00"],
    ]);
    expect(periods.map((period) => period.drill)).to.deep.equal([["pf_1 2026-01-01 2026-04-15"], []]);
  });

  it("is cut at the horizon, which is stated", () => {
    const { totals } = ercFigures([source], at("2026-06-30", 6));
    expect(totals[0]).to.include({ remaining: "600.00", beyond_horizon: "1200.00" });
  });

  it("uses each forecast for the months after the one it was made for, and only what is still held", () => {
    const better = {
      version: 2,
      source: "given" as const,
      usedFrom: "2026-03" as Period,
      firstMonth: "2026-04" as Period,
      amounts: flat(6, "200"),
    };
    const two = { ...source, forecasts: [...source.forecasts, better], shareMillionths: 500_000n };
    const [row] = ercFigures([two], at("2026-05-31")).portfolios;
    expect(row).to.include({
      forecast_version: 2,
      expected_to_date: "500.00",
      forecast_to_date: "700.00",
      remaining: "400.00",
      forecast_ends: "2026-09",
      share: 0.5,
    });
    const [before] = ercFigures([two], at("2026-03-30")).portfolios;
    expect(before!.remaining, "March by the old forecast, April on by the new").to.equal("601.61");
  });

  it("splits what was expected into what was to come by now, what is to come and what lies beyond", () => {
    const day = fc.integer({ min: parseDay("2026-01-01"), max: parseDay("2029-01-01") });
    fc.assert(
      fc.property(day, fc.option(fc.integer({ min: 1, max: 40 })), (asOf, horizonMonths) => {
        const scope = { asOf: asOf as Day, horizonMonths, by: "month" as const, drill };
        const [row] = ercFigures([source], scope).portfolios;
        const parts = usd(row!.forecast_to_date) + usd(row!.remaining) + usd(row!.beyond_horizon);
        // a month that is cut is rounded down on either side
        expect(Number(usd("2400") - parts)).to.be.within(0, 2);
      }),
    );
  });
});
