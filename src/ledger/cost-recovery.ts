import { lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";

/** What the investment in a portfolio has come to: what it cost, less what went back to the seller, and what came in. */
export interface Investment {
  /** price, less the cost of receivables put back, in minor units, not negative */
  readonly costMinor: Minor;
  /** gross collections, less returned payments, in minor units */
  readonly collectedMinor: Minor;
}

/**
 * The cost that collections have recovered under the cost-recovery method: all of what comes in, until the cost is
 * back; everything after it is income. It depends on the totals alone, not on the order in which payments came, so a
 * payment that is returned later leaves the same books as one that never came.
 */
export function recoveredCost({ costMinor, collectedMinor }: Investment): Minor {
  return collectedMinor > 0n ? lesserMinor(collectedMinor, costMinor) : zeroMinor;
}

/** What the books still carry the portfolio at. */
export function carryingAmount(investment: Investment): Minor {
  return minor(investment.costMinor - recoveredCost(investment));
}

/** The cost that one more collection recovers; negative for a returned one, which may bring cost back. */
export function costRelief(investment: Investment, collectionMinor: Minor): Minor {
  const after = { ...investment, collectedMinor: minor(investment.collectedMinor + collectionMinor) };
  return minor(recoveredCost(after) - recoveredCost(investment));
}

/**
 * The cost that a refund for put-backs takes out of the books: the refund, as far as the portfolio is still carried at
 * so much. What a refund brings over the carrying amount is income.
 */
export function refundRelief(investment: Investment, refundMinor: Minor): Minor {
  return lesserMinor(refundMinor, carryingAmount(investment));
}
