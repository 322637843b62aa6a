import { Decimal } from "decimal.js";
import { currencyExponent } from "../../models/currency.js";
import { Refusal } from "../../models/refusal.js";

declare const minorBrand: unique symbol;

/**
 * An exact amount in the minor units of a currency that stands on its container (cents of USD, yen, fils of KWD).
 * A branded bigint: TypeScript refuses to add it to a float. Bounds: those of a PostgreSQL bigint.
 */
export type Minor = bigint & { readonly [minorBrand]: "minor units" };

export const maxMinor = (2n ** 63n - 1n) as Minor;
export const zeroMinor = 0n as Minor;

/** The bigint as money. Throws `amount_out_of_range` beyond ±(2^63 - 1), which no column could keep. */
export function minor(value: bigint): Minor {
  if (value > maxMinor || value < -maxMinor) {
    throw new Refusal("amount_out_of_range", `${value} minor units; at most ${maxMinor} either way`);
  }
  return value as Minor;
}

export function sumMinor(values: Iterable<Minor>): Minor {
  let total = 0n;
  for (const value of values) total += value;
  return minor(total);
}

/** The lesser of two amounts (Math.min takes no bigint). */
export function lesserMinor(a: Minor, b: Minor): Minor {
  return a < b ? a : b;
}

const decimalText = /^(-)?(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * Reads a plain decimal string (`"1250.00"`, `"-3"`, `"0.5000"`) as minor units of the currency.
 * Trailing zeros beyond the exponent are harmless; any other digit there is refused (`amount_invalid`), never rounded.
 * The refusal has the text as the value of an item without a place: who knows the request says where it stands.
 */
export function parseMinor(text: string, currency: string): Minor {
  const match = decimalText.exec(text);
  const shown = `"${text.slice(0, 40)}"`;
  const refuse = (code: "amount_invalid" | "amount_out_of_range", words: string): Refusal => {
    const detail = `${shown} ${words}`;
    return new Refusal(code, detail, [{ pointer: "", code, detail, value: text.slice(0, 40) }]);
  };
  if (!match) throw refuse("amount_invalid", "is not a decimal amount");
  const exponent = currencyExponent(currency);
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > exponent) {
    throw refuse("amount_invalid", `has more than ${exponent} decimals (${currency})`);
  }
  const units = BigInt(match[2] + fraction.padEnd(exponent, "0"));
  if (units > maxMinor)
    throw refuse("amount_out_of_range", `is more than ${formatMinor(maxMinor, currency)} ${currency}`);
  return minor(match[1] ? -units : units);
}

/** Minor units as a decimal string with exactly the currency's decimals: 125000 USD -> "1250.00", 500 JPY -> "500". */
export function formatMinor(value: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = (value < 0n ? -value : value).toString().padStart(exponent + 1, "0");
  const sign = value < 0n ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** The same for people: thousands separated by commas. */
export function displayMinor(value: bigint, currency: string): string {
  const [whole, fraction] = formatMinor(value, currency).split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export type Rounding = "down" | "up" | "half_up" | "half_even";

const decimalRounding: Readonly<Record<Rounding, Decimal.Rounding>> = {
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
  half_up: Decimal.ROUND_HALF_UP,
  half_even: Decimal.ROUND_HALF_EVEN,
};

const Wide = Decimal.clone({ precision: 60, toExpNeg: -30, toExpPos: 60 });

/**
 * A rate (fee, discount, share) opened from its decimal string, as a fraction: "0.2" is 20 %.
 * Throws `assumption_out_of_range` when it is not a finite decimal.
 */
export function rate(text: string): Decimal {
  if (!/^-?\d{1,20}(\.\d{1,30})?$/.test(text)) {
    throw new Refusal("assumption_out_of_range", `"${text.slice(0, 40)}" is not a decimal rate`);
  }
  return new Wide(text);
}

/** amount x rate, rounded once, exactly: no float takes part. The rounding mode has no default on purpose. */
export function timesRate(amount: Minor, by: Decimal | string, rounding: Rounding): Minor {
  const factor = typeof by === "string" ? rate(by) : by;
  const product = new Wide(amount.toString()).times(factor);
  return minor(BigInt(product.toDecimalPlaces(0, decimalRounding[rounding]).toFixed(0)));
}

/** amount / divisor as an exact-as-needed decimal rate with the given number of decimals. */
export function ratio(part: Minor, whole: Minor, decimals: number, rounding: Rounding): string {
  if (whole === 0n) throw new RangeError("a ratio over zero");
  return new Wide(part.toString())
    .div(whole.toString())
    .toDecimalPlaces(decimals, decimalRounding[rounding])
    .toFixed(decimals);
}

/**
 * The bridge from an estimate (a float, in major units: dollars) to money. The only way a forecast becomes a price.
 * Throws `amount_out_of_range` when the estimate is not finite or too large.
 */
export function estimateToMinor(major: number, currency: string, rounding: Rounding): Minor {
  if (!Number.isFinite(major)) throw new Refusal("amount_out_of_range", `an estimate of ${major} is no amount`);
  // 15 significant digits: what a double holds for certain. Without this 0.29 * 100 = 28.999999999999996 rounds down to 28.
  const shown = new Wide(major.toPrecision(15)).times(new Wide(10).pow(currencyExponent(currency)));
  return minor(BigInt(shown.toDecimalPlaces(0, decimalRounding[rounding]).toFixed(0)));
}

/** How many minor units a major unit has: 100 for USD, 1 for JPY, 1000 for KWD. */
export function minorPerUnit(currency: string): number {
  return 10 ** currencyExponent(currency);
}

/** The bridge from money to an estimate, in major units. Exact up to 2^53 minor units, rounded beyond. */
export function minorToEstimate(value: bigint, currency: string): number {
  return Number(value) / 10 ** currencyExponent(currency);
}
