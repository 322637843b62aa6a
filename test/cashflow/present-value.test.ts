import { expect } from "chai";
import fc from "fast-check";
import { cumulative, monthlyRate, npv, npvMonthly, paybackMonth } from "../../src/cashflow/present-value.js";

const positiveFlow = fc
  .array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 120 })
  .map((flow) => Float64Array.from(flow));
const anyRate = fc.double({ min: -0.5, max: 5, noNaN: true });

describe("present value", () => {
  it("discounts index 0 not at all and index m by m periods", () => {
    expect(npv(Float64Array.of(100, 110, 121), 0.1)).to.be.closeTo(300, 1e-12);
  });

  it("takes an annual rate as effective: twelve months at the monthly rate make the year", () => {
    expect((1 + monthlyRate(0.2)) ** 12).to.be.closeTo(1.2, 1e-14);
    const flow = new Float64Array(13);
    flow[12] = 120;
    expect(npvMonthly(flow, 0.2)).to.be.closeTo(100, 1e-10);
  });

  it("is the plain sum at a rate of zero", () => expect(npvMonthly(Float64Array.of(-5, 2, 4), 0)).to.equal(1));

  it("has no rate at -100 % or below, nor an infinite one", () => {
    for (const rate of [-1, -2, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => npv(Float64Array.of(1), rate)).to.throw(RangeError);
      expect(() => monthlyRate(rate)).to.throw(RangeError);
    }
  });

  it("law: falls as the rate rises, for flows that are positive", () => {
    fc.assert(
      fc.property(positiveFlow, anyRate, fc.double({ min: 0.001, max: 1, noNaN: true }), (flow, rate, more) => {
        expect(npv(flow, rate + more)).to.be.below(npv(flow, rate));
      }),
    );
  });

  it("law: twice the flow is worth twice as much", () => {
    fc.assert(
      fc.property(positiveFlow, anyRate, (flow, rate) => {
        const doubled = flow.map((amount) => 2 * amount);
        expect(npv(doubled, rate)).to.equal(2 * npv(flow, rate));
      }),
    );
  });
});

describe("payback", () => {
  const cases: [why: string, flow: number[], month: number | null][] = [
    ["comes back in the month that reaches the price", [-100, 60, 40, 10], 2],
    ["nothing was paid out", [0, 1], 0],
    ["never comes back", [-100, 10, 10], null],
    ["the first time counts, a later cost does not undo it", [-100, 100, -5, 5], 1],
    ["an empty flow never pays back", [], null],
  ];
  for (const [why, flow, month] of cases) {
    it(why, () => expect(paybackMonth(Float64Array.from(flow))).to.equal(month));
  }
  it("agrees with the running total", () => {
    expect([...cumulative(Float64Array.of(-100, 60, 40, 10))]).to.deep.equal([-100, -40, 0, 10]);
  });
});
