import { currencyExponent } from "../../models/currency.js";
import { missing } from "../../models/tape.js";

/**
 * Columns of money: a million minor units in a BigInt64Array. Reading it as bigints makes a million objects; reading
 * its two 32-bit halves makes none and is exact all the same.
 */

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const lowWord = littleEndian ? 0 : 1;
const highWord = 1 - lowWord;
const missingHigh = Number(missing.money >> 32n) | 0;
/** Rows whose low halves can be summed in a double without loss: 2^20 x 2^32 < 2^53. */
const block = 2 ** 20;

function halves(values: BigInt64Array): { signed: Int32Array; unsigned: Uint32Array } {
  return {
    signed: new Int32Array(values.buffer, values.byteOffset, values.length * 2),
    unsigned: new Uint32Array(values.buffer, values.byteOffset, values.length * 2),
  };
}

/**
 * The whole column as estimates in major units; NaN where it is blank. Exact up to 2^53 minor units, rounded beyond.
 * The bridge of `minorToEstimate`, for a column.
 */
export function estimatesOf(values: BigInt64Array, currency: string): Float64Array {
  const { signed, unsigned } = halves(values);
  const unit = 10 ** currencyExponent(currency);
  const estimates = new Float64Array(values.length);
  for (let i = 0, word = 0; i < values.length; i++, word += 2) {
    const high = signed[word + highWord]!;
    const low = unsigned[word + lowWord]!;
    estimates[i] = high === missingHigh && low === 0 ? Number.NaN : (high * 4_294_967_296 + low) / unit;
  }
  return estimates;
}

export interface SumsByKey {
  /** rows by key */
  readonly counts: Float64Array;
  /** minor units by key, exact */
  readonly sums: bigint[];
  /** sums of the estimates by key, in the order of the rows; zeros where none were given */
  readonly estimates: Float64Array;
}

/**
 * Exact sums of a money column without blanks by key, for several ways to key its rows in one pass.
 *
 * @param keyings   for each way, the key of each row, 0 <= key < keyCount
 * @param only      where given, rows with another value than 0 in it are left out
 * @param estimates where given, summed by key beside the money
 * @returns the sums for each way, in the order given
 */
export function sumsByKeys(options: {
  values: BigInt64Array;
  keyings: readonly { readonly keys: Uint8Array; readonly keyCount: number }[];
  only?: Uint8Array | undefined;
  estimates?: Float64Array | undefined;
}): SumsByKey[] {
  const { values, keyings, only, estimates } = options;
  const { signed, unsigned } = halves(values);
  // All ways share one row of cells, each from its own offset on: a pass over the rows then has one simple inner loop.
  const keys = keyings.map((keying) => keying.keys);
  const offsets = Int32Array.from(keyings, (_, way) => keyings.slice(0, way).reduce((sum, k) => sum + k.keyCount, 0));
  const cells = keyings.reduce((sum, { keyCount }) => sum + keyCount, 0);
  const counts = new Float64Array(cells);
  const sums = new Array<bigint>(cells).fill(0n);
  const estimated = new Float64Array(cells);
  for (let from = 0; from < values.length; from += block) {
    const to = Math.min(from + block, values.length);
    const high = new Float64Array(cells);
    const low = new Float64Array(cells);
    for (let i = from; i < to; i++) {
      if (only !== undefined && only[i] !== 0) continue;
      const highHalf = signed[2 * i + highWord]!;
      const lowHalf = unsigned[2 * i + lowWord]!;
      const estimate = estimates === undefined ? 0 : estimates[i]!;
      for (let way = 0; way < offsets.length; way++) {
        const cell = offsets[way]! + keys[way]![i]!;
        counts[cell]!++;
        high[cell]! += highHalf;
        low[cell]! += lowHalf;
        estimated[cell]! += estimate;
      }
    }
    for (let cell = 0; cell < cells; cell++) sums[cell]! += BigInt(high[cell]!) * 4_294_967_296n + BigInt(low[cell]!);
  }
  return keyings.map(({ keyCount }, way) => {
    const [from, to] = [offsets[way]!, offsets[way]! + keyCount];
    return { counts: counts.slice(from, to), sums: sums.slice(from, to), estimates: estimated.slice(from, to) };
  });
}

/** The same for one way to key the rows. */
export function sumByKey(options: {
  values: BigInt64Array;
  keys: Uint8Array;
  keyCount: number;
  only?: Uint8Array | undefined;
  estimates?: Float64Array | undefined;
}): SumsByKey {
  return sumsByKeys({ ...options, keyings: [options] })[0]!;
}

/** Exact sum of the values of the column that are not blank. */
export function sumFilled(values: BigInt64Array): bigint {
  const { signed, unsigned } = halves(values);
  let sum = 0n;
  for (let from = 0; from < values.length; from += block) {
    const end = 2 * Math.min(from + block, values.length);
    let [high, low] = [0, 0];
    for (let word = 2 * from; word < end; word += 2) {
      const isBlank = signed[word + highWord] === missingHigh && unsigned[word + lowWord] === 0;
      high += isBlank ? 0 : signed[word + highWord]!;
      low += isBlank ? 0 : unsigned[word + lowWord]!;
    }
    sum += BigInt(high) * 4_294_967_296n + BigInt(low);
  }
  return sum;
}

/** How many values of the column are not blank. */
export function countFilled(values: BigInt64Array): number {
  // Most columns are filled throughout, which the search of typed arrays tells soonest.
  if (!values.includes(missing.money)) return values.length;
  const { signed, unsigned } = halves(values);
  let filled = 0;
  for (let word = 0; word < signed.length; word += 2) {
    if (signed[word + highWord] !== missingHigh || unsigned[word + lowWord] !== 0) filled++;
  }
  return filled;
}

/**
 * By row: how many of the bounds the value reaches.
 * @param bounds minor units, rising, below 2^53
 */
export function placesAmong(values: BigInt64Array, bounds: readonly number[]): Uint8Array {
  const { signed, unsigned } = halves(values);
  const places = new Uint8Array(values.length);
  for (let i = 0, word = 0; i < places.length; i++, word += 2) {
    const value = signed[word + highWord]! * 4_294_967_296 + unsigned[word + lowWord]!;
    let place = 0;
    while (place < bounds.length && value >= bounds[place]!) place++;
    places[i] = place;
  }
  return places;
}

/** Whether the value at a row is exactly zero. */
export function zeroTest(values: BigInt64Array): (row: number) => boolean {
  const { signed } = halves(values);
  return (row) => signed[2 * row] === 0 && signed[2 * row + 1] === 0;
}
