import { Refusal } from "../../models/refusal.js";
import type { Assumptions } from "../../models/strategy.js";
import type { BindingConstraint } from "../../models/valuation.js";
import { cumulative, npvMonthly } from "../cashflow/present-value.js";
import { irrMonthly } from "../cashflow/rate-of-return.js";
import { estimateToMinor, type Minor, minorToEstimate, parseMinor, zeroMinor } from "../money/money.js";

/** What the buyer asks for. */
export interface BidTerms {
  readonly currency: string;
  /** effective annual net internal rate of return (irr), above 0 */
  readonly targetIrr: number;
  /** net cash over price */
  readonly minMultiple: number | null;
  readonly maxPaybackMonths: number | null;
  readonly authorityLimit: Minor | null;
}

export function bidTerms(assumptions: Assumptions): BidTerms {
  const { currency, target_irr, min_multiple, max_payback_months, authority_limit } = assumptions;
  return {
    currency,
    targetIrr: target_irr,
    minMultiple: min_multiple,
    maxPaybackMonths: max_payback_months,
    authorityLimit: authority_limit === null ? null : parseMinor(authority_limit, currency),
  };
}

/** The price each condition would allow by itself, in major units and not rounded; null where it is not asked for. */
export interface PriceLimits {
  readonly target_irr: number;
  readonly min_multiple: number | null;
  readonly max_payback: number | null;
  readonly authority_limit: number | null;
}

export interface Price {
  readonly priceMinor: Minor;
  readonly limits: PriceLimits;
  readonly binding: BindingConstraint;
}

/**
 * The flow as it can be paid out: what a later month needs is held back from the months before it, without interest,
 * and what they cannot cover stands on the day of the purchase. The sum is the same.
 *
 * Court costs paid late would otherwise be discounted into a price above all the net cash there is, a flow that changes
 * sign twice would have two rates, and a higher target could give a higher price. A flow without a negative month after
 * the first day passes as it is.
 */
export function payableFlow(net: Float64Array): Float64Array {
  const payable = net.slice();
  for (let m = payable.length - 1; m > 0; m--) {
    if (payable[m]! >= 0) continue;
    payable[m - 1]! += payable[m]!;
    payable[m] = 0;
  }
  return payable;
}

/**
 * The highest price at which a net monthly flow (index 0 = the day of the purchase, price not in it) still meets
 * every condition, rounded down to the minor unit.
 *
 * - target irr: the present value of the flow, discounted month by month at the rate it will be checked at
 * - minimum multiple: all net cash over the multiple
 * - payback: what has come in, net, by the latest month allowed
 * - authority limit: as it stands
 *
 * All are asked of the flow as it can be paid out (`payableFlow`), and so is the rate that the price earns.
 * The lowest of them binds; of equals the one named first. No price is below zero.
 * @throws Refusal `assumption_out_of_range` when the target is not above 0
 */
export function highestPrice(net: Float64Array, terms: BidTerms): Price {
  if (!(terms.targetIrr > 0)) {
    throw new Refusal("assumption_out_of_range", `target_irr is ${terms.targetIrr}; it must be above 0`);
  }
  const payable = payableFlow(net);
  const running = cumulative(payable);
  const total = running.at(-1)!;
  const { minMultiple, maxPaybackMonths, authorityLimit } = terms;
  const limits: PriceLimits = {
    target_irr: npvMonthly(payable, terms.targetIrr),
    min_multiple: minMultiple === null ? null : total / minMultiple,
    max_payback: maxPaybackMonths === null ? null : running[Math.min(maxPaybackMonths, running.length - 1)]!,
    authority_limit: authorityLimit === null ? null : minorToEstimate(authorityLimit, terms.currency),
  };
  if (total <= 0) return { priceMinor: zeroMinor, limits, binding: "no_positive_net_cash" };
  let binding: keyof PriceLimits = "target_irr";
  for (const name of ["min_multiple", "max_payback", "authority_limit"] as const) {
    const limit = limits[name];
    if (limit !== null && limit < limits[binding]!) binding = name;
  }
  const priceMinor = estimateToMinor(Math.max(0, limits[binding]!), terms.currency, "down");
  return { priceMinor, limits, binding };
}

/** Price as an estimate in major units: the bridge back for rates and multiples. */
export function priceEstimate(price: Price, currency: string): number {
  return minorToEstimate(price.priceMinor, currency);
}

export interface Returns {
  readonly netIrr: number | null;
  /** why there is no rate; null where there is one */
  readonly netIrrReason: string | null;
  readonly paybackMonth: number | null;
}

/** What a price earns on a net monthly flow: the same flow that priced it. A price of zero earns no rate. */
export function returnsAt(net: Float64Array, price: number): Returns {
  if (price <= 0)
    return { netIrr: null, netIrrReason: "nothing is paid, so that there is no rate", paybackMonth: null };
  const flow = payableFlow(net);
  flow[0]! -= price;
  const running = cumulative(flow);
  // A price set by the payback cap is exactly back in its month; the last bits of the sums must not move it.
  const payback = running.findIndex((sum) => sum >= -1e-9 * price);
  const paybackMonth = payback === -1 ? null : payback;
  const answer = irrMonthly(flow);
  if (answer.rate === null) return { netIrr: null, netIrrReason: `${answer.reason}: ${answer.detail}`, paybackMonth };
  return { netIrr: answer.rate, netIrrReason: null, paybackMonth };
}
