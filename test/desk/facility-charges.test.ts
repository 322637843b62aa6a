import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

const settled = { ...printedTerms.fee_schedule, collected_at: "settlement" } as const;
const charged: Terms = {
  ...printedTerms,
  fee_schedule: settled,
  charges: [
    { code: "wire", amount: "25.00" },
    { code: "set-up", amount: "100.00", per: "once" },
    { code: "filing", amount: "75.00", per: "once", from: "first_funding" },
    { code: "lockbox", amount: "250.00", per: "month" },
  ],
  monthly_minimum: { amount: "500.00" },
};

eachDatabase("what a facility is charged beside fees", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { day: "2026-03-02" }, (begun) => (fixture = begun));

  const march = { invoice_date: "2026-03-02", due_date: "2026-04-01" };

  async function verified(): Promise<void> {
    const { differences } = await fixture.do("verify-books", {});
    expect(differences).to.deep.equal([]);
  }

  const told = (charges: readonly { charged_on: string; code: string; period: string | null; amount: string }[]) =>
    charges.map(({ charged_on, code, period, amount }) => [charged_on, code, period ?? "once", amount].join(" "));

  for (const presentation of ["sale", "borrowing"] as const) {
    it(`as a ${presentation}: each once for its period, kept back by the release, in the seller's books`, async () => {
      const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms: charged, presentation });
      const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
      const first = await fixture.do("charge-facility", { facility_id, through: "2026-03-02" });
      expect(told(first.charges)).to.deep.equal([
        "2026-03-02 set-up once 100.00",
        "2026-03-02 filing once 75.00",
        "2026-03-02 lockbox 2026-03 250.00",
      ]);
      expect([first.amount, first.charges_due]).to.deep.equal(["425.00", "425.00"]);
      const again = await fixture.do("charge-facility", { facility_id, through: "2026-03-02" });
      expect([again.amount, again.charges]).to.deep.equal(["0.00", []]);

      // the end of March: 350.00 of fees; the minimum is 30 of 31 days of 500.00, and all in it is one run
      fixture.setDay("2026-04-01");
      const monthEnd = await fixture.do("accrue-fees", { facility_id, through: "2026-04-01" });
      expect(monthEnd.fee).to.equal("350.00");
      expect(told(monthEnd.charges)).to.deep.equal([
        "2026-04-01 lockbox 2026-04 250.00",
        "2026-03-31 minimum 2026-03 133.87",
      ]);
      expect(monthEnd.charges[1]!.reason).to.equal("minimum of 2026-03: 483.87, fees 350.00");

      await fixture.do("record-collection", {
        facility_id,
        received_on: "2026-04-01",
        invoices: [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }],
      });
      const before = await fixture.do("report-reserve", { facility_id });
      expect([before.releasable, before.charges, before.charges_due]).to.deep.equal(["1650.00", "833.87", "808.87"]);
      const released = await fixture.do("release-reserve", { facility_id, released_on: "2026-04-01" });
      expect([released.released, released.kept_for_charges, released.paid]).to.deep.equal([
        "1650.00",
        "808.87",
        "841.13",
      ]);
      expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("0.00");
      expect(await balanceOf(fixture, portfolioId, "4620")).to.equal("-700.00");
      expect(await balanceOf(fixture, portfolioId, "4630")).to.equal("-133.87");
      // all the cash that is left is income: 350.00 of fees, 700.00 of charges, 133.87 of minimum
      expect(await balanceOf(fixture, portfolioId, "1000")).to.equal("1183.87");
      const journal = await fixture.do("show-seller-journal", { facility_id });
      const seller = new Map(journal.balances.map(({ account, balance }) => [account, balance]));
      expect([seller.get("100"), seller.get("200")]).to.deep.equal(["8816.13", "0.00"]);
      const listed = await fixture.do("list-charges", { facility_id });
      expect(told(listed.data).sort()).to.deep.equal([...told(first.charges), ...told(monthEnd.charges)].sort());
      await verified();
    });
  }

  it("makes no difference how often it is done", async () => {
    const lives = await Promise.all([1, 2].map(() => openedFacility(fixture, { terms: charged })));
    const [often, seldom] = lives as [(typeof lives)[0], (typeof lives)[0]];
    for (const { facilityId } of lives) await fundedSchedule(fixture, facilityId, [stated(march)]);
    for (const through of ["2026-03-02", "2026-03-31", "2026-04-02", "2026-04-30", "2026-05-01", "2026-05-31"]) {
      fixture.setDay(through);
      await fixture.do("accrue-fees", { facility_id: often.facilityId, through });
    }
    await fixture.do("accrue-fees", { facility_id: seldom.facilityId, through: "2026-05-31" });
    const [one, two] = await Promise.all(
      lives.map(({ facilityId }) => fixture.do("list-charges", { facility_id: facilityId })),
    );
    expect(told(one!.data)).to.deep.equal(told(two!.data));
    for (const account of ["1170", "4600", "4620", "4630"]) {
      const [a, b] = await Promise.all(lives.map(({ portfolioId }) => balanceOf(fixture, portfolioId, account)));
      expect(a, account).to.equal(b);
    }
    const pages = [];
    let cursor: string | undefined;
    do {
      const page = await fixture.do("list-charges", {
        facility_id: often.facilityId,
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      pages.push(...page.data);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages).to.deep.equal(one!.data);
    await verified();
  });

  it("of those that charge at once, one makes each charge", async () => {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms: charged });
    await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-04-02");
    const runs = await Promise.all([
      ...Array.from({ length: 4 }, () => fixture.do("charge-facility", { facility_id, through: "2026-04-01" })),
      ...Array.from({ length: 2 }, () => fixture.do("accrue-fees", { facility_id, through: "2026-04-01" })),
    ]);
    const made = runs.flatMap(({ charges }) => told(charges));
    expect(made.sort()).to.deep.equal([
      "2026-03-02 filing once 75.00",
      "2026-03-02 lockbox 2026-03 250.00",
      "2026-03-02 set-up once 100.00",
      "2026-03-31 minimum 2026-03 133.87",
      "2026-04-01 lockbox 2026-04 250.00",
    ]);
    expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("808.87");
    const tried = await fixture.answer("charge-facility", { facility_id, through: "2026-04-02" }, { dryRun: true });
    expect(tried.output.charges).to.deep.equal([]);
    await verified();
  });

  it("a fee that is taken back after its month was charged changes the next charge, and not that one", async () => {
    const terms: Terms = {
      ...charged,
      charges: [],
      fee_schedule: { ...settled, initial_days: 1, initial_rate: "0.001", step_rate: "0.001", step_days: 1 },
    };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-04-03");
    // 29 days of 10.00 in March are 290.00; the minimum 483.87
    const run = await fixture.do("charge-facility", { facility_id, through: "2026-03-31" });
    expect(told(run.charges)).to.deep.equal(["2026-03-31 minimum 2026-03 193.87"]);
    // the debtor had paid on the 21st already: ten days of March are taken back
    const paid = {
      facility_id,
      received_on: "2026-03-21",
      invoices: [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }],
    };
    await fixture.do("record-collection", paid);
    expect(await balanceOf(fixture, portfolioId, "4630")).to.equal("-193.87");
    const next = await fixture.do("charge-facility", { facility_id, through: "2026-04-03" });
    expect(told(next.charges)).to.deep.equal(["2026-04-03 minimum 2026-03 100.00"]);
    expect([next.charges[0]!.revision, next.charges[0]!.reason]).to.deep.equal([
      2,
      "difference; minimum of 2026-03: 483.87, fees 190.00",
    ]);
    expect((await fixture.do("charge-facility", { facility_id, through: "2026-04-03" })).charges).to.deep.equal([]);
    const paidBack = { facility_id, paid_on: "2026-04-03", amount: "293.87", settles: "charges" } as const;
    const over = await fixture.refusal("record-seller-payment", { ...paidBack, amount: "293.88" });
    expect(over.code).to.equal("amount_not_available");
    await fixture.do("record-seller-payment", paidBack);
    expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("0.00");
    await verified();
  });

  it("a charge that was too high and is borne already is paid out with the next release, or alone", async () => {
    const steps = { initial_days: 1, initial_rate: "0.001", step_rate: "0.001", step_days: 1 };
    const terms: Terms = { ...charged, charges: [], fee_schedule: { ...settled, ...steps } };
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, { terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march)]);
    const pay = (invoice_id: string, received_on: string) =>
      fixture.do("record-collection", { facility_id, received_on, invoices: [{ invoice_id, amount: "10000.00" }] });
    fixture.setDay("2026-04-03");
    await pay(invoiceIds[0]!, "2026-03-05");
    const { id } = await pay(invoiceIds[1]!, "2026-03-06");
    // 30.00 and 40.00 of fees in March; the charge is borne by the reserve of what was paid
    expect((await fixture.do("charge-facility", { facility_id, through: "2026-04-01" })).amount).to.equal("413.87");
    const released = await fixture.do("release-reserve", { facility_id, released_on: "2026-04-01" });
    expect([released.released, released.kept_for_charges]).to.deep.equal(["3930.00", "413.87"]);
    // one of the payments bounces in March: its fees of March are charged, and so much of the minimum was too high
    await fixture.do("return-collection", { receipt_id: id, returned_on: "2026-03-10" });
    const next = await fixture.do("accrue-fees", { facility_id, through: "2026-03-31" });
    expect([next.fee, told(next.charges)]).to.deep.equal(["250.00", ["2026-03-31 minimum 2026-03 -250.00"]]);
    expect((await fixture.do("accrue-fees", { facility_id, through: "2026-03-31" })).charges).to.deep.equal([]);
    const settlement = await fixture.do("show-facility-settlement", { facility_id, as_of: "2026-04-01" });
    expect([settlement.owed_for_charges, settlement.to_be_paid]).to.deep.equal(["-250.00", "250.00"]);
    const order = { facility_id, released_on: "2026-04-03" };
    const asked = await fixture.refusal("release-reserve", { ...order, offset: false });
    expect(asked.code).to.equal("amount_not_available");
    const back = await fixture.do("release-reserve", order);
    expect([back.released, back.kept_for_charges, back.paid]).to.deep.equal(["0.00", "-250.00", "250.00"]);
    expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("0.00");
    const journal = await fixture.do("show-seller-journal", { facility_id });
    expect(journal.balances.find(({ account }) => account === "200")!.balance).to.equal("0.00");
    await verified();
  });

  it("interest counts towards the minimum where the terms say so", async () => {
    const terms: Terms = {
      ...charged,
      charges: [],
      interest: { annual_rate: "0.09", day_count: "act/360" },
      monthly_minimum: { amount: "500.00", of: "fees_and_interest", proration: "none" },
    };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    await fundedSchedule(fixture, facility_id, [stated(march)]);
    fixture.setDay("2026-03-31");
    // 350.00 of fees, and 8,000.00 at 9 % for 29 days are 58.00
    const { charges, fee, interest } = await fixture.do("accrue-fees", { facility_id, through: "2026-03-31" });
    expect([fee, interest, told(charges)]).to.deep.equal(["350.00", "58.00", ["2026-03-31 minimum 2026-03 92.00"]]);
    await verified();
  });

  it("a month is not closed before it is charged; a closed one takes no charge", async () => {
    const other = { tenantId: "charged_months" };
    const { facilityId: facility_id } = await openedFacility(fixture, {
      terms: { ...charged, monthly_minimum: { amount: "500.00", from: "opening" } },
      ...other,
    });
    fixture.setDay("2026-04-05");
    const item = async () =>
      (await fixture.do("show-period", { month: "2026-03" }, other)).checklist!.find(
        (one) => one.item === "facility_charges",
      )!;
    expect(await item()).to.include({ state: "unmet" });
    expect((await item()).detail).to.match(/^not charged: 3 of pf_/);
    await fixture.do("set-books-policy", { second_person: "waived", reason: "one person" }, other);
    await fixture.do("soft-close-period", { month: "2026-03" }, other);
    await fixture.do("charge-facility", { facility_id, through: "2026-03-30" }, other);
    expect((await item()).detail).to.match(/^not charged: 1 of pf_/);
    const unmet = await fixture.refusal("close-period", { month: "2026-03" }, other);
    expect(unmet.code).to.equal("period_not_closable");
    // charges belong to what a soft-closed month still takes
    await fixture.do("charge-facility", { facility_id, through: "2026-03-31" }, other);
    expect((await item()).state).to.equal("met");
    await fixture.do("close-period", { month: "2026-03" }, other);

    const again = await fixture.do("charge-facility", { facility_id, through: "2026-03-31" }, other);
    expect(again.charges).to.deep.equal([]);
    const future = await fixture.refusal("charge-facility", { facility_id, through: "2026-04-06" }, other);
    expect(future.code).to.equal("effective_date_refused");
  });

  it("terms whose charges contradict each other are refused, at the opening and later", async () => {
    const terms: Terms = { ...printedTerms, early_termination: { share_of_limit: "0.03" } };
    const opening = await fixture.refusal("open-facility", { name: "F", seller: "S", terms });
    expect([opening.code, opening.detail]).to.deep.equal([
      "assumption_out_of_range",
      "early_termination.share_of_limit needs a limit (opened.facility_limit)",
    ]);
    const { facilityId: facility_id } = await openedFacility(fixture);
    const changed = await fixture.refusal("change-facility-terms", { facility_id, terms, reason: "x" });
    expect(changed.code).to.equal("assumption_out_of_range");
  });
});
