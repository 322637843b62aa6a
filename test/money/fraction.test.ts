import { expect } from "chai";
import fc from "fast-check";
import { compareShares, fraction, plainShare, plus, shareOf, shareText, times } from "../../src/money/fraction.js";
import { minor, timesRate } from "../../src/money/money.js";

const rates = fc.integer({ min: -99_999, max: 99_999 }).map((points) => (points / 10_000).toFixed(4));
const amounts = fc.bigInt(-1_000_000_000n, 1_000_000_000n).map(minor);

describe("exact shares", () => {
  const read: readonly { text: string; of: bigint; gives: bigint; why: string }[] = [
    { text: "0.035", of: 1_000_000n, gives: 35_000n, why: "350.00 of 10,000.00" },
    { text: "-0.5", of: 3n, gives: -2n, why: "a half goes away from zero" },
    { text: "0.5", of: 3n, gives: 2n, why: "and so on the other side" },
    { text: "0", of: 7n, gives: 0n, why: "nothing" },
  ];
  for (const { text, of, gives, why } of read) {
    it(`${text} of ${of}: ${why}`, () => expect(shareOf(minor(of), fraction(text))).to.equal(gives));
  }

  it("are what decimals are, rounded half up", () => {
    fc.assert(
      fc.property(amounts, rates, (amount, rate) => {
        expect(shareOf(amount, fraction(rate))).to.equal(timesRate(amount, rate, "half_up"));
      }),
    );
  });

  it("add up and multiply exactly: three thirds of a rate are the rate", () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 400 }), (rate, days) => {
        const one = times(fraction(rate), 1, days);
        let sum = fraction("0");
        for (let day = 0; day < days; day++) sum = plus(sum, one);
        expect(compareShares(sum, fraction(rate))).to.equal(0);
      }),
      { numRuns: 30 },
    );
  });

  it("are written with as many decimals as are asked for, or as few as are needed", () => {
    expect(shareText(times(fraction("0.035"), 100, 30), 4)).to.equal("0.1167");
    expect(shareText(fraction("-0.005"), 2)).to.equal("-0.01");
    expect(plainShare(fraction("0.0350"))).to.equal("0.035");
    expect(plainShare(fraction("2"))).to.equal("2");
  });

  it("refuse what is no decimal", () => {
    for (const text of ["", "3%", "1e3", "0x1", "1/3"]) expect(() => fraction(text)).to.throw(/is not a decimal rate/);
  });
});
