import type { FacilityDocument } from "../../models/facility.js";
import { type FactoringTerms, factoringTermsSchema } from "../../models/factoring-terms.js";
import { Refusal } from "../../models/refusal.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

/** A facility is a portfolio of kind `factoring`; its id is the portfolio's with a prefix of its own. */
export interface Facility {
  readonly portfolioId: string;
  readonly name: string;
  readonly seller: string;
  readonly externalId: string | null;
  readonly currency: string;
  readonly terms: FactoringTerms;
  readonly openedAt: string;
  readonly lastScheduleNo: number;
  readonly lastInvoiceNo: number;
}

interface FacilityRow {
  portfolio_id: string;
  name: string;
  seller: string;
  external_id: string | null;
  currency: string;
  terms: unknown;
  opened_at: string;
  last_schedule_no: number;
  last_invoice_no: number;
}

const select = `select f.portfolio_id, p.name, p.seller, p.external_id, p.currency, f.terms, f.opened_at,
    f.last_schedule_no, f.last_invoice_no from facility f join portfolio p on p.portfolio_id = f.portfolio_id`;

function facilityOf(row: FacilityRow): Facility {
  return {
    portfolioId: row.portfolio_id,
    name: row.name,
    seller: row.seller,
    externalId: row.external_id,
    currency: row.currency,
    // read by the schema that wrote it: terms of an older form get the defaults of what they did not have
    terms: factoringTermsSchema.parse(row.terms),
    openedAt: row.opened_at,
    lastScheduleNo: row.last_schedule_no,
    lastInvoiceNo: row.last_invoice_no,
  };
}

export function facilityIdOf(portfolioId: string): string {
  return portfolioId.replace(/^pf_/, "fa_");
}

export function portfolioIdOf(facilityId: string): string {
  return facilityId.replace(/^fa_/, "pf_");
}

export function facilityDocumentOf(facility: Facility): FacilityDocument {
  return {
    id: facilityIdOf(facility.portfolioId),
    portfolio_id: facility.portfolioId,
    name: facility.name,
    seller: facility.seller,
    external_id: facility.externalId,
    currency: facility.currency,
    terms: facility.terms,
    opened_at: facility.openedAt,
  };
}

export async function insertFacility(
  tx: Tx,
  { portfolioId, terms, openedAt }: Pick<Facility, "portfolioId" | "terms" | "openedAt">,
): Promise<void> {
  await tx.execute("insert into facility (portfolio_id, tenant_id, terms, opened_at) values (?, ?, ?, ?)", [
    portfolioId,
    tx.tenantId,
    JSON.stringify(terms),
    openedAt,
  ]);
}

/** Throws `not_found`. */
export async function findFacility(tx: Tx, portfolioId: string): Promise<Facility> {
  const [row] = await tx.query<FacilityRow>(`${select} where f.portfolio_id = ?`, [portfolioId]);
  if (row === undefined) throw new Refusal("not_found", `there is no facility ${facilityIdOf(portfolioId)}`);
  return facilityOf(row);
}

export async function listFacilities(tx: Tx, request: PageRequest): Promise<Page<FacilityDocument>> {
  const after = readCursor(request, ["instant", "text"]);
  const where = new Where();
  if (after !== undefined) where.add("(f.opened_at, f.portfolio_id) < (?, ?)", ...after);
  const rows = await tx.query<FacilityRow>(
    `${select} ${where.sql} order by f.opened_at desc, f.portfolio_id desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => facilityDocumentOf(facilityOf(row)),
    key: (row) => [row.opened_at, row.portfolio_id],
  });
}

/** Counts on, for a schedule and its invoices. Whoever calls holds the ledger's head. */
export async function countOn(tx: Tx, facility: Facility, invoices: number): Promise<void> {
  await tx.execute(
    "update facility set last_schedule_no = last_schedule_no + 1, last_invoice_no = last_invoice_no + ? where portfolio_id = ?",
    [invoices, facility.portfolioId],
  );
}
