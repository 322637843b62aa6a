import type { DeskFixture } from "./desk-fixture.js";

/**
 * What the books and their sub-ledgers come to, read by SQL past every line of the product's code: each account's
 * balance and each position as it stands, and the sums of the records behind them.
 */
export async function booksOf(fixture: DeskFixture, portfolioId: string): Promise<unknown> {
  return fixture.desk.store.transaction({ tenantId: "alpha" }, async (tx) => ({
    balances: await tx.query(
      `select account_code, sum(debit_minor - credit_minor)::text as balance from ledger_balance
        where portfolio_id = ? group by 1 having sum(debit_minor - credit_minor) <> 0 order by 1`,
      [portfolioId],
    ),
    positions: await tx.query(
      "select to_jsonb(p)::text as position from position p where portfolio_id = ? order by 1",
      [portfolioId],
    ),
    payments: await tx.query(
      `select receivable_no, channel, agency_id, sum(amount_minor)::text as amount, sum(applied_minor)::text as applied,
              sum(unapplied_minor)::text as unapplied, sum(commission_minor)::text as commission
         from payment where portfolio_id = ? group by 1, 2, 3
       having sum(amount_minor) <> 0 or sum(commission_minor) <> 0 order by 1, 2, 3`,
      [portfolioId],
    ),
    costs: await tx.query(
      `select cost_type, receivable_no, agency_id, sum(amount_minor)::text as amount from cost
        where portfolio_id = ? group by 1, 2, 3 having sum(amount_minor) <> 0 order by 1, 2, 3`,
      [portfolioId],
    ),
  }));
}
