import { claimComponents } from "../../models/claim.js";
import type { CostType, PaymentChannel, ReceiptKind } from "../../models/payment.js";
import type { AccountCode } from "../../seeds/chart-of-accounts.js";
import { type Minor, minor } from "../money/money.js";
import { type ClaimParts, claimAccount, negateParts, sumParts } from "./claim.js";
import { addSigned, type EntryDraft, type Posting, signedPosting } from "./entry-draft.js";

/**
 * The builders: one a business event, pure. docs/LEDGER.md has a worked entry of each, and a test that runs them.
 * A rule that changes gets a new builder version beside the old one.
 */

export interface PurchaseBooked {
  readonly priceMinor: Minor;
  /** what the debtors of the receivables bought owe at the cut-off */
  readonly claim: ClaimParts;
}

/** The price becomes the investment; the claims come into the memorandum accounts at face. */
export function purchaseBooked({ priceMinor, claim }: PurchaseBooked): EntryDraft {
  return {
    kind: "purchase_booked",
    builderVersion: 1,
    postings: [...signedPosting("1500", "1000", priceMinor), ...claimPostings(claim)],
  };
}

export interface Collection {
  readonly channel: PaymentChannel;
  /** part that pays the claim, by component */
  readonly applied: ClaimParts;
  /** part over the claim: owed back, or for the debtor's other debts */
  readonly unappliedMinor: Minor;
  readonly commissionMinor: Minor;
  /** the agency remits gross: its commission is ours to pay, not kept */
  readonly grossRemittance: boolean;
  /** part of the court costs paid that gives back what we had advanced */
  readonly advanceMinor: Minor;
  /** cost of the portfolio that it recovers, of what is left after the advance (costRelief) */
  readonly costReliefMinor: Minor;
  /** false when the claim is not ours any more: then it does not move, and an advance that comes back to us is lost */
  readonly held: boolean;
}

const holder: Readonly<Record<PaymentChannel, AccountCode>> = { own: "1000", agency: "1100", direct: "1160" };

/** Adds to the claims of the memorandum accounts; negative parts take off. */
export function claimPostings(claim: ClaimParts): Posting[] {
  const postings: Posting[] = [];
  for (const component of claimComponents) {
    addSigned(postings, [claimAccount[component], "9900"], claim[component]);
  }
  return postings;
}

/**
 * A debtor's payment. It lies where it was taken: in our cash, with the agency (which keeps its commission and owes us the
 * rest, or owes us all of it and sends a bill), or with the seller (who owes us all of it, while an agency's commission on
 * it is ours to pay). What pays court costs gives back our advance before anything recovers cost. All amounts negative is a payment that came back: the same entry with its sides exchanged.
 */
export function collectionEntry(collection: Collection): EntryDraft {
  const { channel, applied, unappliedMinor, commissionMinor, advanceMinor, costReliefMinor, held } = collection;
  const appliedMinor = sumParts(applied);
  const isKept = channel === "agency" && !collection.grossRemittance;
  const postings: Posting[] = [];
  addSigned(postings, [holder[channel], "4000"], appliedMinor);
  addSigned(postings, [holder[channel], "2100"], unappliedMinor);
  addSigned(postings, ["5000", isKept ? "1100" : "2050"], commissionMinor);
  addSigned(postings, ["4920", held ? "1300" : "5100"], advanceMinor);
  addSigned(postings, ["4900", "1500"], costReliefMinor);
  if (held)
    for (const component of claimComponents) addSigned(postings, ["9900", claimAccount[component]], applied[component]);
  return { kind: kindOf(channel, minor(appliedMinor + unappliedMinor)), builderVersion: 1, postings };
}

function kindOf(channel: PaymentChannel, amountMinor: Minor): EntryDraft["kind"] {
  if (amountMinor < 0n) return "payment_returned";
  if (channel === "own") return "collection_received";
  return channel === "agency" ? "collection_by_agency" : "payment_to_seller";
}

const costAccount: Readonly<Record<CostType, AccountCode>> = {
  court: "5100",
  agency_invoice: "5200",
  servicing: "5300",
  media: "5400",
  data: "5500",
  purchase: "5600",
  other: "5900",
};

export interface CostIncurred {
  readonly costType: CostType;
  /** negative for a credit note */
  readonly amountMinor: Minor;
}

/** A cost, paid at once. Costs of the purchase are expensed, not added to the price: net-back is counted against the price. */
export function costIncurred({ costType, amountMinor }: CostIncurred): EntryDraft {
  return {
    kind: "cost_incurred",
    builderVersion: 1,
    postings: signedPosting(costAccount[costType], "1000", amountMinor),
  };
}

export interface PutBack {
  /** what the seller owes for it: purchase rate x balance at cut-off */
  readonly refundMinor: Minor;
  /** cost that leaves the books with it (refundRelief) */
  readonly costReliefMinor: Minor;
  /** what the debtor still owed */
  readonly claim: ClaimParts;
  /** court costs that we had advanced on it: they will not come back */
  readonly advanceMinor: Minor;
}

export function receivablePutBack({ refundMinor, costReliefMinor, claim, advanceMinor }: PutBack): EntryDraft {
  return {
    kind: "receivable_put_back",
    builderVersion: 1,
    postings: [
      ...signedPosting("1150", "4100", refundMinor),
      ...signedPosting("4910", "1500", costReliefMinor),
      ...signedPosting("5100", "1300", advanceMinor),
      ...claimPostings(negateParts(claim)),
    ],
  };
}

const settled: Readonly<Record<ReceiptKind, AccountCode>> = {
  agency_remittance: "1100",
  put_back_refund: "1150",
  direct_payments: "1160",
};

export interface Receipt {
  readonly kind: ReceiptKind;
  readonly amountMinor: Minor;
}

/** Another party pays what it owes us; no income, the collection was booked when the debtor paid. */
export function receiptEntry({ kind, amountMinor }: Receipt): EntryDraft {
  return { kind: "receipt", builderVersion: 1, postings: signedPosting("1000", settled[kind], amountMinor) };
}
