import { expect } from "chai";
import * as fc from "fast-check";
import { npvMonthly } from "../../src/cashflow/present-value.js";
import { type Minor, minorToEstimate } from "../../src/money/money.js";
import { type BidTerms, highestPrice, payableFlow, returnsAt } from "../../src/pricing/bid.js";

const terms: BidTerms = {
  currency: "USD",
  targetIrr: 0.2,
  minMultiple: null,
  maxPaybackMonths: null,
  authorityLimit: null,
};
const even = Float64Array.from({ length: 25 }, (_, m) => (m === 0 ? 0 : 100));
const priceOf = (net: Float64Array, over: Partial<BidTerms> = {}) => {
  const { priceMinor, binding } = highestPrice(net, { ...terms, ...over });
  return { price: minorToEstimate(priceMinor, "USD"), binding };
};

/** Flows of one to sixty months in cents, costs among them at any month. */
const anyFlow = fc
  .array(fc.integer({ min: -5_000_000, max: 10_000_000 }), { minLength: 2, maxLength: 60 })
  .map((cents) => Float64Array.from(cents, (amount) => amount / 100));
/** Positive flows of one to sixty months, in cents. */
const positiveFlow = fc
  .array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 60 })
  .map((cents) => Float64Array.from([0, ...cents.map((amount) => amount / 100)]));
const target = fc.double({ min: 0.001, max: 5, noNaN: true });

describe("the bid", () => {
  const cases = [
    {
      over: {},
      binding: "target_irr",
      price: Math.floor(npvMonthly(even, 0.2) * 100) / 100,
      why: "nothing else is asked for",
    },
    { over: { minMultiple: 2 }, binding: "min_multiple", price: 1200, why: "2,400 of net cash over 2" },
    { over: { maxPaybackMonths: 5 }, binding: "max_payback", price: 500, why: "five months of 100" },
    { over: { authorityLimit: 30_000n as Minor }, binding: "authority_limit", price: 300, why: "no more may be paid" },
    { over: { authorityLimit: 0n as Minor }, binding: "authority_limit", price: 0, why: "nothing may be paid" },
    {
      over: { minMultiple: 24, maxPaybackMonths: 1 },
      binding: "min_multiple",
      price: 100,
      why: "of equals the first named",
    },
  ] as const;
  for (const c of cases) {
    it(`${c.binding} binds at ${c.price}: ${c.why}`, () => {
      expect(priceOf(even, c.over)).to.deep.equal({ price: c.price, binding: c.binding });
    });
  }

  it("a payback cap that binds is the payback month", () => {
    expect(returnsAt(even, priceOf(even, { maxPaybackMonths: 7 }).price).paybackMonth).to.equal(7);
  });

  it("without positive net cash the price is zero, which is no failure, and no rate is made up", () => {
    for (const flow of [Float64Array.of(-10, 4, 6), Float64Array.of(-10, 1, 1), Float64Array.of(0, 0)]) {
      expect(priceOf(flow)).to.deep.equal({ price: 0, binding: "no_positive_net_cash" });
    }
    expect(returnsAt(Float64Array.of(-10, 1, 1), 0)).to.deep.include({ netIrr: null, paybackMonth: null });
  });

  it("a flow that pays too late for its target is bid at zero", () => {
    expect(priceOf(Float64Array.of(-100, ...new Array(120).fill(1)), { targetIrr: 1 })).to.deep.equal({
      price: 0,
      binding: "target_irr",
    });
  });

  it("holds back what a later month needs, without interest, so that no price exceeds all the net cash", () => {
    expect([...payableFlow(Float64Array.of(-1, 5, 5, -7, 2))]).to.deep.equal([-1, 3, 0, 0, 2]);
    expect([...payableFlow(Float64Array.of(-1, 5, -7, 0))], "the day of the purchase bears the rest").to.deep.equal([
      -3, 0, 0, 0,
    ]);
    expect([...payableFlow(even)], "nothing to hold back").to.deep.equal([...even]);
    const lateCost = Float64Array.from([0, 1000, ...new Array(58).fill(0), -990]);
    expect(priceOf(lateCost).price, "discounting the cost at 20 % would bid some 600 for 10").to.be.below(10);
  });

  it("refuses a target of zero, below zero or not a number, with the value and the bound", () => {
    for (const targetIrr of [0, -0.1, Number.NaN]) {
      expect(() => priceOf(even, { targetIrr })).to.throw(/target_irr is (0|-0\.1|NaN); it must be above 0/);
    }
  });

  it("law: a higher target never gives a higher price", () => {
    fc.assert(
      fc.property(anyFlow, target, target, (flow, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(priceOf(flow, { targetIrr: high }).price).to.be.at.most(priceOf(flow, { targetIrr: low }).price);
      }),
    );
  });

  it("law: at the price the target asks for the flow earns the target, less than a cent away", () => {
    fc.assert(
      fc.property(positiveFlow, target, (flow, targetIrr) => {
        const { price } = priceOf(flow, { targetIrr });
        const left = npvMonthly(flow, targetIrr) - price;
        expect(left).to.be.within(-1e-6, 0.01 + 1e-6);
        fc.pre(price > 10);
        const { netIrr } = returnsAt(flow, price);
        expect(netIrr).to.be.a("number");
        expect(npvMonthly(flow, netIrr!)).to.be.closeTo(price, 1e-6 * price);
        expect(netIrr!).to.be.at.least(targetIrr - 1e-9);
      }),
    );
  });
});
