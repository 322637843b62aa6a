import { expect } from "chai";
import { type ActInput, type ActName, acts } from "../../models/acts.js";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("one tenant and another", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    const { portfolioId: portfolio_id } = bought;
    await fixture.do("record-payment", { portfolio_id, account_number: "A1", amount: "1.00", paid_on: "2026-01-15" });
    await fixture.do("register-agency", { name: "Able" });
    await fixture.do("save-layout", {
      seller: "First Bank",
      layout: { columns: { account_number: "ACCT" }, name: "a" } as never,
    });
  });
  after(() => fixture.remove());

  /** An input that would be good if the portfolio were one's own. */
  function inputs(): { [Name in ActName]?: ActInput<Name> } {
    const { portfolioId: portfolio_id, quoteId: quote_id, purchaseId: purchase_id } = bought;
    const within = portfolio_id.slice(3);
    const payment = { account_number: "A1", amount: "1.00", paid_on: "2026-01-15" };
    const file = fixture.file("b.csv", "account_number,amount,paid_on\nA1,1.00,2026-01-15\n");
    return {
      "show-portfolio": { portfolio_id },
      "list-findings": { portfolio_id },
      "list-receivables": { portfolio_id },
      "show-receivable": { portfolio_id, account_number: "A1" },
      "value-portfolio": { portfolio_id },
      "show-strata": { portfolio_id },
      "show-forecast": { portfolio_id },
      "issue-quote": { portfolio_id },
      "show-quote": { quote_id },
      "reprice-quote": { quote_id },
      "decline-quote": { quote_id },
      "accept-quote": { quote_id },
      "show-purchase": { purchase_id },
      "list-put-backs": { purchase_id },
      "put-back-receivables": { purchase_id, account_numbers: ["A1"], reason: "fraud", put_back_on: "2026-01-15" },
      "place-receivables": {
        portfolio_id,
        agency_id: "ag_0",
        placed_on: "2026-01-15",
        commission: { rate: "0.1" },
        receivables: { all: true },
      },
      "list-placements": { portfolio_id },
      "recall-receivables": { portfolio_id, placement_id: `pl_${within}-1`, recalled_on: "2026-01-15" },
      "record-payment": { portfolio_id, ...payment },
      "record-payments": { portfolio_id, file },
      "list-payments": { portfolio_id },
      "list-payment-refusals": { portfolio_id, batch_id: `ba_${within}-1` },
      "record-cost": { portfolio_id, cost_type: "court", amount: "1.00", incurred_on: "2026-01-15" },
      "list-costs": { portfolio_id },
      "record-receipt": { portfolio_id, kind: "put_back_refund", amount: "1.00", received_on: "2026-01-15" },
      "report-netback": { portfolio_id },
      "report-trial-balance": { portfolio_id },
      "show-account-statement": { portfolio_id, account: "1000" },
      "list-entries": { portfolio_id },
      "explain-balance": { portfolio_id, account: "1100" },
      "report-clearing": { portfolio_id },
      "show-receivable-statement": { portfolio_id, account_number: "A1" },
      "report-aging": { portfolio_id },
      "export-ledger": { portfolio_id },
      "show-entry": { entry_id: `en_${within}-1` },
      "import-tape": { portfolio_id, file, as_of: "2026-01-01" },
    };
  }

  it("finds nothing of the other's by its id, through any act", async function () {
    this.timeout(60_000);
    const before = await fixture.do("report-trial-balance", { portfolio_id: bought.portfolioId });
    for (const [name, input] of Object.entries(inputs())) {
      const refusal = await fixture.refusal(name as ActName, input as never, { tenantId: "beta" });
      expect(isRefusal(refusal) && refusal.code, name).to.equal("not_found");
    }
    const after = await fixture.do("report-trial-balance", { portfolio_id: bought.portfolioId });
    expect(after.accounts).to.deep.equal(before.accounts);
  });

  it("sees nothing of the other's in any list", async () => {
    const lists = [
      "list-portfolios",
      "list-quotes",
      "list-purchases",
      "list-agencies",
      "list-layouts",
      "list-jobs",
    ] as const;
    for (const name of lists) {
      expect((await fixture.do(name, {}, { tenantId: "beta" })).data, name).to.deep.equal([]);
    }
    expect((await fixture.do("report-trial-balance", {}, { tenantId: "beta" })).accounts).to.deep.equal([]);
  });

  it("is swept over every act that names something", () => {
    const free = ["create-portfolio", "save-layout", "register-agency", "show-job"];
    const lists = Object.keys(acts).filter((name) => !(name in inputs()) && !free.includes(name));
    expect(lists).to.have.members([
      "list-portfolios",
      "list-quotes",
      "list-purchases",
      "list-agencies",
      "list-layouts",
      "list-jobs",
    ]);
  });
});
