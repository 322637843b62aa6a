import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

/** A payment is taken by an agency in January and remitted in February; January is closed; in March the bank takes it back. */
eachDatabase("what comes back after its month was closed, and its money remitted", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let agency_id: string;
  let portfolio_id: string;
  let january: string;
  let taken: string;
  let typed: string;

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture, { rows: 14 });
    portfolio_id = bought.portfolioId;
    agency_id = (await fixture.do("register-agency", { name: "Able" })).id;
    await fixture.do("place-receivables", {
      portfolio_id,
      agency_id,
      placed_on: "2026-01-15",
      commission: { rate: "0.25" },
      receivables: { account_numbers: ["A1"] },
    });
    fixture.setDay("2026-01-31");
    const payment = { portfolio_id, account_number: "A1", paid_on: "2026-01-20" };
    const agency = { ...payment, channel: "agency" as const, external_id: "P-1" };
    taken = (await fixture.do("record-payment", { ...agency, amount: "80.00" })).entry_id;
    typed = (await fixture.do("record-payment", { ...payment, account_number: "A2", amount: "50.00" })).entry_id;
    fixture.setDay("2026-02-05");
    await remit("60.00", "2026-02-05");
    fixture.setDay("2026-03-10");
    await fixture.do("soft-close-period", { month: "2026-01" }, { actorId: "ann" });
    await fixture.do("close-period", { month: "2026-01" }, { actorId: "ben" });
    january = await endOfJanuary();
  });
  after(() => fixture.remove());

  const remit = (amount: string, received_on: string) =>
    fixture.do("record-receipt", { portfolio_id, kind: "agency_remittance", agency_id, amount, received_on });
  const endOfJanuary = async () => {
    const report = await fixture.do("report-trial-balance", { portfolio_id, as_of: "2026-01-31" });
    // the way down to the postings names the instant of the question
    return JSON.stringify(report.accounts.map(({ drill: _drill, ...figures }) => figures));
  };
  const back = { reversed_on: "2026-03-10", reason: "insufficient funds" };

  it("is refused in the closed month, by every way, with the first day that is open", async () => {
    const { account_number, ...nsf } = { account_number: "A1", portfolio_id, amount: "-80.00", reverses: "P-1" };
    const refusals = [
      await fixture.refusal("record-payment", { ...nsf, account_number, paid_on: "2026-01-31" }),
      await fixture.refusal("reverse-entry", { ...back, entry_id: taken, reversed_on: "2026-01-31" }),
      await fixture.refusal("correct-entry", { entry_id: typed, reason: "5.00 it was", with: { amount: "5.00" } }),
    ];
    for (const refusal of refusals) {
      expect(refusal.code).to.equal("period_closed");
      expect(refusal.detail).to.include("2026-02-01");
    }
    expect(await endOfJanuary()).to.equal(january);
  });

  it("is booked in the open month: the agency's remittance stands, and we owe it to the agency", async () => {
    const dry = await fixture.answer("reverse-entry", { ...back, entry_id: taken }, { dryRun: true });
    const { cascade, entry } = await fixture.do("reverse-entry", { ...back, entry_id: taken });
    expect(cascade).to.deep.equal(dry.output.cascade);
    expect(entry).to.deep.include({ effective_on: "2026-03-10", original_on: null });
    expect(cascade.agencies).to.deep.equal([
      { agency_id, remitted: "60.00", clearing_before: "0.00", clearing_after: "-60.00", owed_by: "us" },
    ]);
    expect(cascade).to.deep.include({ commission_returned: "20.00", cost_restored: "80.00" });
    expect(await endOfJanuary(), "a closed month changed").to.equal(january);
  });

  it("is settled by what the agency keeps of its next remittance", async () => {
    const payment = { portfolio_id, account_number: "A1", amount: "100.00", paid_on: "2026-03-10" };
    await fixture.do("record-payment", { ...payment, channel: "agency" });
    await remit("15.00", "2026-03-10");
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id });
    expect(accounts.find(({ code }) => code === "1100")?.balance).to.equal("0.00");
  });

  it("is corrected in the open month, with the day of the payment kept", async () => {
    const corrected = await fixture.do("correct-entry", {
      entry_id: typed,
      reason: "5.00 it was",
      corrected_on: "2026-03-10",
      with: { amount: "5.00" },
    });
    expect(corrected.rebooked).to.deep.include({ effective_on: "2026-03-10", original_on: "2026-01-20" });
    expect(await endOfJanuary()).to.equal(january);
    typed = corrected.rebooked.id;
  });

  it("goes to the first open day by policy, with its own day kept", async () => {
    await fixture.do("set-books-policy", { late_items: "first_open_day", reason: "few are late" });
    const late = { portfolio_id, account_number: "A2", amount: "7.00", paid_on: "2026-01-25" };
    const payment = await fixture.do("record-payment", { ...late, external_id: "P-2" });
    const returned = await fixture.do("record-payment", { ...late, amount: "-7.00", reverses: "P-2" });
    const entry = await fixture.do("show-entry", { entry_id: returned.entry_id });
    expect(entry).to.deep.include({ effective_on: "2026-02-01", original_on: "2026-01-25" });
    const again = await fixture.refusal("reverse-entry", { ...back, entry_id: payment.entry_id });
    expect(again.code).to.equal("reversal_too_large");
    expect(await endOfJanuary()).to.equal(january);
  });

  it("leaves books that can be proved, and the seal of the closed month whole", async function () {
    this.timeout(60_000);
    const proof = await fixture.do("verify-books", {});
    expect(proof.differences).to.deep.equal([]);
    expect(proof.green).to.equal(true);
  });
});
