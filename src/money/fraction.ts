import { type Minor, minor, rate } from "./money.js";

/**
 * An exact share: a quotient of two whole numbers. A fee of 1 % for every 15 days taken by the day has no finite decimal
 * (0.01 / 15), and a curve of fees multiplies a hundred amounts by a hundred of them: this is exact and quick.
 */
export interface Fraction {
  readonly numerator: bigint;
  /** above zero */
  readonly denominator: bigint;
}

export const noShare: Fraction = { numerator: 0n, denominator: 1n };

/** The fraction of a decimal rate: "0.035" is 35 / 1000. Throws `assumption_out_of_range` when it is not a decimal. */
export function fraction(text: string): Fraction {
  rate(text);
  const [whole = "0", decimals = ""] = text.split(".");
  // "-0.5" is read as "-05", and so as -5: the sign needs no care
  return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
  return { numerator, denominator: a.denominator * b.denominator };
}

/** So many times the share: a count of blocks, or of days over a divisor (`days / 360`). */
export function times(share: Fraction, count: number, divisor = 1): Fraction {
  return { numerator: share.numerator * BigInt(count), denominator: share.denominator * BigInt(divisor) };
}

/** The one share of the other. */
export function product(a: Fraction, b: Fraction): Fraction {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** The one less the other. */
export function less(a: Fraction, b: Fraction): Fraction {
  return plus(a, times(b, -1));
}

/** An amount as a whole number of minor units, so that a sum of shares of it is rounded once and at the end. */
export function exactly(amount: Minor): Fraction {
  return { numerator: amount, denominator: 1n };
}

/** amount x share, rounded once to a whole minor unit, a half away from zero. */
export function shareOf(amount: Minor, share: Fraction): Minor {
  return minor(rounded(amount * share.numerator, share.denominator));
}

/** The quotient as a whole number, a half away from zero. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  // (d >> 1) short of the next whole is the half or more, for an even and an odd denominator alike
  const whole = (size + (denominator >> 1n)) / denominator;
  return numerator < 0n ? -whole : whole;
}

/** Which of two shares is the greater: negative, zero or positive as a is below, at or above b. */
export function compareShares(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The share as a decimal string with exactly so many decimals, a half away from zero. */
export function shareText(share: Fraction, decimals: number): string {
  const scaled = rounded(10n ** BigInt(decimals) * share.numerator, share.denominator);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, "0");
  const sign = scaled < 0n ? "-" : "";
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The share as the shortest decimal that has it exactly, or with twelve decimals where it has no end. */
export function plainShare(share: Fraction): string {
  return shareText(share, 12).replace(/\.?0+$/, "");
}
