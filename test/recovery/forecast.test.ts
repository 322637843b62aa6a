import { expect } from "chai";
import * as fc from "fast-check";
import type { StrategyInput } from "../../models/strategy.js";
import { productTypes } from "../../models/tape.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { type Forecast, type ForecastRows, forecast } from "../../src/recovery/forecast.js";
import { ageFactor, commercialLifetimeRates } from "../../src/recovery/rates.js";

interface Row {
  balance: number;
  stage?: number;
  age?: number;
  product?: string;
  status?: number;
  pastDue?: number;
  multiplier?: number;
}

function rowsOf(list: readonly Row[]): ForecastRows {
  return {
    balances: Float64Array.from(list, (row) => row.balance),
    status: Uint8Array.from(list, (row) => row.status ?? 0),
    stage: Uint8Array.from(list, (row) => row.stage ?? 0),
    ageMonths: Int16Array.from(list, (row) => row.age ?? 3),
    pastDueMonths: Int16Array.from(list, (row) => row.pastDue ?? -1),
    product: Uint8Array.from(list, (row) => productCode(row.product ?? "credit_card")),
    multiplier: list.some((row) => row.multiplier !== undefined)
      ? Float64Array.from(list, (row) => row.multiplier ?? 1)
      : undefined,
  };
}

/** Place among the product types; a word that is none stands for unknown. */
function productCode(name: string): number {
  const known = (productTypes as readonly string[]).indexOf(name);
  return known < 0 ? productTypes.length : known;
}

function expected(row: Row, strategy: StrategyInput = {}): number {
  return forecast(rowsOf([row]), resolveAssumptions({ strategy, currency: "USD" })).expectedGross[0]!;
}

const face = 100;

describe("expected recovery from published priors", () => {
  // Published: 12-month liquidation by stage (loanbuyersgroup; insideARM 38703), and the rest by ratio of the price guide.
  const at12 = [
    { stage: 0, percent: 5.5, why: "fresh, loanbuyersgroup" },
    { stage: 1, percent: 3, why: "seconds, insideARM" },
    { stage: 2, percent: 1.5, why: "tertiary, insideARM" },
    { stage: 3, percent: 0.75, why: "half of that, by the price guide" },
    { stage: 4, percent: 0.35, why: "by the price guide again" },
  ];
  for (const { stage, percent, why } of at12) {
    it(`stage ${stage} brings ${percent} % of face in 12 months (${why})`, () => {
      expect(expected({ balance: face, stage }, { horizon_months: 12 })).to.be.closeTo(percent, 1e-9);
    });
  }

  it("seconds bring about 15 % in 60 months: the published rule of 3 % a year on 5-cent paper", () => {
    expect(expected({ balance: face, stage: 1 }, { horizon_months: 60 })).to.be.closeTo(15, 2);
  });

  it("fresh debt comes to 8.25 % at 18 months, as loanbuyersgroup expects, within half a point", () => {
    expect(expected({ balance: face }, { horizon_months: 18 })).to.be.closeTo(8.25, 0.5);
  });

  it("fresh debt comes to Encore's multiples of 2.3-2.5 on 11-13 cents: 25.3-32.5 % of face at 84 and at 180 months", () => {
    expect(expected({ balance: face }, { horizon_months: 84 })).to.be.within(25.3, 32.5);
    expect(expected({ balance: face }, { horizon_months: 180 })).to.be.within(25.3, 32.5);
  });

  it("takes the lower of stage and age, and does not count staleness twice", () => {
    const old = expected({ balance: face, age: 54 });
    expect(old / expected({ balance: face })).to.be.closeTo(0.392, 1e-12);
    expect(expected({ balance: face, stage: 2, age: 54 }), "the stage is lower").to.equal(
      expected({ balance: face, stage: 2 }),
    );
    expect(expected({ balance: face, stage: 1, age: 126 }), "the age is lower").to.equal(
      expected({ balance: face, age: 126 }),
    );
  });

  it("prices an unknown age as the oldest that still has a price, and 15 years and more at nothing", () => {
    expect(expected({ balance: face, age: -1 })).to.equal(expected({ balance: face, age: 126 }));
    expect(expected({ balance: face, age: 126 })).to.be.above(0);
    expect(expected({ balance: face, age: 180 })).to.equal(0);
    expect(expected({ balance: face, age: 30_000 })).to.equal(0);
  });

  it("never rises with age, and has no cliff", () => {
    const points = resolveAssumptions({ currency: "USD" }).recovery.age_factors;
    for (let age = 1; age <= 240; age++) {
      const step = ageFactor(points, age - 1) - ageFactor(points, age);
      expect(step, `month ${age}`).to.be.within(0, 0.02);
    }
  });

  it("takes commercial claims by months past due, from the 2004 survey", () => {
    const points = resolveAssumptions({ currency: "USD" }).recovery.commercial_collectability;
    const table = commercialLifetimeRates(points);
    expect([0, 1, 2, 3, 6, 9, 12, 24].map((age) => Number(table[age]!.toFixed(12)))).to.deep.equal([
      0.949, 0.899, 0.813, 0.696, 0.521, 0.391, 0.228, 0.093,
    ]);
    expect(table[18]).to.be.closeTo(Math.sqrt(0.228 * 0.093), 1e-12);
    expect(table[36]).to.be.below(table[24]!).and.above(0);
    const claim = expected({ balance: face, product: "commercial", pastDue: 12, age: 0 });
    expect(claim, "all within the horizon").to.be.closeTo(22.8, 1e-9);
  });

  it("gives a product it does not know the factor of other products", () => {
    const other = expected({ balance: face, product: "other" });
    expect(expected({ balance: face, product: "timeshare" })).to.equal(other);
    expect(other).to.be.below(expected({ balance: face, product: "credit_card" }));
  });

  it("leaves out rows that are not priced, and never expects more than the balance", () => {
    expect(expected({ balance: face, status: 3 })).to.equal(0);
    expect(expected({ balance: face, multiplier: 1e6 }, { horizon_months: 240 })).to.be.at.most(face);
  });

  it("sums are those of the rows, and the variance that of paying half or nothing", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            balance: fc.integer({ min: 1, max: 50_000 }),
            stage: fc.nat(4),
            age: fc.integer({ min: -1, max: 200 }),
            status: fc.nat(1),
          }),
          { maxLength: 40 },
        ),
        (list) => {
          const assumptions = resolveAssumptions({ currency: "USD", strategy: { horizon_months: 240 } });
          const {
            expectedGross,
            lifetime,
            accounts,
            face: priced,
            accountVariance,
          }: Forecast = forecast(rowsOf(list), assumptions);
          const kept = list.filter((row) => row.status === 0);
          expect(accounts).to.equal(kept.length);
          expect(priced).to.equal(kept.reduce((sum, row) => sum + row.balance, 0));
          const total = lifetime.reduce((sum, amount) => sum + amount, 0);
          const inHorizon = expectedGross.reduce((sum, amount) => sum + amount, 0);
          expect(inHorizon).to.be.within(total * 0.99, total + 1e-9);
          const variance = list.reduce(
            (sum, row, i) => sum + expectedGross[i]! * (row.balance / 2 - expectedGross[i]!),
            0,
          );
          expect(accountVariance).to.be.closeTo(variance, 1e-6 * (1 + variance));
        },
      ),
    );
  });
});
