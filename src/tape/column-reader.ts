import type { DuckDBDataChunk } from "@duckdb/node-api";
import { type CodeColumn, missing, type TapeColumn } from "../../models/tape.js";
import { type QueryResult, vectorItems } from "./engine.js";
import { itemsOf, type ReadColumn } from "./typing.js";

type Values = BigInt64Array | BigUint64Array | Int32Array | Float64Array;

/** An array of fixed-width numbers that is filled from its beginning. */
class FillingArray<A extends Values> {
  size = 0;

  constructor(readonly values: A) {}

  append(items: A): void {
    this.values.set(items as never, this.size);
    this.size += items.length;
  }
}

/**
 * Finds the number of a 64-bit hash: an open table of its two halves. A `Map` of a million bigints takes ten times as
 * long.
 */
class HashTable {
  #slots = new Int32Array(1 << 10).fill(-1);
  #low = new Int32Array(1 << 9);
  #high = new Int32Array(1 << 9);
  size = 0;

  /** The number of the hash, 0, 1, 2, ... in the order of first sight. It is new when it equals `size` before. */
  numberOf(low: number, high: number): number {
    const at = this.#placeOf(low, high);
    if (this.#slots[at]! >= 0) return this.#slots[at]!;
    const number = this.size++;
    this.#slots[at] = number;
    this.#low[number] = low;
    this.#high[number] = high;
    if (this.size === this.#low.length) this.#grow();
    return number;
  }

  /** The number of a hash that was seen before; negative when it was not. */
  find(low: number, high: number): number {
    return this.#slots[this.#placeOf(low, high)]!;
  }

  /** Where the hash stands among the slots, or the free slot that it would take. */
  #placeOf(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let at = (low ^ (high >>> 7)) & mask;
    for (let number = this.#slots[at]!; number >= 0; number = this.#slots[at]!) {
      if (this.#low[number] === low && this.#high[number] === high) break;
      at = (at + 1) & mask;
    }
    return at;
  }

  #grow(): void {
    const [low, high] = [new Int32Array(this.size * 2), new Int32Array(this.size * 2)];
    low.set(this.#low);
    high.set(this.#high);
    [this.#low, this.#high] = [low, high];
    const mask = this.#slots.length * 2 - 1;
    this.#slots = new Int32Array(mask + 1).fill(-1);
    for (let number = 0; number < this.size; number++) {
      let at = (low[number]! ^ (high[number]! >>> 7)) & mask;
      while (this.#slots[at]! >= 0) at = (at + 1) & mask;
      this.#slots[at] = number;
    }
  }
}

/** Reads one column, chunk by chunk. `item` is the column's first place in the statement's list. */
interface ColumnReader {
  take(chunk: DuckDBDataChunk, item: number): void;
}

class NumberReader implements ColumnReader {
  readonly #values: FillingArray<BigInt64Array | Int32Array | Float64Array>;

  constructor(
    readonly kind: "money" | "day" | "number",
    rows: number,
  ) {
    const values =
      kind === "money" ? new BigInt64Array(rows) : kind === "day" ? new Int32Array(rows) : new Float64Array(rows);
    this.#values = new FillingArray(values);
  }

  take(chunk: DuckDBDataChunk, item: number): void {
    this.#values.append(vectorItems(chunk, item) as BigInt64Array);
  }

  column(): TapeColumn {
    return { kind: this.kind, values: this.#values.values } as TapeColumn;
  }
}

/**
 * Reads a column of codes by the hashes of its texts: a text becomes a string when its hash is seen for the first
 * time. That two texts of a file share a 64-bit hash has odds of one to 10^19 a pair, and is not provided for.
 */
class CodeReader implements ColumnReader {
  readonly #codes: Int32Array;
  #size = 0;
  readonly #table = new HashTable();
  readonly #labels: string[] = [];
  /** by number of the hash: its code, or that there is no text */
  readonly #codeOf: number[] = [];

  constructor(rows: number) {
    this.#codes = new Int32Array(rows);
  }

  take(chunk: DuckDBDataChunk, item: number): void {
    const hashes = wordsOf(vectorItems(chunk, item) as BigUint64Array);
    const codes = this.#codes;
    const count = chunk.rowCount;
    for (let i = 0; i < count; i++) {
      const number = this.#table.numberOf(hashes[2 * i]!, hashes[2 * i + 1]!);
      if (number === this.#codeOf.length) this.#learn(chunk.getColumnVector(item + 1).getItem(i));
      codes[this.#size + i] = this.#codeOf[number]!;
    }
    this.#size += count;
  }

  #learn(text: unknown): void {
    this.#codeOf.push(text === null ? missing.code : this.#labels.push(String(text)) - 1);
  }

  column(): CodeColumn {
    return { kind: "code", values: this.#codes, labels: this.#labels };
  }
}

/** Reads the account number as a key, and where it is asked for as a text too: a million strings are dear. */
class AccountReader implements ColumnReader {
  readonly #keys: FillingArray<BigUint64Array>;
  readonly texts: string[] = [];

  constructor(
    readonly withTexts: boolean,
    rows: number,
  ) {
    this.#keys = new FillingArray(new BigUint64Array(rows));
  }

  take(chunk: DuckDBDataChunk, item: number): void {
    this.#keys.append(vectorItems(chunk, item) as BigUint64Array);
    if (!this.withTexts) return;
    const texts = chunk.getColumnVector(item + 1);
    for (let i = 0; i < chunk.rowCount; i++) this.texts.push(String(texts.getItem(i) ?? ""));
  }

  keys(): BigUint64Array {
    return this.#keys.values;
  }
}

function wordsOf(values: BigUint64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** A file as DuckDB gave it: numbers, and texts only where a column has few different ones. */
export interface RawColumns {
  readonly rows: number;
  /** by row: a number that equal account numbers share; 0 where there is none */
  readonly keys: BigUint64Array;
  /** money, days and numbers, with the marks for missing and unread */
  readonly numbers: Map<string, TapeColumn>;
  /** codes and flags, as the texts stand in the file */
  readonly codes: Map<string, CodeColumn>;
  /** account numbers, "" where there is none; empty when they were not asked for */
  readonly accounts: readonly string[];
}

/** Reads the result of `readStatement` into columns. */
export function readColumns(columns: readonly ReadColumn[], { rows, chunks }: QueryResult): RawColumns {
  const withTexts = columns.some((column) => column.kind === "text");
  const account = new AccountReader(withTexts, rows);
  const readers = columns.map((column): ColumnReader => {
    const { kind } = column;
    if (kind === "text" || kind === "key") return account;
    return kind === "money" || kind === "day" || kind === "number"
      ? new NumberReader(kind, rows)
      : new CodeReader(rows);
  });
  for (const chunk of chunks) {
    let item = 0;
    for (const [at, reader] of readers.entries()) {
      reader.take(chunk, item);
      item += itemsOf(columns[at]!);
    }
  }
  const numbers = new Map<string, TapeColumn>();
  const codes = new Map<string, CodeColumn>();
  for (const [at, reader] of readers.entries()) {
    if (reader instanceof NumberReader) numbers.set(columns[at]!.name, reader.column());
    else if (reader instanceof CodeReader) codes.set(columns[at]!.name, reader.column());
  }
  return { rows, keys: account.keys(), numbers, codes, accounts: account.texts };
}

/**
 * The rows whose key is shared with another row, in file order; a key of 0 is none. Keys that two texts share by
 * chance are among them, so the texts decide.
 *
 * A first pass marks a bit for each key, in a field small enough to stay near the processor. Only keys that met a bit
 * already set can be shared; a second pass looks for the rows of those.
 */
export function rowsWithSharedKeys(keys: BigUint64Array): number[] {
  const words = wordsOf(keys);
  const bits = new Int32Array(2 ** Math.ceil(Math.log2(keys.length / 2 + 1)));
  const mask = bits.length * 32 - 1;
  const met = new HashTable();
  for (let word = 0; word < words.length; word += 2) {
    const [low, high] = [words[word]!, words[word + 1]!];
    if (low === 0 && high === 0) continue;
    const bit = (low ^ (high >>> 7)) & mask;
    const flag = 1 << (bit & 31);
    if ((bits[bit >>> 5]! & flag) === 0) bits[bit >>> 5]! |= flag;
    else met.numberOf(low, high);
  }
  if (met.size === 0) return [];
  const firstRow = new Int32Array(met.size).fill(-1);
  const shared = new Set<number>();
  for (let row = 0; row < keys.length; row++) {
    const number = met.find(words[2 * row]!, words[2 * row + 1]!);
    if (number < 0) continue;
    if (firstRow[number]! < 0) firstRow[number] = row;
    else shared.add(firstRow[number]!).add(row);
  }
  return [...shared].sort((a, b) => a - b);
}
