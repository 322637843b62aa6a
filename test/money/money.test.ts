import { expect } from "chai";
import fc from "fast-check";
import { isRefusal, type RefusalCode } from "../../models/refusal.js";
import {
  displayMinor,
  estimateToMinor,
  formatMinor,
  maxMinor,
  minor,
  minorToEstimate,
  parseMinor,
  type Rounding,
  rate,
  ratio,
  sumMinor,
  timesRate,
} from "../../src/money/money.js";

function refusal(act: () => unknown): RefusalCode | "accepted" {
  try {
    act();
    return "accepted";
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.code;
  }
}
const anyMinor = fc.bigInt(-maxMinor, maxMinor).map(minor);
const currencies = fc.constantFrom("USD", "JPY", "KWD", "CLF");

describe("money", () => {
  // biome-ignore format: a table
  const read: [text: string, currency: string, units: bigint | RefusalCode][] = [
    ["1250.00", "USD", 125_000n],
    ["1250", "USD", 125_000n],
    ["-0.01", "USD", -1n],
    ["-0", "USD", 0n],
    ["1500.0000", "USD", 150_000n],
    ["1.005", "USD", "amount_invalid"],
    ["500", "JPY", 500n],
    ["500.0", "JPY", 500n],
    ["500.5", "JPY", "amount_invalid"],
    ["1.234", "KWD", 1_234n],
    ["1.2345", "KWD", "amount_invalid"],
    ["92233720368547758.07", "USD", 2n ** 63n - 1n],
    ["92233720368547758.08", "USD", "amount_out_of_range"],
    ["-92233720368547758.08", "USD", "amount_out_of_range"],
    ["9223372036854775807", "JPY", 2n ** 63n - 1n],
    ["9223372036854775808", "JPY", "amount_out_of_range"],
    ["1,250.00", "USD", "amount_invalid"],
    ["$5", "USD", "amount_invalid"],
    ["1e3", "USD", "amount_invalid"],
    [".5", "USD", "amount_invalid"],
    ["5.", "USD", "amount_invalid"],
    ["", "USD", "amount_invalid"],
    [" 5", "USD", "amount_invalid"],
    ["5\n", "USD", "amount_invalid"],
    ["٥", "USD", "amount_invalid"],
    ["NaN", "USD", "amount_invalid"],
  ];
  for (const [text, currency, units] of read) {
    it(`reads ${JSON.stringify(text)} ${currency} as ${units}`, () => {
      if (typeof units === "bigint") expect(parseMinor(text, currency)).to.equal(units);
      else expect(refusal(() => parseMinor(text, currency))).to.equal(units);
    });
  }

  it("is our own mistake in a currency that there is not: doors check the code first", () => {
    expect(() => parseMinor("5", "XXX")).to.throw(RangeError, "XXX");
  });

  it("law: what is written is read back, in every currency", () => {
    fc.assert(
      fc.property(anyMinor, currencies, (value, currency) => {
        expect(parseMinor(formatMinor(value, currency), currency)).to.equal(value);
      }),
    );
  });

  it("is written with the currency's decimals, for people with commas", () => {
    expect(formatMinor(125_000n, "USD")).to.equal("1250.00");
    expect(formatMinor(-5n, "USD")).to.equal("-0.05");
    expect(formatMinor(500n, "JPY")).to.equal("500");
    expect(formatMinor(5n, "KWD")).to.equal("0.005");
    expect(displayMinor(-123_456_789n, "USD")).to.equal("-1,234,567.89");
    expect(displayMinor(999n, "JPY")).to.equal("999");
  });

  it("is refused beyond what a bigint column keeps", () => {
    expect(refusal(() => minor(2n ** 63n))).to.equal("amount_out_of_range");
    expect(refusal(() => minor(-(2n ** 63n)))).to.equal("amount_out_of_range");
    expect(refusal(() => sumMinor([maxMinor, minor(1n)]))).to.equal("amount_out_of_range");
    expect(sumMinor([maxMinor, minor(1n), minor(-1n)])).to.equal(maxMinor);
  });

  // biome-ignore format: a table
  const products: [amount: bigint, by: string, rounding: Rounding, units: bigint][] = [
    [250n, "0.01", "half_even", 2n],
    [250n, "0.01", "half_up", 3n],
    [350n, "0.01", "half_even", 4n],
    [-250n, "0.01", "half_up", -3n],
    [-299n, "0.01", "down", -2n],
    [201n, "0.01", "up", 3n],
    // as floats 4.35 x 100 and 1.005 x 100 fall short of the cent
    [435n, "1", "down", 435n],
    [100n, "1.005", "half_up", 101n],
    [9_223_372_036_854_775_807n, "0.999999999999999999", "down", 9_223_372_036_854_775_797n],
  ];
  for (const [amount, by, rounding, units] of products) {
    it(`${amount} x ${by}, ${rounding}, is ${units}`, () =>
      expect(timesRate(minor(amount), by, rounding)).to.equal(units));
  }

  it("law: an amount times a rate is never off by a unit, whichever way it is rounded", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt(0n, 10_000n), (amount, basisPoints) => {
        const by = (Number(basisPoints) / 10_000).toFixed(4);
        const exact = amount * basisPoints;
        const down = timesRate(minor(amount), by, "down");
        const up = timesRate(minor(amount), by, "up");
        expect(down).to.equal(exact / 10_000n);
        expect(up - down).to.equal(exact % 10_000n === 0n ? 0n : exact < 0n ? -1n : 1n);
      }),
    );
  });

  it("takes rates as plain decimals", () => {
    expect(rate("0.2").toString()).to.equal("0.2");
    for (const text of ["", "20%", "1e-2", "Infinity", "NaN", ".2", "0.2 "]) {
      expect(
        refusal(() => rate(text)),
        text,
      ).to.equal("assumption_out_of_range");
    }
  });

  it("divides to the decimals that are asked for", () => {
    expect(ratio(minor(1n), minor(3n), 4, "half_up")).to.equal("0.3333");
    expect(ratio(minor(2n), minor(3n), 4, "half_up")).to.equal("0.6667");
    expect(() => ratio(minor(1n), minor(0n), 2, "down")).to.throw(RangeError);
  });
});

describe("the bridge between estimates and money", () => {
  // biome-ignore format: a table
  const cases: [major: number, currency: string, rounding: Rounding, units: bigint][] = [
    [0.29, "USD", "down", 29n],
    [1.005, "USD", "half_up", 101n],
    [1234.5678, "USD", "down", 123_456n],
    [1234.5678, "JPY", "half_up", 1_235n],
    [1234.5678, "KWD", "down", 1_234_567n],
    [-0.009, "USD", "down", 0n],
    [1e-30, "USD", "down", 0n],
    [1e-30, "USD", "up", 1n],
  ];
  for (const [major, currency, rounding, units] of cases) {
    it(`${major} ${currency}, ${rounding}, is ${units}`, () =>
      expect(estimateToMinor(major, currency, rounding)).to.equal(units));
  }
  it("refuses what is no amount", () => {
    for (const major of [Number.NaN, Number.POSITIVE_INFINITY, 1e18, -1e18]) {
      expect(
        refusal(() => estimateToMinor(major, "USD", "down")),
        String(major),
      ).to.equal("amount_out_of_range");
    }
  });
  it("law: money up to 15 digits comes back from an estimate unchanged", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n) + 1n, 10n ** 15n - 1n), currencies, (units, currency) => {
        const estimate = minorToEstimate(units, currency);
        for (const rounding of ["down", "half_even", "up"] as const) {
          expect(estimateToMinor(estimate, currency, rounding)).to.equal(units);
        }
      }),
    );
  });
});
