import type { z } from "zod";
import { type ActDeclaration, reads, writes } from "./act.js";
import {
  agencyDocument,
  listAgenciesInput,
  listPlacementsInput,
  placementDocument,
  placeReceivablesInput,
  recallReceivablesInput,
  recallReceivablesOutput,
  registerAgencyInput,
} from "./agency.js";
import { reportAgingDocument, reportAgingInput } from "./aging.js";
import { calculationActs } from "./calculations.js";
import {
  adjustClaimsInput,
  adjustClaimsOutput,
  applyUnappliedInput,
  claimEventDocument,
  claimMoneyDocument,
  commissionPaymentDocument,
  listClaimEventsInput,
  listResaleReceivablesInput,
  listResalesInput,
  payCommissionInput,
  refundDebtorInput,
  resaleDocument,
  resaleReceivableDocument,
  sellReceivablesInput,
  setCollectionTermsInput,
  setCollectionTermsOutput,
  settlementDocument,
  settleReceivableInput,
  writeOffCourtCostInput,
} from "./claim.js";
import {
  explainBalanceDocument,
  explainBalanceInput,
  reportClearingDocument,
  reportClearingInput,
} from "./clearing.js";
import { page } from "./document.js";
import { reportDriftDocument, reportDriftInput } from "./drift.js";
import {
  accountStatementDocument,
  accountStatementInput,
  entryDocument,
  ledgerAccountsDocument,
  listEntriesInput,
  listLedgerAccountsInput,
  netbackInput,
  showEntryInput,
  trialBalanceDocument,
  trialBalanceInput,
} from "./entry.js";
import { showEntryDocument } from "./entry-source.js";
import { exportLedgerInput, exportLedgerOutput } from "./export.js";
import { facilityActs } from "./facility-acts.js";
import { jobDocument, listJobsInput, showJobInput } from "./job.js";
import {
  curveDocument,
  fitCurveInput,
  listCurvesInput,
  listModelsInput,
  modelDocument,
  registerModelInput,
  retireModelInput,
  showCurveInput,
  showModelInput,
  shownCurve,
  shownModel,
} from "./model-version.js";
import { netbackDocument } from "./netback.js";
import {
  costDocument,
  listCostsInput,
  listPaymentRefusalsInput,
  listPaymentsInput,
  paymentDocument,
  paymentRefusal,
  receiptDocument,
  recordCostInput,
  recordPaymentInput,
  recordPaymentsInput,
  recordPaymentsOutput,
  recordReceiptInput,
} from "./payment.js";
import { fitPaymentBehaviourInput, learnedPaymentDocument } from "./payment-score.js";
import {
  booksPolicy,
  closePeriodInput,
  listPeriodsInput,
  listPeriodsOutput,
  listVerificationsInput,
  periodDocument,
  reopenPeriodInput,
  setBooksPolicyInput,
  showPeriodInput,
  showVerificationInput,
  softClosePeriodInput,
  verificationDocument,
  verifyBooksInput,
} from "./period.js";
import {
  createPortfolioInput,
  findingDocument,
  importTapeInput,
  importTapeOutput,
  listFindingsInput,
  listLayoutsInput,
  listPortfoliosInput,
  portfolioDocument,
  savedLayoutDocument,
  saveLayoutInput,
  showPortfolioInput,
} from "./portfolio.js";
import {
  ercDocument,
  ercInput,
  rollForwardDocument,
  rollForwardInput,
  vintageDocument,
  vintageInput,
} from "./portfolio-reports.js";
import {
  answerPutBackInput,
  listPurchasesInput,
  listPutBacksInput,
  purchaseDocument,
  putBackDocument,
  putBackInput,
  putBackOutput,
  showPurchaseInput,
} from "./purchase.js";
import {
  acceptQuoteInput,
  declineQuoteInput,
  forecastDocument,
  issueQuoteInput,
  listQuotesInput,
  priceDocument,
  quoteDocument,
  repriceQuoteOutput,
  showQuoteInput,
  showQuoteOutput,
  showStrataInput,
  strataDocument,
  valuePortfolioInput,
} from "./quote.js";
import { listReceivablesInput, receivableDocument, shownReceivable, showReceivableInput } from "./receivable.js";
import {
  accrueRevenueInput,
  accrueRevenueOutput,
  adjustCarryingAmountInput,
  adjustCarryingAmountOutput,
  carryingBasisDocument,
  forecastVersionDocument,
  listForecastsInput,
  listRevenueInput,
  listRevenueOutput,
  reforecastInput,
  reforecastOutput,
  setCarryingMethodInput,
} from "./revenue.js";
import { correctEntryInput, correctEntryOutput, reverseEntryInput, reverseEntryOutput } from "./reversal.js";
import { receivableStatementDocument, receivableStatementInput } from "./statement.js";
import { reportRunOffDocument, reportRunOffInput } from "./triangle.js";

const everyone = ["seller", "analyst", "finance", "admin"] as const;
const house = ["analyst", "finance", "admin"] as const;
const pricing = ["analyst", "admin"] as const;
const money = ["finance", "admin"] as const;

/**
 * Everything the desk does, one line an act. A door names an act by its key here and holds no business rule; the desk
 * has one file an act, by the same name.
 */
// biome-ignore format: a table
export const acts = {
  "create-portfolio": writes("Open a portfolio for a seller's tape", { roles: ["seller", ...pricing], idempotency: "accepted" }, createPortfolioInput, portfolioDocument),
  "list-portfolios": reads("Portfolios, newest first", everyone, listPortfoliosInput, page(portfolioDocument)),
  "show-portfolio": reads("One portfolio and its tape", everyone, showPortfolioInput, portfolioDocument),

  "import-tape": writes("Read a seller's file into the portfolio; the same file again changes nothing", { roles: ["seller", ...pricing], idempotency: "accepted", long: true }, importTapeInput, importTapeOutput),
  "list-findings": reads("What was found in the tape, in file order", everyone, listFindingsInput, page(findingDocument)),
  "list-receivables": reads("Receivables in file order", house, listReceivablesInput, page(receivableDocument)),
  "show-receivable": reads("One receivable", house, showReceivableInput, shownReceivable),
  "save-layout": writes("Keep how a seller writes tapes", { roles: pricing, idempotency: "accepted" }, saveLayoutInput, savedLayoutDocument),
  "list-layouts": reads("Layouts kept by seller", house, listLayoutsInput, page(savedLayoutDocument)),

  "value-portfolio": reads("Price the portfolio without issuing a quote", house, valuePortfolioInput, priceDocument),
  "show-strata": reads("The portfolio by product, age, balance, stage and state", house, showStrataInput, strataDocument),
  "show-forecast": reads("Expected cash by month", house, valuePortfolioInput, forecastDocument),

  "issue-quote": writes("Issue a bid from a snapshot that never changes; supersedes the one that was open", { roles: pricing, idempotency: "required" }, issueQuoteInput, showQuoteOutput),
  "show-quote": reads("One quote with its snapshot", everyone, showQuoteInput, showQuoteOutput),
  "list-quotes": reads("Quotes, newest first", everyone, listQuotesInput, page(quoteDocument)),
  "reprice-quote": reads("Price a quote again from its snapshot: the same figure, or it is our fault", house, showQuoteInput, repriceQuoteOutput),
  "decline-quote": writes("Decline an open quote", { roles: ["seller", ...house], idempotency: "required" }, declineQuoteInput, quoteDocument),
  "accept-quote": writes("Accept an open quote and book the purchase", { roles: money, idempotency: "required" }, acceptQuoteInput, purchaseDocument),

  "list-purchases": reads("Purchases, newest first", house, listPurchasesInput, page(purchaseDocument)),
  "show-purchase": reads("One purchase", house, showPurchaseInput, purchaseDocument),
  "put-back-receivables": writes("Return receivables to the seller for a refund", { roles: money, idempotency: "required" }, putBackInput, putBackOutput),
  "answer-put-back": writes("Record what the seller answers to put-backs: accepted, accepted for less, refused", { roles: money, idempotency: "required" }, answerPutBackInput, putBackOutput),
  "list-put-backs": reads("Receivables put back from a purchase", house, listPutBacksInput, page(putBackDocument)),

  "register-agency": writes("Register a collection agency", { roles: money, idempotency: "accepted" }, registerAgencyInput, agencyDocument),
  "list-agencies": reads("Agencies", house, listAgenciesInput, page(agencyDocument)),
  "place-receivables": writes("Place receivables with an agency on its commission", { roles: house, idempotency: "required" }, placeReceivablesInput, placementDocument),
  "list-placements": reads("Placements of a portfolio", house, listPlacementsInput, page(placementDocument)),
  "recall-receivables": writes("Take receivables back from an agency", { roles: house, idempotency: "required" }, recallReceivablesInput, recallReceivablesOutput),

  "record-payment": writes("Apply and post one payment, or one that came back", { roles: money, idempotency: "required" }, recordPaymentInput, paymentDocument),
  "record-payments": writes("Apply and post a file of payments; the same file again changes nothing", { roles: money, idempotency: "required", long: true }, recordPaymentsInput, recordPaymentsOutput),
  "list-payments": reads("Payments in the order they were recorded", house, listPaymentsInput, page(paymentDocument)),
  "list-payment-refusals": reads("Rows of a payments file that were left out, with the reason", house, listPaymentRefusalsInput, page(paymentRefusal)),
  "record-cost": writes("Post a cost, or a credit note", { roles: money, idempotency: "required" }, recordCostInput, costDocument),
  "list-costs": reads("Costs in the order they were recorded", house, listCostsInput, page(costDocument)),
  "record-receipt": writes("Post money from an agency or the seller that settles what it owes us", { roles: money, idempotency: "required" }, recordReceiptInput, receiptDocument),

  "set-collection-terms": writes("Say in which order payments pay a claim, and what becomes of money over it", { roles: money, idempotency: "accepted" }, setCollectionTermsInput, setCollectionTermsOutput),
  "adjust-claims": writes("Add interest, fees or costs to claims, or take credits off", { roles: money, idempotency: "required" }, adjustClaimsInput, adjustClaimsOutput),
  "settle-receivable": writes("Write off the rest of a claim after the agreed amount has come in", { roles: money, idempotency: "required" }, settleReceivableInput, settlementDocument),
  "write-off-court-cost": writes("Give up court costs that were advanced", { roles: money, idempotency: "required" }, writeOffCourtCostInput, claimMoneyDocument),
  "refund-debtor": writes("Pay unapplied cash back", { roles: money, idempotency: "required" }, refundDebtorInput, claimMoneyDocument),
  "apply-unapplied": writes("Pay a claim with unapplied cash", { roles: money, idempotency: "required" }, applyUnappliedInput, claimMoneyDocument),
  "list-claim-events": reads("What changed claims other than payments, in the order it was recorded", house, listClaimEventsInput, page(claimEventDocument)),
  "pay-commission": writes("Pay an agency the commission that it bills", { roles: money, idempotency: "required" }, payCommissionInput, commissionPaymentDocument),
  "sell-receivables": writes("Sell receivables on", { roles: money, idempotency: "required" }, sellReceivablesInput, resaleDocument),
  "list-resales": reads("Sales of receivables of a portfolio", house, listResalesInput, page(resaleDocument)),
  "list-resale-receivables": reads("Receivables of a sale with their shares", house, listResaleReceivablesInput, page(resaleReceivableDocument)),
  "list-ledger-accounts": reads("The chart of accounts", everyone, listLedgerAccountsInput, ledgerAccountsDocument),
  "set-carrying-method": writes("Choose how a portfolio is carried: cost recovery or effective interest", { roles: money, idempotency: "required" }, setCarryingMethodInput, carryingBasisDocument),
  "reforecast-portfolio": writes("Put a new forecast of collections beside the ones before", { roles: money, idempotency: "required" }, reforecastInput, reforecastOutput),
  "list-forecasts": reads("Forecasts of a portfolio's collections, by version", house, listForecastsInput, page(forecastVersionDocument)),
  "accrue-revenue": writes("Accrue revenue and changes in expected recoveries through a month; run again it posts what has changed", { roles: money, idempotency: "required" }, accrueRevenueInput, accrueRevenueOutput),
  "list-revenue": reads("Revenue of a portfolio by month: opening, revenue, changes, cash, closing", house, listRevenueInput, listRevenueOutput),
  "adjust-carrying-amount": writes("Impair, translate or transfer what a portfolio is carried at", { roles: money, idempotency: "required" }, adjustCarryingAmountInput, adjustCarryingAmountOutput),
  "report-roll-forward": reads("What portfolios were carried at on two days, and what moved it", house, rollForwardInput, rollForwardDocument),
  "report-vintage": reads("Collections by vintage of the purchase and by age, and over the price", house, vintageInput, vintageDocument),
  "report-erc": reads("Remaining expected collections against the forecast", house, ercInput, ercDocument),

  "report-netback": reads("Price paid, gross, commission, costs, net-back; recovery of the cost; actual against forecast", house, netbackInput, netbackDocument),
  "report-trial-balance": reads("Balance of every ledger account on a day, as known at an instant", house, trialBalanceInput, trialBalanceDocument),
  "show-account-statement": reads("One ledger account: opening, postings, closing", house, accountStatementInput, accountStatementDocument),
  "list-entries": reads("Ledger entries by sequence", house, listEntriesInput, page(entryDocument)),
  "show-entry": reads("One ledger entry with its postings", house, showEntryInput, showEntryDocument),
  "reverse-entry": writes("Take an entry back, in whole, in part or by line, and the record it stands for with it", { roles: money, idempotency: "required" }, reverseEntryInput, reverseEntryOutput),
  "correct-entry": writes("Take a wrong payment, cost or receipt back and book the right one in its place", { roles: money, idempotency: "required" }, correctEntryInput, correctEntryOutput),

  "list-periods": reads("Months and whether they take entries", house, listPeriodsInput, listPeriodsOutput),
  "show-period": reads("One month: its checklist, its seals and what happened to it", house, showPeriodInput, periodDocument),
  "soft-close-period": writes("Propose to close a month: it takes adjustments alone from then on", { roles: money, idempotency: "accepted" }, softClosePeriodInput, periodDocument),
  "close-period": writes("Close a month that another person has proposed to close, and seal it", { roles: money, idempotency: "accepted" }, closePeriodInput, periodDocument),
  "reopen-period": writes("Open the last closed month again, or take back the proposal to close one", { roles: money, idempotency: "accepted" }, reopenPeriodInput, periodDocument),
  "set-books-policy": writes("Decide what becomes of late items, and whether two people close a month", { roles: ["admin"], idempotency: "accepted" }, setBooksPolicyInput, booksPolicy),
  "verify-books": writes("Replay the books and name every difference; what was found is kept", { roles: money, idempotency: "accepted", long: true }, verifyBooksInput, verificationDocument),
  "list-verifications": reads("Verifications, newest first", house, listVerificationsInput, page(verificationDocument)),
  "show-verification": reads("One verification", house, showVerificationInput, verificationDocument),
  "explain-balance": reads("The open items that make up the balance of a clearing account, oldest first", house, explainBalanceInput, explainBalanceDocument),
  "report-clearing": reads("Age of what is open on every clearing account", house, reportClearingInput, reportClearingDocument),
  "show-receivable-statement": reads("One receivable: its claim from the purchase on, every entry that touched it, what it brought", house, receivableStatementInput, receivableStatementDocument),
  "report-aging": reads("What debtors owe by months since the charge-off and since the last payment", house, reportAgingInput, reportAgingDocument),
  "export-ledger": reads("The ledger as a file: a journal for hledger, Ledger or beancount, or its postings as CSV, XLSX or Parquet", house, exportLedgerInput, exportLedgerOutput),

  "report-run-off": reads("What is still to come by vintage of the purchase, with its standard error", house, reportRunOffInput, reportRunOffDocument),
  "report-drift": reads("Forecast against actual by decile and segment, and whether to fit again", house, reportDriftInput, reportDriftDocument),
  "register-model": writes("Keep the card of a score or a curve as a version", { roles: pricing, idempotency: "accepted" }, registerModelInput, modelDocument),
  "list-models": reads("Scores, payment behaviours and curves by version, newest first", house, listModelsInput, page(modelDocument)),
  "show-model": reads("One version with its card", house, showModelInput, shownModel),
  "retire-model": writes("Say that a version is not to be used any more", { roles: pricing, idempotency: "accepted" }, retireModelInput, modelDocument),
  "fit-curve": writes("Fit what bought portfolios brought in, blended with what was expected, and keep it as a version", { roles: pricing, idempotency: "accepted" }, fitCurveInput, shownCurve),
  "fit-payment-behaviour": writes("Learn from facilities' own invoices how debtors pay, and keep it as a version", { roles: pricing, idempotency: "accepted" }, fitPaymentBehaviourInput, learnedPaymentDocument),
  "list-curves": reads("Curves fitted on collections, newest first", house, listCurvesInput, page(curveDocument)),
  "show-curve": reads("One curve with its card", house, showCurveInput, shownCurve),
  ...calculationActs,

  ...facilityActs,

  "show-job": reads("Progress and result of a job", everyone, showJobInput, jobDocument),
  "list-jobs": reads("Jobs, newest first", everyone, listJobsInput, page(jobDocument)),
} as const satisfies Record<string, ActDeclaration>;

export type ActName = keyof typeof acts;
export const actNames = Object.keys(acts) as ActName[];

/** What a caller may write. */
export type ActInput<Name extends ActName> = z.input<(typeof acts)[Name]["input"]>;
/** What the act works on: parsed, with the defaults filled in. */
export type ActParsed<Name extends ActName> = z.output<(typeof acts)[Name]["input"]>;
export type ActOutput<Name extends ActName> = z.output<(typeof acts)[Name]["output"]>;
