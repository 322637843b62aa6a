/**
 * A published open pricer (Python, "DebtPortfolioPricer") on its own example: face 50m, 30 % recovered, 30 % cost,
 * an "IRR of 18 %", collections 40/30/20/10 % over four years. It discounts each year's cash at the year's end and
 * checks the rate on monthly cash, so that its price is not the price it says it is; its recommendation averages that
 * price with a price-to-collections ratio and comes to 7,195,653. Our figures on the same flow are those that the
 * domain notes computed independently: 7,641,306 yields 24.96 %, 7,195,653 yields 30.89 %, and 18 % is worth 8,252,883.
 */
import { expect } from "chai";
import { npv } from "../../src/cashflow/present-value.js";
import { minorToEstimate } from "../../src/money/money.js";
import { highestPrice, returnsAt } from "../../src/pricing/bid.js";

const netTotal = 50_000_000 * 0.3 * 0.7;
const yearly = [0.4, 0.3, 0.2, 0.1];
const monthly = new Float64Array(49);
for (let m = 1; m <= 48; m++) monthly[m] = (netTotal * yearly[Math.ceil(m / 12) - 1]!) / 12;

const terms = { currency: "USD", targetIrr: 0.18, minMultiple: null, maxPaybackMonths: null, authorityLimit: null };

describe("the published pricer that underbids", () => {
  it("prices whole years at their end: 7,641,306", () => {
    expect(npv(Float64Array.of(0, ...yearly.map((share) => share * netTotal)), 0.18)).to.be.closeTo(7_641_306, 0.5);
  });

  const prices = [
    { price: 7_641_306, irr: 0.2496, why: "its discounted price earns far more than 18 %" },
    { price: 7_195_653, irr: 0.3089, why: "its recommendation earns more still" },
    { price: 8_252_883, irr: 0.18, why: "the price that earns what was asked" },
  ];
  for (const { price, irr, why } of prices) {
    it(`${price} earns ${(irr * 100).toFixed(2)} % (${why})`, () => {
      expect(returnsAt(monthly, price).netIrr).to.be.closeTo(irr, 0.00005);
    });
  }

  it("bids 8,252,883 on the flow it checks, where the pricer recommends 12.8 % less", () => {
    const price = minorToEstimate(highestPrice(monthly, terms).priceMinor, "USD");
    expect(price).to.be.closeTo(8_252_883, 0.5);
    expect(1 - 7_195_653 / price).to.be.closeTo(0.128, 0.0005);
  });
});
