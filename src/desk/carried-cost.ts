import { carryingAmount, costRelief, type Investment } from "../ledger/cost-recovery.js";
import { lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import type { Book } from "./portfolio-book.js";

/** Puts cost back on the books, and gives what collections that had been income recover of it at once. */
export function restoreCost(book: Book, costMinor: Minor): Minor {
  return caughtUp(book, minor(book.investment.costMinor + costMinor));
}

/**
 * Takes cost out of the books that an act had put back on them: so much as there still is. What collections had recovered of
 * it is income again: a recovery of less than nothing.
 */
export function removeCost(book: Book, costMinor: Minor): { costMinor: Minor; caughtUpMinor: Minor } {
  const goneMinor = lesserMinor(costMinor, removableCost(book.investment));
  return { costMinor: goneMinor, caughtUpMinor: caughtUp(book, minor(book.investment.costMinor - goneMinor)) };
}

/** Under cost recovery all that is not recovered is carried, and what is recovered follows; under interest what is carried. */
export function removableCost(investment: Investment): Minor {
  const mostMinor = investment.method === "cost_recovery" ? investment.costMinor : carryingAmount(investment);
  return mostMinor > 0n ? mostMinor : zeroMinor;
}

/** Sets the cost, and returns what collections recover of it more (or less, where it is negative) than they had. */
export function caughtUp(book: Book, costMinor: Minor): Minor {
  const investment = { ...book.investment, costMinor };
  const caughtUpMinor = costRelief(investment, zeroMinor);
  book.investment = { ...investment, recoveredMinor: minor(investment.recoveredMinor + caughtUpMinor) };
  return caughtUpMinor;
}
