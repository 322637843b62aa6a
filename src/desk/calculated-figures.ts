import { exactly, type Fraction, fraction, shareText } from "../money/fraction.js";
import { formatMinor, type Minor, minor, minorPerUnit, parseMinor, ratio, zeroMinor } from "../money/money.js";

/** Reads and shows the figures of one calculation, all in one currency. */
export interface Figures {
  read(text: string): Minor;
  /** reads a figure that may be left out: zero then */
  readOr(text: string | undefined): Minor;
  show(amount: Minor): string;
  /** shows an amount with so many decimals, rounded half up */
  showTo(amount: Minor, places: number): string;
  /** shows an exact number of minor units with so many decimals, or those of the currency, rounded half up */
  showExact(amount: Fraction, places?: number): string;
}

export function figuresIn(currency: string): Figures {
  const read = (text: string) => parseMinor(text, currency);
  const units = BigInt(minorPerUnit(currency));
  const showExact = ({ numerator, denominator }: Fraction, places = String(units).length - 1) =>
    shareText({ numerator, denominator: denominator * units }, places);
  return {
    read,
    readOr: (text) => (text === undefined ? zeroMinor : read(text)),
    show: (amount) => formatMinor(amount, currency),
    showTo: (amount, places) => showExact(exactly(amount), places),
    showExact,
  };
}

/** part over whole as a percentage, or null over nothing. */
export function percentage(part: Minor, whole: Minor, decimals = 2): string | null {
  return whole === 0n ? null : ratio(minor(part * 100n), whole, decimals, "half_up");
}

/** A rate that may be left out: zero then. */
export function rateOr(text: string | undefined): Fraction {
  return fraction(text ?? "0");
}
