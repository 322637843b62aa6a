import { expect } from "chai";
import fc from "fast-check";
import { type AccountCode, purchasedDebtChart } from "../../seeds/chart-of-accounts.js";
import { type Booked, entryReversed, linesLeft, netOf } from "../../src/ledger/reversal-events.js";
import { minor } from "../../src/money/money.js";

const codes = purchasedDebtChart.map(({ code }) => code);
const posting = fc
  .record({
    debit: fc.constantFrom<AccountCode>(...codes),
    credit: fc.constantFrom<AccountCode>(...codes),
    amountMinor: fc.bigInt({ min: 1n, max: 10n ** 12n }).map(minor),
  })
  .filter(({ debit, credit }) => debit !== credit);
const numbered = (postings: readonly Booked[]) => postings.map((one, i) => ({ ...one, line: i + 1 }));

describe("what is left of an entry", () => {
  it("law: an entry and its reversal leave every account", () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 8 }), (postings) => {
        const both = [...postings, ...entryReversed(postings).postings];
        for (const code of codes) expect(netOf(both, code)).to.equal(0n);
      }),
    );
  });

  it("law: of an entry that was reversed nothing is left, of one that was not all is", () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 8 }), (postings) => {
        const reversed = linesLeft(numbered(postings), entryReversed(postings).postings);
        expect(reversed.every(({ leftMinor }) => leftMinor === 0n)).to.equal(true);
        const untouched = linesLeft(numbered(postings), []);
        expect(untouched.map(({ leftMinor }) => leftMinor)).to.deep.equal(
          postings.map(({ amountMinor }) => amountMinor),
        );
      }),
    );
  });

  it("law: a line has between nothing and all of it left, whatever was booked against it", () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 8 }), fc.array(posting, { maxLength: 8 }), (postings, others) => {
        for (const { amountMinor, leftMinor, reversedMinor } of linesLeft(numbered(postings), others)) {
          expect(leftMinor + reversedMinor).to.equal(amountMinor);
          expect(leftMinor >= 0n && reversedMinor >= 0n).to.equal(true);
        }
      }),
    );
  });

  it("takes from the first of two lines with the same accounts first", () => {
    const line = (number: number, amount: bigint) => ({
      line: number,
      debit: "1000",
      credit: "4000",
      amountMinor: amount,
    });
    const left = linesLeft([line(1, 100n), line(2, 50n)], [{ debit: "4000", credit: "1000", amountMinor: 120n }]);
    expect(left.map(({ leftMinor }) => leftMinor)).to.deep.equal([0n, 30n]);
  });
});
