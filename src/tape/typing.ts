import { currencyExponent } from "../../models/currency.js";
import { type CanonicalColumn, canonicalKinds, type Layout } from "../../models/tape.js";
import { contradictsIso, strptimePattern } from "./date-pattern.js";
import { sqlText } from "./engine.js";
import { datePatternOf, type ResolvedLayout } from "./layout.js";

export type Kind = (typeof canonicalKinds)[CanonicalColumn];

/** A column to be read: its name in the tape, what it holds, and where it stands in the file. */
export interface ReadColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly position: number;
}

/** Name of the column in the file's relation and in our table: by position, so that no header enters a statement. */
export function rawName(column: { readonly position: number }): string {
  return `c${column.position}`;
}
export function typedName(column: { readonly position: number }): string {
  return `t${column.position}`;
}

/** Kinds whose values are parsed, so that a row may fail on them; codes, flags and texts are kept as they stand. */
export function isParsed(column: ReadColumn): boolean {
  return column.kind === "money" || column.kind === "day" || column.kind === "number";
}

/** Minor units that are kept: 18 digits, the most that DuckDB computes in one 64-bit integer. */
export const mostMinorDigits = 18;

const isBlankMacro = `CREATE MACRO is_blank(x) AS
  trim(x, E' \\t\\r\\n') = '' OR lower(trim(x)) IN ('null', 'none', 'n/a', 'na', 'nan', 'nil', '-', '\\n')`;

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

/** A date as days since 1970. Years below 1000 come of two-digit years under a four-digit pattern; 0001-01-01 is a
 * placeholder that people use. */
const dayNumberMacro = `CREATE MACRO day_number(d) AS
  CASE WHEN d >= DATE '1000-01-01' OR d = DATE '0001-01-01' THEN CAST(d - DATE '1970-01-01' AS INTEGER) END`;

/** The macros that the typing expressions call; run them once on the engine, before. */
export function typingMacros(currency: string): string[] {
  return [isBlankMacro, dayNumberMacro, ...moneyMacros(currency, currencyExponent(currency))];
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
  const slow = `WHEN regexp_full_match(${cleaned}, '${pattern}') THEN ${digits(printed(cleaned))}`;
  // An amount that prints as it was written was read exactly: no rounding, no exponent, no underscore.
  const fast = `WHEN ${printed(raw)} = ${raw} THEN ${digits(raw)}`;
  return `CASE ${decimalMark === "." ? fast : ""} ${slow} END`;
}

function daySql(raw: string, pattern: string | undefined): string {
  const iso = `CASE WHEN ${raw} LIKE '____-__-__' THEN TRY_CAST(${raw} AS DATE)
    WHEN regexp_full_match(trim(${raw}), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]*)?(Z|[+-][0-9:]+)?')
      THEN TRY_CAST(left(trim(${raw}), 10) AS DATE) END`;
  const declared =
    pattern === undefined
      ? undefined
      : `CAST(TRY_STRPTIME(trim(${raw}), ${sqlText(strptimePattern(pattern))}) AS DATE)`;
  if (declared === undefined) return iso;
  return contradictsIso(pattern!) ? declared : `coalesce(${declared}, ${iso})`;
}

const placementWords = ["fresh", "primary", "secondary", "tertiary", "quaternary"];

function numberSql(raw: string, name: string): string {
  const finite = (text: string): string =>
    `CASE WHEN isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`;
  const cleaned = `replace(regexp_replace(trim(${raw}), '\\s*%$', ''), ',', '')`;
  const plain = `coalesce(${finite(raw)}, ${finite(cleaned)})`;
  if (name !== "prior_placements") return plain;
  const words = placementWords.map((word, count) => `WHEN '${word}' THEN ${count}`).join(" ");
  return `coalesce(${plain}, CASE lower(trim(${raw})) ${words} END)`;
}

function typedSql(column: ReadColumn, currency: string, layout: Layout): string {
  const raw = rawName(column);
  switch (column.kind) {
    case "money":
      return moneySql(raw, currency, layout.decimal_mark);
    case "day":
      return daySql(raw, datePatternOf(layout, column.name as CanonicalColumn));
    case "number":
      return numberSql(raw, column.name);
    case "text":
      return `nullif(trim(${raw}), '')`;
    default:
      return raw;
  }
}

const keptSql = (column: ReadColumn): string =>
  column.kind === "day" ? `day_number(${typedName(column)})` : typedName(column);

/**
 * The statement that reads a relation of texts into the table `tape` of typed columns, in one pass and in file order.
 * Its column `bad` marks the rows in which a parsed column has a text and no value: a fault, or a blank in words
 * (`N/A`). Their texts are fetched afterwards (`faultsStatement`): carrying them along here costs every good row.
 */
export function loadStatement(options: {
  relation: string;
  columns: readonly ReadColumn[];
  currency: string;
  layout: Layout;
}): string {
  const { columns, currency, layout } = options;
  const parsed = columns.filter(isParsed);
  const typed = columns.map((column) => `${typedSql(column, currency, layout)} AS ${typedName(column)}`);
  const unread = parsed.map((column) => `(${keptSql(column)} IS NULL AND ${rawName(column)} IS NOT NULL)`);
  const final = columns.map((column) => `${keptSql(column)} AS ${typedName(column)}`);
  return `CREATE TABLE tape AS SELECT ${[...final, `${unread.join(" OR ")} AS bad`].join(", ")}
    FROM (SELECT ${[...typed, ...parsed.map(rawName)].join(", ")} FROM ${options.relation})`;
}

/** For the marked rows of `tape`, in order: the row, and for each parsed column its text where it could not be read. */
export function faultsStatement(relation: string, columns: readonly ReadColumn[]): string {
  const texts = columns.filter(isParsed).map((column) => {
    const raw = rawName(column);
    return `CASE WHEN ${typedName(column)} IS NULL AND NOT is_blank(${raw}) THEN ${raw} END`;
  });
  return `SELECT tape.rowid, ${texts.join(", ")} FROM ${relation} AS file POSITIONAL JOIN tape WHERE bad`;
}

/** The columns to read: what pricing needs, or everything that may be read. */
export function columnsToRead(resolved: ResolvedLayout, which: "pricing" | "all"): ReadColumn[] {
  const columns: ReadColumn[] = [];
  for (const [name, position] of resolved.positions) {
    const kind = canonicalKinds[name];
    if (kind !== "person") columns.push({ name, kind, position });
  }
  if (which === "pricing") return columns;
  const extras = resolved.extras.map(({ header, position }) => ({
    name: `extra.${header}`,
    kind: "code" as const,
    position,
  }));
  return [...columns, ...extras];
}
