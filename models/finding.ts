/**
 * What was found in the data. Findings are returned, all of them; an act goes on without the rows that are rejected
 * or excluded.
 *
 * - `reject`: the row cannot be read; it is left out and not priced
 * - `exclude`: the row can be read, but what it says keeps it out of the purchase; it is priced at zero
 * - `warn`: the row is priced; a person should look
 */
export type Severity = "reject" | "exclude" | "warn";

/** The closed list of codes. The message is completed with the value (or its shape, on a personal column). */
export const findingCodes = {
  row_ragged: { severity: "reject", message: "the row does not have as many fields as the header" },
  row_unreadable: { severity: "reject", message: "the row cannot be read" },
  text_with_control_characters: {
    severity: "reject",
    message: "the row holds a NUL byte or another control character",
  },
  account_number_missing: { severity: "reject", message: "the row has no account number" },
  account_number_duplicate: { severity: "reject", message: "the account number stands on an earlier row" },
  balance_missing: { severity: "reject", message: "the row has no current balance" },
  amount_invalid: { severity: "reject", message: "not an amount" },
  amount_over_precise: { severity: "reject", message: "the amount has more decimals than the currency" },
  amount_out_of_range: { severity: "reject", message: "the amount is larger than can be kept" },
  balance_negative: { severity: "reject", message: "the balance is negative" },
  balance_zero: { severity: "exclude", message: "the balance is zero" },
  date_invalid: { severity: "reject", message: "not a date in the declared pattern" },
  number_invalid: { severity: "reject", message: "not a number" },
  flag_invalid: { severity: "warn", message: "neither yes nor no" },

  invoice_number_missing: { severity: "reject", message: "the row has no invoice number" },
  debtor_missing: { severity: "reject", message: "the row does not say whose invoice it is" },
  invoice_date_missing: { severity: "reject", message: "the row has no invoice date" },
  amount_missing: { severity: "reject", message: "the row has no amount" },
  invoice_duplicate: { severity: "reject", message: "the debtor has an invoice of this number on an earlier row" },
  credit_note: { severity: "exclude", message: "the amount is negative: a credit note" },
  amount_zero: { severity: "exclude", message: "the amount is zero" },
  due_date_missing: { severity: "warn", message: "the row has no due date" },
  due_before_invoice: { severity: "exclude", message: "the due date is earlier than the invoice" },
  settled_before_invoice: { severity: "warn", message: "the invoice was settled before it was issued" },
  customer_number_taken: {
    severity: "warn",
    message: "the number is another debtor's with this seller; it is not kept for this one",
  },
  already_assigned: { severity: "exclude", message: "the invoice stands in a live assignment already" },
  debtor_unknown: { severity: "warn", message: "the debtor is not among the factor's debtors; it is not bought" },
  part_negative: { severity: "reject", message: "what was paid or is disputed of an invoice is not below zero" },
  due_date_far: { severity: "exclude", message: "due more than ten years after the invoice" },
  paid_over_amount: { severity: "warn", message: "more came in than the invoice asks for" },

  missing_charge_off_date: {
    severity: "warn",
    message: "the row has no charge-off date; it is priced at the oldest age",
  },
  date_placeholder: { severity: "warn", message: "a placeholder date; taken as missing" },
  date_in_future: { severity: "warn", message: "the date lies after the date of valuation" },
  last_payment_after_charge_off: { severity: "warn", message: "the last payment is later than the charge-off" },
  charge_off_before_open: { severity: "warn", message: "the charge-off is earlier than the opening" },
  charge_off_on_open_date: { severity: "warn", message: "the charge-off is on the day of the opening" },
  balance_not_sum_of_parts: { severity: "warn", message: "the balance is not principal plus interest plus fees" },
  state_unknown: { severity: "warn", message: "not a state or territory of the United States" },
  product_type_unknown: { severity: "warn", message: "not a product type that priors know; priced as other" },

  bankrupt: { severity: "exclude", message: "the debtor is bankrupt" },
  deceased: { severity: "exclude", message: "the debtor is deceased" },
  fraud: { severity: "exclude", message: "the debt is marked as fraud" },
  settled: { severity: "exclude", message: "the debt is settled or paid" },
  military: { severity: "exclude", message: "the debtor is protected as a member of the military" },
  judgment: { severity: "exclude", message: "the debt is under judgment, which policy keeps out" },
  disputed: { severity: "exclude", message: "the debt is disputed, which policy keeps out" },
  disputed_kept: { severity: "warn", message: "the debt is disputed; policy keeps it in" },
  too_old: { severity: "exclude", message: "the debt is older than policy buys" },
  outside_states: { severity: "exclude", message: "the debtor lives in a state that policy keeps out" },

  outcome_after_as_of: { severity: "warn", message: "settled on the day or after it, so open on the day" },
  issued_after_as_of: { severity: "warn", message: "issued on the day or after it; not learned from" },
  history_ends_early: { severity: "warn", message: "nothing is known of the days before the day of valuation" },
  history_thin: { severity: "warn", message: "few outcomes; forecasts lean on what is usual" },
  history_one_class: { severity: "warn", message: "all outcomes are alike; nothing tells them apart" },
  column_empty: { severity: "warn", message: "the column is blank throughout; not learned from" },
  column_constant: { severity: "warn", message: "the column says the same throughout; not learned from" },
  column_too_many_values: { severity: "warn", message: "too many different values to learn from" },
  value_unseen: {
    severity: "warn",
    message: "values that the model has never seen; taken as missing or as usual ones",
  },

  column_protected: { severity: "warn", message: "a protected attribute; the column is not read" },
  column_unmapped: { severity: "warn", message: "the column has no canonical name; kept as an extra column" },
  column_leaks: { severity: "warn", message: "known only after the outcome; not learned from" },
  column_identifier: { severity: "warn", message: "it names the row rather than describes it; not learned from" },
  column_absent: {
    severity: "warn",
    message: "the model looks at a column that is not there; taken as missing",
  },
  feature_unreadable: { severity: "warn", message: "not a finite number; taken as missing" },
  history_without_outcome: { severity: "reject", message: "the history has no recovered amounts" },
  outcomes_all_alike: { severity: "reject", message: "a score takes accounts that paid and accounts that did not" },
  history_too_short: { severity: "reject", message: "the history has too few rows that can be used" },
  outcome_missing: { severity: "exclude", message: "the row has no recovered amount; it is not learned from" },
  outcome_negative: { severity: "exclude", message: "the recovered amount is negative; it is not learned from" },
  exposure_unknown: {
    severity: "exclude",
    message: "without charge-off and observation dates nobody knows how long money could come in",
  },
  observed_before_charge_off: { severity: "exclude", message: "the row was observed before the charge-off" },
  population_differs: { severity: "warn", message: "the file is made up differently from what the model learned from" },
  horizon_beyond_history: {
    severity: "warn",
    message: "the history is shorter; what may come after it is not counted",
  },
  currency_differs: { severity: "reject", message: "the row is in another currency than the tape" },

  triangle_cell_duplicate: { severity: "reject", message: "the cell stands on an earlier row" },
  triangle_cell_missing: { severity: "warn", message: "the triangle has a gap here" },
  triangle_origin_without_cash: {
    severity: "warn",
    message: "nothing has come in yet, so a factor times it is nothing",
  },
  triangle_values_fall: {
    severity: "warn",
    message: "cumulative values go down: cash was taken back, or the values are by period and not declared so",
  },
  triangle_development_before_origin: { severity: "reject", message: "the development lies before the origin" },
  triangle_value_chosen: { severity: "warn", message: "several columns hold values; one was taken" },
  triangle_calendar_effect: {
    severity: "warn",
    message: "calendar periods differ by more than chance: the standard error leaves that out",
  },
  curve_family_undecided: {
    severity: "warn",
    message: "another family fits as well and leaves another tail",
  },
  curve_asymptote_unidentified: {
    severity: "warn",
    message: "the data do not say how much is still to come, so nothing is extrapolated",
  },

  price_outside_guide: { severity: "warn", message: "the bid lies outside the published price guide for its stage" },
} as const satisfies Record<string, { severity: Severity; message: string }>;

export type FindingCode = keyof typeof findingCodes;

/** One finding. `row` is 1-based without the header, null when the finding is about the whole file or a column. */
export interface Finding {
  readonly row: number | null;
  readonly column: string | null;
  readonly code: FindingCode;
  readonly severity: Severity;
  /** the value as it stands in the file; on a personal column its shape (`***-**-####`) */
  readonly value: string | null;
  readonly message: string;
}

export function finding(
  code: FindingCode,
  at: { row?: number | null; column?: string | null; value?: string | null; note?: string } = {},
): Finding {
  const { severity, message } = findingCodes[code];
  return {
    row: at.row ?? null,
    column: at.column ?? null,
    code,
    severity,
    value: at.value ?? null,
    message: at.note === undefined ? message : `${message}: ${at.note}`,
  };
}
