import { expect } from "chai";
import fc from "fast-check";
import { type Day, parseDay } from "../../src/calendar/day.js";
import { npv, npvMonthly } from "../../src/cashflow/present-value.js";
import { irr, irrMonthly, type RateAnswer, xirr } from "../../src/cashflow/rate-of-return.js";
import { findRoot } from "../../src/cashflow/root.js";

function rateOf(answer: RateAnswer): number {
  if (answer.rate === null) throw new Error(`no rate: ${answer.reason}, ${answer.detail}`);
  return answer.rate;
}
const flowOf = (...amounts: number[]) => Float64Array.from(amounts);

describe("rate of return", () => {
  const solved: [why: string, flow: number[], rate: number][] = [
    ["one period", [-100, 110], 0.1],
    ["a loss has a negative rate", [-100, 50], -0.5],
    ["nothing gained, nothing lost", [-100, 50, 50], 0],
    ["a loan taken is the same rate as the loan given", [100, -110], 0.1],
    ["a flow that starts late", [0, 0, -100, 110], 0.1],
    ["years without cash", [-100, 0, 0, 0, 146.41], 0.1],
    ["a hundredfold in one period", [-1, 100], 99],
    // 60 / 1.036029 + 50 / 1.036029^2 - 5 / 1.036029^3 = 100; the other root, near -91 %, would be a loss on a gain of 5
    ["a cost after the last collection", [-100, 60, 50, -5], 0.036_029_079_86],
  ];
  for (const [why, flow, rate] of solved) {
    it(why, () => expect(rateOf(irr(Float64Array.from(flow)))).to.be.closeTo(rate, 1e-7));
  }

  const unsolved: [why: string, flow: number[], reason: string, said: string][] = [
    ["empty", [], "too_few_flows", "0 of the flows"],
    ["one flow", [-100, 0, 0], "too_few_flows", "1 of the flows"],
    ["only paid out", [-100, -10], "no_sign_change", "all 2 flows are outflows"],
    ["only received", [0, 10, 10], "no_sign_change", "all 2 flows are inflows"],
    ["two rates fit and none is better founded", [-100, 230, -132], "multiple_rates", "10.0000 %, 20.0000 %"],
    ["two changes of sign and no rate", [-100, 150, -100], "not_bracketed", "2 changes of sign"],
  ];
  for (const [why, flow, reason, said] of unsolved) {
    it(`no rate: ${why}`, () => {
      const answer = irr(Float64Array.from(flow));
      expect(answer).to.include({ rate: null, reason });
      expect(answer).to.have.property("detail").that.includes(said);
    });
  }

  it("is effective per year for monthly flows", () => {
    const flow = new Float64Array(13);
    flow[0] = -100;
    flow[12] = 120;
    expect(rateOf(irrMonthly(flow))).to.be.closeTo(0.2, 1e-12);
    expect(rateOf(irrMonthly(flowOf(-100, 101)))).to.be.closeTo(1.01 ** 12 - 1, 1e-12);
  });

  it("has no answer to a flow that is not finite", () => {
    expect(() => irr(flowOf(-100, Number.NaN))).to.throw(RangeError);
    expect(() => irr(flowOf(-100, Number.POSITIVE_INFINITY))).to.throw(RangeError);
  });

  const bought = fc
    .tuple(
      fc.double({ min: 100, max: 1e6, noNaN: true }),
      fc.array(fc.double({ min: 1, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 120 }),
    )
    .map(([price, cash]) => Float64Array.from([-price, ...cash]));

  it("law: the flow is worth nothing at its own rate", () => {
    fc.assert(
      fc.property(bought, (flow) => {
        const rate = rateOf(irr(flow));
        fc.pre(rate > -0.9);
        const scale = flow.reduce((sum, amount, m) => sum + Math.abs(amount) / (1 + rate) ** m, 0);
        expect(Math.abs(npv(flow, rate)) / scale).to.be.below(1e-12);
      }),
    );
  });

  it("law: the same at a monthly flow and its annual rate", () => {
    fc.assert(
      fc.property(bought, (flow) => {
        const answer = irrMonthly(flow);
        fc.pre(answer.rate !== null && answer.rate > -0.99);
        const scale = flow.reduce((sum, amount) => sum + Math.abs(amount), 0) * Math.max(1, (1 + answer.rate!) ** -10);
        expect(Math.abs(npvMonthly(flow, answer.rate!)) / scale).to.be.below(1e-11);
      }),
    );
  });

  it("law: whatever the signs, a rate that is given brings the flow to nothing", () => {
    const amount = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(amount, { minLength: 2, maxLength: 40 }), (amounts) => {
        const flow = Float64Array.from([-1000, ...amounts]);
        const answer = irr(flow);
        fc.pre(answer.rate !== null && answer.rate > -0.9);
        const rate = answer.rate!;
        const scale = flow.reduce((sum, each, m) => sum + Math.abs(each) / (1 + rate) ** m, 0);
        expect(Math.abs(npv(flow, rate)) / scale).to.be.below(1e-11);
      }),
    );
  });

  it("law: the same flow has the same rate dated and evenly spaced", () => {
    fc.assert(
      fc.property(bought, (flow) => {
        const years = Array.from(flow, (_, m) => (m * 365) as Day);
        expect(Math.log1p(rateOf(xirr(years, flow)))).to.be.closeTo(Math.log1p(rateOf(irr(flow))), 1e-12);
      }),
    );
  });

  it("law: the unit of money does not matter", () => {
    fc.assert(
      fc.property(bought, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (flow, unit) => {
        const scaled = flow.map((amount) => amount * unit);
        expect(Math.log1p(rateOf(irr(scaled)))).to.be.closeTo(Math.log1p(rateOf(irr(flow))), 1e-9);
      }),
    );
  });

  it("law: a higher price never has a higher rate", () => {
    fc.assert(
      fc.property(bought, fc.double({ min: 1, max: 1e5, noNaN: true }), (flow, more) => {
        const dearer = Float64Array.from(flow);
        dearer[0] = flow[0]! - more;
        expect(rateOf(irr(dearer))).to.be.at.most(rateOf(irr(flow)));
      }),
    );
  });
});

describe("rate of return of dated flows", () => {
  const days = (...texts: string[]): Day[] => texts.map(parseDay);

  it("counts a year as 365 days, a leap year too", () => {
    expect(rateOf(xirr(days("2023-01-01", "2024-01-01"), [-100, 110]))).to.be.closeTo(0.1, 1e-12);
    expect(rateOf(xirr(days("2024-01-01", "2025-01-01"), [-100, 110]))).to.be.closeTo(1.1 ** (365 / 366) - 1, 1e-12);
  });
  it("takes the flows in any order", () => {
    const dates = days("2024-06-01", "2024-01-01", "2024-12-31");
    expect(xirr(dates, [40, -100, 80])).to.deep.equal(xirr(dates.toReversed(), [80, -100, 40]));
  });
  it("takes the flows of one day together: what goes in and out on one day alone has no rate", () => {
    const answer = xirr(days("2024-01-01", "2024-01-01"), [-100, 110]);
    expect(answer).to.include({ rate: null, reason: "too_few_flows" });
  });
  it("solves overnight gains as spreadsheets do, and says when they are beyond reason", () => {
    expect(rateOf(xirr(days("2024-01-01", "2024-01-02"), [-100, 101]))).to.be.closeTo(1.01 ** 365 - 1, 1e-8);
    const answer = xirr(days("2024-01-01", "2024-01-02"), [-100, 200]);
    expect(answer).to.include({ rate: null, reason: "not_bracketed" });
  });
  it("needs as many dates as amounts", () => expect(() => xirr(days("2024-01-01"), [1, 2])).to.throw(RangeError));
});

describe("root", () => {
  it("is found inside its bracket", () => expect(findRoot((x) => x * x - 2, 0, 2)).to.be.closeTo(Math.SQRT2, 1e-14));
  it("is refused without a change of sign", () => expect(() => findRoot((x) => x * x + 1, -1, 1)).to.throw(RangeError));
});
