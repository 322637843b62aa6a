import { plainArray, textArray } from "./array-text.js";
import type { Tx } from "./transaction.js";

export interface AssignedInvoice {
  readonly debtorId: string;
  readonly invoiceNumber: string;
}

/**
 * Takes invoices into an assignment, in sorted order, and returns those that stand in a live one already (of any
 * facility). Where another transaction is assigning the same one, this waits for its end.
 */
export async function assignInvoices(
  tx: Tx,
  portfolioId: string,
  of: { sellerKey: string; at: string; invoices: readonly (AssignedInvoice & { invoiceNo: number })[] },
): Promise<ReadonlySet<number>> {
  const sorted = [...of.invoices].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rows = await tx.query<{ invoice_no: number }>(
    `insert into assignment (portfolio_id, tenant_id, invoice_no, seller_key, debtor_id, invoice_number, assigned_at)
     select ?, ?, n, ?, d, i, ? from unnest(?::integer[], ?::text[], ?::text[]) as r(n, d, i)
     on conflict do nothing returning invoice_no`,
    [
      portfolioId,
      tx.tenantId,
      of.sellerKey,
      of.at,
      plainArray(sorted.map((i) => i.invoiceNo)),
      textArray(sorted.map((i) => i.debtorId)),
      textArray(sorted.map((i) => i.invoiceNumber)),
    ],
  );
  return new Set(rows.map((row) => row.invoice_no));
}

const keyOf = ({ debtorId, invoiceNumber }: AssignedInvoice) => `${debtorId}\u0000${invoiceNumber}`;

/** Lets invoices go: they may be assigned anew. */
export async function releaseAssignments(
  tx: Tx,
  portfolioId: string,
  of: { invoiceNos: readonly number[]; at: string; reason: string },
): Promise<void> {
  await tx.execute(
    `update assignment set released_at = ?, release_reason = ?
      where portfolio_id = ? and invoice_no = any(?::integer[]) and released_at is null`,
    [of.at, of.reason, portfolioId, plainArray(of.invoiceNos)],
  );
}
