import { expect } from "chai";
import type { DeskFixture } from "./desk-fixture.js";

interface Sums {
  readonly [name: string]: bigint;
}

/** Sums that must agree, read by SQL past every line of the product's code. */
async function sumsOf(fixture: DeskFixture, portfolioId: string): Promise<Sums> {
  const [row] = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
    tx.query<Sums>(
      `with balance as (
         select account_code as account, sum(debit_minor - credit_minor)::bigint as amount
           from ledger_balance where portfolio_id = :id group by 1),
       replayed as (
         select account, sum(amount)::bigint as amount from (
           select debit_account as account, amount_minor as amount from posting where portfolio_id = :id
           union all select credit_account, -amount_minor from posting where portfolio_id = :id) as side group by 1),
       of as (
         select coalesce(sum(amount) filter (where account = '9000'), 0)::bigint as principal,
                coalesce(sum(amount) filter (where account = '9010'), 0)::bigint as interest,
                coalesce(sum(amount) filter (where account = '9020'), 0)::bigint as fees,
                coalesce(sum(amount) filter (where account = '9030'), 0)::bigint as court_costs,
                coalesce(sum(amount) filter (where account = '1300'), 0)::bigint as advanced,
                coalesce(-sum(amount) filter (where account = '2100'), 0)::bigint as unapplied,
                coalesce(-sum(amount) filter (where account in ('4000', '2100')), 0)::bigint as came,
                coalesce(sum(amount) filter (where account = '5000'), 0)::bigint as commission,
                coalesce(sum(amount) filter (where account in ('1500', '4900', '4910', '4930', '4530', '3900', '1950')), 0)::bigint as cost,
                coalesce(sum(amount) filter (where account = '1500'), 0)::bigint as carrying,
                coalesce(-sum(amount) filter (where account = '4100'), 0)::bigint as refunds,
                coalesce(-sum(amount) filter (where account = '4200'), 0)::bigint as proceeds,
                coalesce(sum(amount) filter (where account = '4930'), 0)::bigint as sold,
                coalesce(sum(amount), 0)::bigint as unbalanced
           from balance),
       held as (
         select sum(claim_minor - interest_minor - fees_minor - court_costs_minor)::bigint as position_principal,
                sum(interest_minor)::bigint as position_interest, sum(fees_minor)::bigint as position_fees,
                sum(court_costs_minor)::bigint as position_court_costs, sum(advance_minor)::bigint as position_advanced,
                sum(unapplied_minor)::bigint as position_unapplied, sum(collected_minor)::bigint as position_came,
                sum(commission_minor)::bigint as position_commission,
                (sum(claim_minor) filter (where state not in ('owned')))::bigint as claim_of_others
           from position where portfolio_id = :id),
       changed as (
         select coalesce(sum(principal_minor + interest_minor + fees_minor + court_costs_minor), 0)::bigint as by_events,
                (select coalesce(sum(applied_minor), 0)::bigint from payment where portfolio_id = :id) as by_payments
           from claim_event where portfolio_id = :id)
       select of.*, held.*, changed.*,
              (select count(*) from balance b full join replayed r on r.account = b.account
                where coalesce(b.amount, 0) <> coalesce(r.amount, 0)) as differences,
              (select count(*) from entry where portfolio_id = :id) as entries,
              (select last_sequence from ledger_head where portfolio_id = :id) as last_sequence,
              (select price_minor from purchase where portfolio_id = :id) as price,
              (select coalesce(sum(coalesce(accepted_minor, refund_minor)), 0)::bigint
                 from put_back where portfolio_id = :id) as put_backs,
              (select coalesce(sum(proceeds_minor), 0)::bigint from resale_receivable where portfolio_id = :id) as resold,
              (select coalesce(sum(carrying_minor), 0)::bigint
                 from resale_receivable where portfolio_id = :id) as resold_carrying
         from of, held, changed`,
      { id: portfolioId },
    ),
  );
  return row!;
}

/** Expects that the books of a portfolio under cost recovery balance, can be replayed, and agree with every sub-ledger. */
export async function expectProved(fixture: DeskFixture, portfolioId: string): Promise<void> {
  const s = await sumsOf(fixture, portfolioId);
  expect(s.differences, "balances that the postings do not give").to.equal(0n);
  expect(s.unbalanced).to.equal(0n);
  expect(s.entries, "a gap in the sequence").to.equal(s.last_sequence);
  for (const part of ["principal", "interest", "fees", "court_costs"]) {
    expect(s[part], `9000 to 9030 and the claims: ${part}`).to.equal(s[`position_${part}`]);
  }
  expect(s.claim_of_others ?? 0n, "claims on what is not open").to.equal(0n);
  expect(s.advanced, "1300 and the advances").to.equal(s.position_advanced);
  expect(s.unapplied, "2100 and the unapplied parts").to.equal(s.position_unapplied);
  expect(s.came, "4000 and 2100 and what came in").to.equal(s.position_came);
  expect(s.commission, "5000 and the commissions").to.equal(s.position_commission);
  expect(s.cost, "1500, what has moved it, and the price").to.equal(s.price);
  expect(s.refunds, "4100 and the put-backs").to.equal(s.put_backs);
  expect(s.proceeds, "4200 and the sales").to.equal(s.resold);
  expect(s.sold, "4930 and what was sold").to.equal(s.resold_carrying);
  expect(s.carrying! >= 0n, "carried below zero").to.equal(true);
  const { differences } = await fixture.do("verify-books", { portfolio_id: portfolioId });
  expect(differences, "the product's own proof").to.deep.equal([]);
}
