/**
 * Run-off triangles that others printed:
 * - T. Mack, "Distribution-free calculation of the standard error of chain ladder reserve estimates", ASTIN Bulletin 23
 *   (1993): Taylor and Ashe's triangle, tables 2 and 3.
 * - T. Mack, "Measuring the variability of chain ladder reserve estimates", CAS Forum 1994: the RAA triangle, p. 130, and
 *   the test of calendar years, appendix H (its range with 1.96 in place of 2, as R's ChainLadder::cyEffTest prints it).
 * - T. Mack, "The standard error of chain ladder reserve estimates: recursive calculation and inclusion of a tail
 *   factor", ASTIN Bulletin 29 (1999): the mortgage triangle, table 1; its total with the tail as R's
 *   ChainLadder::MackChainLadder(Mortgage, tail = 1.05, tail.sigma = 71, tail.se = 0.02, est.sigma = "Mack") prints it,
 *   and what the same package puts in for the tail's own sigma and error when they are left out.
 */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ageSteps, projectMack, tailStep } from "../../src/recovery/chain-ladder.js";
import { calendarTest } from "../../src/recovery/triangle-checks.js";
import { readTriangle } from "../../src/recovery/triangle-file.js";
import { sharedPathOrSkip } from "../harness/shared.js";

const triangleAt = (path: string) => readTriangle(readFileSync(path, "utf8"), { incremental: false }).triangle;

describe("published: chain ladder", () => {
  it("gives the RAA triangle's reserve, its error and those of its years", function () {
    const triangle = triangleAt(sharedPathOrSkip(this, "data/triangles/raa.csv"));
    const { origins, total } = projectMack(triangle, ageSteps(triangle));
    expect(total.remaining).to.be.closeTo(52_135.228261210155, 1e-6);
    expect(total.standardError).to.be.closeTo(26_909.01, 0.005);
    const errors = [0, 206, 623, 747, 1469, 2002, 2209, 5358, 6333, 24_566];
    expect(origins.map(({ standardError }) => Math.round(standardError))).to.deep.equal(errors);
    const variances = [27_883, 1109, 691, 61.2, 119, 40.8, 1.34, 7.88];
    for (const [k, variance] of variances.entries()) {
      expect(ageSteps(triangle)[k]!.sigma ** 2, `step ${k + 1}`).to.be.closeTo(variance, variance * 0.005);
    }
  });

  it("gives Taylor and Ashe's reserve and error", function () {
    const triangle = triangleAt(sharedPathOrSkip(this, "data/triangles/genins.csv"));
    const { total } = projectMack(triangle, ageSteps(triangle));
    expect(total.remaining).to.be.closeTo(18_680_855.61, 0.005);
    expect(total.standardError).to.be.closeTo(2_447_094.86, 0.005);
  });

  it("gives the mortgage triangle's factors with their errors, and its total with a tail", function () {
    const triangle = triangleAt(sharedPathOrSkip(this, "data/triangles/mortgage.csv"));
    const steps = ageSteps(triangle);
    const errors = [2.24, 0.517, 0.122, 0.051, 0.042, 0.023, 0.015, 0.012];
    const sigmas = [1337, 988.5, 440.1, 207, 164.2, 74.6, 35.49, 16.89];
    for (const [k, step] of steps.entries()) {
      expect(step.standardError, `error of step ${k + 1}`).to.be.closeTo(errors[k]!, k === 0 ? 0.005 : 0.0005);
      expect(step.sigma, `sigma of step ${k + 1}`).to.be.closeTo(sigmas[k]!, sigmas[k]! * 0.0005);
    }
    const given = tailStep(steps, { factor: 1.05, sigma: 71, standardError: 0.02 });
    const { origins, total } = projectMack(triangle, [...steps, given]);
    expect(total.remaining).to.be.closeTo(16_875_554.55, 0.005);
    expect(total.standardError).to.be.closeTo(4_053_667.67, 0.005);
    const expected = [106_544, 179_977, 249_708, 417_857, 670_156, 1_127_984, 1_377_496, 1_901_740, 2_293_437];
    expect(origins.map((one) => Math.round(one.standardError))).to.deep.equal(expected);
    const own = tailStep(steps, { factor: 1.05 });
    expect(own.standardError).to.be.closeTo(0.02093287, 5e-9);
    expect(own.sigma).to.be.closeTo(55.45125, 5e-6);
  });

  it("gives Mack's test of calendar years on the RAA triangle", function () {
    const test = calendarTest(triangleAt(sharedPathOrSkip(this, "data/triangles/raa.csv")));
    expect(test.z).to.equal(14);
    expect(test.expected).to.be.closeTo(12.875, 1e-12);
    expect(test.variance).to.be.closeTo(3.978516, 5e-7);
    expect(test.low).to.be.closeTo(8.965613, 5e-7);
    expect(test.high).to.be.closeTo(16.784387, 5e-7);
    expect(test.effect).to.equal(false);
  });

  it("agrees with every triangle and factor of the oracle, to their printed digits", function () {
    const path = sharedPathOrSkip(this, "data/triangles/expected_chainladder_mack.json");
    type Expected = { ldf: number[]; total_ultimate: number; total_reserve: number; mack_total_se: number; n: number };
    const oracle = JSON.parse(readFileSync(path, "utf8")) as Record<string, Expected>;
    expect(Object.keys(oracle)).to.have.length.above(5);
    for (const [file, expected] of Object.entries(oracle)) {
      const triangle = triangleAt(sharedPathOrSkip(this, `data/triangles/${file}`));
      const steps = ageSteps(triangle);
      const { total } = projectMack(triangle, steps);
      expect(triangle.origins, file).to.have.length(expected.n);
      expect(total.ultimate, file).to.be.closeTo(expected.total_ultimate, 0.00501);
      expect(total.remaining, file).to.be.closeTo(expected.total_reserve, 0.00501);
      expect(total.standardError, file).to.be.closeTo(expected.mack_total_se, 0.00501);
      for (const [k, factor] of expected.ldf.entries()) expect(steps[k]!.factor, file).to.be.closeTo(factor, 5.01e-7);
    }
    const rows = readFileSync(sharedPathOrSkip(this, "golden/debt-buying/oracle_mack_factors.csv"), "utf8")
      .trim()
      .split("\n");
    for (const row of rows.slice(1)) {
      const [name, from, , factor, sigma] = row.split(",");
      const step = ageSteps(triangleAt(sharedPathOrSkip(this, `data/triangles/${name}.csv`)))[Number(from) - 1]!;
      expect(step.factor, row).to.be.closeTo(Number(factor), 5.01e-7);
      expect(step.sigma, row).to.be.closeTo(Number(sigma), 5.01e-5);
    }
  });
});
