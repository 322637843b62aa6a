import { expect } from "chai";
import { parseDay } from "../../src/calendar/day.js";
import { type Minor, parseMinor } from "../../src/money/money.js";
import { type NetBackSource, netBackFigures } from "../../src/reports/net-back-figures.js";

const usd = (text: string): Minor => parseMinor(text, "USD");

/** Movements of the ledger as rows of day, account, debit less credit. */
function source(rows: readonly (readonly [string, string, string])[], asOf: string): NetBackSource {
  return {
    currency: "USD",
    closingOn: parseDay("2025-01-31"),
    asOf: parseDay(asOf),
    faceMinor: usd("20000.00"),
    movements: rows.map(([day, account, amount]) => ({ day: parseDay(day), account, amountMinor: usd(amount) })),
    forecastMinor: ["0", "100.00", "200.00", "310.00", "300.00"].map(usd),
  };
}

/**
 * Bought for 1,000.00. An agency collects 800.00 for 200.00; a court costs 100.00; the seller takes back 50.00; then
 * 700.00 come in: of these 150.00 recover the last of the cost.
 */
const rows = [
  ["2025-01-31", "1500", "1000.00"],
  ["2025-01-31", "1000", "-1000.00"],
  ["2025-02-28", "4000", "-800.00"],
  ["2025-02-28", "1100", "600.00"],
  ["2025-02-28", "5000", "200.00"],
  ["2025-02-28", "4900", "800.00"],
  ["2025-02-28", "1500", "-800.00"],
  ["2025-03-10", "5100", "100.00"],
  ["2025-03-10", "1000", "-100.00"],
  ["2025-03-15", "1150", "50.00"],
  ["2025-03-15", "4100", "-50.00"],
  ["2025-03-15", "4910", "50.00"],
  ["2025-03-15", "1500", "-50.00"],
  ["2026-01-31", "4000", "-700.00"],
  ["2026-01-31", "1000", "700.00"],
  ["2026-01-31", "4900", "150.00"],
  ["2026-01-31", "1500", "-150.00"],
] as const;

describe("the figures of the net-back report", () => {
  it("before the price is back", () => {
    const figures = netBackFigures(source(rows, "2025-03-15"));
    expect(figures.to_date).to.deep.equal({
      from: "2025-01-31",
      to: "2025-03-15",
      price_paid: "1000.00",
      gross: "800.00",
      commission: "200.00",
      costs: "100.00",
      net_back: "500.00",
      put_back_refunds: "50.00",
      resale_proceeds: "0.00",
      profit: "-450.00",
    });
    expect(figures.month_to_date).to.deep.include({ gross: "0.00", costs: "100.00", net_back: "-100.00" });
    expect(figures).to.deep.include({
      cost_recovered: "550.00",
      unrecovered_cost: "450.00",
      gross_multiple: "0.800000",
      net_multiple: "0.550000",
      break_even_on: null,
    });
    expect(figures.shares).to.deep.equal({
      gross_of_face: "0.040000",
      net_back_of_face: "0.025000",
      net_back_of_price: "0.500000",
      net_back_of_gross: "0.625000",
      commission_of_gross: "0.250000",
      price_of_face: "0.050000",
    });
  });

  it("on the day the price comes back, a year after: the rate solves the daily flow", () => {
    const figures = netBackFigures(source(rows, "2026-01-31"));
    expect(figures.to_date).to.deep.include({ gross: "1500.00", net_back: "1200.00", profit: "250.00" });
    expect(figures.year_to_date).to.deep.include({ from: "2026-01-01", gross: "700.00", price_paid: "0.00" });
    expect(figures.break_even_on).to.equal("2026-01-31");
    expect(figures.unrecovered_cost).to.equal("0.00");
    // -1000 on day 0, +600 on day 28, -100 on day 38, +50 on day 43, +700 on day 365
    const rate = figures.irr_to_date.rate!;
    const worth = [
      [-1000, 0],
      [600, 28],
      [-100, 38],
      [50, 43],
      [700, 365],
    ].reduce((sum, [amount, day]) => sum + amount! / (1 + rate) ** (day! / 365), 0);
    expect(worth).to.be.closeTo(0, 1e-6);
    expect(rate).to.be.closeTo(0.5, 0.2);
  });

  it("counts court costs as they are paid, whether they come back or not, and what a resale brings", () => {
    const more = [
      ...rows,
      // 80.00 advanced; 60.00 of them come back with a payment of 90.00, which recovers no more cost; 20.00 are given up
      ["2026-02-01", "1300", "80.00"],
      ["2026-02-02", "4000", "-90.00"],
      ["2026-02-02", "4920", "60.00"],
      ["2026-02-02", "1300", "-60.00"],
      ["2026-02-03", "5100", "20.00"],
      ["2026-02-03", "1300", "-20.00"],
      ["2026-02-04", "4200", "-500.00"],
    ] as const;
    const advanced = netBackFigures(source(more, "2026-02-01"));
    expect(advanced.month_to_date).to.deep.include({ costs: "80.00", net_back: "-80.00" });
    const figures = netBackFigures(source(more, "2026-02-04"));
    expect(figures.month_to_date).to.deep.include({
      gross: "90.00",
      costs: "80.00",
      net_back: "10.00",
      resale_proceeds: "500.00",
      profit: "510.00",
      price_paid: "0.00",
    });
    expect(figures.to_date).to.deep.include({ price_paid: "1000.00", profit: "760.00" });
  });

  it("does not take revenue that was added to the carrying amount for a price", () => {
    const accrued = [...rows, ["2026-02-01", "1500", "30.00"], ["2026-02-01", "4500", "-30.00"]] as const;
    expect(netBackFigures(source(accrued, "2026-02-01")).to_date.price_paid).to.equal("1000.00");
  });

  it("says why there is no rate yet", () => {
    const figures = netBackFigures(source(rows.slice(0, 2), "2025-02-01"));
    expect(figures.irr_to_date.rate).to.equal(null);
    expect(figures.irr_to_date.reason).to.be.a("string").and.not.equal("");
    expect(figures.shares.net_back_of_gross).to.equal(null);
  });

  it("sets actual against forecast by month, the running month by its days", () => {
    // closing on 31 January: month 1 ends on 28 February, month 2 on 31 March; 15 of its 31 days are over
    const { forecast } = netBackFigures(source(rows, "2025-03-15"));
    expect(forecast.by_month).to.deep.equal([
      {
        month: 1,
        from: "2025-01-31",
        to: "2025-02-28",
        expected: "100.00",
        actual: "800.00",
        cumulative_expected: "100.00",
        cumulative_actual: "800.00",
      },
      {
        month: 2,
        from: "2025-03-01",
        to: "2025-03-31",
        expected: "200.00",
        actual: "0.00",
        cumulative_expected: "300.00",
        cumulative_actual: "800.00",
      },
    ]);
    // 100 + 200 x 15 / 31 = 196.774...
    expect(forecast).to.deep.include({ horizon_months: 4, expected_to_date: "196.77", actual_to_date: "800.00" });
    expect(forecast.remaining_expected, "910.00 - 196.77").to.equal("713.23");
    expect(Number(forecast.remaining_expected_at_current_pace)).to.be.closeTo((713.23 * 800) / 196.77, 0.01);
  });

  it("expects nothing after the horizon", () => {
    const { forecast } = netBackFigures(source(rows, "2026-01-31"));
    expect(forecast.by_month).to.have.length(12);
    expect(forecast.remaining_expected).to.equal("0.00");
  });
});
