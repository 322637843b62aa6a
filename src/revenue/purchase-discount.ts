import { Refusal } from "../../models/refusal.js";
import { irr } from "../cashflow/rate-of-return.js";

/** One period of an amortised purchase discount, in major units; an estimate until it is rounded. */
export interface DiscountPeriod {
  readonly balance: number;
  /** discount that the period earns */
  readonly amortisation: number;
}

/**
 * Amortises the discount of a purchase at its effective rate: so much is paid today, and equal payments come back, one at
 * the end of each period. What is earned in a period is the rate times the balance before it [S54].
 *
 * @param disbursed paid today, in major units, above zero
 * @param payment of each period, in major units
 * @param count of periods
 * @throws Refusal `rate_undefined` where the payments do not bring the purchase back
 */
export function amortisedDiscount(
  disbursed: number,
  payment: number,
  count: number,
): {
  readonly ratePerPeriod: number;
  readonly periods: readonly DiscountPeriod[];
} {
  const answer = irr(Float64Array.from({ length: count + 1 }, (_, i) => (i === 0 ? -disbursed : payment)));
  if (answer.rate === null) throw new Refusal("rate_undefined", answer.detail);
  const periods: DiscountPeriod[] = [];
  let balance = disbursed;
  for (let period = 0; period < count; period++) {
    const amortisation = balance * answer.rate;
    balance += amortisation - payment;
    periods.push({ balance, amortisation });
  }
  return { ratePerPeriod: answer.rate, periods };
}
