import { AdditiveSum, type Term } from "./additive.js";

const leastPasses = 8;
/** Passes end when no log odds move by more than this: a chance of a half by a quarter of a percent. */
const settledBelow = 1e-2;

/**
 * How likely an invoice is disputed: a logistic sum of effects with shrinkage, learned from invoices that are settled,
 * of which it is known. Fitted by reweighting (each pass is one of `AdditiveSum` on the working response).
 *
 * @param labels by row: 1 disputed, 0 not, 2 not known (the row takes no part)
 */
export function fitDisputes(terms: readonly Term[], labels: Uint8Array): AdditiveSum {
  const rows = labels.length;
  const sum = new AdditiveSum(terms, rows, 0.5);
  const weights = new Float64Array(rows);
  const response = new Float64Array(rows);
  for (let pass = 0; pass < 100; pass++) {
    for (let i = 0; i < rows; i++) {
      const chance = chanceOf(sum.fitted[i]!);
      weights[i] = labels[i] === 2 ? 0 : Math.max(chance * (1 - chance), 1e-4);
      response[i] = labels[i] === 2 ? 0 : sum.fitted[i]! + (labels[i]! - chance) / weights[i]!;
    }
    if (sum.pass(response, weights, 1) < settledBelow && pass >= leastPasses) break;
  }
  return sum;
}

export function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
