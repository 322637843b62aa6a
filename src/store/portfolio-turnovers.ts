import type { CarryingMethod } from "../../models/portfolio.js";
import type { Tx } from "./transaction.js";

/** A purchase as reports over many portfolios need it. */
export interface PurchasedPortfolio {
  readonly portfolioId: string;
  readonly name: string;
  readonly currency: string;
  readonly quoteNo: number;
  readonly closingOn: string;
  readonly bookedAt: string;
  readonly priceMinor: bigint;
  readonly faceMinor: bigint;
  /** how it was carried on the day, as known at the instant */
  readonly method: CarryingMethod;
}

export interface ReportScope {
  readonly portfolioId?: string | undefined;
  readonly asOf: string;
  /** without it, all that is recorded */
  readonly knownAt?: string | undefined;
}

/** Purchases closed by the day and booked by the instant, by day of closing. */
export async function readPurchasedPortfolios(tx: Tx, of: ReportScope): Promise<PurchasedPortfolio[]> {
  const rows = await tx.query<{
    portfolio_id: string;
    name: string;
    currency: string;
    quote_no: number;
    closing_on: string;
    booked_at: string;
    price_minor: bigint;
    face_minor: bigint;
    method: CarryingMethod | null;
  }>(
    `select p.portfolio_id, f.name, f.currency, p.quote_no, p.closing_on, p.booked_at, p.price_minor, p.face_minor,
            (select b.method from carrying_basis b
              where b.portfolio_id = p.portfolio_id and b.recorded_at <= cast(:knownAt as timestamptz)
                and b.starts_on <= cast(:asOf as date)
              order by b.basis_no desc limit 1) as method
       from purchase p join portfolio f on f.portfolio_id = p.portfolio_id
      where p.closing_on <= cast(:asOf as date) and p.booked_at <= cast(:knownAt as timestamptz)
        and (cast(:portfolioId as text) is null or p.portfolio_id = cast(:portfolioId as text))
      order by p.closing_on, p.portfolio_id`,
    { asOf: of.asOf, knownAt: of.knownAt ?? "infinity", portfolioId: of.portfolioId ?? null },
  );
  return rows.map((r) => ({
    portfolioId: r.portfolio_id,
    name: r.name,
    currency: r.currency,
    quoteNo: r.quote_no,
    closingOn: r.closing_on,
    bookedAt: r.booked_at,
    priceMinor: r.price_minor,
    faceMinor: r.face_minor,
    method: r.method ?? "cost_recovery",
  }));
}

/** What one account of one portfolio moved on a day: debit less credit. */
export interface AccountMovement {
  readonly portfolioId: string;
  readonly account: string;
  readonly day: string;
  readonly amountMinor: bigint;
}

/**
 * Movements of some accounts up to a day, by portfolio, account and day. Days before `from` are taken together under the day
 * before it. Without `knownAt` it is read from the balances, with it from the postings that had been recorded by then.
 */
export async function readMovements(
  tx: Tx,
  of: ReportScope & { accounts: readonly string[]; from?: string },
): Promise<AccountMovement[]> {
  const { portfolioId, asOf, knownAt, accounts, from } = of;
  const day = "greatest(effective_on, cast(:from as date) - 1)";
  const mine = "(cast(:portfolioId as text) is null or portfolio_id = cast(:portfolioId as text))";
  const rows = await tx.query<{ portfolio_id: string; account: string; day: string; amount: bigint }>(
    knownAt === undefined
      ? `select portfolio_id, account_code as account, ${day} as day, sum(debit_minor - credit_minor)::bigint as amount
           from ledger_balance
          where ${mine} and account_code = any(:accounts) and effective_on <= cast(:asOf as date) group by 1, 2, 3
          order by 1, 2, 3`
      : `with known as (
           select portfolio_id, (select sequence from entry e
                                  where e.portfolio_id = h.portfolio_id and e.recorded_at <= cast(:knownAt as timestamptz)
                                  order by sequence desc limit 1) as last_sequence
             from ledger_head h where ${mine}),
         side as (
           select p.portfolio_id, p.debit_account as account, ${day} as day, p.amount_minor as amount
             from posting p join known k on k.portfolio_id = p.portfolio_id and p.sequence <= k.last_sequence
            where p.debit_account = any(:accounts) and p.effective_on <= cast(:asOf as date)
           union all
           select p.portfolio_id, p.credit_account, ${day}, -p.amount_minor
             from posting p join known k on k.portfolio_id = p.portfolio_id and p.sequence <= k.last_sequence
            where p.credit_account = any(:accounts) and p.effective_on <= cast(:asOf as date))
         select portfolio_id, account, day, sum(amount)::bigint as amount from side group by 1, 2, 3 order by 1, 2, 3`,
    {
      asOf,
      accounts: [...accounts],
      from: from ?? "0001-01-02",
      portfolioId: portfolioId ?? null,
      ...(knownAt === undefined ? {} : { knownAt }),
    },
  );
  return rows.map((r) => ({
    portfolioId: r.portfolio_id,
    account: r.account,
    day: r.day,
    amountMinor: r.amount,
  }));
}
