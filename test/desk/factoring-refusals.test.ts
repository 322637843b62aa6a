import { expect } from "chai";
import type { RefusalCode } from "../../models/refusal.js";
import { isRefusal } from "../../models/refusal.js";
import { perform } from "../../src/desk/perform.js";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

eachDatabase("what a facility refuses", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { day: "2026-03-01" }, (begun) => (fixture = begun));
  before(() => fixture.do("save-debtor", { debtor_id: "D2", credit_limit: "15000.00" }));

  const march = { invoice_date: "2026-03-01", due_date: "2026-03-31" };

  async function approved(facilityId: string, invoices: Parameters<typeof fundedSchedule>[2]): Promise<string> {
    const { id } = await fixture.do("submit-schedule", { facility_id: facilityId, invoices: [...invoices] });
    await fixture.do("check-schedule", { schedule_id: id });
    await fixture.do("approve-schedule", { schedule_id: id }, { actorId: "second" });
    return id;
  }

  const badRows = [
    { why: "due before its day", row: { due_date: "2026-02-28" }, code: "due_before_invoice" },
    { why: "a credit note", row: { amount: "-5.00" }, code: "credit_note" },
    { why: "nothing", row: { amount: "0.00" }, code: "amount_zero" },
    { why: "another currency", row: { currency: "EUR" }, code: "currency_differs" },
    { why: "a day to pay that is a slip", row: { due_date: "2126-03-31" }, code: "due_date_far" },
    { why: "more decimals than the currency", row: { amount: "10.005" }, code: "amount_over_precise" },
    { why: "nineteen digits", row: { amount: "9999999999999999999" }, code: "amount_out_of_range" },
    { why: "paid before", row: { paid_amount: "10000.00" }, code: "paid_over_amount" },
  ];
  for (const { why, row, code } of badRows) {
    it(`an invoice with ${why} is left out, and says so`, async () => {
      const { facilityId: facility_id } = await openedFacility(fixture);
      const bad = { ...stated(march), ...row };
      const schedule = await fixture.do("submit-schedule", { facility_id, invoices: [bad, stated(march)] });
      expect(schedule.invoices).to.equal(1);
      expect(schedule.findings.map((finding) => [finding.row, finding.code])).to.deep.equal([[1, code]]);
      const alone = await fixture.refusal("submit-schedule", { facility_id, invoices: [bad] });
      expect([alone.code, alone.items[0]!.code]).to.deep.equal(["rows_refused", code]);
    });
  }

  it("terms with an amount that their currency cannot pay open no facility", async () => {
    const terms = { currency: "JPY", charges: [{ code: "wire", amount: "25.50" }] };
    const refusal = await fixture.refusal("open-facility", { name: "F", seller: "S", terms });
    expect(refusal.items[0]).to.deep.include({ pointer: "/terms/charges/0/amount", value: "25.50" });
    const round = { ...terms, charges: [{ code: "wire", amount: "2500.00" }] };
    const {
      id: facility_id,
      portfolio_id,
      currency,
    } = await fixture.do("open-facility", {
      name: "F",
      seller: "S",
      terms: round,
    });
    expect(currency).to.equal("JPY");
    // terms that were kept before this was asked of them are shown as they are
    await fixture.desk.store.asOwner((knex) =>
      knex.raw("update facility_terms set terms = jsonb_set(terms, '{charges,0,amount}', ?) where portfolio_id = ?", [
        '"25.50"',
        portfolio_id,
      ]),
    );
    expect((await fixture.do("show-facility", { facility_id })).terms.charges[0]!.amount).to.equal("25.50");
  });

  it("an invoice that stands twice in a schedule, or in another facility of the seller, is left out", async () => {
    const first = await openedFacility(fixture, { seller: "Twice  Ltd" });
    const second = await openedFacility(fixture, { seller: "twice ltd" });
    const invoice = stated(march);
    const once = await fixture.do("submit-schedule", { facility_id: first.facilityId, invoices: [invoice, invoice] });
    expect(once.findings.map(({ code }) => code)).to.deep.equal(["invoice_duplicate"]);
    const again = await fixture.refusal("submit-schedule", { facility_id: second.facilityId, invoices: [invoice] });
    expect(again.items[0]!.code).to.equal("already_assigned");
    await fixture.do("reject-schedule", { schedule_id: once.id, reason: "not the seller's" });
    const now = await fixture.do("submit-schedule", { facility_id: second.facilityId, invoices: [invoice] });
    expect(now.invoices).to.equal(1);
  });

  it("an invoice is the same however its number is written: within a schedule, and in another facility", async () => {
    const [first, second] = [
      await openedFacility(fixture, { seller: "Otherwise" }),
      await openedFacility(fixture, { seller: "Otherwise" }),
    ];
    const invoice = { ...stated(march), invoice_number: "inv 77" };
    const again = { ...invoice, invoice_number: "INV 77" };
    const once = await fixture.do("submit-schedule", { facility_id: first.facilityId, invoices: [invoice, again] });
    expect(once.findings.map(({ row, code, value }) => [row, code, value])).to.deep.equal([
      [2, "invoice_duplicate", "INV 77"],
    ]);
    const elsewhere = await fixture.refusal("submit-schedule", { facility_id: second.facilityId, invoices: [again] });
    expect(elsewhere.items[0]).to.deep.include({
      pointer: "/invoices/0/invoice_number",
      code: "already_assigned",
      value: "INV 77",
    });
  });

  it("what is held back for dilution is the same in the offer and in the base: funded, nothing is over-advanced", async () => {
    const eligibility = { dilution_rate: "0.13", dilution_norm: "0.05" };
    const terms: Terms = { ...printedTerms, eligibility, opened: { facility_limit: "50000.00" } };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const { schedule } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    // by hand: 80 % less the 8 % that are over the norm
    expect(schedule.advance).to.equal("7200.00");
    const room = await fixture.do("report-availability", { facility_id });
    expect(room).to.include({ dilution_reserve: "800.00", availability: "0.00", over_advance: "0.00" });
  });

  it("a part that is disputed from the first day is not eligible; the rest is", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const schedule_id = await approved(facility_id, [stated({ ...march, disputed_amount: "2500.00" })]);
    const { document } = await fixture.do("offer-schedule", { schedule_id });
    expect(document.offer).to.include({ gross: "10000.00", eligible: "7500.00" });
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("an invoice that was paid is never sold again; one that went back may be", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { seller: "Again" });
    const [paid, back] = [stated(march), stated(march)];
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [paid, back]);
    const received = { facility_id, received_on: "2026-03-01" };
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { ...received, invoices });
    await fixture.do("buy-back-invoices", { facility_id, invoice_ids: [invoiceIds[1]!], bought_back_on: "2026-03-01" });
    expect((await fixture.refusal("submit-schedule", { facility_id, invoices: [paid] })).code).to.equal("rows_refused");
    expect((await fixture.do("submit-schedule", { facility_id, invoices: [back] })).invoices).to.equal(1);
  });

  it("of fifty that submit the same invoice at once, in five facilities, one has it", async function () {
    this.timeout(60_000);
    const facilities: { facilityId: string }[] = [];
    for (let n = 0; n < 5; n++) facilities.push(await openedFacility(fixture, { seller: "Rushed" }));
    const invoice = stated(march);
    const actor = { tenantId: "alpha", actorId: "tester", roles: ["admin"] } as const;
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const input = { facility_id: facilities[n % 5]!.facilityId, invoices: [invoice] };
        try {
          await perform(fixture.desk, "submit-schedule", input, { actor, idempotencyKey: `rush-${n}` });
          return "taken";
        } catch (error) {
          if (isRefusal(error)) return error.code;
          throw error;
        }
      }),
    );
    expect(outcomes.filter((outcome) => outcome === "taken")).to.have.length(1);
    expect(new Set(outcomes)).to.deep.equal(new Set(["taken", "rows_refused"]));
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("whoever checked a schedule does not approve it", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices: [stated(march)] });
    expect((await fixture.refusal("approve-schedule", { schedule_id })).code).to.equal("schedule_state");
    await fixture.do("check-schedule", { schedule_id });
    expect((await fixture.refusal("approve-schedule", { schedule_id })).code).to.equal("second_person_needed");
    await fixture.do("offer-schedule", { schedule_id });
    expect((await fixture.refusal("fund-schedule", { schedule_id })).code).to.equal("schedule_state");
  });

  it("an unknown debtor is not bought, and the offer says why", async () => {
    const { facilityId } = await openedFacility(fixture);
    const schedule_id = await approved(facilityId, [stated({ ...march, debtor_id: "nobody" })]);
    const { document } = await fixture.do("offer-schedule", { schedule_id });
    expect(document.invoices[0]!.reasons[0]!.code).to.equal("unknown_debtor");
    expect((await fixture.refusal("fund-schedule", { schedule_id })).code).to.equal("offer_outdated");
  });

  it("an offer that expired, was followed by another, or rests on older terms, is not funded; nor is one funded twice", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const schedule_id = await approved(facility_id, [stated(march)]);
    expect((await fixture.refusal("fund-schedule", { schedule_id })).code).to.equal("schedule_state");
    const first = await fixture.do("offer-schedule", { schedule_id });
    const sent = await fixture.do("show-offer", { schedule_id });
    expect(sent).to.deep.equal(first);
    await fixture.do("offer-schedule", { schedule_id, target_cash: "100.00" });
    const older = await fixture.refusal("fund-schedule", { schedule_id, offer_version: 1 });
    expect(older.code).to.equal("offer_outdated");
    expect(await fixture.do("show-offer", { schedule_id, offer_version: 1 })).to.deep.equal(first);
    fixture.setDay("2026-03-09");
    expect((await fixture.refusal("fund-schedule", { schedule_id })).code).to.equal("offer_expired");
    await fixture.do("offer-schedule", { schedule_id });
    await fixture.do("change-facility-terms", { facility_id, terms: printedTerms, reason: "new year" });
    expect((await fixture.refusal("fund-schedule", { schedule_id })).code).to.equal("offer_outdated");
    await fixture.do("offer-schedule", { schedule_id });
    const funded = await fixture.do("fund-schedule", { schedule_id }, { key: "fund-once" });
    expect(await fixture.do("fund-schedule", { schedule_id }, { key: "fund-once" })).to.deep.equal(funded);
    expect((await fixture.refusal("fund-schedule", { schedule_id })).code).to.equal("schedule_state");
    expect((await fixture.refusal("reject-schedule", { schedule_id, reason: "late" })).code).to.equal("schedule_state");
  });

  it("the limit of a facility holds, also when another schedule was funded since the offer", async () => {
    const terms: Terms = { ...printedTerms, opened: { facility_limit: "12000.00" } };
    const { facilityId } = await openedFacility(fixture, { terms });
    const [a, b] = [await approved(facilityId, [stated(march)]), await approved(facilityId, [stated(march)])];
    await fixture.do("offer-schedule", { schedule_id: a });
    await fixture.do("offer-schedule", { schedule_id: b });
    await fixture.do("fund-schedule", { schedule_id: a });
    expect((await fixture.refusal("fund-schedule", { schedule_id: b })).code).to.equal("over_availability");
    const { document } = await fixture.do("offer-schedule", { schedule_id: b });
    expect(document.offer.gross_advance).to.equal("4000.00");
    const cut = await fixture.do("fund-schedule", { schedule_id: b });
    expect([cut.advance, cut.reserve]).to.deep.equal(["4000.00", "6000.00"]);
    const room = await fixture.do("report-availability", { facility_id: facilityId });
    expect([room.availability, room.over_advance, room.funds_employed]).to.deep.equal(["0.00", "0.00", "12000.00"]);
  });

  it("a debtor's limit holds over all facilities of the factor, also for two that fund at once", async () => {
    const one = await openedFacility(fixture, { seller: "One" });
    const two = await openedFacility(fixture, { seller: "Two" });
    const invoice = () => stated({ ...march, debtor_id: "D2" });
    const schedules = [await approved(one.facilityId, [invoice()]), await approved(two.facilityId, [invoice()])];
    for (const schedule_id of schedules) await fixture.do("offer-schedule", { schedule_id });
    const actor = { tenantId: "alpha", actorId: "tester", roles: ["admin"] } as const;
    const outcomes = await Promise.all(
      schedules.map(async (schedule_id, n) => {
        try {
          await perform(fixture.desk, "fund-schedule", { schedule_id }, { actor, idempotencyKey: `limit-${n}` });
          return "funded";
        } catch (error) {
          if (isRefusal(error)) return error.code;
          throw error;
        }
      }),
    );
    expect(outcomes.sort()).to.deep.equal(["funded", "offer_outdated"]);
    const { data } = await fixture.do("list-debtors", { debtor_id: "D2" });
    expect([data[0]!.outstanding, data[0]!.left]).to.deep.equal(["10000.00", "5000.00"]);
  });

  it("an invoice goes back after its period, on a dispute that is marked, or on a breach; without recourse not for failure", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
    const invoice_ids = [invoiceIds[0]!];
    const on = "2026-05-29";
    fixture.setDay("2026-05-30");
    const back = { facility_id, invoice_ids, charged_back_on: on };
    const refusedFor = async (given: object): Promise<RefusalCode> =>
      (await fixture.refusal("charge-back-invoices", { ...back, ...given })).code;
    expect(await refusedFor({})).to.equal("recourse_refused");
    expect(await refusedFor({ reason: "dispute" })).to.equal("recourse_refused");
    expect(await refusedFor({ charged_back_on: "2026-06-30" })).to.equal("effective_date_refused");
    expect(await refusedFor({ charged_back_on: "2026-02-01" })).to.equal("effective_date_refused");
    const lost = { facility_id, invoice_ids, written_off_on: on, note: "insolvent" };
    expect((await fixture.refusal("write-off-invoices", lost)).code).to.equal("recourse_refused");
    const disputed = { invoice_id: invoiceIds[0]!, reason: "quality", raised_on: on } as const;
    await fixture.do("dispute-invoice", disputed);
    // FEE-CHARGEBACK: face less reserve, with the fees that have come out of it
    const done = await fixture.do("charge-back-invoices", { ...back, reason: "dispute" });
    expect(done.amount).to.equal("8700.00");
    const due = await fixture.do("charge-back-invoices", {
      facility_id,
      invoice_ids: [invoiceIds[1]!],
      charged_back_on: "2026-05-30",
    });
    expect(due.amount).to.equal("8700.00");
    const paid = { facility_id, paid_on: "2026-05-30", settles: "recourse" } as const;
    expect((await fixture.refusal("record-seller-payment", { ...paid, amount: "17400.01" })).code).to.equal(
      "amount_not_available",
    );
    await fixture.do("record-seller-payment", { ...paid, amount: "17400.00" });
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("without recourse a failed debtor is the factor's loss, and the reserve is the seller's or bears it first", async () => {
    const terms: Terms = { ...printedTerms, recourse: { kind: "none" } };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
    fixture.setDay("2026-03-31");
    const insolvent = { facility_id, charged_back_on: "2026-03-31", reason: "debtor_insolvent" } as const;
    const back = await fixture.refusal("charge-back-invoices", { ...insolvent, invoice_ids: [invoiceIds[0]!] });
    expect(back.code).to.equal("recourse_refused");
    const lost = { facility_id, written_off_on: "2026-03-31", note: "insolvent" };
    await fixture.do("write-off-invoices", { ...lost, invoice_ids: [invoiceIds[0]!] });
    await fixture.do("write-off-invoices", { ...lost, invoice_ids: [invoiceIds[1]!], reserve: "used" });
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id: portfolioId });
    expect(accounts.find(({ code }) => code === "5700")!.balance).to.equal("18000.00");
    const released = await fixture.do("release-reserve", { facility_id, released_on: "2026-03-31" });
    expect(released.paid).to.equal("2000.00");
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("more than the reserve is not released, nor twice; more than is owed is not taken", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    const release = { facility_id, released_on: "2026-03-01" };
    expect((await fixture.refusal("release-reserve", release)).code).to.equal("amount_not_available");
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-03-01", invoices });
    const over = await fixture.refusal("release-reserve", { ...release, amount: "2000.01" });
    expect(over.detail).to.include("2000.00 USD may be released");
    await fixture.do("release-reserve", { ...release, amount: "1500.00" });
    await fixture.do("release-reserve", { ...release, amount: "500.00" });
    expect((await fixture.refusal("release-reserve", release)).code).to.equal("amount_not_available");
    const again = await fixture.refusal("record-collection", { facility_id, received_on: "2026-03-01", invoices });
    expect(again.code).to.equal("invoice_not_open");
  });

  const badTerms: readonly { why: string; terms: object }[] = [
    { why: "an advance over 100 %", terms: { advance_rate: "1.01" } },
    {
      why: "a fee schedule with a gap",
      terms: {
        fee_schedule: {
          bands: [
            { from: 0, to: 10, fee_rate: "0.02" },
            { from: 12, to: null, fee_rate: "0.03" },
          ],
        },
      },
    },
    { why: "a currency that there is not", terms: { currency: "XXQ" } },
    { why: "funds employed, which the books say", terms: { opened: { funds_employed: "1.00" } } },
  ];
  for (const { why, terms } of badTerms) {
    it(`terms with ${why} are refused`, async () => {
      const order = { name: "x", seller: "y", terms: terms as Terms };
      const refusal = await fixture.refusal("open-facility", order);
      expect(refusal.code).to.be.oneOf(["invalid_request", "currency_unknown", "assumption_out_of_range"]);
    });
  }
});
