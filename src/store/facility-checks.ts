import { measures } from "./invoice.js";
import type { BookCheck } from "./verification.js";

/** The balance of accounts (debit less credit), as a sub-select. */
const balance = (...accounts: string[]) => `
  (select coalesce(sum(debit_minor - credit_minor), 0)::bigint from ledger_balance
    where portfolio_id = :portfolio and account_code in (${accounts.map((code) => `'${code}'`).join(", ")}))`;

const sumOf = (amount: string) =>
  `(select coalesce(sum(${amount}), 0)::bigint from invoice where portfolio_id = :portfolio)`;

/** What was charged of some kinds. */
const charges = (...kinds: string[]) => `
  (select coalesce(sum(amount_minor), 0)::bigint from facility_charge
    where portfolio_id = :portfolio and kind in (${kinds.map((kind) => `'${kind}'`).join(", ")}))`;

function control(check: string, about: string, sides: { account: string; invoices: string }): BookCheck {
  return {
    check,
    about,
    money: true,
    compared: "select 1 as compared",
    differences: `select '${check}' as place, invoices::text as expected, control::text as found
                    from (select ${sides.account} as control, ${sides.invoices} as invoices) as figures
                   where control <> invoices`,
  };
}

const list = (of: (measure: string) => string) => measures.map(of).join(", ");

/**
 * Control accounts of a facility against its invoices, invoices against their movements, movements against the entries.
 * As a sale or as a borrowing, the same equations hold: face in 1200 or 9100, face less reserve in 1200 + 2200 or 1250.
 */
export const facilityChecks: readonly BookCheck[] = [
  control("invoices_open", "1200, 9100: what debtors owe is the sum over the invoices bought", {
    account: balance("1200", "9100"),
    invoices: sumOf("open_minor"),
  }),
  control("funds_and_reserve", "1200, 1250, 2200: open less reserve is the sum over the invoices", {
    account: balance("1200", "1250", "2200"),
    invoices: sumOf("open_minor - reserve_minor"),
  }),
  control("deferred_fees", "2300: fees not yet earned are the sum over the invoices", {
    account: `-${balance("2300")}`,
    invoices: sumOf("unearned_minor"),
  }),
  control("factoring_fees", "4600: fees earned are those charged less those not yet earned, over the invoices", {
    account: `-${balance("4600")}`,
    invoices: sumOf("fee_minor - unearned_minor"),
  }),
  control("factoring_interest", "4610: interest is the sum over the invoices", {
    account: `-${balance("4610")}`,
    invoices: sumOf("interest_minor"),
  }),
  control("facility_charges", "4620: charges are those of schedules that were funded and of the facility", {
    account: `-${balance("4620")}`,
    invoices: `(select coalesce(sum(charges_minor), 0)::bigint from schedule where portfolio_id = :portfolio)
               + ${charges("once", "month", "filing", "payout", "unfactored_payment", "occasion")}`,
  }),
  control("minimum_fees", "4630: what fees fell short of minimums is the sum over the months", {
    account: `-${balance("4630")}`,
    invoices: charges("minimum"),
  }),
  control("termination_fees", "4640: termination fees are what was charged for the end", {
    account: `-${balance("4640")}`,
    invoices: charges("termination"),
  }),
  {
    check: "facility_charge",
    about: "A charge is what its entry made the seller owe, and there is no such entry without a charge",
    money: true,
    compared: "select count(*) as compared from facility_charge where portfolio_id = :portfolio",
    differences: `
      with posted as (
        select p.sequence, sum(case when p.debit_account = '1170' then p.amount_minor else -p.amount_minor end)::bigint
                             as charged
          from posting p join entry e on e.portfolio_id = p.portfolio_id and e.sequence = p.sequence
         where p.portfolio_id = :portfolio and e.kind in ('facility_charged', 'minimum_charged', 'termination_charged')
         group by 1),
      made as (
        select sequence, amount_minor from facility_charge where portfolio_id = :portfolio and sequence is not null)
      select 'entry ' || coalesce(m.sequence, p.sequence) as place, coalesce(m.amount_minor, 0)::text as expected,
             coalesce(p.charged, 0)::text as found
        from made m full join posted p on p.sequence = m.sequence
       where coalesce(m.amount_minor, 0) <> coalesce(p.charged, 0)`,
  },
  {
    check: "waived_charge",
    about: "What takes a charge back is a charge of so much below zero, for the same thing",
    money: true,
    compared:
      "select count(*) as compared from facility_charge where portfolio_id = :portfolio and waives_sequence is not null",
    differences: `
      select 'entry ' || w.sequence as place, coalesce(-c.amount_minor, 0)::text as expected, w.amount_minor::text as found
        from facility_charge w
        left join facility_charge c on c.portfolio_id = w.portfolio_id and c.sequence = w.waives_sequence
         and (c.kind, c.code, c.period_on) = (w.kind, w.code, w.period_on)
       where w.portfolio_id = :portfolio and w.waives_sequence is not null
         and w.amount_minor is distinct from -c.amount_minor`,
  },
  control(
    "credit_losses",
    "5700: credit losses are what left with invoices that were lost, less what the reserve bore",
    {
      account: balance("5700"),
      invoices: `(select coalesce(sum(reserve_minor - open_minor), 0)::bigint from invoice_event
                 where portfolio_id = :portfolio and kind = 'credit_loss')`,
    },
  ),
  {
    check: "invoice",
    about: "What an invoice has come to is the sum of its movements",
    money: true,
    compared: "select count(*) as compared from invoice where portfolio_id = :portfolio",
    differences: `
      with came as (
        select invoice_no, ${list((m) => `sum(${m}_minor)::bigint as ${m}`)}
          from invoice_event where portfolio_id = :portfolio group by 1)
      select 'invoice ' || coalesce(i.invoice_no, c.invoice_no) || ', ' || measure as place,
             came::text as expected, kept::text as found
        from (select * from invoice where portfolio_id = :portfolio) i
        full join came c on c.invoice_no = i.invoice_no
       cross join lateral (values
         ${list((m) => `('${m}', coalesce(c.${m}, 0), coalesce(i.${m}_minor, 0))`)}) as v(measure, came, kept)
       where came <> kept`,
  },
  {
    check: "invoice_event",
    about: "What an entry moved on 1200 or 9100 is what it moved on invoices",
    money: true,
    compared: "select count(distinct sequence) as compared from invoice_event where portfolio_id = :portfolio",
    differences: `
      with posted as (
        select sequence, sum(case when debit_account in ('1200', '9100') then amount_minor else 0 end
                             - case when credit_account in ('1200', '9100') then amount_minor else 0 end)::bigint as open
          from posting where portfolio_id = :portfolio
           and (debit_account in ('1200', '9100') or credit_account in ('1200', '9100')) group by 1),
      moved as (
        select sequence, sum(open_minor)::bigint as open from invoice_event where portfolio_id = :portfolio group by 1)
      select 'entry ' || coalesce(p.sequence, m.sequence) as place, coalesce(m.open, 0)::text as expected,
             coalesce(p.open, 0)::text as found
        from posted p full join moved m on m.sequence = p.sequence where coalesce(p.open, 0) <> coalesce(m.open, 0)`,
  },
  {
    check: "debtor_receipt",
    about: "A receipt is what its entry applied to invoices and left unapplied",
    money: true,
    compared: "select count(*) as compared from debtor_receipt where portfolio_id = :portfolio",
    differences: `
      select 'entry ' || r.sequence as place, r.amount_minor::text as expected, coalesce(p.moved, 0)::text as found
        from debtor_receipt r
        left join lateral (
          select sum(case when debit_account in ('1000', '1160') then amount_minor else 0 end
                     - case when credit_account in ('1000', '1160') then amount_minor else 0 end)::bigint as moved
            from posting where portfolio_id = r.portfolio_id and sequence = r.sequence) p on true
       where r.portfolio_id = :portfolio and r.amount_minor <> coalesce(p.moved, 0)`,
  },
  {
    check: "assignment",
    about: "An invoice stands in a live assignment as long as it is not sent back, and in that one alone",
    money: false,
    compared: "select count(*) as compared from invoice where portfolio_id = :portfolio",
    differences: `
      select 'invoice ' || i.invoice_no as place,
             case when i.state in ('submitted', 'purchased', 'paid', 'lost') then 'a live assignment' else 'none' end as expected,
             case when a.invoice_no is null then 'none' else 'a live assignment' end as found
        from (select * from invoice where portfolio_id = :portfolio) i
        left join assignment a on a.portfolio_id = i.portfolio_id and a.invoice_no = i.invoice_no and a.released_at is null
       where (i.state in ('submitted', 'purchased', 'paid', 'lost')) <> (a.invoice_no is not null)`,
  },
  {
    check: "dispute",
    about: "An invoice is marked as disputed as long as a dispute of it is not resolved, and for its amount",
    money: false,
    compared: "select count(*) as compared from invoice where portfolio_id = :portfolio",
    differences: `
      with said as (
        select i.invoice_no,
               case when d.invoice_no is null then 'no' when d.whole then 'all' else d.amount_minor::text end as expected,
               case when not i.disputed then 'no' else coalesce(i.disputed_minor::text, 'all') end as found
          from (select * from invoice where portfolio_id = :portfolio) i
          left join dispute d on d.portfolio_id = i.portfolio_id and d.invoice_no = i.invoice_no and d.resolved_at is null)
      select 'invoice ' || invoice_no || ', disputed' as place, expected, found from said where expected <> found`,
  },
  {
    check: "invoice_verification",
    about: "An invoice is marked as verified where the last that was heard of it says so",
    money: false,
    compared: "select count(*) as compared from invoice where portfolio_id = :portfolio",
    differences: `
      with last as (
        select distinct on (invoice_no) invoice_no, outcome from invoice_verification
         where portfolio_id = :portfolio order by invoice_no, verification_no desc),
      said as (
        select i.invoice_no, coalesce(l.outcome, 'none') = 'verified' as expected, i.verified as found
          from invoice i left join last l on l.invoice_no = i.invoice_no where i.portfolio_id = :portfolio)
      select 'invoice ' || invoice_no || ', verified' as place, expected::text as expected, found::text as found
        from said where expected <> found`,
  },
];
