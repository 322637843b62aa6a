import { expect } from "chai";
import { findingCodes } from "../../models/finding.js";
import { TapeFindings } from "../../models/findings-table.js";
import { Refusal } from "../../models/refusal.js";
import type { StrategyInput } from "../../models/strategy.js";
import { priceDocumentSchema, type Valuation, valuationSchema } from "../../models/valuation.js";
import { parseDay } from "../../src/calendar/day.js";
import { npvMonthly } from "../../src/cashflow/present-value.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { priceDocument, value } from "../../src/pricing/valuation.js";
import { freshCard, type TestRow, tapeOf } from "./rows.js";

const asOf = parseDay("2026-10-01");

function valued(
  rows: readonly TestRow[],
  strategy: StrategyInput = {},
  findings = new TapeFindings(),
): Valuation["document"] {
  return value(tapeOf(rows), resolveAssumptions({ currency: "USD", strategy }), asOf, findings).document;
}

const many = (count: number, row: TestRow = freshCard): TestRow[] => Array.from({ length: count }, () => row);
const mixed: TestRow[] = Array.from({ length: 300 }, (_, i) => ({
  ...freshCard,
  balance: `${500 + 37 * i}.25`,
  placements: i % 6,
  state: ["CA", "OH", "NY"][i % 3]!,
  product: ["credit_card", "medical", "commercial"][i % 3]!,
}));

describe("the valuation of a tape", () => {
  it("has the form it promises, as does the document of the command line", () => {
    const findings = new TapeFindings();
    const valuation = value(tapeOf(mixed), resolveAssumptions({ currency: "USD" }), asOf, findings);
    valuationSchema.parse(valuation.document);
    const layout = { name: "test", columns: {}, decimal_mark: "." as const };
    const document = priceDocument(valuation, { file: "tape.csv", layout, rejected: 2, seconds: 0.1 }, findings);
    expect(priceDocumentSchema.parse(document).tape).to.deep.include({
      rows: 302,
      priced: 300,
      excluded: 0,
      rejected: 2,
    });
  });

  it("is the same to the last bit when done again", () => {
    expect(valued(mixed)).to.deep.equal(valued(mixed));
  });

  it("one fresh card account, by hand: 5.5 % in 12 months, a quarter to the agency, 1.10 to write to it", () => {
    const { forecast, accounts } = valued([{ ...freshCard, state: undefined! }], {
      horizon_months: 12,
      target_irr: 0.2,
    });
    expect(accounts).to.deep.equal({ priced: 1, excluded: 0, face: "5000.00", excluded_face: "0.00" });
    expect(forecast.gross, "5,000 x 5.5 %").to.equal("275.00");
    expect(forecast.costs_by_kind).to.deep.equal({
      variable: "68.75",
      per_account: "1.10",
      court: "0.00",
      putback_reserve: "3.49",
    });
    expect(forecast.net, "275 - 68.75 - 1.1025 - 3.4925, to the cent").to.be.oneOf(["201.65", "201.66"]);
    expect(forecast.monthly).to.have.length(13);
  });

  it("strata of every kind sum to the whole", () => {
    const { strata, accounts, forecast } = valued(mixed);
    for (const by of ["product_type", "age_band", "balance_band", "stage", "state"]) {
      const rows = strata.filter((row) => row.by === by);
      expect(rows.reduce((sum, row) => sum + row.accounts, 0)).to.equal(accounts.priced);
      expect(rows.reduce((sum, row) => sum + Number(row.face), 0)).to.be.closeTo(Number(accounts.face), 0.005);
      expect(rows.reduce((sum, row) => sum + Number(row.expected_recovery), 0)).to.be.closeTo(
        Number(forecast.gross),
        0.1,
      );
    }
  });

  it("monthly gross by stage and by product type sums to the whole, month by month", () => {
    const { forecast } = valued(mixed);
    for (const by of ["stage", "product_type"] as const) {
      const rows = forecast.segments.filter((row) => row.by === by);
      expect(rows.length).to.be.at.least(3);
      for (const { month, gross } of forecast.monthly) {
        const sum = rows.reduce((total, row) => total + Number(row.monthly_gross[month]), 0);
        expect(sum, `${by}, month ${month}`).to.be.closeTo(Number(gross), 0.04);
      }
    }
  });

  it("the bid is worth its target on the monthly net cash that is shown, and is on its own ladder", () => {
    const { bid, forecast, ladder } = valued(mixed);
    const net = Float64Array.from(forecast.monthly, (month) => Number(month.net));
    expect(npvMonthly(net, bid.target_irr)).to.be.closeTo(Number(bid.price), 0.5);
    expect(bid.net_irr).to.be.closeTo(0.2, 1e-6);
    expect(ladder.find((rung) => rung.target_irr === 0.2)!.price).to.equal(bid.price);
    const prices = ladder.map((rung) => Number(rung.price));
    expect(prices).to.deep.equal([...prices].sort((a, b) => b - a));
  });

  it("excluded accounts are priced at zero with their reason and cost nothing", () => {
    const alone = valued(many(3));
    const together = valued([...many(3), { ...freshCard, bankrupt: true }]);
    expect(together.exclusions).to.deep.equal([{ reason: "bankrupt", accounts: 1, face: "5000.00" }]);
    expect(together.bid.price).to.equal(alone.bid.price);
  });

  it("a tape on which every account is excluded is bid at zero, which is an answer", () => {
    const { bid } = valued([{ ...freshCard, bankrupt: true }]);
    expect(bid).to.deep.include({
      price: "0.00",
      binding_constraint: "no_positive_net_cash",
      net_irr: null,
      cents_per_dollar: 0,
    });
  });

  it("small balances are sunk by the cost per account, which no share of face would show", () => {
    const { bid } = valued(many(100, { ...freshCard, balance: "3.00" }));
    expect(bid).to.deep.include({ price: "0.00", binding_constraint: "no_positive_net_cash" });
    expect(bid.net_irr_reason).to.be.a("string");
  });

  it("sues only what is known to be within limitation and above the break-even balance of its state", () => {
    // Default 2026-01-01. California: 4 years. No state: unknown. 2016: barred everywhere.
    const cases = [
      { row: freshCard, suits: 1, why: "open, and 5,000 is above 1,493" },
      { row: { ...freshCard, balance: "1492.00" }, suits: 0, why: "below the break-even of California" },
      { row: { ...freshCard, balance: "1493.00" }, suits: 1, why: "above it" },
      {
        row: { ...freshCard, balance: "5474.00", placements: 2 },
        suits: 1,
        why: "brings 3/11 of a fresh debt: needs 11/3 of 1,493",
      },
      { row: { ...freshCard, balance: "5472.00", placements: 2 }, suits: 0, why: "less than that" },
      { row: { ...freshCard, state: undefined! }, suits: 0, why: "no state: unknown, not suable" },
      { row: { ...freshCard, delinquent: "2016-01-01", chargedOff: "2016-07-01" }, suits: 0, why: "barred" },
    ];
    for (const { row, suits, why } of cases) expect(valued([row]).litigation.suit_pays, why).to.equal(suits);
    const { forecast } = valued(many(100), { costs: { share_sued: 0.1, suit_month: 3 } });
    expect(forecast.costs_by_kind.court, "100 accounts x 10 % x 300").to.equal("3000.00");
    expect(Number(forecast.monthly[3]!.costs)).to.be.above(3000);
  });

  it("the guide of 2010 is a band with a date, and a bid outside it a finding", () => {
    const findings = new TapeFindings();
    const { price_guide, bid } = valued(many(50), {}, findings);
    expect(price_guide).to.deep.include({
      as_of: "2010-05-01",
      low_cents_per_dollar: 5,
      high_cents_per_dollar: 7,
      position: "above",
    });
    expect(bid.cents_per_dollar).to.be.within(7, 16);
    const [found] = [...findings].filter(({ code }) => code === "price_outside_guide");
    expect(found!.message).to.contain(findingCodes.price_outside_guide.message).and.contain("2010-05-01");
    expect(
      valued(many(2, { ...freshCard, product: "commercial" })).price_guide,
      "says nothing of claims on firms",
    ).to.equal(null);
  });

  it("a segment multiplier moves its segment alone, and an unknown segment is refused", () => {
    const strategy = { recovery: { segment_multipliers: [{ by: "state" as const, key: "OH", multiplier: 0.5 }] } };
    const rate = (document: Valuation["document"], key: string) =>
      document.strata.find((row) => row.key === key)!.recovery_rate_of_face;
    const [before, after] = [valued(mixed), valued(mixed, strategy)];
    expect(rate(after, "OH")).to.be.closeTo(rate(before, "OH") / 2, 1e-12);
    expect(rate(after, "CA")).to.equal(rate(before, "CA"));
    strategy.recovery.segment_multipliers[0]!.key = "Ohio";
    expect(() => valued(mixed, strategy)).to.throw(/there is no state "Ohio"/);
  });

  it("prices yen without decimals and without a cost in dollars", () => {
    const tape = tapeOf(many(10, { ...freshCard, balance: "500000" }), "JPY", 0);
    const { document } = value(tape, resolveAssumptions({ currency: "JPY" }), asOf, new TapeFindings());
    expect(document.bid.price).to.match(/^\d{6}$/);
    expect(document.forecast.costs_by_kind).to.deep.include({ per_account: "0", court: "0" });
    const dollars = resolveAssumptions({ currency: "USD" });
    expect(() => value(tape, dollars, asOf, new TapeFindings())).to.throw(/currency_mismatch/);
  });
});

describe("what if", () => {
  const document = valued(mixed);
  const row = (shock: string) => document.sensitivity.find((each) => each.shock === shock)!;

  it("goes the way it must: more collections and lower costs are worth more, delay is worth less", () => {
    const bid = Number(document.bid.price);
    for (const shock of ["collections +10%", "costs -20%", "horizon +12 months"]) {
      expect(Number(row(shock).price), shock).to.be.above(bid);
      expect(row(shock).net_irr_at_bid!, shock).to.be.above(0.2);
    }
    for (const shock of ["collections -10%", "costs +20%", "delay 6 months", "horizon -24 months"]) {
      expect(Number(row(shock).price), shock).to.be.below(bid);
      expect(row(shock).net_irr_at_bid!, shock).to.be.below(0.2);
    }
  });

  it("two at a time hold the one-way cells and the bid itself", () => {
    const cell = (columns: string, at: [number, number]) => {
      const { cells } = document.cross_sensitivity.find((each) => each.columns === columns)!;
      return cells.find((each) => each.row === at[0] && each.column === at[1])!;
    };
    expect(cell("delay", [0, 0]).price).to.equal(document.bid.price);
    expect(cell("delay", [-0.1, 0]).price).to.equal(row("collections -10%").price);
    expect(cell("costs", [0, 0.2]).price).to.equal(row("costs +20%").price);
    expect(document.cross_sensitivity.map(({ cells }) => cells.length)).to.deep.equal([15, 25]);
  });

  it("at the break-even multiplier of collections the bid earns nothing, at 1 its target", () => {
    // Without suits, whose number would follow the multiplier of a strategy.
    const costs = { share_sued: 0 };
    const { bid } = valued(mixed, { costs });
    expect(bid.break_even_collections.target_irr).to.be.closeTo(1, 1e-6);
    const collections_multiplier = bid.break_even_collections.zero_irr!;
    const { forecast } = valued(mixed, { costs, recovery: { collections_multiplier } });
    expect(Number(forecast.net)).to.be.closeTo(Number(bid.price), 0.1);
  });

  it("a horizon that would fall below a month is not asked for", () => {
    const shocks = valued(many(3), { horizon_months: 13 }).sensitivity.map(({ shock }) => shock);
    expect(shocks).to.include("horizon -12 months").and.not.include("horizon -24 months");
  });
});

describe("the price interval", () => {
  const width = ({ bid: { interval } }: Valuation["document"]) => {
    return (Number(interval.p90) - Number(interval.p10)) / Number(interval.p50);
  };

  it("is ordered, and narrows with the number of accounts", () => {
    const [few, more, most] = [valued(many(10)), valued(many(1_000)), valued(many(30_000))];
    for (const { bid } of [few, more, most]) {
      expect(Number(bid.interval.p10)).to.be.below(Number(bid.interval.p50));
      expect(Number(bid.interval.p50)).to.be.below(Number(bid.interval.p90));
    }
    expect(width(few)).to.be.above(width(more));
    expect(width(more)).to.be.above(width(most));
    expect(more.bid.interval.account_cv / most.bid.interval.account_cv).to.be.closeTo(Math.sqrt(30), 1e-6);
  });

  it("never gets narrower than the factor that all accounts share", () => {
    const shared = Math.sqrt(Math.log(1 + 0.26 ** 2));
    const floor = Math.exp(1.2815515655446004 * shared) - Math.exp(-1.2815515655446004 * shared);
    expect(width(valued(many(30_000)))).to.be.above(floor);
    expect(width(valued(many(30_000)))).to.be.closeTo(floor, 0.05);
  });

  it("has p10 at the 10 % quantile of a lognormal of mean 1 (cv 0.26: 0.697, median 0.968, p90 1.343)", () => {
    const { p10, p50, p90 } = valued(many(30_000), { interval: { severity: 0.01 } }).bid.interval.collections;
    expect([p10, p50, p90].map((each) => Number(each.toFixed(3)))).to.deep.equal([0.697, 0.968, 1.343]);
  });
});

describe("a tape without a readable row", () => {
  it("is refused with why the first rows cannot be read", () => {
    const findings = new TapeFindings();
    findings.add("column_unmapped", { column: "Note" });
    for (let row = 1; row <= 30; row++) {
      findings.add("amount_invalid", { row, column: "current_balance", value: `${row} x` });
    }
    const refused = (): void => void valued([], {}, findings);
    expect(refused).to.throw(Refusal).with.property("code", "nothing_to_price");
    expect(refused).to.throw(Refusal).with.property("items").with.lengthOf(20);
    expect(refused).to.throw(Refusal).with.nested.property("items[8]").that.deep.equals({
      pointer: "/rows/9/current_balance",
      code: "amount_invalid",
      detail: "not an amount",
      value: "9 x",
    });
  });
});
