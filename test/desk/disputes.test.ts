import { expect } from "chai";
import type { ActInput } from "../../models/acts.js";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

eachDatabase("disputes and verification of invoices", (open) => {
  let fixture: DeskFixture;
  const march = { invoice_date: "2026-03-01", due_date: "2026-03-31" };
  const april = "2026-04-10";
  factorsDesk(open, { day: "2026-03-01" }, (begun) => (fixture = begun));

  async function disputed(how: { terms?: Terms; amount?: string; of?: string } = {}) {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, {
      terms: how.terms ?? printedTerms,
    });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [
      stated({ ...march, amount: how.of ?? "10000.00" }),
    ]);
    fixture.setDay(april);
    const invoice_id = invoiceIds[0]!;
    const dispute = await fixture.do("dispute-invoice", {
      invoice_id,
      reason: "damaged_merchandise",
      x12_code: "04",
      raised_on: "2026-04-01",
      ...(how.amount === undefined ? {} : { amount: how.amount }),
    });
    return { facility_id, portfolioId, invoice_id, dispute };
  }
  const proved = async () => expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  const eligible = async (facility_id: string) => (await fixture.do("report-availability", { facility_id })).eligible;

  it("keeps who, why, since when and how much; while it is open so much is not eligible", async () => {
    const { facility_id, invoice_id, dispute } = await disputed({ amount: "2500.00" });
    expect(dispute).to.include({ state: "open", reason: "damaged_merchandise", x12_code: "04", amount: "2500.00" });
    expect(dispute).to.include({ whole: false, raised_by: "debtor", days: 9, recorded_by: "tester", outcome: null });
    expect(await eligible(facility_id)).to.equal("7500.00");
    expect((await fixture.do("show-invoice", { invoice_id })).disputed_amount).to.equal("2500.00");
    const again = await fixture.refusal("dispute-invoice", { invoice_id, reason: "quality", raised_on: april });
    expect(again.code).to.equal("already_exists");
  });

  for (const outcome of ["seller_cures", "debtor_pays"] as const) {
    it(`${outcome}: the invoice is whole again, and nothing is posted`, async () => {
      const { facility_id, portfolioId, dispute, invoice_id } = await disputed();
      expect(await eligible(facility_id)).to.equal("0.00");
      const order = { dispute_id: dispute.id, outcome, resolved_on: april } as const;
      const done = await fixture.do("resolve-dispute", order);
      expect(done).to.include({ state: "resolved", outcome, days: 9, credit: null, resolved_by: "tester" });
      expect(await eligible(facility_id)).to.equal("10000.00");
      expect(await balanceOf(fixture, portfolioId, "1200")).to.equal("10000.00");
      expect((await fixture.refusal("resolve-dispute", order)).code).to.equal("conflict");
      // the next dispute begins after this one has ended
      const early = { invoice_id, reason: "quality", raised_on: "2026-04-05" } as const;
      expect((await fixture.refusal("dispute-invoice", early)).code).to.equal("effective_date_refused");
      await fixture.do("dispute-invoice", { ...early, raised_on: april });
    });
  }

  for (const presentation of ["sale", "borrowing"] as const) {
    it(`credit_agreed in a ${presentation}: diluted at once, out of the reserve; the rest is collected as ever`, async () => {
      const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { presentation });
      const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
      fixture.setDay(april);
      const [first, second] = invoiceIds as [string, string];
      const raised = { reason: "pricing_discrepancy", raised_on: "2026-04-01" } as const;
      const part = await fixture.do("dispute-invoice", { ...raised, invoice_id: first, amount: "600.00" });
      const credit = { outcome: "credit_agreed", resolved_on: april } as const;
      const more = { ...credit, dispute_id: part.id, credit_amount: "10000.01" };
      expect((await fixture.refusal("resolve-dispute", more)).code).to.equal("amount_not_available");
      const done = await fixture.do("resolve-dispute", { ...credit, dispute_id: part.id });
      expect(done.credit).to.equal("600.00");
      const invoice = await fixture.do("show-invoice", { invoice_id: first });
      // reserve: 2,000.00 less the second fee of 175.00 (the first came out of the advance) and the credit
      expect(invoice).to.include({ open: "9400.00", diluted: "600.00", reserve: "1225.00", state: "purchased" });
      const large = await fixture.do("dispute-invoice", { ...raised, invoice_id: second });
      const deep = { ...credit, dispute_id: large.id, credit_amount: "7000.00" };
      await fixture.do("resolve-dispute", deep);
      // funds beyond what is open are not employed in it any more
      expect(await fixture.do("show-invoice", { invoice_id: second })).to.include({
        open: "3000.00",
        funds_employed: "3000.00",
        reserve: "-5175.00",
      });
      await proved();
      await fixture.do("record-collection", {
        facility_id,
        received_on: april,
        invoices: [
          { invoice_id: first, amount: "9400.00" },
          { invoice_id: second, amount: "3000.00" },
        ],
      });
      const reserve = await fixture.do("report-reserve", { facility_id });
      expect(reserve).to.include({ balance: "1225.00", ledger_balance: "1225.00", due_from_seller: "5175.00" });
      expect(reserve.dilution).to.equal("7600.00");
      expect(await balanceOf(fixture, portfolioId, "1200")).to.equal("0.00");
      await proved();
    });
  }

  it("a credit of all that is open settles the invoice; the seller owes what its reserve does not cover", async () => {
    const { facility_id, invoice_id, dispute } = await disputed();
    const order = { dispute_id: dispute.id, outcome: "credit_agreed", resolved_on: april } as const;
    await fixture.do("resolve-dispute", order);
    const invoice = await fixture.do("show-invoice", { invoice_id });
    expect(invoice).to.include({ state: "paid", open: "0.00", diluted: "10000.00", funds_employed: "0.00" });
    expect((await fixture.do("report-reserve", { facility_id })).due_from_seller).to.equal("8175.00");
    await proved();
  });

  it("goes back for a dispute when the terms' days are over, and not before; the dispute lapses with it", async () => {
    const terms: Terms = { ...printedTerms, recourse: { ...printedTerms.recourse, dispute_days: 30 } };
    const { facility_id, invoice_id, dispute } = await disputed({ terms });
    expect(dispute.charge_back_from).to.equal("2026-05-01");
    const back = { facility_id, invoice_ids: [invoice_id], reason: "dispute" as const };
    const early = await fixture.refusal("charge-back-invoices", { ...back, charged_back_on: april });
    expect([early.code, early.detail.includes("2026-05-01")]).to.deep.equal(["recourse_refused", true]);
    const aging = await fixture.do("report-disputes", { facility_id });
    expect(aging.reasons.map(({ may_go_back }) => may_go_back)).to.deep.equal(["0.00"]);
    fixture.setDay("2026-05-02");
    const due = await fixture.do("report-disputes", { facility_id });
    expect(due.reasons).to.deep.equal([
      {
        reason: "damaged_merchandise",
        disputes: 1,
        amount: "10000.00",
        days_0_30: "0.00",
        days_31_60: "10000.00",
        days_61_90: "0.00",
        over_90_days: "0.00",
        oldest_days: 31,
        may_go_back: "10000.00",
      },
    ]);
    await fixture.do("charge-back-invoices", { ...back, charged_back_on: "2026-05-01" });
    const { data } = await fixture.do("list-disputes", { facility_id, state: "lapsed" });
    expect(data.map(({ id, charge_back_from }) => [id, charge_back_from])).to.deep.equal([[dispute.id, null]]);
    expect((await fixture.do("list-disputes", { facility_id, state: "open" })).data).to.deep.equal([]);
    expect((await fixture.do("report-disputes", { facility_id })).amount).to.equal("0.00");
    await proved();
  });

  it("an invoice that a schedule calls disputed has a dispute from that day, and is bought when it ends", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    await fixture.do("submit-schedule", { facility_id, invoices: [stated({ ...march, disputed: true })] });
    const { data } = await fixture.do("list-disputes", { facility_id, state: "open" });
    expect(data.map(({ reason, raised_by, amount }) => [reason, raised_by, amount])).to.deep.equal([
      [null, "seller", "10000.00"],
    ]);
    const dispute_id = data[0]!.id;
    const credit = { dispute_id, outcome: "credit_agreed", resolved_on: "2026-03-01" } as const;
    expect((await fixture.refusal("resolve-dispute", credit)).code).to.equal("invoice_not_open");
    await fixture.do("resolve-dispute", { ...credit, outcome: "seller_cures" });
    const { data: invoices } = await fixture.do("list-invoices", { facility_id });
    expect(invoices[0]).to.include({ disputed: false, disputed_amount: "0.00" });
  });

  it("finds disputes by state, reason, debtor and invoice", async () => {
    const { facility_id, dispute, invoice_id } = await disputed();
    const found = async (by: Omit<ActInput<"list-disputes">, "facility_id">) =>
      (await fixture.do("list-disputes", { facility_id, ...by })).data.map(({ id }) => id);
    expect(await found({ reason: "damaged_merchandise", debtor_id: "D1", invoice_id })).to.deep.equal([dispute.id]);
    expect(await found({ reason: "quality" })).to.deep.equal([]);
    expect(await found({ debtor_id: "D9" })).to.deep.equal([]);
    expect(await found({ state: "resolved" })).to.deep.equal([]);
  });

  const refusedDisputes: readonly (readonly [string, object, string])[] = [
    ["tomorrow", { raised_on: "2026-04-11" }, "effective_date_refused"],
    ["before the invoice", { raised_on: "2026-02-28" }, "effective_date_refused"],
    ["more than is open", { amount: "10000.01" }, "amount_not_available"],
    ["nothing", { amount: "0.00" }, "amount_invalid"],
    ["no reason of the list", { reason: "because" }, "invalid_request"],
  ];
  for (const [why, given, code] of refusedDisputes) {
    it(`refuses a dispute of ${why}: ${code}`, async () => {
      const { facilityId } = await openedFacility(fixture);
      const { invoiceIds } = await fundedSchedule(fixture, facilityId, [stated(march)]);
      fixture.setDay(april);
      const order = { invoice_id: invoiceIds[0]!, reason: "quality", raised_on: april, ...given };
      expect((await fixture.refusal("dispute-invoice", order as never)).code).to.equal(code);
    });
  }

  it("asks for a person's word above the threshold of the terms or of the debtor, as a step of its own", async () => {
    const eligibility = { verification_over: "5000.00", debtor_verification_over: { D1: "0", D2: "9000.00" } };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms: { ...printedTerms, eligibility } });
    await fixture.do("save-debtor", { debtor_id: "D2" });
    await fixture.do("save-debtor", { debtor_id: "D3" });
    const rows = [
      { debtor_id: "D1", amount: "10.00" },
      { debtor_id: "D2", amount: "9000.00" },
      { debtor_id: "D3", amount: "5000.00" },
      { debtor_id: "D3", amount: "5000.01" },
    ];
    const invoices = rows.map((row) => stated({ ...march, ...row, proof_of_delivery: true }));
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices });
    const offer = async () => (await fixture.do("offer-schedule", { schedule_id })).document;
    const before = await offer();
    const codes = before.invoices.map(({ reasons }) => reasons.map(({ code }) => code));
    expect(codes).to.deep.equal([["unverified"], [], [], ["unverified"]]);
    expect(before.base.find(({ step }) => step === "unverified")!.removed).to.equal("5010.01");
    const { data } = await fixture.do("list-invoices", { facility_id });
    const asked = { invoice_id: data[3]!.id, verified_on: "2026-03-01" };
    await fixture.do("verify-invoice", { ...asked, method: "portal", note: "accepted in full" }, { actorId: "clerk" });
    expect((await offer()).base.find(({ step }) => step === "unverified")!.removed).to.equal("10.00");
    const told = await fixture.do("list-invoice-verifications", { invoice_id: data[3]!.id });
    expect(told.data[0]).to.include({ verified_by: "clerk", method: "portal", verified_on: "2026-03-01" });
    // what a schedule says of itself is no person's word
    const before30 = await fixture.refusal("verify-invoice", { ...asked, method: "call", verified_on: "2026-02-28" });
    expect(before30.code).to.equal("effective_date_refused");
  });
});
