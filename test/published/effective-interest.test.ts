/**
 * A pool bought for 100,000 with expected cash 60 / 50 / 40 / 30 / 20 thousand at the end of each of five periods, rolled
 * forward as expected, after a better and after a worse first period, under effective interest, under the prospective
 * yield of ASC 310-30 (which ended in 2019) and under cost recovery. Figures constructed by exact arithmetic for this
 * project's reference (domain notes, section 3.2, golden_eir_pool_example.csv). A period is a month here, a year there:
 * the arithmetic does not know.
 *
 * Purchases as Encore Capital Group grosses them up under ASC 326, in thousands of USD: its 10-Q and 10-K, XBRL pages
 * sec.gov/Archives/edgar/data/1084961/{000108496121000052/R25,000108496121000017/R26,000108496121000099/R26,
 * 000108496122000061/R25}.htm.
 */
import { expect } from "chai";
import { addPeriods, type Period, parseDay } from "../../src/calendar/day.js";
import { irr } from "../../src/cashflow/rate-of-return.js";
import { afterCollection, costRelief, type Investment } from "../../src/ledger/cost-recovery.js";
import { formatMinor, minor, parseMinor, zeroMinor } from "../../src/money/money.js";
import { effectiveRate, type ForecastVersion, rollForward } from "../../src/revenue/effective-interest.js";
import { discountedFace, grossUp } from "../../src/revenue/purchase-gross-up.js";

const usd = (text: string | number) => parseMinor(String(text), "USD");
const shown = (amount: bigint) => formatMinor(amount, "USD");
const first = "2026-01" as Period;
const priced = [60_000, 50_000, 40_000, 30_000, 20_000];
const startsOn = parseDay("2026-01-01");
const forecast = (version: number, firstMonth: Period, amounts: readonly number[]): ForecastVersion => ({
  version,
  usedFrom: first,
  expected: { firstMonth, amounts: amounts.map(usd) },
});
const base = forecast(1, first, priced);

describe("published: the five-period pool, posted to the cent", () => {
  const { eirMonthly } = effectiveRate(usd(100_000), base.expected, { startsOn, currency: "USD" });
  const basis = { currency: "USD", startsOn, carryingMinor: usd(100_000), eirMonthly: eirMonthly! };

  it("has the effective rate 0.36080835464753885", () => {
    expect(eirMonthly).to.be.closeTo(0.36080835464753885, 1e-14);
  });

  // biome-ignore format: a table
  const cases: { why: string; cash: number[]; again?: number[]; rows: [opening: string, revenue: string, current: string, future: string, closing: string][] }[] = [
    { why: "as expected", cash: priced, rows: [
      ["100000.00", "36080.84", "0.00", "0.00", "76080.84"],
      [ "76080.84", "27450.60", "0.00", "0.00", "53531.44"],
      [ "53531.44", "19314.59", "0.00", "0.00", "32846.03"],
      [ "32846.03", "11851.12", "0.00", "0.00", "14697.15"],
      [ "14697.15",  "5302.85", "0.00", "0.00",     "0.00"],
    ] },
    { why: "66,000 came, and 52, 42, 30 and 18 thousand are expected", cash: [66_000, 52_000, 42_000, 30_000, 18_000], again: [52_000, 42_000, 30_000, 18_000], rows: [
      ["100000.00", "36080.84", "6000.00", "1966.51", "78047.35"],
      [ "78047.35", "28160.13", "0.00", "0.00", "54207.48"],
      [ "54207.48", "19558.52", "0.00", "0.00", "31766.00"],
      [ "31766.00", "11461.43", "0.00", "0.00", "13227.43"],
      [ "13227.43",  "4772.57", "0.00", "0.00",     "0.00"],
    ] },
    { why: "50,000 came, and 40, 32, 22 and 14 thousand are expected", cash: [50_000], again: [40_000, 32_000, 22_000, 14_000], rows: [
      ["100000.00", "36080.84", "-10000.00", "-16593.07", "59487.77"],
    ] },
  ];
  for (const { why, cash, again, rows } of cases) {
    it(why, () => {
      const versions = again === undefined ? [base] : [base, forecast(2, addPeriods(first, 1), again)];
      const movements = cash.map((amount, i) => ({
        month: addPeriods(first, i),
        cashMinor: usd(amount),
        otherMinor: zeroMinor,
      }));
      const months = rollForward(basis, versions, movements).map((m) => [
        shown(m.openingMinor),
        shown(m.revenueMinor),
        shown(m.changeCurrentMinor),
        shown(m.changeFutureMinor),
        shown(m.closingMinor),
      ]);
      expect(months).to.deep.equal(rows);
    });
  }

  it("gives ASC 310-30 its prospective yield from the same carrying amount less the gain", () => {
    const carried = 100_000 * (1 + eirMonthly!) - 66_000;
    expect(irr(Float64Array.of(-carried, 52_000, 42_000, 30_000, 18_000)).rate).to.be.closeTo(0.4460814719, 5e-10);
  });

  it("gives ASC 310-30 its allowance: the whole change of the worse forecast, 26,593.07", () => {
    const carried = 100_000 * (1 + eirMonthly!) - 50_000;
    expect(carried).to.be.closeTo(86_080.84, 0.005);
    expect(carried - 59_487.77).to.be.closeTo(26_593.07, 0.005);
  });

  it("under cost recovery: 60 and 40 thousand of principal, then 10, 40, 30 and 20 thousand of revenue", () => {
    let investment: Investment = {
      method: "cost_recovery",
      costMinor: usd(100_000),
      collectedMinor: zeroMinor,
      recoveredMinor: zeroMinor,
    };
    const rows = priced.map((cash) => {
      const appliedMinor = usd(cash);
      const costReliefMinor = costRelief(investment, appliedMinor);
      investment = afterCollection(investment, { appliedMinor, costReliefMinor });
      return [shown(costReliefMinor), shown(appliedMinor - costReliefMinor)];
    });
    expect(rows).to.deep.equal([
      ["60000.00", "0.00"],
      ["40000.00", "10000.00"],
      ["0.00", "40000.00"],
      ["0.00", "30000.00"],
      ["0.00", "20000.00"],
    ]);
  });
});

describe("published: Encore's purchases grossed up", () => {
  // biome-ignore format: a table
  const purchases: [period: string, price: number, allowance: number, amortizedCost: number, noncredit: number, face: number][] = [
    ["transition 2020-01-01", 3_328_150, 79_028_043, 82_356_193, 132_533_142, 214_889_335],
    ["Q1 2020",   214_113,   521_194,   735_307,   967_715, 1_703_022],
    ["Q2 2020",   147_939,   371_424,   519_363,   786_512, 1_305_875],
    ["FY 2020",   659_872, 1_703_420, 2_363_292, 3_464_670, 5_827_962],
    ["Q1 2021",   170_178,   374_575,   544_753,   784_112, 1_328_865],
    ["Q2 2021",   142_728,   350_537,   493_265,   658_358, 1_151_623],
    ["Q1 2022",   169_505,   350_186,   519_691,   657_058, 1_176_749],
  ];
  for (const [period, price, allowance, amortizedCost, noncredit, face] of purchases) {
    it(period, () => {
      const grossed = grossUp({
        priceMinor: usd(price),
        amortizedCostMinor: usd(amortizedCost),
        faceMinor: usd(face),
      });
      expect(grossed.allowanceMinor).to.equal(usd(allowance));
      expect(grossed.noncreditDiscountMinor).to.equal(usd(noncredit));
      expect(grossed.writtenOffMinor).to.equal(-(grossed.amortizedCostMinor + grossed.noncreditDiscountMinor));
      expect(grossed.negativeAllowanceMinor).to.equal(usd(price));
      // discounting the face at the rate of the purchase gives the cost back from the multiple that it implies
      const expectedMinor = minor((usd(face) * usd(price)) / usd(amortizedCost));
      const discounted = discountedFace({ priceMinor: usd(price), expectedMinor, faceMinor: usd(face) });
      expect(Number(discounted - usd(amortizedCost)) / Number(usd(amortizedCost))).to.be.closeTo(0, 1e-7);
    });
  }
});
