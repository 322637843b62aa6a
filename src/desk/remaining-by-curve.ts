import { addPeriods, lastDay, type Period } from "../calendar/day.js";
import { estimateToMinor, type Minor } from "../money/money.js";
import { remainingOf } from "../recovery/collection-curve.js";
import type { ExpectedCollections } from "../revenue/expected-collections.js";
import type { Tx } from "../store/transaction.js";
import { ageMonths, readCollected } from "./collected-portfolios.js";
import { findCurveInUse } from "./curve-in-use.js";

/**
 * What a bought portfolio is still expected to bring after a month, by a curve: Benktander of its own cash to the end of
 * the month and of what its price had counted on, spread over the months to the end of the quote's horizon.
 *
 * @throws Refusal `not_found`, `conflict` for a curve that was retired, `effective_date_refused` before the purchase
 */
export async function remainingByCurve(
  tx: Tx,
  { portfolioId, month, curveId }: { portfolioId: string; month: Period; curveId: string },
): Promise<ExpectedCollections> {
  const { card } = await findCurveInUse(tx, curveId);
  const collected = await readCollected(tx, portfolioId, lastDay(month));
  const { closingOn, currency, heldShare, horizonMonths } = collected;
  const growth = { family: "gamma", shape: card.timing.shape, scale: card.timing.scale_years * 12 } as const;
  // What was underwritten for all of it: the part that is gone takes its share of what is still to come, once.
  const underwritten = heldShare > 0 ? collected.underwritten / heldShare : 0;
  const remaining = remainingOf({ ...collected, underwritten }, growth, heldShare);
  const amounts: Minor[] = [];
  let from = ageMonths(closingOn, lastDay(month));
  for (let at = addPeriods(month, 1); from < horizonMonths; at = addPeriods(at, 1)) {
    const to = ageMonths(closingOn, lastDay(at));
    amounts.push(estimateToMinor(remaining.between(from, to), currency, "half_even"));
    from = to;
  }
  return { firstMonth: addPeriods(month, 1), amounts };
}
