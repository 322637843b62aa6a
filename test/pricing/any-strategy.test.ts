import { expect } from "chai";
import * as fc from "fast-check";
import { TapeFindings } from "../../models/findings-table.js";
import { isRefusal } from "../../models/refusal.js";
import type { Assumptions, StrategyInput } from "../../models/strategy.js";
import { valuationSchema } from "../../models/valuation.js";
import { parseDay } from "../../src/calendar/day.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { value } from "../../src/pricing/valuation.js";
import { freshCard, tapeOf } from "./rows.js";

const asOf = parseDay("2026-10-01");
const tape = tapeOf(
  Array.from({ length: 24 }, (_, i) => ({
    ...freshCard,
    balance: `${50 + 400 * i}.10`,
    placements: i % 6,
    product: i % 4 === 0 ? "commercial" : "medical",
  })),
);

const share = fc.double({ min: 0, max: 1, noNaN: true });
const smallShare = fc.double({ min: 0, max: 0.05, noNaN: true });
const months = fc.integer({ min: 1, max: 240 });
const timing = fc.oneof(
  fc.record({
    family: fc.constant("gamma" as const),
    shape: fc.double({ min: 0.2, max: 20, noNaN: true }),
    scale_years: fc.double({ min: 0.1, max: 20, noNaN: true }),
  }),
  fc.record({ family: fc.constant("level" as const), months }),
);
const strategy: fc.Arbitrary<StrategyInput> = fc.record(
  {
    target_irr: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    min_multiple: fc.option(fc.double({ min: 0.01, max: 100, noNaN: true })),
    max_payback_months: fc.option(months),
    horizon_months: months,
    authority_limit: fc.option(fc.integer({ min: 0, max: 10_000 }).map((whole) => `${whole}.00`)),
    recovery: fc.record({
      commercial_timing: timing,
      collections_multiplier: fc.double({ min: 0, max: 10, noNaN: true }),
      liquidation_12m: fc.record({ fresh: smallShare, primary: smallShare, quad: smallShare }, { requiredKeys: [] }),
      timing,
    }),
    costs: fc.record({
      per_account: fc.double({ min: 0, max: 100, noNaN: true }),
      share_sued: share,
      suit_month: fc.integer({ min: 0, max: 240 }),
      putback_reserve_rate: smallShare,
      suit_fee_rate: share,
    }),
    resale: fc.record({ price_rate: fc.double({ min: 0, max: 0.05, noNaN: true }) }),
    interval: fc.record({ severity: fc.double({ min: 0.01, max: 1, noNaN: true }), systematic_cv: share }),
  },
  { requiredKeys: [] },
);

/** Undefined where the timing and the liquidation contradict each other, which is refused and tested elsewhere. */
function resolved(each: StrategyInput): Assumptions | undefined {
  try {
    return resolveAssumptions({ currency: "USD", strategy: each });
  } catch (error) {
    if (isRefusal(error) && error.detail.includes("more than the whole face")) return undefined;
    throw error;
  }
}

describe("any strategy within its bounds", () => {
  it("gives a document of the promised form: a price of zero or more, ordered intervals, and never a NaN", function () {
    this.timeout(30_000);
    fc.assert(
      fc.property(strategy, (each) => {
        const assumptions = resolved(each);
        fc.pre(assumptions !== undefined);
        const document = valuationSchema.parse(value(tape, assumptions, asOf, new TapeFindings()).document);
        const { price, interval, net_irr, target_irr } = document.bid;
        expect(Number(price)).to.be.at.least(0);
        expect(Number(interval.p10)).to.be.at.most(Number(interval.p50));
        expect(Number(interval.p50)).to.be.at.most(Number(interval.p90));
        if (net_irr !== null && Number(price) > 100) expect(net_irr).to.be.at.least(target_irr * (1 - 1e-6));
      }),
      { numRuns: 60 },
    );
  });
});
