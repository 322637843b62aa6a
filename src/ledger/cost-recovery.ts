import type { CarryingMethod } from "../../models/portfolio.js";
import { lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";

/** What the investment in a portfolio has come to: what it cost, what came in, and how much of the cost that took off. */
export interface Investment {
  readonly method: CarryingMethod;
  /**
   * price, less the cost of what went back to the seller or was sold on, in minor units, not negative; under effective
   * interest with the revenue and the changes in expected recoveries that were added
   */
  readonly costMinor: Minor;
  /** gross collections, less returned payments and the court costs that they paid back, in minor units */
  readonly collectedMinor: Minor;
  /** what collections have taken off the cost so far: the balance of 4900 */
  readonly recoveredMinor: Minor;
}

/**
 * The cost that collections should have taken off by now. Under cost recovery: all of what comes in, until the cost is
 * back; everything after it is income. It depends on the totals alone, not on the order in which payments came, so a
 * payment that is returned later leaves the same books as one that never came. Under effective interest: all of it.
 */
function dueRecovery({ costMinor, collectedMinor }: Investment): Minor {
  return collectedMinor > 0n ? lesserMinor(collectedMinor, costMinor) : zeroMinor;
}

/** What the books still carry the portfolio at. */
export function carryingAmount({ costMinor, recoveredMinor }: Investment): Minor {
  return minor(costMinor - recoveredMinor);
}

/**
 * The cost that one more collection takes off; negative for a returned one, which may bring cost back. With 0 it is what is
 * still to be taken off after the cost itself has changed.
 */
export function costRelief(investment: Investment, collectionMinor: Minor): Minor {
  if (investment.method === "effective_interest") return collectionMinor;
  const collectedMinor = minor(investment.collectedMinor + collectionMinor);
  return minor(dueRecovery({ ...investment, collectedMinor }) - investment.recoveredMinor);
}

/** The investment after a collection that took so much cost off. */
export function afterCollection(
  investment: Investment,
  collection: { appliedMinor: Minor; costReliefMinor: Minor },
): Investment {
  return {
    ...investment,
    collectedMinor: minor(investment.collectedMinor + collection.appliedMinor),
    recoveredMinor: minor(investment.recoveredMinor + collection.costReliefMinor),
  };
}

/**
 * The cost that a refund for put-backs takes out of the books: the refund, as far as the portfolio is still carried at
 * so much. What a refund brings over the carrying amount is income.
 */
export function refundRelief(investment: Investment, refundMinor: Minor): Minor {
  const carried = carryingAmount(investment);
  return carried > 0n ? lesserMinor(refundMinor, carried) : zeroMinor;
}
