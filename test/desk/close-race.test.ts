import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

/** More of them: TORTURE_CLOSES. */
const rounds = Number(process.env.TORTURE_CLOSES ?? 12);

/** The months of the rounds: from the first with an entry on. */
const monthOf = (round: number) => `${2026 + Math.floor(round / 12)}-${String((round % 12) + 1).padStart(2, "0")}`;

eachDatabase("a month that is closed while entries come for it", (open) => {
  let fixture: DeskFixture;
  let books: Bought[];

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    books = [await boughtPortfolio(fixture, { rows: 9 }), await boughtPortfolio(fixture, { rows: 9, name: "Second" })];
    fixture.setDay(`${monthOf(2 * rounds + 1)}-10`);
    await fixture.do("set-books-policy", { second_person: "waived", reason: "the race is about something else" });
  });
  after(() => fixture.remove());

  async function attempt<T>(work: Promise<T>): Promise<T | string> {
    try {
      return await work;
    } catch (error) {
      if (isRefusal(error)) return error.code;
      throw error;
    }
  }

  /** Numbers of the entries that count for the month, by portfolio. */
  async function entriesOf(month: string): Promise<Map<string, number>> {
    const rows = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query<{ portfolio_id: string; entries: number }>(
        `select portfolio_id, count(*)::integer as entries from entry
          where date_trunc('month', effective_on::timestamp) = cast(? as timestamp) group by 1`,
        [`${month}-01`],
      ),
    );
    return new Map(rows.map((row) => [row.portfolio_id, row.entries]));
  }

  it("has each of them in its seal, or refused: never one beside it", async function () {
    this.timeout(120_000);
    const seen = { taken: 0, refused: 0 };
    for (let round = 0; round < rounds; round++) {
      const month = monthOf(round);
      const paid_on = `${month}-${round === 0 ? 20 : 11}`;
      const pay = (n: number) =>
        attempt(
          fixture.do("record-payment", {
            portfolio_id: books[n % 2]!.portfolioId,
            account_number: `A${1 + (n % 9)}`,
            amount: "0.01",
            paid_on,
          }),
        );
      const buy = round % 4 === 1 ? buyInto(month) : Promise.resolve("none");
      const before = Array.from({ length: 4 }, (_, n) => pay(n));
      const close = attempt(fixture.do("close-period", { month }));
      const during = Array.from({ length: 8 }, async (_, n) => {
        await pause(4 * n);
        return pay(n + 4);
      });
      const after = close.then(() => pay(12));
      const [closed, bought, ...paid] = await Promise.all([close, buy, ...before, ...during, after]);
      expect(closed, `round ${round}`).to.be.an("object");
      const { seals } = closed as { seals: { portfolio_id: string; entries: number }[] };
      for (const outcome of paid) {
        if (typeof outcome !== "string") seen.taken++;
        else {
          expect(outcome).to.equal("period_closed");
          seen.refused++;
        }
      }
      if (bought !== "none" && typeof bought === "string") expect(bought).to.equal("period_closed");
      const sealed = new Map(seals.filter((seal) => seal.entries > 0).map((seal) => [seal.portfolio_id, seal.entries]));
      expect([...sealed].sort(), `round ${round}: entries and their seal`).to.deep.equal(
        [...(await entriesOf(month))].sort(),
      );
    }
    expect(seen.taken, "some came before the close").to.be.greaterThan(0);
    expect(seen.refused, "some came after it").to.be.greaterThan(0);
    const verified = await fixture.do("verify-books", {});
    expect(verified.differences).to.deep.equal([]);
  });

  it("books what comes late on the first open day, and seals the rest, whichever came first", async function () {
    this.timeout(120_000);
    await fixture.do("set-books-policy", { late_items: "first_open_day", reason: "late items are taken" });
    const seen = { own: 0, late: 0 };
    for (let round = rounds; round < 2 * rounds; round++) {
      const [month, next] = [monthOf(round), monthOf(round + 1)];
      const paid_on = `${month}-11`;
      const pay = async (n: number) => {
        await pause(3 * n);
        const { portfolioId: portfolio_id } = books[n % 2]!;
        const payment = { portfolio_id, account_number: `A${1 + (n % 9)}`, amount: "0.01", paid_on };
        const { entry_id } = await fixture.do("record-payment", payment);
        return fixture.do("show-entry", { entry_id });
      };
      const close = fixture.do("close-period", { month });
      const [{ seals }, ...entries] = await Promise.all([close, ...Array.from({ length: 10 }, (_, n) => pay(n))]);
      for (const { effective_on, original_on } of [...entries, await pay(1)]) {
        const isLate = original_on !== null;
        seen[isLate ? "late" : "own"]++;
        expect([effective_on, original_on]).to.deep.equal(isLate ? [`${next}-01`, paid_on] : [paid_on, null]);
      }
      const sealed = new Map(seals.filter((seal) => seal.entries > 0).map((seal) => [seal.portfolio_id, seal.entries]));
      expect([...sealed].sort(), `round ${round}`).to.deep.equal([...(await entriesOf(month))].sort());
    }
    expect(seen.late, "some came after the close").to.be.greaterThan(0);
    await fixture.do("set-books-policy", { late_items: "refuse", reason: "as before" });
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  });

  /** A purchase that closes within the month: its ledger is new, and no head that the close could hold. */
  async function buyInto(month: string): Promise<unknown> {
    const { id } = await fixture.do("create-portfolio", { name: `Race ${month}`, seller: "First Bank" });
    const { tapeText } = await import("./desk-fixture.js");
    const file = fixture.file(`${id}.csv`, tapeText(3));
    await fixture.do("import-tape", { portfolio_id: id, file, as_of: "2026-01-01" });
    const quote = await fixture.do("issue-quote", { portfolio_id: id, as_of: "2026-01-01" });
    return attempt(fixture.do("accept-quote", { quote_id: quote.id, closing_on: `${month}-12` }));
  }

  it("is closed once where two close it, and opened once where two open it", async () => {
    const month = monthOf(2 * rounds);
    const twice = await Promise.all([1, 2, 3].map(() => attempt(fixture.do("close-period", { month }))));
    expect(twice.filter((one) => typeof one === "object")).to.have.length(1);
    expect(twice.filter((one) => one === "period_closed")).to.have.length(2);
    const opened = await Promise.all(
      [1, 2, 3].map(() => attempt(fixture.do("reopen-period", { month, reason: "two at once" }))),
    );
    expect(opened.filter((one) => typeof one === "object")).to.have.length(1);
    expect(opened.filter((one) => one === "period_not_closed")).to.have.length(2);
  });
});
