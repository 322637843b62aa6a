import type { ActName } from "../../models/acts.js";
import { acceptQuote } from "./accept-quote.js";
import { accrueFactoringFees } from "./accrue-factoring-fees.js";
import { accrueRevenue } from "./accrue-revenue.js";
import { adjustCarryingAmount } from "./adjust-carrying-amount.js";
import { adjustClaims } from "./adjust-claims.js";
import { answerPutBack } from "./answer-put-back.js";
import { applyUnapplied } from "./apply-unapplied.js";
import { calculators } from "./calculate.js";
import { chargeBackInvoice } from "./charge-back-invoice.js";
import { approveSchedule, checkSchedule, showSchedule } from "./check-schedule.js";
import { closePeriod, softClosePeriod } from "./close-period.js";
import { collectInvoice, collectInvoices } from "./collect-invoice.js";
import { correctEntry } from "./correct-entry.js";
import { createPortfolio } from "./create-portfolio.js";
import { declineQuote } from "./decline-quote.js";
import { explainBalance } from "./explain-balance.js";
import { exportLedger } from "./export-ledger.js";
import { fundSchedule } from "./fund-schedule.js";
import { importTape } from "./import-tape.js";
import { issueQuote } from "./issue-quote.js";
import { listAgencies } from "./list-agencies.js";
import { listClaimEvents } from "./list-claim-events.js";
import { listCosts } from "./list-costs.js";
import { listEntries } from "./list-entries.js";
import { listFacilities, showFacility } from "./list-facilities.js";
import { listFindings } from "./list-findings.js";
import { listForecasts } from "./list-forecasts.js";
import { listJobs } from "./list-jobs.js";
import { listLayouts } from "./list-layouts.js";
import { listLedgerAccounts } from "./list-ledger-accounts.js";
import { listPaymentRefusals } from "./list-payment-refusals.js";
import { listPayments } from "./list-payments.js";
import { listPeriods } from "./list-periods.js";
import { listPlacements } from "./list-placements.js";
import { listPortfolios } from "./list-portfolios.js";
import { listPurchases } from "./list-purchases.js";
import { listPutBacks } from "./list-put-backs.js";
import { listQuotes } from "./list-quotes.js";
import { listReceivables } from "./list-receivables.js";
import { listResaleReceivables } from "./list-resale-receivables.js";
import { listResales } from "./list-resales.js";
import { listRevenue } from "./list-revenue.js";
import { offerSchedule, showOffer } from "./offer-schedule.js";
import { openFacility } from "./open-facility.js";
import { payCommission } from "./pay-commission.js";
import { placeReceivables } from "./place-receivables.js";
import { putBackReceivables } from "./put-back-receivables.js";
import { recallReceivables } from "./recall-receivables.js";
import { receiveFromSeller, writeOffInvoice } from "./receive-from-seller.js";
import { recordCost } from "./record-cost.js";
import { recordPayment } from "./record-payment.js";
import { recordPayments } from "./record-payments.js";
import { recordReceipt } from "./record-receipt.js";
import { reforecastPortfolio } from "./reforecast-portfolio.js";
import { refundDebtor } from "./refund-debtor.js";
import { registerAgency } from "./register-agency.js";
import { releaseReserve, releaseReserves } from "./release-reserve.js";
import { reopenPeriod } from "./reopen-period.js";
import { reportAging } from "./report-aging.js";
import { reportClearing } from "./report-clearing.js";
import { reportErc } from "./report-erc.js";
import { reportNetback } from "./report-netback.js";
import { reportRollForward } from "./report-roll-forward.js";
import { reportTrialBalance } from "./report-trial-balance.js";
import { reportVintage } from "./report-vintage.js";
import { repriceQuote } from "./reprice-quote.js";
import { reverseEntry } from "./reverse-entry.js";
import { saveLayout } from "./save-layout.js";
import { sellReceivables } from "./sell-receivables.js";
import { setBooksPolicy } from "./set-books-policy.js";
import { setCarryingMethod } from "./set-carrying-method.js";
import { setCollectionTerms } from "./set-collection-terms.js";
import { settleReceivable } from "./settle-receivable.js";
import { showAccountStatement } from "./show-account-statement.js";
import { listFactoredInvoices, showAvailability, showReserve } from "./show-availability.js";
import { showEntry } from "./show-entry.js";
import { showForecast } from "./show-forecast.js";
import { showJob } from "./show-job.js";
import { showPeriod } from "./show-period.js";
import { showPortfolio } from "./show-portfolio.js";
import { showPurchase } from "./show-purchase.js";
import { showQuote } from "./show-quote.js";
import { showReceivable } from "./show-receivable.js";
import { showReceivableStatement } from "./show-receivable-statement.js";
import { showSellerStatement } from "./show-seller-statement.js";
import { showStrata } from "./show-strata.js";
import { submitSchedule } from "./submit-schedule.js";
import { valuePortfolio } from "./value-portfolio.js";
import { listVerifications, showVerification, verifyBooks } from "./verify-books.js";
import { writeOffCourtCost } from "./write-off-court-cost.js";

const all = [
  createPortfolio,
  listPortfolios,
  showPortfolio,
  importTape,
  listFindings,
  listReceivables,
  showReceivable,
  saveLayout,
  listLayouts,
  valuePortfolio,
  showStrata,
  showForecast,
  issueQuote,
  showQuote,
  listQuotes,
  repriceQuote,
  declineQuote,
  acceptQuote,
  listPurchases,
  showPurchase,
  putBackReceivables,
  listPutBacks,
  registerAgency,
  listAgencies,
  placeReceivables,
  listPlacements,
  recallReceivables,
  recordPayment,
  recordPayments,
  listPayments,
  listPaymentRefusals,
  recordCost,
  listCosts,
  recordReceipt,
  answerPutBack,
  setCollectionTerms,
  adjustClaims,
  settleReceivable,
  writeOffCourtCost,
  refundDebtor,
  applyUnapplied,
  listClaimEvents,
  payCommission,
  sellReceivables,
  listResales,
  listResaleReceivables,
  listLedgerAccounts,
  setCarryingMethod,
  reforecastPortfolio,
  listForecasts,
  accrueRevenue,
  listRevenue,
  adjustCarryingAmount,
  reportRollForward,
  reportVintage,
  reportErc,
  reportNetback,
  reportTrialBalance,
  showAccountStatement,
  listEntries,
  showEntry,
  reverseEntry,
  correctEntry,
  listPeriods,
  showPeriod,
  softClosePeriod,
  closePeriod,
  reopenPeriod,
  setBooksPolicy,
  verifyBooks,
  listVerifications,
  showVerification,
  explainBalance,
  reportClearing,
  showReceivableStatement,
  reportAging,
  exportLedger,
  openFacility,
  showFacility,
  listFacilities,
  submitSchedule,
  showSchedule,
  checkSchedule,
  approveSchedule,
  offerSchedule,
  showOffer,
  fundSchedule,
  listFactoredInvoices,
  collectInvoice,
  collectInvoices,
  releaseReserve,
  releaseReserves,
  receiveFromSeller,
  writeOffInvoice,
  chargeBackInvoice,
  accrueFactoringFees,
  showAvailability,
  showReserve,
  showSellerStatement,
  showJob,
  listJobs,
] as const;

/** The implementation of every declared act, by name. */
export const implementations: ReadonlyMap<ActName, (typeof all)[number] | (typeof calculators)[number]> = new Map(
  [...all, ...calculators].map((act) => [act.name, act]),
);
