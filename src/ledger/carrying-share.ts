import { allocate } from "../money/allocation.js";
import { type Minor, sumMinor } from "../money/money.js";

/**
 * The carrying amount of each receivable: its share of the portfolio's by allocated cost, by largest remainder, so that the
 * shares sum to the portfolio's to the minor unit. Where no cost was allocated to any of them, by head.
 *
 * @param carryingMinor what the books carry the portfolio at
 * @param costsMinor    allocated cost of each receivable that is owned, not negative; at least one where anything is carried
 */
export function carryingShares(carryingMinor: Minor, costsMinor: readonly Minor[]): Minor[] {
  const weighed = sumMinor(costsMinor) > 0n;
  return allocate(carryingMinor, weighed ? costsMinor : costsMinor.map(() => 1n));
}
