import type { EntryKind } from "../../models/entry.js";
import { type FacilityTerms, facilityTermsSchema } from "../../models/facility.js";
import type { PastMoment } from "./facility-past.js";
import { type Measures, measures, noMeasures } from "./invoice.js";
import type { Tx } from "./transaction.js";

/** The terms that held on a day, of those that had been recorded by an instant; the first ones before it. */
export async function readTermsAt(tx: Tx, portfolioId: string, at: PastMoment): Promise<FacilityTerms> {
  const [row] = await tx.query<{ terms: unknown }>(
    `select terms from facility_terms where portfolio_id = :portfolio
      order by case when from_on <= cast(:asOf as date) and recorded_at <= cast(:knownAt as timestamptz)
                    then version end desc nulls last, version limit 1`,
    { portfolio: portfolioId, ...at },
  );
  return facilityTermsSchema.parse(row!.terms);
}

/** One entry of a facility: what it moved on each account, and on its invoices together. */
export interface FacilityEntry {
  readonly sequence: bigint;
  readonly kind: EntryKind;
  readonly sourceKind: string;
  readonly effectiveOn: string;
  /** debit less credit by account */
  readonly net: ReadonlyMap<string, bigint>;
  readonly change: Measures;
}

/** The entries of a facility up to a day, in their order. */
export async function readFacilityEntries(tx: Tx, portfolioId: string, asOf: string): Promise<FacilityEntry[]> {
  const bindings = { portfolio: portfolioId, asOf };
  const entries = await tx.query<{ sequence: bigint; kind: EntryKind; source_kind: string; effective_on: string }>(
    `select sequence, kind, source_kind, effective_on from entry
      where portfolio_id = :portfolio and effective_on <= cast(:asOf as date) order by sequence`,
    bindings,
  );
  const postings = await tx.query<{ sequence: bigint; account: string; net: bigint }>(
    `select sequence, account, sum(amount)::bigint as net from (
       select sequence, debit_account as account, amount_minor as amount from posting
        where portfolio_id = :portfolio and effective_on <= cast(:asOf as date)
       union all
       select sequence, credit_account, -amount_minor from posting
        where portfolio_id = :portfolio and effective_on <= cast(:asOf as date)) side group by 1, 2`,
    bindings,
  );
  const sums = measures.map((m) => `sum(${m}_minor)::bigint as ${m}`).join(", ");
  const changes = await tx.query<Measures & { sequence: bigint }>(
    `select sequence, ${sums} from invoice_event
      where portfolio_id = :portfolio and effective_on <= cast(:asOf as date) group by 1`,
    bindings,
  );
  const nets = new Map<bigint, Map<string, bigint>>();
  for (const { sequence, account, net } of postings) {
    const of = nets.get(sequence) ?? new Map<string, bigint>();
    nets.set(sequence, of.set(account, net));
  }
  const changeOf = new Map(changes.map((row) => [row.sequence, row]));
  return entries.map(({ sequence, kind, source_kind, effective_on }) => ({
    sequence,
    kind,
    sourceKind: source_kind,
    effectiveOn: effective_on,
    net: nets.get(sequence) ?? new Map(),
    change: changeOf.get(sequence) ?? noMeasures,
  }));
}
