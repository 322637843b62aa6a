import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { balanceOf, openedFacility } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

eachDatabase("financing statements", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { debtors: [], day: "2026-03-02" }, (begun) => (fixture = begun));

  it("lapse after five years, are continued in their last six months for five more, and are charged", async () => {
    const { facilityId: facility_id, portfolioId } = await openedFacility(fixture);
    const filed = { facility_id, jurisdiction: "Delaware", file_number: "2026 1234567", filed_on: "2026-02-28" };
    const filing = await fixture.do("record-filing", { ...filed, cost: "75.00" });
    expect(filing).to.deep.include({
      state: "effective",
      lapses_on: "2031-02-28",
      continuable_from: "2030-08-28",
      continued_on: null,
    });
    const filing_id = filing.id;
    const again = await fixture.refusal("record-filing", filed);
    expect([again.code, again.detail]).to.deep.equal([
      "already_exists",
      "statement 2026 1234567 of Delaware is recorded already",
    ]);
    const early = await fixture.refusal("update-filing", { filing_id, event: "continued", happened_on: "2026-03-02" });
    expect([early.code, early.detail]).to.deep.equal([
      "effective_date_refused",
      "a continuation is filed from 2030-08-28 to 2031-02-28, when the statement lapses; 2026-03-02 is outside that",
    ]);
    fixture.setDay("2030-09-01");
    const next = { filing_id, event: "continued", happened_on: "2030-09-01", cost: "80.00" } as const;
    const continued = await fixture.do("update-filing", next);
    expect([continued.lapses_on, continued.continued_on]).to.deep.equal(["2036-02-28", "2030-09-01"]);
    expect((await fixture.refusal("update-filing", next)).code).to.equal("effective_date_refused");
    const ended = await fixture.do("update-filing", { filing_id, event: "terminated", happened_on: "2030-09-01" });
    expect([ended.state, ended.terminated_on]).to.deep.equal(["terminated", "2030-09-01"]);
    expect((await fixture.refusal("update-filing", { ...next, event: "terminated" })).code).to.equal("conflict");
    expect(await balanceOf(fixture, portfolioId, "1170")).to.equal("155.00");
    expect(await balanceOf(fixture, portfolioId, "4620")).to.equal("-155.00");
    const { data } = await fixture.do("list-charges", { facility_id });
    expect(data.map(({ kind, charged_on, amount, reason }) => [kind, charged_on, amount, reason])).to.deep.equal([
      ["filing", "2026-02-28", "75.00", "statement 2026 1234567 of Delaware filed"],
      ["filing", "2030-09-01", "80.00", "statement 2026 1234567 of Delaware continued"],
    ]);
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  it("are listed by the day they lapse, of all facilities: those that lapse soon, and those that have", async () => {
    const tenantId = "filers";
    const one = await openedFacility(fixture, { tenantId });
    const two = await openedFacility(fixture, { tenantId });
    const filings = [
      [one, "A1", "2021-03-01"],
      [one, "A2", "2021-04-30"],
      [two, "B1", "2021-03-20"],
      [two, "B2", "2025-01-01"],
      [two, "B3", "2021-03-10"],
    ] as const;
    const ids = new Map<string, string>();
    for (const [{ facilityId: facility_id }, file_number, filed_on] of filings) {
      const order = { facility_id, jurisdiction: "Texas", file_number, filed_on };
      ids.set(file_number, (await fixture.do("record-filing", order, { tenantId })).id);
    }
    const gone = { filing_id: ids.get("B3")!, event: "terminated", happened_on: "2026-03-01" } as const;
    await fixture.do("update-filing", gone, { tenantId });
    const listed = async (asked: {
      facility_id?: string;
      lapses_within_days?: number;
      limit?: number;
      cursor?: string;
    }) => {
      const { data, next_cursor } = await fixture.do("list-filings", asked, { tenantId });
      return { next_cursor, rows: data.map((f) => `${f.file_number} ${f.state} ${f.days_left}`) };
    };
    expect((await listed({ lapses_within_days: 30 })).rows).to.deep.equal(["A1 lapsed -1", "B1 effective 18"]);
    expect((await listed({ lapses_within_days: 90, facility_id: one.facilityId })).rows).to.deep.equal([
      "A1 lapsed -1",
      "A2 effective 59",
    ]);
    const first = await listed({ limit: 3 });
    expect(first.rows).to.deep.equal(["A1 lapsed -1", "B3 terminated 8", "B1 effective 18"]);
    expect((await listed({ limit: 3, cursor: first.next_cursor! })).rows).to.deep.equal([
      "A2 effective 59",
      "B2 effective 1401",
    ]);
    const late = { filing_id: ids.get("A1")!, event: "continued", happened_on: "2026-03-02" } as const;
    expect((await fixture.refusal("update-filing", late, { tenantId })).code).to.equal("effective_date_refused");
    expect((await fixture.do("list-filings", {})).data.every(({ file_number }) => !ids.has(file_number))).to.equal(
      true,
    );
  });

  it("one whose cost falls into a closed month is refused, and so is nothing for a cost", async () => {
    const tenantId = "closed_filers";
    const { facilityId: facility_id } = await openedFacility(fixture, { tenantId });
    const filed = { facility_id, jurisdiction: "Texas", file_number: "1" };
    const before = await fixture.do("record-filing", { ...filed, filed_on: "2026-03-01", cost: "10.00" }, { tenantId });
    fixture.setDay("2026-04-05");
    await fixture.do("set-books-policy", { second_person: "waived", reason: "one person" }, { tenantId });
    await fixture.do("soft-close-period", { month: "2026-03" }, { tenantId });
    await fixture.do("close-period", { month: "2026-03" }, { tenantId });
    const late = { ...filed, file_number: "2", filed_on: "2026-03-31", cost: "75.00" };
    const closed = await fixture.refusal("record-filing", late, { tenantId });
    expect([closed.code, closed.detail]).to.deep.equal([
      "period_closed",
      "2026-03-31 lies in 2026-03, which is closed; the first open day is 2026-04-01",
    ]);
    expect((await fixture.do("list-filings", {}, { tenantId })).data.map(({ id }) => id)).to.deep.equal([before.id]);
    await fixture.do("set-books-policy", { late_items: "first_open_day", reason: "filings come late" }, { tenantId });
    await fixture.do("record-filing", late, { tenantId });
    const { data } = await fixture.do("list-charges", { facility_id }, { tenantId });
    expect(data.map(({ charged_on, amount }) => [charged_on, amount])).to.deep.equal([
      ["2026-03-01", "10.00"],
      ["2026-03-31", "75.00"],
    ]);
    const entry = await fixture.do("show-entry", { entry_id: data[1]!.entry_id! }, { tenantId });
    expect([entry.effective_on, entry.original_on]).to.deep.equal(["2026-04-01", "2026-03-31"]);
    const nothing = await fixture.refusal(
      "record-filing",
      { ...late, file_number: "3", filed_on: "2026-04-01", cost: "0.00" },
      { tenantId },
    );
    expect(nothing.code).to.equal("amount_invalid");
    const lapsed = await fixture.refusal(
      "record-filing",
      { ...late, file_number: "4", lapses_on: "2026-03-31" },
      { tenantId },
    );
    expect(lapsed.code).to.equal("effective_date_refused");
  });
});
