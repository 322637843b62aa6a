/**
 * Bids on the default priors against what portfolios of card debt sold for.
 * Sources: price guide by stage, Crescent Bay Financial, May 2010 (loanbuyersgroup.com/Debt_Buying.html); Encore's
 * purchases of 2020 and 2021 Q1 at 11.3 and 12.8 cents (its reports, R26 and R25), gross multiples of 2.3-2.5 on its
 * recent US vintages (second hand). A guide is a band for the eye: prices moved two- to threefold within three years.
 */
import { expect } from "chai";
import { TapeFindings } from "../../models/findings-table.js";
import { parseDay } from "../../src/calendar/day.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { value } from "../../src/pricing/valuation.js";
import { freshCard, tapeOf } from "../pricing/rows.js";

// biome-ignore format: a table
const cases = [
  { placements: 0, chargedOff: "2026-07-01", cents: [11, 13], why: "fresh: what Encore paid in 2020 and 2021" },
  { placements: 1, chargedOff: "2026-01-01", cents: [5, 8], why: "primary: the guide's range of March 2008, above that of 2010" },
  { placements: 2, chargedOff: "2025-05-01", cents: [1.5, 3], why: "secondary: the guide of 2010" },
  { placements: 3, chargedOff: "2024-10-01", cents: [0.75, 1.5], why: "tertiary: the guide of 2010" },
  { placements: 4, chargedOff: "2023-06-01", cents: [0.3, 0.75], why: "quad: the guide of 2010" },
];

describe("bids on published priors against published prices", () => {
  for (const { placements, chargedOff, cents, why } of cases) {
    it(`${cents[0]} to ${cents[1]} cents (${why})`, () => {
      const rows = Array.from({ length: 500 }, () => ({ ...freshCard, balance: "3500.00", placements, chargedOff }));
      const assumptions = resolveAssumptions({ currency: "USD" });
      const { bid } = value(tapeOf(rows), assumptions, parseDay("2026-10-01"), new TapeFindings()).document;
      expect(bid.cents_per_dollar).to.be.within(cents[0]!, cents[1]!);
    });
  }

  it("the multiple rises with staleness, so that no fixed gross multiple would do", () => {
    const multiples = cases.map(({ placements, chargedOff }) => {
      const rows = Array.from({ length: 50 }, () => ({ ...freshCard, placements, chargedOff }));
      const assumptions = resolveAssumptions({ currency: "USD" });
      return value(tapeOf(rows), assumptions, parseDay("2026-10-01"), new TapeFindings()).document.bid.gross_multiple!;
    });
    expect(multiples).to.deep.equal([...multiples].sort((a, b) => a - b));
    expect(multiples[0]).to.be.within(2, 2.5);
  });
});
