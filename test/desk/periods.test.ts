import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const ann = { actorId: "ann" };
const ben = { actorId: "ben" };

eachDatabase("months that are shut", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture, { rows: 14 });
  });
  after(() => fixture.remove());

  const pay = (paid_on: string, amount: string, rest: object = {}) => ({
    portfolio_id: bought.portfolioId,
    account_number: "A1",
    paid_on,
    amount,
    ...rest,
  });

  /** Two people close a month. */
  async function close(month: string) {
    await fixture.do("soft-close-period", { month }, ann);
    return fixture.do("close-period", { month }, ben);
  }

  it("have no months before anything is booked", async () => {
    const books = await fixture.do("list-periods", {}, { tenantId: "beta" });
    expect(books).to.deep.equal({
      closed_through: null,
      policy: { late_items: "refuse", second_person: "required" },
      data: [],
      next_cursor: null,
    });
    fixture.setDay("2026-04-10");
    const refusal = await fixture.refusal("close-period", { month: "2026-01" }, { tenantId: "beta" });
    expect(refusal.code).to.equal("period_out_of_order");
    expect(refusal.detail).to.include("nothing has been booked");
  });

  it("are open from the month of the first entry to the current one", async () => {
    const { data } = await fixture.do("list-periods", {});
    expect(data.map(({ month, state }) => `${month} ${state}`)).to.deep.equal([
      "2026-01 open",
      "2026-02 open",
      "2026-03 open",
      "2026-04 open",
    ]);
  });

  it("are closed in order, when they are over, by two people", async () => {
    await fixture.do("record-payment", pay("2026-01-20", "10.00", { external_id: "P1" }));
    await fixture.do("record-payment", pay("2026-02-20", "20.00"));
    const table: [month: string, code: string][] = [
      ["2026-04", "effective_date_refused"],
      ["2026-02", "period_out_of_order"],
      ["2026-01", "second_person_needed"],
    ];
    for (const [month, code] of table) {
      expect((await fixture.refusal("close-period", { month }, ann)).code, month).to.equal(code);
    }
    const proposed = await fixture.do("soft-close-period", { month: "2026-01" }, ann);
    expect(proposed).to.deep.include({ state: "soft_closed", proposed_by: "ann", version: 0, seal: null });
    expect((await fixture.refusal("soft-close-period", { month: "2026-01" }, ben)).code).to.equal("conflict");
    expect((await fixture.refusal("close-period", { month: "2026-01" }, ann)).code).to.equal("second_person_needed");
    const states = Object.fromEntries(proposed.checklist.map(({ item, state }) => [item, state]));
    expect(states).to.deep.equal({
      month_over: "met",
      months_in_order: "met",
      second_person: "met",
      books_verified: "unmet",
      clearing_accounts: "met",
      revenue_accrued: "not_applicable",
      facility_charges: "not_applicable",
      bank_statements: "not_applicable",
      exceptions: "not_applicable",
    });

    const tried = await fixture.do("close-period", { month: "2026-01" }, { ...ben, dryRun: true });
    expect(tried.state).to.equal("closed");
    expect((await fixture.do("show-period", { month: "2026-01" })).state).to.equal("soft_closed");

    const closed = await fixture.do("close-period", { month: "2026-01" }, ben);
    expect(closed).to.deep.include({ state: "closed", version: 1, proposed_by: "ann", closed_by: "ben" });
    expect(closed.checklist.map(({ state }) => state)).to.not.include("unmet");
    expect(closed.seals).to.have.length(1);
    // the purchase and one payment
    expect(closed.seals[0]).to.deep.include({ portfolio_id: bought.portfolioId, entries: 2, postings: 5 });
    expect(closed.seal).to.match(/^[0-9a-f]{64}$/);
    expect((await fixture.refusal("close-period", { month: "2026-01" }, ben)).code).to.equal("period_closed");
  });

  it("take nothing when they are closed: it is refused with the first open day", async () => {
    const refusal = await fixture.refusal("record-payment", pay("2026-01-31", "5.00"));
    expect(refusal.code).to.equal("period_closed");
    expect(refusal.detail).to.include("2026-01").and.to.include("2026-02-01");
    const rows = [pay("2026-01-31", "5.00"), pay("2026-02-01", "6.00")].map(({ portfolio_id: _, ...row }) => row);
    const batch = await fixture.do("record-payments", { portfolio_id: bought.portfolioId, rows });
    expect(batch).to.deep.include({ recorded: 1, skipped: 1, amount: "6.00" });
    expect(batch.refused[0]).to.deep.include({ row: 1, code: "period_closed" });
    for (const [act, input] of [
      ["record-cost", { cost_type: "court", amount: "1.00", incurred_on: "2026-01-31" }],
      ["record-receipt", { kind: "put_back_refund", amount: "1.00", received_on: "2026-01-31" }],
    ] as const) {
      const { code } = await fixture.refusal(act, { portfolio_id: bought.portfolioId, ...input } as never);
      expect(code, act).to.equal("period_closed");
    }
    const putBack = { account_numbers: ["A2"], reason: "fraud" as const, put_back_on: "2026-01-31" };
    const refused = await fixture.refusal("put-back-receivables", { purchase_id: bought.purchaseId, ...putBack });
    expect(refused.code).to.equal("period_closed");
  });

  it("refuse a purchase that closes in them", async () => {
    const portfolio_id = (await boughtPortfolioQuote("Late")).portfolioId;
    const quote = await fixture.do("issue-quote", { portfolio_id });
    const refusal = await fixture.refusal("accept-quote", { quote_id: quote.id, closing_on: "2026-01-20" });
    expect(refusal.code).to.equal("period_closed");
  });

  async function boughtPortfolioQuote(name: string) {
    const { id } = await fixture.do("create-portfolio", { name, seller: "First Bank" });
    const file = fixture.file(`${id}.csv`, (await import("./desk-fixture.js")).tapeText(14));
    await fixture.do("import-tape", { portfolio_id: id, file, as_of: "2026-01-01" });
    return { portfolioId: id };
  }

  it("take adjustments alone when they are soft-closed", async () => {
    await fixture.do("soft-close-period", { month: "2026-02" }, ann);
    const refusal = await fixture.refusal("record-payment", pay("2026-02-21", "5.00"));
    expect(refusal.code).to.equal("period_closed");
    expect(refusal.detail).to.include("adjustments").and.to.include("2026-03-01");
    const withdrawn = await fixture.do("reopen-period", { month: "2026-02", reason: "a file is missing" }, ann);
    expect(withdrawn).to.deep.include({ state: "open", proposed_by: null });
    await fixture.do("record-payment", pay("2026-02-21", "5.00"));
  });

  it("let late items through to the first open day, by policy, with their own day kept", async () => {
    const policy = { late_items: "first_open_day" as const, reason: "the agency reports late" };
    expect((await fixture.refusal("set-books-policy", policy, { roles: ["finance"] })).code).to.equal("forbidden");
    expect(await fixture.do("set-books-policy", policy)).to.deep.equal({
      late_items: "first_open_day",
      second_person: "required",
    });
    const payment = await fixture.do("record-payment", pay("2026-01-25", "7.00"));
    const entry = await fixture.do("show-entry", { entry_id: payment.entry_id });
    expect(entry).to.deep.include({ effective_on: "2026-02-01", original_on: "2026-01-25" });
    expect(payment.paid_on).to.equal("2026-01-25");
    await fixture.do("set-books-policy", { late_items: "refuse", reason: "back to normal" });
  });

  it("chain their seals, print them on reports, and keep both when one is opened again", async () => {
    const february = await close("2026-02");
    const january = await fixture.do("show-period", { month: "2026-01" });
    expect(february.seals[0]!.previous_hash).to.equal(january.seals[0]!.hash);
    const { portfolioId: portfolio_id } = bought;
    const asOf = { portfolio_id, as_of: "2026-03-15" };
    const balance = await fixture.do("report-trial-balance", asOf);
    expect(balance.seal).to.deep.include({ month: "2026-02", version: 1, hash: february.seals[0]!.hash });
    const all = await fixture.do("report-trial-balance", { as_of: "2026-02-28" });
    expect(all.seal).to.deep.include({ month: "2026-02", hash: february.seal });
    const netback = await fixture.do("report-netback", asOf);
    expect(netback.seal).to.deep.equal(balance.seal);
    const earlier = await fixture.do("report-trial-balance", { as_of: "2026-02-27" });
    expect(earlier.seal).to.deep.include({ month: "2026-01" });

    const wrong = await fixture.refusal("reopen-period", { month: "2026-01", reason: "x" }, ann);
    expect(wrong.code).to.equal("period_out_of_order");
    const same = await fixture.refusal("reopen-period", { month: "2026-02", reason: "x" }, ben);
    expect(same.code).to.equal("second_person_needed");
    const never = await fixture.refusal("reopen-period", { month: "2026-03", reason: "x" }, ann);
    expect(never.code).to.equal("period_not_closed");

    const knownAt = "2026-04-10T12:00:00Z";
    const known = await fixture.do("report-trial-balance", { as_of: "2026-02-28", known_at: knownAt });
    fixture.setDay("2026-04-11");
    const reopened = await fixture.do("reopen-period", { month: "2026-02", reason: "a cheque came back" }, ann);
    expect(reopened).to.deep.include({ state: "reopened", version: 1, seal: null, closed_by: null });
    expect((await fixture.do("report-trial-balance", asOf)).seal).to.deep.include({ month: "2026-01" });
    await fixture.do("record-payment", pay("2026-02-25", "9.00"));
    const again = await close("2026-02");
    expect(again).to.deep.include({ version: 2, state: "closed" });
    expect(again.seals[0]!.previous_hash).to.equal(february.seals[0]!.hash);
    expect(again.seals[0]!.entries).to.equal(february.seals[0]!.entries + 1);
    const knownAgain = await fixture.do("report-trial-balance", { as_of: "2026-02-28", known_at: knownAt });
    expect(knownAgain).to.deep.equal(known);
    const { green, differences } = await fixture.do("verify-books", {});
    expect(differences).to.deep.equal([]);
    expect(green).to.equal(true);
  });

  it("are closed by one person where that was decided, and it says so", async () => {
    await fixture.do("set-books-policy", { second_person: "waived", reason: "ann is on leave" });
    const march = await fixture.do("close-period", { month: "2026-03" }, ben);
    expect(march.checklist.find(({ item }) => item === "second_person")).to.include({ state: "waived" });
    expect(march.proposed_by).to.equal(null);
  });
});
