import { expect } from "chai";
import fc from "fast-check";
import { fitTriangle, type TriangleOrder } from "../../src/desk/fit-triangle.js";
import { type CashInterval, fitCurve, fitFamilies } from "../../src/recovery/curve-fit.js";
import { projectCurve } from "../../src/recovery/curve-projection.js";
import { benktander, bornhuetterFerguson, capeCodRate, ownWeight } from "../../src/recovery/expected-emergence.js";
import { growthAt, growthFamilies, scaleReaching } from "../../src/recovery/growth.js";

const order = (csvText: string, more: Partial<TriangleOrder> = {}) =>
  fitTriangle({ path: "t.csv", csvText, method: "curve", average: "volume", incremental: false, ...more });

/** Cash of one origin by month, as a curve would give it, with a wave on it. */
function monthly(family: (typeof growthFamilies)[number], shape: number, months: number): CashInterval[] {
  return Array.from({ length: months }, (_, m) => {
    const growth = { family, shape, scale: 20 };
    const amount = 10_000 * (growthAt(growth, m + 1) - growthAt(growth, m)) * (1 + 0.03 * Math.sin(m * 2.1));
    return { origin: 0, from: m, to: m + 1, amount };
  });
}

describe("growth curves", () => {
  it("rise from 0 to 1, and the scale that reaches a share reaches it", () => {
    const shapes = fc.double({ min: 0.2, max: 8, noNaN: true });
    const shares = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...growthFamilies), shapes, shares, (family, shape, share) => {
        const growth = { family, shape, scale: scaleReaching({ family, shape }, 12, share) };
        expect(growthAt(growth, 12)).to.be.closeTo(share, 1e-9);
        expect(growthAt(growth, 0)).to.equal(0);
        expect(growthAt(growth, 13)).to.be.at.least(growthAt(growth, 12));
        expect(growthAt(growth, Number.POSITIVE_INFINITY)).to.equal(1);
      }),
    );
  });

  for (const family of growthFamilies) {
    it(`finds the ${family} that the cash came from`, () => {
      const fit = fitCurve(monthly(family, 1.5, 120), family);
      expect(fit.shape).to.be.closeTo(1.5, 0.05);
      expect(fit.scale).to.be.closeTo(20, 1);
      expect(fit.asymptote.identified).to.equal(true);
      expect(projectCurve(fit).total.ultimate).to.be.closeTo(10_000, 300);
    });
  }

  it("takes the family that the cash came from as the most likely", () => {
    expect(fitFamilies(monthly("loglogistic", 1.5, 120))[0]!.family).to.equal("loglogistic");
  });

  it("does not end before cash that was paid back, however little that was", () => {
    const cash = monthly("gamma", 1.5, 60).map((one) => (one.from < 57 ? one : { ...one, amount: -1 }));
    const { asymptote, shape } = fitCurve(cash, "gamma");
    expect(asymptote.tailShare).to.be.above(0.001);
    expect(shape).to.be.closeTo(1.5, 0.2);
  });

  it("does not depend on the unit of the cash", () => {
    const cash = monthly("gamma", 1.3, 60);
    const cents = cash.map((one) => ({ ...one, amount: one.amount * 100 }));
    const [a, b] = [fitCurve(cash, "gamma"), fitCurve(cents, "gamma")];
    expect(b.shape).to.be.closeTo(a.shape, 1e-6);
    expect(b.asymptote.tailShareHigh).to.be.closeTo(a.asymptote.tailShareHigh, 1e-6);
    expect(projectCurve(b).total.standardError).to.be.closeTo(projectCurve(a).total.standardError * 100, 0.5);
  });
});

describe("an asymptote that the data do not hold", () => {
  const unidentified = [
    {
      why: "5.50 % at 12 months, 8.25 % at 18: two points on a line",
      text: "origin,age,rate\nfresh,12,5.50\nfresh,18,8.25\n",
    },
    {
      why: "18 months that bring in about the same",
      text: `origin,age,paid\n${Array.from({ length: 18 }, (_, m) => `x,${m + 1},${100 + 7 * ((m * 7) % 5)}`).join("\n")}\n`,
      incremental: true,
    },
  ];
  for (const { why, text, incremental = false } of unidentified) {
    it(`is said, and nothing is extrapolated: ${why}`, () => {
      const document = order(text, { incremental });
      expect(document.curve!.families.map(({ asymptote }) => asymptote.status)).to.deep.equal(
        new Array(3).fill("unidentified"),
      );
      expect(document.findings.map(({ code }) => code)).to.include("curve_asymptote_unidentified");
      expect(document.total).to.include({ ultimate: null, remaining: null, standard_error: null });
      expect(document.origins[0]).to.include({ ultimate: null, remaining: null });
    });
  }

  it("does not keep a forecast to the oldest age from being made", () => {
    const rows = ["a,1,10", "a,2,19", "a,3,27", "b,1,20", "b,2,39", "c,1,10"].join("\n");
    const document = order(`origin,age,paid\n${rows}\n`, { endAge: 3 });
    expect(document.total.remaining).to.be.above(20);
  });
});

describe("expected emergence", () => {
  const shares = fc.double({ min: 0.01, max: 1, noNaN: true });
  const amounts = fc.double({ min: 0.01, max: 1e6, noNaN: true });

  it("Benktander lies between the expectation and the chain ladder, with the weight it states", () => {
    fc.assert(
      fc.property(shares, amounts, amounts, (developedShare, latest, expectedUltimate) => {
        const z = ownWeight(developedShare);
        const blended = z * (latest / developedShare) + (1 - z) * expectedUltimate;
        expect(benktander({ latest, developedShare, expectedUltimate })).to.be.closeTo(blended, 1e-6 * blended);
      }),
    );
  });

  it("nothing developed: the expectation; all developed: what came in", () => {
    expect(bornhuetterFerguson({ latest: 0, developedShare: 0, expectedUltimate: 80 })).to.equal(80);
    expect(benktander({ latest: 0, developedShare: 0, expectedUltimate: 80 })).to.equal(80);
    expect(benktander({ latest: 70, developedShare: 1, expectedUltimate: 80 })).to.equal(70);
  });

  it("by hand: 50 in, half developed, 80 expected", () => {
    const emergence = { latest: 50, developedShare: 0.5, expectedUltimate: 80 };
    expect(bornhuetterFerguson(emergence)).to.equal(90);
    expect(benktander(emergence)).to.equal(95);
  });

  it("Cape Cod gives back the rate that all origins have in common", () => {
    const origins = [
      { latest: 30, developedShare: 0.3 },
      { latest: 120, developedShare: 0.6 },
    ];
    expect(capeCodRate(origins, [100, 200])).to.be.closeTo(1, 1e-12);
    expect(capeCodRate([{ latest: 0, developedShare: 0 }], [1])).to.equal(null);
  });

  it("without an origin's own cash in it, Bornhuetter-Ferguson leaves what is to come where it was", () => {
    const base = "origin,age,paid,face\na,1,10,100\na,2,18,100\nb,1,11,100\n";
    const more = base.replace("b,1,11", "b,1,15");
    const remaining = (text: string) =>
      order(text, { method: "bf", exposureColumn: "face", expectedRate: 0.2 }).origins[1]!.remaining;
    expect(remaining(more)).to.be.closeTo(remaining(base)!, 1e-12);
  });
});
