import { type Finding, type FindingCode, finding, findingCodes, type Severity } from "./finding.js";
import { personColumns } from "./tape.js";

const codes = Object.keys(findingCodes) as FindingCode[];
const codeIndex = new Map(codes.map((code, index) => [code, index]));
const persons: ReadonlySet<string> = new Set(personColumns);
const longestValue = 80;

/** Texts that come again and again, each kept once under a number; 0 is the empty text. */
class TextNumbers {
  readonly texts: string[] = [""];
  readonly #numbers = new Map<string, number>([["", 0]]);

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

/** What crosses a process boundary: the columns of the table, nothing else. */
export interface FindingsData {
  readonly size: number;
  readonly rows: Int32Array;
  readonly codes: Uint8Array;
  readonly columns: Uint16Array;
  readonly columnNames: readonly string[];
  readonly values: readonly (string | null)[];
  readonly notes: Int32Array;
  readonly noteTexts: readonly string[];
}

/**
 * The shape of a personal value, which says how it is written and nothing of whose it is: letters and digits become
 * `*`, the last four `#`.
 *
 * @example valueShape("078-05-1120") -> "***-**-####"
 */
export function valueShape(text: string): string {
  const marked = text.slice(0, longestValue).replace(/[\p{L}\p{N}\p{M}]/gu, "*");
  return marked.replace(/(?:\*[^*]*){1,4}$/u, (tail) => tail.replaceAll("*", "#"));
}

/**
 * Findings by the million: five typed columns and an array of values, not an object a finding.
 *
 * A value on a personal column is turned into its shape on the way in, so that no caller can forget it. Values longer
 * than 80 characters are cut.
 */
export class TapeFindings implements Iterable<Finding> {
  #size = 0;
  #rows: Int32Array = new Int32Array(64);
  #codes: Uint8Array = new Uint8Array(64);
  #columns: Uint16Array = new Uint16Array(64);
  #values: (string | null)[] = [];
  #notes: Int32Array = new Int32Array(64);
  readonly #columnNames = new TextNumbers();
  readonly #noteTexts = new TextNumbers();

  static fromData(data: FindingsData): TapeFindings {
    const table = new TapeFindings();
    table.#size = data.size;
    table.#rows = data.rows;
    table.#codes = data.codes;
    table.#columns = data.columns;
    table.#values = [...data.values];
    table.#notes = data.notes;
    for (const name of data.columnNames) table.#columnNames.numberOf(name);
    for (const note of data.noteTexts) table.#noteTexts.numberOf(note);
    return table;
  }

  toData(): FindingsData {
    return {
      size: this.#size,
      rows: this.#rows.slice(0, this.#size),
      codes: this.#codes.slice(0, this.#size),
      columns: this.#columns.slice(0, this.#size),
      columnNames: this.#columnNames.texts,
      values: this.#values,
      notes: this.#notes.slice(0, this.#size),
      noteTexts: this.#noteTexts.texts,
    };
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one finding. `row` is 1-based without the header; left out when the finding is about a column or the file. */
  add(code: FindingCode, at: { row?: number; column?: string; value?: string | null; note?: string } = {}): void {
    if (this.#size === this.#rows.length) this.#grow();
    const index = this.#size++;
    this.#rows[index] = at.row ?? 0;
    this.#codes[index] = codeIndex.get(code)!;
    this.#columns[index] = this.#columnNames.numberOf(at.column ?? "");
    this.#notes[index] = this.#noteTexts.numberOf(at.note ?? "");
    const value = at.value ?? null;
    if (value === null) this.#values.push(null);
    else this.#values.push(persons.has(at.column ?? "") ? valueShape(value) : value.slice(0, longestValue));
  }

  /** The finding at a position (0-based, in the order of adding). Throws a RangeError beyond the last. */
  at(index: number): Finding {
    if (index < 0 || index >= this.#size) throw new RangeError(`finding ${index} of ${this.#size}`);
    const row = this.#rows[index]!;
    const column = this.#columns[index]!;
    const note = this.#noteTexts.texts[this.#notes[index]!]!;
    return finding(codes[this.#codes[index]!]!, {
      row: row === 0 ? null : row,
      column: column === 0 ? null : this.#columnNames.texts[column]!,
      value: this.#values[index]!,
      ...(note === "" ? {} : { note }),
    });
  }

  /** All findings in the order of adding, made one at a time. */
  *[Symbol.iterator](): Iterator<Finding> {
    for (let index = 0; index < this.#size; index++) yield this.at(index);
  }

  /** The findings in the order of the file: those about the file and its columns first, then row by row. */
  *inFileOrder(limit = Number.POSITIVE_INFINITY): Generator<Finding> {
    const order = new Uint32Array(this.#size).map((_, index) => index);
    const rows = this.#rows;
    order.sort((a, b) => rows[a]! - rows[b]! || a - b);
    for (let k = 0; k < Math.min(order.length, limit); k++) yield this.at(order[k]!);
  }

  /** How many findings of each code, most frequent first. */
  countByCode(): Map<FindingCode, number> {
    const counts = new Uint32Array(codes.length);
    for (let index = 0; index < this.#size; index++) counts[this.#codes[index]!]!++;
    const found = codes.map((code, index): [FindingCode, number] => [code, counts[index]!]);
    return new Map(found.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]));
  }

  countBySeverity(): Record<Severity, number> {
    const totals: Record<Severity, number> = { reject: 0, exclude: 0, warn: 0 };
    for (const [code, count] of this.countByCode()) totals[findingCodes[code].severity] += count;
    return totals;
  }

  #grow(): void {
    const capacity = this.#rows.length * 2;
    const [rows, kinds, columns] = [new Int32Array(capacity), new Uint8Array(capacity), new Uint16Array(capacity)];
    const notes = new Int32Array(capacity);
    notes.set(this.#notes);
    this.#notes = notes;
    rows.set(this.#rows);
    kinds.set(this.#codes);
    columns.set(this.#columns);
    this.#rows = rows;
    this.#codes = kinds;
    this.#columns = columns;
  }
}
