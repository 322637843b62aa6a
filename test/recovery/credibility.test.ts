import { expect } from "chai";
import fc from "fast-check";
import {
  type CollectedPortfolio,
  collectionCurve,
  pricingLevel,
  remainingOf,
} from "../../src/recovery/collection-curve.js";
import { believed, credibility, hierarchicalBlend } from "../../src/recovery/credibility.js";
import { growthAt } from "../../src/recovery/growth.js";
import { segmentRelativities } from "../../src/recovery/segment-relativity.js";

const timing = { shape: 1.388, scale: 31.62, shapeSpread: 0.2, scaleSpread: 0.3 };
const prior = { timing, levelVariation: 0.26 };

/** A portfolio that brings in `level` of what its price had counted on, by a gamma of this shape, with a wave on it. */
function portfolio(
  id: string,
  how: { level: number; months: number; shape?: number; underwritten?: number },
): CollectedPortfolio {
  const { level, months, shape = timing.shape, underwritten = 100_000 } = how;
  const growth = { family: "gamma", shape, scale: timing.scale } as const;
  const monthly = Array.from({ length: months }, (_, m) => {
    const share = (growthAt(growth, m + 1) - growthAt(growth, m)) / growthAt(growth, 84);
    return underwritten * level * share * (1 + 0.1 * Math.sin(m * 2.3));
  });
  return { id, monthly, ageMonths: months, underwritten, horizonMonths: 84 };
}

describe("credibility", () => {
  const observations = fc.array(
    fc.record({
      ratio: fc.double({ min: 0, max: 3, noNaN: true }),
      weight: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  it("puts every premium between the group's own mean and the collective", () => {
    fc.assert(
      fc.property(fc.array(observations, { minLength: 2, maxLength: 6 }), (all) => {
        const fitted = credibility(all.map((one, i) => ({ name: String(i), observations: one })));
        for (const { ownMean, premium, credibility: z } of fitted?.groups ?? []) {
          expect(z).to.be.within(0, 1);
          const [low, high] = [ownMean, fitted!.collective].sort((a, b) => a - b);
          expect(premium).to.be.within(low! - 1e-9, high! + 1e-9);
        }
      }),
    );
  });

  it("believes more with more weight, and nothing where groups do not differ", () => {
    const variances = { betweenVariance: 0.04, withinVariance: 2 };
    expect(believed(50, variances)).to.equal(0.5);
    expect(believed(500, variances)).to.be.above(believed(50, variances));
    expect(believed(50, { betweenVariance: 0, withinVariance: 2 })).to.equal(0);
  });

  it("cannot be told from one group, or from groups seen once", () => {
    const once = [{ ratio: 1, weight: 1 }];
    expect(credibility([{ name: "a", observations: once }])).to.equal(null);
    expect(
      credibility([
        { name: "a", observations: once },
        { name: "b", observations: once },
      ]),
    ).to.equal(null);
  });

  it("gives a group without experience its parent's blend, and without any experience the prior", () => {
    const some = { name: "a", observations: [{ ratio: 2, weight: 100 }] };
    const variances = { betweenVariance: 0.04, withinVariance: 1 };
    const { parent, groups } = hierarchicalBlend(
      [some, { name: "b", observations: [] }],
      { value: 1, variation: 0.2 },
      variances,
    );
    expect(groups[1]).to.include({ own: null, credibility: 0, value: parent.value });
    // by hand: the parent's variance is 0.04 + 1/100, the prior's 0.04, so Z = 4/9
    expect(parent.credibility).to.be.closeTo(4 / 9, 1e-12);
    expect(parent.value).to.be.closeTo(1 + 4 / 9, 1e-12);
    const none = hierarchicalBlend([{ name: "b", observations: [] }], { value: 1, variation: 0.2 }, variances);
    expect(none.parent).to.include({ own: null, credibility: 0, value: 1 });
  });
});

describe("segments in relation to each other", () => {
  const variances = () => ({ betweenVariance: 0.04, withinVariance: 40 });
  const keys = ["a", "b", "thin"];
  const expected = [Float64Array.of(5000, 3000, 10), Float64Array.of(5000, 3000, 10)];
  const times = (factors: readonly number[]) => expected.map((row) => row.map((value, k) => value * factors[k]!));

  it("stand as the price set them where cash came in in proportion, whatever its level", () => {
    for (const level of [0.3, 1, 2]) {
      const found = segmentRelativities(keys, [{ expected, actual: times([level, level, level]) }], variances);
      for (const { relativity } of found) expect(relativity).to.be.closeTo(1, 1e-9);
    }
  });

  it("move with their own cash, a thin one hardly at all, and leave the whole where it was", () => {
    const found = segmentRelativities(keys, [{ expected, actual: times([0.8, 1.3, 3]) }], variances);
    const [a, b, thin] = found;
    expect(a!.relativity).to.be.within(0.8, 0.95);
    expect(b!.relativity).to.be.within(1.1, 1.35);
    expect(thin!.credibility).to.be.below(0.05);
    expect(thin!.relativity).to.be.closeTo(1, 0.1);
    const whole = found.reduce((sum, one) => sum + one.relativity * one.expected, 0);
    expect(whole).to.be.closeTo(16_020, 1e-6);
  });

  it("leave out what the portfolios do not have", () => {
    const none = [Float64Array.of(10, 0)];
    const found = segmentRelativities(["a", "b"], [{ expected: none, actual: [Float64Array.of(5, 0)] }], variances);
    expect(found.map(({ key }) => key)).to.deep.equal(["a"]);
  });
});

describe("curves of bought portfolios", () => {
  it("move with own cash the more of it there is", () => {
    const levels = [3, 12, 36].map((months) => collectionCurve([portfolio("a", { level: 0.7, months })], prior));
    const weights = levels.map(({ timing: one }) => one.scaleCredibility);
    expect(weights[1]).to.be.above(weights[0]!);
    expect(weights[2]).to.be.above(weights[1]!);
    for (const { level } of levels) expect(level.value).to.be.within(0.7, 1);
  });

  it("move the collective little for one portfolio, and more for many that agree", () => {
    const of = (count: number) =>
      collectionCurve(
        Array.from({ length: count }, (_, i) => portfolio(`p${i}`, { level: 0.7, months: 24 })),
        prior,
      );
    expect(of(1).level.credibility).to.be.within(0.3, 0.6);
    expect(of(8).level.credibility).to.be.above(0.8);
    // what a next portfolio may bring becomes surer than the prior's 26 %, and never surer than portfolios differ
    expect(of(1).levelVariation * of(1).level.value).to.be.below(0.26);
    expect(of(8).levelVariation).to.be.below(of(1).levelVariation);
    expect(of(8).levelVariation * of(8).level.value).to.be.above(of(8).betweenVariation);
  });

  it("find another timing when years of cash show it", () => {
    const { timing: found } = collectionCurve([portfolio("a", { level: 1, months: 72, shape: 2 })], prior);
    expect(found.shape).to.be.closeTo(2, 0.15);
    expect(found.own!.asymptote.identified).to.equal(true);
  });

  it("keep the prior where months that bring in the same say nothing of the end", () => {
    const flat = {
      id: "a",
      monthly: new Array<number>(6).fill(100),
      ageMonths: 6,
      underwritten: 10_000,
      horizonMonths: 84,
    };
    const { timing: found } = collectionCurve([flat], prior);
    expect(found.scale).to.be.closeTo(timing.scale, timing.scale * 0.35);
    expect(growthAt({ family: "gamma", shape: found.shape, scale: found.scale }, 84)).to.be.above(0.8);
  });

  it("do not count what had no time to come: a young portfolio beside an old one leaves its level", () => {
    const old = portfolio("a", { level: 1, months: 36 });
    const both = collectionCurve([old, { ...portfolio("b", { level: 1, months: 2 }) }], prior);
    expect(both.level.value).to.be.closeTo(1, 0.03);
  });

  it("what remains runs out at the horizon, and its months add up to it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 83 }), fc.double({ min: 0.2, max: 3, noNaN: true }), (months, level) => {
        const growth = { family: "gamma", shape: timing.shape, scale: timing.scale } as const;
        const remaining = remainingOf(portfolio("a", { level, months }), growth, 1);
        expect(remaining.between(months, 84)).to.be.closeTo(remaining.total, 1e-6 * (1 + remaining.total));
        expect(remaining.between(84, 120)).to.be.closeTo(0, 1e-6);
        expect(remaining.ownWeight).to.be.within(0, 1);
      }),
    );
  });

  it("leave a price over the horizon where it was when only the timing changes", () => {
    const before = { shape: 1.388, scale_years: 2.635 };
    const slower = { shape: 1.388, scale_years: 4 };
    const whole = ({ shape, scale_years }: typeof before) => {
      const growth = { family: "gamma", shape, scale: scale_years * 12 } as const;
      return growthAt(growth, 84) / growthAt(growth, 12);
    };
    const multiplier = pricingLevel({ timing: slower, prior: before, level: 1, horizonMonths: 84 });
    expect(multiplier * whole(slower)).to.be.closeTo(whole(before), 1e-12);
  });
});
