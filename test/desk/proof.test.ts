import { expect } from "chai";
import fc from "fast-check";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const account = fc.integer({ min: 1, max: 12 }).map((n) => `A${n}`);
const cents = fc.integer({ min: -20_000, max: 30_000 }).map((value) => (value / 100).toFixed(2));
const paidOn = fc.integer({ min: 1, max: 15 }).map((day) => `2026-01-${String(day).padStart(2, "0")}`);
const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("pay" as const),
      account,
      cents,
      paidOn,
      channel: fc.constantFrom("own" as const, "agency" as const, "direct" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("put_back" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("place" as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cost" as const), cents }) },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

interface Sums {
  readonly [name: string]: bigint;
}

eachDatabase("the books, whatever happens", (open) => {
  let fixture: DeskFixture;
  let agencyId: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    agencyId = (await fixture.do("register-agency", { name: "Able" })).id;
  });
  after(() => fixture.remove());

  async function happen(bought: Bought, what: Operation): Promise<void> {
    const { portfolioId: portfolio_id, purchaseId: purchase_id } = bought;
    if (what.kind === "pay") {
      const { account: account_number, cents: amount, paidOn: paid_on, channel } = what;
      await fixture.do("record-payment", { portfolio_id, account_number, amount, paid_on, channel });
    } else if (what.kind === "put_back") {
      const account_numbers = [what.account];
      await fixture.do("put-back-receivables", {
        purchase_id,
        account_numbers,
        reason: "other",
        put_back_on: "2026-01-15",
      });
    } else if (what.kind === "place") {
      await fixture.do("place-receivables", {
        portfolio_id,
        agency_id: agencyId,
        placed_on: "2026-01-15",
        commission: { rate: "0.3333" },
        receivables: { account_numbers: [what.account] },
      });
    } else {
      await fixture.do("record-cost", {
        portfolio_id,
        cost_type: "other",
        amount: what.cents,
        incurred_on: "2026-01-15",
      });
    }
  }

  /** Sums that must agree, read by SQL past every line of the product's code. */
  async function sums(portfolioId: string): Promise<Sums> {
    const [row] = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query<Sums>(
        `with balance as (
           select account_code, sum(debit_minor - credit_minor)::bigint as amount
             from ledger_balance where portfolio_id = :id group by 1),
         replayed as (
           select account, sum(amount)::bigint as amount from (
             select debit_account as account, amount_minor as amount from posting where portfolio_id = :id
             union all select credit_account, -amount_minor from posting where portfolio_id = :id) as side group by 1)
         select (select count(*) from balance b full join replayed r on r.account = b.account_code
                  where coalesce(b.amount, 0) <> coalesce(r.amount, 0)) as differences,
                (select coalesce(sum(amount), 0)::bigint from balance) as unbalanced,
                (select count(*) from entry where portfolio_id = :id) as entries,
                (select last_sequence from ledger_head where portfolio_id = :id) as last_sequence,
                (select coalesce(sum(amount), 0)::bigint from balance where account_code = '9000') as claims,
                (select sum(claim_minor)::bigint from position where portfolio_id = :id) as position_claims,
                (select coalesce(-sum(amount), 0)::bigint from balance where account_code = '2100') as unapplied,
                (select sum(unapplied_minor)::bigint from position where portfolio_id = :id) as position_unapplied,
                (select coalesce(-sum(amount), 0)::bigint from balance where account_code in ('4000', '2100')) as came,
                (select sum(collected_minor)::bigint from position where portfolio_id = :id) as position_came,
                (select coalesce(sum(amount), 0)::bigint from balance where account_code = '5000') as commission,
                (select sum(commission_minor)::bigint from position where portfolio_id = :id) as position_commission,
                (select coalesce(sum(amount), 0)::bigint from balance where account_code in ('1500', '4900', '4910')) as cost,
                (select price_minor from purchase where portfolio_id = :id) as price,
                (select coalesce(sum(amount), 0)::bigint from balance where account_code = '1500') as carrying`,
        { id: portfolioId },
      ),
    );
    return row!;
  }

  it("balance, agree with the positions, and can be replayed from the postings", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40 }), async (operations) => {
        const bought = await boughtPortfolio(fixture, { rows: 14 });
        let done = 0;
        for (const what of operations) {
          try {
            await happen(bought, what);
            done++;
          } catch (error) {
            if (!isRefusal(error)) throw error;
          }
        }
        const s = await sums(bought.portfolioId);
        expect(s.differences, "balances that the postings do not give").to.equal(0n);
        expect(s.unbalanced).to.equal(0n);
        expect(s.entries, "a gap in the sequence").to.equal(s.last_sequence);
        expect(s.claims, "9000 and the claims").to.equal(s.position_claims);
        expect(s.unapplied, "2100 and the unapplied parts").to.equal(s.position_unapplied);
        expect(s.came, "4000 and 2100 and what came in").to.equal(s.position_came);
        expect(s.commission, "5000 and the commissions").to.equal(s.position_commission);
        expect(s.cost, "1500, 4900 and 4910 and the price").to.equal(s.price);
        expect(s.carrying! >= 0n, "carried below zero").to.equal(true);
        expect(done).to.be.greaterThan(0);
      }),
      { numRuns: 6, seed: 20_261_122 },
    );
  });
});
