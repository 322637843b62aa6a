/**
 * A pool bought for 100,000 with expected year-end cash 60,000 / 50,000 / 40,000 / 30,000 / 20,000: its effective
 * interest rate (eir), the roll-forward at that rate, the roll-forward after a better forecast, and the prices that
 * the same cash bears. Figures constructed by exact arithmetic for this project's reference (domain notes, section 3.2,
 * golden_eir_pool_example.csv); face 2,000,000 in the bid check.
 */
import { expect } from "chai";
import { npv } from "../../src/cashflow/present-value.js";
import { irr } from "../../src/cashflow/rate-of-return.js";

const eir = 0.36080835464753885;
const cash = [60_000, 50_000, 40_000, 30_000, 20_000];

describe("published: five-year pool", () => {
  it("has its effective interest rate", () => {
    expect(irr(Float64Array.from([-100_000, ...cash])).rate).to.be.closeTo(eir, 1e-14);
  });

  // biome-ignore format: a table
  const base: [opening: number, income: number, cash: number, closing: number][] = [
    [100_000.00, 36_080.84, 60_000, 76_080.84],
    [ 76_080.84, 27_450.60, 50_000, 53_531.44],
    [ 53_531.44, 19_314.59, 40_000, 32_846.03],
    [ 32_846.03, 11_851.12, 30_000, 14_697.15],
    [ 14_697.15,  5_302.85, 20_000,      0.00],
  ];
  it("runs off to nothing, and each balance is the value of what is still to come", () => {
    const rate = irr(Float64Array.from([-100_000, ...cash])).rate!;
    for (const [year, [opening, income, received, closing]] of base.entries()) {
      const value = npv(Float64Array.from([0, ...cash.slice(year)]), rate);
      expect(value).to.be.closeTo(opening, 0.005);
      expect(value * rate).to.be.closeTo(income, 0.005);
      expect(value * (1 + rate) - received).to.be.closeTo(closing, 0.005);
    }
  });

  it("is worth 78,047.35 after a first year of 66,000 and a forecast of 52, 42, 30 and 18 thousand", () => {
    const forecast = Float64Array.of(0, 52_000, 42_000, 30_000, 18_000);
    expect(npv(forecast, eir)).to.be.closeTo(78_047.347685, 5e-7);
    expect(npv(forecast, eir) - npv(Float64Array.of(0, ...cash.slice(1)), eir)).to.be.closeTo(1_966.51222, 5e-6);
  });

  it("yields 44.6081472 % from then on when the yield is raised instead", () => {
    const flow = Float64Array.of(-70_080.835465, 52_000, 42_000, 30_000, 18_000);
    expect(irr(flow).rate).to.be.closeTo(0.4460814719, 5e-10);
  });

  // biome-ignore format: a table
  const prices: [target: number, gross: number, net: number, cents: number][] = [
    [0.10, 158_829.19, 95_297.51, 4.7649],
    [0.15, 143_377.88, 86_026.73, 4.3013],
    [0.20, 130_375.51, 78_225.31, 3.9113],
    [0.25, 119_321.60, 71_592.96, 3.5796],
  ];
  for (const [target, gross, net, cents] of prices) {
    it(`bears ${cents} cents per dollar at ${target * 100} %, net of 40 % cost`, () => {
      const kept = Float64Array.from([0, ...cash], (amount) => amount * 0.6);
      expect(npv(Float64Array.from([0, ...cash]), target)).to.be.closeTo(gross, 0.005);
      expect(npv(kept, target)).to.be.closeTo(net, 0.005);
      expect((npv(kept, target) / 2_000_000) * 100).to.be.closeTo(cents, 5e-5);
    });
  }
});
