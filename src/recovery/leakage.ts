import type { History } from "./score-history.js";
import type { Term } from "./score-terms.js";
import { areaUnderCurve } from "./score-validation.js";

/** No column known at the charge-off tells payers from the others as well as this. */
const tooGood = 0.9;
/** Chance that a group of accounts all paid by luck, below which it is none. */
const luck = 1e-9;
const fewestRows = 100;

/**
 * Why a column behaves like a part of the outcome, or undefined.
 *
 * Two signs: by itself it parts payers from the others better than anything that was known beforehand can; or in one
 * of its bins every single account paid, and too many of them for luck (a date of settlement that only payers have).
 * Exposure is not looked at: it does decide, by right.
 */
export function leakageOf(term: Term, history: History): string | undefined {
  const { any } = history;
  if (any.length < fewestRows) return undefined;
  const paid = new Float64Array(term.binCount);
  const rows = new Float64Array(term.binCount);
  for (let k = 0; k < any.length; k++) {
    rows[term.bins[k]!]!++;
    paid[term.bins[k]!]! += any[k]!;
  }
  const base = any.reduce((sum, each) => sum + each, 0) / any.length;
  const score = Float64Array.from(term.bins, (bin) => (paid[bin]! + base) / (rows[bin]! + 1));
  const area = areaUnderCurve(any, score);
  if (area > tooGood) return `by itself it tells who paid with an area under the curve of ${area.toFixed(3)}`;
  const pure = rows.findIndex((count, bin) => count > 0 && paid[bin] === count && base ** count < luck);
  return pure < 0 ? undefined : `all ${rows[pure]} accounts of one of its values paid`;
}
