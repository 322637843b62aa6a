import { expect } from "chai";
import { TapeFindings } from "../../models/findings-table.js";
import type { StrategyInput } from "../../models/strategy.js";
import { type Comparison, comparisonSchema } from "../../models/valuation.js";
import { commissionSchedules } from "../../seeds/commission-schedules.js";
import { parseDay } from "../../src/calendar/day.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { comparison } from "../../src/pricing/comparison.js";
import { value } from "../../src/pricing/valuation.js";
import { freshCard, type TestRow, tapeOf } from "./rows.js";

const asOf = parseDay("2026-10-01");
const rows: TestRow[] = Array.from({ length: 60 }, (_, i) => ({
  ...freshCard,
  balance: `${200 + 100 * i}.00`,
  placements: i % 3,
}));

function compared(strategy: StrategyInput = {}, list = rows): Comparison {
  return comparison(tapeOf(list), resolveAssumptions({ currency: "USD", strategy }), asOf, new TapeFindings());
}
const of = (document: Comparison, kind: string) => document.alternatives.find((each) => each.kind === kind)!;

describe("selling, placing and holding compared", () => {
  it("has the form it promises, and sells at the bid of the valuation", () => {
    const document = comparisonSchema.parse(compared());
    const { bid, forecast } = value(
      tapeOf(rows),
      resolveAssumptions({ currency: "USD" }),
      asOf,
      new TapeFindings(),
    ).document;
    expect(of(document, "sell")).to.deep.include({
      net_back: bid.price,
      npv: bid.price,
      fees: "0.00",
      months_to_half: 0,
    });
    expect(of(document, "place").gross).to.equal(forecast.gross);
    expect(of(document, "hold").gross).to.equal(forecast.gross);
  });

  it("net-back is gross less fees less costs, over the face that was placed", () => {
    const document = compared();
    for (const each of document.alternatives) {
      expect(Number(each.gross) - Number(each.fees) - Number(each.costs)).to.be.closeTo(Number(each.net_back), 0.02);
      expect(each.net_back_rate_of_face).to.be.closeTo(Number(each.net_back) / Number(document.face), 1e-6);
      expect(each.monthly_net.reduce((sum, net) => sum + Number(net), 0)).to.be.closeTo(Number(each.net_back), 0.5);
    }
  });

  it("a flat quarter for the agency is a quarter of the gross", () => {
    const agency = {
      name: "flat",
      rules: [{ name: "all", method: "whole" as const, bands: [{ up_to: null, rate: "0.25" }] }],
    };
    const placed = of(compared({ comparison: { agency } }), "place");
    expect(Number(placed.fees)).to.be.closeTo(Number(placed.gross) / 4, 0.01);
  });

  it("tiers decide: legal on what may be sued, small balances, later placements", () => {
    const share = (list: readonly TestRow[], strategy: StrategyInput = {}) => {
      const placed = of(compared(strategy, [...list]), "place");
      return Number(placed.fees) / Number(placed.gross);
    };
    expect(share([freshCard], { costs: { share_sued: 0 } }), "fresh").to.be.closeTo(0.25, 1e-5);
    expect(share([freshCard], { costs: { share_sued: 1 } }), "all legal").to.be.closeTo(0.35, 1e-5);
    expect(share([freshCard]), "5 % legal").to.be.closeTo(0.255, 1e-5);
    expect(share([{ ...freshCard, balance: "299.00" }]), "below 300").to.be.closeTo(0.5, 1e-4);
    expect(share([{ ...freshCard, placements: 2, state: undefined! }]), "third placement").to.be.closeTo(0.5, 1e-4);
  });

  it("marks the highest present value as best, and says by how much", () => {
    const document = compared();
    const best = document.alternatives.filter((each) => each.best);
    expect(best).to.have.length(1);
    expect(Math.max(...document.alternatives.map((each) => Number(each.npv)))).to.equal(Number(best[0]!.npv));
    expect(document.best.kind).to.equal(best[0]!.kind);
    expect(document.best.why).to.contain(best[0]!.npv).and.contain("10 %");
  });

  it("an owner who discounts higher than the buyer sells", () => {
    expect(compared({ comparison: { discount_rate: 0.6 } }).best.kind).to.equal("sell");
    expect(compared({ comparison: { discount_rate: 0 } }).best.kind).to.not.equal("sell");
  });

  it("refuses a schedule that has no rule for a claim of the tape", () => {
    const agency = commissionSchedules.stevens_ricci;
    const old = [{ ...freshCard, chargedOff: "2022-01-01" }];
    expect(() => compared({ comparison: { agency } }, old)).to.throw(/no rule for a claim of 5000/);
  });
});
