import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Refusal } from "../../models/refusal.js";
import { priceTape } from "../../src/desk/price-tape.js";
import { growthAt } from "../../src/recovery/growth.js";
import { actSheets } from "../../src/reports/act-report.js";
import { renderText } from "../../src/reports/render-text.js";
import { readCollectedByStretch } from "../../src/store/collected.js";
import { eachDatabase } from "../harness/database.js";
import { madeScoreCard } from "../harness/score-card.js";
import { sweepTenants } from "../harness/tenant-sweep.js";
import { boughtPortfolio, DeskFixture, importedPortfolio, tapeText } from "./desk-fixture.js";

const months = (count: number) => Array.from({ length: count }, (_, m) => m);

eachDatabase("curves at the desk", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  beforeEach(() => fixture.setDay("2026-01-15"));
  after(() => fixture.remove());

  /** A bought portfolio and its cash: `level` times what the quote expected of each month, for so many months. */
  async function collected(level: number, count: number, rows = 40): Promise<string> {
    fixture.setDay("2026-01-15");
    const { portfolioId, quoteId } = await boughtPortfolio(fixture, { rows });
    const { snapshot } = await fixture.do("show-quote", { quote_id: quoteId });
    const day = (m: number) => new Intl.DateTimeFormat("en-CA", { timeZone: "UTC" }).format(Date.UTC(2026, m + 1, 10));
    fixture.setDay(day(count));
    for (const m of months(count)) {
      const gross = Number(snapshot.valuation.forecast.monthly[m + 1]!.gross) * level;
      const amount = (gross * (m % 2 === 0 ? 1.1 : 0.9)).toFixed(2);
      await fixture.do("record-payment", {
        portfolio_id: portfolioId,
        account_number: `A${1 + m}`,
        amount,
        paid_on: day(m),
      });
    }
    return portfolioId;
  }

  it("fits timing and level with their weights, and keeps the curve as a version", async function () {
    this.timeout(60_000);
    const portfolioId = await collected(1.3, 12);
    const curve = await fixture.do("fit-curve", { portfolio_ids: [portfolioId], as_of: "2027-01-15" });
    expect(curve).to.include({ name: "collections", version: 1, state: "active", fitted_on: "2027-01-15" });
    const { card } = curve;
    expect(card.portfolios[0]!.age_months).to.equal(12);
    expect(card.level.own).to.be.closeTo(1.3, 0.1);
    expect(card.level.credibility).to.be.within(0.05, 0.999);
    expect(card.level.value).to.be.within(1, card.level.own!);
    expect(card.timing_credibility.shape).to.be.within(0, 1);
    // a year that rises as the prior says it does leaves the timing about where it was
    expect(card.timing.shape).to.be.closeTo(card.prior_timing.shape, 0.35);
    const cents = (text: string) => Math.round(Number(text) * 100);
    expect(card.segments.reduce((sum, one) => sum + cents(one.cash), 0)).to.equal(cents(card.portfolios[0]!.cash));
    const due = card.segments.reduce((sum, one) => sum + cents(one.expected_to_date), 0);
    expect(due).to.be.closeTo(cents(card.portfolios[0]!.expected_to_date), 10);
    const mean = card.segments.reduce((sum, one) => sum + one.relativity * cents(one.expected_to_date), 0) / due;
    expect(mean).to.be.closeTo(1, 1e-3);
    const again = await fixture.do("fit-curve", { portfolio_ids: [portfolioId], as_of: "2027-01-15" });
    expect([again.id, again.version]).to.deep.equal([curve.id, 1]);
    const next = await fixture.do("fit-curve", { portfolio_ids: [portfolioId], as_of: "2026-12-15" });
    expect(next.version).to.equal(2);
    const listed = await fixture.do("list-curves", {});
    expect(listed.data.map(({ version }) => version)).to.deep.equal([2, 1]);
    expect((await fixture.do("show-curve", { curve_id: curve.id })).card).to.deep.equal(card);
    expect(renderText(actSheets("list-curves", listed)[0]!)).to.contain("scale years");
    expect(
      actSheets("fit-curve", curve)
        .map((sheet) => renderText(sheet))
        .join("\n"),
    ).to.contain("identified");
  });

  it("prices with a curve, and the quote names the version", async function () {
    this.timeout(60_000);
    const owned = await collected(1.4, 12);
    const { id, version, hash } = await fixture.do("fit-curve", {
      portfolio_ids: [owned],
      as_of: "2027-01-15",
      name: "cards",
    });
    const portfolioId = await importedPortfolio(fixture, { name: "Next" });
    const plain = await fixture.do("value-portfolio", { portfolio_id: portfolioId });
    const quote = await fixture.do("issue-quote", { portfolio_id: portfolioId, curve_id: id });
    expect(Number(quote.price)).to.be.above(Number(plain.bid.price));
    expect(quote.snapshot.models).to.deep.equal([{ id, kind: "curve", name: "cards", version, hash }]);
    const multipliers = quote.snapshot.assumptions.recovery.segment_multipliers;
    expect(multipliers.map(({ by }) => by)).to.include("stage");
    const row = quote.snapshot.valuation.assumptions.find(({ name }) => name === "recovery.timing")!;
    expect(row.source).to.contain(id).and.contain("version 1");
    expect(row.mark).to.equal("computed");
    const own = await fixture.do("value-portfolio", {
      portfolio_id: portfolioId,
      curve_id: id,
      strategy: { recovery: { collections_multiplier: 1 } },
    });
    expect(own.assumptions.find(({ name }) => name === "recovery.collections_multiplier")).to.include({ mark: "user" });
    expect((await fixture.do("reprice-quote", { quote_id: quote.id })).price_again).to.equal(quote.price);
    await fixture.do("retire-model", { model_id: id, reason: "fitted on the wrong day" });
    const refused = await fixture.refusal("issue-quote", { portfolio_id: portfolioId, curve_id: id });
    expect([refused.code, refused.detail]).to.deep.equal(["conflict", `${id} is retired: fitted on the wrong day`]);
    expect((await fixture.do("show-quote", { quote_id: quote.id })).snapshot.models![0]!.id).to.equal(id);
  });

  it("prices a file by a curve's answer as the stored rows are valued by its id, and only by the card it names", async function () {
    this.timeout(60_000);
    const { id } = await fixture.do("fit-curve", { portfolio_ids: [await collected(1.4, 9)], as_of: "2026-10-15" });
    const shown = await fixture.do("show-curve", { curve_id: id });
    const portfolioId = await importedPortfolio(fixture, { name: "By file" });
    const stored = await fixture.do("value-portfolio", { portfolio_id: portfolioId, curve_id: id });
    const price = (curve: unknown, currency = "USD") =>
      priceTape({
        path: fixture.file(`${portfolioId}.csv`, tapeText(60, 2)).path,
        asOf: "2026-01-01",
        currency,
        layout: undefined,
        strategy: undefined,
        model: undefined,
        curve,
        overrides: {},
        expectRows: undefined,
        expectFace: undefined,
        maxFindings: 10,
        seconds: () => 0,
        workFolder: mkdtempSync(join(tmpdir(), "netback-")),
        onProgress: () => undefined,
      });
    const answer: unknown = JSON.parse(JSON.stringify(shown));
    const byFile = await price(answer);
    expect(byFile.bid).to.deep.equal(stored.bid);
    expect(byFile.assumptions).to.deep.equal(stored.assumptions);
    const byCard = await price(shown.card);
    expect(byCard.bid).to.deep.equal(stored.bid);
    expect(byCard.assumptions.find(({ name }) => name === "recovery.timing")!.source).to.contain(
      shown.hash.slice(0, 12),
    );
    const refusals = [
      { why: "no curve", curve: { kind: "curve" }, code: "model_invalid" },
      {
        why: "a card that was changed",
        curve: { ...shown, card: { ...shown.card, horizon_months: 9 } },
        code: "model_invalid",
      },
      { why: "retired", curve: { ...shown, state: "retired", retired_reason: "old" }, code: "conflict" },
      { why: "another currency", curve: shown, currency: "EUR", code: "currency_mismatch" },
    ];
    for (const { why, curve, currency, code } of refusals) {
      const error = await price(curve, currency).catch((thrown: unknown) => thrown);
      expect(error, why).to.be.instanceOf(Refusal).and.include({ code });
    }
  });

  it("carries own cash and what the price counted on forward, and the forecast names the curve", async function () {
    this.timeout(60_000);
    const portfolioId = await collected(1.5, 12);
    const curve = await fixture.do("fit-curve", { portfolio_ids: [portfolioId], as_of: "2026-12-31" });
    fixture.setDay("2027-01-10");
    const order = { portfolio_id: portfolioId, month: "2026-12", curve_id: curve.id, reason: "a year of cash" };
    const forecast = await fixture.do("reforecast-portfolio", order);
    expect(forecast).to.include({ version: 2, source: "curve", curve_id: curve.id, first_month: "2027-01" });
    // Benktander by hand, from what the curve and the quote say
    const { timing, portfolios, horizon_months: horizon } = curve.card;
    const growth = { family: "gamma", shape: timing.shape, scale: timing.scale_years * 12 } as const;
    const p = growthAt(growth, portfolios[0]!.age_months) / growthAt(growth, horizon);
    const [cash, expected] = [Number(portfolios[0]!.cash), Number(portfolios[0]!.underwritten)];
    const byHand = (1 - p) * (cash + (1 - p) * expected);
    expect(Number(forecast.total)).to.be.closeTo(byHand, byHand * 1e-4);
    expect(Number(forecast.total)).to.be.above(Number(forecast.remaining_before));
    const erc = await fixture.do("report-erc", { portfolio_id: portfolioId, as_of: "2026-12-31" });
    expect(erc.portfolios[0]).to.include({ forecast_version: 2, forecast_source: "curve" });
  });

  it("holds what came in against what the quote expected, by decile and segment", async function () {
    this.timeout(60_000);
    const portfolioId = await collected(1.2, 12, 60);
    const report = await fixture.do("report-drift", { portfolio_id: portfolioId, as_of: "2027-01-15" });
    const netback = await fixture.do("report-netback", { portfolio_id: portfolioId, as_of: "2027-01-15" });
    expect(report).to.include({ age_months: 12, left_out: 0 });
    expect(report.total.actual).to.equal(netback.to_date.gross);
    // the cash is 1.2 times the months of the quote, a tenth more in one month and less in the next
    expect(report.total.ratio).to.be.closeTo(1.2, 0.02);
    expect(report.rows.filter(({ by }) => by === "decile")).to.have.length(10);
    expect(["keep", "refit", "too_early"]).to.include(report.verdict);
    const sheets = actSheets("report-drift", report);
    expect(sheets.map(({ name }) => name)).to.include.members(["drift", "decile", "stage", "product-type"]);
    const early = await fixture.do("report-drift", { portfolio_id: portfolioId, as_of: "2026-01-15" });
    expect(early.verdict).to.equal("too_early");
    const put = await fixture.do("list-purchases", { portfolio_id: portfolioId });
    await fixture.do("put-back-receivables", {
      purchase_id: put.data[0]!.id,
      account_numbers: ["A55"],
      reason: "deceased",
      put_back_on: "2026-02-01",
    });
    const after = await fixture.do("report-drift", { portfolio_id: portfolioId, as_of: "2027-01-15" });
    expect([after.left_out, after.total.accounts]).to.deep.equal([1, report.total.accounts - 1]);
    const refused = await fixture.refusal("report-drift", { portfolio_id: portfolioId, as_of: "2025-12-31" });
    expect(refused.code).to.equal("effective_date_refused");
  });

  it("runs off all that was bought by vintage, with what comes after the oldest age from a timing", async function () {
    this.timeout(60_000);
    const report = (more: object) =>
      fixture.do("report-run-off", { as_of: "2027-01-15", by: "portfolio", currency: "USD", ...more });
    const run = await report({});
    expect(run.portfolios).to.be.above(2);
    expect(run.tail.factor).to.be.above(1.5);
    expect(run.tail.source).to.contain("published timing");
    expect(run.origins.every((one) => one.age === 12)).to.equal(true);
    for (const one of run.origins) {
      const z = one.own_weight!;
      const blended = z * (one.latest / one.developed_share!) + (1 - z) * one.expected_ultimate!;
      expect(one.ultimate).to.be.closeTo(blended, 1e-6 * blended);
      expect(one.standard_error).to.be.above(0);
    }
    const quarters = await report({ by: "quarter", method: "mack", age_months: 1 });
    expect(quarters.origins).to.have.length(1);
    expect(quarters.total.latest).to.be.closeTo(run.total.latest, 0.01);
    const [curve] = (await fixture.do("list-curves", { state: "active" })).data;
    expect((await report({ curve_id: curve!.id })).tail.source).to.contain(curve!.id);
    expect((await fixture.refusal("report-run-off", { as_of: "2026-01-20" })).code).to.equal("triangle_unusable");
    const half = await fixture.refusal("report-run-off", { as_of: "2026-08-15", age_months: 6 });
    expect([half.code, half.detail]).to.deep.equal([
      "triangle_unusable",
      "it has one age alone: nothing is known of how it runs on from there",
    ]);
    expect(renderText(actSheets("report-run-off", run)[0]!)).to.contain("Benktander");
  });

  it("counts a payment to the quarter that its net-back month lies in", async function () {
    this.timeout(60_000);
    const { portfolioId } = await boughtPortfolio(fixture, { rows: 5 });
    fixture.setDay("2026-09-01");
    // three months from the closing on 15 January: the same day still belongs to them, the next does not
    const paid = { "2026-01-15": 1, "2026-04-15": 2, "2026-04-16": 4, "2026-07-15": 8, "2026-07-16": 16 };
    for (const [paid_on, amount] of Object.entries(paid)) {
      const amountText = amount.toFixed(2);
      await fixture.do("record-payment", {
        portfolio_id: portfolioId,
        account_number: "A1",
        amount: amountText,
        paid_on,
      });
    }
    const rows = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      readCollectedByStretch(tx, { portfolioId, closingOn: "2026-01-15", asOf: "2026-08-31", months: 3 }),
    );
    expect(rows.map(({ stretch, collectedMinor }) => [stretch, collectedMinor])).to.deep.equal([
      [0, 300n],
      [1, 1200n],
      [2, 1600n],
    ]);
  });

  it("refuses what no curve can be made of", async function () {
    this.timeout(60_000);
    const { portfolioId } = await boughtPortfolio(fixture, { rows: 5 });
    const yen = await boughtPortfolio(fixture, { rows: 5, currency: "JPY", decimals: 0 });
    const open = await importedPortfolio(fixture);
    const codes = async (ids: string[], as_of?: string) =>
      (await fixture.refusal("fit-curve", { portfolio_ids: ids, ...(as_of === undefined ? {} : { as_of }) })).code;
    expect(await codes([portfolioId])).to.equal("triangle_unusable");
    expect(await codes([open])).to.equal("portfolio_not_owned");
    expect(await codes([portfolioId], "2025-12-31")).to.equal("effective_date_refused");
    expect(await codes(["pf_none"])).to.equal("not_found");
    expect(await codes([portfolioId, yen.portfolioId])).to.equal("currency_mismatch");
  });

  it("keeps cards of every kind by version, and refuses one that is not what it says", async () => {
    const card = await madeScoreCard();
    const first = await fixture.do("register-model", { kind: "recovery_score", name: "unsecured", card });
    expect(first).to.include({ version: 1, state: "active" });
    const same = await fixture.do("register-model", { kind: "recovery_score", name: "unsecured", card });
    expect(same.id).to.equal(first.id);
    const second = await fixture.do("register-model", {
      kind: "recovery_score",
      name: "unsecured",
      card: await madeScoreCard(400),
    });
    expect(second.version).to.equal(2);
    expect((await fixture.do("show-model", { model_id: first.id })).card).to.deep.equal(card);
    const refused = await fixture.refusal("register-model", { kind: "curve", name: "c", card });
    expect([refused.code, refused.items[0]!.pointer]).to.deep.equal(["invalid_request", "/card/kind"]);
    const retired = await fixture.do("retire-model", { model_id: first.id, reason: "drifted" });
    expect(retired).to.include({ state: "retired", retired_reason: "drifted" });
    expect((await fixture.refusal("retire-model", { model_id: first.id, reason: "again" })).code).to.equal("conflict");
    const active = await fixture.do("list-models", { kind: "recovery_score", state: "active" });
    expect(active.data.map(({ id }) => id)).to.deep.equal([second.id]);
    expect((await fixture.refusal("show-curve", { curve_id: second.id })).code).to.equal("not_found");
  });

  it("prices a stored portfolio by an account score, and again from the quote's snapshot", async function () {
    this.timeout(60_000);
    const model = await fixture.do("register-model", {
      kind: "recovery_score",
      name: "own",
      card: await madeScoreCard(),
    });
    const portfolio_id = await importedPortfolio(fixture);
    const onPriors = await fixture.do("value-portfolio", { portfolio_id });
    const quote = await fixture.do("issue-quote", { portfolio_id, model_id: model.id });
    const { gross } = quote.snapshot.valuation.forecast;
    expect(Number(gross)).to.be.greaterThan(0);
    expect(gross).not.to.equal(onPriors.forecast.gross);
    expect(quote.snapshot.models).to.deep.equal([
      { id: model.id, kind: "recovery_score", name: "own", version: 1, hash: model.hash },
    ]);
    expect(quote.snapshot.valuation.model!.version).to.match(/^recovery-[0-9a-f]{12}$/);
    await fixture.do("retire-model", { model_id: model.id, reason: "drifted" });
    const again = await fixture.do("reprice-quote", { quote_id: quote.id });
    expect(again.price, "what was quoted stands, whatever became of the score").to.equal(quote.price);
    const refused = await fixture.refusal("value-portfolio", { portfolio_id, model_id: model.id });
    expect([refused.code, refused.detail]).to.deep.equal(["conflict", `${model.id} is retired: drifted`]);
  });

  it("shows no tenant another's versions, and lets nobody change one", async () => {
    const swept = await sweepTenants(fixture.desk.store, "alpha", "beta");
    expect(swept).to.include.members(["model_version", "model_retirement"]);
    const changed = fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.execute("update model_version set name = 'x'"),
    );
    const said = await changed.then(
      () => "done",
      (error: unknown) => String(error),
    );
    expect(said).to.contain("42501");
  });
});
