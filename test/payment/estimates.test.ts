import { expect } from "chai";
import { AdditiveSum, type Term } from "../../src/payment/additive.js";
import { areaUnderCurve, brierScore } from "../../src/payment/measures.js";
import { normalBeyond, normalQuantile, normalSurvival } from "../../src/payment/normal.js";
import { spreadOf } from "../../src/payment/residuals.js";

describe("a sum of effects", () => {
  it("shrinks a level's mean by n / (n + noise / prior), which is the best linear prediction", () => {
    const [levels, perLevel, noise] = [30, 8, 4];
    const habit = (level: number) => 3 * Math.sin(level * 1.7);
    const term: Term = {
      name: "debtor",
      levels: Int32Array.from({ length: levels * perLevel }, (_, i) => Math.floor(i / perLevel)),
      levelCount: levels,
      multiplier: null,
      isFree: false,
    };
    const response = Float64Array.from(
      { length: levels * perLevel },
      (_, i) => habit(term.levels![i]!) + Math.cos(i * 12.9),
    );
    const sum = new AdditiveSum([term], response.length, 1);
    for (let pass = 0; pass < 300; pass++) sum.pass(response, null, noise);
    const [{ effects, priorVariance, variances }] = sum.estimates() as [ReturnType<AdditiveSum["estimates"]>[number]];
    for (let level = 0; level < levels; level++) {
      const mean = response.subarray(level * perLevel, (level + 1) * perLevel).reduce((a, b) => a + b, 0) / perLevel;
      expect(effects[level]).to.be.closeTo((mean * perLevel) / (perLevel + noise / priorVariance), 1e-6);
      expect(variances[level]).to.be.closeTo(1 / (perLevel / noise + 1 / priorVariance), 1e-6);
    }
    expect(sum.fitted[0]).to.be.closeTo(effects[0]!, 1e-9);
  });

  it("lets a term go in which there is nothing but noise", () => {
    const rows = 2000;
    const noise: Term = {
      name: "noise",
      levels: Int32Array.from({ length: rows }, (_, i) => i % 7),
      levelCount: 7,
      multiplier: null,
      isFree: false,
    };
    // The same responses on every level, so that nothing tells the levels apart.
    const response = Float64Array.from({ length: rows }, (_, i) => (Math.floor(i / 7) % 2 === 0 ? 1 : -1));
    const sum = new AdditiveSum([noise], rows, 1);
    for (let pass = 0; pass < 50; pass++) sum.pass(response, null, 1);
    expect([...sum.estimates()[0]!.effects]).to.deep.equal([0, 0, 0, 0, 0, 0, 0]);
    expect(sum.fitted.every((value) => Math.abs(value) < 1e-12)).to.equal(true);
  });
});

describe("the normal distribution", () => {
  // Standard tables; the mean beyond z is density over tail.
  const table = [
    { z: 0, tail: 0.5, mean: 0.7978845608 },
    { z: 1, tail: 0.1586552539, mean: 1.525135276 },
    { z: 1.959963985, tail: 0.025, mean: 2.337802792 },
    { z: -2, tail: 0.9772498681, mean: 0.05524786263 },
    { z: 6, tail: 9.86587645e-10, mean: 6.158482562 },
  ];
  for (const { z, tail, mean } of table) {
    it(`has its tail and its mean beyond ${z}`, () => {
      expect(normalSurvival(z) / tail).to.be.closeTo(1, 1e-6);
      expect(normalBeyond(z).mean / mean).to.be.closeTo(1, 1e-6);
    });
  }
  it("gives back the point of a share", () => {
    for (const p of [0.001, 0.1, 0.5, 0.9, 0.999]) expect(1 - normalSurvival(normalQuantile(p))).to.be.closeTo(p, 1e-6);
  });
});

describe("a spread of residuals", () => {
  const rows = 4000;
  const values = Float64Array.from({ length: rows }, (_, i) => normalQuantile((i + 0.5) / rows));
  const weights = new Float64Array(rows).fill(1);

  it("is the distribution that it was made from, and back", () => {
    const spread = spreadOf(values, new Uint8Array(rows), weights);
    expect(spread.neverShare).to.equal(0);
    for (const z of [-2, -0.5, 0, 1, 2]) {
      expect(spread.survival(z)).to.be.closeTo(normalSurvival(z), 0.003);
      expect(spread.exceededBy(spread.survival(z))).to.be.closeTo(z, 0.02);
    }
  });

  it("keeps the share that is never settled apart", () => {
    const isOpen = Uint8Array.from(values, (_, i) => (i % 10 === 0 ? 1 : 0));
    const late = values.map((value, i) => (isOpen[i] === 1 ? 9 : value));
    const spread = spreadOf(late, isOpen, weights);
    expect(spread.neverShare).to.be.closeTo(0.1, 0.005);
    expect(spread.survival(50)).to.equal(spread.neverShare);
    expect(spread.exceededBy(0.05)).to.equal(Number.POSITIVE_INFINITY);
    expect(spread.survival(0)).to.be.closeTo(0.1 + 0.9 * 0.5, 0.01);
  });
});

describe("measures of a forecast", () => {
  it("counts pairs in the right order, ties for half", () => {
    const late = Uint8Array.of(0, 1, 0, 1);
    expect(areaUnderCurve(Float64Array.of(0.1, 0.4, 0.35, 0.8), late)).to.equal(1);
    expect(areaUnderCurve(Float64Array.of(0.1, 0.35, 0.4, 0.8), late)).to.equal(0.75);
    expect(areaUnderCurve(Float64Array.of(0.5, 0.5, 0.5, 0.5), late)).to.equal(0.5);
    expect(areaUnderCurve(Float64Array.of(0.5, 0.5), Uint8Array.of(1, 1))).to.equal(null);
  });
  it("means the squares of what is missed", () => {
    expect(brierScore(Float64Array.of(0.2, 0.9), Uint8Array.of(0, 1))).to.be.closeTo((0.04 + 0.01) / 2, 1e-12);
  });
});
