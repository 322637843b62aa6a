import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";

const settled = { ...printedTerms.fee_schedule, collected_at: "settlement" } as const;
/** the tariffs' charges for what happens now and then [S62][S04] */
const charged: Terms = {
  ...printedTerms,
  fee_schedule: settled,
  charges: [
    { code: "batch", amount: "10.00" },
    { code: "wire", amount: "30.00", per: "payout" },
    { code: "unfactored payment", amount: "5.00", per: "unfactored_payment" },
    { code: "credit check", amount: "25.00", per: "occasion" },
    { code: "missing notation", amount: "20.00", per: "occasion" },
  ],
};

eachDatabase("charges for what happens now and then", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    await fixture.do("save-debtor", { debtor_id: "D1" });
  });
  after(() => fixture.remove());
  beforeEach(() => fixture.setDay("2026-03-02"));

  const march = { invoice_date: "2026-03-02", due_date: "2026-04-01" };
  const later = "2026-04-01";

  async function verified(): Promise<void> {
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  }

  async function told(facility_id: string): Promise<string[]> {
    const { data } = await fixture.do("list-charges", { facility_id });
    return data.map(({ charged_on, kind, code, revision, amount, reason }) =>
      [charged_on, kind, code, revision, amount, reason].join(" | "),
    );
  }

  const seller = async (facility_id: string) => {
    const { balances } = await fixture.do("show-seller-journal", { facility_id });
    return new Map(balances.map(({ account, balance }) => [account, balance]));
  };

  for (const presentation of ["sale", "borrowing"] as const) {
    it(`as a ${presentation}: each is booked with what it is for, kept back, in the statements and the seller's books`, async () => {
      const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms: charged, presentation });
      const { invoiceIds, scheduleId, schedule } = await fundedSchedule(fixture, facility_id, [stated(march)]);
      // the payment at the funding is taken out of the advance, with the batch: 8,000.00 less 10.00 and 30.00
      expect([schedule.advance, schedule.charges]).to.deep.equal(["8000.00", "40.00"]);
      await fixture.do("charge-occasion", { facility_id, code: "credit check", happened_on: "2026-03-02", note: "D1" });
      await fixture.do("charge-occasion", {
        facility_id,
        code: "missing notation",
        happened_on: "2026-03-02",
        times: 3,
      });
      fixture.setDay(later);
      const other = { facility_id, received_on: later, amount: "480.00", kind: "not_purchased" } as const;
      await fixture.do("record-collection", other);
      const resolved = { facility_id, resolved_on: later, from: "not_purchased", to: "seller" } as const;
      await fixture.do("resolve-receipt", { ...resolved, amount: "480.00" });
      const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
      await fixture.do("record-collection", { facility_id, received_on: later, invoices });
      const { charges_due, facility_charges } = await fixture.do("show-settlement", { schedule_id: scheduleId });
      expect([charges_due, facility_charges.map(({ amount }) => amount)]).to.deep.equal([
        "120.00",
        ["25.00", "60.00", "30.00", "5.00"],
      ]);
      const released = await fixture.do("release-reserve", { facility_id, released_on: later });
      // 2,000.00 less a fee of 350.00; 120.00 that were owed, and the payment itself
      expect(released).to.include({
        released: "1650.00",
        charged_for_payment: "30.00",
        kept_for_charges: "150.00",
        paid: "1500.00",
      });
      expect(await told(facility_id)).to.deep.equal([
        "2026-03-02 | occasion | credit check | 1 | 25.00 | credit check: D1",
        "2026-03-02 | occasion | missing notation | 1 | 60.00 | missing notation: 3 times",
        "2026-04-01 | payout | wire | 1 | 30.00 | wire: payment of what was received for the seller",
        "2026-04-01 | payout | wire | 2 | 30.00 | wire: payment of the reserve",
        "2026-04-01 | unfactored_payment | unfactored payment | 1 | 5.00 | unfactored payment: on an invoice that was not sold",
      ]);
      expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("0.00");
      expect(await balanceOf(fixture, portfolioId, "4620")).to.equal("-190.00");
      // cash that is left is income: 350.00 of fees and 190.00 of charges
      expect(await balanceOf(fixture, portfolioId, "1000")).to.equal("540.00");
      const books = await seller(facility_id);
      // 7,960.00 at the funding, 480.00 passed on, 1,500.00 of the reserve
      expect([books.get("100"), books.get("200")]).to.deep.equal(["9940.00", "0.00"]);
      await verified();
    });
  }

  it("there is no charge without a payment: none where all is kept back, or the charge would leave nothing", async () => {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms: charged });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay(later);
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: later, invoices });
    const order = { facility_id, released_on: later };
    const release = async (amount: string, offset = true) => {
      const done = await fixture.do("release-reserve", { ...order, amount, offset });
      return [done.charged_for_payment, done.kept_for_charges, done.paid];
    };
    expect(await release("30.00"), "as much as the charge").to.deep.equal(["0.00", "0.00", "30.00"]);
    expect(await release("30.01")).to.deep.equal(["30.00", "30.00", "0.01"]);
    await fixture.do("charge-occasion", { facility_id, code: "credit check", happened_on: later, times: 4 });
    expect(await release("99.99"), "all of it is owed").to.deep.equal(["0.00", "99.99", "0.00"]);
    expect(await release("30.01"), "0.01 is owed").to.deep.equal(["0.00", "0.01", "30.00"]);
    // without keeping anything back it is owed
    expect(await release("100.00", false)).to.deep.equal(["30.00", "0.00", "100.00"]);
    expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("30.00");
    await verified();
  });

  it("of an escrow reserve, each payment costs one", async () => {
    const terms: Terms = { ...charged, reserve: { escrow: { share_of_rebate: "0.10", cap: "2500.00" } } };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay(later);
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: later, invoices });
    const released = await fixture.do("release-reserve", { facility_id, released_on: later });
    // 10 % of what is left after the charge
    expect([released.put_in_escrow, released.paid]).to.deep.equal(["162.00", "1458.00"]);
    await fixture.do("end-facility", { facility_id, ended_on: later, reason: "x" });
    const escrow = await fixture.do("release-escrow", { facility_id, released_on: later });
    expect([escrow.amount, escrow.charged_for_payment, escrow.paid]).to.deep.equal(["162.00", "30.00", "132.00"]);
    expect((await fixture.do("show-facility-settlement", { facility_id })).settled).to.equal(true);
    await verified();
  });

  it("a charge is taken back once, and is the seller's when it was borne", async () => {
    const terms: Terms = {
      ...charged,
      charges: [...charged!.charges!, { code: "set-up", amount: "100.00", per: "once" }],
    };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms });
    const made = await fixture.do("charge-occasion", { facility_id, code: "credit check", happened_on: "2026-03-02" });
    const { charges } = await fixture.do("charge-facility", { facility_id, through: "2026-03-02" });
    fixture.setDay("2026-03-05");
    const order = { facility_id, waived_on: "2026-03-05", reason: "typed twice" };
    const waivers = await Promise.allSettled(
      [1, 2].map(() => fixture.do("waive-charge", { ...order, entry_id: made.entry_id! })),
    );
    expect(waivers.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
    const waived = await fixture.do("waive-charge", { ...order, entry_id: charges[0]!.entry_id! });
    expect(waived).to.include({ kind: "once", code: "set-up", amount: "-100.00", waives: charges[0]!.entry_id });
    // what was waived is not charged again
    expect((await fixture.do("charge-facility", { facility_id, through: "2026-03-05" })).charges).to.deep.equal([]);
    expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("0.00");
    expect(await balanceOf(fixture, portfolioId, "4620")).to.equal("0.00");
    expect((await seller(facility_id)).get("510")).to.equal("0.00");

    const refused = async (input: object) => {
      const { code, detail } = await fixture.refusal("waive-charge", {
        ...order,
        entry_id: made.entry_id!,
        ...input,
      });
      return [code, detail];
    };
    expect(await refused({})).to.deep.equal(["conflict", "the charge was waived on 2026-03-05"]);
    expect((await refused({ entry_id: waived.entry_id }))[0]).to.equal("conflict");
    expect((await refused({ entry_id: made.entry_id!.replace(/\d+$/, "999") }))[0]).to.equal("not_found");
    const again = await fixture.do("charge-occasion", { facility_id, code: "credit check", happened_on: "2026-03-02" });
    expect(again.revision).to.equal(3);
    expect((await refused({ entry_id: again.entry_id, waived_on: "2026-03-01" }))[0]).to.equal(
      "effective_date_refused",
    );
    const reversed = await fixture.refusal("reverse-entry", {
      entry_id: again.entry_id!,
      reversed_on: "2026-03-05",
      reason: "x",
    });
    expect(reversed.detail).to.include("waive-charge");
    await verified();
  });

  it("what did not happen, or is in no terms, is refused", async () => {
    const { facilityId: facility_id } = await openedFacility(fixture, { terms: charged });
    const order = { facility_id, code: "credit check", happened_on: "2026-03-02" };
    const refused = async (input: object) => (await fixture.refusal("charge-occasion", { ...order, ...input })).code;
    expect(await refused({ happened_on: "2026-03-03" })).to.equal("effective_date_refused");
    expect(await refused({ happened_on: "2026-03-01" })).to.equal("effective_date_refused");
    const strange = await fixture.refusal("charge-occasion", { ...order, code: "wire" });
    expect([strange.code, strange.detail]).to.deep.equal([
      "not_found",
      'the terms of 2026-03-02 have no charge "wire" for what happens now and then; they have credit check, missing notation, unfactored payment',
    ]);
    await fixture.do("end-facility", { facility_id, ended_on: "2026-03-02", reason: "x" });
    fixture.setDay("2026-03-03");
    expect(await refused({ happened_on: "2026-03-03" })).to.equal("effective_date_refused");
    await fixture.do("charge-occasion", order);
    const terms: Terms = {
      ...charged,
      charges: [...charged!.charges!, { code: "wire", amount: "1.00", per: "occasion" }],
    };
    const opening = await fixture.refusal("open-facility", { name: "F", seller: "S", terms });
    expect(opening.detail).to.equal('charges has "wire" twice: a charge per occasion is told by its code');
  });
});
