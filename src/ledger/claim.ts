import type { ClaimComponent } from "../../models/claim.js";
import type { AccountCode } from "../../seeds/chart-of-accounts.js";
import { lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";

/** An amount in the components of a claim, in minor units. */
export interface ClaimParts {
  readonly principal: Minor;
  readonly interest: Minor;
  readonly fees: Minor;
  readonly court_costs: Minor;
}

export const noParts: ClaimParts = {
  principal: zeroMinor,
  interest: zeroMinor,
  fees: zeroMinor,
  court_costs: zeroMinor,
};

/** The memorandum account of each component. */
export const claimAccount = {
  principal: "9000",
  interest: "9010",
  fees: "9020",
  court_costs: "9030",
} as const satisfies Readonly<Record<ClaimComponent, AccountCode>>;

export function sumParts({ principal, interest, fees, court_costs }: ClaimParts): Minor {
  return plus(plus(principal, interest), plus(fees, court_costs));
}

/** Most parts are zero: these are not added up. */
function plus(a: Minor, b: Minor): Minor {
  if (b === 0n) return a;
  return a === 0n ? b : minor(a + b);
}

export function addParts(a: ClaimParts, b: ClaimParts): ClaimParts {
  return {
    principal: plus(a.principal, b.principal),
    interest: plus(a.interest, b.interest),
    fees: plus(a.fees, b.fees),
    court_costs: plus(a.court_costs, b.court_costs),
  };
}

const negate = (amount: Minor): Minor => (amount === 0n ? amount : minor(-amount));

export function negateParts({ principal, interest, fees, court_costs }: ClaimParts): ClaimParts {
  return {
    principal: negate(principal),
    interest: negate(interest),
    fees: negate(fees),
    court_costs: negate(court_costs),
  };
}

/** An amount that is all of one component. */
export function onePart(component: ClaimComponent, amountMinor: Minor): ClaimParts {
  // most are principal; the same form of object everywhere is what makes them cheap
  if (component === "principal") {
    return { principal: amountMinor, interest: zeroMinor, fees: zeroMinor, court_costs: zeroMinor };
  }
  return { ...noParts, [component]: amountMinor };
}

/** What was taken, and what was left to take. */
export interface Taken {
  readonly parts: ClaimParts;
  readonly restMinor: Minor;
}

/**
 * Goes down the components in order and takes from each as much as there is, until the amount is used up. Components
 * below zero have nothing to take.
 */
export function takeInOrder(from: ClaimParts, amountMinor: Minor, order: readonly ClaimComponent[]): Taken {
  // most debts are principal and nothing else
  if (from.interest === 0n && from.fees === 0n && from.court_costs === 0n) {
    const taken = from.principal > 0n ? lesserMinor(from.principal, amountMinor) : zeroMinor;
    return {
      parts: onePart("principal", taken),
      restMinor: taken === amountMinor ? zeroMinor : minor(amountMinor - taken),
    };
  }
  const parts: Record<ClaimComponent, Minor> = { ...noParts };
  let left = amountMinor;
  for (const component of order) {
    if (from[component] <= 0n) continue;
    parts[component] = lesserMinor(from[component], left);
    left = minor(left - parts[component]);
  }
  return { parts, restMinor: left };
}
