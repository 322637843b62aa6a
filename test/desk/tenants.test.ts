import { expect } from "chai";
import { type ActInput, type ActName, acts } from "../../models/acts.js";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { sweepTenants } from "../harness/tenant-sweep.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("one tenant and another", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let facility_id: string;
  let schedule_id: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    const { portfolioId: portfolio_id } = bought;
    await fixture.do("record-payment", { portfolio_id, account_number: "A1", amount: "1.00", paid_on: "2026-01-15" });
    await fixture.do("register-agency", { name: "Able" });
    const facility = await fixture.do("open-facility", { name: "Lakeshore", seller: "S", terms: {} });
    facility_id = facility.id;
    const invoices = [
      { invoice_number: "1", debtor_id: "D", invoice_date: "2026-01-15", due_date: "2026-02-14", amount: "9.00" },
    ];
    schedule_id = (await fixture.do("submit-schedule", { facility_id, invoices })).id;
    await fixture.do("offer-schedule", { schedule_id });
    await fixture.do("verify-books", {});
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
      "answer-put-back": {
        purchase_id,
        account_numbers: ["A1"],
        decision: "accepted",
        answered_on: "2026-01-15",
      },
      "set-collection-terms": { portfolio_id, overpayment: "refund" },
      "adjust-claims": {
        portfolio_id,
        adjusted_on: "2026-01-15",
        reason: "fee_added",
        adjustments: [{ account_number: "A1", component: "fees", amount: "1.00" }],
      },
      "settle-receivable": { portfolio_id, account_number: "A1", settled_on: "2026-01-15" },
      "write-off-court-cost": { portfolio_id, account_number: "A1", written_off_on: "2026-01-15" },
      "refund-debtor": { portfolio_id, account_number: "A1", refunded_on: "2026-01-15" },
      "apply-unapplied": { portfolio_id, from_account_number: "A1", applied_on: "2026-01-15" },
      "list-claim-events": { portfolio_id },
      "pay-commission": { portfolio_id, agency_id: "ag_0", amount: "1.00", paid_on: "2026-01-15" },
      "sell-receivables": {
        portfolio_id,
        account_numbers: ["A1"],
        buyer: "Next",
        proceeds: "1.00",
        sold_on: "2026-01-15",
      },
      "list-resales": { portfolio_id },
      "list-resale-receivables": { resale_id: `rs_${within}-1` },
      "list-placements": { portfolio_id },
      "recall-receivables": { portfolio_id, placement_id: `pl_${within}-1`, recalled_on: "2026-01-15" },
      "record-payment": { portfolio_id, ...payment },
      "record-payments": { portfolio_id, file },
      "list-payments": { portfolio_id },
      "list-payment-refusals": { portfolio_id, batch_id: `ba_${within}-1` },
      "record-cost": { portfolio_id, cost_type: "court", amount: "1.00", incurred_on: "2026-01-15" },
      "list-costs": { portfolio_id },
      "record-receipt": { portfolio_id, kind: "put_back_refund", amount: "1.00", received_on: "2026-01-15" },
      "set-carrying-method": { portfolio_id, method: "effective_interest" },
      "reforecast-portfolio": { portfolio_id, month: "2026-01", scale: "0.9", reason: "less" },
      "list-forecasts": { portfolio_id },
      "accrue-revenue": { portfolio_id, month: "2025-12" },
      "list-revenue": { portfolio_id },
      "adjust-carrying-amount": { portfolio_id, amount: "-1.00", effective_on: "2026-01-15", reason: "impairment" },
      "report-roll-forward": { portfolio_id },
      "report-vintage": { portfolio_id },
      "report-erc": { portfolio_id },
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
      "reverse-entry": { entry_id: `en_${within}-1`, reversed_on: "2026-01-15", reason: "x" },
      "correct-entry": { entry_id: `en_${within}-1`, reason: "x", with: { amount: "1.00" } },
      "verify-books": { portfolio_id },
      "show-verification": { verification_id: "vf_1" },
      "show-facility": { facility_id },
      "submit-schedule": {
        facility_id,
        invoices: [
          { invoice_number: "2", debtor_id: "D", invoice_date: "2026-01-15", due_date: "2026-02-14", amount: "9.00" },
        ],
      },
      "show-schedule": { schedule_id },
      "check-schedule": { schedule_id },
      "approve-schedule": { schedule_id },
      "offer-schedule": { schedule_id },
      "show-offer": { schedule_id },
      "fund-schedule": { schedule_id, funded_on: "2026-01-15" },
      "list-factored-invoices": { facility_id },
      "collect-invoice": { invoice_id: `fi_${facility_id.slice(3)}-1`, amount: "1.00", collected_on: "2026-01-15" },
      "release-reserve": { invoice_id: `fi_${facility_id.slice(3)}-1`, released_on: "2026-01-15" },
      "charge-back-invoice": {
        invoice_id: `fi_${facility_id.slice(3)}-1`,
        charged_back_on: "2026-01-15",
        reason: "dispute",
      },
      "collect-invoices": {
        facility_id,
        collections: [{ invoice_id: `fi_${facility_id.slice(3)}-1`, amount: "1.00", collected_on: "2026-01-15" }],
      },
      "release-reserves": { facility_id, released_on: "2026-01-15" },
      "receive-from-seller": {
        invoice_id: `fi_${facility_id.slice(3)}-1`,
        amount: "1.00",
        received_on: "2026-01-15",
      },
      "write-off-invoice": { invoice_id: `fi_${facility_id.slice(3)}-1`, written_off_on: "2026-01-15" },
      "accrue-factoring-fees": { facility_id, through: "2026-01-15" },
      "show-availability": { facility_id },
      "show-reserve": { facility_id },
      "show-seller-statement": { facility_id, from: "2026-01-01", to: "2026-01-31" },
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
      "list-verifications",
      "list-facilities",
    ] as const;
    for (const name of lists) {
      expect((await fixture.do(name, {}, { tenantId: "beta" })).data, name).to.deep.equal([]);
    }
    expect((await fixture.do("report-trial-balance", {}, { tenantId: "beta" })).accounts).to.deep.equal([]);
    expect((await fixture.do("report-roll-forward", {}, { tenantId: "beta" })).portfolios).to.deep.equal([]);
    expect((await fixture.do("report-vintage", {}, { tenantId: "beta" })).vintages).to.deep.equal([]);
    expect((await fixture.do("report-erc", {}, { tenantId: "beta" })).portfolios).to.deep.equal([]);
    expect((await fixture.do("accrue-revenue", { month: "2025-12" }, { tenantId: "beta" })).portfolios).to.equal(0);
  });

  it("is swept over every act that names something", () => {
    const free = [
      "open-facility",
      "create-portfolio",
      "save-layout",
      "register-agency",
      "show-job",
      "list-ledger-accounts",
    ];
    // months are named by all alike: what a tenant sees of them is tested below
    free.push("list-periods", "show-period", "soft-close-period", "close-period", "reopen-period", "set-books-policy");
    // a calculation knows nothing but what it is asked
    const named = Object.keys(acts).filter((name) => !name.startsWith("calculate-") && !(name in inputs()));
    const lists = named.filter((name) => !free.includes(name));
    expect(lists).to.have.members([
      "list-portfolios",
      "list-quotes",
      "list-purchases",
      "list-agencies",
      "list-layouts",
      "list-jobs",
      "list-verifications",
      "list-facilities",
    ]);
  });

  it("shuts months for itself alone", async () => {
    fixture.setDay("2026-02-03");
    await fixture.do("soft-close-period", { month: "2026-01" }, { actorId: "ann" });
    expect((await fixture.do("list-periods", {}, { tenantId: "beta" })).data).to.deep.equal([]);
    const theirs = await fixture.do("show-period", { month: "2026-01" }, { tenantId: "beta" });
    expect(theirs).to.deep.include({ state: "open", events: [], seals: [] });
    const closed = await fixture.do("close-period", { month: "2026-01" }, { actorId: "ben" });
    expect(closed.seals).to.have.length(1);
    expect(await sweepTenants(fixture.desk.store, "alpha", "beta")).to.include.members([
      "books",
      "period_event",
      "month_seal",
    ]);
  });
});
