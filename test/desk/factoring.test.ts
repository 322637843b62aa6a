import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture } from "./desk-fixture.js";

/** MP Star's printed terms [S01]: 80 %, 3.5 % for 30 days out of the advance, 1.75 % for each further 15, 90 days' recourse. */
const terms = {
  name: "MP Star",
  advance_rate: "0.80",
  fee_schedule: {
    initial_rate: "0.035",
    initial_days: 30,
    step_rate: "0.0175",
    step_days: 15,
    collected_at: "funding" as const,
  },
  eligibility: { cross_age_threshold: null },
  opened: { facility_limit: "100000.00" },
};

const invoice = (number: string, debtor: string, more: object = {}) => ({
  invoice_number: number,
  debtor_id: debtor,
  invoice_date: "2026-01-15",
  due_date: "2026-02-14",
  amount: "10000.00",
  ...more,
});

eachDatabase("the life of factored invoices", (open) => {
  let fixture: DeskFixture;
  let facility_id: string;
  let portfolio_id: string;
  let schedule_id: string;
  const ids = new Map<string, string>();
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    const facility = await fixture.do("open-facility", { name: "Lakeshore", seller: "Lakeshore Supply", terms });
    [facility_id, portfolio_id] = [facility.id, facility.portfolio_id];
  });
  after(() => fixture.remove());

  const balances = async () => {
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id, as_of: "2027-12-31" });
    return Object.fromEntries(accounts.map(({ code, balance }) => [code, balance]).filter(([, b]) => b !== "0.00"));
  };
  const collect = (number: string, amount: string, on: string, more: object = {}) => {
    fixture.setDay(on);
    return fixture.do("collect-invoice", { invoice_id: ids.get(number)!, amount, collected_on: on, ...more });
  };

  it("is submitted, checked by one person, approved by another, offered and funded as it was offered", async () => {
    const invoices = ["A1", "A2", "A3", "A4"].map((number, i) => invoice(number, `D${i}`));
    const schedule = await fixture.do("submit-schedule", {
      facility_id,
      invoices: [...invoices, invoice("A5", "D5", { country: "DE" })],
    });
    schedule_id = schedule.id;
    expect(schedule).to.deep.include({ state: "submitted", invoices: 5, gross: "50000.00" });

    const fund = { schedule_id, funded_on: "2026-01-15" };
    expect((await fixture.refusal("approve-schedule", { schedule_id })).code).to.equal("schedule_not_ready");
    await fixture.do("check-schedule", { schedule_id }, { actorId: "ann" });
    expect((await fixture.refusal("approve-schedule", { schedule_id }, { actorId: "ann" })).code).to.equal(
      "second_person_needed",
    );
    expect((await fixture.refusal("fund-schedule", fund)).code).to.equal("schedule_not_ready");
    await fixture.do("approve-schedule", { schedule_id }, { actorId: "ben" });
    expect((await fixture.refusal("fund-schedule", fund)).code).to.equal("offer_missing");

    const first = await fixture.do("offer-schedule", { schedule_id });
    expect(first.offer).to.deep.include({ gross: "50000.00", eligible: "40000.00", net_funded: "30600.00" });
    const second = await fixture.do("offer-schedule", { schedule_id });
    expect(second.version).to.equal(2);
    expect(await fixture.do("show-offer", { schedule_id, version: 1 })).to.deep.equal(first);

    const funded = await fixture.do("fund-schedule", fund);
    expect(funded).to.deep.include({ state: "funded", net_funded: "30600.00", offer_version: 2 });
    expect((await fixture.refusal("fund-schedule", fund)).detail).to.contain("funded on 2026-01-15");
    // 4 x 7,650 paid, 4 x 2,000 held back, 4 x 350 taken before
    expect(await balances()).to.deep.equal({ 1000: "-30600.00", 1200: "40000.00", 2200: "-8000.00", 2300: "-1400.00" });
    const { data } = await fixture.do("list-factored-invoices", { facility_id });
    expect(data.map(({ state }) => state)).to.deep.equal([...new Array(4).fill("purchased"), "not_bought"]);
    for (const { id, invoice_number } of data) ids.set(invoice_number, id);
  });

  it("says what may still be drawn", async () => {
    const room = await fixture.do("show-availability", { facility_id });
    expect(room).to.deep.include({
      outstanding: "40000.00",
      funds_employed: "32000.00",
      borrowing_base: "32000.00",
      availability: "0.00",
      over_advance: "0.00",
    });
  });

  it("is paid in full on day 45, and releases the printed 1,825", async () => {
    const paid = await collect("A1", "10000.00", "2026-03-01");
    expect(paid).to.deep.include({ state: "paid", fees: "525.00", reserve_balance: "1825.00", outstanding: "0.00" });
    const release = { invoice_id: ids.get("A1")!, released_on: "2026-03-01" };
    const more = await fixture.refusal("release-reserve", { ...release, amount: "1825.01" });
    expect(more.code).to.equal("amount_not_available");
    expect(await fixture.do("release-reserve", release)).to.deep.include({
      released: "1825.00",
      reserve_balance: "0.00",
    });
    expect((await fixture.refusal("release-reserve", release)).code).to.equal("amount_not_available");
    const back = { invoice_id: ids.get("A1")!, charged_back_on: "2026-03-01", reason: "dispute" as const };
    expect((await fixture.refusal("charge-back-invoice", back)).code, "a paid invoice").to.equal("invoice_not_open");
  });

  it("is paid in part, then short for damaged goods: the reserve bears it", async () => {
    const part = await collect("A2", "4000.00", "2026-03-01");
    expect(part).to.deep.include({ state: "purchased", outstanding: "6000.00" });
    const rest = await collect("A2", "5000.00", "2026-03-11", { short_reason: "04", note: "damaged" });
    // day 55: 3.5 % + 2 x 1.75 %; 2,000 - 1,000 short - 350 of fees that were not taken at funding
    expect(rest).to.deep.include({ state: "paid", fees: "700.00", dilution: "1000.00", reserve_balance: "650.00" });
  });

  it("is paid too much: the surplus is an unapplied receipt", async () => {
    const paid = await collect("A3", "10050.00", "2026-03-12");
    expect(paid).to.deep.include({ state: "paid", collected: "10000.00" });
    expect((await balances())["2150"]).to.equal("-50.00");
  });

  it("goes back after the recourse period, for the advance and the fees", async () => {
    const back = { invoice_id: ids.get("A4")!, reason: "recourse" as const };
    fixture.setDay("2026-04-15");
    const early = await fixture.refusal("charge-back-invoice", { ...back, charged_back_on: "2026-04-14" });
    expect(early.detail).to.contain("may go back from 2026-04-15");
    const gone = await fixture.do("charge-back-invoice", { ...back, charged_back_on: "2026-04-15" });
    // day 90: 1,050 of fees, 350 of them taken at funding: 8,000 + 700
    expect(gone).to.deep.include({
      state: "charged_back",
      fees: "1050.00",
      charged_back: "10000.00",
      owed_by_seller: "8700.00",
      reserve_balance: "0.00",
    });
    const late = { invoice_id: ids.get("A4")!, amount: "1.00", collected_on: "2026-04-15" };
    expect((await fixture.refusal("collect-invoice", late)).code).to.equal("invoice_not_open");
  });

  it("agrees to the cent: reserve statement, trial balance, verification", async () => {
    const reserve = await fixture.do("show-reserve", { facility_id });
    // A1 has been released; left are 650 of A2, and of A3 (day 56) 2,000 - (700 - 350)
    expect(reserve.balance).to.equal(reserve.ledger_balance);
    expect(reserve).to.deep.include({ balance: "2300.00", releasable: "2300.00", owed_by_seller: "8700.00" });
    const found = await balances();
    // cash: -30,600 + 10,000 - 1,825 + 4,000 + 5,000 + 10,050
    expect(found).to.deep.equal({
      1000: "-3375.00",
      1250: "8700.00",
      2150: "-50.00",
      2200: "-2300.00",
      4600: "-2975.00",
    });
    const proof = await fixture.do("verify-books", {});
    expect(proof.differences).to.deep.equal([]);
  });

  it("may stand in one live assignment only, whoever submits at once", async () => {
    const one = { facility_id, invoices: [invoice("B1", "D1")] };
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => fixture.do("submit-schedule", one)));
    expect(tries.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    for (const tried of tries) {
      if (tried.status === "rejected") expect(tried.reason.code).to.equal("invoice_already_assigned");
    }
    // paid, charged back or not bought, it may be assigned again
    await fixture.do("submit-schedule", { facility_id, invoices: [invoice("A4", "D3"), invoice("A5", "D5")] });
  });

  it("is funded with nothing held back and without a fee", async () => {
    const free = { advance_rate: "1", fee_schedule: { initial_rate: "0" }, eligibility: { cross_age_threshold: null } };
    const facility = await fixture.do("open-facility", { name: "Zero", seller: "S", terms: free });
    const schedule = await fixture.do("submit-schedule", {
      facility_id: facility.id,
      invoices: [invoice("Z1", "Z", { invoice_date: "2026-04-01", due_date: "2026-05-01" })],
    });
    const asked = { schedule_id: schedule.id };
    await fixture.do("check-schedule", asked, { actorId: "ann" });
    await fixture.do("approve-schedule", asked, { actorId: "ben" });
    await fixture.do("offer-schedule", asked);
    await fixture.do("fund-schedule", { ...asked, funded_on: "2026-04-15" });
    const { data } = await fixture.do("list-factored-invoices", { facility_id: facility.id });
    const paid = { invoice_id: data[0]!.id, amount: "10000.00", collected_on: "2026-04-15" };
    expect(await fixture.do("collect-invoice", paid)).to.deep.include({ state: "paid", reserve_balance: "0.00" });
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("accrues fees and interest by the day, and nothing twice", async () => {
    const bearing = {
      fee_schedule: { initial_rate: "0.01", initial_days: 30, step_rate: "0.01", step_days: 10 },
      interest: { annual_rate: "0.0900", day_count: "act/360" as const },
      eligibility: { cross_age_threshold: null },
    };
    const facility = await fixture.do("open-facility", { name: "Prime", seller: "S", terms: bearing });
    const schedule = await fixture.do("submit-schedule", {
      facility_id: facility.id,
      invoices: [invoice("P1", "P", { invoice_date: "2026-04-01", due_date: "2026-05-01" })],
    });
    const asked = { schedule_id: schedule.id };
    await fixture.do("check-schedule", asked, { actorId: "ann" });
    await fixture.do("approve-schedule", asked, { actorId: "ben" });
    await fixture.do("offer-schedule", asked);
    expect((await fixture.refusal("fund-schedule", { ...asked, funded_on: "2026-04-14" })).code).to.equal(
      "effective_date_refused",
    );
    await fixture.do("fund-schedule", { ...asked, funded_on: "2026-04-15" });
    fixture.setDay("2026-04-30");
    const month = { facility_id: facility.id, through: "2026-04-30" };
    // 1 % of 10,000, and 8,000 x 9 % x 15 / 360
    expect((await fixture.do("accrue-factoring-fees", month)).accrued).to.equal("130.00");
    expect((await fixture.do("accrue-factoring-fees", month)).accrued).to.equal("0.00");
    const { data } = await fixture.do("list-factored-invoices", { facility_id: facility.id });
    fixture.setDay("2026-05-26");
    const early = { invoice_id: data[0]!.id, amount: "10000.00", collected_on: "2026-04-29" };
    expect((await fixture.refusal("collect-invoice", early)).code).to.equal("effective_date_refused");
    const paid = await fixture.do("collect-invoice", { ...early, collected_on: "2026-05-26" });
    // day 41: 3 %; interest for 41 days: 82.00
    expect(paid).to.deep.include({ fees: "382.00", reserve_balance: "1618.00" });
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("is not funded when the offer has expired", async () => {
    const schedule = await fixture.do("submit-schedule", {
      facility_id,
      invoices: [invoice("C1", "D9", { invoice_date: "2026-05-20", due_date: "2026-06-20" })],
    });
    const asked = { schedule_id: schedule.id };
    await fixture.do("check-schedule", asked, { actorId: "ann" });
    await fixture.do("approve-schedule", asked, { actorId: "ben" });
    await fixture.do("offer-schedule", asked);
    fixture.setDay("2026-06-10");
    const late = await fixture.refusal("fund-schedule", { ...asked, funded_on: "2026-05-26" });
    expect(late.code).to.equal("offer_expired");
  });

  it("bears a debtor's failure itself, without recourse", async () => {
    fixture.setDay("2026-06-10");
    const bearing = { recourse: { kind: "none" as const }, eligibility: { cross_age_threshold: null } };
    const facility = await fixture.do("open-facility", { name: "Old line", seller: "S", terms: bearing });
    const { id: schedule_id } = await fixture.do("submit-schedule", {
      facility_id: facility.id,
      invoices: [invoice("N1", "N", { invoice_date: "2026-06-01", due_date: "2026-07-01" })],
    });
    await fixture.do("check-schedule", { schedule_id }, { actorId: "ann" });
    await fixture.do("approve-schedule", { schedule_id }, { actorId: "ben" });
    await fixture.do("offer-schedule", { schedule_id });
    await fixture.do("fund-schedule", { schedule_id, funded_on: "2026-06-10" });
    const { data } = await fixture.do("list-factored-invoices", { facility_id: facility.id });
    const invoice_id = data[0]!.id;
    fixture.setDay("2026-12-10");
    const back = { invoice_id, charged_back_on: "2026-12-10" };
    expect((await fixture.refusal("charge-back-invoice", { ...back, reason: "recourse" })).code).to.equal("conflict");
    const lost = await fixture.do("write-off-invoice", { invoice_id, written_off_on: "2026-12-10" });
    // day 183: 3 % + 16 x 1 %: 1,900 of fees from a reserve of 2,000
    expect(lost).to.deep.include({ state: "written_off", written_off: "10000.00", reserve_balance: "100.00" });
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("lets its months be closed, and takes nothing in a closed one", async () => {
    fixture.setDay("2026-12-31");
    await fixture.do("soft-close-period", { month: "2026-01" }, { actorId: "ann" });
    await fixture.do("close-period", { month: "2026-01" }, { actorId: "ben" });
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices: [invoice("M1", "M")] });
    expect(schedule_id).to.match(/^sc_/);
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  const refused: { why: string; invoice: object; says: string }[] = [
    {
      why: "due before it was issued",
      invoice: { due_date: "2026-01-14" },
      says: "must not be before the invoice date",
    },
    { why: "an amount of zero", invoice: { amount: "0" }, says: "must be above zero" },
    { why: "a negative amount", invoice: { amount: "-5" }, says: "must be above zero" },
    { why: "another currency", invoice: { currency: "EUR" }, says: "the facility is in USD" },
  ];
  for (const { why, invoice: more, says } of refused) {
    it(`is not submitted with ${why}`, async () => {
      const asked = { facility_id, invoices: [invoice("X1", "D1", more)] };
      expect((await fixture.refusal("submit-schedule", asked)).detail).to.contain(says);
    });
  }
});
