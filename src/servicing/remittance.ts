import { type Minor, minor } from "../money/money.js";

/** One collection on a remittance statement, with the commission on it. A returned payment is below zero, and so its fee. */
export interface RemittedReceipt {
  /** `direct`: the debtor paid the owner itself */
  readonly channel: "agency" | "direct";
  readonly amountMinor: Minor;
  readonly feeMinor: Minor;
}

export interface Remittance {
  readonly grossMinor: Minor;
  readonly byAgencyMinor: Minor;
  readonly paidDirectMinor: Minor;
  readonly reversalsMinor: Minor;
  readonly feeMinor: Minor;
  readonly costsMinor: Minor;
  readonly netBackMinor: Minor;
  /** what the agency pays over; below zero the owner owes it */
  readonly remittedMinor: Minor;
  /** what the agency bills beside it */
  readonly invoiceMinor: Minor;
}

/**
 * What an agency owes for a period. Net: it keeps its commission, also on what debtors paid the owner directly, and the
 * costs it laid out; gross: it sends all that it collected and bills both. What the owner keeps is the same [S55].
 */
export function remittance(
  receipts: readonly RemittedReceipt[],
  how: { mode: "net" | "gross"; costsMinor: Minor },
): Remittance {
  let [byAgency, paidDirect, reversals, fee] = [0n, 0n, 0n, 0n];
  for (const { channel, amountMinor, feeMinor } of receipts) {
    if (channel === "agency") byAgency += amountMinor;
    else paidDirect += amountMinor;
    if (amountMinor < 0n) reversals += amountMinor;
    fee += feeMinor;
  }
  const due = fee + how.costsMinor;
  return {
    grossMinor: minor(byAgency + paidDirect),
    byAgencyMinor: minor(byAgency),
    paidDirectMinor: minor(paidDirect),
    reversalsMinor: minor(reversals),
    feeMinor: minor(fee),
    costsMinor: how.costsMinor,
    netBackMinor: minor(byAgency + paidDirect - due),
    remittedMinor: minor(how.mode === "net" ? byAgency - due : byAgency),
    invoiceMinor: minor(how.mode === "net" ? 0n : due),
  };
}
