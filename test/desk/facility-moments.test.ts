import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, printedTerms, stated } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

/**
 * A reading is made of what invoices have come to, less what came after its moment; with nothing after it, of what they have
 * come to alone. So each reading is taken on its day, and again at the end, when all of it lies in the past.
 */
eachDatabase("a facility at a moment", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { debtors: ["D1", "D2", "D3"] }, (begun) => (fixture = begun));

  async function readings(facility_id: string, schedule_id: string, at: { as_of: string; known_at?: string }) {
    const asked = { facility_id, ...at };
    const reserve = await fixture.do("report-reserve", asked);
    const room = await fixture.do("report-availability", asked);
    const aging = await fixture.do("report-facility-aging", asked);
    return { reserve, room, aging, settlement: await fixture.do("show-settlement", { schedule_id, as_of: at.as_of }) };
  }

  /** What the movements themselves say, added up in the plainest way. */
  async function summed(portfolioId: string, asOf: string) {
    const [row] = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query<{ open: bigint; reserve: bigint; employed: bigint; invoices: bigint }>(
        `select coalesce(sum(open), 0)::bigint as open, coalesce(sum(reserve), 0)::bigint as reserve,
                coalesce(sum(employed) filter (where open > 0), 0)::bigint as employed, count(*) filter (where open > 0) as invoices
           from (select sum(open_minor) as open, sum(reserve_minor) as reserve, sum(employed_minor) as employed
                   from invoice_event where portfolio_id = ? and effective_on <= ?::date group by invoice_no) s`,
        [portfolioId, asOf],
      ),
    );
    const cents = (amount: bigint) => (Number(amount) / 100).toFixed(2);
    const { open: total, reserve, employed, invoices } = row!;
    return [cents(total), cents(reserve), cents(employed), Number(invoices)];
  }

  it("reads the same on its day, and later as of that day and as known then", async function () {
    this.timeout(120_000);
    fixture.setDay("2026-03-01");
    const { facilityId, portfolioId } = await openedFacility(fixture, { terms: printedTerms });
    const facility_id = facilityId;
    const days = { invoice_date: "2026-02-20", due_date: "2026-03-31" };
    const first = await fundedSchedule(
      fixture,
      facility_id,
      ["D1", "D2", "D3", "D1", "D2"].map((debtor_id) => stated({ ...days, debtor_id })),
    );
    const [one, two, three, four] = first.invoiceIds as [string, string, string, string];
    const collect = (invoice_id: string, amount: string, received_on: string, more = {}) =>
      fixture.do("record-collection", { facility_id, received_on, invoices: [{ invoice_id, amount, ...more }] });
    const steps: readonly (readonly [day: string, act: (day: string) => Promise<unknown>])[] = [
      ["2026-03-01", async () => undefined],
      ["2026-03-15", (day) => fixture.do("accrue-fees", { facility_id, through: day })],
      ["2026-04-05", (day) => collect(one, "10000.00", day)],
      ["2026-04-05", (day) => collect(two, "4000.00", day)],
      ["2026-04-20", (day) => collect(two, "5500.00", day, { short_reason: "quality" })],
      ["2026-04-22", (day) => fixture.do("release-reserve", { facility_id, released_on: day })],
      ["2026-05-01", () => fundedSchedule(fixture, facility_id, [stated({ ...days, debtor_id: "D3" })])],
      // recorded late: it takes effect before what is recorded already
      ["2026-05-02", () => collect(four, "10000.00", "2026-04-10")],
      [
        "2026-06-01",
        (day) => fixture.do("charge-back-invoices", { facility_id, invoice_ids: [three], charged_back_on: day }),
      ],
      ["2026-06-02", () => fixture.do("accrue-fees", { facility_id, through: "2026-06-02" })],
    ];
    const taken: { day: string; known_at: string; was: Awaited<ReturnType<typeof readings>> }[] = [];
    for (const [day, act] of steps) {
      fixture.setDay(day);
      await act(day);
      const was = await readings(facility_id, first.scheduleId, { as_of: day });
      const { aging, room, reserve } = was;
      const invoices = aging.buckets.reduce((sum, bucket) => sum + bucket.invoices, 0);
      const figures = [aging.open, reserve.balance, room.funds_employed, invoices];
      expect(figures, `the latest of ${day}`).to.deep.equal(await summed(portfolioId, day));
      taken.push({ day, known_at: room.known_at, was });
    }
    fixture.setDay("2026-07-01");
    for (const { day, known_at, was } of taken) {
      const again = await readings(facility_id, first.scheduleId, { as_of: day, known_at });
      expect({ ...again, settlement: 0 }, `${day}, as known at ${known_at}`).to.deep.equal({ ...was, settlement: 0 });
      const now = await readings(facility_id, first.scheduleId, { as_of: day });
      const invoices = now.aging.buckets.reduce((sum, bucket) => sum + bucket.invoices, 0);
      const figures = [now.aging.open, now.reserve.balance, now.room.funds_employed, invoices];
      expect(figures, `${day}, as known now`).to.deep.equal(await summed(portfolioId, day));
      expect(now.settlement.invoices, "of the first schedule").to.have.length(5);
    }
    const before = await readings(facility_id, first.scheduleId, { as_of: "2026-02-28" });
    expect([before.aging.open, before.room.gross, before.settlement.invoices]).to.deep.equal(["0.00", "0.00", []]);
  });
});
