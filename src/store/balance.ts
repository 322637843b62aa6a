import { arrayBytes } from "./array-bytes.js";
import type { NewEntry } from "./ledger.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

const addBalanceRows = kept(
  `insert into ledger_balance as b (portfolio_id, tenant_id, account_code, effective_on, debit_minor, credit_minor)
   select ?, ?, a, e, d, c from unnest(?::text[], ?::date[], ?::bigint[], ?::bigint[]) as s(a, e, d, c)
   on conflict (portfolio_id, account_code, effective_on) do update
      set debit_minor = b.debit_minor + excluded.debit_minor, credit_minor = b.credit_minor + excluded.credit_minor`,
);

export interface Turnover {
  readonly account: string;
  readonly day: string;
  debit: bigint;
  credit: bigint;
}

/** What entries move on each account and day, sorted by both. */
export function turnoversOf(entries: readonly Pick<NewEntry, "effectiveOn" | "postings">[]): Turnover[] {
  const rows: Turnover[] = [];
  const days = new Map<string, Map<string, Turnover>>();
  const turnoverOf = (account: string, day: string) => {
    let ofDay = days.get(day);
    if (ofDay === undefined) {
      ofDay = new Map();
      days.set(day, ofDay);
    }
    let turnover = ofDay.get(account);
    if (turnover === undefined) {
      turnover = { account, day, debit: 0n, credit: 0n };
      ofDay.set(account, turnover);
      rows.push(turnover);
    }
    return turnover;
  };
  for (const { effectiveOn, postings } of entries) {
    for (const { debit, credit, amountMinor } of postings) {
      turnoverOf(debit, effectiveOn).debit += amountMinor;
      turnoverOf(credit, effectiveOn).credit += amountMinor;
    }
  }
  return rows.sort((a, b) => (a.account === b.account ? (a.day < b.day ? -1 : 1) : a.account < b.account ? -1 : 1));
}

/** Adds to the balance of each account and day, in sorted order, so that no two transactions can wait for each other in a ring. */
export async function addToBalances(tx: Tx, portfolioId: string, rows: readonly Turnover[]): Promise<void> {
  await tx.execute(addBalanceRows, [
    portfolioId,
    tx.tenantId,
    arrayBytes("text", rows, (r) => r.account),
    arrayBytes("date", rows, (r) => r.day),
    arrayBytes("bigint", rows, (r) => r.debit),
    arrayBytes("bigint", rows, (r) => r.credit),
  ]);
}
