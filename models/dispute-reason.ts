/**
 * Why a debtor pays short: X12 element 426, the codes that occur in trade receivables. Source: stedi.com, X12 004010,
 * element 426 [S69].
 */
// biome-ignore format: a table
export const reasonCodes = [
  "01", "02", "03", "04", "05", "06", "07", "08", "09", "11", "12", "17", "18", "19", "20", "24", "25", "26", "29", "30",
  "38", "41", "42", "43", "44", "48", "50", "51", "52", "53", "54", "55", "56", "57", "59", "60", "61", "62", "63",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];
