import { Refusal } from "../../models/refusal.js";
import type { CanonicalColumn, canonicalKinds, Layout } from "../../models/tape.js";
import { fitsPattern, isIsoDate, patternsThatFit, strptimePattern } from "../calendar/date-pattern.js";
import { headerKey, isCanonicalName, isPersonal, isProtected, tapeVocabulary } from "./header-words.js";
import { isShowable, shownHeader } from "./shown-header.js";

/** The columns that a kind of file may have: what each holds, how its header may read, and which it cannot do without. */
export interface Vocabulary<Column extends string> {
  /** by canonical name, in the order in which columns are shown */
  readonly kinds: Readonly<Record<Column, (typeof canonicalKinds)[CanonicalColumn]>>;
  readonly required: readonly Column[];
  /** columns that another one is taken for where a file has that one alone */
  readonly standIns: readonly (readonly [column: Column, standIn: Column])[];
  /** the column that a header names, undefined when no synonym says so */
  readonly columnNamed: (header: string) => Column | undefined;
}

/** A layout, and where in the file its columns stand. */
export interface ResolvedLayout<Column extends string = CanonicalColumn> {
  readonly layout: Layout;
  /** canonical column -> position of its header in the file, 0-based */
  readonly positions: ReadonlyMap<Column, number>;
  /** headers that no canonical column took, with their positions; free of protected and personal ones */
  readonly extras: readonly { readonly header: string; readonly position: number }[];
  readonly protectedHeaders: readonly string[];
  readonly personalHeaders: readonly string[];
}

const blankWords = new Set(["", "null", "none", "n/a", "na", "nan", "nil", "-", "\\n"]);

/** Whether a text in a file stands for "no value". */
export function isBlank(text: string): boolean {
  return blankWords.has(text.trim().toLowerCase());
}

/**
 * Finds the canonical column of each header and checks how dates are written.
 *
 * What the given layout says is taken as it is; headers it does not mention are looked up in the table of synonyms.
 * Nothing is guessed twice: two headers that could be one column are a refusal that names both, unless one of them is
 * the canonical name itself. A date column that is not ISO needs a declared pattern.
 *
 * @param header     headers in file order
 * @param sampleRows rows from the head of the file, as text
 * @param given      a saved or edited layout; `columns` may be empty or partial
 * @param vocabulary the columns that the file may have; those of a tape when left out
 * @throws layout_unresolved, layout_invalid, header_duplicate
 */
export function guessLayout(
  header: readonly string[],
  sampleRows: readonly (readonly string[])[],
  given?: Layout,
): ResolvedLayout;
export function guessLayout<Column extends string>(
  header: readonly string[],
  sampleRows: readonly (readonly string[])[],
  given: Layout | undefined,
  vocabulary: Vocabulary<Column>,
): ResolvedLayout<Column>;
export function guessLayout(
  header: readonly string[],
  sampleRows: readonly (readonly string[])[],
  given?: Layout,
  vocabulary: Vocabulary<string> = tapeVocabulary,
): ResolvedLayout<string> {
  refuseDuplicates(header);
  const protectedAt = new Set(header.flatMap((text, at) => (isProtected(text) ? [at] : [])));
  const job = { header, protectedAt, vocabulary };
  const positions = declaredPositions(job, given);
  guessRest(job, positions);
  for (const column of vocabulary.required) {
    if (!positions.has(column)) {
      throw new Refusal(
        "layout_unresolved",
        `no column of the file could be told to be ${column}; it has ${shownHeader(header)}`,
      );
    }
  }
  const taken = new Set(positions.values());
  const free = header
    .map((text, position) => ({ header: text, position }))
    .filter(({ header: text, position }) => text.trim() !== "" && !taken.has(position) && !protectedAt.has(position));
  const columns = Object.fromEntries(
    Object.keys(vocabulary.kinds)
      .filter((name) => positions.has(name))
      .map((name) => [name, header[positions.get(name)!]!]),
  );
  const layout: Layout = { ...(given ?? { name: "guessed", decimal_mark: "." }), columns };
  checkDates(
    layout,
    [...positions].filter(([column]) => vocabulary.kinds[column] === "day"),
    sampleRows,
  );
  return {
    layout,
    positions,
    extras: free.filter((column) => !isPersonal(column.header)),
    protectedHeaders: [...protectedAt].map((at) => header[at]!),
    personalHeaders: free.filter((column) => isPersonal(column.header)).map((column) => column.header),
  };
}

function refuseDuplicates(header: readonly string[]): void {
  const seen = new Map<string, number>();
  header.forEach((text, at) => {
    const key = text.trim().toLowerCase();
    if (key === "") return;
    const first = seen.get(key);
    if (first !== undefined) {
      const what = isShowable(header) ? `"${text.slice(0, 60)}"` : "one text";
      throw new Refusal("header_duplicate", `${what} heads column ${first + 1} and column ${at + 1}`);
    }
    seen.set(key, at);
  });
}

interface Guess {
  readonly header: readonly string[];
  readonly protectedAt: ReadonlySet<number>;
  readonly vocabulary: Vocabulary<string>;
}

function declaredPositions({ header, protectedAt, vocabulary }: Guess, given: Layout | undefined): Map<string, number> {
  const positions = new Map<string, number>();
  const byHeader = new Map<number, string>();
  for (const [column, text] of Object.entries(given?.columns ?? {})) {
    if (!Object.hasOwn(vocabulary.kinds, column)) {
      const known = Object.keys(vocabulary.kinds).join(", ");
      throw new Refusal("layout_invalid", `"${column.slice(0, 60)}" is not a column that is read here: ${known}`);
    }
    const exact = header.indexOf(text);
    const at = exact >= 0 ? exact : header.findIndex((candidate) => headerKey(candidate) === headerKey(text));
    if (at < 0) {
      throw new Refusal(
        "layout_invalid",
        `the layout reads ${column} from "${text.slice(0, 60)}", which the file lacks`,
      );
    }
    if (protectedAt.has(at)) {
      throw new Refusal(
        "layout_invalid",
        `"${text.slice(0, 60)}" is a protected attribute and cannot be read as ${column}`,
      );
    }
    const other = byHeader.get(at);
    if (other !== undefined) {
      throw new Refusal("layout_invalid", `the layout reads both ${other} and ${column} from "${text.slice(0, 60)}"`);
    }
    byHeader.set(at, column);
    positions.set(column, at);
  }
  return positions;
}

function guessRest({ header, protectedAt, vocabulary }: Guess, positions: Map<string, number>): void {
  const taken = new Set(positions.values());
  const candidates = new Map<string, number[]>();
  header.forEach((text, at) => {
    if (taken.has(at) || protectedAt.has(at)) return;
    const column = vocabulary.columnNamed(text);
    if (column !== undefined && !positions.has(column)) candidates.set(column, [...(candidates.get(column) ?? []), at]);
  });
  for (const [column, found] of candidates) {
    const certain = found.filter((at) => isCanonicalName(header[at]!, column));
    const [at, second] = certain.length === 1 ? certain : found;
    if (second !== undefined) {
      throw new Refusal(
        "layout_unresolved",
        `"${header[at!]}" and "${header[second]}" could both be ${column}; say in a layout which one is`,
      );
    }
    positions.set(column, at!);
  }
  for (const [column, standIn] of vocabulary.standIns) {
    const at = positions.get(standIn);
    if (at === undefined || positions.has(column)) continue;
    positions.delete(standIn);
    positions.set(column, at);
  }
}

/** The declared pattern of a date column, undefined when it is ISO. */
export function datePatternOf(layout: Layout, column: string): string | undefined {
  return layout.date_patterns?.[column] ?? layout.date_pattern;
}

/**
 * Dates are never sniffed: without a declared pattern a column must be ISO. A stray value that is no date under any
 * pattern is left to the findings, unless no value of the sample is a date.
 */
function checkDates(
  layout: Layout,
  dayColumns: readonly (readonly [string, number])[],
  sampleRows: readonly (readonly string[])[],
): void {
  for (const pattern of [layout.date_pattern, ...Object.values(layout.date_patterns ?? {})]) {
    if (pattern !== undefined) strptimePattern(pattern);
  }
  for (const [column, at] of dayColumns) {
    const texts = sampleRows.map((row) => (row[at] ?? "").trim()).filter((text) => !isBlank(text));
    const other = texts.filter((text) => !isIsoDate(text));
    if (other.length === 0) continue;
    const where = `${column} ("${layout.columns[column]}")`;
    const declared = datePatternOf(layout, column);
    if (declared !== undefined) {
      if (other.some((text) => fitsLoosely(text, declared)) || other.length < texts.length) continue;
      throw new Refusal(
        "layout_invalid",
        `no date of ${where} fits the pattern ${declared}: "${other[0]!.slice(0, 40)}"`,
      );
    }
    const dates = other.filter((text) => patternsThatFit([text]).length > 0);
    if (dates.length === 0 && other.length < texts.length) continue;
    const fitting = patternsThatFit(dates);
    const could = fitting.length === 0 ? "no single known pattern fits" : `it could be ${fitting.join(" or ")}`;
    const shown = dates[0] ?? other[0]!;
    throw new Refusal(
      "layout_unresolved",
      `the dates of ${where} are not ISO: "${shown.slice(0, 40)}"; ${could}; declare date_pattern in a layout`,
      [{ pointer: `/date_patterns/${column}`, code: "date_pattern_missing", detail: could, value: shown.slice(0, 40) }],
    );
  }
}

/** MM/DD reads 3/4 as well: DuckDB's strptime does not ask for leading zeros. */
function fitsLoosely(text: string, pattern: string): boolean {
  const loose = /[^YMD]/i.test(pattern) ? pattern.replace(/(?<!M)MM(?!M)/gi, "M").replace(/DD/gi, "D") : pattern;
  return fitsPattern(text, pattern) || fitsPattern(text, loose);
}
