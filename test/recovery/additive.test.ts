import { expect } from "chai";
import fc from "fast-check";
import { chance } from "../../seeds/random-numbers.js";
import { type BinnedTerm, fitAdditive, meanAt } from "../../src/recovery/additive.js";
import { binOf, quantileBounds } from "../../src/recovery/binning.js";

/** Rows with a rising effect, a category and noise, whose log odds are known. */
function made(rows: number, seed: number) {
  const random = chance(seed).next;
  const slope = Float64Array.from({ length: rows }, () => random());
  const noise = Float64Array.from({ length: rows }, () => random());
  const kind = Uint8Array.from({ length: rows }, () => 1 + Math.floor(random() * 3));
  const linear = slope.map((value, i) => -1 + 3 * value + [0, 0.8, 0, -0.8][kind[i]!]!);
  const outcome = linear.map((each) => (random() < meanAt(each, "logistic") ? 1 : 0));
  const ordered = (values: Float64Array, direction: -1 | 0 | 1 = 0): BinnedTerm => {
    const bounds = quantileBounds(values, 20);
    return { bins: binOf(values, bounds), binCount: bounds.length + 2, isOrdered: true, direction };
  };
  const category: BinnedTerm = { bins: kind, binCount: 4, isOrdered: false, direction: 0 };
  return { slope, linear, outcome, ordered, noise, category, weights: new Float64Array(rows).fill(1) };
}

describe("an additive fit", () => {
  it("finds the effects that made the data, and that noise has none", () => {
    const { slope, noise, category, ordered, outcome, weights } = made(20_000, 3);
    const terms = [ordered(slope), ordered(noise), category];
    const fit = fitAdditive({ terms, outcome, weights, family: "logistic" });
    const rise = fit.effects[0]!;
    expect(rise.at(-1)! - rise[1]!).to.be.closeTo(3 * 0.95, 0.25);
    const [, a, b, c] = fit.effects[2]!;
    expect(a! - b!).to.be.closeTo(0.8, 0.1);
    expect(b! - c!).to.be.closeTo(0.8, 0.1);
    expect(fit.freedom[1]).to.be.below(4);
    expect(Math.max(...fit.effects[1]!.map(Math.abs))).to.be.below(0.1);
  });

  it("keeps a direction that the data deny", () => {
    const { slope, ordered, outcome, weights } = made(3000, 4);
    const terms = [ordered(slope, -1)];
    const [effects] = fitAdditive({ terms, outcome, weights, family: "logistic" }).effects;
    for (let b = 2; b < effects!.length; b++) expect(effects![b]).to.be.at.most(effects![b - 1]! + 1e-12);
  });

  it("is right in the mean: expected and observed sums agree, for yes and no and for amounts", () => {
    const { slope, category, ordered, outcome, weights, linear } = made(5000, 5);
    const terms = [ordered(slope), category];
    for (const family of ["logistic", "poisson"] as const) {
      const y = family === "logistic" ? outcome : linear.map((each) => Math.exp(each) * 100);
      const fit = fitAdditive({ terms, outcome: y, weights, family });
      let [expected, observed] = [0, 0];
      for (let i = 0; i < y.length; i++) {
        const at = terms.reduce((sum, term, j) => sum + fit.effects[j]![term.bins[i]!]!, fit.intercept);
        expected += meanAt(at, family);
        observed += y[i]!;
      }
      expect(expected / observed).to.be.closeTo(1, 1e-3);
    }
  });

  it("gives finite effects whatever the outcome, and the same bits twice", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ value: fc.double({ noNaN: false }), paid: fc.boolean() }), {
          minLength: 1,
          maxLength: 60,
        }),
        (rows) => {
          const values = Float64Array.from(rows, ({ value }) => value);
          const bounds = quantileBounds(values, 8);
          const term: BinnedTerm = {
            bins: binOf(values, bounds),
            binCount: bounds.length + 2,
            isOrdered: true,
            direction: 0,
          };
          const outcome = Float64Array.from(rows, ({ paid }) => (paid ? 1 : 0));
          const data = {
            terms: [term],
            outcome,
            weights: new Float64Array(rows.length).fill(1),
            family: "logistic",
          } as const;
          const fit = fitAdditive(data);
          expect(Number.isFinite(fit.intercept) && fit.effects[0]!.every(Number.isFinite)).to.equal(true);
          expect(fitAdditive(data)).to.deep.equal(fit);
        },
      ),
    );
  });
});

describe("bins", () => {
  it("partition the values in their order, and keep equal values together", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: false, noDefaultInfinity: false }), { maxLength: 80 }),
        fc.integer({ min: 2, max: 30 }),
        (list, most) => {
          const values = Float64Array.from(list);
          const bounds = quantileBounds(values, most);
          const bins = binOf(values, bounds);
          expect(bounds.length).to.be.below(most);
          for (let i = 0; i < values.length; i++) {
            expect(bins[i] === 0).to.equal(!Number.isFinite(values[i]!));
            expect(bins[i]).to.be.at.most(bounds.length + 1);
            for (let k = 0; k < i; k++) {
              if (bins[i] === 0 || bins[k] === 0) continue;
              expect(Math.sign(bins[i]! - bins[k]!) * Math.sign(values[i]! - values[k]!)).to.be.at.least(0);
              if (values[i] === values[k]) expect(bins[i]).to.equal(bins[k]);
            }
          }
        },
      ),
    );
  });
});
