import { currencyExponent } from "../../models/currency.js";
import type { FindingCode } from "../../models/finding.js";
import { mostMinorDigits } from "./typing.js";

/** Why a text that failed to become money failed: it is no amount, it is too fine for the currency, or too large. */
export function amountFault(text: string, currency: string, decimalMark: "." | ","): FindingCode {
  const swapped = decimalMark === "," ? text.replace(/[.,]/g, (mark) => (mark === "." ? "," : ".")) : text;
  const plain = swapped.replace(currency, "").replace(/[$€£¥\s'()+-]/gu, "");
  const match = /^(\d[\d,]*)?(?:\.(\d*))?$/.exec(plain);
  if (match === null || plain === "" || plain === ".") return "amount_invalid";
  const whole = match[1] ?? "";
  if (whole.includes(",") && !/^\d{1,3}(,\d{3})+$/.test(whole)) return "amount_invalid";
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  const exponent = currencyExponent(currency);
  if (fraction.length > exponent) return "amount_over_precise";
  const digits = whole.replaceAll(",", "").replace(/^0+/, "").length + exponent;
  return digits > mostMinorDigits ? "amount_out_of_range" : "amount_invalid";
}
