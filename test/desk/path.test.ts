import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture, tapeText } from "./desk-fixture.js";

/** Figures of the first engine, which the second must repeat to the cent. */
let reported: unknown;

eachDatabase("the whole path, from a tape to net-back", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  after(() => fixture.remove());

  it("prices, quotes, buys, places, collects and reports the same figures on every engine", async function () {
    this.timeout(120_000);
    const portfolio = await fixture.do("create-portfolio", { name: "Cards 2026", seller: "First Bank" });
    const portfolio_id = portfolio.id;
    const file = fixture.file("tape.csv", tapeText(200));
    const imported = await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    expect(imported).to.deep.include({ imported: true });
    expect(imported.tape).to.deep.include({ rows_in_file: 200, rows_kept: 200, rows_rejected: 0 });
    const again = await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    expect(again).to.deep.equal({ ...imported, imported: false });

    const quote = await fixture.do("issue-quote", { portfolio_id, strategy: { target_irr: 0.2 } });
    expect(quote.state).to.equal("issued");
    const valued = await fixture.do("value-portfolio", { portfolio_id, strategy: { target_irr: 0.2 } });
    expect(valued.bid.price).to.equal(quote.price);
    const repriced = await fixture.do("reprice-quote", { quote_id: quote.id });
    expect(repriced).to.deep.include({ same: true, price: quote.price, price_again: quote.price });

    const purchase = await fixture.do("accept-quote", { quote_id: quote.id });
    // every 20th of 200 is bankrupt
    expect(purchase).to.deep.include({ price: quote.price, receivables: 190, face: quote.face });
    expect(await fixture.do("show-receivable", { portfolio_id, account_number: "A20" })).to.deep.include({
      state: "not_bought",
      cost: null,
    });
    const receivables = await fixture.do("list-receivables", { portfolio_id, limit: 1000 });
    const cents = (text: string | null) => Math.round(Number(text ?? 0) * 100);
    const costs = receivables.data.reduce((sum, { cost }) => sum + cents(cost), 0);
    expect(costs, "the allocated costs sum to the price").to.equal(cents(quote.price));

    const agency = await fixture.do("register-agency", { name: "Able Recovery" });
    const placement = await fixture.do("place-receivables", {
      portfolio_id,
      agency_id: agency.id,
      placed_on: "2026-01-15",
      commission: { rate: "0.25" },
      receivables: { account_numbers: ["A3", "A4"] },
    });
    expect(placement).to.deep.include({ receivables: 2, still_placed: 2 });

    // A1: 137.11, A2: 174.22, A3: 211.33, A4: 248.44
    fixture.setDay("2026-03-20");
    const own = await fixture.do("record-payment", {
      portfolio_id,
      account_number: "A1",
      amount: "150.00",
      paid_on: "2026-02-10",
      external_id: "P-1",
    });
    expect(own).to.deep.include({ applied: "137.11", unapplied: "12.89", commission: "0.00", channel: "own" });
    const byAgency = await fixture.do("record-payment", {
      portfolio_id,
      account_number: "A3",
      amount: "100.01",
      paid_on: "2026-02-20",
      channel: "agency",
      external_id: "P-2",
    });
    expect(byAgency, "25 % of 100.01 is 25.0025").to.deep.include({ commission: "25.00", agency_id: agency.id });
    const direct = await fixture.do("record-payment", {
      portfolio_id,
      account_number: "A2",
      amount: "20.00",
      paid_on: "2026-03-01",
      channel: "direct",
    });
    expect(direct).to.deep.include({ applied: "20.00", commission: "0.00" });
    const back = await fixture.do("record-payment", {
      portfolio_id,
      account_number: "A3",
      amount: "-50.00",
      paid_on: "2026-03-05",
      channel: "agency",
      reverses: "P-2",
    });
    expect(back, "half of the commission comes back: 25.00 x 50.00 / 100.01 = 12.497...").to.deep.include({
      applied: "-50.00",
      commission: "-12.50",
    });
    await fixture.do("record-cost", { portfolio_id, cost_type: "court", amount: "30.00", incurred_on: "2026-03-02" });
    const settled = await fixture.do("record-receipt", {
      portfolio_id,
      kind: "agency_remittance",
      amount: "37.51",
      received_on: "2026-03-15",
      agency_id: agency.id,
    });
    expect(settled.amount).to.equal("37.51");
    const returned = await fixture.do("put-back-receivables", {
      purchase_id: purchase.id,
      account_numbers: ["A5"],
      reason: "deceased",
      put_back_on: "2026-03-10",
    });
    expect(returned.put_backs).to.have.length(1);

    const report = await fixture.do("report-netback", { portfolio_id, as_of: "2026-03-20" });
    // gross 137.11 + 100.01 + 20.00 - 50.00; commission 25.00 - 12.50; costs 30.00
    expect(report.to_date).to.deep.include({
      price_paid: quote.price,
      gross: "207.12",
      commission: "12.50",
      costs: "30.00",
      net_back: "164.62",
      put_back_refunds: returned.refund,
    });
    // of March: 20.00 - 50.00; commission -12.50; costs 30.00
    expect(report.month_to_date).to.deep.include({ gross: "-30.00", commission: "-12.50", net_back: "-47.50" });
    expect(report.forecast.by_month.map(({ actual }) => actual)).to.deep.equal(["137.11", "70.01", "0.00"]);

    const trial = await fixture.do("report-trial-balance", { portfolio_id });
    const balances = Object.fromEntries(trial.accounts.map(({ code, balance }) => [code, balance]));
    expect(balances["1100"], "the agency owes nothing more").to.equal("0.00");
    expect(balances["1160"]).to.equal("20.00");
    expect(balances["2100"]).to.equal("-12.89");
    expect(balances["1150"]).to.equal(returned.refund);
    const total = trial.accounts.reduce((sum, { balance }) => sum + cents(balance), 0);
    expect(total, "debits and credits are equal").to.equal(0);

    const shown = { ...report, portfolio_id: "", known_at: "", drill: {}, trial: balances, price: quote.price };
    reported ??= shown;
    expect(shown, "the same on both engines, to the cent").to.deep.equal(reported);
  });

  it("answers as of a day and as known at an instant", async function () {
    this.timeout(60_000);
    const [{ id: portfolio_id } = { id: "" }] = (await fixture.do("list-portfolios", {})).data;
    const before = await fixture.do("report-netback", { portfolio_id, as_of: "2026-03-20" });
    fixture.setDay("2026-04-02");
    const knownAt = new Date(fixture.clockMs).toISOString();
    fixture.clockMs += 60_000;
    await fixture.do("record-payment", { portfolio_id, account_number: "A7", amount: "10.00", paid_on: "2026-03-18" });
    const after = await fixture.do("report-netback", { portfolio_id, as_of: "2026-03-20" });
    expect(Number(after.to_date.gross) - Number(before.to_date.gross)).to.be.closeTo(10, 1e-9);
    const asKnown = await fixture.do("report-netback", { portfolio_id, as_of: "2026-03-20", known_at: knownAt });
    // the ways down to the postings carry the instant that was asked for
    const figures = (report: typeof before) => ({ ...report, known_at: "", drill: "" });
    expect(figures(asKnown)).to.deep.equal(figures(before));
    const early = await fixture.do("report-netback", { portfolio_id, as_of: "2026-02-15" });
    expect(early.to_date.gross).to.equal("137.11");
    const statement = await fixture.do("show-account-statement", { portfolio_id, account: "1000", from: "2026-02-01" });
    expect(statement.data.map(({ debit, credit }) => [debit, credit])).to.deep.equal([
      ["137.11", "0.00"],
      ["12.89", "0.00"],
      ["0.00", "30.00"],
      ["37.51", "0.00"],
      ["10.00", "0.00"],
    ]);
    const entries = await fixture.do("list-entries", { portfolio_id, limit: 1000 });
    const sequences = entries.data.map(({ sequence }) => sequence);
    expect(sequences, "no gap").to.deep.equal(sequences.map((_, i) => i + 1));
    const { source, ...one } = await fixture.do("show-entry", { entry_id: entries.data[2]!.id });
    expect(one).to.deep.equal(entries.data[2]);
    expect(source?.entry_id).to.equal(one.id);
  });
});
