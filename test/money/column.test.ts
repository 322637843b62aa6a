import { expect } from "chai";
import fc from "fast-check";
import { missing } from "../../models/tape.js";
import { countFilled, estimatesOf, sumByKey, zeroTest } from "../../src/money/column.js";
import { minorToEstimate } from "../../src/money/money.js";

const units = fc.bigInt(-(2n ** 63n) + 1n, 2n ** 63n - 1n);

describe("a column of money", () => {
  it("law: sums by key exactly, whatever the amounts, and leaves out what it is told to", () => {
    const row = fc.record({ value: units, key: fc.nat(3), out: fc.nat(1), estimate: fc.integer({ min: 0, max: 100 }) });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const { counts, sums, estimates } = sumByKey({
          values: BigInt64Array.from(rows, ({ value }) => value),
          keys: Uint8Array.from(rows, ({ key }) => key),
          keyCount: 4,
          only: Uint8Array.from(rows, ({ out }) => out),
          estimates: Float64Array.from(rows, ({ estimate }) => estimate),
        });
        for (const key of [0, 1, 2, 3]) {
          const own = rows.filter((each) => each.key === key && each.out === 0);
          expect(counts[key]).to.equal(own.length);
          expect(sums[key]).to.equal(own.reduce((total, { value }) => total + value, 0n));
          expect(estimates[key]).to.equal(own.reduce((total, { estimate }) => total + estimate, 0));
        }
      }),
    );
  });

  it("stays exact beyond the rows whose low halves a double can hold", () => {
    const rows = 2 ** 20 + 3;
    const values = new BigInt64Array(rows).fill(2n ** 32n - 1n);
    const { sums } = sumByKey({ values, keys: new Uint8Array(rows), keyCount: 1 });
    expect(sums).to.deep.equal([BigInt(rows) * (2n ** 32n - 1n)]);
  });

  it("law: is the same estimate as that of each amount", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(-(2n ** 53n), 2n ** 53n)),
        fc.constantFrom("USD", "JPY", "KWD"),
        (all, currency) => {
          const expected = all.map((value) => minorToEstimate(value, currency));
          expect([...estimatesOf(BigInt64Array.from(all), currency)]).to.deep.equal(expected.map((value) => value + 0));
        },
      ),
    );
  });

  it("knows blanks from amounts, and zero from both", () => {
    const values = BigInt64Array.of(missing.money, 0n, -1n, missing.money + 1n, 2n ** 32n, 2n ** 31n);
    expect(countFilled(values)).to.equal(5);
    expect([...estimatesOf(values, "JPY")].map(Number.isNaN)).to.deep.equal([true, false, false, false, false, false]);
    const isZero = zeroTest(values);
    expect([...values.keys()].filter(isZero)).to.deep.equal([1]);
  });

  it("is read in place, from the middle of a buffer too", () => {
    const values = BigInt64Array.of(1n, 2n, 3n).subarray(1);
    expect([...estimatesOf(values, "JPY")]).to.deep.equal([2, 3]);
  });
});
