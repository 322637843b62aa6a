import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture, importedPortfolio } from "./desk-fixture.js";

eachDatabase("one order, one effect", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
  });
  after(() => fixture.remove());

  const payment = (amount: string) => ({
    portfolio_id: bought.portfolioId,
    account_number: "A1",
    amount,
    paid_on: "2026-01-15",
  });
  const count = async () => (await fixture.do("list-payments", { portfolio_id: bought.portfolioId })).data.length;

  it("answers a retry with the first answer, and refuses another body by the field that differs", async () => {
    const first = await fixture.answer("record-payment", payment("1.00"), { key: "retry" });
    const second = await fixture.answer("record-payment", payment("1.00"), { key: "retry" });
    expect(first.replayed).to.equal(false);
    expect(second).to.deep.equal({ output: first.output, replayed: true });
    const refusal = await fixture.refusal("record-payment", payment("2.00"), { key: "retry" });
    expect(refusal.code).to.equal("idempotency_key_reused");
    expect(refusal.items[0]?.pointer).to.equal("/amount");
    expect(await count()).to.equal(1);
  });

  it("does an order once when its key comes many times at once", async () => {
    const before = await count();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => fixture.answer("record-payment", payment("3.00"), { key: "at-once" })),
    );
    expect(answers.filter(({ replayed }) => !replayed)).to.have.length(1);
    expect(new Set(answers.map(({ output }) => output.id)).size).to.equal(1);
    expect(await count()).to.equal(before + 1);
  });

  it("leaves nothing behind when it refuses: the key can be used again", async () => {
    const refused = await fixture.refusal(
      "record-payment",
      { ...payment("1.00"), account_number: "none" },
      { key: "k9" },
    );
    expect(refused.code).to.equal("receivable_unknown");
    expect((await fixture.answer("record-payment", payment("1.00"), { key: "k9" })).replayed).to.equal(false);
  });

  it("shows a dry run and changes nothing", async () => {
    const before = await count();
    const { output } = await fixture.answer("record-payment", payment("5.00"), { dryRun: true, key: "dry" });
    expect(output.applied).to.equal("5.00");
    expect(await count()).to.equal(before);
    expect((await fixture.answer("record-payment", payment("5.00"), { key: "dry" })).replayed).to.equal(false);
  });

  it("refuses an act without the key it needs, and one that the roles do not allow", async () => {
    const { perform } = await import("../../src/desk/perform.js");
    const actor = { tenantId: "alpha", actorId: "tester", roles: ["finance"] as const };
    const answer = perform(fixture.desk, "record-payment", payment("1.00"), { actor }).catch((error: unknown) => error);
    const refused = await answer;
    expect(isRefusal(refused) && refused.code).to.equal("idempotency_key_missing");
    const forbidden = await fixture.refusal("record-payment", payment("1.00"), { roles: ["analyst"] });
    expect(forbidden.code).to.equal("forbidden");
  });

  it("lets one of two acceptances at once win", async function () {
    this.timeout(60_000);
    const portfolio_id = await importedPortfolio(fixture, { name: "Contested" });
    const quote = await fixture.do("issue-quote", { portfolio_id });
    const both = await Promise.allSettled([
      fixture.do("accept-quote", { quote_id: quote.id }),
      fixture.do("accept-quote", { quote_id: quote.id }),
    ]);
    const lost = both.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(lost).to.have.length(1);
    expect(isRefusal(lost[0]) && lost[0].code).to.equal("quote_not_open");
    expect((await fixture.do("list-purchases", { portfolio_id })).data).to.have.length(1);
    const entries = await fixture.do("list-entries", { portfolio_id });
    expect(entries.data).to.have.length(1);
  });

  it("keeps the ledger without a gap under payments at once", async function () {
    this.timeout(60_000);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        fixture.do("record-payment", { ...payment("0.10"), account_number: `A${(i % 5) + 1}` }),
      ),
    );
    const entries = await fixture.do("list-entries", { portfolio_id: bought.portfolioId, limit: 1000 });
    const sequences = entries.data.map(({ sequence }) => sequence);
    expect(sequences).to.deep.equal(sequences.map((_, i) => i + 1));
  });
});
