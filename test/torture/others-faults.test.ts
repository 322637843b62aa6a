/** Faults that other ledgers had: each has a test here, so that it is not ours. */
import { expect } from "chai";
import { type Bought, boughtPortfolio, DeskFixture, importedPortfolio } from "../desk/desk-fixture.js";
import { eachDatabase } from "../harness/database.js";

eachDatabase("a fault that others had", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let portfolio_id: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  beforeEach(async function () {
    this.timeout(60_000);
    fixture.setDay("2026-01-15");
    bought = await boughtPortfolio(fixture, { rows: 12 });
    portfolio_id = bought.portfolioId;
    fixture.setDay("2026-03-20");
  });
  after(() => fixture.remove());

  const trialBalance = (when: { as_of?: string; known_at?: string } = {}) =>
    fixture.do("report-trial-balance", { portfolio_id, ...when });
  const pay = (amount: string, paid_on = "2026-03-01") =>
    fixture.do("record-payment", { portfolio_id, account_number: "A1", amount, paid_on });

  it("a second refund that answered conflict and still moved money: of ten at once one moves it", async () => {
    await pay("5000.00");
    const shown = await fixture.do("show-receivable", { portfolio_id, account_number: "A1" });
    const refund = { portfolio_id, account_number: "A1", amount: shown.unapplied!, refunded_on: "2026-03-20" };
    const before = (await trialBalance()).accounts.find(({ code }) => code === "1000")!.balance;
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => fixture.do("refund-debtor", refund)));
    expect(all.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    for (const one of all) if (one.status === "rejected") expect(one.reason.code).to.equal("amount_not_available");
    const after = (await trialBalance()).accounts.find(({ code }) => code === "1000")!.balance;
    expect((Number(before) - Number(after)).toFixed(2)).to.equal(refund.amount);
    expect((await fixture.do("show-receivable", { portfolio_id, account_number: "A1" })).unapplied).to.equal("0.00");
  });

  it("a second put-back of the same receivable: of ten at once one asks the seller for the money", async () => {
    const order = {
      purchase_id: bought.purchaseId,
      account_numbers: ["A2"],
      reason: "fraud" as const,
      put_back_on: "2026-03-20",
      override_reason: "agreed",
    };
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => fixture.do("put-back-receivables", order)));
    const done = all.filter((one) => one.status === "fulfilled");
    expect(done).to.have.length(1);
    for (const one of all) if (one.status === "rejected") expect(one.reason.code).to.equal("receivable_not_owned");
    const recourse = (await trialBalance()).accounts.find(({ code }) => code === "1150")!.balance;
    expect(recourse).to.equal(done[0]!.value.refund);
  });

  it("a point-in-time query that silently returned nothing: it says for when it answers, and refuses what is not there", async () => {
    const early = await trialBalance({ as_of: "2025-12-31" });
    expect([early.as_of, early.accounts]).to.deep.equal(["2025-12-31", []]);
    const unknowing = await trialBalance({ known_at: "2026-01-01T00:00:00Z" });
    expect([unknowing.known_at, unknowing.accounts]).to.deep.equal(["2026-01-01T00:00:00Z", []]);
    const nowhere = `${portfolio_id.slice(0, -4)}zzzz`;
    expect((await fixture.refusal("report-trial-balance", { portfolio_id: nowhere })).code).to.equal("not_found");
    const nothing = await fixture.refusal("report-netback", { portfolio_id, as_of: "2025-12-31" });
    expect(nothing.code).to.equal("effective_date_refused");
    const unknown = await fixture.refusal("report-netback", { portfolio_id, known_at: "2026-01-01T00:00:00Z" });
    expect(unknown.code).to.equal("effective_date_refused");
    // an instant in another zone is refused, not misread
    const zoned = await fixture.refusal("report-trial-balance", {
      portfolio_id,
      known_at: "2026-03-20T11:00:00+02:00",
    });
    expect(zoned.code).to.equal("invalid_request");
  });

  it("the user's date overwriting the recorded date: each is kept, and each is asked for by its own name", async () => {
    const cash = async (when: { as_of?: string; known_at?: string }) =>
      (await trialBalance(when)).accounts.find(({ code }) => code === "4000")?.balance ?? "0.00";
    const payment = await pay("10.00", "2026-02-01");
    expect(payment.paid_on).to.equal("2026-02-01");
    expect(payment.recorded_at.slice(0, 10)).to.equal("2026-03-20");
    const entry = await fixture.do("show-entry", { entry_id: payment.entry_id });
    expect([entry.effective_on, entry.recorded_at]).to.deep.equal(["2026-02-01", payment.recorded_at]);
    expect(await cash({ as_of: "2026-02-28" })).to.equal("-10.00");
    expect(await cash({ as_of: "2026-02-28", known_at: "2026-03-19T00:00:00Z" })).to.equal("0.00");
    expect(await cash({ as_of: "2026-01-31", known_at: payment.recorded_at })).to.equal("0.00");
  });

  it("a clock that was set back: what was recorded later is never known earlier", async () => {
    const first = await pay("1.00");
    fixture.setDay("2026-03-10");
    const second = await pay("2.00");
    const knownAt = async (known_at: string) =>
      (await trialBalance({ as_of: "2026-03-20", known_at })).accounts.find(({ code }) => code === "4000")?.balance;
    expect(await knownAt(first.recorded_at)).to.equal("-1.00");
    expect(await knownAt(second.recorded_at)).to.equal("-3.00");
    expect(await knownAt("2026-03-19T00:00:00Z")).to.equal(undefined);
  });

  it("one debt sold twice: a portfolio is bought once, by whatever quote and however many ask at once", async function () {
    this.timeout(60_000);
    fixture.setDay("2026-01-15");
    const id = await importedPortfolio(fixture, { rows: 12, name: "Contested" });
    const quote = await fixture.do("issue-quote", { portfolio_id: id });
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () => fixture.do("accept-quote", { quote_id: quote.id })),
    );
    expect(all.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id: id });
    expect(accounts.find(({ code }) => code === "1500")!.balance).to.equal(quote.price);
    const again = await fixture.refusal("issue-quote", { portfolio_id: id });
    expect(again.code).to.equal("portfolio_already_bought");
  });

  it("a balance kept beside the entries and never proved: an act that fails at its end leaves both as they were", async () => {
    const before = await trialBalance();
    const rows = [
      { account_number: "A1", amount: "1.00", paid_on: "2026-03-01" },
      { account_number: "A2", amount: "2.00", paid_on: "2026-03-01" },
      { account_number: "none", amount: "3.00", paid_on: "2026-03-01" },
    ];
    const refused = await fixture.refusal("record-payments", { portfolio_id, rows, mode: "atomic" });
    expect(refused.code).to.equal("rows_refused");
    await fixture.answer("record-payments", { portfolio_id, rows }, { dryRun: true });
    expect((await trialBalance()).accounts).to.deep.equal(before.accounts);
    const known = await trialBalance({ known_at: "2026-03-20T09:00:00Z" });
    expect(known.accounts, "the kept balances and the replayed postings").to.deep.equal(before.accounts);
  });
});
