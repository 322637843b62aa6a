import { type Minor, minor } from "../money/money.js";

/** How US GAAP (ASC 326) shows a purchase of credit-impaired receivables on its first day. */
export interface PurchaseGrossUp {
  readonly priceMinor: Minor;
  /** credit losses that the price has in it: amortized cost less price */
  readonly allowanceMinor: Minor;
  readonly amortizedCostMinor: Minor;
  /** the rest of the discount: face less amortized cost */
  readonly noncreditDiscountMinor: Minor;
  readonly faceMinor: Minor;
  /** amortized cost and noncredit discount are written off at once, for the debts are charged off */
  readonly writtenOffMinor: Minor;
  /** recoveries that are expected: the negative allowance, equal to the price */
  readonly negativeAllowanceMinor: Minor;
}

/**
 * price + allowance = amortized cost; amortized cost + noncredit discount = face; all of the face is written off at
 * once, and a negative allowance of the price is set up in its place.
 * @throws RangeError when the amortized cost is below the price or above the face
 */
export function grossUp(purchase: { priceMinor: Minor; amortizedCostMinor: Minor; faceMinor: Minor }): PurchaseGrossUp {
  const { priceMinor, amortizedCostMinor, faceMinor } = purchase;
  if (amortizedCostMinor < priceMinor || amortizedCostMinor > faceMinor) {
    throw new RangeError(`an amortized cost of ${amortizedCostMinor} between ${priceMinor} and ${faceMinor}`);
  }
  return {
    priceMinor,
    allowanceMinor: minor(amortizedCostMinor - priceMinor),
    amortizedCostMinor,
    noncreditDiscountMinor: minor(faceMinor - amortizedCostMinor),
    faceMinor,
    writtenOffMinor: minor(-faceMinor),
    negativeAllowanceMinor: priceMinor,
  };
}

/**
 * The amortized cost by discounting: the face at the rate of the purchase, in the shape in which the collections are
 * expected, which is face x price / expected collections. (Encore's tables agree: their face over amortized cost is
 * their multiple of price.) Not below the price, not above the face; rounded down.
 */
export function discountedFace(purchase: { priceMinor: Minor; expectedMinor: Minor; faceMinor: Minor }): Minor {
  const { priceMinor, expectedMinor, faceMinor } = purchase;
  if (expectedMinor >= faceMinor || expectedMinor <= 0n) return priceMinor < faceMinor ? priceMinor : faceMinor;
  const discounted = (faceMinor * priceMinor) / expectedMinor;
  return minor(discounted > faceMinor ? faceMinor : discounted);
}
