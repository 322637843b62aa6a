import { type PastMoment, readDisputesAt, readPapersAt } from "../store/facility-past.js";
import type { Invoice } from "../store/invoice.js";
import type { Tx } from "../store/transaction.js";

/** Invoices with their disputes, their verification and their papers as they were at a moment. */
export async function asTheyWere(
  tx: Tx,
  portfolioId: string,
  { invoices, at }: { invoices: readonly Invoice[]; at: PastMoment },
): Promise<Invoice[]> {
  const disputes = new Map((await readDisputesAt(tx, portfolioId, at)).map((one) => [one.invoiceNo, one]));
  const papers = await readPapersAt(tx, portfolioId, at);
  return invoices.map((invoice) => {
    const { invoiceNo, verified, hasProof, purchaseOrder } = invoice;
    const dispute = disputes.get(invoiceNo);
    return {
      ...invoice,
      disputed: dispute !== undefined,
      disputedMinor: dispute?.amountMinor ?? null,
      verified: papers.verified.get(invoiceNo) ?? verified,
      hasProof: papers.proof.get(invoiceNo) ?? hasProof,
      purchaseOrder: papers.withoutOrder.has(invoiceNo) ? null : purchaseOrder,
    };
  });
}
