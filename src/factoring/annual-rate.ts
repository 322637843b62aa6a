/** apr: annual percentage rate. The cost of a transaction as a nominal yearly rate on the cash that was received. */
import { shareText } from "../money/fraction.js";
import type { Minor } from "../money/money.js";

/** One advance that is paid back at once. */
export interface SinglePayment {
  /** cash received: the advance less everything that is kept of it at funding */
  readonly financedMinor: Minor;
  /** everything that the transaction costs */
  readonly chargeMinor: Minor;
  /** days from the advance to the payment, 1 or more */
  readonly days: number;
}

/**
 * The estimated apr by Appendix J of Regulation Z, (b)(5)(vii): charge / financed x 365 / days. California (10 CCR 940) and New York (23 NYCRR
 * 600.3) ask for the same. Exact, rounded half up once.
 *
 * @returns a fraction with so many decimals (4 are two of a percentage), or null where nothing was received
 */
export function apr({ financedMinor, chargeMinor, days }: SinglePayment, decimals = 4): string | null {
  if (financedMinor <= 0n || days < 1) return null;
  return shareText({ numerator: chargeMinor * 365n, denominator: financedMinor * BigInt(days) }, decimals);
}

/** The same for a term of whole months, (b)(5)(vi): charge / financed x 12 / months. */
export function aprOfMonths(of: { financedMinor: Minor; chargeMinor: Minor; months: number }, decimals = 4): string {
  return shareText({ numerator: of.chargeMinor * 12n, denominator: of.financedMinor * BigInt(of.months) }, decimals);
}

/** The effective yearly rate: the same transaction done over and over for a year, gains put in again. An estimate. */
export function effectiveAnnualRate({ financedMinor, chargeMinor, days }: SinglePayment): number {
  const growth = 1 + Number(chargeMinor) / Number(financedMinor);
  return growth ** (365 / days) - 1;
}
