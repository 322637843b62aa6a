import type { AgeingBucket } from "../../models/clearing.js";
import type { AccountCode } from "../../seeds/chart-of-accounts.js";

/** Whose the items of a clearing account are: each agency's and each receivable's are matched among themselves. */
export type Counterparty = "agency" | "seller" | "receivable" | "none";

/** Accounts that money passes through, and that have to be explained: what lies in them waits for somebody. */
export const clearingAccounts: ReadonlyMap<string, Counterparty> = new Map<AccountCode, Counterparty>([
  ["1100", "agency"],
  ["1150", "seller"],
  ["1160", "seller"],
  ["1170", "seller"],
  ["1300", "receivable"],
  ["1900", "none"],
  ["1950", "none"],
  ["2000", "agency"],
  ["2050", "agency"],
  ["2100", "receivable"],
  ["2110", "none"],
  ["2400", "seller"],
]);

/** The bucket of an age in days; what lies in the future counts as new. */
export function ageingBucket(ageDays: number): AgeingBucket {
  if (ageDays <= 30) return "0-30";
  if (ageDays <= 60) return "31-60";
  return ageDays <= 90 ? "61-90" : "over 90";
}
