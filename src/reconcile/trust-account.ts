import { type Minor, minor, sumMinor } from "../money/money.js";

export interface TrustCheck {
  readonly adjustedBankMinor: Minor;
  readonly sellerLedgersMinor: Minor;
  /** names of ledgers below zero: somebody was paid with the money of others */
  readonly negative: readonly string[];
  readonly reconciled: boolean;
}

/**
 * The three-way check of a trust account: what the bank says, less what is on its way, is what the trust ledger says,
 * which is what is kept for all together. No one's own ledger may be below zero [S56].
 */
export function trustCheck(of: {
  bankMinor: Minor;
  inTransitMinor: Minor;
  outstandingMinor: Minor;
  ledgerMinor: Minor;
  ledgers: ReadonlyMap<string, Minor>;
}): TrustCheck {
  const adjustedBankMinor = minor(of.bankMinor + of.inTransitMinor - of.outstandingMinor);
  const sellerLedgersMinor = sumMinor(of.ledgers.values());
  const negative = [...of.ledgers].filter(([, balance]) => balance < 0n).map(([name]) => name);
  const reconciled =
    adjustedBankMinor === of.ledgerMinor && of.ledgerMinor === sellerLedgersMinor && negative.length === 0;
  return { adjustedBankMinor, sellerLedgersMinor, negative, reconciled };
}
