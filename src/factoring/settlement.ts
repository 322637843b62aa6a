import { type Fraction, shareOf } from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";

/** What is paid for an invoice, and what is held back of it: the two make its face. */
export interface Advance {
  readonly faceMinor: Minor;
  readonly advanceMinor: Minor;
  readonly reserveMinor: Minor;
}

/** The advance on an invoice, rounded half up; the rest of the face is the reserve. */
export function advanceOn(faceMinor: Minor, advanceRate: Fraction): Advance {
  const advanceMinor = shareOf(faceMinor, advanceRate);
  return { faceMinor, advanceMinor, reserveMinor: minor(faceMinor - advanceMinor) };
}

/** How an invoice comes to its end. */
export interface Settlement {
  /** what the debtor did not pay; less than zero where it paid too much */
  readonly shortfallMinor: Minor;
  /** what the business gets of the reserve; below zero it owes the factor */
  readonly releaseMinor: Minor;
  /** what the business owes when the invoice goes back: advance - collected + fees; not below zero */
  readonly chargebackMinor: Minor;
}

/**
 * Settles an invoice: release = collected - advance - fees not yet taken. So what the debtor did not pay comes out of
 * the reserve before anything is released, and a release below zero is owed by the business.
 *
 * @param feesMinor fees and interest by the day of settlement, in all
 * @param takenMinor the part of them that was taken out of the advance
 */
export function settlement(of: Advance & { collectedMinor: Minor; feesMinor: Minor; takenMinor: Minor }): Settlement {
  const releaseMinor = minor(of.collectedMinor - of.advanceMinor - (of.feesMinor - of.takenMinor));
  return {
    shortfallMinor: minor(of.faceMinor - of.collectedMinor),
    releaseMinor,
    chargebackMinor: minor(releaseMinor < 0n ? -releaseMinor : 0n),
  };
}
