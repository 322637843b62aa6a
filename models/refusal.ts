/**
 * Why an act cannot be done. The list is closed: every code has one HTTP status and one sentence, and every door
 * (HTTP problem document, command line message) shows them the same way.
 */
export const refusals = {
  invalid_request: { status: 422, title: "The request does not have the form that is asked for" },
  usage: { status: 400, title: "The command is not used the way it is meant to be" },
  malformed_request: { status: 400, title: "The request cannot be read" },
  unauthorized: { status: 401, title: "A valid API key is needed" },
  forbidden: { status: 403, title: "The key has no role for this act" },
  not_found: { status: 404, title: "There is no such thing here" },
  method_not_allowed: { status: 405, title: "This resource has no such method" },
  too_large: { status: 413, title: "The body is larger than is allowed" },
  unsupported_media_type: { status: 415, title: "The body is of a type that is not read here" },
  rate_limited: { status: 429, title: "Too many requests" },
  not_ready: { status: 503, title: "The server is not ready" },

  idempotency_key_missing: { status: 400, title: "This act needs an Idempotency-Key" },
  idempotency_key_reused: { status: 422, title: "The key was used before with another body" },
  idempotency_key_in_progress: { status: 409, title: "The first request with this key is still at work" },
  precondition_required: { status: 428, title: "This update needs If-Match" },
  precondition_failed: { status: 412, title: "The record has changed since it was read" },
  already_exists: { status: 409, title: "There is one by this name already" },
  conflict: { status: 409, title: "The act conflicts with what is recorded" },

  file_not_found: { status: 404, title: "The file is not there" },
  file_empty: { status: 422, title: "The file is empty" },
  file_without_rows: { status: 422, title: "The file has a header and no rows" },
  file_unreadable: { status: 422, title: "The file cannot be read as a table" },
  file_too_large: { status: 413, title: "The file is larger than is allowed" },
  file_unsupported: { status: 415, title: "The file is of a kind that is not read" },
  header_duplicate: { status: 422, title: "Two columns of the file have the same name" },
  layout_unresolved: { status: 422, title: "The columns of the file cannot be told for certain" },
  layout_invalid: { status: 422, title: "The layout does not fit the file" },
  control_total_mismatch: { status: 422, title: "The file does not agree with its control totals" },
  history_unusable: { status: 422, title: "Nothing can be learned from the history" },
  model_invalid: { status: 422, title: "The model cannot be used for this" },
  nothing_to_price: { status: 422, title: "No row of the file can be priced" },
  currency_mismatch: { status: 422, title: "Two currencies meet where one is asked for" },
  currency_unknown: { status: 422, title: "The currency is not in ISO 4217" },
  amount_out_of_range: { status: 422, title: "The amount is outside what can be kept" },
  amount_invalid: { status: 422, title: "The amount is not a decimal in the currency's units" },
  date_invalid: { status: 422, title: "The date does not exist" },

  assumption_out_of_range: { status: 422, title: "An assumption is outside its bounds" },
  triangle_unusable: { status: 422, title: "The triangle does not hold what the method needs" },
  entry_unbalanced: { status: 422, title: "The debits of an entry are not its credits" },
  rate_undefined: { status: 422, title: "The rate of return does not exist for this flow" },

  quote_expired: { status: 409, title: "The quote has expired" },
  quote_not_open: { status: 409, title: "The quote is no longer open" },
  quote_price_zero: { status: 409, title: "A quote at zero cannot be accepted" },
  invoice_not_open: { status: 409, title: "The invoice is not open" },
  offer_expired: { status: 409, title: "The offer has expired" },
  portfolio_not_owned: { status: 409, title: "The portfolio has not been bought" },
  portfolio_already_bought: { status: 409, title: "The portfolio has been bought already" },
  receivable_unknown: { status: 422, title: "The portfolio has no such receivable" },
  receivable_not_owned: { status: 409, title: "The receivable is not owned any more" },
  period_closed: { status: 409, title: "The period is closed" },
  period_not_closable: { status: 409, title: "The checklist of the period does not allow it" },
  period_not_closed: { status: 409, title: "The period is not closed" },
  second_person_needed: { status: 409, title: "Another person has to do this" },
  verification_failed: { status: 409, title: "The books cannot be proved" },
  entry_not_reversible: { status: 409, title: "The entry cannot be reversed this way" },
  amount_not_available: { status: 409, title: "There is not as much to be moved" },
  forecast_missing: { status: 409, title: "The portfolio has no forecast for this" },
  period_out_of_order: { status: 409, title: "An earlier month has to come first" },
  reversal_too_large: { status: 409, title: "More would be reversed than is left" },
  receivable_not_bought: { status: 409, title: "The receivable was excluded from the purchase" },
  receivable_placed: { status: 409, title: "The receivable is placed with an agency" },
  receivable_not_placed: { status: 409, title: "The receivable is not placed with an agency" },
  agency_unknown: { status: 422, title: "There is no such agency" },
  put_back_window_over: { status: 409, title: "The window for putting back is over" },
  effective_date_refused: { status: 422, title: "The date lies outside what can be booked" },
  rows_refused: { status: 422, title: "Rows of the file cannot be recorded, so none was" },
  schedule_state: { status: 409, title: "The schedule is not in the state that this needs" },
  offer_outdated: { status: 409, title: "What was offered is not eligible any more" },
  facility_ended: { status: 409, title: "The facility has ended" },
  over_availability: { status: 409, title: "The facility does not have as much room" },
  recourse_refused: { status: 409, title: "The terms do not let the invoice go back now" },
  payment_duplicate: { status: 409, title: "The payment was recorded before" },

  folder_in_use: { status: 409, title: "The embedded database is in use by another process" },
  database_unreachable: { status: 503, title: "The database cannot be reached" },
  database_schema_outdated: { status: 503, title: "The database has not been migrated" },
} as const;

export type RefusalCode = keyof typeof refusals;

/** One fault in the request, by JSON pointer or by row and column. Never carries a person's data. */
export interface RefusalItem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly value?: string | number | boolean | null;
}

/**
 * What a quoted piece of a file may hold and no detail may: control characters (a terminal obeys them, and no database
 * keeps a NUL) and halves of surrogate pairs.
 */
const unshowable = /(?!\n)[\p{Cc}\p{Cs}]/gu;

/**
 * Thrown when an act cannot be done. `detail` carries the value and the bound, in a sentence; it is shown to the
 * caller, so it must hold nothing of a debtor's person and nothing of the database's own words.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly detail: string;
  readonly items: readonly RefusalItem[];

  constructor(code: RefusalCode, detail: string, items: readonly RefusalItem[] = []) {
    const shown = detail.replace(unshowable, "\ufffd");
    super(`${code}: ${shown}`);
    this.name = "Refusal";
    this.code = code;
    this.detail = shown;
    this.items = items;
  }

  get status(): number {
    return refusals[this.code].status;
  }

  get title(): string {
    return refusals[this.code].title;
  }
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Refusal;
}
