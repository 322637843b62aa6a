import { expect } from "chai";
import fc from "fast-check";
import type { ActInput } from "../../models/acts.js";
import { childId } from "../../models/record-id.js";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { expectProved } from "./book-proof.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";
import { booksOf } from "./whole-books.js";

const account = fc.integer({ min: 1, max: 4 }).map((n) => `A${n}`);
const amount = fc.integer({ min: 1, max: 40_000 }).map((cents) => (cents / 100).toFixed(2));
const place = fc.nat({ max: 40 });
const on = "2026-01-15";

const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("pay" as const),
      account,
      amount,
      channel: fc.constantFrom("own" as const, "agency" as const, "direct" as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("cost" as const), account, amount, recoverable: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("adjust" as const), account, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("settle" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("apply" as const), account, other: account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("put_back" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("answer" as const), account, amount, yes: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sell" as const), account, other: account, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("refund" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("carry" as const), amount, up: fc.boolean() }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("reverse" as const),
      place,
      part: fc.option(amount, { nil: undefined, freq: 1 }),
      line: fc.constantFrom(undefined, undefined, undefined, 2, 3),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("correct" as const),
      place,
      amount,
      account: fc.option(account, { nil: undefined, freq: 1 }),
    }),
  },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

eachDatabase("taking back and correcting at random", (open) => {
  let fixture: DeskFixture;
  let agency_id: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    agency_id = (await fixture.do("register-agency", { name: "Able" })).id;
  });
  after(() => fixture.remove());

  async function placed(): Promise<Bought> {
    const bought = await boughtPortfolio(fixture, { rows: 8 });
    await fixture.do("place-receivables", {
      portfolio_id: bought.portfolioId,
      agency_id,
      placed_on: on,
      commission: { rate: "0.3333" },
      receivables: { account_numbers: ["A2", "A3"] },
    });
    return bought;
  }

  /** One of the entries after the purchase. */
  async function entryAt(portfolio_id: string, at: number): Promise<string> {
    const [head] = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query<{ last: bigint }>("select last_sequence as last from ledger_head where portfolio_id = ?", [
        portfolio_id,
      ]),
    );
    return childId("en", portfolio_id, 2 + (at % Math.max(1, Number(head!.last) - 1)));
  }

  async function happen(
    { portfolioId: portfolio_id, purchaseId: purchase_id }: Bought,
    what: Operation,
  ): Promise<void> {
    if (what.kind === "pay") {
      const { account: account_number, channel } = what;
      await fixture.do("record-payment", { portfolio_id, account_number, channel, amount: what.amount, paid_on: on });
    } else if (what.kind === "cost") {
      const cost = { portfolio_id, cost_type: "court" as const, incurred_on: on, recoverable: what.recoverable };
      await fixture.do("record-cost", { ...cost, amount: what.amount, account_number: what.account });
    } else if (what.kind === "adjust") {
      const adjustments = [{ account_number: what.account, component: "interest" as const, amount: what.amount }];
      await fixture.do("adjust-claims", { portfolio_id, adjusted_on: on, reason: "interest_accrued", adjustments });
    } else if (what.kind === "settle") {
      await fixture.do("settle-receivable", { portfolio_id, account_number: what.account, settled_on: on });
    } else if (what.kind === "apply") {
      const { account: from_account_number, other: account_number } = what;
      await fixture.do("apply-unapplied", { portfolio_id, from_account_number, account_number, applied_on: on });
    } else if (what.kind === "put_back") {
      const put = { account_numbers: [what.account], reason: "other" as const, put_back_on: on };
      await fixture.do("put-back-receivables", { purchase_id, ...put });
    } else if (what.kind === "answer") {
      const answer = { purchase_id, account_numbers: [what.account], answered_on: on };
      const accepted = { decision: "accepted" as const, accepted_amount: what.amount };
      await fixture.do("answer-put-back", { ...answer, ...(what.yes ? accepted : { decision: "refused" as const }) });
    } else if (what.kind === "sell") {
      const account_numbers = [what.account, what.other];
      const sale = { portfolio_id, account_numbers, buyer: "Baker", proceeds: what.amount, sold_on: on };
      await fixture.do("sell-receivables", sale);
    } else if (what.kind === "refund") {
      await fixture.do("refund-debtor", { portfolio_id, account_number: what.account, refunded_on: on });
    } else if (what.kind === "carry") {
      const change = { reason: "impairment" as const, effective_on: on, amount: `${what.up ? "" : "-"}${what.amount}` };
      await fixture.do("adjust-carrying-amount", { portfolio_id, ...change });
    } else if (what.kind === "reverse") {
      const { part, line } = what;
      const order: ActInput<"reverse-entry"> = {
        entry_id: await entryAt(portfolio_id, what.place),
        reversed_on: on,
        reason: "error",
        ...(part === undefined ? {} : { amount: part }),
        ...(line === undefined ? {} : { lines: [line] }),
      };
      await fixture.do("reverse-entry", order);
    } else {
      const fields = what.account === undefined ? {} : { account_number: what.account };
      const entry_id = await entryAt(portfolio_id, what.place);
      await fixture.do("correct-entry", { entry_id, reason: "error", with: { amount: what.amount, ...fields } });
    }
  }

  it("leaves the books proved, whatever was taken back; and what is refused leaves them alone", async function () {
    this.timeout(240_000);
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 30, maxLength: 50 }), async (operations) => {
        const bought = await placed();
        for (const what of operations) {
          const before = await booksOf(fixture, bought.portfolioId);
          try {
            await happen(bought, what);
            kinds.add(what.kind);
          } catch (error) {
            if (!isRefusal(error)) throw error;
            expect(await booksOf(fixture, bought.portfolioId), `${error.code} moved something`).to.deep.equal(before);
          }
        }
        await expectProved(fixture, bought.portfolioId);
        const { differences } = await fixture.do("verify-books", { portfolio_id: bought.portfolioId });
        expect(differences).to.deep.equal([]);
      }),
      { numRuns: 6, seed: 20_261_122, endOnFailure: true },
    );
    expect([...kinds]).to.include.members(["pay", "cost", "adjust", "reverse", "correct"]);
  });
});
