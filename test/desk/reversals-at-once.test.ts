import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";
import { booksOf } from "./whole-books.js";

eachDatabase("reversals at once", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let other: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    other = await boughtPortfolio(fixture, { name: "Other" });
  });
  after(() => fixture.remove());

  const paid = async ({ portfolioId }: Bought, amount: string) => {
    const payment = { portfolio_id: portfolioId, account_number: "A1", amount, paid_on: "2026-01-10" };
    return (await fixture.do("record-payment", payment)).entry_id;
  };
  const order = { reversed_on: "2026-01-15", reason: "at once" };

  /** What each attempt came to: done, or the code it was refused with; anything else fails the test. */
  async function outcomes(attempts: readonly Promise<unknown>[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const settled of await Promise.allSettled(attempts)) {
      if (settled.status === "rejected" && !isRefusal(settled.reason)) throw settled.reason;
      const name = settled.status === "fulfilled" ? "done" : settled.reason.code;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  it("of one entry, a hundred: one wins, and the others move nothing", async function () {
    this.timeout(120_000);
    const before = await booksOf(fixture, bought.portfolioId);
    const entry_id = await paid(bought, "10.00");
    const attempts = Array.from({ length: 100 }, () => fixture.do("reverse-entry", { ...order, entry_id }));
    expect(Object.fromEntries(await outcomes(attempts))).to.deep.equal({ done: 1, reversal_too_large: 99 });
    expect(await booksOf(fixture, bought.portfolioId)).to.deep.equal(before);
  });

  it("in parts, never come to more than the whole", async function () {
    this.timeout(120_000);
    const before = await booksOf(fixture, bought.portfolioId);
    const entry_id = await paid(bought, "10.00");
    const attempts = Array.from({ length: 30 }, () =>
      fixture.do("reverse-entry", { ...order, entry_id, amount: "0.70" }),
    );
    expect(Object.fromEntries(await outcomes(attempts))).to.deep.equal({ done: 14, reversal_too_large: 16 });
    await fixture.do("reverse-entry", { ...order, entry_id, amount: "0.20" });
    expect(await booksOf(fixture, bought.portfolioId)).to.deep.equal(before);
  });

  it("of every kind on one entry: the record and the ledger agree on who won", async function () {
    this.timeout(120_000);
    const before = await booksOf(fixture, bought.portfolioId);
    const external_id = "race";
    const payment = { portfolio_id: bought.portfolioId, account_number: "A1", paid_on: "2026-01-10" };
    const { entry_id } = await fixture.do("record-payment", { ...payment, amount: "10.00", external_id });
    const attempts = Array.from({ length: 30 }, (_, i) => {
      if (i % 3 === 0) return fixture.do("reverse-entry", { ...order, entry_id });
      if (i % 3 === 1) return fixture.do("record-payment", { ...payment, amount: "-10.00", reverses: external_id });
      return fixture.do("correct-entry", { entry_id, reason: "race", with: { amount: "3.00" } });
    });
    const counts = await outcomes(attempts);
    const standing = (await fixture.do("list-payments", { portfolio_id: bought.portfolioId, limit: 1000 })).data.find(
      ({ stands_for_payment_id, amount }) => stands_for_payment_id !== null && amount === "3.00",
    );
    // a correction leaves a payment of 3.00, of which 10.00 cannot come back: it is the last word, or was never said
    expect(counts.get("done")).to.equal(1);
    if (standing !== undefined) await fixture.do("reverse-entry", { ...order, entry_id: standing.entry_id });
    expect(await booksOf(fixture, bought.portfolioId)).to.deep.equal(before);
  });

  it("in opposite orders over two portfolios: nobody waits in a ring", async function () {
    this.timeout(120_000);
    const [mine, theirs] = [bought, other] as const;
    const before = [await booksOf(fixture, mine.portfolioId), await booksOf(fixture, theirs.portfolioId)];
    const entries = await Promise.all(
      Array.from({ length: 12 }, async () => [await paid(mine, "1.00"), await paid(theirs, "1.00")] as const),
    );
    const attempts = entries.flatMap(([first, second], i) => {
      const both = i % 2 === 0 ? [first, second] : [second, first];
      return [...both, ...both.toReversed()].map((entry_id) => fixture.do("reverse-entry", { ...order, entry_id }));
    });
    expect(Object.fromEntries(await outcomes(attempts))).to.deep.equal({ done: 24, reversal_too_large: 24 });
    const after = [await booksOf(fixture, mine.portfolioId), await booksOf(fixture, theirs.portfolioId)];
    expect(after).to.deep.equal(before);
  });

  it("come to one effect when the database sends the work back, a serialisation failure at a time", async function () {
    this.timeout(120_000);
    const before = await booksOf(fixture, bought.portfolioId);
    const entry_id = await paid(bought, "10.00");
    const { store } = fixture.desk;
    let sentBack = 0;
    const failing = new DeskFixture({
      ...store,
      transaction: (scope, work, options = {}) =>
        store.transaction(
          scope,
          async (tx) => {
            const output = await work(tx);
            // the work is done and not yet committed: the worst moment for the race to be lost
            if (options.readOnly !== true && ++sentBack % 3 !== 0) {
              await tx.query("do $$ begin raise exception 'lost a race' using errcode = '40001'; end $$");
            }
            return output;
          },
          options,
        ),
    });
    failing.clockMs = fixture.clockMs;
    const key = { key: "sent-back" };
    const first = await failing.answer("reverse-entry", { ...order, entry_id }, key);
    expect(sentBack, "two attempts were undone").to.equal(3);
    const retry = await fixture.answer("reverse-entry", { ...order, entry_id }, key);
    expect(retry).to.deep.equal({ output: first.output, replayed: true });
    expect(await booksOf(fixture, bought.portfolioId)).to.deep.equal(before);
    failing.remove();
  });
});
