import { currencyExponent } from "../../models/currency.js";
import { type CanonicalColumn, canonicalKinds, type Layout, missing } from "../../models/tape.js";
import { contradictsIso, strptimePattern } from "../calendar/date-pattern.js";
import { sqlText } from "./engine.js";
import { datePatternOf, type ResolvedLayout } from "./layout.js";

/** `key`: an account number of which only a number that equal ones share is wanted, and not its text. */
export type Kind = (typeof canonicalKinds)[CanonicalColumn] | "key";

/** A column to be read: its name in the tape, what it holds, and where it stands in the file. */
export interface ReadColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly position: number;
}

/** Name of the column in the file's relation: by position, so that no header enters a statement. */
export function rawName(column: { readonly position: number }): string {
  return `c${column.position}`;
}

/** Kinds whose values are parsed, so that a row may fail on them; codes, flags and texts are kept as they stand. */
export function isParsed(column: ReadColumn): boolean {
  return column.kind === "money" || column.kind === "day" || column.kind === "number";
}

/** Minor units that are kept: 18 digits, the most that DuckDB computes in one 64-bit integer. */
export const mostMinorDigits = 18;

type ParsedKind = "money" | "day" | "number";

/** What stands in a parsed column where a text was given that could not be read. A row is judged where it stands. */
export const unread = {
  /** the largest 64-bit integer */
  money: 2n ** 63n - 1n,
  day: 2_147_483_647,
  number: Number.POSITIVE_INFINITY,
} as const;

const marks: Readonly<Record<ParsedKind, { readonly missing: string; readonly unread: string }>> = {
  money: { missing: `(${missing.money})::BIGINT`, unread: `${unread.money}::BIGINT` },
  day: { missing: `(${missing.day})::INTEGER`, unread: `${unread.day}::INTEGER` },
  number: { missing: "'nan'::DOUBLE", unread: "'inf'::DOUBLE" },
};

/**
 * A parsed column as one CASE: its usual way, which nearly every row takes and which a NULL does not satisfy; that it
 * is missing; the other ways to read its text in turn; or that it is unread.
 */
function caseOf(raw: string, kind: ParsedKind, [usual, ...others]: readonly string[]): string {
  const none = marks[kind].missing;
  return `CASE ${usual} WHEN ${raw} IS NULL THEN ${none} ${others.join(" ")} WHEN is_blank(${raw}) THEN ${none}
    ELSE ${marks[kind].unread} END`;
}

/** A pattern and not an IN list: DuckDB turns a long list into a join, and a join does not keep the order of the file. */
const isBlankMacro =
  "CREATE MACRO is_blank(x) AS regexp_full_match(x, '(?i)\\s*(null|none|n/a|na|nan|nil|-|\\\\n)?\\s*')";

/**
 * Brings the ways people write an amount down to a plain decimal: `"$7,177.70"`, `(12.34)`, `12.34-`, `USD 5`,
 * `1500.0000`. What is not one of them stays as it is, and the cast then fails. Commas must group thousands.
 */
function moneyMacros(currency: string, exponent: number): string[] {
  const plain = `regexp_replace(replace(x, '${currency}', ''), '[$€£¥\\s'']', '', 'g')`;
  const zeros = exponent === 0 ? "'\\.0*$', ''" : `'(\\.[0-9]{${exponent}})0+$', '\\1'`;
  return [
    `CREATE MACRO money_signed(x) AS
      regexp_replace(regexp_replace(${plain}, '^\\(([^()-]+)\\)$', '-\\1'), '^([^-]+)-$', '-\\1')`,
    `CREATE MACRO money_ungrouped(s) AS
      CASE WHEN regexp_full_match(s, '[+-]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]*)?') THEN replace(s, ',', '') ELSE s END`,
    `CREATE MACRO money_text(x) AS regexp_replace(money_ungrouped(money_signed(x)), ${zeros})`,
  ];
}

/**
 * A date as days since 1970, and whether it can be meant. Years below 1000 come of two-digit years under a four-digit
 * pattern; 0001-01-01 is a placeholder that people use.
 */
const dayMacros = [
  "CREATE MACRO is_day(d) AS d >= DATE '1000-01-01' OR d = DATE '0001-01-01'",
  "CREATE MACRO day_number(d) AS CAST(d - DATE '1970-01-01' AS INTEGER)",
];

/** The macros that the typing expressions call; run them once on the engine, before. */
export function typingMacros(currency: string): string[] {
  return [isBlankMacro, ...dayMacros, ...moneyMacros(currency, currencyExponent(currency))];
}

function moneySql(raw: string, currency: string, decimalMark: Layout["decimal_mark"]): string {
  const exponent = currencyExponent(currency);
  const decimal = `DECIMAL(${mostMinorDigits}, ${exponent})`;
  // Minor units are the digits of the printed decimal: a multiplication could overflow the 18 digits.
  const digits = (text: string): string => `CAST(replace(${text}, '.', '') AS BIGINT)`;
  const printed = (text: string): string => `CAST(TRY_CAST(${text} AS ${decimal}) AS VARCHAR)`;
  const cleaned = `money_text(${decimalMark === "," ? `translate(${raw}, '.,', ',.')` : raw})`;
  const fraction = exponent === 0 ? "\\.?" : `(\\.[0-9]{0,${exponent}})?`;
  const pattern = `[+-]?([0-9]+${fraction}${exponent === 0 ? "" : `|\\.[0-9]{1,${exponent}}`})`;
  const slow = `WHEN regexp_full_match(${cleaned}, '${pattern}') AND ${printed(cleaned)} IS NOT NULL
    THEN ${digits(printed(cleaned))}`;
  // An amount that prints as it was written was read exactly: no rounding, no exponent, no underscore. With so many
  // digits fewer the multiplication cannot overflow, and costs less than the digits of the text.
  const short = `TRY_CAST(${raw} AS DECIMAL(${mostMinorDigits - exponent}, ${exponent}))`;
  const fast = `WHEN CAST(${short} AS VARCHAR) = ${raw} THEN CAST(${short} * ${10 ** exponent} AS BIGINT)`;
  return caseOf(raw, "money", decimalMark === "." ? [fast, slow] : [slow]);
}

function daySql(raw: string, pattern: string | undefined): string {
  const read = `TRY_CAST(${raw} AS DATE)`;
  const plain = `WHEN ${read} >= DATE '1000-01-01' AND ${raw} LIKE '____-__-__' THEN day_number(${read})`;
  const iso = `WHEN regexp_full_match(trim(${raw}), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]*)?(Z|[+-][0-9:]+)?')
      AND is_day(TRY_CAST(left(trim(${raw}), 10) AS DATE)) THEN day_number(TRY_CAST(left(trim(${raw}), 10) AS DATE))`;
  if (pattern === undefined) return caseOf(raw, "day", [plain, iso]);
  const date = `CAST(TRY_STRPTIME(trim(${raw}), ${sqlText(strptimePattern(pattern))}) AS DATE)`;
  const declared = `WHEN is_day(${date}) THEN day_number(${date})`;
  return caseOf(raw, "day", contradictsIso(pattern) ? [declared] : [declared, plain, iso]);
}

const placementWords = ["fresh", "primary", "secondary", "tertiary", "quaternary"];

function numberSql(raw: string, name: string): string {
  const finite = (text: string): string =>
    `WHEN isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE)`;
  const cleaned = `replace(regexp_replace(trim(${raw}), '\\s*%$', ''), ',', '')`;
  const words = placementWords.map((word, count) => `WHEN lower(trim(${raw})) = '${word}' THEN ${count}`);
  const ways = [finite(raw), finite(cleaned)];
  return caseOf(raw, "number", name === "prior_placements" ? [...ways, ...words] : ways);
}

/** The SQL of a column of codes or flags: a number that stands for the text, and the text. */
function codedSql(raw: string): string[] {
  return [`hash(${raw})`, raw];
}

/**
 * The SQL of an account number: a number other than 0 that equal ones share, 0 where there is none. `trim` knows every
 * space there is and takes longer than all the rest, so a text of ASCII that begins and ends with none goes without it.
 */
function keySql(raw: string): string {
  const isTrim = `${raw} >= '!' AND ${raw} < '~' AND NOT suffix(${raw}, ' ') AND strlen(${raw}) = length(${raw})`;
  return `CASE WHEN ${isTrim} THEN hash(${raw}) | 1::UBIGINT
    WHEN trim(${raw}) <> '' THEN hash(trim(${raw})) | 1::UBIGINT ELSE 0::UBIGINT END`;
}

/** How many items of the statement's list a column takes: one of texts has a number for each text, and the text. */
export function itemsOf(column: ReadColumn): number {
  return isParsed(column) || column.kind === "key" ? 1 : 2;
}

function typedSql(column: ReadColumn, currency: string, layout: Layout): string[] {
  const raw = rawName(column);
  switch (column.kind) {
    case "money":
      return [moneySql(raw, currency, layout.decimal_mark)];
    case "day":
      return [daySql(raw, datePatternOf(layout, column.name))];
    case "number":
      return [numberSql(raw, column.name)];
    case "key":
      return [keySql(raw)];
    case "text":
      return [keySql(raw), `trim(${raw})`];
    default:
      return codedSql(raw);
  }
}

/**
 * The statement that reads a relation of texts as numbers, in one pass and in file order. A parsed column holds no
 * NULL: it has a value, the value that means missing, or the one that means unread.
 */
export function readStatement(options: {
  relation: string;
  columns: readonly ReadColumn[];
  currency: string;
  layout: Layout;
}): string {
  const { relation, columns, currency, layout } = options;
  const items = columns.flatMap((column) => typedSql(column, currency, layout));
  return `SELECT ${items.join(", ")} FROM ${relation}`;
}

/** Texts that no figure of a price rests on and that cannot make a row unreadable. */
const besidePricing: ReadonlySet<string> = new Set<CanonicalColumn>([
  "postal_code",
  "country",
  "original_creditor",
  "documents",
]);

/** The columns to read: what pricing needs and whatever may make a row unreadable, or everything that may be read. */
export function columnsToRead(resolved: ResolvedLayout, which: "pricing" | "all"): ReadColumn[] {
  const columns: ReadColumn[] = [];
  for (const [name, position] of resolved.positions) {
    const kind = canonicalKinds[name];
    if (kind !== "person") columns.push({ name, kind, position });
  }
  if (which === "pricing") {
    return columns
      .filter(({ name }) => !besidePricing.has(name))
      .map((column) => (column.kind === "text" ? { ...column, kind: "key" } : column));
  }
  return [...columns, ...extrasToRead(resolved)];
}

/** The columns without a canonical name, as codes. */
export function extrasToRead(resolved: ResolvedLayout<string>): ReadColumn[] {
  return resolved.extras.map(({ header, position }) => ({ name: `extra.${header}`, kind: "code", position }));
}
