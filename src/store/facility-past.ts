import { plainArray, textArray } from "./array-text.js";
import type { Debtor } from "./facility.js";
import { readKnownLedgers } from "./known-ledger.js";
import type { Tx } from "./transaction.js";

/** A moment of the past: what was effective by a day, of what had been recorded by an instant. */
export interface PastMoment {
  readonly asOf: string;
  readonly knownAt: string;
}

/** An open dispute as it stood. */
export interface DisputeThen {
  readonly invoiceNo: number;
  readonly reason: string | null;
  /** null: all of the invoice */
  readonly amountMinor: bigint | null;
  readonly raisedOn: string;
}

/** Disputes of a facility that were open at a moment. */
export async function readDisputesAt(tx: Tx, portfolioId: string, at: PastMoment): Promise<DisputeThen[]> {
  return tx.query<DisputeThen>(
    `select invoice_no as "invoiceNo", reason, case when not whole then amount_minor end as "amountMinor",
            raised_on as "raisedOn"
       from dispute
      where portfolio_id = :portfolio and raised_on <= cast(:asOf as date)
        and recorded_at <= cast(:knownAt as timestamptz)
        and not (coalesce(resolved_on <= cast(:asOf as date), false)
                 and coalesce(resolved_at <= cast(:knownAt as timestamptz), false))
      order by dispute_no`,
    { portfolio: portfolioId, ...at },
  );
}

/** What an invoice had of papers at a moment, where that is not what it has now. */
export interface PapersThen {
  readonly verified: ReadonlyMap<number, boolean>;
  readonly proof: ReadonlyMap<number, boolean>;
  /** those whose purchase order was named by a document later */
  readonly withoutOrder: ReadonlySet<number>;
}

const byThen = `cast(:knownAt as timestamptz)`;

/** Reads only invoices of which something happened after the moment: what the others have now, they had then. */
export async function readPapersAt(tx: Tx, portfolioId: string, at: PastMoment): Promise<PapersThen> {
  const bindings = { portfolio: portfolioId, ...at };
  const verified = await tx.query<{ no: number; had: boolean }>(
    `with later as materialized (
       select distinct invoice_no from invoice_verification
        where portfolio_id = :portfolio and not (verified_on <= cast(:asOf as date) and recorded_at <= ${byThen}))
     select v.invoice_no as no,
            coalesce((array_agg(v.outcome order by v.verification_no desc) filter (
                        where v.verified_on <= cast(:asOf as date) and v.recorded_at <= ${byThen}))[1], 'none')
              = 'verified' as had
       from later join invoice_verification v on v.portfolio_id = :portfolio and v.invoice_no = later.invoice_no
      group by v.invoice_no`,
    bindings,
  );
  const proof = await tx.query<{ no: number; had: boolean }>(
    `with later as materialized (
       select distinct invoice_no from invoice_document
        where portfolio_id = :portfolio and kind = 'proof_of_delivery'
          and not (greatest(attached_at, verified_at) <= ${byThen}
                   and (greatest(attached_at, verified_at) at time zone 'UTC')::date <= cast(:asOf as date)))
     select e.invoice_no as no,
            coalesce((array_agg(e.proof order by e.at desc, e.step desc, e.document_no desc) filter (where e.is_then))[1],
                     bool_and(coalesce(i.stated_proof, i.has_proof))) as had
       from (select d.invoice_no, d.document_no, w.step, w.proof, w.at,
                    w.at <= ${byThen} and (w.at at time zone 'UTC')::date <= cast(:asOf as date) as is_then
               from later
               join invoice_document d on d.portfolio_id = :portfolio and d.invoice_no = later.invoice_no
              cross join lateral (values (1, d.attached_at, case when d.signed then true end),
                                         (2, d.verified_at, d.state = 'verified')) as w(step, at, proof)
              where d.kind = 'proof_of_delivery' and w.at is not null and w.proof is not null) e
       join invoice i on i.portfolio_id = :portfolio and i.invoice_no = e.invoice_no
      group by e.invoice_no`,
    bindings,
  );
  const orders = await tx.query<{ no: number }>(
    `select invoice_no as no from invoice
      where portfolio_id = :portfolio and purchase_order_at is not null
        and not (purchase_order_at <= ${byThen}
                 and (purchase_order_at at time zone 'UTC')::date <= cast(:asOf as date))`,
    bindings,
  );
  return {
    verified: new Map(verified.map(({ no, had }) => [no, had])),
    proof: new Map(proof.map(({ no, had }) => [no, had])),
    withoutOrder: new Set(orders.map(({ no }) => no)),
  };
}

/** The debtors of these ids as they were known in the currency. */
export async function readDebtorsAt(
  tx: Tx,
  of: { debtorIds: readonly string[]; currency: string; at: PastMoment },
): Promise<Map<string, Pick<Debtor, "creditLimitMinor" | "payableMinor" | "debtorType">>> {
  const rows = await tx.query<{
    debtor_id: string;
    currency: string;
    credit_limit_minor: bigint | null;
    payable_minor: bigint;
    debtor_type: string | null;
  }>(
    `select distinct on (debtor_id) debtor_id, currency, credit_limit_minor, payable_minor, debtor_type
       from factoring_debtor_version
      where tenant_id = :tenant and debtor_id = any(cast(:debtors as text[])) and from_on <= cast(:asOf as date)
        and recorded_at <= ${byThen}
      order by debtor_id, version desc`,
    { tenant: tx.tenantId, debtors: textArray(of.debtorIds), ...of.at },
  );
  return new Map(
    rows
      .filter(({ currency }) => currency === of.currency)
      .map((row) => [
        row.debtor_id,
        {
          creditLimitMinor: row.credit_limit_minor,
          payableMinor: row.payable_minor,
          debtorType: row.debtor_type,
        },
      ]),
  );
}

/**
 * What all other facilities of the currency had open of these debtors, and how much of that was over age on the day: what is
 * open now, less what came after the moment.
 */
export async function readOutstandingAt(
  tx: Tx,
  of: {
    debtorIds: readonly string[];
    currency: string;
    exceptPortfolioId: string;
    overAgeDays: number | null;
    ageFrom: "invoice_date" | "due_date";
    at: PastMoment;
  },
): Promise<Map<string, { openMinor: bigint; overAgeMinor: bigint }>> {
  const known = await readKnownLedgers(tx, { knownAt: of.at.knownAt });
  const others = known.filter(({ portfolioId }) => portfolioId !== of.exceptPortfolioId);
  const rows = await tx.query<{ debtor_id: string; open: bigint; old: bigint }>(
    `with known as materialized (
       select k.portfolio_id, k.sequence
         from unnest(cast(:portfolios as text[]), cast(:sequences as bigint[])) as k(portfolio_id, sequence)
         join portfolio p on p.portfolio_id = k.portfolio_id and p.currency = :currency),
     side as (
       select i.debtor_id, i.invoice_on, i.due_on, i.open_minor as open
         from known k join invoice i on i.portfolio_id = k.portfolio_id
        where i.tenant_id = :tenant and i.debtor_id = any(cast(:debtors as text[])) and i.open_minor <> 0
       union all
       select i.debtor_id, i.invoice_on, i.due_on, -e.open_minor
         from known k join invoice_event e on e.portfolio_id = k.portfolio_id
         join invoice i on i.portfolio_id = e.portfolio_id and i.invoice_no = e.invoice_no
        where (e.effective_on > cast(:asOf as date) or e.sequence > k.sequence) and e.open_minor <> 0
          and i.debtor_id = any(cast(:debtors as text[])))
     select debtor_id, sum(open)::bigint as open,
            coalesce(sum(open) filter (where cast(:asOf as date) - case cast(:from as text) when 'due_date' then due_on else invoice_on end > cast(:days as integer)), 0)::bigint as old
       from side group by 1`,
    {
      tenant: tx.tenantId,
      debtors: textArray(of.debtorIds),
      portfolios: textArray(others.map(({ portfolioId }) => portfolioId)),
      sequences: plainArray(others.map(({ sequence }) => sequence)),
      currency: of.currency,
      from: of.ageFrom,
      days: of.overAgeDays,
      asOf: of.at.asOf,
    },
  );
  return new Map(rows.map((row) => [row.debtor_id, { openMinor: row.open, overAgeMinor: row.old }]));
}
