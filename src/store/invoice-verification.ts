import type { InvoiceVerification } from "../../models/dispute.js";
import { facilityOfPortfolio } from "../../models/facility.js";
import { childId } from "../../models/record-id.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

interface Asked {
  readonly invoiceNo: number;
  readonly outcome: InvoiceVerification["outcome"];
  readonly method: InvoiceVerification["method"];
  readonly verifiedOn: string;
  readonly note: string | null;
  readonly at: string;
}

type Row = Omit<InvoiceVerification, "facility_id" | "invoice_id"> & { invoice_no: number };

const columns = `invoice_no, verification_no, outcome, method, verified_on, note, actor as verified_by, recorded_at`;

function documentOf({ invoice_no, ...kept }: Row, portfolioId: string): InvoiceVerification {
  return { facility_id: facilityOfPortfolio(portfolioId), invoice_id: childId("iv", portfolioId, invoice_no), ...kept };
}

/** Keeps what a debtor said of an invoice; the last word counts, and stands on the invoice too. */
export async function insertVerification(tx: Tx, portfolioId: string, asked: Asked): Promise<InvoiceVerification> {
  // the invoice's row is taken first, so that two who ask at once get two numbers
  await tx.execute("update invoice set verified = ? where portfolio_id = ? and invoice_no = ?", [
    asked.outcome === "verified",
    portfolioId,
    asked.invoiceNo,
  ]);
  const [row] = await tx.query<Row>(
    `insert into invoice_verification (portfolio_id, tenant_id, invoice_no, verification_no, outcome, method, verified_on,
                                       note, actor, recorded_at)
     values (?, ?, ?, (select coalesce(max(v.verification_no), 0) + 1 from invoice_verification v
                        where v.portfolio_id = ? and v.invoice_no = ?), ?, ?, ?, ?, ?, ?)
     returning ${columns}`,
    [
      ...[portfolioId, tx.tenantId, asked.invoiceNo, portfolioId, asked.invoiceNo, asked.outcome, asked.method],
      ...[asked.verifiedOn, asked.note, tx.actor ?? "unknown", asked.at],
    ],
  );
  return documentOf(row!, portfolioId);
}

export async function listVerifications(
  tx: Tx,
  portfolioId: string,
  request: PageRequest & { invoiceNo: number },
): Promise<Page<InvoiceVerification>> {
  const after = readCursor(request, ["number"]);
  const where = new Where()
    .add("portfolio_id = ?", portfolioId)
    .add("invoice_no = ?", request.invoiceNo)
    .add("verification_no > ?", after?.[0]);
  const rows = await tx.query<Row>(
    `select ${columns} from invoice_verification ${where.sql} order by verification_no limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, {
    document: (row) => documentOf(row, portfolioId),
    key: (row) => [row.verification_no],
  });
}
