import type { Term } from "./additive.js";
import type { InvoiceFacts, Source } from "./facts.js";

/**
 * What a term looks at: a column's codes, a column's values by bins, or a straight line through them. `isRecent`
 * makes it an effect on invoices of the last months alone, which are those that come next.
 */
export interface DesignTerm {
  readonly name: string;
  /** name of a source; null for the intercept */
  readonly source: string | null;
  readonly shape: "one" | "codes" | "bins" | "line";
  /** codes: the keys of the levels, in their order */
  readonly keys: readonly string[];
  /** bins: value v is of the level of as many bounds as it reaches */
  readonly bounds: readonly number[];
  /** line: the value at which it is zero */
  readonly center: number;
  readonly isRecent: boolean;
  readonly isFree: boolean;
}

export const intercept: DesignTerm = {
  name: "intercept",
  source: null,
  shape: "one",
  keys: [],
  bounds: [],
  center: 0,
  isRecent: false,
  isFree: true,
};

export function levelCountOf(term: DesignTerm): number {
  if (term.shape === "codes") return term.keys.length;
  return term.shape === "bins" ? term.bounds.length + 1 : 1;
}

/** Invoices issued so many days before the day, or later, count as recent. */
export const recentDays = 120;

/**
 * A term on the rows of a file. A code that the term does not know, and a value that is missing, have no level: the row
 * then has nothing of the term but the spread of its prior.
 *
 * @param keyOf turns a label of the file into a key of the term
 */
export function termOn(
  design: DesignTerm,
  facts: InvoiceFacts,
  asOf: number,
  keyOf: (source: string, label: string) => string,
): Term {
  const source = design.source === null ? undefined : facts.sources.get(design.source);
  const base = { name: design.name, levelCount: levelCountOf(design), isFree: design.isFree };
  if (design.shape === "one") return { ...base, levels: null, multiplier: null };
  if (source === undefined) return { ...base, levels: new Int32Array(facts.rows).fill(-1), multiplier: null };
  if (design.shape === "line") return { ...base, levels: null, multiplier: distances(source, design.center) };
  const levels = design.shape === "codes" ? codesOn(design, source, keyOf) : binsOn(design.bounds, source);
  if (design.isRecent) {
    // A fresh array: the codes of a column may be the column's own.
    for (let i = 0; i < levels.length; i++) if (facts.issued[i]! < asOf - recentDays) levels[i] = -1;
  }
  return { ...base, levels, multiplier: null };
}

function distances(source: Source, center: number): Float64Array {
  return Float64Array.from(source.values, (value) => (Number.isFinite(value) ? value - center : 0));
}

function codesOn(design: DesignTerm, source: Source, keyOf: (source: string, label: string) => string): Int32Array {
  if (source.kind !== "code") return new Int32Array(source.values.length).fill(-1);
  const levelOf = new Map(design.keys.map((key, level) => [key, level]));
  const levels = Int32Array.from(source.labels, (label) => levelOf.get(keyOf(design.source!, label)) ?? -1);
  return source.values.map((code) => (code < 0 ? -1 : levels[code]!));
}

function binsOn(bounds: readonly number[], source: Source): Int32Array {
  const levels = new Int32Array(source.values.length).fill(-1);
  if (source.kind !== "number") return levels;
  for (let i = 0; i < levels.length; i++) {
    const value = source.values[i]!;
    if (Number.isNaN(value)) continue;
    let level = 0;
    while (level < bounds.length && value >= bounds[level]!) level++;
    levels[i] = level;
  }
  return levels;
}
