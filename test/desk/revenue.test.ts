import { expect } from "chai";
import { actSheets } from "../../src/reports/act-report.js";
import { renderText } from "../../src/reports/render-text.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture, importedPortfolio } from "./desk-fixture.js";

const cents = (text: string) => Math.round(Number(text) * 100);

eachDatabase("effective interest at the desk", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  beforeEach(() => fixture.setDay("2026-01-15"));
  after(() => fixture.remove());

  async function bought(): Promise<Bought> {
    const one = await boughtPortfolio(fixture, { rows: 30 });
    await fixture.do("set-carrying-method", { portfolio_id: one.portfolioId, method: "effective_interest" });
    return one;
  }

  const pay = (portfolioId: string, account: string, amount: string, paidOn: string) =>
    fixture.do("record-payment", { portfolio_id: portfolioId, account_number: account, amount, paid_on: paidOn });

  async function balanceOf(portfolioId: string, code: string, asOf: string): Promise<string> {
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id: portfolioId, as_of: asOf });
    return accounts.find((account) => account.code === code)?.balance ?? "0.00";
  }

  /** Every column of every portfolio adds up, and the months of the accruals agree with the ledger. */
  async function expectTied(portfolioId: string, from: string, asOf: string) {
    const report = await fixture.do("report-roll-forward", { portfolio_id: portfolioId, from, as_of: asOf });
    const [row] = report.portfolios;
    expect(row!.amounts.residual).to.equal("0.00");
    expect(row!.amounts.closing).to.equal(await balanceOf(portfolioId, "1500", asOf));
    return row!.amounts;
  }

  it("fixes the rate on the price and the forecast of the quote", async () => {
    const { portfolioId, quoteId, price } = await boughtPortfolio(fixture, { rows: 30 });
    const basis = await fixture.do("set-carrying-method", { portfolio_id: portfolioId, method: "effective_interest" });
    expect(basis).to.include({ starts_on: "2026-01-15", carrying_amount: price, forecast_version: 1, entry_id: null });
    expect(basis.eir_monthly).to.be.greaterThan(0);
    const { data } = await fixture.do("list-forecasts", { portfolio_id: portfolioId });
    expect(data[0]).to.include({ version: 1, source: "quote", used_from: "2026-01", first_month: "2026-01" });
    const { snapshot } = await fixture.do("show-quote", { quote_id: quoteId });
    const total = snapshot.valuation.forecast.monthly.reduce((sum, { gross }) => sum + cents(gross), 0);
    expect(cents(data[0]!.total)).to.equal(total);
  });

  it("ties when a resale and a put-back are taken back, in the month and in the next", async () => {
    const { portfolioId: portfolio_id, purchaseId: purchase_id } = await bought();
    const accounts = ["A1", "A2", "A3", "A4"];
    const sale = { portfolio_id, account_numbers: accounts, buyer: "Baker", proceeds: "40.00", sold_on: "2026-01-15" };
    const { entry_id } = await fixture.do("sell-receivables", sale);
    const put = { purchase_id, account_numbers: ["A5"], reason: "other" as const, put_back_on: "2026-01-15" };
    const { put_backs } = await fixture.do("put-back-receivables", put);
    const start = await balanceOf(portfolio_id, "4930", "2026-01-31");
    fixture.setDay("2026-03-20");
    const back = { reversed_on: "2026-01-31", reason: "sold in error" };
    await fixture.do("reverse-entry", { ...back, entry_id, account_numbers: ["A1", "A2"] });
    await fixture.do("accrue-revenue", { portfolio_id, month: "2026-01" });
    const [before] = (await fixture.do("list-revenue", { portfolio_id })).months;
    await fixture.do("reverse-entry", { ...back, reversed_on: "2026-02-10", entry_id });
    await fixture.do("reverse-entry", { ...back, reversed_on: "2026-02-10", entry_id: put_backs[0]!.entry_id });
    await fixture.do("accrue-revenue", { portfolio_id, month: "2026-02" });
    const { months } = await fixture.do("list-revenue", { portfolio_id });
    const [january, february] = [
      months.find((one) => one.month === "2026-01"),
      months.find((one) => one.month === "2026-02"),
    ];
    expect(january).to.deep.equal(before);
    expect(cents(february!.other), "what came back").to.be.greaterThan(0);
    expect(start).not.to.equal("0.00");
    expect(await balanceOf(portfolio_id, "4930", "2026-02-28")).to.equal("0.00");
    await expectTied(portfolio_id, "2026-01-15", "2026-02-28");
    expect((await fixture.do("verify-books", { portfolio_id })).differences).to.deep.equal([]);
    const accrual = (await fixture.do("list-entries", { portfolio_id, kind: "revenue_accrued" })).data[0]!;
    const refusal = await fixture.refusal("reverse-entry", {
      ...back,
      reversed_on: "2026-03-20",
      entry_id: accrual.id,
    });
    expect(`${refusal.code}: ${refusal.detail}`).to.match(/entry_not_reversible.*accrue again/);
  });

  it("accrues month after month: closing is the value of what is expected, and cash beyond it is a gain", async () => {
    const { portfolioId, price } = await bought();
    fixture.setDay("2026-03-20");
    await pay(portfolioId, "A1", "60.00", "2026-01-20");
    await pay(portfolioId, "A2", "70.00", "2026-02-20");
    const accrued = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    expect(accrued.posted.map(({ month, revision }) => [month, revision])).to.deep.equal([
      ["2026-01", 1],
      ["2026-02", 1],
    ]);
    const [january, february] = accrued.posted;
    expect(january).to.include({ opening: price, cash: "60.00", change_future: "0.00", other: "0.00" });
    expect(cents(january!.change_current)).to.equal(6000 - cents(january!.forecast_cash));
    expect(february!.opening).to.equal(january!.closing);
    expect(Math.abs(cents(february!.revenue) - cents(february!.opening) * february!.eir_monthly)).to.be.lessThan(1.1);
    expect(await balanceOf(portfolioId, "1500", "2026-02-28")).to.equal(february!.closing);
    expect(await balanceOf(portfolioId, "4500", "2026-02-28")).to.equal(
      (-(cents(january!.revenue) + cents(february!.revenue)) / 100).toFixed(2),
    );
    const amounts = await expectTied(portfolioId, "2026-01-01", "2026-02-28");
    expect(amounts).to.include({
      opening: "0.00",
      purchases: price,
      collections: "-130.00",
      closing: february!.closing,
    });
    const again = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    expect([again.posted, again.unchanged]).to.deep.equal([[], 2]);
    const listed = await fixture.do("list-revenue", { portfolio_id: portfolioId });
    expect(listed.months).to.deep.equal(accrued.posted);
  });

  it("accrues anew what a late item has changed, and leaves what was known as it was", async () => {
    const { portfolioId } = await bought();
    fixture.setDay("2026-03-20");
    const first = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    const knownAt = "2026-03-20T10:00:00Z";
    const window = { portfolio_id: portfolioId, from: "2026-01-01", as_of: "2026-02-28", known_at: knownAt };
    fixture.setDay("2026-03-21");
    const reported = await fixture.do("report-roll-forward", window);
    await pay(portfolioId, "A3", "50.00", "2026-01-25");
    const again = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    expect(again.posted.map(({ month, revision }) => [month, revision])).to.deep.equal([["2026-01", 2]]);
    const [before, after] = [first.posted[0]!, again.posted[0]!];
    expect(cents(after.change_current) - cents(before.change_current)).to.equal(5000);
    expect(after.closing).to.equal(before.closing);
    const entry = await fixture.do("show-entry", { entry_id: after.entry_ids[0]! });
    expect(entry).to.include({ kind: "recoveries_remeasured", effective_on: "2026-01-31" });
    expect(entry.postings).to.deep.equal([{ line: 1, debit_account: "1500", credit_account: "4510", amount: "50.00" }]);
    await expectTied(portfolioId, "2026-01-01", "2026-02-28");
    expect(await fixture.do("report-roll-forward", window), "as known before").to.deep.equal(reported);
    expect((await fixture.do("list-revenue", { portfolio_id: portfolioId, known_at: knownAt })).months).to.deep.equal(
      first.posted,
    );
  });

  it("posts the value of a new forecast less that of the old one", async () => {
    const { portfolioId } = await bought();
    fixture.setDay("2026-03-01");
    const order = { portfolio_id: portfolioId, month: "2026-02", scale: "1.1", reason: "more pay than was thought" };
    const dry = await fixture.do("reforecast-portfolio", order, { dryRun: true });
    expect((await fixture.do("list-forecasts", { portfolio_id: portfolioId })).data).to.have.length(1);
    const better = await fixture.do("reforecast-portfolio", order);
    expect(better.value_after).to.equal(dry.value_after);
    const gain = cents(better.value_after!) - cents(better.value_before!);
    expect(gain).to.be.closeTo(cents(better.value_before!) / 10, 2);
    const { posted } = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    expect(posted.map(({ forecast_version, change_future }) => [forecast_version, cents(change_future)])).to.deep.equal(
      [
        [1, 0],
        [2, gain],
      ],
    );
    expect(posted[1]!.closing).to.equal(better.value_after);
    const erc = await fixture.do("report-erc", { portfolio_id: portfolioId, as_of: "2026-02-28" });
    expect(erc.portfolios[0]).to.include({
      forecast_version: 2,
      forecast_used_from: "2026-02",
      remaining: better.total,
    });
    const rows = [{ month: "2026-04", gross: "10.00" }];
    const late = await fixture.refusal("reforecast-portfolio", { ...order, month: "2026-01" });
    expect(late.code).to.equal("period_out_of_order");
    const { scale: _, ...given } = order;
    const backwards = [...rows, { month: "2026-03", gross: "1.00" }];
    const wrong = await fixture.refusal("reforecast-portfolio", { ...given, rows: backwards });
    expect([wrong.code, wrong.items[0]?.pointer]).to.deep.equal(["invalid_request", "/rows/1/month"]);
    const small = await fixture.do("reforecast-portfolio", { ...given, rows });
    expect([small.total, small.first_month, small.monthly]).to.deep.equal(["10.00", "2026-03", ["0.00", "10.00"]]);
    const over = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    expect(over.posted.map(({ month, revision, closing }) => [month, revision, closing])).to.deep.equal([
      ["2026-02", 2, small.value_after],
    ]);
    await expectTied(portfolioId, "2026-02-01", "2026-02-28");
  });

  it("lets a put-back take its share of the forecast, and keeps the rate", async () => {
    const { portfolioId, purchaseId } = await bought();
    fixture.setDay("2026-04-02");
    const { refund } = await fixture.do("put-back-receivables", {
      purchase_id: purchaseId,
      account_numbers: ["A5"],
      reason: "deceased",
      put_back_on: "2026-02-10",
    });
    const { posted } = await fixture.do("accrue-revenue", { month: "2026-03" });
    const ours = posted.filter(({ portfolio_id }) => portfolio_id === portfolioId);
    expect(ours[1]).to.include({ other: `-${refund}`, change_future: "0.00" });
    expect(ours[1]!.share).to.be.lessThan(1);
    expect(Math.abs(cents(ours[2]!.revenue) - cents(ours[2]!.opening) * ours[2]!.eir_monthly)).to.be.lessThan(1.1);
    const amounts = await expectTied(portfolioId, "2026-02-01", "2026-03-31");
    expect(amounts.put_backs).to.equal(`-${refund}`);
    const erc = await fixture.do("report-erc", { portfolio_id: portfolioId, as_of: "2026-03-31" });
    expect(erc.portfolios[0]!.share).to.be.closeTo(ours[2]!.share, 1e-6);
  });

  it("changes the method for the time to come, carrying over what stands", async () => {
    const { portfolioId } = await bought();
    fixture.setDay("2026-03-05");
    await pay(portfolioId, "A1", "40.00", "2026-02-03");
    const early = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    const closing = early.posted[1]!.closing;
    const order = { portfolio_id: portfolioId, method: "cost_recovery" as const };
    const wrong = await fixture.refusal("set-carrying-method", { ...order, effective_on: "2026-03-05" });
    expect(wrong.code).to.equal("period_out_of_order");
    const left = await fixture.do("set-carrying-method", order);
    expect(left).to.include({ starts_on: "2026-03-01", carrying_amount: closing, eir_monthly: null });
    const entry = await fixture.do("show-entry", { entry_id: left.entry_id! });
    expect(entry).to.include({ kind: "method_changed", effective_on: "2026-03-01" });
    await pay(portfolioId, "A2", "30.00", "2026-03-02");
    expect(await balanceOf(portfolioId, "1500", "2026-03-05")).to.equal(((cents(closing) - 3000) / 100).toFixed(2));
    const none = await fixture.refusal("accrue-revenue", { portfolio_id: portfolioId, month: "2026-02" });
    expect(none.code).to.equal("conflict");
    const back = await fixture.do("set-carrying-method", {
      ...order,
      method: "effective_interest",
      effective_on: "2026-03-05",
    });
    expect(back).to.include({ starts_on: "2026-03-05", forecast_version: 2 });
    expect(back.eir_monthly).to.not.equal(early.posted[0]!.eir_monthly);
    fixture.setDay("2026-04-01");
    const { posted } = await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-03" });
    expect(posted).to.have.length(1);
    expect(posted[0]).to.include({ month: "2026-03", opening: back.carrying_amount, cash: "0.00", other: "0.00" });
    const amounts = await expectTied(portfolioId, "2026-03-01", "2026-03-31");
    expect(amounts).to.include({ opening: closing, transfers: "0.00", collections: "-30.00" });
  });

  it("books the rate with the purchase where the method was chosen before it", async () => {
    const portfolioId = await importedPortfolio(fixture, { rows: 30 });
    const chosen = await fixture.do("set-carrying-method", { portfolio_id: portfolioId, method: "effective_interest" });
    expect([chosen.starts_on, chosen.eir_monthly]).to.deep.equal([null, null]);
    const quote = await fixture.do("issue-quote", { portfolio_id: portfolioId });
    await fixture.do("accept-quote", { quote_id: quote.id });
    const { basis } = await fixture.do("list-revenue", { portfolio_id: portfolioId });
    expect(basis).to.include({ method: "effective_interest", starts_on: "2026-01-15", carrying_amount: quote.price });
  });

  it("impairs and writes up, under either method", async () => {
    const { portfolioId, price } = await boughtPortfolio(fixture, { rows: 30 });
    const order = { portfolio_id: portfolioId, effective_on: "2026-01-15", reason: "impairment" as const };
    const cut = await fixture.do("adjust-carrying-amount", { ...order, amount: "-10.00" });
    expect(cut.carrying_amount).to.equal(((cents(price) - 1000) / 100).toFixed(2));
    const all = await fixture.refusal("adjust-carrying-amount", { ...order, amount: `-${price}` });
    expect(all.code).to.equal("amount_not_available");
    const amounts = await expectTied(portfolioId, "2026-01-01", "2026-01-15");
    expect(amounts).to.include({ impairment: "-10.00", purchases: price });
    // everything is recovered and more: what is written up is recovered at once, out of what had been income
    const accounts = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9"];
    for (const account of accounts) await pay(portfolioId, account, "400.00", "2026-01-15");
    const up = await fixture.do("adjust-carrying-amount", { ...order, amount: "10.00" });
    expect(up.carrying_amount).to.equal("0.00");
    const after = await expectTied(portfolioId, "2026-01-01", "2026-01-15");
    expect(after).to.include({ impairment: "0.00", closing: "0.00" });
    const { portfolioId: other, price: paid } = await bought();
    await fixture.do("adjust-carrying-amount", { ...order, portfolio_id: other, amount: "-5.00" });
    fixture.setDay("2026-02-01");
    const { posted } = await fixture.do("accrue-revenue", { portfolio_id: other, month: "2026-01" });
    expect(posted[0]).to.include({ opening: paid, other: "-5.00", change_future: "0.00" });
  });

  it("keeps price, net-back and profit of the net-back report as they are under either method", async () => {
    const [plain, bearing] = [await boughtPortfolio(fixture, { rows: 30 }), await bought()];
    fixture.setDay("2026-03-20");
    for (const { portfolioId } of [plain, bearing]) await pay(portfolioId, "A1", "60.00", "2026-02-20");
    await fixture.do("accrue-revenue", { portfolio_id: bearing.portfolioId, month: "2026-02" });
    const figures = async ({ portfolioId }: Bought) => {
      const {
        portfolio_id: _id,
        known_at: _at,
        drill: _links,
        ...rest
      } = await fixture.do("report-netback", {
        portfolio_id: portfolioId,
      });
      return rest;
    };
    expect(await figures(bearing)).to.deep.equal(await figures(plain));
  });

  it("refuses a month that is not over, and an order without a key accrues nothing", async () => {
    const { portfolioId } = await bought();
    const early = await fixture.refusal("accrue-revenue", { portfolio_id: portfolioId, month: "2026-01" });
    expect(early.code).to.equal("effective_date_refused");
    const again = await fixture.refusal("set-carrying-method", {
      portfolio_id: portfolioId,
      method: "effective_interest",
    });
    expect(again.code).to.equal("conflict");
    fixture.setDay("2026-02-01");
    const seller = await fixture.refusal(
      "accrue-revenue",
      { portfolio_id: portfolioId, month: "2026-01" },
      { roles: ["analyst"] },
    );
    expect(seller.code).to.equal("forbidden");
    await fixture.do("accrue-revenue", { portfolio_id: portfolioId, month: "2026-01" }, { dryRun: true });
    expect((await fixture.do("list-revenue", { portfolio_id: portfolioId })).months).to.deep.equal([]);
    const order = { portfolio_id: portfolioId, month: "2026-01" };
    const first = await fixture.answer("accrue-revenue", order, { key: "accrue-once" });
    const second = await fixture.answer("accrue-revenue", order, { key: "accrue-once" });
    expect([second.replayed, second.output]).to.deep.equal([true, first.output]);
  });

  it("is shown on sheets that people read", async () => {
    const { portfolioId: portfolio_id } = await bought();
    fixture.setDay("2026-02-01");
    await pay(portfolio_id, "A1", "60.00", "2026-01-20");
    await fixture.do("accrue-revenue", { portfolio_id, month: "2026-01" });
    const scope = { portfolio_id, as_of: "2026-01-31" };
    const report = await fixture.do("report-roll-forward", { ...scope, standard: "cecl" });
    const shown = [
      ...actSheets("report-roll-forward", report),
      ...actSheets("report-vintage", await fixture.do("report-vintage", { ...scope, age: "month" })),
      ...actSheets("report-erc", await fixture.do("report-erc", scope)),
    ];
    for (const { columns, rows, totals = [] } of shown) {
      for (const row of [...rows, totals]) if (row.length > 0) expect(row).to.have.length(columns.length);
    }
    const text = shown.map((sheet) => renderText(sheet)).join("\n");
    expect(text).to.include("changes in expected current period recoveries").and.to.include("noncredit discount");
    expect(text).to.include("Collections by month").and.to.include("Remaining expected collections");
    const [grossed] = report.gross_up;
    const sum = (a: string, b: string) => ((cents(a) + cents(b)) / 100).toFixed(2);
    expect(sum(grossed!.purchase_price, grossed!.allowance)).to.equal(grossed!.amortized_cost);
    expect(sum(grossed!.amortized_cost, grossed!.noncredit_discount)).to.equal(grossed!.face);
  });

  it("is asked for by the close of a month, and caught up in the first open one after it", async () => {
    const books = new DeskFixture(await open());
    const { portfolioId } = await boughtPortfolio(books, { rows: 30 });
    const late = await boughtPortfolio(books, { rows: 30 });
    await books.do("set-carrying-method", { portfolio_id: portfolioId, method: "effective_interest" });
    books.setDay("2026-03-10");
    await books.do("adjust-carrying-amount", {
      portfolio_id: portfolioId,
      amount: "-7.00",
      reason: "transfer",
      effective_on: "2026-01-20",
    });
    await books.do("adjust-carrying-amount", {
      portfolio_id: late.portfolioId,
      amount: "7.00",
      reason: "transfer",
      effective_on: "2026-01-20",
    });
    const revenueItem = async () => {
      const { checklist } = await books.do("show-period", { month: "2026-01" });
      return checklist!.find(({ item }) => item === "revenue_accrued")!.state;
    };
    expect(await revenueItem()).to.equal("unmet");
    await books.do("accrue-revenue", { month: "2026-01" });
    expect(await revenueItem()).to.equal("met");
    const pay = (amount: string, paid_on: string) =>
      books.do("record-payment", { portfolio_id: portfolioId, account_number: "A1", amount, paid_on });
    await pay("9.00", "2026-01-28");
    expect(await revenueItem(), "a late item").to.equal("unmet");
    await books.do("accrue-revenue", { month: "2026-01" });
    await books.do("verify-books", {});
    await books.do("soft-close-period", { month: "2026-01" }, { actorId: "ann" });
    await books.do("close-period", { month: "2026-01" }, { actorId: "ben" });

    await books.do("set-carrying-method", { portfolio_id: late.portfolioId, method: "effective_interest" });
    const closed = { portfolio_id: late.portfolioId, month: "2026-01" };
    expect((await books.refusal("accrue-revenue", closed)).code).to.equal("period_closed");
    const { posted } = await books.do("accrue-revenue", { month: "2026-02" });
    const caught = posted.find(({ portfolio_id }) => portfolio_id === late.portfolioId)!;
    expect(caught.month).to.equal("2026-02");
    const fresh = posted.find(({ portfolio_id }) => portfolio_id === portfolioId)!;
    expect(cents(caught.revenue)).to.be.greaterThan(1.4 * cents(fresh.revenue));
    const report = await books.do("report-roll-forward", { from: "2026-01-01", as_of: "2026-02-28" });
    for (const { amounts } of report.portfolios) expect(amounts.residual).to.equal("0.00");
    expect(report.portfolios.find(({ portfolio_id }) => portfolio_id === late.portfolioId)!.amounts.closing).to.equal(
      caught.closing,
    );
    expect((await books.do("accrue-revenue", { month: "2026-02" })).posted).to.deep.equal([]);
    const verified = await books.do("verify-books", {});
    expect(verified.green).to.equal(true);
    books.remove();
  });
});
