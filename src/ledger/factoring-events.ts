import { type Minor, minor } from "../money/money.js";
import { type EntryDraft, signedPosting } from "./entry-draft.js";

/** The builders of a factor's entries; see docs/FACTORING.md for a worked life of an invoice. */

export interface InvoicesPurchased {
  readonly netFundedMinor: Minor;
  readonly reserveMinor: Minor;
  /** first fee taken out of the advance: earned later */
  readonly feeTakenMinor: Minor;
  readonly chargesMinor: Minor;
}

/** Invoices come in at face: against cash paid, the reserve owed to the seller, and what was taken out of the advance. */
export function invoicesPurchased(of: InvoicesPurchased): EntryDraft {
  return {
    kind: "invoices_purchased",
    builderVersion: 1,
    postings: [
      ...signedPosting("1200", "1000", of.netFundedMinor),
      ...signedPosting("1200", "2200", of.reserveMinor),
      ...signedPosting("1200", "2300", of.feeTakenMinor),
      ...signedPosting("1200", "4620", of.chargesMinor),
    ],
  };
}

/** A fee is earned: first what was taken at funding, then out of the reserve. */
export function feeAccrued(of: { fromDeferredMinor: Minor; fromReserveMinor: Minor }): EntryDraft {
  return {
    kind: "factoring_fee_accrued",
    builderVersion: 1,
    postings: [
      ...signedPosting("2300", "4600", of.fromDeferredMinor),
      ...signedPosting("2200", "4600", of.fromReserveMinor),
    ],
  };
}

/** A debtor pays: what it owed, more than that, and what it will not pay, which the reserve bears. */
export function invoiceCollected(of: { appliedMinor: Minor; overMinor: Minor; shortMinor: Minor }): EntryDraft {
  return {
    kind: "invoice_collected",
    builderVersion: 1,
    postings: [
      ...signedPosting("1000", "1200", of.appliedMinor),
      ...signedPosting("1000", "2150", of.overMinor),
      ...signedPosting("2200", "1200", of.shortMinor),
    ],
  };
}

/** The rest of a reserve is paid out; one that fees and short payments have brought below zero is owed by the seller. */
export function reserveReleased(of: { paidMinor: Minor; owedMinor: Minor }): EntryDraft {
  return {
    kind: "reserve_released",
    builderVersion: 1,
    postings: [...signedPosting("2200", "1000", of.paidMinor), ...signedPosting("1250", "2200", of.owedMinor)],
  };
}

/** An unpaid invoice goes back: the reserve covers what it can, the seller owes the rest, which is the advance and fees. */
export function invoiceChargedBack(of: { outstandingMinor: Minor; reserveMinor: Minor }): EntryDraft {
  const covered = of.reserveMinor < of.outstandingMinor ? of.reserveMinor : of.outstandingMinor;
  return {
    kind: "invoice_charged_back",
    builderVersion: 1,
    postings: [
      // a reserve below zero is owed too: then more than what is outstanding is
      ...signedPosting("2200", "1200", covered),
      ...signedPosting("1250", "1200", minor(of.outstandingMinor - covered)),
    ],
  };
}

/** The seller pays what it owes. */
export function sellerPaid(amountMinor: Minor): EntryDraft {
  return { kind: "seller_paid", builderVersion: 1, postings: signedPosting("1000", "1250", amountMinor) };
}

/** Without recourse a debtor's failure to pay is the factor's: what is still owed is lost. The reserve is the seller's all the same. */
export function creditLoss(outstandingMinor: Minor): EntryDraft {
  return { kind: "credit_loss", builderVersion: 1, postings: signedPosting("5700", "1200", outstandingMinor) };
}
