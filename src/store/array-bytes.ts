import { parseDay } from "../calendar/day.js";
import type { Plain } from "./array-text.js";

export type { Plain };

/**
 * Arrays for `unnest(?::bigint[], ...)` in the form in which PostgreSQL itself sends them. A column of a thousand rows
 * becomes one buffer, and no text is made of any of its values: as texts, the columns of a payments file were most of
 * what the garbage collector had to do with it, and the server would only turn them back into numbers.
 *
 * The cast must be to this very type: the elements say what they are, and the server converts nothing.
 */
const oids = { boolean: 16, bigint: 20, smallint: 21, integer: 23, text: 25, tid: 27, date: 1082 } as const;
export type ArrayType = keyof typeof oids;

/** Number of dimensions, whether there are nulls, type of the elements, length, index of the first. */
const headBytes = 20;
/** An element's length stands before it, and -1 where it is null. */
const lengthBytes = 4;

/**
 * The rows of arrays that are bound in this order, one a column, to stand in `from` under a name. In a list of what is selected
 * the arrays go by side by side, value after value; `from unnest(...)` would first lay down each of them in a table.
 */
export function rowsOf(columns: readonly (readonly [name: string, type: ArrayType, ...unknown[]])[]): string {
  return `(select ${columns.map(([name, type]) => `unnest((select ?::${type}[])) as ${name}`).join(", ")})`;
}

/** Where arrays are written before they are cut to their size; it grows to the largest that there was. */
let scratch = new DataView(new ArrayBuffer(1 << 16));
let bytes = Buffer.from(scratch.buffer);

function makeRoom(size: number): void {
  if (size <= scratch.byteLength) return;
  const grown = Buffer.alloc(2 * size);
  bytes.copy(grown);
  scratch = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
  bytes = grown;
}

/** Writes one value behind `at` and returns its length. */
type Writer = (at: number, value: NonNullable<Plain>) => number;

const writers: Readonly<Record<ArrayType, Writer>> = {
  boolean(at, value) {
    scratch.setInt8(at, value === true ? 1 : 0);
    return 1;
  },
  bigint(at, value) {
    const amount = value as bigint;
    if (BigInt.asIntN(64, amount) !== amount) throw new RangeError(`no bigint column could keep ${amount}`);
    scratch.setBigInt64(at, amount);
    return 8;
  },
  smallint(at, value) {
    scratch.setInt16(at, value as number);
    return 2;
  },
  integer(at, value) {
    scratch.setInt32(at, value as number);
    return 4;
  },
  date(at, value) {
    scratch.setInt32(at, daysSince2000(value as string));
    return 4;
  },
  tid(at, value) {
    const [block, offset] = tidOf(value as string);
    scratch.setUint32(at, block);
    scratch.setUint16(at + 4, offset);
    return 6;
  },
  text(at, value) {
    const text = value as string;
    makeRoom(at + 3 * text.length);
    return bytes.write(text, at);
  },
};

/** `(12,3)`: the third row of block twelve. */
function tidOf(text: string): [block: number, offset: number] {
  const comma = text.indexOf(",");
  return [Number(text.slice(1, comma)), Number(text.slice(comma + 1, -1))];
}

const firstOf2000 = parseDay("2000-01-01");
let lastDay = { text: "2000-01-01", days: 0 };

/** Rows that stand together are mostly of one day. */
function daysSince2000(text: string): number {
  if (text !== lastDay.text) lastDay = { text, days: parseDay(text) - firstOf2000 };
  return lastDay.days;
}

/**
 * The column of rows, as an array.
 *
 * @param value of a row: bigint for `bigint`, number for `integer` and `smallint`, `YYYY-MM-DD` for `date`, `(12,3)` for `tid`
 * @returns `{}` for a column of nothing but nulls: `unnest` fills up shorter arrays
 */
export function arrayBytes<T>(
  type: ArrayType,
  rows: readonly T[],
  value: (row: T, index: number) => Plain,
): Buffer | string {
  const write = writers[type];
  let at = headBytes;
  let nulls = 0;
  for (let i = 0; i < rows.length; i++) {
    makeRoom(at + lengthBytes + 8);
    const given = value(rows[i]!, i);
    if (given === null || given === undefined) {
      nulls++;
      scratch.setInt32(at, -1);
      at += lengthBytes;
      continue;
    }
    const size = write(at + lengthBytes, given);
    scratch.setInt32(at, size);
    at += lengthBytes + size;
  }
  if (nulls === rows.length) return "{}";
  scratch.setInt32(0, 1);
  scratch.setInt32(4, nulls === 0 ? 0 : 1);
  scratch.setInt32(8, oids[type]);
  scratch.setInt32(12, rows.length);
  scratch.setInt32(16, 1);
  return Buffer.from(bytes.subarray(0, at));
}
