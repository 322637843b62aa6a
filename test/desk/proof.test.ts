import { expect } from "chai";
import fc from "fast-check";
import { claimComponents } from "../../models/claim.js";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { expectProved } from "./book-proof.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const account = fc.integer({ min: 1, max: 5 }).map((n) => `A${n}`);
const cents = fc.integer({ min: -20_000, max: 40_000 }).map((value) => (value / 100).toFixed(2));
const paidOn = fc.integer({ min: 1, max: 15 }).map((day) => `2026-01-${String(day).padStart(2, "0")}`);
const other = fc.integer({ min: 1, max: 5 }).map((n) => `A${n}`);
const plus = fc.integer({ min: 1, max: 20_000 }).map((value) => (value / 100).toFixed(2));
const on = "2026-01-15";

/** What can happen to a portfolio, each with the weight it has among the others. */
const operation = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("pay" as const),
      account,
      cents,
      paidOn,
      channel: fc.constantFrom("own" as const, "agency" as const, "direct" as const),
      number: fc.integer({ min: 1, max: 1_000_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("bounce" as const), place: fc.nat({ max: 9 }), share: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("put_back" as const), account }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      account,
      decision: fc.constantFrom("accepted" as const, "refused" as const),
      less: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("place" as const),
      account,
      remittance: fc.constantFrom("net" as const, "gross" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("cost" as const), cents, account, recoverable: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("adjust" as const),
      account,
      cents,
      component: fc.constantFrom(...claimComponents),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("terms" as const),
      waterfall: fc.shuffledSubarray([...claimComponents], { minLength: 4 }),
      overpayment: fc.constantFrom("unapplied" as const, "refund" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("settle" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("give_up" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("refund" as const), account }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("apply" as const), account, other }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sell" as const), account, other, plus }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("commission" as const), plus }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

eachDatabase("the books, whatever happens", (open) => {
  let fixture: DeskFixture;
  let agencyId: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    agencyId = (await fixture.do("register-agency", { name: "Able" })).id;
  });
  after(() => fixture.remove());

  /** Does it, or is refused. `paid` are the numbers of payments that may bounce. */
  async function happen(bought: Bought, what: Operation, paid: { id: string; of: Operation }[]): Promise<void> {
    const { portfolioId: portfolio_id, purchaseId: purchase_id } = bought;
    switch (what.kind) {
      case "pay": {
        const { account: account_number, cents: amount, paidOn: paid_on, channel } = what;
        const external_id = `P-${what.number}`;
        await fixture.do("record-payment", { portfolio_id, account_number, amount, paid_on, channel, external_id });
        paid.push({ id: external_id, of: what });
        return;
      }
      case "bounce": {
        const { id, of } = paid[what.place % Math.max(1, paid.length)] ?? {};
        if (of?.kind !== "pay" || id === undefined) return;
        const amount = (-Number(of.cents) * (what.share ? 0.5 : 1)).toFixed(2);
        const payment = { portfolio_id, account_number: of.account, amount, paid_on: on, reverses: id };
        await fixture.do("record-payment", payment);
        return;
      }
      case "put_back": {
        const put = { purchase_id, account_numbers: [what.account], reason: "other" as const, put_back_on: on };
        await fixture.do("put-back-receivables", put);
        return;
      }
      case "answer": {
        const { decision, account: answered, less } = what;
        const accepted = decision === "accepted" && less ? { accepted_amount: "0.01" } : {};
        const answer = { purchase_id, account_numbers: [answered], decision, answered_on: on, ...accepted };
        await fixture.do("answer-put-back", answer);
        return;
      }
      case "place":
        await fixture.do("place-receivables", {
          portfolio_id,
          agency_id: agencyId,
          placed_on: on,
          commission: { rate: "0.3333" },
          remittance: what.remittance,
          receivables: { account_numbers: [what.account] },
        });
        return;
      case "cost":
        await fixture.do("record-cost", {
          portfolio_id,
          cost_type: "court",
          amount: what.cents,
          incurred_on: on,
          account_number: what.account,
          recoverable: what.recoverable,
        });
        return;
      default:
        return claimHappens(portfolio_id, what);
    }
  }

  async function claimHappens(portfolio_id: string, what: Operation): Promise<void> {
    switch (what.kind) {
      case "adjust": {
        const adjustments = [{ account_number: what.account, component: what.component, amount: what.cents }];
        await fixture.do("adjust-claims", { portfolio_id, adjusted_on: on, reason: "correction", adjustments });
        return;
      }
      case "terms": {
        const { waterfall, overpayment } = what;
        await fixture.do("set-collection-terms", { portfolio_id, waterfall, overpayment });
        return;
      }
      case "settle":
        await fixture.do("settle-receivable", { portfolio_id, account_number: what.account, settled_on: on });
        return;
      case "give_up":
        await fixture.do("write-off-court-cost", { portfolio_id, account_number: what.account, written_off_on: on });
        return;
      case "refund":
        await fixture.do("refund-debtor", { portfolio_id, account_number: what.account, refunded_on: on });
        return;
      case "apply": {
        const { account: from_account_number, other: account_number } = what;
        await fixture.do("apply-unapplied", { portfolio_id, from_account_number, account_number, applied_on: on });
        return;
      }
      case "sell": {
        const account_numbers = [what.account, what.other];
        const sale = { portfolio_id, account_numbers, buyer: "Next", proceeds: what.plus, sold_on: on };
        await fixture.do("sell-receivables", sale);
        return;
      }
      case "commission": {
        const payment = { portfolio_id, agency_id: agencyId, amount: what.plus, paid_on: on };
        await fixture.do("pay-commission", payment);
      }
    }
  }

  it("balance, agree with the positions, and can be replayed from the postings", async function () {
    this.timeout(120_000);
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 30, maxLength: 80 }), async (operations) => {
        const bought = await boughtPortfolio(fixture, { rows: 14 });
        let done = 0;
        const paid: { id: string; of: Operation }[] = [];
        for (const what of operations) {
          try {
            await happen(bought, what, paid);
            done++;
            kinds.add(what.kind);
          } catch (error) {
            if (!isRefusal(error)) throw error;
          }
        }
        await expectProved(fixture, bought.portfolioId);
        expect(done).to.be.greaterThan(0);
      }),
      { numRuns: 12, seed: 20_261_122 },
    );
    expect(kinds.size, `what was done at least once: ${[...kinds].join(", ")}`).to.equal(14);
  });
});
