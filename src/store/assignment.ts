import { invoiceIdentity } from "../../models/invoice.js";
import { plainArray, textArray } from "./array-text.js";
import type { Tx } from "./transaction.js";

export interface AssignedInvoice {
  readonly debtorId: string;
  readonly invoiceNumber: string;
}

/**
 * Takes invoices into an assignment, in sorted order, and returns those that could be taken: the others stand in a live one
 * already (of any facility). Where another transaction is assigning the same one, this waits for its end.
 *
 * The number is kept as it is told apart (`invoiceIdentity`); rows from before that was done have it as it was written, and
 * are looked up so.
 */
export async function assignInvoices(
  tx: Tx,
  portfolioId: string,
  of: { sellerKey: string; at: string; invoices: readonly (AssignedInvoice & { invoiceNo: number })[] },
): Promise<ReadonlySet<number>> {
  const keyed = of.invoices.map((invoice) => ({ ...invoice, identity: invoiceIdentity(invoice.invoiceNumber) }));
  const sorted = keyed.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rows = await tx.query<{ invoice_no: number }>(
    `insert into assignment (portfolio_id, tenant_id, invoice_no, seller_key, debtor_id, invoice_number, assigned_at)
     select ?, ?, n, ?, d, i, ? from unnest(?::integer[], ?::text[], ?::text[], ?::text[]) as r(n, d, i, written)
      where i = written or not exists (
        select from assignment a where a.tenant_id = ? and a.seller_key = ? and a.debtor_id = d
           and a.invoice_number = written and a.released_at is null)
     on conflict do nothing returning invoice_no`,
    [
      portfolioId,
      tx.tenantId,
      of.sellerKey,
      of.at,
      plainArray(sorted.map((i) => i.invoiceNo)),
      textArray(sorted.map((i) => i.debtorId)),
      textArray(sorted.map((i) => i.identity)),
      textArray(sorted.map((i) => i.invoiceNumber)),
      tx.tenantId,
      of.sellerKey,
    ],
  );
  return new Set(rows.map((row) => row.invoice_no));
}

const keyOf = ({ debtorId, identity }: { debtorId: string; identity: string }) => `${debtorId}\u0000${identity}`;

/** Lets invoices go: they may be assigned anew. */
export async function releaseAssignments(
  tx: Tx,
  portfolioId: string,
  of: { invoiceNos: readonly number[]; at: string; reason: string },
): Promise<void> {
  // so written that the index of the live ones, which begins with the tenant, is not taken to hold next to nothing
  await tx.execute(
    `update assignment set released_at = ?, release_reason = ?
      where portfolio_id = ? and invoice_no = any(?::integer[]) and coalesce(released_at, 'infinity') = 'infinity'`,
    [of.at, of.reason, portfolioId, plainArray(of.invoiceNos)],
  );
}
