import type { InvoiceState } from "../../models/schedule.js";
import { plainArray, textArray } from "./array-text.js";
import { type Invoice, type InvoiceRow, invoiceColumns, invoiceOf, type Measures, measures } from "./invoice.js";
import type { Tx } from "./transaction.js";

/** What one entry does to one invoice. */
export interface InvoiceMove {
  readonly invoice: Invoice;
  readonly change: Partial<Measures>;
  readonly state?: InvoiceState;
  readonly settledOn?: string | null;
  /** the day that fees are charged through from now on */
  readonly accruedOn?: string;
  /** the funds employed change on this day: fees and interest on them are reckoned anew from it */
  readonly segmentOn?: string;
  readonly reason?: string | null;
}

/** The invoice after the move, as `moveInvoices` leaves it. */
export function moved({ invoice, change, state, settledOn, accruedOn, segmentOn }: InvoiceMove): Invoice {
  const now = Object.fromEntries(measures.map((m) => [m, invoice.now[m] + (change[m] ?? 0n)])) as Measures;
  const segment =
    segmentOn === undefined ? {} : { segmentOn, segmentFeeMinor: now.fee, segmentInterestMinor: now.interest };
  return {
    ...invoice,
    now,
    state: state ?? invoice.state,
    settledOn: settledOn === undefined ? invoice.settledOn : settledOn,
    accruedOn: accruedOn ?? invoice.accruedOn,
    ...segment,
  };
}

/** Writes what entries did to invoices, and what the invoices are after it. */
export async function moveInvoices(
  tx: Tx,
  portfolioId: string,
  of: { sequence: bigint; kind: string; effectiveOn: string; happenedOn: string; moves: readonly InvoiceMove[] },
): Promise<Invoice[]> {
  const after = of.moves.map(moved);
  const differences = of.moves.map(({ change }) => change);
  await tx.execute(
    `insert into invoice_event (portfolio_id, tenant_id, sequence, invoice_no, kind, effective_on, happened_on, open_minor,
                                reserve_minor, unearned_minor, employed_minor, collected_minor, diluted_minor, fee_minor,
                                interest_minor, reason)
     select ?, ?, ?, n, ?, ?, ?, o, r, u, e, c, d, f, i, x
       from unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                   ?::bigint[], ?::text[]) as m(n, o, r, u, e, c, d, f, i, x)`,
    [
      portfolioId,
      tx.tenantId,
      of.sequence,
      of.kind,
      of.effectiveOn,
      of.happenedOn,
      plainArray(of.moves.map(({ invoice }) => invoice.invoiceNo)),
      ...measures.map((measure) => plainArray(differences.map((change) => change[measure] ?? 0n))),
      textArray(of.moves.map(({ reason }) => reason)),
    ],
  );
  await saveInvoices(tx, portfolioId, after);
  return after;
}

async function saveInvoices(tx: Tx, portfolioId: string, invoices: readonly Invoice[]): Promise<void> {
  await tx.execute(
    `update invoice i set state = m.s, settled_on = m.t, terms_version = m.x, purchased_on = m.p, advance_minor = m.v, first_fee_minor = m.w,
            accrued_on = m.a, segment_on = m.g, segment_fee_minor = m.gf, segment_interest_minor = m.gi,
            open_minor = m.o, reserve_minor = m.r, unearned_minor = m.u, employed_minor = m.e, collected_minor = m.c,
            diluted_minor = m.d, fee_minor = m.f, interest_minor = m.i
       from unnest(?::integer[], ?::text[], ?::date[], ?::integer[], ?::date[], ?::bigint[], ?::bigint[], ?::date[],
                   ?::date[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                   ?::bigint[], ?::bigint[], ?::bigint[]) as m(n, s, t, x, p, v, w, a, g, gf, gi, o, r, u, e, c, d, f, i)
      where i.portfolio_id = ? and i.invoice_no = m.n`,
    [
      plainArray(invoices.map((i) => i.invoiceNo)),
      plainArray(invoices.map((i) => i.state)),
      plainArray(invoices.map((i) => i.settledOn)),
      plainArray(invoices.map((i) => i.termsVersion)),
      plainArray(invoices.map((i) => i.purchasedOn)),
      plainArray(invoices.map((i) => i.advanceMinor)),
      plainArray(invoices.map((i) => i.firstFeeMinor)),
      plainArray(invoices.map((i) => i.accruedOn)),
      plainArray(invoices.map((i) => i.segmentOn)),
      plainArray(invoices.map((i) => i.segmentFeeMinor)),
      plainArray(invoices.map((i) => i.segmentInterestMinor)),
      ...measures.map((measure) => plainArray(invoices.map(({ now }) => now[measure]))),
      portfolioId,
    ],
  );
}

/**
 * The invoices of a schedule as they stood: effective up to a day, of entries up to a number. One that was bought later is
 * not among them. Each is looked up by itself, so that a small schedule of a large facility reads little.
 */
export async function readScheduleAt(
  tx: Tx,
  portfolioId: string,
  at: { asOf: string; sequence: bigint; scheduleNo: number },
): Promise<Invoice[]> {
  const sums = measures.map((m) => `sum(e.${m}_minor)::bigint as ${m}_minor`).join(", ");
  const kept = invoiceColumns
    .split(",")
    .map((column) => column.trim())
    .map((column) => (measures.some((m) => column === `${m}_minor`) ? `s.${column}` : `i.${column}`))
    .join(", ");
  const rows = await tx.query<InvoiceRow>(
    `select ${kept} from invoice i cross join lateral (
       select ${sums} from invoice_event e
        where e.portfolio_id = :portfolio and e.invoice_no = i.invoice_no and e.effective_on <= cast(:asOf as date)
          and e.sequence <= :sequence having count(*) > 0) s
    where i.portfolio_id = :portfolio and i.schedule_no = :schedule order by i.invoice_no`,
    { portfolio: portfolioId, asOf: at.asOf, sequence: at.sequence, schedule: at.scheduleNo },
  );
  return rows.map(invoiceOf);
}

/** Sums of the movements of each kind, up to a day and a number: what a reserve statement is made of. */
export async function sumEvents(
  tx: Tx,
  portfolioId: string,
  at: { asOf: string; sequence: bigint; scheduleNo?: number | undefined },
): Promise<Map<string, Measures>> {
  const sums = measures.map((m) => `sum(e.${m}_minor)::bigint as ${m}`).join(", ");
  const rows = await tx.query<Measures & { kind: string }>(
    `select e.kind, ${sums} from invoice_event e
       ${at.scheduleNo === undefined ? "" : "join invoice i on i.portfolio_id = e.portfolio_id and i.invoice_no = e.invoice_no"}
      where e.portfolio_id = :portfolio and e.effective_on <= cast(:asOf as date) and e.sequence <= :sequence
        ${at.scheduleNo === undefined ? "" : "and i.schedule_no = cast(:schedule as integer)"} group by 1`,
    {
      portfolio: portfolioId,
      asOf: at.asOf,
      sequence: at.sequence,
      ...(at.scheduleNo === undefined ? {} : { schedule: at.scheduleNo }),
    },
  );
  return new Map(rows.map(({ kind, ...sum }) => [kind, sum]));
}
