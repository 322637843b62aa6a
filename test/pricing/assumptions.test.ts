import { expect } from "chai";
import { isRefusal, type Refusal } from "../../models/refusal.js";
import { assumptionsSchema } from "../../models/strategy.js";
import { priorsByVersion } from "../../seeds/priors.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";

function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("assumptions", () => {
  it("every prior has a source, and every assumption a row that says where it came from", () => {
    for (const [version, priors] of Object.entries(priorsByVersion)) {
      const { sources } = resolveAssumptions({ currency: "USD", priorsVersion: version });
      expect(sources.map((row) => row.name)).to.deep.equal(priors.map((prior) => prior.name));
      for (const row of sources) expect(row.source, row.name).to.match(/\S{3}/);
    }
  });

  it("are the same after a way through JSON: a quote keeps them and is priced from them again", () => {
    const assumptions = resolveAssumptions({ currency: "USD", strategy: { target_irr: 0.15 } });
    expect(assumptionsSchema.parse(JSON.parse(JSON.stringify(assumptions)))).to.deep.equal(assumptions);
  });

  it("lay the strategy over the priors and the command line over both, and say so", () => {
    const { target_irr, horizon_months, recovery, sources } = resolveAssumptions({
      currency: "USD",
      strategy: {
        name: "cautious",
        target_irr: "0.25",
        horizon_months: 60,
        recovery: { liquidation_12m: { quad: 0.001 } },
      },
      overrides: { target_irr: 0.3 },
    });
    expect([target_irr, horizon_months, recovery.liquidation_12m.quad]).to.deep.equal([0.3, 60, 0.001]);
    expect(recovery.liquidation_12m.fresh, "what is not named stays").to.equal(0.055);
    const row = (name: string) => sources.find((each) => each.name === name);
    expect(row("target_irr")).to.deep.include({
      value: 0.3,
      mark: "user",
      source: "given with the command or request",
    });
    expect(row("horizon_months")).to.deep.include({ value: 60, mark: "user", source: 'the strategy "cautious"' });
    expect(row("recovery.timing")).to.deep.include({ mark: "unverified" });
  });

  it("assume no exchange rate: amounts of dollars are nothing on a tape in yen, and are marked", () => {
    const { costs, sources } = resolveAssumptions({ currency: "JPY" });
    expect([costs.per_account, costs.court_cost, costs.court_cost_by_state]).to.deep.equal([0, 0, {}]);
    expect(sources.find(({ name }) => name === "costs.per_account")).to.deep.include({ mark: "unverified" });
    expect(
      resolveAssumptions({ currency: "JPY", strategy: { costs: { per_account: 150 } } }).costs.per_account,
    ).to.equal(150);
  });

  // biome-ignore format: a table
  const refused = [
    { strategy: { target_irr: -0.1 }, code: "assumption_out_of_range", says: "target_irr is -0.1; it must be above 0 and at most 10" },
    { strategy: { target_irr: 0 }, code: "assumption_out_of_range", says: "target_irr is 0; it must be above 0 and at most 10" },
    { strategy: { target_irr: 10.01 }, code: "assumption_out_of_range", says: "at most 10" },
    { strategy: { horizon_months: 0 }, code: "assumption_out_of_range", says: "a whole number from 1 to 240" },
    { strategy: { horizon_months: 12.5 }, code: "assumption_out_of_range", says: "horizon_months is 12.5; it must be a whole number" },
    { strategy: { costs: { share_sued: 1.2 } }, code: "assumption_out_of_range", says: "costs.share_sued is 1.2; it must be from 0 to 1" },
    { strategy: { authority_limit: "-5" }, code: "assumption_out_of_range", says: "zero or more" },
    { strategy: { recovery: { age_factors: [{ months: 0, value: 0.5 }, { months: 9, value: 0.6 }] } }, code: "assumption_out_of_range", says: "do not grow fresher" },
    { strategy: { recovery: { liquidation_12m: { fresh: 0.5 } } }, code: "assumption_out_of_range", says: "more than the whole face" },
    { strategy: { recovery: { timing: { family: "monthly", shares: [0, 0] } } }, code: "assumption_out_of_range", says: "at least one month must bring cash" },
    { strategy: { target_ir: 0.2 }, code: "invalid_request", says: "target_ir" },
    { strategy: { target_irr: "much" }, code: "invalid_request", says: "must be a number" },
    { strategy: [], code: "invalid_request", says: "object" },
  ];
  for (const { strategy, code, says } of refused) {
    it(`refuse ${JSON.stringify(strategy)}`, () => {
      const refusal = refusalOf(() => resolveAssumptions({ currency: "USD", strategy: strategy as object }));
      expect(refusal.code).to.equal(code);
      expect(refusal.detail).to.contain(says);
    });
  }

  it("name all that is wrong at once", () => {
    const refusal = refusalOf(() =>
      resolveAssumptions({ currency: "USD", strategy: { target_irr: -1, horizon_months: 999 } }),
    );
    expect(refusal.items.map(({ pointer, value }) => [pointer, value])).to.deep.equal([
      ["/target_irr", -1],
      ["/horizon_months", 999],
    ]);
  });
});
