import { childId } from "../../models/record-id.js";
import type { Segmentation } from "../../models/strategy.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { minor, minorToEstimate } from "../money/money.js";
import { ageMonths as agesOnTape } from "../portfolio/age.js";
import { segmentsOf } from "../portfolio/segment.js";
import { monthsPerObservation } from "../recovery/collection-curve.js";
import { type Growth, growthAt } from "../recovery/growth.js";
import type { SegmentExperience } from "../recovery/segment-relativity.js";
import { readCollectedByReceivable, readCollectedByStretch } from "../store/collected.js";
import { findPurchaseOf } from "../store/purchase.js";
import { findQuote, readSnapshot } from "../store/quote.js";
import type { Tx } from "../store/transaction.js";
import { ageMonths } from "./collected-portfolios.js";
import { valueAgain } from "./price-again.js";

export interface Segmented extends SegmentExperience {
  readonly keys: readonly string[];
}

/**
 * What the segments of a bought portfolio brought in by quarters since the closing, beside what the quote expected of
 * them, spread by a curve over its horizon. Receivables that were put back or sold on are in neither.
 */
export async function readSegmentExperience(
  tx: Tx,
  of: { portfolioId: string; by: Segmentation; asOf: Day; growth: Growth },
): Promise<Segmented> {
  const { portfolioId, by, asOf, growth } = of;
  const purchase = await findPurchaseOf(tx, portfolioId);
  const { as_of: pricedOn } = await readSnapshot(tx, purchase);
  const { columns, valuation } = await valueAgain(
    tx,
    await findQuote(tx, childId("qt", portfolioId, purchase.quoteNo)),
  );
  const { keys, codes } = segmentsOf(columns, agesOnTape(columns, parseDay(pricedOn)))[by];
  const reads = { portfolioId, closingOn: purchase.closingOn, asOf: formatDay(asOf), months: monthsPerObservation };
  const expectedOf = new Float64Array(keys.length);
  for (const { receivableNo, isGone } of await readCollectedByReceivable(tx, portfolioId, reads.asOf)) {
    if (!isGone) expectedOf[codes[receivableNo - 1]!]! += valuation.expectedGross[receivableNo - 1]!;
  }
  const horizon = valuation.document.forecast.horizon_months;
  const age = Math.min(ageMonths(parseDay(purchase.closingOn), asOf), horizon);
  const stretches = Math.ceil(age / monthsPerObservation);
  const whole = growthAt(growth, horizon);
  const expected: Float64Array[] = [];
  const actual: Float64Array[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const [from, to] = [stretch * monthsPerObservation, Math.min((stretch + 1) * monthsPerObservation, age)];
    const due = (growthAt(growth, to) - growthAt(growth, from)) / whole;
    expected.push(expectedOf.map((amount) => amount * due));
    actual.push(new Float64Array(keys.length));
  }
  for (const { receivableNo, stretch, collectedMinor } of await readCollectedByStretch(tx, reads)) {
    const row = actual[stretch];
    if (row !== undefined) row[codes[receivableNo - 1]!]! += minorToEstimate(minor(collectedMinor), purchase.currency);
  }
  return { keys, expected, actual };
}
