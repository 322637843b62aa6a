import { facilityTermsSchema } from "../../models/facility.js";
import type { ChargeDocument, ChargeKind } from "../../models/facility-charge.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Facility } from "./facility.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

/** A charge as it was made. `kind`, `code` and `periodOn` say what it is for; a later difference is a further revision. */
export interface FacilityCharge {
  readonly kind: ChargeKind;
  readonly code: string;
  /** first day of the month, or the day of what is charged once; 1900-01-01 where its code alone tells it */
  readonly periodOn: string;
  readonly revision: number;
  readonly amountMinor: bigint;
  readonly happenedOn: string;
  /** null where the amount is zero: a minimum that was met */
  readonly sequence: bigint | null;
  readonly reason: string;
  readonly recordedAt: string;
  /** entry of the charge that it takes back */
  readonly waivesSequence: bigint | null;
}

export async function insertCharge(tx: Tx, portfolioId: string, charge: FacilityCharge): Promise<void> {
  await tx.execute(
    `insert into facility_charge (portfolio_id, tenant_id, kind, code, period_on, revision, amount_minor, happened_on,
                                  sequence, reason, recorded_at, waives_sequence)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      portfolioId,
      tx.tenantId,
      charge.kind,
      charge.code,
      charge.periodOn,
      charge.revision,
      charge.amountMinor,
      charge.happenedOn,
      charge.sequence,
      charge.reason,
      charge.recordedAt,
      charge.waivesSequence,
    ],
  );
}

interface ChargeRow {
  kind: ChargeKind;
  code: string;
  period_on: string;
  revision: number;
  amount_minor: bigint;
  happened_on: string;
  sequence: bigint | null;
  reason: string;
  recorded_at: string;
  waives_sequence: bigint | null;
}

const select = `select kind, code, period_on, revision, amount_minor, happened_on, sequence, reason, recorded_at,
    waives_sequence from facility_charge`;

function chargeOf(row: ChargeRow): FacilityCharge {
  return {
    kind: row.kind,
    code: row.code,
    periodOn: row.period_on,
    revision: row.revision,
    amountMinor: row.amount_minor,
    happenedOn: row.happened_on,
    sequence: row.sequence,
    reason: row.reason,
    recordedAt: row.recorded_at,
    waivesSequence: row.waives_sequence,
  };
}

/** What minimums are charged as, by what they are for. */
export const minimumCodes = { month: "minimum", quarter: "quarterly minimum", year: "yearly minimum" } as const;

/** Month, or first day of the period, that a charge is for; null of one that is for none. */
function periodOf({ kind, code, periodOn }: FacilityCharge): string | null {
  if (kind !== "month" && kind !== "minimum") return null;
  return kind === "month" || code === minimumCodes.month ? periodOn.slice(0, 7) : periodOn;
}

export function chargeDocumentOf(charge: FacilityCharge, { portfolioId, currency }: Facility): ChargeDocument {
  return {
    kind: charge.kind,
    code: charge.code,
    period: periodOf(charge),
    revision: charge.revision,
    amount: formatMinor(charge.amountMinor, currency),
    charged_on: charge.happenedOn,
    reason: charge.reason,
    entry_id: charge.sequence === null ? null : childId("en", portfolioId, charge.sequence),
    waives: charge.waivesSequence === null ? null : childId("en", portfolioId, charge.waivesSequence),
  };
}

/**
 * Every charge of a facility, in the order of their days; where a moment is given, those that had been recorded by it: in entries up to
 * a number, and those of nothing by its instant.
 */
export async function readCharges(
  tx: Tx,
  portfolioId: string,
  of: { from?: string; through?: string; known?: { sequence: bigint; knownAt: string } } = {},
): Promise<FacilityCharge[]> {
  const where = new Where()
    .add("portfolio_id = ?", portfolioId)
    .add("happened_on >= ?::date", of.from)
    .add("happened_on <= ?::date", of.through)
    .add(
      "case when sequence is null then recorded_at <= ?::timestamptz else sequence <= ? end",
      of.known?.knownAt,
      of.known?.sequence,
    );
  const rows = await tx.query<ChargeRow>(
    `${select} ${where.sql} order by happened_on, kind, code, period_on, revision`,
    where.bindings,
  );
  return rows.map(chargeOf);
}

/** The charge that an entry made, and the one that took it back; undefined where there is none. */
export async function findCharge(
  tx: Tx,
  portfolioId: string,
  sequence: bigint,
): Promise<{ charge: FacilityCharge | undefined; waiver: FacilityCharge | undefined }> {
  const rows = await tx.query<ChargeRow>(`${select} where portfolio_id = ? and (sequence = ? or waives_sequence = ?)`, [
    portfolioId,
    sequence,
    sequence,
  ]);
  const charges = rows.map(chargeOf);
  return {
    charge: charges.find((one) => one.sequence === sequence),
    waiver: charges.find((one) => one.waivesSequence === sequence),
  };
}

/** The number that the next charge for the same thing has. */
export async function nextRevision(
  tx: Tx,
  portfolioId: string,
  { kind, code, periodOn }: Pick<FacilityCharge, "kind" | "code" | "periodOn">,
): Promise<number> {
  const [row] = await tx.query<{ next: number }>(
    `select coalesce(max(revision), 0) + 1 as next from facility_charge
      where portfolio_id = ? and kind = ? and code = ? and period_on = ?::date`,
    [portfolioId, kind, code, periodOn],
  );
  return row!.next;
}

export async function listCharges(tx: Tx, facility: Facility, request: PageRequest): Promise<Page<ChargeDocument>> {
  const after = readCursor(request, ["day", "text", "text", "day", "number"]);
  const where = new Where()
    .add("portfolio_id = ?", facility.portfolioId)
    .add("(happened_on, kind, code, period_on, revision) > (?::date, ?, ?, ?::date, ?)", ...(after ?? [undefined]));
  const rows = await tx.query<ChargeRow>(
    `${select} ${where.sql} order by happened_on, kind, code, period_on, revision limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => chargeDocumentOf(chargeOf(row), facility),
    key: (row) => [row.happened_on, row.kind, row.code, row.period_on, row.revision],
  });
}

/** What the charges of a facility follow from, beside its days. */
export interface StoredCourse {
  readonly portfolioId: string;
  readonly openedOn: string;
  readonly chargesFrom: string;
  readonly firstFundedOn: string | null;
  readonly endedOn: string | null;
  readonly versions: readonly { readonly fromOn: string; readonly terms: FactoringTerms }[];
}

const selectCourses = `select f.portfolio_id, f.charges_from, f.ended_on, t.from_on, t.terms,
    (select min(s.funded_on) from schedule s where s.portfolio_id = f.portfolio_id) as first_funded_on
  from facility f join facility_terms t on t.portfolio_id = f.portfolio_id`;
const selectAllCourses = kept(`${selectCourses} order by f.portfolio_id, t.version`);
const selectCourse = kept(`${selectCourses} where f.portfolio_id = ? order by t.version`);

/** The courses of the facilities of the tenant, or of one. */
export async function readCourses(tx: Tx, portfolioId?: string): Promise<StoredCourse[]> {
  const rows = await tx.query<{
    portfolio_id: string;
    charges_from: string;
    ended_on: string | null;
    first_funded_on: string | null;
    from_on: string;
    terms: unknown;
  }>(portfolioId === undefined ? selectAllCourses : selectCourse, portfolioId === undefined ? [] : [portfolioId]);
  const courses = new Map<string, StoredCourse & { versions: { fromOn: string; terms: FactoringTerms }[] }>();
  for (const row of rows) {
    const course = courses.get(row.portfolio_id) ?? {
      portfolioId: row.portfolio_id,
      openedOn: row.from_on,
      chargesFrom: row.charges_from,
      firstFundedOn: row.first_funded_on,
      endedOn: row.ended_on,
      versions: [],
    };
    course.versions.push({ fromOn: row.from_on, terms: facilityTermsSchema.parse(row.terms) });
    courses.set(row.portfolio_id, course);
  }
  return [...courses.values()];
}

export interface Earned {
  readonly feesMinor: bigint;
  readonly interestMinor: bigint;
}

/** What was booked as fees (4600) and interest (4610) in each of some periods, in their order. */
export async function readEarned(
  tx: Tx,
  portfolioId: string,
  periods: readonly { readonly from: string; readonly to: string }[],
): Promise<Earned[]> {
  return tx.query<Earned>(
    `select coalesce(sum(b.credit_minor - b.debit_minor) filter (where b.account_code = '4600'), 0)::bigint as "feesMinor",
            coalesce(sum(b.credit_minor - b.debit_minor) filter (where b.account_code = '4610'), 0)::bigint as "interestMinor"
       from unnest(cast(:froms as date[]), cast(:tos as date[])) with ordinality as p(from_on, to_on, place)
       left join ledger_balance b on b.portfolio_id = :portfolio and b.account_code in ('4600', '4610')
        and b.effective_on between p.from_on and p.to_on
      group by p.place order by p.place`,
    {
      portfolio: portfolioId,
      froms: textArray(periods.map(({ from }) => from)),
      tos: textArray(periods.map(({ to }) => to)),
    },
  );
}

/** What is charged for: no two charges of a revision share it. */
export function chargeKey(of: { kind: string; code: string; periodOn: string }): string {
  return JSON.stringify([of.kind, of.code, of.periodOn]);
}

/** Which charges were made, by facility: for the tenant's facilities together. */
export async function readChargeKeys(tx: Tx): Promise<Map<string, Set<string>>> {
  const rows = await tx.query<{ portfolio_id: string; kind: string; code: string; period_on: string }>(
    `select portfolio_id, kind, code, period_on from facility_charge where revision = 1 and kind in ('once', 'month', 'minimum')`,
  );
  const keys = new Map<string, Set<string>>();
  for (const { portfolio_id, kind, code, period_on: periodOn } of rows) {
    const own = keys.get(portfolio_id) ?? new Set();
    keys.set(portfolio_id, own.add(chargeKey({ kind, code, periodOn })));
  }
  return keys;
}
