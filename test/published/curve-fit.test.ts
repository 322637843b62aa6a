/**
 * Maximum-likelihood fits that others printed.
 * - Triangle: D. Clark, "LDF curve-fitting and stochastic reserving", CAS Forum Fall 2003, on Taylor and Ashe's triangle,
 *   as R's ChainLadder prints it: ClarkLDF(GenIns, maxage = 20), its first row alone, other options from the package's own
 *   tests (runit.clark.R), and ClarkLDF(qincurred). R stops at a likelihood a little below ours; its figures are met to
 *   4 in 10,000, its coefficients of variation to the printed digit.
 * - Weibull: lives of ball bearings (Lieblein and Zelen 1956), shape 2.102 and scale 81.88 in Lawless, Statistical Models
 *   and Methods for Lifetime Data, and in the examples of R's package conf (crplot).
 * - Gamma: times between failures of air conditioning (Proschan 1963; R's boot::aircondit), index 0.7065, mean 108.083
 *   in Davison and Hinkley, Bootstrap Methods and their Application (1997), example 1.1 (fitted with S).
 */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { cashIntervals } from "../../src/desk/fit-triangle.js";
import { type CashInterval, fitCurve } from "../../src/recovery/curve-fit.js";
import { projectCurve } from "../../src/recovery/curve-projection.js";
import type { Triangle } from "../../src/recovery/triangle.js";
import { readTriangle } from "../../src/recovery/triangle-file.js";
import { sharedPathOrSkip } from "../harness/shared.js";

const read = (path: string, valueColumn?: string): Triangle =>
  readTriangle(readFileSync(path, "utf8"), { incremental: false, valueColumn }).triangle;

/** Single observations as cash in a sliver around each, with nothing between them: the density, up to a constant. */
function slivers(observations: readonly number[]): CashInterval[] {
  const intervals: CashInterval[] = [];
  let from = 0;
  for (const value of [...new Set(observations)].sort((a, b) => a - b)) {
    const half = value * 1e-5;
    const amount = observations.filter((one) => one === value).length;
    intervals.push({ origin: 0, from, to: value - half, amount: 0 });
    intervals.push({ origin: 0, from: value - half, to: value + half, amount });
    from = value + half;
  }
  return [...intervals, { origin: 0, from, to: Number.POSITIVE_INFINITY, amount: 0 }];
}

describe("published: curves by maximum likelihood", () => {
  it("gives the Weibull of the ball bearings", () => {
    const lives = [
      17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.48, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64, 68.88, 84.12, 93.12,
      98.64, 105.12, 105.84, 127.92, 128.04, 173.4,
    ];
    const fit = fitCurve(slivers(lives), "weibull");
    expect(fit.shape).to.be.closeTo(2.102, 5e-4);
    expect(fit.scale).to.be.closeTo(81.88, 5e-3);
  });

  it("gives the gamma of the air conditioning", () => {
    const fit = fitCurve(slivers([3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487]), "gamma");
    expect(fit.shape).to.be.closeTo(0.7065, 5e-5);
    expect(fit.shape * fit.scale).to.be.closeTo(108.083, 5e-4);
  });

  it("gives Clark's log-logistic on Taylor and Ashe's triangle, as R prints it", function () {
    const triangle = read(sharedPathOrSkip(this, "data/triangles/genins.csv"));
    const fit = fitCurve(cashIntervals(triangle, 0.5), "loglogistic");
    const { origins, total } = projectCurve(fit, 19.5);
    expect(total.remaining / 28_914_723).to.be.closeTo(1, 4e-4);
    expect(total.standardError / 4_848_938).to.be.closeTo(1, 6e-4);
    const remaining = [
      666_531, 1_157_423, 1_365_086, 1_665_694, 1_886_481, 2_514_880, 3_546_785, 4_896_501, 4_991_635, 6_223_706,
    ];
    for (const [i, value] of remaining.entries()) expect(origins[i]!.remaining / value).to.be.closeTo(1, 6e-4);
    // Clark's own parameters, in months, and the likelihood that R and he stopped at
    expect(fit.shape).to.be.closeTo(1.434294, 0.0015);
    expect(fit.scale * 12).to.be.closeTo(48.6249, 0.13);
    expect(fit.dispersion).to.be.closeTo(65_029, 700);
  });

  it("gives the coefficients of variation of R's package for other ages, ends and families", function () {
    const triangle = read(sharedPathOrSkip(this, "data/triangles/genins.csv"));
    const cases = [
      { offset: 0.5, end: Number.POSITIVE_INFINITY, family: "loglogistic", cv: 19 },
      { offset: 0, end: 20, family: "loglogistic", cv: 15.6 },
      { offset: 0.5, end: Number.POSITIVE_INFINITY, family: "weibull", cv: 18.3 },
      { offset: 0.5, end: 19.5, family: "weibull", cv: 18.2 },
      { offset: 0.25, end: 19.75, family: "loglogistic", cv: 15.8 },
    ] as const;
    for (const { offset, end, family, cv } of cases) {
      const { total } = projectCurve(fitCurve(cashIntervals(triangle, offset), family), end);
      expect((100 * total.standardError) / total.remaining, `${family} ${offset} ${end}`).to.be.closeTo(cv, 0.051);
    }
  });

  it("gives R's run-off of quarterly ages on annual origins, where one origin is all the uncertainty", function () {
    const triangle = read(sharedPathOrSkip(this, "data/triangles/quarterly.csv"), "incurred");
    const { origins, total } = projectCurve(fitCurve(cashIntervals(triangle, 0.5), "loglogistic"));
    const remaining = [7, 10, 12, 18, 30, 29, 59, 128, 168, 426, 693];
    expect(origins.slice(0, -1).map((one) => Math.round(one.remaining))).to.deep.equal(remaining);
    expect(total.remaining / 5981).to.be.closeTo(1, 5e-4);
    // Ages at the end that paid back more than came in are taken together here, which leaves fewer cells to judge by.
    expect(total.standardError / 7891).to.be.closeTo(1, 0.011);
  });
});
