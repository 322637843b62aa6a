import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

eachDatabase("the life of a factored invoice", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { day: "2026-03-01" }, (begun) => (fixture = begun));

  const march = { invoice_date: "2026-03-01", due_date: "2026-03-31" };

  async function verified(): Promise<void> {
    const { differences } = await fixture.do("verify-books", {});
    expect(differences).to.deep.equal([]);
  }

  // FEE-MP-30..90: fees and what comes back, as MP Star prints them for an invoice of 10,000 [S01]
  const printed = [
    { day: "2026-03-31", age: 30, fee: "350.00", returned: "2000.00" },
    { day: "2026-04-15", age: 45, fee: "525.00", returned: "1825.00" },
    { day: "2026-04-30", age: 60, fee: "700.00", returned: "1650.00" },
    { day: "2026-05-15", age: 75, fee: "875.00", returned: "1475.00" },
    { day: "2026-05-30", age: 90, fee: "1050.00", returned: "1300.00" },
  ];
  for (const { day, age, fee, returned } of printed) {
    it(`MP Star, paid on day ${age}: 7,650 are funded, the fee is ${fee}, ${returned} come back`, async () => {
      const { facilityId, portfolioId } = await openedFacility(fixture);
      const { schedule, invoiceIds } = await fundedSchedule(fixture, facilityId, [stated(march)]);
      expect([schedule.net_funded, schedule.reserve, schedule.fee_at_funding]).to.deep.equal([
        "7650.00",
        "2000.00",
        "350.00",
      ]);
      fixture.setDay(day);
      await fixture.do("record-collection", {
        facility_id: facilityId,
        received_on: day,
        invoices: [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }],
      });
      const released = await fixture.do("release-reserve", { facility_id: facilityId, released_on: day });
      expect(released.paid).to.equal(returned);
      const invoice = await fixture.do("show-invoice", { invoice_id: invoiceIds[0]! });
      expect([invoice.state, invoice.fee, invoice.reserve, invoice.open]).to.deep.equal(["paid", fee, "0.00", "0.00"]);
      expect(await balanceOf(fixture, portfolioId, "4600")).to.equal(`-${fee}`);
      // all the cash that is left is the fee
      expect(await balanceOf(fixture, portfolioId, "1000")).to.equal(fee);
      await verified();
    });
  }

  for (const presentation of ["sale", "borrowing"] as const) {
    it(`as a ${presentation}: short, over, to the seller, charged back; reserve, ledger and the seller's books agree`, async () => {
      const terms: Terms = {
        ...printedTerms,
        fee_schedule: { ...printedTerms.fee_schedule, collected_at: "settlement" },
        interest: { annual_rate: "0.10", day_count: "act/360" },
        charges: [{ code: "wire", amount: "25.00", per: "schedule" }],
      };
      const { facilityId, portfolioId } = await openedFacility(fixture, { terms, presentation });
      const facility_id = facilityId;
      const { invoiceIds, schedule, scheduleId } = await fundedSchedule(
        fixture,
        facilityId,
        ["10000.00", "5000.00", "3000.00", "1234.56"].map((amount) => stated({ ...march, amount })),
      );
      expect(schedule.net_funded).to.equal("15362.65");
      fixture.setDay("2026-03-20");
      await fixture.do("accrue-fees", { facility_id, through: "2026-03-20" });
      const again = await fixture.do("accrue-fees", { facility_id, through: "2026-03-20" });
      expect(again.entry_id).to.equal(null);
      await fixture.do("record-collection", {
        facility_id,
        received_on: "2026-03-20",
        invoices: [
          { invoice_id: invoiceIds[0]!, amount: "9700.00", short_reason: "damaged_merchandise", x12_code: "04" },
          { invoice_id: invoiceIds[1]!, amount: "5040.00" },
        ],
        external_id: "wire-1",
      });
      await fixture.do("record-collection", {
        facility_id,
        kind: "paid_to_seller",
        received_on: "2026-03-20",
        invoices: [{ invoice_id: invoiceIds[2]!, amount: "600.00" }],
      });
      fixture.setDay("2026-06-01");
      const refused = await fixture.refusal("charge-back-invoices", {
        facility_id,
        invoice_ids: [invoiceIds[0]!],
        charged_back_on: "2026-06-01",
      });
      expect(refused.code).to.equal("invoice_not_open");
      await fixture.do("charge-back-invoices", {
        facility_id,
        invoice_ids: [invoiceIds[2]!],
        charged_back_on: "2026-06-01",
      });
      await fixture.do("buy-back-invoices", {
        facility_id,
        invoice_ids: [invoiceIds[3]!],
        bought_back_on: "2026-06-01",
      });
      const over = await fixture.refusal("release-reserve", {
        facility_id,
        released_on: "2026-06-01",
        amount: "99999.00",
      });
      expect(over.code).to.equal("amount_not_available");
      const released = await fixture.do("release-reserve", { facility_id, released_on: "2026-06-01" });
      expect(Number(released.kept_for_recourse)).to.be.greaterThan(0);
      const reserve = await fixture.do("report-reserve", { facility_id });
      expect(reserve.balance).to.equal(reserve.ledger_balance);
      expect(reserve.balance).to.equal("0.00");
      const journal = await fixture.do("show-seller-journal", { facility_id });
      const seller = new Map(journal.balances.map(({ account, balance }) => [account, balance]));
      expect(seller.get(presentation === "sale" ? "120" : "220")).to.equal("0.00");
      expect(Number(seller.get("200")) + Number(reserve.due_from_seller)).to.be.closeTo(0, 1e-9);
      const cash = Number(await balanceOf(fixture, portfolioId, "1000"));
      // what the seller has of the facility and of debtors is what the factor has not, and what debtors paid
      expect(Number(seller.get("100")) + cash).to.be.closeTo(9700 + 5040 + 600, 1e-9);
      const settlement = await fixture.do("show-settlement", { schedule_id: scheduleId });
      expect([settlement.open, settlement.reserve_left, settlement.dilution]).to.deep.equal(["0.00", "0.00", "300.00"]);
      await verified();
    });
  }
});
