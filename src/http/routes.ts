import { calculationNames } from "../../models/calculations.js";
import { exportFiles } from "../../models/export.js";
import { facilityRoutes } from "./facility-routes.js";
import type { Route } from "./route.js";

const tapeKinds = "CSV (also gzipped), Parquet, JSON Lines or XLSX; see models/tape for the columns";
const paymentKinds = "CSV with a header, or NDJSON, one payment a line; also gzipped";

const exportTypes = [...new Set(Object.values(exportFiles).map(({ mediaType }) => mediaType))];

/** The payment reader is told the format; the ending tells it. */
function paymentFormat(fileName: string): { format: "csv" | "ndjson" } {
  return { format: /\.(ndjson|jsonl|json)(\.gz)?$/i.test(fileName) ? "ndjson" : "csv" };
}

/**
 * The routes table: every resource under /v1, one line each. `/v1/jobs/{job_id}/events` is the one resource that is not here,
 * for it answers with a stream (see job-events.ts).
 */
// biome-ignore format: a table
export const routes: readonly Route[] = [
  { method: "get", path: "/v1/portfolios", act: "list-portfolios", tag: "portfolios" },
  { method: "post", path: "/v1/portfolios", act: "create-portfolio", tag: "portfolios", status: 201 },
  { method: "get", path: "/v1/portfolios/{portfolio_id}", act: "show-portfolio", tag: "portfolios" },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/tape", act: "import-tape", tag: "portfolios", upload: { kinds: tapeKinds } },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/findings", act: "list-findings", tag: "portfolios" },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/receivables", act: "list-receivables", tag: "portfolios" },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/receivables/{receivable_id}", act: "show-receivable", tag: "portfolios", without: ["account_number"] },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/strata", act: "show-strata", tag: "pricing" },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/forecast", act: "show-forecast", tag: "pricing" },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/price", act: "value-portfolio", tag: "pricing" },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/quotes", act: "list-quotes", tag: "quotes" },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/quotes", act: "issue-quote", tag: "quotes", status: 201 },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/netback", act: "report-netback", tag: "reports" },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/ledger", act: "list-entries", tag: "ledger" },
  { method: "get", path: "/v1/layouts", act: "list-layouts", tag: "layouts" },
  { method: "post", path: "/v1/layouts", act: "save-layout", tag: "layouts", status: 201 },
  { method: "get", path: "/v1/quotes", act: "list-quotes", tag: "quotes" },
  { method: "get", path: "/v1/quotes/{quote_id}", act: "show-quote", tag: "quotes" },
  { method: "get", path: "/v1/quotes/{quote_id}/reprice", act: "reprice-quote", tag: "quotes" },
  { method: "post", path: "/v1/quotes/{quote_id}/accept", act: "accept-quote", tag: "quotes", status: 201 },
  { method: "post", path: "/v1/quotes/{quote_id}/decline", act: "decline-quote", tag: "quotes" },
  { method: "get", path: "/v1/purchases", act: "list-purchases", tag: "purchases" },
  { method: "get", path: "/v1/purchases/{purchase_id}", act: "show-purchase", tag: "purchases" },
  { method: "get", path: "/v1/purchases/{purchase_id}/putbacks", act: "list-put-backs", tag: "purchases" },
  { method: "post", path: "/v1/purchases/{purchase_id}/putbacks", act: "put-back-receivables", tag: "purchases", status: 201 },
  { method: "post", path: "/v1/purchases/{purchase_id}/putbacks/answer", act: "answer-put-back", tag: "purchases" },
  { method: "get", path: "/v1/agencies", act: "list-agencies", tag: "agencies" },
  { method: "post", path: "/v1/agencies", act: "register-agency", tag: "agencies", status: 201 },
  { method: "get", path: "/v1/placements", act: "list-placements", tag: "agencies" },
  { method: "post", path: "/v1/placements", act: "place-receivables", tag: "agencies", status: 201 },
  { method: "post", path: "/v1/placements/{placement_id}/recall", act: "recall-receivables", tag: "agencies" },
  { method: "get", path: "/v1/payments", act: "list-payments", tag: "payments" },
  { method: "post", path: "/v1/payments", act: "record-payment", tag: "payments", status: 201 },
  { method: "post", path: "/v1/payments/batch", act: "record-payments", tag: "payments", without: ["rows", "format"], upload: { kinds: paymentKinds, fromName: paymentFormat } },
  { method: "get", path: "/v1/payments/batches/{batch_id}/refusals", act: "list-payment-refusals", tag: "payments" },
  { method: "get", path: "/v1/costs", act: "list-costs", tag: "payments" },
  { method: "post", path: "/v1/costs", act: "record-cost", tag: "payments", status: 201 },
  { method: "post", path: "/v1/receipts", act: "record-receipt", tag: "payments", status: 201 },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/collection-terms", act: "set-collection-terms", tag: "claims" },
  { method: "get", path: "/v1/claims/events", act: "list-claim-events", tag: "claims" },
  { method: "post", path: "/v1/claims/adjustments", act: "adjust-claims", tag: "claims", status: 201 },
  { method: "post", path: "/v1/claims/settlements", act: "settle-receivable", tag: "claims", status: 201 },
  { method: "post", path: "/v1/claims/court-cost-write-offs", act: "write-off-court-cost", tag: "claims", status: 201 },
  { method: "post", path: "/v1/claims/refunds", act: "refund-debtor", tag: "claims", status: 201 },
  { method: "post", path: "/v1/claims/unapplied", act: "apply-unapplied", tag: "claims", status: 201 },
  { method: "post", path: "/v1/commission-payments", act: "pay-commission", tag: "agencies", status: 201 },
  { method: "get", path: "/v1/resales", act: "list-resales", tag: "resales" },
  { method: "post", path: "/v1/resales", act: "sell-receivables", tag: "resales", status: 201 },
  { method: "get", path: "/v1/resales/{resale_id}/receivables", act: "list-resale-receivables", tag: "resales" },
  { method: "get", path: "/v1/ledger/accounts", act: "list-ledger-accounts", tag: "ledger" },
  { method: "get", path: "/v1/ledger/entries", act: "list-entries", tag: "ledger" },
  { method: "get", path: "/v1/ledger/entries/{entry_id}", act: "show-entry", tag: "ledger" },
  { method: "post", path: "/v1/ledger/entries/{entry_id}/reverse", act: "reverse-entry", tag: "ledger", status: 201 },
  { method: "post", path: "/v1/ledger/entries/{entry_id}/correct", act: "correct-entry", tag: "ledger", status: 201 },
  { method: "get", path: "/v1/ledger/trial-balance", act: "report-trial-balance", tag: "ledger" },
  { method: "get", path: "/v1/ledger/accounts/{account}/statement", act: "show-account-statement", tag: "ledger" },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/carrying-method", act: "set-carrying-method", tag: "revenue" },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/carrying-adjustments", act: "adjust-carrying-amount", tag: "revenue", status: 201 },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/forecasts", act: "list-forecasts", tag: "revenue" },
  { method: "post", path: "/v1/portfolios/{portfolio_id}/forecasts", act: "reforecast-portfolio", tag: "revenue", status: 201 },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/revenue", act: "list-revenue", tag: "revenue" },
  { method: "post", path: "/v1/revenue/accruals", act: "accrue-revenue", tag: "revenue", status: 201 },
  { method: "get", path: "/v1/reports/roll-forward", act: "report-roll-forward", tag: "reports" },
  { method: "get", path: "/v1/reports/vintage", act: "report-vintage", tag: "reports" },
  { method: "get", path: "/v1/reports/erc", act: "report-erc", tag: "reports" },
  { method: "get", path: "/v1/reports/netback", act: "report-netback", tag: "reports" },
  { method: "get", path: "/v1/reports/trial-balance", act: "report-trial-balance", tag: "reports" },
  { method: "get", path: "/v1/periods", act: "list-periods", tag: "periods" },
  { method: "post", path: "/v1/periods/policy", act: "set-books-policy", tag: "periods" },
  { method: "get", path: "/v1/periods/{month}", act: "show-period", tag: "periods" },
  { method: "post", path: "/v1/periods/{month}/soft-close", act: "soft-close-period", tag: "periods" },
  { method: "post", path: "/v1/periods/{month}/close", act: "close-period", tag: "periods" },
  { method: "post", path: "/v1/periods/{month}/reopen", act: "reopen-period", tag: "periods" },
  { method: "get", path: "/v1/verifications", act: "list-verifications", tag: "periods" },
  { method: "post", path: "/v1/verifications", act: "verify-books", tag: "periods", status: 201 },
  { method: "get", path: "/v1/verifications/{verification_id}", act: "show-verification", tag: "periods" },
  { method: "get", path: "/v1/ledger/accounts/{account}/explanation", act: "explain-balance", tag: "ledger" },
  { method: "get", path: "/v1/reports/clearing", act: "report-clearing", tag: "reports" },
  { method: "get", path: "/v1/portfolios/{portfolio_id}/receivables/{receivable_id}/statement", act: "show-receivable-statement", tag: "reports", without: ["account_number"] },
  { method: "get", path: "/v1/reports/aging", act: "report-aging", tag: "reports" },
  { method: "get", path: "/v1/exports/ledger", act: "export-ledger", tag: "ledger", download: { types: exportTypes } },
  ...facilityRoutes,
  { method: "get", path: "/v1/jobs", act: "list-jobs", tag: "jobs" },
  { method: "get", path: "/v1/jobs/{job_id}", act: "show-job", tag: "jobs" },
  ...calculationNames.map((name) => ({ method: "post", path: `/v1/calculations/${name}`, act: `calculate-${name}`, tag: "calculations" }) as const),
];
