import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

const march = { invoice_date: "2026-03-02", due_date: "2026-04-01" };

eachDatabase("the days between a payment and its return", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { day: "2026-03-02" }, (begun) => (fixture = begun));

  const onFace: Terms = {
    ...printedTerms,
    fee_schedule: { ...printedTerms.fee_schedule, collected_at: "settlement" },
    interest: { annual_rate: "0.09", day_count: "act/360" },
  };
  const onFunds: Terms = {
    ...printedTerms,
    fee_schedule: { basis: "funds_employed", initial_rate: "0.001", initial_days: 1, step_rate: "0.001", step_days: 1 },
  };

  /**
   * An invoice of 10,000.00 of which 8,000.00 are out, paid in full on the last day. `bounced` came on its day, with
   * what was paid besides, and went back on the 22nd.
   */
  async function life(how: { terms: Terms; bounced?: string; besides?: string; accrueOn?: readonly string[] }) {
    fixture.setDay("2026-03-02");
    const { facilityId: facility_id } = await openedFacility(fixture, { terms: how.terms });
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march)]);
    const invoice_id = invoiceIds[0]!;
    const paid = (received_on: string, amount: string) => {
      fixture.setDay(received_on);
      return fixture.do("record-collection", { facility_id, received_on, invoices: [{ invoice_id, amount }] });
    };
    const cheque = how.bounced === undefined ? undefined : await paid("2026-03-12", how.bounced);
    if (how.besides !== undefined) await paid("2026-03-17", how.besides);
    for (const through of how.accrueOn ?? []) {
      fixture.setDay(through);
      await fixture.do("accrue-fees", { facility_id, through });
    }
    if (cheque !== undefined) {
      fixture.setDay("2026-03-22");
      await fixture.do("return-collection", { receipt_id: cheque.id, returned_on: "2026-03-22" });
    }
    fixture.setDay("2026-04-01");
    const { open } = await fixture.do("show-invoice", { invoice_id });
    await paid("2026-04-01", open);
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
    const { fee, interest, reserve } = await fixture.do("show-invoice", { invoice_id });
    return { fee, interest, reserve };
  }

  // 8,000.00 at 9 % are 2.00 a day; on funds employed 0.1 % of them is 8.00 a day
  // biome-ignore format: a table
  const lives = [
    { why: "nothing bounced: interest of 30 days", how: { terms: onFace }, fee: "350.00", interest: "60.00" },
    { why: "all of it bounced: 20 days, as the terms are without a word", how: { terms: onFace, bounced: "10000.00" }, fee: "350.00", interest: "40.00" },
    { why: "all of it bounced, and the terms ask for the days between: as if it had not come", how: { terms: { ...onFace, returned_payments: "from_payment" }, bounced: "10000.00" }, fee: "350.00", interest: "60.00" },
    { why: "a part bounced: what was out meanwhile is charged, whether fees were accrued or not", how: { terms: onFace, bounced: "4000.00" }, fee: "350.00", interest: "50.00" },
    { why: "the same with an accrual between", how: { terms: onFace, bounced: "4000.00", accrueOn: ["2026-03-15", "2026-03-21"] }, fee: "350.00", interest: "50.00" },
    { why: "a part bounced, charged from the payment: as if it had not come", how: { terms: { ...onFace, returned_payments: "from_payment" }, bounced: "4000.00" }, fee: "350.00", interest: "60.00" },
    { why: "more than was out bounced, 1,000.00 were good on the 17th: 8,000.00 to that day and 7,000.00 after it", how: { terms: { ...onFace, returned_payments: "from_payment" }, bounced: "9000.00", besides: "1000.00" }, fee: "350.00", interest: "56.25" },
    { why: "and on funds employed the fee: nothing bounced", how: { terms: onFunds }, fee: "240.00", interest: "0.00" },
    { why: "bounced, as the terms are without a word", how: { terms: onFunds, bounced: "10000.00" }, fee: "160.00", interest: "0.00" },
    { why: "bounced, charged from the payment", how: { terms: { ...onFunds, returned_payments: "from_payment" }, bounced: "10000.00" }, fee: "240.00", interest: "0.00" },
  ] as const;
  for (const { why, how, fee, interest } of lives) {
    it(why, async () => {
      const after = await life(how);
      expect([after.fee, after.interest]).to.deep.equal([fee, interest]);
      expect(Number(after.reserve)).to.equal(2000 - Number(fee) - Number(interest));
    });
  }
});
