import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";

const settled = { ...printedTerms.fee_schedule, collected_at: "settlement" } as const;
const yearly: Terms = { ...printedTerms, fee_schedule: settled, yearly_minimum: { amount: "2000.00" } };

eachDatabase("minimums of quarters and years", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    await fixture.do("save-debtor", { debtor_id: "D1" });
  });
  after(() => fixture.remove());
  beforeEach(() => fixture.setDay("2026-03-02"));

  const march = { invoice_date: "2026-03-02", due_date: "2026-04-01" };

  async function verified(): Promise<void> {
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  }

  const told = (
    charges: readonly { charged_on: string; code: string; period: string | null; revision: number; amount: string }[],
  ) =>
    charges.map(({ charged_on, code, period, revision, amount }) =>
      [charged_on, code, period, revision, amount].join(" "),
    );

  /** Opened and funded on 2 March 2026, one invoice of 10,000.00 that is paid on 1 April: fees of 350.00. */
  async function paid(terms: Terms) {
    fixture.setDay("2026-03-02");
    const opened = await openedFacility(fixture, { terms });
    const facility_id = opened.facilityId;
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-04-01");
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    const receipt = await fixture.do("record-collection", { facility_id, received_on: "2026-04-01", invoices });
    return { ...opened, facility_id, receipt_id: receipt.id };
  }

  it("what the fees of a contract year fall short of its minimum is charged the day before the anniversary, once", async () => {
    const { facility_id, portfolioId } = await paid(yearly);
    fixture.setDay("2027-04-05");
    const before = await fixture.do("charge-facility", { facility_id, through: "2027-02-28" });
    expect(before.charges).to.deep.equal([]);
    const { charges } = await fixture.do("accrue-fees", { facility_id, through: "2027-04-05" });
    const { charges_due } = await fixture.do("report-reserve", { facility_id });
    expect(told(charges)).to.deep.equal(["2027-03-01 yearly minimum 2026-03-02 1 1650.00"]);
    expect(charges[0]!.reason).to.equal("yearly minimum of 2026-03-02 to 2027-03-01: 2000.00, fees 350.00");
    expect(charges_due).to.equal("1650.00");
    expect((await fixture.do("charge-facility", { facility_id, through: "2027-04-05" })).charges).to.deep.equal([]);
    expect(await balanceOf(fixture, portfolioId, "4630")).to.equal("-1650.00");
    // the reserve of 1,650.00 is just what is owed
    const released = await fixture.do("release-reserve", { facility_id, released_on: "2027-04-05" });
    expect([released.kept_for_charges, released.paid]).to.deep.equal(["1650.00", "0.00"]);
    const waived = await fixture.refusal("waive-charge", {
      facility_id,
      entry_id: charges[0]!.entry_id!,
      waived_on: "2027-04-05",
      reason: "x",
    });
    expect(waived.code).to.equal("conflict");
    await verified();
  });

  it("a fee that is taken back after its year was charged is a charge of the difference", async () => {
    const daily = { initial_days: 1, initial_rate: "0.001", step_rate: "0.001", step_days: 1 };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, {
      terms: { ...yearly, fee_schedule: { ...settled, ...daily } },
    });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2027-03-10");
    const met = await fixture.do("charge-facility", { facility_id, through: "2027-03-10" });
    expect(told(met.charges)).to.deep.equal(["2027-03-01 yearly minimum 2026-03-02 1 0.00"]);
    // the debtor had paid on 1 April already: 300.00 of 3,640.00 stay
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-04-01", invoices });
    const { charges } = await fixture.do("charge-facility", { facility_id, through: "2027-03-10" });
    expect(told(charges)).to.deep.equal(["2027-03-10 yearly minimum 2026-03-02 2 1700.00"]);
    expect(charges[0]!.reason).to.equal("difference; yearly minimum of 2026-03-02 to 2027-03-01: 2000.00, fees 300.00");
    expect((await fixture.do("charge-facility", { facility_id, through: "2027-03-10" })).charges).to.deep.equal([]);
    expect(await balanceOf(fixture, portfolioId, "4630")).to.equal("-1700.00");
    await verified();
  });

  it("one for a longer period counts what the shorter within it were charged", async () => {
    const terms: Terms = {
      ...yearly,
      fee_schedule: { ...settled, initial_days: 1, initial_rate: "0.001", step_rate: "0.001", step_days: 1 },
      monthly_minimum: { amount: "100.00" },
      quarterly_minimum: { amount: "500.00" },
      yearly_minimum: { amount: "2200.00" },
    };
    fixture.setDay("2026-03-02");
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2027-03-10");
    // accrued through April alone, and then paid on 30 April: 290.00 in March, 300.00 in April
    await fixture.do("accrue-fees", { facility_id, through: "2026-04-30" });
    const pay = { facility_id, invoices: [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }] };
    const receipt = await fixture.do("record-collection", { ...pay, received_on: "2026-04-30" });
    const { charges } = await fixture.do("charge-facility", { facility_id, through: "2027-03-10" });
    const monthly = charges.filter(({ code }) => code === "minimum");
    // ten months and a month of the first quarter are short: nothing in March and April, then 100.00 each to February
    expect(monthly.map(({ amount }) => amount)).to.deep.equal([...Array(10).fill("100.00")]);
    const contract = charges.filter(({ code }) => code !== "minimum");
    expect(told(contract)).to.deep.equal([
      // 590.00 and the 100.00 of May
      "2026-06-01 quarterly minimum 2026-03-02 1 0.00",
      // three months of 100.00 end in each quarter
      "2026-09-01 quarterly minimum 2026-06-02 1 200.00",
      "2026-12-01 quarterly minimum 2026-09-02 1 200.00",
      "2027-03-01 quarterly minimum 2026-12-02 1 200.00",
      // 590.00 of fees, 1,000.00 and 600.00 of minimums
      "2027-03-01 yearly minimum 2026-03-02 1 10.00",
    ]);
    // the payment bounced, and came again in May: 50.00 of fees in May are 50.00 less that May is short of; the year is the same
    await fixture.do("return-collection", { receipt_id: receipt.id, returned_on: "2026-05-02" });
    await fixture.do("record-collection", { ...pay, received_on: "2026-05-05" });
    const next = await fixture.do("charge-facility", { facility_id, through: "2027-03-10" });
    expect(told(next.charges)).to.deep.equal(["2027-03-10 minimum 2026-05 2 -50.00"]);
    expect(await balanceOf(fixture, portfolioId, "4630")).to.equal("-1560.00");
    await verified();
  });

  it("at the end of the facility by the days, and as much whether it was charged often or seldom", async () => {
    const ended = { ended_on: "2026-09-30", reason: "x" };
    const lives = [
      await paid(yearly),
      await paid(yearly),
      await paid({ ...yearly, yearly_minimum: { amount: "2000.00", proration: "none" } }),
    ];
    for (const through of ["2026-04-30", "2026-06-15", "2026-09-30"]) {
      fixture.setDay(through);
      await fixture.do("accrue-fees", { facility_id: lives[0]!.facility_id, through });
    }
    fixture.setDay("2026-09-30");
    const charged = [];
    for (const { facility_id } of lives) {
      const { charges } = await fixture.do("end-facility", { facility_id, ...ended });
      charged.push(told(charges));
    }
    // 213 of 365 days of 2,000.00 are 1,167.12; fees 350.00
    const byDays = ["2026-09-30 yearly minimum 2026-03-02 1 817.12"];
    expect(charged).to.deep.equal([byDays, byDays, ["2026-09-30 yearly minimum 2026-03-02 1 1650.00"]]);
    fixture.setDay("2027-04-01");
    const { charges } = await fixture.do("charge-facility", {
      facility_id: lives[0]!.facility_id,
      through: "2027-04-01",
    });
    expect(charges).to.deep.equal([]);
    await verified();
  });

  it("a month is not closed before the year that ends in it is charged", async () => {
    const other = { tenantId: "contract_years" };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms: yearly, ...other });
    fixture.setDay("2027-04-05");
    const item = async (month: string) =>
      (await fixture.do("show-period", { month }, other)).checklist!.find((one) => one.item === "facility_charges")!
        .state;
    expect([await item("2027-02"), await item("2027-03")]).to.deep.equal(["not_applicable", "unmet"]);
    const { charges } = await fixture.do("charge-facility", { facility_id, through: "2027-03-31" }, other);
    expect(told(charges)).to.deep.equal(["2027-03-01 yearly minimum 2026-03-02 1 2000.00"]);
    expect(await item("2027-03")).to.equal("met");
  });
});
