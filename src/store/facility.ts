import type { z } from "zod";
import {
  type DebtorDocument,
  type FacilityDocument,
  type FacilityTerms,
  facilityOfPortfolio,
  facilityTermsSchema,
  type presentations,
} from "../../models/facility.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { textArray } from "./array-text.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

export interface Facility {
  readonly portfolioId: string;
  readonly name: string;
  readonly seller: string;
  readonly externalId: string | null;
  readonly currency: string;
  readonly presentation: (typeof presentations)[number];
  readonly termsVersion: number;
  readonly termsFrom: string;
  readonly terms: FacilityTerms;
  readonly openedAt: string;
  /** charges that were due before this day were made elsewhere */
  readonly chargesFrom: string;
  /** from this day on nothing new is bought; null while it goes on */
  readonly endedOn: string | null;
  readonly endReason: string | null;
}

interface FacilityRow {
  portfolio_id: string;
  name: string;
  seller: string;
  external_id: string | null;
  currency: string;
  presentation: Facility["presentation"];
  terms_version: number;
  from_on: string;
  terms: z.input<typeof facilityTermsSchema>;
  opened_at: string;
  charges_from: string;
  ended_on: string | null;
  end_reason: string | null;
}

const select = `select f.portfolio_id, p.name, p.seller, p.external_id, p.currency, f.presentation, f.terms_version,
    t.from_on, t.terms, f.opened_at, f.charges_from, f.ended_on, f.end_reason
  from facility f join portfolio p on p.portfolio_id = f.portfolio_id
  join facility_terms t on t.portfolio_id = f.portfolio_id and t.version = f.terms_version`;

function facilityOf(row: FacilityRow): Facility {
  return {
    portfolioId: row.portfolio_id,
    name: row.name,
    seller: row.seller,
    externalId: row.external_id,
    currency: row.currency,
    presentation: row.presentation,
    termsVersion: row.terms_version,
    termsFrom: row.from_on,
    terms: facilityTermsSchema.parse(row.terms),
    openedAt: row.opened_at,
    chargesFrom: row.charges_from,
    endedOn: row.ended_on,
    endReason: row.end_reason,
  };
}

export function facilityDocumentOf(facility: Facility): FacilityDocument {
  return {
    id: facilityOfPortfolio(facility.portfolioId),
    portfolio_id: facility.portfolioId,
    name: facility.name,
    seller: facility.seller,
    external_id: facility.externalId,
    currency: facility.currency,
    presentation: facility.presentation,
    terms_version: facility.termsVersion,
    terms_from: facility.termsFrom,
    terms: facility.terms,
    opened_at: facility.openedAt,
    ended_on: facility.endedOn,
    end_reason: facility.endReason,
  };
}

export interface TermsVersion {
  readonly version: number;
  readonly terms: FacilityTerms;
  readonly fromOn: string;
  readonly reason: string | null;
  readonly at: string;
}

export async function insertFacility(tx: Tx, facility: Facility): Promise<void> {
  const { portfolioId, presentation, openedAt } = facility;
  await tx.execute(
    `insert into facility (portfolio_id, tenant_id, presentation, terms_version, opened_at, charges_from)
     values (?, ?, ?, 1, ?, ?)`,
    [portfolioId, tx.tenantId, presentation, openedAt, facility.chargesFrom],
  );
  const { terms, termsFrom } = facility;
  await insertTerms(tx, portfolioId, { version: 1, terms, fromOn: termsFrom, reason: null, at: openedAt });
}

/** Makes a version of the terms the one that counts. */
export async function saveTerms(tx: Tx, portfolioId: string, made: TermsVersion): Promise<void> {
  await insertTerms(tx, portfolioId, made);
  await tx.execute("update facility set terms_version = ? where portfolio_id = ?", [made.version, portfolioId]);
}

async function insertTerms(tx: Tx, portfolioId: string, { version, terms, fromOn, reason, at }: TermsVersion) {
  await tx.execute(
    `insert into facility_terms (portfolio_id, tenant_id, version, terms, from_on, reason, actor, recorded_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [portfolioId, tx.tenantId, version, JSON.stringify(terms), fromOn, reason, tx.actor ?? "unknown", at],
  );
}

/** Ends a facility. Holds its row until the transaction ends: whoever takes a schedule in at that time waits. */
export async function saveEnd(
  tx: Tx,
  portfolioId: string,
  end: { endedOn: string; reason: string; at: string },
): Promise<void> {
  await tx.execute("update facility set ended_on = ?, end_reason = ?, ended_at = ? where portfolio_id = ?", [
    end.endedOn,
    end.reason,
    end.at,
    portfolioId,
  ]);
}

/** Whether it had been recorded by an instant that a facility has ended. */
export async function wasEndRecorded(tx: Tx, portfolioId: string, knownAt: string): Promise<boolean> {
  const [row] = await tx.query<{ known: boolean | null }>(
    "select ended_at <= ?::timestamptz as known from facility where portfolio_id = ?",
    [knownAt, portfolioId],
  );
  return row?.known === true;
}

const selectOne = kept(`${select} where f.portfolio_id = ?`);

/** Throws `not_found`. */
export async function findFacility(tx: Tx, portfolioId: string): Promise<Facility> {
  const [row] = await tx.query<FacilityRow>(selectOne, [portfolioId]);
  if (row === undefined) throw new Refusal("not_found", `there is no facility ${facilityOfPortfolio(portfolioId)}`);
  return facilityOf(row);
}

/** The terms of one version: what a schedule was bought on does not change with them. */
export async function readTerms(tx: Tx, portfolioId: string, version: number): Promise<FacilityTerms> {
  const [row] = await tx.query<{ terms: z.input<typeof facilityTermsSchema> }>(
    "select terms from facility_terms where portfolio_id = ? and version = ?",
    [portfolioId, version],
  );
  return facilityTermsSchema.parse(row!.terms);
}

export async function listFacilities(tx: Tx, request: PageRequest): Promise<Page<FacilityDocument>> {
  const after = readCursor(request, ["instant", "text"]);
  const where = new Where().add("(f.opened_at, f.portfolio_id) < (?::timestamptz, ?)", after?.[0], after?.[1]);
  const rows = await tx.query<FacilityRow>(
    `${select} ${where.sql} order by f.opened_at desc, f.portfolio_id desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => facilityDocumentOf(facilityOf(row)),
    key: (row) => [row.opened_at, row.portfolio_id],
  });
}

const counters = {
  schedule: "last_schedule_no",
  invoice: "last_invoice_no",
  document: "last_document_no",
  notice: "last_notice_no",
  dispute: "last_dispute_no",
  filing: "last_filing_no",
} as const;

/** The first of so many new numbers. Holds the facility's row until the transaction ends. */
export async function takeNumbers(
  tx: Tx,
  portfolioId: string,
  kind: keyof typeof counters,
  count: number,
): Promise<number> {
  const column = counters[kind];
  const [row] = await tx.query<{ last: number }>(
    `update facility set ${column} = ${column} + ? where portfolio_id = ? returning ${column} as last`,
    [count, portfolioId],
  );
  if (row === undefined) throw new Refusal("not_found", `there is no facility ${facilityOfPortfolio(portfolioId)}`);
  return row.last - count + 1;
}

export interface Debtor {
  readonly debtorId: string;
  readonly currency: string;
  readonly creditLimitMinor: bigint | null;
  readonly payableMinor: bigint;
  readonly debtorType: string | null;
  readonly country: string | null;
  readonly savedAt: string;
}

/** Makes what is known of a debtor the version that counts; each version is kept as it was written. */
export async function saveDebtor(tx: Tx, debtor: Debtor): Promise<void> {
  await tx.execute(
    `with saved as (insert into factoring_debtor (tenant_id, debtor_id, currency, credit_limit_minor, payable_minor, debtor_type,
                                   country, actor, saved_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, debtor_id) do update set currency = excluded.currency,
       credit_limit_minor = excluded.credit_limit_minor, payable_minor = excluded.payable_minor,
       debtor_type = excluded.debtor_type, country = excluded.country, actor = excluded.actor,
       saved_at = excluded.saved_at, version = factoring_debtor.version + 1
     returning *)
     insert into factoring_debtor_version (tenant_id, debtor_id, version, currency, credit_limit_minor, payable_minor,
                                           debtor_type, from_on, actor, recorded_at)
     select tenant_id, debtor_id, version, currency, credit_limit_minor, payable_minor, debtor_type,
            (saved_at at time zone 'UTC')::date, actor, saved_at from saved`,
    [
      tx.tenantId,
      debtor.debtorId,
      debtor.currency,
      debtor.creditLimitMinor,
      debtor.payableMinor,
      debtor.debtorType,
      debtor.country,
      tx.actor ?? "unknown",
      debtor.savedAt,
    ],
  );
}

interface DebtorRow {
  debtor_id: string;
  currency: string;
  credit_limit_minor: bigint | null;
  payable_minor: bigint;
  debtor_type: string | null;
  country: string | null;
  saved_at: string;
}

function debtorOf(row: DebtorRow): Debtor {
  return {
    debtorId: row.debtor_id,
    currency: row.currency,
    creditLimitMinor: row.credit_limit_minor,
    payableMinor: row.payable_minor,
    debtorType: row.debtor_type,
    country: row.country,
    savedAt: row.saved_at,
  };
}

/**
 * The debtors of these ids that are known in the currency, held until the transaction ends where they are locked, in
 * their order: what is bought of one is judged by one facility at a time.
 */
export async function readDebtors(
  tx: Tx,
  of: { debtorIds: readonly string[]; currency: string; lock: boolean },
): Promise<Map<string, Debtor>> {
  const rows = await tx.query<DebtorRow>(
    `select debtor_id, currency, credit_limit_minor, payable_minor, debtor_type, country, saved_at
       from factoring_debtor where tenant_id = ? and debtor_id = any(?::text[]) and currency = ?
      order by debtor_id ${of.lock ? "for update" : ""}`,
    [tx.tenantId, textArray(of.debtorIds), of.currency],
  );
  return new Map(rows.map((row) => [row.debtor_id, debtorOf(row)]));
}

export async function listDebtors(
  tx: Tx,
  request: PageRequest & { debtor_id?: string | undefined; debtorIds?: readonly string[] | undefined },
): Promise<Page<DebtorDocument>> {
  const after = readCursor(request, ["text"]);
  const where = new Where()
    .add("d.tenant_id = ?", tx.tenantId)
    .add("d.debtor_id = ?", request.debtor_id)
    .add("d.debtor_id = any(?::text[])", request.debtorIds === undefined ? undefined : textArray(request.debtorIds))
    .add("d.debtor_id > ?", after?.[0]);
  const rows = await tx.query<DebtorRow & { open: bigint; employed: bigint }>(
    `select d.*, coalesce(o.open, 0)::bigint as open, coalesce(o.employed, 0)::bigint as employed
       from factoring_debtor d
       left join lateral (
         select sum(i.open_minor)::bigint as open, sum(i.employed_minor)::bigint as employed
           from invoice i join portfolio p on p.portfolio_id = i.portfolio_id
          where i.tenant_id = d.tenant_id and i.debtor_id = d.debtor_id and i.state = 'purchased'
            and p.currency = d.currency) o on true
     ${where.sql} order by d.debtor_id limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row): DebtorDocument => {
      const show = (amount: bigint) => formatMinor(amount, row.currency);
      const limit = row.credit_limit_minor;
      return {
        debtor_id: row.debtor_id,
        currency: row.currency,
        credit_limit: limit === null ? null : show(limit),
        payable: show(row.payable_minor),
        debtor_type: row.debtor_type,
        country: row.country,
        outstanding: show(row.open),
        funds_employed: show(row.employed),
        left: limit === null ? null : show(limit > row.open ? limit - row.open : 0n),
        saved_at: row.saved_at,
      };
    },
    key: (row) => [row.debtor_id],
  });
}
