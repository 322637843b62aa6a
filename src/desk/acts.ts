import type { ActName } from "../../models/acts.js";
import { acceptQuote } from "./accept-quote.js";
import { accrueRevenue } from "./accrue-revenue.js";
import { adjustCarryingAmount } from "./adjust-carrying-amount.js";
import { adjustClaims } from "./adjust-claims.js";
import { answerPutBack } from "./answer-put-back.js";
import { applyUnapplied } from "./apply-unapplied.js";
import { calculators } from "./calculate.js";
import { closePeriod, softClosePeriod } from "./close-period.js";
import { correctEntry } from "./correct-entry.js";
import { createPortfolio } from "./create-portfolio.js";
import { declineQuote } from "./decline-quote.js";
import { explainBalance } from "./explain-balance.js";
import { exportLedger } from "./export-ledger.js";
import { facilityImplementations } from "./facility-acts.js";
import { fitCurve } from "./fit-curve.js";
import { fitPaymentBehaviour } from "./fit-payment-behaviour.js";
import { importTape } from "./import-tape.js";
import { issueQuote } from "./issue-quote.js";
import { listAgencies } from "./list-agencies.js";
import { listClaimEvents } from "./list-claim-events.js";
import { listCosts } from "./list-costs.js";
import { listCurves } from "./list-curves.js";
import { listEntries } from "./list-entries.js";
import { listFindings } from "./list-findings.js";
import { listForecasts } from "./list-forecasts.js";
import { listJobs } from "./list-jobs.js";
import { listLayouts } from "./list-layouts.js";
import { listLedgerAccounts } from "./list-ledger-accounts.js";
import { listModels } from "./list-models.js";
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
import { payCommission } from "./pay-commission.js";
import { placeReceivables } from "./place-receivables.js";
import { putBackReceivables } from "./put-back-receivables.js";
import { recallReceivables } from "./recall-receivables.js";
import { recordCost } from "./record-cost.js";
import { recordPayment } from "./record-payment.js";
import { recordPayments } from "./record-payments.js";
import { recordReceipt } from "./record-receipt.js";
import { reforecastPortfolio } from "./reforecast-portfolio.js";
import { refundDebtor } from "./refund-debtor.js";
import { registerAgency } from "./register-agency.js";
import { registerModel } from "./register-model.js";
import { reopenPeriod } from "./reopen-period.js";
import { reportAging } from "./report-aging.js";
import { reportClearing } from "./report-clearing.js";
import { reportDrift } from "./report-drift.js";
import { reportErc } from "./report-erc.js";
import { reportNetback } from "./report-netback.js";
import { reportRollForward } from "./report-roll-forward.js";
import { reportRunOff } from "./report-run-off.js";
import { reportTrialBalance } from "./report-trial-balance.js";
import { reportVintage } from "./report-vintage.js";
import { repriceQuote } from "./reprice-quote.js";
import { retireModel } from "./retire-model.js";
import { reverseEntry } from "./reverse-entry.js";
import { saveLayout } from "./save-layout.js";
import { sellReceivables } from "./sell-receivables.js";
import { setBooksPolicy } from "./set-books-policy.js";
import { setCarryingMethod } from "./set-carrying-method.js";
import { setCollectionTerms } from "./set-collection-terms.js";
import { settleReceivable } from "./settle-receivable.js";
import { showAccountStatement } from "./show-account-statement.js";
import { showCurve } from "./show-curve.js";
import { showEntry } from "./show-entry.js";
import { showForecast } from "./show-forecast.js";
import { showJob } from "./show-job.js";
import { showModel } from "./show-model.js";
import { showPeriod } from "./show-period.js";
import { showPortfolio } from "./show-portfolio.js";
import { showPurchase } from "./show-purchase.js";
import { showQuote } from "./show-quote.js";
import { showReceivable } from "./show-receivable.js";
import { showReceivableStatement } from "./show-receivable-statement.js";
import { showStrata } from "./show-strata.js";
import { valuePortfolio } from "./value-portfolio.js";
import { listVerifications, showVerification, verifyBooks } from "./verify-books.js";
import { writeOffCourtCost } from "./write-off-court-cost.js";

const all = [
  reportRunOff,
  reportDrift,
  registerModel,
  listModels,
  showModel,
  retireModel,
  fitCurve,
  fitPaymentBehaviour,
  listCurves,
  showCurve,
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
  showJob,
  listJobs,
] as const;

/** The implementation of every declared act, by name. */
const every = [...all, ...calculators, ...facilityImplementations] as const;
export const implementations: ReadonlyMap<ActName, (typeof every)[number]> = new Map(
  every.map((act) => [act.name, act]),
);
