import type { ActName, ActOutput } from "../../models/acts.js";
import type { VerificationDocument } from "../../models/period.js";
import { clearingSheets, explanationSheets } from "./clearing-report.js";
import { curveSheets } from "./curve-report.js";
import { driftSheets } from "./drift-report.js";
import { correctionSheets, reversalSheets } from "./entry-sheets.js";
import { netbackSheets, sealNote } from "./netback-report.js";
import { offerSheets } from "./offer-report.js";
import { learnedPaymentSheets } from "./payment-report.js";
import { ercSheets, rollForwardSheets, vintageSheets } from "./portfolio-sheets.js";
import { statementSheets } from "./receivable-statement.js";
import { type Cell, type ColumnKind, type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";
import { triangleSheets } from "./triangle-report.js";
import { verificationSheets } from "./verification-report.js";

/** Fields that are money wherever they stand; the currency stands beside them in the document. */
// biome-ignore format: a list
const moneyKeys = new Set([
  "price", "price_again", "face", "amount", "applied", "unapplied", "commission", "refund", "current_balance", "original_balance",
  "charge_off_balance", "cost", "claim", "collected", "placed_face", "debit", "credit", "balance", "opening", "closing", "expected_recovery",
  "proceeds", "carrying_amount", "claim_change", "unapplied_change", "court_cost_advance_change", "principal", "interest", "fees", "court_costs",
  "written_off", "court_costs_written_off", "court_costs_advanced", "refund_due", "left", "change", "accepted",
  "advance", "reserve", "outstanding", "reserve_balance", "released", "charged_back", "owed_by_seller", "dilution", "gross", "net_funded", "accrued",
  "held", "ledger_balance", "pooled_floor", "releasable", "eligible", "borrowing_base", "funds_employed", "facility_limit", "availability", "over_advance", "removed", "remaining",
  "open", "diluted", "interest", "fee", "fee_at_funding", "charges", "paid", "kept_for_recourse", "kept_for_held_payments", "kept_for_charges", "charged_for_payment", "charged", "charges_due", "due_to_seller", "owed_for_recourse", "owed_for_held_payments", "owed_for_charges", "to_be_paid", "to_be_received", "put_in_escrow", "escrow", "floor", "due_from_seller", "claimed", "returned", "reserve_left", "over_age", "earned", "credit_limit", "payable",
  "revenue", "change_current", "change_future", "cash", "forecast_cash", "other", "carrying_amount", "total", "remaining_before", "value_before", "value_after",
]);

const multipleKeys = new Set(["cents_per_dollar"]);

/** Which fields of a list's items are shown, and in which order; the JSON has all of them. */
// biome-ignore format: a table
const listed: Partial<Record<ActName, readonly string[]>> = {
  "list-portfolios": ["id", "name", "seller", "currency", "state", "created_at"],
  "list-findings": ["row", "column", "code", "severity", "value", "message"],
  "list-receivables": ["account_number", "state", "product_type", "jurisdiction", "charge_off_date", "current_balance", "claim", "cost", "collected"],
  "list-layouts": ["seller", "saved_at"],
  "list-quotes": ["id", "portfolio_id", "state", "currency", "price", "face", "receivables", "cents_per_dollar", "as_of", "expires_at"],
  "list-purchases": ["id", "portfolio_id", "currency", "price", "face", "receivables", "closing_on", "put_back_until"],
  "list-put-backs": ["account_number", "reason", "put_back_on", "refund", "late", "state", "accepted"],
  "list-agencies": ["id", "name", "external_id", "created_at"],
  "list-placements": ["id", "agency_id", "placed_on", "receivables", "still_placed", "currency", "placed_face"],
  "list-payments": ["paid_on", "account_number", "channel", "currency", "amount", "commission", "unapplied", "external_id", "reverses"],
  "list-payment-refusals": ["row", "account_number", "external_id", "code", "detail"],
  "list-costs": ["incurred_on", "cost_type", "currency", "amount", "account_number", "agency_id", "note"],
  "list-claim-events": ["happened_on", "account_number", "kind", "claim_change", "unapplied_change", "court_cost_advance_change", "state", "reason"],
  "list-resales": ["id", "sold_on", "buyer", "receivables", "taken_back", "currency", "claim", "proceeds", "carrying_amount"],
  "list-resale-receivables": ["account_number", "claim", "proceeds", "carrying_amount", "taken_back"],
  "list-entries": ["sequence", "effective_on", "kind", "id", "account_number", "source_kind", "source_id"],
  "list-facilities": ["id", "name", "seller", "currency", "presentation", "terms_version", "opened_at"],
  "list-debtors": ["debtor_id", "debtor_name", "currency", "credit_limit", "outstanding", "funds_employed", "left", "debtor_type"],
  "list-schedules": ["id", "state", "invoices", "currency", "gross", "net_funded", "open", "funded_on"],
  "list-invoices": ["id", "invoice_number", "debtor_id", "state", "due_date", "currency", "amount", "open", "reserve", "funds_employed", "fee"],
  "list-receipts": ["id", "received_on", "kind", "currency", "amount", "applied", "unapplied", "reference"],
  "list-filings": ["id", "facility_id", "jurisdiction", "file_number", "state", "filed_on", "continuable_from", "lapses_on", "days_left"],
  "list-charges": ["charged_on", "kind", "code", "period", "revision", "amount", "reason", "entry_id", "waives"],
  "list-documents": ["id", "invoice_number", "debtor_id", "kind", "reference", "signed", "state", "verified_by"],
  "list-disputes": ["id", "invoice_number", "debtor_id", "state", "reason", "currency", "amount", "raised_on", "days", "charge_back_from", "outcome"],
  "list-invoice-verifications": ["verification_no", "verified_on", "outcome", "method", "verified_by", "note"],
  "list-notices": ["id", "debtor_id", "method", "sent_on", "received_on", "acknowledged_on", "released_on"],
  "list-forecasts": ["version", "source", "used_from", "first_month", "currency", "total", "reason", "recorded_at"],
  "list-models": ["id", "kind", "name", "version", "state", "fitted_on", "registered_at"],
  "list-curves": ["id", "name", "version", "state", "as_of", "portfolios", "shape", "scale_years", "level"],
  "list-periods": ["month", "state", "version", "proposed_by", "closed_by", "closed_at", "seal"],
  "list-verifications": ["id", "green", "verified_at", "verified_by", "portfolio_id", "since", "portfolios"],
  "show-account-statement": ["effective_on", "kind", "counter_account", "debit", "credit", "entry_id"],
};

type Row = Readonly<Record<string, unknown>>;

function kindOf(key: string, value: unknown): ColumnKind {
  if (moneyKeys.has(key)) return "money";
  if (/(_on|_until|_date)$|^as_of$|^from$|^to$/.test(key)) return "day";
  if (multipleKeys.has(key)) return "number";
  if (/(_rate|_irr|_share)$/.test(key) && value !== null) return "rate";
  return typeof value === "number" ? "integer" : "text";
}

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  return typeof value === "boolean" ? (value ? "yes" : "no") : JSON.stringify(value);
}

function columnsOf(keys: readonly string[], rows: readonly Row[]): SheetColumn[] {
  return keys.map((key) => ({
    key,
    title: key.replace(/(?<!external)_id$/, "").replaceAll("_", " "),
    kind: kindOf(key, rows.find((row) => row[key] !== null)?.[key] ?? null),
    ...(multipleKeys.has(key) ? { decimals: 3 } : {}),
  }));
}

function listSheet(about: { name: string; title: string }, rows: readonly Row[], keys?: readonly string[]): Sheet {
  const shown = keys ?? Object.keys(rows[0] ?? {}).filter((key) => isScalar(rows[0]![key]));
  const columns = columnsOf(shown, rows);
  return { ...about, columns, rows: rows.map((row) => shown.map((key): Cell => plain(row[key]))) };
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

/** The scalar fields of one document, one under the other; what is nested stands in the JSON. */
function documentSheet(name: string, document: Row): Sheet {
  const facts = Object.entries(document)
    .filter(([, value]) => isScalar(value))
    .map(([key, value]): Fact => [key.replaceAll("_", " "), { value: plain(value), kind: kindOf(key, value) }]);
  return factSheet({ name, title: titled(name) }, facts);
}

function titled(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function trialBalanceSheet(document: ActOutput<"report-trial-balance">): Sheet {
  const keys = ["code", "name", "currency", "debit", "credit", "balance"];
  const title = `Trial balance as of ${document.as_of}, as known at ${document.known_at}`;
  const notes = ["balance: debit less credit.", sealNote(document.seal)];
  return { ...listSheet({ name: "trial-balance", title }, document.accounts, keys), notes };
}

/** Sections of an answer: a list as a table, a document as its facts; what is nested deeper stands in the JSON. */
function nestedSheets(document: Row): Sheet[] {
  return Object.entries(document).flatMap(([key, value]): Sheet[] => {
    if (isScalar(value)) return [];
    const name = key.replaceAll("_", "-");
    if (!Array.isArray(value)) return [documentSheet(name, value as Row)];
    if (value.length === 0 || isScalar(value[0])) return [];
    return [listSheet({ name, title: titled(name) }, value as Row[])];
  });
}

function agingSheets(document: ActOutput<"report-aging">): Sheet[] {
  const { currency, as_of, known_at, basis, difference } = document;
  const sheetOf = (name: string, since: string, rows: ActOutput<"report-aging">["aging"]): Sheet => ({
    name,
    title: `Claims by months since the ${since} as of ${as_of}, as known at ${known_at}`,
    columns: [
      { key: "age_band", title: `since the ${since}`, kind: "text" },
      { key: "accounts", title: "accounts", kind: "integer" },
      { key: "face", title: "face", kind: "money", currency },
      { key: "claim", title: "claim", kind: "money", currency },
      { key: "share_of_claim", title: "share of claim", kind: "rate", decimals: 1 },
    ],
    rows: rows.map((row) => [row.age_band, row.accounts, row.face, row.claim, row.share_of_claim]),
    notes: [
      ...(basis === "tape" ? ["Not bought: balances of the seller's tape."] : []),
      ...(Number(difference) === 0 ? [] : [`The claims differ from the ledger by ${difference} ${currency}.`]),
    ],
  });
  return [
    sheetOf("aging", "charge-off", document.aging),
    sheetOf("since-last-payment", "last payment", document.since_last_payment),
  ];
}

/** The answer of any act as sheets. */
export function actSheets(act: ActName, output: unknown): Sheet[] {
  const document = output as Row;
  const name = act.replace(/^(list|show|report)-/, "");
  if (act === "report-aging") return agingSheets(output as ActOutput<"report-aging">);
  if (act === "report-netback") return netbackSheets(output as ActOutput<"report-netback">);
  if (act === "verify-books" || act === "show-verification") return verificationSheets(output as VerificationDocument);
  if (act === "explain-balance") return explanationSheets(output as ActOutput<"explain-balance">);
  if (act === "report-clearing") return clearingSheets(output as ActOutput<"report-clearing">);
  if (act === "show-receivable-statement") return statementSheets(output as ActOutput<"show-receivable-statement">);
  if (act === "report-roll-forward") return rollForwardSheets(output as ActOutput<"report-roll-forward">);
  if (act === "report-vintage") return vintageSheets(output as ActOutput<"report-vintage">);
  if (act === "report-erc") return ercSheets(output as ActOutput<"report-erc">);
  if (act === "report-run-off") return triangleSheets(output as ActOutput<"report-run-off">);
  if (act === "report-drift") return driftSheets(output as ActOutput<"report-drift">);
  if (act === "fit-curve" || act === "show-curve") return curveSheets(output as ActOutput<"show-curve">);
  if (act === "fit-payment-behaviour") return learnedPaymentSheets(output as ActOutput<"fit-payment-behaviour">);
  if (act === "report-trial-balance") return [trialBalanceSheet(output as ActOutput<"report-trial-balance">)];
  if (act === "reverse-entry") return reversalSheets(output as ActOutput<"reverse-entry">);
  if (act === "correct-entry") return correctionSheets(output as ActOutput<"correct-entry">);
  if (act === "offer-schedule" || act === "show-offer") {
    const { document: offer, ...shown } = output as ActOutput<"show-offer">;
    return [documentSheet(name, shown), ...offerSheets(offer, false)];
  }
  if (Array.isArray(document.data)) {
    const list = listSheet({ name, title: titled(name) }, document.data as Row[], listed[act]);
    const more = document.next_cursor === null ? [] : [`There is more: --cursor ${String(document.next_cursor)}`];
    return [{ ...list, notes: more }];
  }
  return [documentSheet(name, document), ...nestedSheets(document)];
}
