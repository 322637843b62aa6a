import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("the statement of a receivable", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture, { rows: 60 });
    const { portfolioId: portfolio_id } = bought;
    const agency_id = (await fixture.do("register-agency", { name: "Able" })).id;
    await fixture.do("place-receivables", {
      portfolio_id,
      agency_id,
      placed_on: "2026-01-15",
      commission: { rate: "0.25" },
      receivables: { account_numbers: ["A1"] },
    });
    fixture.setDay("2026-06-30");
    const pay = (amount: string, paid_on: string, more = {}) =>
      fixture.do("record-payment", {
        portfolio_id,
        account_number: "A1",
        amount,
        paid_on,
        external_id: paid_on,
        ...more,
      });
    // A1 owes 137.11
    await pay("40.00", "2026-02-01", { channel: "agency" });
    fixture.setDay("2026-07-01");
    await pay("-40.00", "2026-03-01", { reverses: "2026-02-01" });
    await pay("200.00", "2026-02-15");
    await fixture.do("record-cost", {
      portfolio_id,
      cost_type: "court",
      amount: "25.00",
      incurred_on: "2026-02-20",
      account_number: "A1",
    });
  });
  after(() => fixture.remove());

  const statement = (input: { account_number?: string; as_of?: string; known_at?: string; receivable_id?: string }) =>
    fixture.do("show-receivable-statement", { portfolio_id: bought.portfolioId, ...input });

  it("runs from the purchase on, by day, with the claim after every entry", async () => {
    const found = await statement({ account_number: "A1" });
    expect(found).to.include({ opening: "137.11", opening_on: "2026-01-15", closing: "0.00", state: "owned" });
    const shown = found.data.map((row) => [
      row.effective_on,
      row.kind,
      row.claim_change,
      row.claim,
      row.commission,
      row.unapplied_change,
    ]);
    // the payment of 15 February was recorded last and met a claim of 137.11: the 40.00 had come back by then
    expect(shown).to.deep.equal([
      ["2026-02-01", "collection_by_agency", "-40.00", "97.11", "10.00", "0.00"],
      ["2026-02-15", "collection_received", "-137.11", "-40.00", "0.00", "62.89"],
      ["2026-02-20", "cost_incurred", "0.00", "-40.00", "0.00", "0.00"],
      ["2026-03-01", "payment_returned", "40.00", "0.00", "-10.00", "0.00"],
    ]);
    expect(found.unapplied).to.equal("62.89");
  });

  it("says what it cost and brought", async () => {
    const { investment } = await statement({ account_number: "A1" });
    expect(investment).to.include({ collected: "137.11", commission: "0.00", court_costs: "25.00", refunded: "0.00" });
    expect(Number(investment.cost)).to.be.greaterThan(0);
  });

  it("is what it was on an earlier day, and as it was known at an earlier instant", async () => {
    const early = await statement({ account_number: "A1", as_of: "2026-02-10" });
    expect(early).to.include({ closing: "97.11" });
    const known = await statement({ account_number: "A1", known_at: "2026-06-30T23:00:00Z" });
    expect(known.data.map((row) => row.kind)).to.deep.equal(["collection_by_agency"]);
    expect(known).to.include({ closing: "97.11", unapplied: "0.00" });
    const before = await statement({ account_number: "A1", as_of: "2026-01-14" });
    expect(before).to.include({ opening: "0.00", closing: "0.00" });
  });

  it("agrees with the position of every receivable", async () => {
    await fixture.do("put-back-receivables", {
      purchase_id: bought.purchaseId,
      account_numbers: ["A5"],
      reason: "deceased",
      put_back_on: "2026-02-01",
      override_reason: "test",
    });
    const { data } = await fixture.do("list-receivables", { portfolio_id: bought.portfolioId });
    let owned = 0;
    for (const receivable of data) {
      if (receivable.state === "not_bought") {
        const refused = await fixture.refusal("show-receivable-statement", {
          portfolio_id: bought.portfolioId,
          receivable_id: receivable.id,
        });
        expect(refused.code).to.equal("receivable_not_bought");
        continue;
      }
      const found = await statement({ receivable_id: receivable.id });
      expect([found.closing, found.investment.cost], receivable.account_number).to.deep.equal([
        receivable.claim,
        receivable.cost,
      ]);
      owned++;
    }
    expect(owned).to.be.greaterThan(40);
    const gone = await statement({ account_number: "A5" });
    expect(gone.data.map((row) => row.kind)).to.deep.equal(["receivable_put_back"]);
    expect(gone.closing).to.equal("0.00");
    expect(Number(gone.investment.refunded)).to.be.greaterThan(0);
  });

  it("is nobody else's", async () => {
    const input = { portfolio_id: bought.portfolioId, account_number: "A1" };
    const refused = await fixture.refusal("show-receivable-statement", input, { tenantId: "beta" });
    expect(refused.code).to.equal("not_found");
  });
});

eachDatabase("receivables that are sold together", (open) => {
  let fixture: DeskFixture;
  let portfolio_id: string;

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    portfolio_id = (await boughtPortfolio(fixture, { rows: 30 })).portfolioId;
    for (const [account_number, amount] of [
      ["A1", "30.00"],
      ["A2", "45.00"],
    ] as const) {
      const cost = { portfolio_id, cost_type: "court" as const, incurred_on: "2026-01-15", recoverable: true };
      await fixture.do("record-cost", { ...cost, account_number, amount });
    }
    const account_numbers = ["A1", "A2", "A3"];
    fixture.setDay("2026-02-10");
    await fixture.do("sell-receivables", {
      portfolio_id,
      account_numbers,
      proceeds: "60.00",
      sold_on: "2026-02-10",
      buyer: "B",
    });
  });
  after(() => fixture.remove());

  it("have each their part of the sale in their statement", async () => {
    let proceeds = 0;
    for (const account_number of ["A1", "A2", "A3"]) {
      const found = await fixture.do("show-receivable-statement", { portfolio_id, account_number });
      expect(found).to.include({ closing: "0.00", state: "sold" });
      expect(found.data.at(-1)!.kind).to.equal("receivables_sold");
      proceeds += Math.round(Number(found.investment.sold_for) * 100);
      const before = await fixture.do("show-receivable-statement", {
        portfolio_id,
        account_number,
        as_of: "2026-02-09",
      });
      expect(Number(before.closing), "owed until it was sold").to.be.greaterThan(100);
    }
    expect(proceeds).to.equal(6000);
  });

  it("leave nothing open of what was advanced on them, and the aging of the day before as it was", async () => {
    const advances = (as_of: string) => fixture.do("explain-balance", { portfolio_id, account: "1300", as_of });
    const before = await advances("2026-02-09");
    expect(before).to.include({ balance: "75.00", explained: "75.00", difference: "0.00", open_items: 2 });
    expect(await advances("2026-02-10")).to.include({ balance: "0.00", difference: "0.00", open_items: 0 });
    for (const as_of of ["2026-02-09", "2026-02-10"]) {
      const { difference } = await fixture.do("report-aging", { portfolio_id, as_of });
      expect(difference, as_of).to.equal("0.00");
    }
  });
});
