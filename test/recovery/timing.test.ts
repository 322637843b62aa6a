import { expect } from "chai";
import type { Timing } from "../../models/strategy.js";
import { cumulativeShares, gammaDistribution } from "../../src/recovery/timing.js";

describe("timing of collections", () => {
  // Reference values: scipy.special.gammainc.
  const cases = [
    { x: 12 / 12 / 2.635, shape: 1.388, value: 0.17046275031298674 },
    { x: 60 / 12 / 2.635, shape: 1.388, value: 0.7478056334687007 },
    { x: 84 / 12 / 2.635, shape: 1.388, value: 0.8702494469647528 },
    { x: 120 / 12 / 2.635, shape: 1.388, value: 0.9536941751256565 },
    { x: 1, shape: 1, value: 1 - Math.exp(-1) },
  ];
  for (const { x, shape, value } of cases) {
    it(`the gamma distribution of shape ${shape} at ${x.toFixed(4)} is ${value.toFixed(6)}`, () => {
      expect(gammaDistribution(x, shape)).to.be.closeTo(value, 1e-13);
    });
  }

  it("stays within 0 and 1 at the ends of its bounds", () => {
    expect(gammaDistribution(0, 1.388)).to.equal(0);
    expect(gammaDistribution(200, 0.2)).to.be.within(1 - 1e-12, 1);
    expect(gammaDistribution(200, 20)).to.be.within(1 - 1e-12, 1);
    expect(gammaDistribution(1e-6, 20)).to.be.within(0, 1e-100);
  });

  it("has its best twelve months after the first six: a ramp, not an exponential", () => {
    const shares = cumulativeShares({ family: "gamma", shape: 1.388, scale_years: 2.635 }, 60);
    const months = Array.from({ length: 60 }, (_, m) => shares[m + 1]! - shares[m]!);
    expect(months.indexOf(Math.max(...months)) + 1).to.be.within(12, 24);
    expect(months[0]!).to.be.below(months[12]!);
    expect(months[59]!).to.be.below(months[12]! / 2);
  });

  const families: { timing: Timing; shares: number[]; why: string }[] = [
    { timing: { family: "level", months: 4 }, shares: [0, 0.25, 0.5, 0.75, 1, 1], why: "even, then nothing" },
    {
      timing: { family: "monthly", shares: [0.1, 0.2, 0.1] },
      shares: [0, 0.25, 0.75, 1, 1, 1],
      why: "given shares make the whole",
    },
  ];
  for (const { timing, shares, why } of families) {
    it(`${timing.family}: ${why}`, () => {
      expect([...cumulativeShares(timing, 5)].map((share) => Number(share.toFixed(12)))).to.deep.equal(shares);
    });
  }
});
