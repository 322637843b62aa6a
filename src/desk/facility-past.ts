import { minor } from "../money/money.js";
import { type PastMoment, readDisputesAt, readPapersAt } from "../store/facility-past.js";
import type { OpenInvoice } from "../store/invoice-moment.js";
import type { Tx } from "../store/transaction.js";

/** Invoices with their disputes, their verification and their papers as they were at a moment. */
export async function asTheyWere(
  tx: Tx,
  portfolioId: string,
  { invoices, at }: { invoices: readonly OpenInvoice[]; at: PastMoment },
): Promise<OpenInvoice[]> {
  const [found, papers] = await Promise.all([readDisputesAt(tx, portfolioId, at), readPapersAt(tx, portfolioId, at)]);
  const disputes = new Map(found.map((one) => [one.invoiceNo, one]));
  return invoices.map((invoice) => {
    const { invoiceNo, verified, hasProofOfDelivery, hasPurchaseOrder } = invoice;
    const dispute = disputes.get(invoiceNo);
    const amountMinor = dispute?.amountMinor ?? null;
    return {
      ...invoice,
      disputed: dispute !== undefined,
      disputedMinor: amountMinor === null ? null : minor(amountMinor),
      verified: papers.verified.get(invoiceNo) ?? verified,
      hasProofOfDelivery: papers.proof.get(invoiceNo) ?? hasProofOfDelivery,
      hasPurchaseOrder: hasPurchaseOrder && !papers.withoutOrder.has(invoiceNo),
    };
  });
}
