import { accrueFees } from "./accrue-fees.js";
import { attachDocument, listDocuments, verifyDocument } from "./attach-document.js";
import { buyBackInvoices, chargeBackInvoices } from "./charge-back-invoices.js";
import { chargeFacility, chargeOccasion, listCharges } from "./charge-facility.js";
import { approveSchedule, checkSchedule, listSchedules, rejectSchedule, showSchedule } from "./check-schedule.js";

import { disputeInvoice, listDisputes, resolveDispute } from "./dispute-invoice.js";

import { endFacility } from "./end-facility.js";

import { fundSchedule } from "./fund-schedule.js";
import { listInvoices, listReceipts, showInvoice } from "./list-invoices.js";
import { listNotices, notifyAssignment, updateNotice } from "./notify-assignment.js";
import { offerSchedule, showOffer } from "./offer-schedule.js";
import { changeFacilityTerms, listFacilities, openFacility, showFacility } from "./open-facility.js";
import { recordCollection } from "./record-collection.js";
import { listFilings, recordFiling, updateFiling } from "./record-filing.js";
import { recordSellerPayment } from "./record-seller-payment.js";
import { releaseEscrow, releaseReserve } from "./release-reserve.js";
import { reportAvailability, reportFacilityAging } from "./report-availability.js";
import { reportDisputes } from "./report-disputes.js";
import { reportReserve } from "./report-reserve.js";
import { resolveReceipt } from "./resolve-receipt.js";
import { returnCollection } from "./return-collection.js";
import { listDebtors, saveDebtor } from "./save-debtor.js";
import { showFacilitySettlement } from "./show-facility-settlement.js";
import { showSellerJournal } from "./show-seller-journal.js";
import { showSettlement } from "./show-settlement.js";
import { importSchedule, submitSchedule } from "./submit-schedule.js";
import { listInvoiceVerifications, verifyInvoice } from "./verify-invoice.js";
import { waiveCharge } from "./waive-charge.js";
import { writeOffInvoices } from "./write-off-invoices.js";

/** The acts of factoring facilities. */
export const facilityImplementations = [
  openFacility,
  changeFacilityTerms,
  showFacility,
  listFacilities,
  saveDebtor,
  listDebtors,
  importSchedule,
  submitSchedule,
  checkSchedule,
  approveSchedule,
  rejectSchedule,
  offerSchedule,
  showOffer,
  fundSchedule,
  showSchedule,
  listSchedules,
  listInvoices,
  showInvoice,
  recordCollection,
  returnCollection,
  resolveReceipt,
  listReceipts,
  accrueFees,
  chargeFacility,
  chargeOccasion,
  waiveCharge,
  listCharges,
  endFacility,
  showFacilitySettlement,
  recordFiling,
  updateFiling,
  listFilings,
  releaseReserve,
  releaseEscrow,
  chargeBackInvoices,
  buyBackInvoices,
  writeOffInvoices,
  disputeInvoice,
  resolveDispute,
  listDisputes,
  reportDisputes,
  verifyInvoice,
  listInvoiceVerifications,
  recordSellerPayment,
  attachDocument,
  verifyDocument,
  listDocuments,
  notifyAssignment,
  updateNotice,
  listNotices,
  reportAvailability,
  reportReserve,
  reportFacilityAging,
  showSettlement,
  showSellerJournal,
] as const;
