import { reads, writes } from "./act.js";
import { page } from "./document.js";
import {
  availabilityDocument,
  changeFacilityTermsInput,
  debtorDocument,
  facilityAgingDocument,
  facilityDocument,
  facilityReadInput,
  listDebtorsInput,
  listFacilitiesInput,
  openFacilityInput,
  reserveDocument,
  saveDebtorInput,
  showFacilityInput,
} from "./facility.js";
import { chargeDocument, chargeFacilityDocument, chargeFacilityInput, listChargesInput } from "./facility-charge.js";
import {
  accrueFeesDocument,
  accrueFeesInput,
  attachDocumentInput,
  buyBackInput,
  chargeBackInput,
  disputeInvoiceInput,
  escrowReleaseDocument,
  facilityActDocument,
  listDocumentsInput,
  listNoticesInput,
  listReceiptsInput,
  noticeDocument,
  notifyAssignmentInput,
  paperDocument,
  paySellerDebtInput,
  receiptDocument,
  recordCollectionInput,
  releaseDocument,
  releaseEscrowInput,
  releaseReserveInput,
  resolveReceiptInput,
  returnCollectionInput,
  scheduleSettlementDocument,
  sellerJournalDocument,
  sellerJournalInput,
  settlementInput,
  updateNoticeInput,
  verifyDocumentInput,
  writeOffInvoicesInput,
} from "./factoring-life.js";
import {
  fundScheduleInput,
  importScheduleInput,
  invoiceDocument,
  judgeScheduleInput,
  listInvoicesInput,
  listSchedulesInput,
  offerScheduleInput,
  rejectScheduleInput,
  scheduleDocument,
  showInvoiceInput,
  shownOffer,
  showOfferInput,
  showScheduleInput,
  submitScheduleInput,
} from "./schedule.js";

const everyone = ["seller", "analyst", "finance", "admin"] as const;
const house = ["analyst", "finance", "admin"] as const;
const money = ["finance", "admin"] as const;
const accepted = { roles: house, idempotency: "accepted" } as const;
const posting = { roles: money, idempotency: "required" } as const;

/** What the desk does for factoring facilities. */
// biome-ignore format: a table
export const facilityActs = {
  "open-facility": writes("Open a factoring facility for a seller, on terms", { roles: money, idempotency: "accepted" }, openFacilityInput, facilityDocument),
  "change-facility-terms": writes("Put new terms beside the ones before; what was bought stays on its own", { roles: money, idempotency: "accepted" }, changeFacilityTermsInput, facilityDocument),
  "show-facility": reads("One facility and its terms", everyone, showFacilityInput, facilityDocument),
  "list-facilities": reads("Facilities, newest first", house, listFacilitiesInput, page(facilityDocument)),
  "save-debtor": writes("Make a debtor of invoices known, or change its limit", accepted, saveDebtorInput, debtorDocument),
  "list-debtors": reads("Debtors with their limits and what is open of them over all facilities", house, listDebtorsInput, page(debtorDocument)),

  "import-schedule": writes("Submit a schedule of invoices as a file", { roles: ["seller", ...house], idempotency: "accepted", long: true }, importScheduleInput, scheduleDocument),
  "submit-schedule": writes("Submit a schedule of invoices", { roles: ["seller", ...house], idempotency: "accepted" }, submitScheduleInput, scheduleDocument),
  "check-schedule": writes("Check a schedule; another person approves it", accepted, judgeScheduleInput, scheduleDocument),
  "approve-schedule": writes("Approve a schedule that another person has checked", { roles: money, idempotency: "accepted" }, judgeScheduleInput, scheduleDocument),
  "reject-schedule": writes("Send a schedule back: its invoices may be assigned anew", accepted, rejectScheduleInput, scheduleDocument),
  "offer-schedule": writes("Make an offer on a schedule; what was shown does not change", accepted, offerScheduleInput, shownOffer),
  "show-offer": reads("An offer as it was shown", everyone, showOfferInput, shownOffer),
  "fund-schedule": writes("Buy the invoices of an offer and pay the seller", posting, fundScheduleInput, scheduleDocument),
  "show-schedule": reads("One schedule", everyone, showScheduleInput, scheduleDocument),
  "list-schedules": reads("Schedules of a facility, newest first", everyone, listSchedulesInput, page(scheduleDocument)),
  "list-invoices": reads("Invoices of a facility in the order they came", house, listInvoicesInput, page(invoiceDocument)),
  "show-invoice": reads("One invoice as it stands", house, showInvoiceInput, invoiceDocument),

  "record-collection": writes("Record what a debtor paid: in full, short with a reason, too much, to the seller, or on no bought invoice", posting, recordCollectionInput, receiptDocument),
  "return-collection": writes("Record that a debtor's payment came back unpaid", posting, returnCollectionInput, receiptDocument),
  "resolve-receipt": writes("Apply an unapplied receipt to an invoice, pass it on, or pay it back", posting, resolveReceiptInput, facilityActDocument),
  "list-receipts": reads("What debtors paid, in the order it was recorded", house, listReceiptsInput, page(receiptDocument)),
  "accrue-fees": writes("Charge fees, interest and what else is due up to a day; run again it posts what has changed", posting, accrueFeesInput, accrueFeesDocument),
  "charge-facility": writes("Charge what a facility owes beside fees up to a day: charges once and by month, monthly minimums", posting, chargeFacilityInput, chargeFacilityDocument),
  "list-charges": reads("What a facility was charged beside fees, in the order of the days", everyone, listChargesInput, page(chargeDocument)),
  "release-reserve": writes("Pay reserve back to the seller, less what the seller owes", posting, releaseReserveInput, releaseDocument),
  "release-escrow": writes("Pay the escrow reserve out", posting, releaseEscrowInput, escrowReleaseDocument),
  "charge-back-invoices": writes("Give unpaid or disputed invoices back to the seller, who owes advance and fees", posting, chargeBackInput, facilityActDocument),
  "buy-back-invoices": writes("Let the seller take invoices back against cash", posting, buyBackInput, facilityActDocument),
  "write-off-invoices": writes("Write off invoices of a debtor that failed, at the factor's risk", posting, writeOffInvoicesInput, facilityActDocument),
  "dispute-invoice": writes("Mark an invoice as disputed, or as no longer so", accepted, disputeInvoiceInput, invoiceDocument),
  "record-seller-payment": writes("Record that the seller paid what it owes", posting, paySellerDebtInput, facilityActDocument),

  "attach-document": writes("Attach a purchase order, a proof of delivery or another document to an invoice", { roles: ["seller", ...house], idempotency: "accepted" }, attachDocumentInput, paperDocument),
  "verify-document": writes("Say that a document was verified or refused, and how", accepted, verifyDocumentInput, paperDocument),
  "list-documents": reads("Documents by debtor, invoice number, reference or day", house, listDocumentsInput, page(paperDocument)),
  "notify-assignment": writes("Record a notice of assignment to a debtor", accepted, notifyAssignmentInput, noticeDocument),
  "update-notice": writes("Record what became of a notice: received, acknowledged, proof asked for, released", accepted, updateNoticeInput, noticeDocument),
  "list-notices": reads("Notices of assignment of a facility", house, listNoticesInput, page(noticeDocument)),

  "report-availability": reads("Borrowing base, availability and over-advance of a facility on a day", house, facilityReadInput, availabilityDocument),
  "report-reserve": reads("Reserve of a facility on a day: what was held, what came out of it, what may be released", house, facilityReadInput, reserveDocument),
  "report-facility-aging": reads("Open invoices of a facility by age and by debtor", house, facilityReadInput, facilityAgingDocument),
  "show-settlement": reads("Settlement statement of a schedule, for the seller", everyone, settlementInput, scheduleSettlementDocument),
  "show-seller-journal": reads("What the seller books of a facility, entry by entry, with its balances", everyone, sellerJournalInput, sellerJournalDocument),
} as const;
