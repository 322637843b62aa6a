import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

const terms: Terms = {
  ...printedTerms,
  fee_schedule: { ...printedTerms.fee_schedule, collected_at: "settlement" },
  charges: [{ code: "lockbox", amount: "250.00", per: "month" }],
  monthly_minimum: { amount: "500.00" },
  early_termination: { share_of_limit: "0.03", term_months: 12 },
  reserve: { escrow: { share_of_rebate: "0.10", cap: "2500.00" } },
  opened: { facility_limit: "100000.00" },
};

eachDatabase("the end of a facility", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { day: "2026-03-02" }, (begun) => (fixture = begun));

  const march = { invoice_date: "2026-03-02", due_date: "2026-04-01" };

  async function verified(): Promise<void> {
    const { differences } = await fixture.do("verify-books", {});
    expect(differences).to.deep.equal([]);
  }

  for (const presentation of ["sale", "borrowing"] as const) {
    it(`as a ${presentation}: the fee is charged once, invoices run off, the last cent of reserve and escrow goes back`, async () => {
      const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms, presentation });
      const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
      fixture.setDay("2026-03-20");
      const received = { facility_id, received_on: "2026-03-20" };
      await fixture.do("record-collection", {
        ...received,
        invoices: [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }],
      });
      const first = await fixture.do("release-reserve", { facility_id, released_on: "2026-03-20" });
      expect([first.released, first.put_in_escrow, first.paid]).to.deep.equal(["1650.00", "165.00", "1485.00"]);

      fixture.setDay("2026-04-10");
      const ended = await fixture.do("end-facility", {
        facility_id,
        ended_on: "2026-04-10",
        reason: "sold the business",
      });
      // March: 30 of 31 days of 500.00 less fees of 700.00; April: 10 of 30 days, less the 175.00 of the second block
      expect(ended.charges.map(({ charged_on, code, amount }) => [charged_on, code, amount].join(" "))).to.deep.equal([
        "2026-03-02 lockbox 250.00",
        "2026-03-31 minimum 0.00",
        "2026-04-01 lockbox 250.00",
        "2026-04-10 minimum 0.00",
        "2026-04-10 early termination 3000.00",
      ]);
      expect(ended.charges.at(-1)!.reason).to.equal("ended before the term was over on 2027-03-02");
      expect(ended).to.include({
        ended_on: "2026-04-10",
        open_invoices: 1,
        open: "10000.00",
        funds_employed: "8000.00",
        reserve: "1475.00",
        releasable: "0.00",
        escrow: "165.00",
        owed_for_charges: "3500.00",
        to_be_received: "3500.00",
        settled: false,
      });
      const again = await fixture.refusal("end-facility", { facility_id, ended_on: "2026-04-10", reason: "x" });
      expect([again.code, again.detail]).to.deep.equal([
        "facility_ended",
        "the facility ended on 2026-04-10: nothing new is taken or bought",
      ]);

      // fees go on to the payment: 45 days are in the second block, 46 in the third
      fixture.setDay("2026-04-17");
      await fixture.do("record-collection", {
        facility_id,
        received_on: "2026-04-17",
        invoices: [{ invoice_id: invoiceIds[1]!, amount: "10000.00" }],
      });
      const statement = await fixture.do("show-facility-settlement", { facility_id });
      expect(statement).to.include({
        open_invoices: 0,
        reserve: "1300.00",
        releasable: "1300.00",
        escrow: "165.00",
        owed_for_charges: "3500.00",
        to_be_paid: "0.00",
        to_be_received: "2035.00",
      });
      const last = await fixture.do("release-reserve", { facility_id, released_on: "2026-04-17" });
      expect([last.released, last.kept_for_charges, last.put_in_escrow, last.paid]).to.deep.equal([
        "1300.00",
        "1300.00",
        "0.00",
        "0.00",
      ]);
      const escrow = await fixture.do("release-escrow", { facility_id, released_on: "2026-04-17" });
      expect([escrow.amount, escrow.kept_for_charges, escrow.paid]).to.deep.equal(["165.00", "165.00", "0.00"]);
      await fixture.do("record-seller-payment", {
        facility_id,
        paid_on: "2026-04-17",
        amount: "2035.00",
        settles: "charges",
      });
      const settled = await fixture.do("show-facility-settlement", { facility_id });
      expect(settled).to.include({ settled: true, to_be_paid: "0.00", to_be_received: "0.00" });
      // nothing falls due after the end
      fixture.setDay("2026-07-01");
      const later = await fixture.do("charge-facility", { facility_id, through: "2026-07-01" });
      expect(later.charges).to.deep.equal([]);
      for (const account of ["1150", "1160", "1170", "1200", "1250", "2200", "2210", "9100"]) {
        expect(await balanceOf(fixture, portfolioId, account), account).to.equal("0.00");
      }
      const [fees, charges, end] = await Promise.all(
        ["4600", "4620", "4640"].map((account) => balanceOf(fixture, portfolioId, account)),
      );
      expect([fees, charges, end]).to.deep.equal(["-1050.00", "-500.00", "-3000.00"]);
      expect(await balanceOf(fixture, portfolioId, "1000")).to.equal("4550.00");
      await verified();
    });
  }

  it("takes nothing new: no schedule, check, approval, offer, funding or terms", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const submitted = await fixture.do("submit-schedule", { facility_id, invoices: [stated(march)] });
    const checked = await fixture.do("submit-schedule", { facility_id, invoices: [stated(march)] });
    const approved = await fixture.do("submit-schedule", { facility_id, invoices: [stated(march)] });
    for (const { id } of [checked, approved]) await fixture.do("check-schedule", { schedule_id: id });
    await fixture.do("approve-schedule", { schedule_id: approved.id }, { actorId: "second" });
    await fixture.do("offer-schedule", { schedule_id: approved.id });
    const ended = await fixture.do("end-facility", { facility_id, ended_on: "2026-03-02", reason: "no longer needed" });
    expect(ended.open_schedules).to.equal(3);
    const file = fixture.file(
      "more.csv",
      "invoice_number,debtor_id,invoice_date,due_date,amount\nX1,D1,2026-03-01,2026-03-31,100.00\n",
    );
    const refusals = [
      await fixture.refusal("submit-schedule", { facility_id, invoices: [stated(march)] }),
      await fixture.refusal("import-schedule", { facility_id, file }),
      await fixture.refusal("check-schedule", { schedule_id: submitted.id }),
      await fixture.refusal("approve-schedule", { schedule_id: checked.id }, { actorId: "second" }),
      await fixture.refusal("offer-schedule", { schedule_id: approved.id }),
      await fixture.refusal("fund-schedule", { schedule_id: approved.id }),
      await fixture.refusal("change-facility-terms", { facility_id, terms, reason: "x" }),
    ];
    expect(refusals.map(({ code }) => code)).to.deep.equal(refusals.map(() => "facility_ended"));
    // what waits is sent back, and may be assigned elsewhere
    await fixture.do("reject-schedule", { schedule_id: submitted.id, reason: "the facility ended" });
    expect((await fixture.do("show-facility", { facility_id })).ended_on).to.equal("2026-03-02");
    await verified();
  });

  it("lies in no future, and before no purchase and no charge", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const end = (ended_on: string) => fixture.refusal("end-facility", { facility_id, ended_on, reason: "x" });
    expect((await end("2026-03-03")).detail).to.equal("2026-03-03 lies in the future; today is 2026-03-02");
    expect((await end("2026-03-01")).detail).to.include("the opening of the facility");
    fixture.setDay("2026-03-05");
    await fundedSchedule(fixture, facility_id, [stated(march)]);
    expect((await end("2026-03-04")).detail).to.equal("2026-03-04 lies before the last purchase, 2026-03-05");
    fixture.setDay("2026-04-02");
    await fixture.do("charge-facility", { facility_id, through: "2026-04-02" });
    const before = await end("2026-03-31");
    expect([before.code, before.detail]).to.deep.equal([
      "effective_date_refused",
      "2026-03-31 lies before the charge of lockbox of 2026-04, 2026-04-01",
    ]);
    const unknown = "fa_00000000000000000000000000";
    const missing = await fixture.refusal("end-facility", {
      facility_id: unknown,
      ended_on: "2026-03-02",
      reason: "x",
    });
    expect(missing.code).to.equal("not_found");
  });

  it("of those that end it and submit to it at once, the books agree on one order", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => fixture.do("submit-schedule", { facility_id, invoices: [stated(march)] })),
      ...Array.from({ length: 3 }, () =>
        fixture.do("end-facility", { facility_id, ended_on: "2026-03-02", reason: "x" }),
      ),
    ]);
    const done = outcomes.slice(4).filter(({ status }) => status === "fulfilled");
    expect(done).to.have.length(1);
    const taken = outcomes.slice(0, 4).filter(({ status }) => status === "fulfilled").length;
    const { data } = await fixture.do("list-schedules", { facility_id });
    expect(data).to.have.length(taken);
    const fees = (await fixture.do("list-charges", { facility_id })).data.filter(({ kind }) => kind === "termination");
    expect(fees.map(({ amount }) => amount)).to.deep.equal(["3000.00"]);
    await verified();
  });

  it("a pool that is below zero in the end is owed by the seller", async () => {
    const pooled: Terms = {
      ...printedTerms,
      advance_rate: "1",
      fee_schedule: { initial_rate: "0.03" },
      reserve: { method: "pooled", floor_rate: "0.10" },
    };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms: pooled });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
    fixture.setDay("2026-03-20");
    await fixture.do("record-collection", {
      facility_id,
      received_on: "2026-03-20",
      invoices: invoiceIds.map((invoice_id) => ({ invoice_id, amount: "10000.00" })),
    });
    expect((await fixture.do("report-reserve", { facility_id })).balance).to.equal("-600.00");
    const ended = await fixture.do("end-facility", { facility_id, ended_on: "2026-03-20", reason: "x" });
    expect([ended.reserve, ended.owed_for_recourse, ended.to_be_received]).to.deep.equal(["0.00", "600.00", "600.00"]);
    expect(await balanceOf(fixture, portfolioId, "1150")).to.equal("600.00");
    await fixture.do("record-seller-payment", {
      facility_id,
      paid_on: "2026-03-20",
      amount: "600.00",
      settles: "recourse",
    });
    expect((await fixture.do("show-facility-settlement", { facility_id })).settled).to.equal(true);
    await verified();
  });

  it("a reading as known before it was recorded does not show it", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-03-20");
    const before = await fixture.do("show-facility-settlement", { facility_id });
    fixture.setDay("2026-03-25");
    // the end of five days before is recorded late
    await fixture.do("end-facility", { facility_id, ended_on: "2026-03-20", reason: "sold the business" });
    const asked = { facility_id, as_of: "2026-03-20" };
    const { as_of, known_at } = before;
    expect(await fixture.do("show-facility-settlement", { facility_id, as_of, known_at })).to.deep.equal(before);
    const between = { ...asked, known_at: "2026-03-24T12:00:00Z" };
    expect((await fixture.do("show-facility-settlement", between)).ended_on).to.equal(null);
    const now = await fixture.do("show-facility-settlement", asked);
    expect([now.ended_on, now.end_reason]).to.deep.equal(["2026-03-20", "sold the business"]);
    const again = { ...asked, known_at: now.known_at };
    expect(await fixture.do("show-facility-settlement", again)).to.deep.equal(now);
    // before the day that it ended on it goes on, whatever is known
    expect((await fixture.do("show-facility-settlement", { facility_id, as_of: "2026-03-19" })).ended_on).to.equal(
      null,
    );
  });
});
