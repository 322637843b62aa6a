import { Refusal } from "../../models/refusal.js";
import { type Day, dayOf, daysInMonth } from "./day.js";

/** ISO 8601, with or without a time of day behind it (the day as written counts; no zone is applied). */
const isoText = /^\d{4}-\d{2}-\d{2}(?:[T ].*)?$/;

export function isIsoDate(text: string): boolean {
  return isoText.test(text);
}

type Part = "year4" | "year2" | "monthName" | "month" | "day";
const partOfToken: Readonly<Record<string, Part>> = {
  YYYY: "year4",
  YY: "year2",
  MMM: "monthName",
  MM: "month",
  M: "month",
  DD: "day",
  D: "day",
};
const strptimeOf: Readonly<Record<Part, string>> = {
  year4: "%Y",
  year2: "%y",
  monthName: "%b",
  month: "%m",
  day: "%d",
};
const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

interface Piece {
  readonly part: Part | null;
  readonly text: string;
}

/**
 * Splits a pattern such as `MM/DD/YYYY`, `d.M.yy` or `dd-MMM-yyyy` into its parts; capitals do not matter.
 * Throws `layout_invalid` unless it names a year, a month and a day once each.
 */
function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  for (const match of pattern.toUpperCase().matchAll(/([YMD])\1*|[^YMD]+/g)) {
    const text = match[0];
    const part = partOfToken[text] ?? null;
    if (part === null && !/^[-/., ]+$/.test(text)) throw notPattern(pattern);
    pieces.push({ part, text });
  }
  const named = pieces.filter((piece) => piece.part !== null).map((piece) => piece.text[0]);
  if ([...named].sort().join("") !== "DMY") throw notPattern(pattern);
  return pieces;
}

function notPattern(pattern: string): Refusal {
  return new Refusal(
    "layout_invalid",
    `"${pattern.slice(0, 40)}" is not a date pattern; write the year (yyyy or yy), month (MM, M or MMM) and day (dd or d) ` +
      'once each, with - / . , or blanks between, such as "MM/DD/YYYY"',
  );
}

/** The pattern in DuckDB's strptime form: `MM/DD/YYYY` -> `%m/%d/%Y`. Throws `layout_invalid`. */
export function strptimePattern(pattern: string): string {
  return piecesOf(pattern)
    .map((piece) => (piece.part === null ? piece.text : strptimeOf[piece.part]))
    .join("");
}

/** Whether the pattern reads years first with four digits and dashes, as ISO does, but not as ISO: yyyy-dd-MM. */
export function contradictsIso(pattern: string): boolean {
  return /^YYYY-D+-M+$/i.test(pattern);
}

/** Whether a text is a date that exists under the pattern. Throws `layout_invalid` for a pattern that is none. */
export function fitsPattern(text: string, pattern: string): boolean {
  return dayReader(pattern)(text) !== null;
}

/**
 * Reads days that are written in one pattern. A year of two digits is one of this century.
 *
 * @param pattern such as `MM/DD/YYYY`; capitals do not matter
 * @returns a function that gives the day of a text, or null where the text is no date that exists under the pattern
 * @throws Refusal `layout_invalid` for a pattern that is none
 * @example dayReader("MM/DD/YYYY")("01/31/2026")
 */
export function dayReader(pattern: string): (text: string) => Day | null {
  const pieces = piecesOf(pattern);
  const expression = new RegExp(`^${pieces.map(sourceOf).join("")}$`);
  const parts = pieces.flatMap(({ part }) => (part === null ? [] : [part]));
  return (text) => {
    const match = expression.exec(text.trim());
    if (match === null) return null;
    const values = { year: 0, month: 0, day: 0 };
    parts.forEach((part, index) => {
      const group = match[index + 1]!;
      if (part === "monthName") values.month = monthNames.indexOf(group.toLowerCase()) + 1;
      else if (part === "month") values.month = Number(group);
      else if (part === "day") values.day = Number(group);
      else values.year = part === "year2" ? 2000 + Number(group) : Number(group);
    });
    const { year, month, day } = values;
    const exists = year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    return exists ? dayOf(year, month, day) : null;
  };
}

function sourceOf({ part, text }: Piece): string {
  if (part === null) return text.replace(/[.]/g, "\\.");
  if (part === "year4") return "(\\d{4})";
  if (part === "year2") return "(\\d{2})";
  if (part === "monthName") return "([A-Za-z]{3})";
  return text.length === 2 ? "(\\d{2})" : "(\\d{1,2})";
}

const knownPatterns = [
  "MM/DD/YYYY",
  "DD/MM/YYYY",
  "M/D/YYYY",
  "D/M/YYYY",
  "MM/DD/YY",
  "DD/MM/YY",
  "M/D/YY",
  "D/M/YY",
  "DD.MM.YYYY",
  "D.M.YYYY",
  "DD.MM.YY",
  "MM-DD-YYYY",
  "DD-MM-YYYY",
  "YYYY/MM/DD",
  "YYYY.MM.DD",
  "YYYYMMDD",
  "MMDDYYYY",
  "DDMMYYYY",
  "DD-MMM-YYYY",
  "D-MMM-YYYY",
  "DD-MMM-YY",
  "DD MMM YYYY",
  "MMM D, YYYY",
  "YYYY-DD-MM",
] as const;

/** The patterns that every one of the texts fits. Shown to a person; never chosen from. */
export function patternsThatFit(texts: readonly string[]): string[] {
  return knownPatterns.filter((pattern) => texts.every((text) => fitsPattern(text, pattern)));
}
