import { listReceipts as readReceipts } from "../store/debtor-receipt.js";
import { findFacility } from "../store/facility.js";
import { findInvoice, invoiceDocumentOf, listInvoices as readPage } from "../store/invoice.js";
import { implement } from "./act.js";
import { childOf, facilityPortfolio } from "./facility-book.js";

export const listInvoices = implement("list-invoices", async ({ tx }, { schedule_id, ...input }) => {
  const facility = await findFacility(tx, facilityPortfolio(input.facility_id));
  const scheduleNo = schedule_id === undefined ? undefined : childOf("sc", schedule_id, "schedule").number;
  return readPage(tx, facility, { ...input, scheduleNo });
});

export const showInvoice = implement("show-invoice", async ({ tx }, input) => {
  const { portfolioId, number } = childOf("iv", input.invoice_id, "invoice");
  return invoiceDocumentOf(await findInvoice(tx, portfolioId, number), await findFacility(tx, portfolioId));
});

export const listReceipts = implement("list-receipts", async ({ tx }, input) =>
  readReceipts(tx, await findFacility(tx, facilityPortfolio(input.facility_id)), input),
);
