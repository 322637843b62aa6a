/**
 * What an owner was shown is what comes to be booked: the finance charge of the disclosure is the income of the factor once
 * all debtors have paid when their invoices were due, and what the seller has is what the row of that day said.
 */
import { expect } from "chai";
import { chance } from "../../seeds/random-numbers.js";
import { addDays, formatDay, parseDay } from "../../src/calendar/day.js";
import { formatMinor, parseMinor } from "../../src/money/money.js";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, openedFacility, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

const usd = (text: string) => parseMinor(text, "USD");

eachDatabase("an offer and its books", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, {}, (begun) => (fixture = begun));

  const draw = chance(20_260_301);
  function drawnTerms(): Terms {
    const from = () => draw.pick(["opening", "first_funding"] as const);
    return {
      advance_rate: draw.pick(["0.70", "0.85", "0.9333"]),
      fee_schedule: {
        basis: draw.pick(["face", "advance", "funds_employed"] as const),
        initial_rate: draw.pick(["0", "0.0125", "0.035"]),
        initial_days: draw.pick([10, 30]),
        step_rate: draw.pick(["0.005", "0.0175"]),
        step_days: draw.pick([7, 10, 15]),
        proration: draw.pick(["whole_block", "daily"] as const),
        collected_at: draw.pick(["funding", "settlement"] as const),
      },
      ...(draw.next() < 0.5 ? { interest: { annual_rate: "0.0925" } } : {}),
      charges: [
        { code: "wire", amount: "25.00" },
        { code: "credit check", amount: "1.50", per: "invoice" },
        { code: "set-up", amount: "100.00", per: "once", from: from() },
        { code: "filing", amount: "75.00", per: "once", from: from() },
        { code: "lockbox", amount: "25.00", per: "month", from: from() },
        { code: "audit", amount: "12.34", per: "month", from: from() },
        ...draw.pick<NonNullable<NonNullable<Terms>["charges"]>>([
          [],
          [{ code: "ach", amount: "3.00", per: "payout" }],
          [
            { code: "transfer", amount: "30.00", per: "payout" },
            { code: "postage", amount: "0.55", per: "payout" },
          ],
        ]),
        { code: "unfactored payment", amount: draw.pick(["5.00", "0.00"]), per: "unfactored_payment" },
        { code: "credit check of a debtor", amount: draw.pick(["25.00", "100.00"]), per: "occasion" },
      ],
      eligibility: { over_age_days: null, cross_age_threshold: null },
    };
  }

  for (let n = 1; n <= 12; n++) {
    const presentation = n % 2 === 0 ? ("sale" as const) : ("borrowing" as const);
    const terms = drawnTerms();
    const opened = addDays(parseDay("2026-01-05"), draw.between(0, 40));
    const funded = addDays(opened, draw.between(0, 50));
    const due = addDays(funded, draw.between(1, 95));
    it(`facility ${n}, a ${presentation}: funded after ${funded - opened} days, paid after ${due - funded}`, async () => {
      fixture.setDay(formatDay(opened));
      const { facilityId: facility_id, portfolioId } = await openedFacility(fixture, {
        terms,
        presentation,
        seller: `S${n}`,
      });
      fixture.setDay(formatDay(funded));
      const dates = { invoice_date: formatDay(addDays(funded, -3)), due_date: formatDay(due) };
      const invoices = ["10000.00", "777.77", "1234.56"].map((amount, i) => ({
        ...dates,
        amount,
        invoice_number: `B${n}-${i}`,
        debtor_id: "D1",
      }));
      const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices });
      await fixture.do("check-schedule", { schedule_id });
      await fixture.do("approve-schedule", { schedule_id }, { actorId: "second" });
      const { document } = await fixture.do("offer-schedule", { schedule_id });
      await fixture.do("fund-schedule", { schedule_id });
      // charged somewhere between, or in the end alone
      if (n % 3 === 0) await fixture.do("accrue-fees", { facility_id, through: formatDay(funded) });
      const on = formatDay(due);
      fixture.setDay(on);
      await fixture.do("accrue-fees", { facility_id, through: on });
      const { data } = await fixture.do("list-invoices", { facility_id, schedule_id });
      const paying = data.map(({ id, open: amount }) => ({ invoice_id: id, amount }));
      await fixture.do("record-collection", { facility_id, received_on: on, invoices: paying });
      const { releasable } = await fixture.do("report-reserve", { facility_id });
      const paid =
        usd(releasable) === 0n ? "0.00" : (await fixture.do("release-reserve", { facility_id, released_on: on })).paid;
      const income = async () => {
        const accounts = ["4600", "4610", "4620"].map((code) => balanceOf(fixture, portfolioId, code));
        return -(await Promise.all(accounts)).reduce((sum, balance) => sum + usd(balance), 0n);
      };
      const booked = await income();
      const { california, new_york } = document.disclosure;
      expect(formatMinor(booked, "USD")).to.equal(california.finance_charge);
      expect(new_york.finance_charge).to.equal(california.finance_charge);
      const row = document.cost_by_day.find(({ day }) => day === due - funded)!;
      expect(row.cost).to.equal(california.finance_charge);
      const settlement = await fixture.do("show-facility-settlement", { facility_id });
      const left = usd(paid) - usd(settlement.to_be_received);
      expect(formatMinor(left, "USD"), "what comes back").to.equal(row.release);

      // what may be charged beside it costs what was told, if it happens
      const told = new Map(document.event_charges!.map(({ code, amount }) => [code, usd(amount)]));
      const other = { facility_id, received_on: on, amount: "480.00", kind: "not_purchased" } as const;
      await fixture.do("record-collection", other);
      const passed = { facility_id, from: "not_purchased", to: "seller", resolved_on: on, amount: "480.00" } as const;
      await fixture.do("resolve-receipt", passed);
      await fixture.do("charge-occasion", { facility_id, code: "credit check of a debtor", happened_on: on });
      const more = [...told.values()].reduce((sum, amount) => sum + amount, 0n);
      expect((await income()) - booked, "what happened beside it").to.equal(more);
      expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
    });
  }

  it("the second schedule of a facility is not shown what was charged before it, and shows what falls due beside it", async () => {
    fixture.setDay("2026-03-10");
    const terms: Terms = {
      charges: [
        { code: "set-up", amount: "100.00", per: "once" },
        { code: "lockbox", amount: "25.00", per: "month" },
      ],
      monthly_minimum: { amount: "1000.00" },
      early_termination: { amount: "2500.00", term_months: 24 },
    };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms });
    const offered = async (invoice_number: string, due_date: string) => {
      const dates = { invoice_date: "2026-03-10", due_date };
      const invoices = [{ ...dates, invoice_number, debtor_id: "D1", amount: "10000.00" }];
      const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices });
      await fixture.do("check-schedule", { schedule_id });
      await fixture.do("approve-schedule", { schedule_id }, { actorId: "second" });
      const { document } = await fixture.do("offer-schedule", { schedule_id });
      await fixture.do("fund-schedule", { schedule_id });
      return document;
    };
    const first = await offered("Q1", "2026-04-09");
    expect(first.offer.facility_charges).to.equal("150.00");
    // 3 % of 10,000.00 and 150.00 on 8,000.00 for 30 days: 450 / 8000 x 365 / 30
    expect(first.disclosure.california.finance_charge).to.equal("450.00");
    expect(first.disclosure.california.estimated_apr_pct).to.equal("68.44");
    expect(first.disclosure.california.rows.find(({ label }) => label === "Finance Charge")!.explanation).to.include(
      "150.00 USD of it are charges of the facility",
    );
    expect(first.disclosure.new_york.rows.find(({ label }) => label.startsWith("Avoidable"))!.value).to.equal(
      "1.00% for each 10 days that debtors pay late; what the fees of a month fall short of 1000.00 USD; 2500.00 USD for ending the facility before 24 months are over",
    );
    fixture.setDay("2026-03-11");
    const second = await offered("Q2", "2026-04-10");
    expect(second.offer.facility_charges).to.equal("25.00");
    expect(second.disclosure.california.finance_charge).to.equal("325.00");
  });
});
