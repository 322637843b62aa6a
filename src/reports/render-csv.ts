import { stringify } from "csv-stringify/sync";
import { type Sheet, type TypedCell, typedCell } from "./sheet.js";

/**
 * Text that a spreadsheet would run as a formula, with a leading apostrophe so that it does not (CSV injection).
 * Guards `=`, `+`, `-`, `@`, tab and carriage return, the characters OWASP names.
 */
export function guardFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

const ownNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

function csvCell({ value, kind }: TypedCell, raw: boolean): string {
  if (value === null) return "";
  const text = String(value);
  // A number of our own may begin with a minus; words never may, and neither may what only stands in a number's column.
  if (raw || (kind !== "text" && ownNumber.test(text))) return text;
  return guardFormula(text);
}

/**
 * The sheet as CSV: a header of snake_case keys, plain decimals, fractions for rates, ISO dates, no totals row (a reader
 * would count it twice).
 *
 * @param raw leave out the guard against formulas, for a machine that wants the text as it stands
 */
export function renderCsv(sheet: Sheet, { raw = false }: { raw?: boolean } = {}): string {
  const rows = sheet.rows.map((row) => row.map((cell, i) => csvCell(typedCell(cell, sheet.columns[i]!), raw)));
  return stringify([sheet.columns.map((column) => column.key), ...rows], { record_delimiter: "\n" });
}
