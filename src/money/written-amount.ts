const plain = /^-?\d+(\.\d+)?$/;
const grouped = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;

/**
 * Brings an amount as people write it down to a plain decimal: `$1,234.50`, `(12.34)` and `12.34-` (both negative),
 * `€ 5`. Commas must group thousands, and the decimals stand behind a point.
 *
 * @returns the plain decimal, or the text as it came where it is written in no such way
 * @example plainAmount("($1,234.50)") -> "-1234.50"
 */
export function plainAmount(text: string): string {
  if (plain.test(text)) return text;
  const bare = text
    .replace(/[$€£¥\s']/gu, "")
    .replace(/^\(([^()-]+)\)$/, "-$1")
    .replace(/^([^-]+)-$/, "-$1");
  if (plain.test(bare)) return bare;
  return grouped.test(bare) ? bare.replaceAll(",", "") : text;
}
