import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture, importedPortfolio } from "./desk-fixture.js";

eachDatabase("a purchase split by expected value, and its placements", (open) => {
  let fixture: DeskFixture;
  let portfolio_id: string;
  let purchase_id: string;
  let price: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    portfolio_id = await importedPortfolio(fixture);
    const quote = await fixture.do("issue-quote", { portfolio_id });
    const bought = await fixture.do("accept-quote", { quote_id: quote.id, allocation: "expected_value" });
    [purchase_id, price] = [bought.id, bought.price];
    fixture.setDay("2026-06-30");
  });
  after(() => fixture.remove());

  const cents = (text: string | null) => Math.round(Number(text ?? "0") * 100);

  it("gives each receivable a cost by what it is expected to bring, and in all the price", async () => {
    const { data } = await fixture.do("list-receivables", { portfolio_id, state: "owned", limit: 1000 });
    expect(data.reduce((sum, { cost }) => sum + cents(cost), 0)).to.equal(cents(price));
    const rates = new Set(
      data.map(({ cost, current_balance }) => Math.round((cents(cost) / cents(current_balance)) * 1000)),
    );
    expect(rates.size, "by face every rate would be the same").to.be.greaterThan(2);
  });

  it("charges by the schedule of the placement, and nothing once the receivable is recalled", async () => {
    const { id: agency_id } = await fixture.do("register-agency", { name: "Able" });
    const bands = [
      { up_to: "50", rate: "0.5" },
      { up_to: null, rate: "0.2" },
    ];
    const schedule = { name: "first fifty", rules: [{ name: "all", method: "marginal" as const, bands }] };
    const placement = await fixture.do("place-receivables", {
      portfolio_id,
      agency_id,
      placed_on: "2026-02-01",
      commission: { schedule },
      receivables: { all: true, balance_from: "500.00", balance_below: "700.00" },
    });
    // 100.00 + 37.11 x n lies there for n = 11 to 16; none of these is bankrupt
    expect(placement).to.deep.include({ receivables: 6, still_placed: 6, agency_id });
    const payment = { portfolio_id, account_number: "A11", channel: "agency" as const };
    const first = await fixture.do("record-payment", { ...payment, amount: "40.00", paid_on: "2026-03-01" });
    const second = await fixture.do("record-payment", { ...payment, amount: "30.00", paid_on: "2026-03-02" });
    expect([first.commission, second.commission], "10.00 at 50 %, 20.00 at 20 %").to.deep.equal(["20.00", "9.00"]);

    const recall = { portfolio_id, placement_id: placement.id, recalled_on: "2026-04-01" };
    const one = await fixture.do("recall-receivables", { ...recall, account_numbers: ["A11"] });
    expect(one.recalled).to.equal(1);
    const late = { ...payment, amount: "5.00", paid_on: "2026-04-02" };
    expect((await fixture.refusal("record-payment", late)).code).to.equal("receivable_not_placed");
    expect((await fixture.do("record-payment", { ...late, channel: "own" })).commission).to.equal("0.00");

    await fixture.do("put-back-receivables", {
      purchase_id,
      account_numbers: ["A12"],
      reason: "litigated",
      put_back_on: "2026-04-03",
    });
    const listed = await fixture.do("list-placements", { portfolio_id });
    expect(listed.data[0], "one recalled, one put back").to.deep.include({ receivables: 6, still_placed: 4 });
    expect((await fixture.do("recall-receivables", recall)).recalled).to.equal(4);
    const again = await fixture.do("place-receivables", {
      portfolio_id,
      agency_id,
      placed_on: "2026-05-01",
      commission: { rate: "0.4" },
      receivables: { account_numbers: ["A11"] },
    });
    expect(again.placed_face, "A11 owed 508.21 and has paid 75.00").to.equal("433.21");
  });
});
