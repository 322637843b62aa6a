import { headAccounts } from "./ledger.js";
import type { BookCheck } from "./verification.js";

/** The balance of accounts (debit less credit), as a sub-select. */
const balance = (...accounts: string[]) => `
  (select coalesce(sum(debit_minor - credit_minor), 0)::bigint from ledger_balance
    where portfolio_id = :portfolio and account_code in (${accounts.map((code) => `'${code}'`).join(", ")}))`;

const sumOf = (amount: string, table: string) =>
  `(select coalesce(sum(${amount}), 0)::bigint from ${table} where portfolio_id = :portfolio)`;

/** A control account against its sub-ledger: one figure each. */
function control(check: string, about: string, sides: { account: string; subLedger: string }): BookCheck {
  return {
    check,
    about,
    money: true,
    compared: "select 1 as compared",
    differences: `select '${check}' as place, sub_ledger::text as expected, control::text as found
                    from (select ${sides.account} as control, ${sides.subLedger} as sub_ledger) as figures
                   where control <> sub_ledger`,
  };
}

const headCheck: BookCheck = {
  check: "head",
  about: "The balances at the head of the ledger are the sums over the days",
  money: true,
  compared: `select ${headAccounts.length} as compared`,
  differences: `
    select 'account ' || account as place, days::text as expected, kept::text as found
      from ledger_head h
     cross join lateral (values ${headAccounts.map((code) => `('${code}', h.balance_${code}, ${balance(code)})`).join(", ")})
                        as s(account, kept, days)
     where h.portfolio_id = :portfolio and kept <> days`,
};

/** Control accounts against what they control, and what is kept of receivables against what happened to them. */
export const subLedgerChecks: readonly BookCheck[] = [
  headCheck,
  control("claims", "9000 to 9030: what debtors owe is the sum over the receivables", {
    account: balance("9000", "9010", "9020", "9030"),
    subLedger: sumOf("claim_minor", "position"),
  }),
  control("unapplied_cash", "2100: unapplied cash is the sum over the receivables", {
    account: `-${balance("2100")}`,
    subLedger: sumOf("unapplied_minor", "position"),
  }),
  control("collected", "4000 and 2100: what came in is the sum over the receivables", {
    account: `-${balance("4000", "2100")}`,
    subLedger: sumOf("collected_minor", "position"),
  }),
  control("payments", "4000 and 2100: what came in is the sum of the payments, and of what else happened to claims", {
    account: `-${balance("4000", "2100")}`,
    subLedger: `(${sumOf("amount_minor", "payment")} + ${sumOf("collected_minor", "claim_event")})`,
  }),
  control("court_costs_advanced", "1300: court costs advanced are the sum over the receivables", {
    account: balance("1300"),
    subLedger: sumOf("advance_minor", "position"),
  }),
  control("commission", "5000: commission is the sum over the receivables", {
    account: balance("5000"),
    subLedger: sumOf("commission_minor", "position"),
  }),
  control("costs", "5100 to 5900, 1300, 4920: costs, advanced and recovered ones among them, are those recorded", {
    account: balance("5100", "5200", "5300", "5400", "5500", "5600", "5900", "1300", "4920"),
    subLedger: sumOf("amount_minor", "cost"),
  }),
  control("put_backs", "4100: refunds are the sum of what was put back", {
    account: `-${balance("4100")}`,
    subLedger: sumOf("coalesce(accepted_minor, refund_minor)", "put_back"),
  }),
  control("proceeds", "4200: proceeds of resale are the sum over the receivables sold", {
    account: `-${balance("4200")}`,
    subLedger: sumOf("proceeds_minor", "resale_receivable"),
  }),
  control("sold", "4930: the cost of what was sold is the sum over the receivables sold", {
    account: balance("4930"),
    subLedger: sumOf("carrying_minor", "resale_receivable"),
  }),
  control("investment", "1500: the price is what is carried, with all that has moved it since put back", {
    account: balance("1500", "4900", "4910", "4930", "4500", "4510", "4520", "4530", "3900", "1950"),
    subLedger: sumOf("price_minor", "purchase"),
  }),
  control("revenue", "4500, 4510, 4520: revenue and changes in recoveries are the sum of the months accrued", {
    account: `-${balance("4500", "4510", "4520")}`,
    subLedger: `(select coalesce(sum(revenue_minor + change_current_minor + change_future_minor), 0)::bigint
                   from (select distinct on (month) * from revenue_month
                          where portfolio_id = :portfolio order by month, revision desc) as accrued)`,
  }),
  control("allocated_price", "The costs of the receivables sum to the price", {
    account: sumOf("price_minor", "purchase"),
    subLedger: sumOf("cost_minor", "position"),
  }),
  control("bought_face", "The faces of the receivables sum to the face bought", {
    account: sumOf("face_minor", "purchase"),
    subLedger: sumOf("face_minor", "position"),
  }),
  {
    check: "receivable",
    about: "What a receivable has collected is the sum of its payments and of what else happened to it",
    money: true,
    compared: "select count(*) as compared from position where portfolio_id = :portfolio",
    differences: `
      with paid as (
        select receivable_no, sum(amount_minor) as amount, sum(commission_minor) as commission
          from payment where portfolio_id = :portfolio group by receivable_no),
      happened as (
        select receivable_no, sum(collected_minor) as amount
          from claim_event where portfolio_id = :portfolio group by receivable_no)
      select 'receivable ' || receivable_no || ', ' || measure as place, came::bigint::text as expected, kept::text as found
        from (select * from position where portfolio_id = :portfolio) c
        full join paid p using (receivable_no)
        left join happened h using (receivable_no)
       cross join lateral (values
         ('collected', coalesce(p.amount, 0) + coalesce(h.amount, 0), coalesce(c.collected_minor, 0)),
         ('commission', coalesce(p.commission, 0), coalesce(c.commission_minor, 0))) as m(measure, came, kept)
       where came <> kept`,
  },
  {
    check: "placement",
    about: "A placement has as many receivables with the agency as name it",
    money: false,
    compared: "select count(*) as compared from placement where portfolio_id = :portfolio",
    differences: `
      with named as (
        select placement_no, count(*) as receivables from position
         where portfolio_id = :portfolio and placement_no is not null group by placement_no)
      select 'placement ' || coalesce(p.placement_no, n.placement_no) as place,
             coalesce(n.receivables, 0)::text as expected, coalesce(p.still_placed, 0)::text as found
        from (select placement_no, still_placed from placement where portfolio_id = :portfolio) p
        full join named n on n.placement_no = p.placement_no
       where coalesce(n.receivables, 0) <> coalesce(p.still_placed, 0)`,
  },
];

/** What was recorded against the entry that booked it, of entries since `from`. */
export const sourceChecks: readonly BookCheck[] = [
  {
    check: "payment",
    about: "Every payment has an entry of its receivable and its amount, and every entry of a payment its payment",
    money: false,
    compared: `select count(*) as compared from payment
                where portfolio_id = :portfolio and sequence > :from and sequence <= :last`,
    differences: `
      with booked as (
        select e.sequence, e.receivable_no, coalesce(m.amount, 0) as amount
          from (select sequence, receivable_no from entry
                 where portfolio_id = :portfolio and sequence > :from and sequence <= :last
                   and source_kind = 'payment') e
          left join (select sequence,
                            sum(case when credit_account in ('4000', '2100') then amount_minor else 0 end
                                - case when debit_account in ('4000', '2100') then amount_minor else 0 end)::bigint as amount
                       from posting
                      where portfolio_id = :portfolio and sequence > :from and sequence <= :last
                        and (credit_account in ('4000', '2100') or debit_account in ('4000', '2100'))
                      group by sequence) m on m.sequence = e.sequence)
      select 'entry ' || coalesce(p.sequence, b.sequence) as place,
             coalesce('receivable ' || p.receivable_no || ', ' || p.amount_minor || ' minor units', 'a payment') as expected,
             coalesce('receivable ' || b.receivable_no || ', ' || b.amount || ' minor units', 'no entry of a payment') as found
        from (select sequence, receivable_no, amount_minor from payment
               where portfolio_id = :portfolio and sequence > :from and sequence <= :last) p
        full join booked b on b.sequence = p.sequence
       where p.sequence is null or b.sequence is null or p.receivable_no is distinct from b.receivable_no
          or p.amount_minor <> b.amount`,
  },
];
