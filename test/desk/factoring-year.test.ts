/**
 * A year of a facility: 50 debtors, 2,000 invoices sold week by week, debtors that pay early, late, in parts, short, too
 * much, or never. Everything goes through the acts; at the end the books must agree with themselves and with what was done.
 */
import { expect } from "chai";
import { chance as chanceOf } from "../../seeds/random-numbers.js";
import { addDays, type Day, formatDay, parseDay } from "../../src/calendar/day.js";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture } from "./desk-fixture.js";

const terms = {
  advance_rate: "0.85",
  fee_schedule: { initial_rate: "0.02", initial_days: 30, step_rate: "0.0065", step_days: 10, minimum: "5.00" },
  interest: { prime_rate: "0.0675", margin: "0.035", day_count: "act/360" as const },
  charges: [{ code: "wire", amount: "25.00" }],
  reserve: { method: "pooled" as const, floor_rate: "0.05" },
  eligibility: { concentration_limit: null, cross_age_threshold: null },
};
const weeks = 40;
const invoicesAWeek = 50;

interface Planned {
  readonly id: string;
  readonly faceCents: number;
  /** what comes in, in order; the last one may say that it is all */
  readonly payments: readonly { on: Day; cents: number; short: boolean }[];
}

eachDatabase("a year of a facility", (open) => {
  it("agrees to the cent: what was done, reserve statement, trial balance, verification", async function () {
    this.timeout(600_000);
    const fixture = new DeskFixture(await open());
    const chance = chanceOf(20_261_122);
    const facility = await fixture.do("open-facility", { name: "Year", seller: "Supply", terms });
    const facility_id = facility.id;
    const start = parseDay("2026-01-05");
    const sold: Planned[] = [];
    const done = { funded: 0, collected: 0, released: 0, sellerPaid: 0, bought: 0 };
    const cents = (text: string) => Math.round(Number(text) * 100);
    const money = (amount: number) => (amount / 100).toFixed(2);

    /** One week: a schedule is sold, debtors pay, the rest of the reserve comes back. */
    async function week(monday: Day, sells: boolean): Promise<void> {
      fixture.setDay(formatDay(monday));
      if (sells) await sell(monday);
      const sunday = addDays(monday, 6);
      fixture.setDay(formatDay(sunday));
      const due = sold.flatMap((one) =>
        one.payments.filter(({ on }) => on > addDays(monday, -1) && on <= sunday).map((p) => ({ one, p })),
      );
      due.sort((a, b) => a.p.on - b.p.on);
      const collections = due.map(({ one, p }) => ({
        invoice_id: one.id,
        amount: money(p.cents),
        collected_on: formatDay(p.on),
        ...(p.short ? { short_reason: "04" as const } : {}),
      }));
      if (collections.length > 0) {
        done.collected += cents((await fixture.do("collect-invoices", { facility_id, collections })).collected);
      }
      const rebate = await fixture.do("release-reserves", { facility_id, released_on: formatDay(sunday) });
      done.released += cents(rebate.released);
    }

    async function sell(monday: Day): Promise<void> {
      const faces: number[] = [];
      const invoices = Array.from({ length: invoicesAWeek }, (_, i) => {
        const face = 20_000 + Math.floor(chance.next() * 1_500_000);
        faces.push(face);
        return {
          invoice_number: `${formatDay(monday)}-${i}`,
          debtor_id: `D${Math.floor(chance.next() * 50)}`,
          invoice_date: formatDay(addDays(monday, -Math.floor(chance.next() * 5))),
          due_date: formatDay(addDays(monday, 30)),
          amount: money(face),
        };
      });
      const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices });
      await fixture.do("check-schedule", { schedule_id }, { actorId: "ann" });
      await fixture.do("approve-schedule", { schedule_id }, { actorId: "ben" });
      await fixture.do("offer-schedule", { schedule_id });
      const funded = await fixture.do("fund-schedule", { schedule_id, funded_on: formatDay(monday) });
      done.funded += cents(funded.net_funded!);
      const { data } = await fixture.do("list-factored-invoices", { facility_id, schedule_id, limit: 1000 });
      done.bought += data.length;
      for (const [i, { id }] of data.entries())
        sold.push({ id, faceCents: faces[i]!, payments: plan(monday, faces[i]!) });
    }

    function plan(monday: Day, face: number): Planned["payments"] {
      const kind = chance.next();
      const on = addDays(monday, 15 + Math.floor(chance.next() * 60));
      if (kind < 0.03) return [];
      if (kind < 0.09) return [{ on, cents: Math.floor(face * 0.9), short: true }];
      if (kind < 0.11) return [{ on, cents: face + 1234, short: false }];
      if (kind > 0.9) {
        const part = Math.floor(face / 3);
        const later = addDays(on, 1 + Math.floor(chance.next() * 12));
        return [
          { on, cents: part, short: false },
          { on: later, cents: face - part, short: false },
        ];
      }
      return [{ on, cents: face, short: false }];
    }

    for (let n = 0; n < weeks; n++) {
      const monday = addDays(start, 7 * n);
      await week(monday, true);
      if (n % 4 === 3) {
        const through = formatDay(addDays(monday, 6));
        await fixture.do("accrue-factoring-fees", { facility_id, through });
      }
    }
    for (let n = weeks; n < weeks + 14; n++) await week(addDays(start, 7 * n), false);

    // what nobody paid goes back, and the business pays for it
    const last = formatDay(addDays(start, 7 * (weeks + 14)));
    fixture.setDay(last);
    const list = { facility_id, state: "purchased" as const, limit: 1000 };
    const unpaid = (await fixture.do("list-factored-invoices", list)).data;
    expect(unpaid.length).to.be.greaterThan(30);
    for (const { id: invoice_id } of unpaid) {
      await fixture.do("charge-back-invoice", { invoice_id, charged_back_on: last, reason: "recourse" });
    }
    done.released += cents((await fixture.do("release-reserves", { facility_id, released_on: last })).released);
    let cursor: string | null | undefined;
    let checked = 0;
    do {
      const page = await fixture.do("list-factored-invoices", {
        facility_id,
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const row of page.data) {
        checked += 1;
        expect(row.outstanding, row.id).to.equal("0.00");
        expect(row.reserve_balance, row.id).to.equal("0.00");
        // funded + release + fees + dilution = face
        const sum = cents(row.advance) + cents(row.released) + cents(row.fees) + cents(row.dilution);
        if (row.state === "paid") expect(sum - cents(row.owed_by_seller), row.id).to.equal(cents(row.amount));
        if (row.owed_by_seller !== "0.00") {
          await fixture.do("receive-from-seller", {
            invoice_id: row.id,
            amount: row.owed_by_seller,
            received_on: last,
          });
          done.sellerPaid += cents(row.owed_by_seller);
        }
      }
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(checked)
      .to.equal(weeks * invoicesAWeek)
      .and.equal(2000)
      .and.equal(done.bought);

    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id: facility.portfolio_id, as_of: last });
    const balance = new Map(accounts.map((account) => [account.code, cents(account.balance)]));
    const reserve = await fixture.do("show-reserve", { facility_id });
    expect(reserve).to.deep.include({ balance: "0.00", ledger_balance: "0.00", owed_by_seller: "0.00" });
    const statement = await fixture.do("show-seller-statement", { facility_id, from: "2026-01-01", to: last });
    expect(statement).to.deep.include({ opening_reserve: "0.00", closing_reserve: "0.00", closing_owed: "0.00" });
    expect(cents(statement.paid_to_seller)).to.equal(done.funded + done.released - done.sellerPaid);
    expect(cents(statement.collected)).to.equal(done.collected);
    expect(cents(statement.fees)).to.equal(-balance.get("4600")!);
    const months = ["2026-02-01", "2026-05-01"].map((from, i) => ({ facility_id, from, to: ["2026-04-30", last][i]! }));
    const [spring, rest] = await Promise.all(months.map((asked) => fixture.do("show-seller-statement", asked)));
    expect(spring!.closing_reserve).to.equal(rest!.opening_reserve).and.not.equal("0.00");
    expect(balance.get("1200") ?? 0).to.equal(0);
    expect(balance.get("1250") ?? 0).to.equal(0);
    // the factor's cash is what came in less what went out, and all that is left of it is fees and strangers' money
    expect(balance.get("1000")).to.equal(done.collected + done.sellerPaid - done.funded - done.released);
    expect(balance.get("1000")).to.equal(-(balance.get("4600")! + balance.get("4620")! + balance.get("2150")!));
    expect(balance.get("4620")).to.equal(-weeks * 2500);
    const proof = await fixture.do("verify-books", {});
    expect(proof.differences).to.deep.equal([]);
    fixture.remove();
  });
});
