import { type Minor, minor } from "../money/money.js";

/** What a business books when it sells receivables to a factor (its own side, not the factor's). */
export interface SaleEntry {
  readonly cashMinor: Minor;
  readonly dueFromFactorMinor: Minor;
  readonly lossOnSaleMinor: Minor;
  readonly recourseLiabilityMinor: Minor;
  readonly accountsReceivableMinor: Minor;
}

/**
 * Dr cash, Dr due from factor, Dr loss; Cr accounts receivable, Cr recourse liability. The loss is the fee and what the
 * recourse is expected to cost: a liability adds to the loss, and does not come off the cash [S27]. (One printed answer
 * takes it off the cash [S59].)
 */
export function saleEntry(of: {
  faceMinor: Minor;
  feeMinor: Minor;
  retentionMinor: Minor;
  recourseLiabilityMinor: Minor;
}): SaleEntry {
  return {
    cashMinor: minor(of.faceMinor - of.feeMinor - of.retentionMinor),
    dueFromFactorMinor: of.retentionMinor,
    lossOnSaleMinor: minor(of.feeMinor + of.recourseLiabilityMinor),
    recourseLiabilityMinor: of.recourseLiabilityMinor,
    accountsReceivableMinor: of.faceMinor,
  };
}
