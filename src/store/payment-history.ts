import { plainArray, textArray } from "./array-text.js";
import { readKnownLedgers } from "./known-ledger.js";
import type { Tx } from "./transaction.js";

/** A facility whose invoices may be learned from, with how much of its ledger was known. */
export interface LearnedFacility {
  readonly portfolioId: string;
  readonly seller: string;
  readonly currency: string;
  readonly sequence: bigint;
}

/** All facilities of the tenant, or those of a currency, by what had been recorded by the instant. */
export async function readLearnedFacilities(
  tx: Tx,
  of: { currency?: string | undefined; knownAt: string },
): Promise<LearnedFacility[]> {
  const rows = await tx.query<{ portfolio_id: string; seller: string; currency: string }>(
    `select f.portfolio_id, p.seller, p.currency from facility f join portfolio p on p.portfolio_id = f.portfolio_id
      where p.currency = coalesce(cast(? as text), p.currency) order by f.portfolio_id`,
    [of.currency ?? null],
  );
  const known = await readKnownLedgers(tx, { knownAt: of.knownAt });
  const sequences = new Map(known.map(({ portfolioId, sequence }) => [portfolioId, sequence]));
  return rows.map(({ portfolio_id: portfolioId, seller, currency }) => {
    return { portfolioId, seller, currency, sequence: sequences.get(portfolioId) ?? 0n };
  });
}

/** What had become of an invoice that was bought. Amounts are texts of minor units, days count from 1970-01-01. */
export interface LearnedInvoice {
  readonly portfolioId: string;
  readonly invoiceNo: number;
  readonly debtorId: string;
  readonly invoiceNumber: string;
  readonly issuedOn: number;
  readonly dueOn: number;
  readonly amountMinor: string;
  readonly paidMinor: string;
  readonly openMinor: string;
  readonly country: string | null;
  readonly debtorType: string | null;
  readonly boughtOn: number;
  /** the last day on which less of it was open than before */
  readonly lessOpenOn: number;
  /** the day on which the seller took it back unpaid */
  readonly givenBackOn: number | null;
  readonly isLost: boolean;
  /** whether it was ever disputed */
  readonly disputed: boolean;
}

/**
 * The invoices of facilities that had been bought before a day, with what had happened to them before it, of what had been
 * recorded. What is booked in a later month because its own was closed counts on the day that it happened.
 *
 * Added up and not joined, as in `invoice-moment.ts`, and handed over as one JSON text.
 */
export async function readPaymentHistory(
  tx: Tx,
  of: { facilities: readonly LearnedFacility[]; asOf: string; knownAt: string },
): Promise<LearnedInvoice[]> {
  const day = (column: string) => `(${column} - date '1970-01-01')`;
  const [row] = await tx.query<{ invoices: LearnedInvoice[] | null }>(
    `with known as materialized (
       select portfolio_id, sequence
         from unnest(cast(:portfolios as text[]), cast(:sequences as bigint[])) as k(portfolio_id, sequence)),
     side as (
       select i.portfolio_id, i.invoice_no, i.debtor_id, i.invoice_number, i.invoice_on, i.due_on, i.amount_minor,
              i.paid_before_minor as paid, 0 as open, i.country, i.debtor_type, cast(null as date) as bought_on,
              cast(null as date) as less_open_on, cast(null as date) as given_back_on, false as lost, false as disputed
         from known k join invoice i on i.portfolio_id = k.portfolio_id where i.purchased_on is not null
       union all
       select e.portfolio_id, e.invoice_no, null, null, null, null, null, e.collected_minor, e.open_minor, null, null,
              case when e.kind = 'invoices_purchased' then e.happened_on end,
              case when e.open_minor < 0 then e.happened_on end,
              case when e.kind in ('invoices_charged_back', 'invoices_bought_back') then e.happened_on end,
              e.kind = 'credit_loss', false
         from known k join invoice_event e on e.portfolio_id = k.portfolio_id
        where e.sequence <= k.sequence and e.happened_on < cast(:asOf as date)
       union all
       select d.portfolio_id, d.invoice_no, null, null, null, null, null, 0, 0, null, null, null, null, null, false, true
         from known k join dispute d on d.portfolio_id = k.portfolio_id
        where d.raised_on < cast(:asOf as date) and d.recorded_at <= cast(:knownAt as timestamptz)),
     stood as (
       select portfolio_id, invoice_no, max(debtor_id) as debtor_id, max(invoice_number) as invoice_number,
              max(invoice_on) as invoice_on, max(due_on) as due_on, max(amount_minor) as amount_minor, sum(paid) as paid,
              sum(open) as open, max(country) as country, max(debtor_type) as debtor_type, min(bought_on) as bought_on,
              max(less_open_on) as less_open_on, max(given_back_on) as given_back_on, bool_or(lost) as lost,
              bool_or(disputed) as disputed
         from side group by 1, 2 having min(bought_on) is not null)
     select json_agg(json_build_object(
              'portfolioId', portfolio_id, 'invoiceNo', invoice_no, 'debtorId', debtor_id, 'invoiceNumber', invoice_number,
              'issuedOn', ${day("invoice_on")}, 'dueOn', ${day("due_on")}, 'amountMinor', amount_minor::text,
              'paidMinor', paid::text, 'openMinor', open::text, 'country', country, 'debtorType', debtor_type,
              'boughtOn', ${day("bought_on")}, 'lessOpenOn', ${day("less_open_on")},
              'givenBackOn', ${day("given_back_on")}, 'isLost', lost, 'disputed', disputed)
              order by portfolio_id, invoice_no) as invoices from stood`,
    {
      portfolios: textArray(of.facilities.map(({ portfolioId }) => portfolioId)),
      sequences: plainArray(of.facilities.map(({ sequence }) => sequence)),
      asOf: of.asOf,
      knownAt: of.knownAt,
    },
  );
  return row!.invoices ?? [];
}
