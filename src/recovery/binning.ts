/**
 * Values in bins: the form in which the account score sees every column. Bin 0 is "missing" (or a category that the
 * history does not know); the others stand in the order of the values, or one for each category.
 */
export const missingBin = 0;

/**
 * Bounds between bins that hold about as many rows each: bin k holds the values above bound k - 2 and up to bound
 * k - 1. A value that many rows share stays whole, so there may be fewer bins than asked for.
 *
 * @param values NaN where missing; infinite values are taken as missing
 * @param most   bins wanted, 2 to 254
 * @returns ascending bounds, none where there are fewer than two different values
 */
export function quantileBounds(values: Float64Array, most: number): Float64Array {
  const sorted = values.filter(Number.isFinite).sort();
  const bounds: number[] = [];
  const rowsEach = sorted.length / most;
  let wanted = rowsEach;
  for (let i = 0; i + 1 < sorted.length && bounds.length < most - 1; i++) {
    if (i + 1 < wanted || sorted[i]! === sorted[i + 1]!) continue;
    bounds.push(boundBetween(sorted[i]!, sorted[i + 1]!));
    wanted = i + 1 + Math.max(rowsEach, (sorted.length - i - 1) / (most - bounds.length));
  }
  return Float64Array.from(bounds);
}

/** The middle of two values; the lower of them where no number lies between. */
function boundBetween(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

/** The bin of every value among bounds: 0 missing, else 1 + the number of bounds below the value. */
export function binOf(values: Float64Array, bounds: Float64Array): Uint8Array {
  const bins = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[middle]! < value) low = middle + 1;
      else high = middle;
    }
    bins[i] = low + 1;
  }
  return bins;
}
