import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { type Minor, parseMinor, sumMinor } from "../money/money.js";
import { countOn } from "../store/facility.js";
import { insertInvoices, type SubmittedInvoice } from "../store/factored-invoice.js";
import { findSchedule, insertSchedule, scheduleDocumentOf } from "../store/factoring-schedule.js";
import { implement } from "./act.js";
import { facilityOfInput, openFacilityBook } from "./facility-book.js";

/**
 * Assigns invoices to a facility. Guards in this order: the facility (`not_found`), one currency (`currency_mismatch`), amounts
 * (`amount_invalid`), one live assignment of each invoice (`invoice_already_assigned`).
 */
export const submitSchedule = implement("submit-schedule", async (context, input) => {
  const { tx, now } = context;
  const { facility } = await openFacilityBook(context, facilityOfInput(input));
  const { portfolioId, currency } = facility;
  const scheduleNo = facility.lastScheduleNo + 1;
  const invoices = input.invoices.map((invoice, i) => {
    if (invoice.currency !== undefined && invoice.currency !== currency) {
      throw new Refusal(
        "currency_mismatch",
        `/invoices/${i} is in ${invoice.currency}; the facility is in ${currency}`,
      );
    }
    return submitted(invoice, { invoiceNo: facility.lastInvoiceNo + 1 + i, currency });
  });
  await insertSchedule(tx, {
    portfolioId,
    scheduleNo,
    state: "submitted",
    invoices: invoices.length,
    grossMinor: sumMinor(invoices.map((invoice) => invoice.amountMinor)),
    submittedBy: tx.actor ?? "unknown",
    submittedAt: now,
    checkedBy: null,
    approvedBy: null,
    offerVersion: 0,
    fundedOn: null,
    netFundedMinor: null,
    sequence: null,
  });
  await insertInvoices(tx, { portfolioId, scheduleNo }, invoices);
  await countOn(tx, facility, invoices.length);
  return scheduleDocumentOf(await findSchedule(tx, portfolioId, scheduleNo), currency);
});

type Given = ActParsed<"submit-schedule">["invoices"][number];

function submitted(given: Given, { invoiceNo, currency }: { invoiceNo: number; currency: string }): SubmittedInvoice {
  const amountMinor: Minor = parseMinor(given.amount, currency);
  return {
    invoiceNo,
    debtorId: given.debtor_id,
    invoiceNumber: given.invoice_number,
    issuedOn: given.invoice_date,
    dueOn: given.due_date,
    amountMinor,
    purchaseOrder: given.purchase_order ?? null,
    proofOfDelivery: (given.proof_of_delivery ?? false) !== false,
    country: given.country ?? null,
    disputed: given.disputed,
    debtorType: given.debtor_type ?? null,
  };
}
