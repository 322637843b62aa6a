import type { EntryKind } from "../../models/entry.js";
import type { Tx } from "./transaction.js";

/** One entry of a facility as it concerns the business: what moved its reserve, its debt, and cash. */
export interface StatementLine {
  readonly sequence: bigint;
  readonly kind: EntryKind;
  readonly effectiveOn: string;
  readonly invoiceNumber: string | null;
  readonly debtorId: string | null;
  /** cash to the factor; below zero is cash to the business */
  readonly cashMinor: bigint;
  readonly reserveMinor: bigint;
  readonly owedMinor: bigint;
  readonly feesMinor: bigint;
}

interface LineRow {
  sequence: bigint;
  kind: EntryKind;
  effective_on: string;
  invoice_number: string | null;
  debtor_id: string | null;
  cash: bigint;
  reserve: bigint;
  owed: bigint;
  fees: bigint;
}

/** What an account gained (debit less credit) in the postings of an entry. */
const gained = (account: string) =>
  `sum(case when p.debit_account = '${account}' then p.amount_minor when p.credit_account = '${account}'
        then -p.amount_minor else 0 end)::bigint`;

/** The entries of some days, in their order. */
export async function statementLines(
  tx: Tx,
  of: { portfolioId: string; from: string; to: string },
): Promise<StatementLine[]> {
  const rows = await tx.query<LineRow>(
    `select e.sequence, e.kind, e.effective_on, max(i.invoice_number) as invoice_number, max(i.debtor_id) as debtor_id,
            ${gained("1000")} as cash, -${gained("2200")} as reserve, ${gained("1250")} as owed,
            -${gained("4600")} as fees
       from entry e
       join posting p on p.portfolio_id = e.portfolio_id and p.sequence = e.sequence
       left join factoring_event v on v.portfolio_id = e.portfolio_id and v.sequence = e.sequence
       left join factored_invoice i on i.portfolio_id = v.portfolio_id and i.invoice_no = v.invoice_no
      where e.portfolio_id = :portfolio and e.effective_on >= :from and e.effective_on <= :to
      group by e.sequence, e.kind, e.effective_on order by e.effective_on, e.sequence`,
    { portfolio: of.portfolioId, from: of.from, to: of.to },
  );
  return rows.map((row) => ({
    sequence: row.sequence,
    kind: row.kind,
    effectiveOn: row.effective_on,
    invoiceNumber: row.invoice_number,
    debtorId: row.debtor_id,
    cashMinor: row.cash,
    reserveMinor: row.reserve,
    owedMinor: row.owed,
    feesMinor: row.fees,
  }));
}

/** The reserve and the debt of the business when a day begins, by the ledger. */
export async function standingBefore(
  tx: Tx,
  of: { portfolioId: string; day: string },
): Promise<{ readonly reserveMinor: bigint; readonly owedMinor: bigint }> {
  const rows = await tx.query<{ account_code: string; balance: bigint }>(
    `select account_code, sum(debit_minor - credit_minor)::bigint as balance from ledger_balance
      where portfolio_id = ? and account_code in ('2200', '1250') and effective_on < ? group by account_code`,
    [of.portfolioId, of.day],
  );
  const balances = new Map(rows.map((row) => [row.account_code, row.balance]));
  return { reserveMinor: -(balances.get("2200") ?? 0n), owedMinor: balances.get("1250") ?? 0n };
}
