import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("the books as they were known", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    await boughtPortfolio(fixture, { name: "Beside it" });
    await boughtPortfolio(fixture, { name: "In yen", currency: "JPY", decimals: 0 });
  });
  after(() => fixture.remove());

  const pay = (amount: string, paid_on: string) =>
    fixture.do("record-payment", { portfolio_id: bought.portfolioId, account_number: "A1", amount, paid_on });

  /** All that a pair of days and instants answers, as bytes. */
  async function answers(as_of: string, known_at: string): Promise<string> {
    const { portfolioId: portfolio_id } = bought;
    return JSON.stringify([
      await fixture.do("report-trial-balance", { as_of, known_at }),
      await fixture.do("report-trial-balance", { portfolio_id, as_of, known_at }),
      await fixture.do("report-netback", { portfolio_id, as_of, known_at }),
      await fixture.do("show-account-statement", { portfolio_id, account: "1000", as_of, known_at, limit: 1000 }),
    ]);
  }

  it("give the same bytes for the same pair, whatever is booked later, and on which day", async function () {
    this.timeout(120_000);
    const kept: { as_of: string; known_at: string; bytes: string }[] = [];
    for (let i = 1; i <= 24; i++) {
      fixture.clockMs += 60_000;
      const day = i % 2 === 0 ? "2026-01-10" : "2026-01-15";
      const { entry_id } = await pay(`1.${String(i).padStart(2, "0")}`, day);
      if (i % 5 === 0) await fixture.do("reverse-entry", { entry_id, reversed_on: "2026-01-15", reason: "error" });
      const known_at = new Date(fixture.clockMs + 1000).toISOString();
      for (const as_of of ["2026-01-15", "2026-01-20"])
        kept.push({ as_of, known_at, bytes: await answers(as_of, known_at) });
    }
    fixture.clockMs += 60_000;
    // early instants are added up from the postings, late ones taken off the balances: both sides of the middle are here
    for (const { as_of, known_at, bytes } of kept) expect(await answers(as_of, known_at)).to.equal(bytes);
  });

  it("tell two acts of one moment of the clock apart", async () => {
    const first = await pay("0.31", "2026-01-15");
    const bytes = await answers("2026-01-15", first.recorded_at);
    const second = await pay("0.32", "2026-01-15");
    expect(second.recorded_at, "the clock stood still").not.to.equal(first.recorded_at);
    expect(await answers("2026-01-15", first.recorded_at)).to.equal(bytes);
  });

  it("find the last entry that had been recorded by an instant, and none before the first", async () => {
    const { portfolioId: portfolio_id } = bought;
    const { data } = await fixture.do("list-entries", { portfolio_id, limit: 1000 });
    const lines = async (known_at: string) =>
      (await fixture.do("show-account-statement", { portfolio_id, account: "9900", known_at, limit: 1000 })).data
        .length;
    for (const { recorded_at, sequence } of data) {
      const known = data.filter((entry) => entry.sequence <= sequence);
      const touching = known.filter(({ postings }) =>
        postings.some(({ debit_account, credit_account }) => [debit_account, credit_account].includes("9900")),
      );
      expect(await lines(recorded_at)).to.equal(touching.length);
    }
    expect(await lines("2020-01-01T00:00:00Z")).to.equal(0);
    const nothing = await fixture.do("report-trial-balance", { portfolio_id, known_at: "2020-01-01T00:00:00Z" });
    expect(nothing.accounts).to.deep.equal([]);
  });
});
