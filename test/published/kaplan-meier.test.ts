/**
 * Remission of leukaemia in weeks under 6-mercaptopurine, 21 patients, 12 of them censored: Freireich and others, Blood 21
 * (1963) 699-716; product-limit estimates as printed in Kleinbaum and Klein, Survival Analysis, chapter 2 (table of
 * group 1).
 */
import { expect } from "chai";
import { productLimit } from "../../src/payment/residuals.js";

const weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35];
const censored = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1];

const printed = [
  { at: 6, survival: 0.8571 },
  { at: 7, survival: 0.8067 },
  { at: 10, survival: 0.7529 },
  { at: 13, survival: 0.6902 },
  { at: 16, survival: 0.6275 },
  { at: 22, survival: 0.5378 },
  { at: 23, survival: 0.4482 },
];

describe("the product limit, as printed", () => {
  const { values, survivals } = productLimit(
    Float64Array.from(weeks),
    Uint8Array.from(censored),
    new Float64Array(weeks.length).fill(1),
  );
  for (const { at, survival } of printed) {
    it(`has ${survival} left after ${at} weeks`, () => {
      expect(survivals[values.lastIndexOf(at)]).to.be.closeTo(survival, 5e-5);
    });
  }
  it("ends where the last remission ends", () => {
    expect(values[values.length - 1]).to.equal(23);
  });
});
