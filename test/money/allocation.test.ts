import { expect } from "chai";
import fc from "fast-check";
import { allocate } from "../../src/money/allocation.js";
import { maxMinor, minor } from "../../src/money/money.js";

describe("allocation", () => {
  // biome-ignore format: a table
  const cases: [why: string, total: bigint, weights: bigint[], parts: bigint[]][] = [
    ["the odd unit goes to the first of equals", 100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    ["and to the largest remainder otherwise", 100n, [1n, 2n, 3n], [17n, 33n, 50n]],
    ["a refund is split as the payment was", -100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    ["no weight, no part", 100n, [0n, 1n, 0n], [0n, 100n, 0n]],
    ["less than a unit each", 2n, [1n, 1n, 1n, 1n], [1n, 1n, 0n, 0n]],
    ["nothing over nothing", 0n, [0n, 0n], [0n, 0n]],
    ["nothing over no one", 0n, [], []],
    ["the largest amount over the largest weights", maxMinor, [maxMinor, maxMinor], [2n ** 62n, 2n ** 62n - 1n]],
  ];
  for (const [why, total, weights, parts] of cases) {
    it(why, () => expect(allocate(minor(total), weights)).to.deep.equal(parts));
  }

  it("refuses a negative weight, and weights that are all zero", () => {
    expect(() => allocate(minor(1n), [1n, -1n])).to.throw(RangeError);
    expect(() => allocate(minor(1n), [0n, 0n])).to.throw(RangeError);
    expect(() => allocate(minor(1n), [])).to.throw(RangeError);
  });

  const weights = fc
    .array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 50 })
    .filter((all) => all.some((weight) => weight > 0n));
  const total = fc.bigInt(-(10n ** 15n), 10n ** 15n).map(minor);

  it("law: the parts sum to the whole", () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        expect(allocate(whole, shares).reduce((sum, part) => sum + part, 0n)).to.equal(whole);
      }),
    );
  });
  it("law: no part is a whole unit away from its exact share", () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        const sum = shares.reduce((all, weight) => all + weight, 0n);
        for (const [i, part] of allocate(whole, shares).entries()) {
          const away = part * sum - whole * shares[i]!;
          expect((away < 0n ? -away : away) < sum).to.equal(true);
        }
      }),
    );
  });
  it("law: the same over a typed column, and mirrored for the negative", () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        const parts = allocate(whole, shares);
        expect(allocate(whole, BigInt64Array.from(shares))).to.deep.equal(parts);
        expect(allocate(minor(-whole), shares)).to.deep.equal(parts.map((part) => -part));
      }),
    );
  });
});
