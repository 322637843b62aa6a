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
  return minor(principal + interest + fees + court_costs);
}

export function addParts(a: ClaimParts, b: ClaimParts): ClaimParts {
  return {
    principal: minor(a.principal + b.principal),
    interest: minor(a.interest + b.interest),
    fees: minor(a.fees + b.fees),
    court_costs: minor(a.court_costs + b.court_costs),
  };
}

export function negateParts({ principal, interest, fees, court_costs }: ClaimParts): ClaimParts {
  return {
    principal: minor(-principal),
    interest: minor(-interest),
    fees: minor(-fees),
    court_costs: minor(-court_costs),
  };
}

/** An amount that is all of one component. */
export function onePart(component: ClaimComponent, amountMinor: Minor): ClaimParts {
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
    return { parts: onePart("principal", taken), restMinor: minor(amountMinor - taken) };
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
