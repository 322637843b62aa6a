import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

eachDatabase("cases of a facility", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { day: "2026-03-01" }, (begun) => (fixture = begun));
  const march = { invoice_date: "2026-03-01", due_date: "2026-03-31" };

  async function verified(): Promise<void> {
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  }

  it("zero fee, zero holdback: everything posts, and nothing is released", async () => {
    const terms: Terms = { advance_rate: "1", fee_schedule: { initial_rate: "0" } };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms });
    const { schedule, invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    expect([schedule.net_funded, schedule.reserve]).to.deep.equal(["10000.00", "0.00"]);
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-03-01", invoices });
    expect(await balanceOf(fixture, portfolioId, "1000")).to.equal("0.00");
    await verified();
  });

  it("a pool keeps its floor, the escrow fills to its cap, and both are paid out in the end", async () => {
    const terms: Terms = {
      ...printedTerms,
      fee_schedule: { initial_rate: "0.03", step_rate: "0" },
      reserve: { method: "pooled", floor_rate: "0.15", escrow: { share_of_rebate: "0.10", cap: "60.00" } },
    };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
    const releases = { facility_id, released_on: "2026-03-01" };
    // 4,000 held, 600 fees from the first day, 3,000 must stay
    const first = await fixture.do("release-reserve", releases);
    expect([first.released, first.put_in_escrow, first.paid]).to.deep.equal(["400.00", "40.00", "360.00"]);
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-03-01", invoices });
    const second = await fixture.do("release-reserve", releases);
    expect([second.released, second.put_in_escrow]).to.deep.equal(["1500.00", "20.00"]);
    const reserve = await fixture.do("report-reserve", { facility_id });
    expect([reserve.balance, reserve.floor, reserve.releasable, reserve.escrow]).to.deep.equal([
      "1500.00",
      "1500.00",
      "0.00",
      "60.00",
    ]);
    expect((await fixture.refusal("release-escrow", { ...releases, amount: "60.01" })).code).to.equal(
      "amount_not_available",
    );
    await fixture.do("release-escrow", releases);
    await verified();
  });

  it("money of no bought invoice: identified later, passed on, paid back; never more than lies there", async () => {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    const on = "2026-03-01";
    const receipt = { facility_id, received_on: on, amount: "900.00" };
    const unknown = await fixture.do("record-collection", { ...receipt, kind: "unidentified", external_id: "B1" });
    const twice = await fixture.refusal("record-collection", { ...receipt, kind: "unidentified", external_id: "B1" });
    expect(twice.code).to.equal("already_exists");
    await fixture.do("record-collection", { ...receipt, kind: "not_purchased" });
    const resolve = { facility_id, resolved_on: on } as const;
    const applied = { ...resolve, from: "unidentified", to: "invoices", invoice_id: invoiceIds[0]! } as const;
    expect((await fixture.refusal("resolve-receipt", { ...applied, amount: "900.01" })).code).to.equal(
      "amount_not_available",
    );
    await fixture.do("resolve-receipt", { ...applied, amount: "600.00" });
    expect((await fixture.refusal("return-collection", { receipt_id: unknown.id, returned_on: on })).code).to.equal(
      "amount_not_available",
    );
    await fixture.do("resolve-receipt", { ...resolve, from: "unidentified", to: "payer", amount: "300.00" });
    const kept = { ...resolve, from: "not_purchased", amount: "900.00" } as const;
    expect((await fixture.refusal("resolve-receipt", { ...kept, to: "payer" })).code).to.equal("conflict");
    await fixture.do("resolve-receipt", { ...kept, to: "seller" });
    expect((await fixture.do("show-invoice", { invoice_id: invoiceIds[0]! })).open).to.equal("9400.00");
    for (const account of ["2110", "2400"]) expect(await balanceOf(fixture, portfolioId, account)).to.equal("0.00");
    await verified();
  });

  it("a payment that bounces opens its invoice again; it comes back once, and fees go on", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    const invoice_id = invoiceIds[0]!;
    fixture.setDay("2026-04-02");
    const received = { facility_id, received_on: "2026-03-30", invoices: [{ invoice_id, amount: "10000.00" }] };
    const { id: receipt_id } = await fixture.do("record-collection", received);
    const back = { receipt_id, returned_on: "2026-04-02" };
    await fixture.do("return-collection", back);
    expect((await fixture.refusal("return-collection", back)).code).to.equal("conflict");
    const invoice = await fixture.do("show-invoice", { invoice_id });
    expect([invoice.state, invoice.open, invoice.funds_employed]).to.deep.equal(["purchased", "10000.00", "8000.00"]);
    fixture.setDay("2026-04-15");
    await fixture.do("record-collection", { ...received, received_on: "2026-04-15" });
    expect((await fixture.do("release-reserve", { facility_id, released_on: "2026-04-15" })).paid).to.equal("1825.00");
    await verified();
  });

  it("a payment that is recorded late takes back the fees of the days after it", async () => {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-05-01");
    const accrued = await fixture.do("accrue-fees", { facility_id, through: "2026-04-30" });
    expect(accrued.fee).to.equal("350.00");
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-03-31", invoices });
    expect(await balanceOf(fixture, portfolioId, "4600")).to.equal("-350.00");
    expect((await fixture.do("release-reserve", { facility_id, released_on: "2026-05-01" })).paid).to.equal("2000.00");
    await verified();
  });

  it("fees beyond the reserve are owed by the seller when the invoice is settled", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-05-30");
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "8500.00", short_reason: "not_owed" as const }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-05-30", invoices });
    const reserve = await fixture.do("report-reserve", { facility_id });
    // 2,000 held - 700 fees after the first - 1,500 deducted: 200 are missing
    expect([reserve.balance, reserve.claimed, reserve.due_from_seller]).to.deep.equal(["0.00", "200.00", "200.00"]);
    await verified();
  });

  it("a reading of an earlier day, or of what was known at an instant, does not change with what comes later", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    const early = { facility_id, as_of: "2026-03-10" };
    fixture.setDay("2026-03-15");
    const before = await fixture.do("report-reserve", early);
    const room = await fixture.do("report-availability", early);
    const { known_at } = before;
    fixture.setDay("2026-03-20");
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "4000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-03-09", invoices });
    expect(await fixture.do("report-reserve", { ...early, known_at })).to.deep.equal(before);
    expect(await fixture.do("report-availability", { ...early, known_at })).to.deep.equal({ ...room, known_at });
    const now = await fixture.do("report-availability", early);
    expect([room.funds_employed, now.funds_employed, now.gross]).to.deep.equal(["8000.00", "4000.00", "6000.00"]);
    const aging = await fixture.do("report-facility-aging", early);
    expect([aging.open, aging.buckets[0]!.open]).to.deep.equal(["6000.00", "6000.00"]);
  });

  it("papers are found by debtor, number and day, verified by a person, and decide what is bought", async () => {
    const terms: Terms = { ...printedTerms, eligibility: { proof_of_delivery_over: "5000.00" } };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices: [stated(march)] });
    await fixture.do("check-schedule", { schedule_id });
    await fixture.do("approve-schedule", { schedule_id }, { actorId: "second" });
    const without = await fixture.do("offer-schedule", { schedule_id });
    expect(without.document.invoices[0]!.reasons[0]!.code).to.equal("missing_proof_of_delivery");
    const { data } = await fixture.do("list-invoices", { facility_id, schedule_id });
    const [invoice] = data;
    const paper = { invoice_id: invoice!.id, kind: "proof_of_delivery", reference: "POD 77", signed: true } as const;
    const { id: document_id } = await fixture.do("attach-document", paper);
    const verdict = { document_id, outcome: "verified", method: "call" } as const;
    const judged = await fixture.do("verify-document", verdict, { actorId: "checker" });
    expect([judged.state, judged.verified_by, judged.method]).to.deep.equal(["verified", "checker", "call"]);
    expect((await fixture.refusal("verify-document", verdict)).code).to.equal("conflict");
    const found = await fixture.do("list-documents", { facility_id, debtor_id: "D1", dated_from: "2026-03-01" });
    expect(found.data.map(({ id }) => id)).to.deep.equal([document_id]);
    expect((await fixture.do("list-documents", { facility_id, reference: "POD 78" })).data).to.deep.equal([]);
    const withProof = await fixture.do("offer-schedule", { schedule_id });
    expect(withProof.document.offer.eligible).to.equal("10000.00");
  });

  it("a notice of assignment is sent once, acknowledged, released, and may then be sent again", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture);
    const order = { facility_id, debtor_id: "D1", sent_on: "2026-03-01", method: "letter" } as const;
    const { id: notice_id } = await fixture.do("notify-assignment", order);
    expect((await fixture.refusal("notify-assignment", order)).code).to.equal("already_exists");
    const on = (event: "received" | "acknowledged" | "released") => ({ notice_id, event, happened_on: "2026-03-01" });
    await fixture.do("update-notice", on("received"));
    await fixture.do("update-notice", on("acknowledged"));
    expect((await fixture.refusal("update-notice", on("received"))).code).to.equal("conflict");
    await fixture.do("update-notice", on("released"));
    await fixture.do("notify-assignment", order);
    expect((await fixture.do("list-notices", { facility_id })).data).to.have.length(2);
  });

  it("a file of invoices comes in with its findings; the same file again is refused", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { seller: "By file" });
    const rows = [
      "F1,D1,2026-03-01,2026-03-31,100.00",
      "F2,D1,2026-03-05,2026-03-01,50.00",
      "F1,D1,2026-03-01,2026-03-31,9.00",
    ];
    const file = fixture.file(
      "invoices.csv",
      `invoice_number,debtor_id,invoice_date,due_date,amount\n${rows.join("\n")}\n`,
    );
    const schedule = await fixture.do("import-schedule", { facility_id, file });
    expect([schedule.invoices, schedule.gross]).to.deep.equal([1, "100.00"]);
    expect(schedule.findings.map(({ row, code }) => [row, code])).to.have.deep.members([
      [2, "due_before_invoice"],
      [3, "invoice_duplicate"],
    ]);
    expect((await fixture.refusal("import-schedule", { facility_id, file })).code).to.equal("rows_refused");
  });

  it("an entry of a facility is not taken back, and says what undoes it; a dry run shows the entry and changes nothing", async () => {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    const { data } = await fixture.do("list-entries", { portfolio_id: portfolioId });
    const order = { entry_id: data[0]!.id, reversed_on: "2026-03-01", reason: "x" };
    const refusal = await fixture.refusal("reverse-entry", order);
    expect([refusal.code, refusal.detail]).to.deep.equal([
      "entry_not_reversible",
      "entry 1 is a invoices_purchased: an invoice that was bought goes back by a charge-back or a buy-back",
    ]);
    const paid = { facility_id, received_on: "2026-03-01", invoices: [{ invoice_id: invoiceIds[0]!, amount: "1.00" }] };
    const { effect } = await fixture.answer("record-collection", paid, { dryRun: true });
    expect(effect!.entries.map(({ kind }) => kind)).to.include("invoices_collected");
    expect((await fixture.do("show-invoice", { invoice_id: invoiceIds[0]! })).open).to.equal("10000.00");
  });

  it("a month is closed over a facility, sealed, and takes no more of its entries", async () => {
    const tenantId = "beta";
    await fixture.do("save-debtor", { debtor_id: "D1" }, { tenantId });
    const opened = await fixture.do("open-facility", { name: "B", seller: "B", terms: printedTerms }, { tenantId });
    const facility_id = opened.id;
    const { id: schedule_id } = await fixture.do(
      "submit-schedule",
      { facility_id, invoices: [stated(march)] },
      { tenantId },
    );
    await fixture.do("check-schedule", { schedule_id }, { tenantId });
    await fixture.do("approve-schedule", { schedule_id }, { tenantId, actorId: "second" });
    await fixture.do("offer-schedule", { schedule_id }, { tenantId });
    await fixture.do("fund-schedule", { schedule_id }, { tenantId });
    fixture.setDay("2026-04-02");
    const month = "2026-03";
    await fixture.do("soft-close-period", { month }, { tenantId, actorId: "ann" });
    await fixture.do("accrue-fees", { facility_id, through: "2026-03-31" }, { tenantId });
    const closed = await fixture.do("close-period", { month }, { tenantId, actorId: "ben" });
    expect(closed.state).to.equal("closed");
    expect((await fixture.do("accrue-fees", { facility_id, through: "2026-03-31" }, { tenantId })).entry_id).to.equal(
      null,
    );
    const receipt = { facility_id, kind: "unidentified", received_on: "2026-03-31", amount: "1.00" } as const;
    const late = await fixture.refusal("record-collection", receipt, { tenantId });
    expect(late.code).to.equal("period_closed");
  });
});
