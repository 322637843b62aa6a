import { type Minor, minor } from "./money.js";

/**
 * Splits an amount over weights so that the parts sum to it exactly: the method of largest remainder (Hamilton).
 *
 * Each part is first rounded towards zero; the units left over go to the largest remainders, ties to the earlier part.
 * Runs in exact integers, O(n log n) in the worst case and O(n) when nothing is left over.
 *
 * @param total   minor units, of either sign
 * @param weights non-negative integers (minor units of face, say); at least one must be positive
 * @returns parts in the order of the weights; a part with weight 0 gets 0
 * @throws RangeError when a weight is negative or all are zero while the total is not
 * @example allocate(100n, [1n, 1n, 1n]) -> [34n, 33n, 33n]
 */
export function allocate(total: Minor, weights: BigInt64Array | readonly bigint[]): Minor[] {
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError(`a negative weight: ${weight}`);
    sum += weight;
  }
  if (sum === 0n) {
    if (total === 0n) return Array.from(weights, () => minor(0n));
    throw new RangeError("nothing to allocate over: every weight is zero");
  }
  const sign = total < 0n ? -1n : 1n;
  const amount = total * sign;
  const parts: Minor[] = new Array(weights.length);
  const remainders: bigint[] = new Array(weights.length);
  let given = 0n;
  for (let i = 0; i < weights.length; i++) {
    const product = amount * weights[i]!;
    const part = product / sum;
    parts[i] = part as Minor;
    remainders[i] = product - part * sum;
    given += part;
  }
  const left = Number(amount - given);
  if (left > 0) {
    const order = Array.from(remainders.keys()).filter((i) => remainders[i]! > 0n);
    order.sort((a, b) => (remainders[a]! === remainders[b]! ? a - b : remainders[a]! > remainders[b]! ? -1 : 1));
    for (let k = 0; k < left; k++) parts[order[k]!] = (parts[order[k]!]! + 1n) as Minor;
  }
  if (sign < 0n) for (let i = 0; i < parts.length; i++) parts[i] = -parts[i]! as Minor;
  return parts;
}
