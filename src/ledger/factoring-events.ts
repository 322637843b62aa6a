import type { EntryKind } from "../../models/entry.js";
import { type Minor, minor } from "../money/money.js";
import { type EntryDraft, type Posting, signedPosting } from "./entry-draft.js";

/**
 * The builders of a factoring facility, on the factor's side: one a business event, pure.
 *
 * Each is written for a sale: invoices at face (1200) against what is held back of them (2200). Where the seller keeps the
 * credit risk and it is a loan, `presented` turns the same event into that: face and reserve become one account, the
 * advance (1250), and the face a memorandum (9100). So both tell the same cash, the same income and the same net balance.
 */
export type Presentation = "sale" | "borrowing";

const collapsed: Readonly<Record<string, "1250">> = { "1200": "1250", "2200": "1250" };

function presented(kind: EntryKind, presentation: Presentation, postings: readonly Posting[]): EntryDraft {
  if (presentation === "sale") return { kind, builderVersion: 1, postings };
  const loan: Posting[] = [];
  let faceMinor = 0n;
  for (const posting of postings) {
    if (posting.debit === "1200") faceMinor += posting.amountMinor;
    if (posting.credit === "1200") faceMinor -= posting.amountMinor;
    const debit = collapsed[posting.debit] ?? posting.debit;
    const credit = collapsed[posting.credit] ?? posting.credit;
    if (debit !== credit) loan.push({ ...posting, debit, credit });
  }
  return { kind, builderVersion: 1, postings: [...loan, ...signedPosting("9100", "9900", minor(faceMinor))] };
}

export interface InvoicesPurchased {
  readonly faceMinor: Minor;
  /** held back: face less advance */
  readonly reserveMinor: Minor;
  /** first fee, where it is taken out of the advance; it is earned over the days it is for */
  readonly feeMinor: Minor;
  /** other charges taken out of the advance */
  readonly chargesMinor: Minor;
}

/** What is left of the advance after fee and charges is paid to the seller. Each part may be zero. */
export function invoicesPurchased(bought: InvoicesPurchased, presentation: Presentation): EntryDraft {
  const { faceMinor, reserveMinor, feeMinor, chargesMinor } = bought;
  return presented("invoices_purchased", presentation, [
    ...signedPosting("1200", "2200", reserveMinor),
    ...signedPosting("1200", "2300", feeMinor),
    ...signedPosting("1200", "4620", chargesMinor),
    ...signedPosting("1200", "1000", minor(faceMinor - reserveMinor - feeMinor - chargesMinor)),
  ]);
}

export interface FeesAccrued {
  /** by the fee schedule, out of the reserve */
  readonly feeMinor: Minor;
  /** on funds employed, out of the reserve */
  readonly interestMinor: Minor;
  /** of a fee that was taken with the purchase: what these days have earned of it */
  readonly earnedMinor: Minor;
}

/** Fees and interest of some days come out of the reserve: it is always what a debtor's payment today would release. */
export function feesAccrued({ feeMinor, interestMinor, earnedMinor }: FeesAccrued, how: Presentation): EntryDraft {
  return presented("factoring_fees_accrued", how, [
    ...signedPosting("2200", "4600", feeMinor),
    ...signedPosting("2200", "4610", interestMinor),
    ...signedPosting("2300", "4600", earnedMinor),
  ]);
}

export interface InvoicesCollected {
  /** part that pays invoices; below zero it came back */
  readonly appliedMinor: Minor;
  /** part that is over what the debtor owed: nobody's yet */
  readonly overMinor: Minor;
}

/** A debtor pays. What is over stays unapplied: a tolerance is for short payments alone. */
export function invoicesCollected({ appliedMinor, overMinor }: InvoicesCollected, how: Presentation): EntryDraft {
  return presented("invoices_collected", how, [
    ...signedPosting("1000", "1200", appliedMinor),
    ...signedPosting("1000", "2110", overMinor),
  ]);
}

/** A debtor pays the seller, by mistake or against the notice: the seller owes it to us. */
export function invoicesPaidToSeller(amountMinor: Minor, how: Presentation): EntryDraft {
  return presented("invoices_paid_to_seller", how, signedPosting("1160", "1200", amountMinor));
}

/** A debtor will not pay so much of an invoice (a credit, a return, a dispute lost): it comes out of the reserve. */
export function invoicesDiluted(amountMinor: Minor, how: Presentation): EntryDraft {
  return presented("invoices_diluted", how, signedPosting("2200", "1200", amountMinor));
}

export interface ReserveReleased {
  readonly cashMinor: Minor;
  /** kept against charge-backs and shortfalls that the seller owes */
  readonly recourseMinor: Minor;
  /** kept against debtors' payments that the seller holds */
  readonly heldMinor: Minor;
  /** kept against charges that the seller owes */
  readonly chargesMinor: Minor;
  /** put into the escrow reserve */
  readonly escrowMinor: Minor;
}

function released(from: "2200" | "2210", parts: Omit<ReserveReleased, "escrowMinor">): Posting[] {
  return [
    ...signedPosting(from, "1150", parts.recourseMinor),
    ...signedPosting(from, "1160", parts.heldMinor),
    ...signedPosting(from, "1170", parts.chargesMinor),
    ...signedPosting(from, "1000", parts.cashMinor),
  ];
}

/** The reserve goes back to the seller, less what the seller owes. Version 2: charges are among that. */
export function reserveReleased(parts: ReserveReleased, how: Presentation): EntryDraft {
  const postings = [...released("2200", parts), ...signedPosting("2200", "2210", parts.escrowMinor)];
  return { ...presented("reserve_released", how, postings), builderVersion: 2 };
}

/** The cushion beside the reserve is paid out, less what the seller owes. Version 2: in version 1 all of it was paid. */
export function escrowReleased(parts: Omit<ReserveReleased, "escrowMinor">): EntryDraft {
  return { kind: "escrow_released", builderVersion: 2, postings: released("2210", parts) };
}

export interface InvoicesReturned {
  /** what debtors still owe on them */
  readonly openMinor: Minor;
  /** what is left of their reserve after all fees; below zero where fees have used it up */
  readonly reserveMinor: Minor;
  /** of a fee taken with the purchase: what was not earned yet. It stays with the factor. */
  readonly unearnedMinor: Minor;
}

function returned(kind: EntryKind, against: "1150" | "1000", of: InvoicesReturned, how: Presentation): EntryDraft {
  return presented(kind, how, [
    ...signedPosting("2200", "1200", of.reserveMinor),
    ...signedPosting(against, "1200", minor(of.openMinor - of.reserveMinor)),
    ...signedPosting("2300", "4600", of.unearnedMinor),
  ]);
}

/** Invoices go back to the seller, who owes their advance and fees: face less reserve. */
export function invoicesChargedBack(of: InvoicesReturned, how: Presentation): EntryDraft {
  return returned("invoices_charged_back", "1150", of, how);
}

/** The seller takes invoices back and pays for them at once. */
export function invoicesBoughtBack(of: InvoicesReturned, how: Presentation): EntryDraft {
  return returned("invoices_bought_back", "1000", of, how);
}

export interface CreditLoss {
  readonly openMinor: Minor;
  /** what the terms let the factor use of the reserve; zero where the seller keeps its claim to it */
  readonly reserveUsedMinor: Minor;
  readonly unearnedMinor: Minor;
}

/** A debtor fails, and the factor bears it. */
export function creditLoss({ openMinor, reserveUsedMinor, unearnedMinor }: CreditLoss, how: Presentation): EntryDraft {
  return presented("credit_loss", how, [
    ...signedPosting("2200", "1200", reserveUsedMinor),
    ...signedPosting("5700", "1200", minor(openMinor - reserveUsedMinor)),
    ...signedPosting("2300", "4600", unearnedMinor),
  ]);
}

/** An invoice is settled, and fees and dilution were more than its reserve: the seller owes the rest. */
export function shortfallClaimed(amountMinor: Minor, how: Presentation): EntryDraft {
  return presented("shortfall_claimed", how, signedPosting("1150", "2200", amountMinor));
}

/** Money that belongs to no bought invoice: nobody knows whose it is, or it is the seller's. */
export function receiptUnapplied(of: "unidentified" | "not_purchased", amountMinor: Minor): EntryDraft {
  const owed = of === "unidentified" ? "2110" : "2400";
  return { kind: "receipt_unapplied", builderVersion: 1, postings: signedPosting("1000", owed, amountMinor) };
}

/** An unapplied receipt turns out to pay invoices. */
export function receiptApplied(amountMinor: Minor, how: Presentation): EntryDraft {
  return presented("receipt_applied", how, signedPosting("2110", "1200", amountMinor));
}

/** What is not ours leaves: to the seller, or back to who paid it. */
export function receiptPassedOn(of: "unidentified" | "not_purchased", amountMinor: Minor): EntryDraft {
  const owed = of === "unidentified" ? "2110" : "2400";
  return { kind: "receipt_passed_on", builderVersion: 1, postings: signedPosting(owed, "1000", amountMinor) };
}

/** Accounts of what a seller owes, by what it owes it for. */
export const sellerDebts = { recourse: "1150", held_payments: "1160", charges: "1170" } as const;

/** The seller pays what it owes. */
export function sellerPaid(settles: keyof typeof sellerDebts, amountMinor: Minor): EntryDraft {
  const postings = signedPosting("1000", sellerDebts[settles], amountMinor);
  return { kind: "seller_paid", builderVersion: 1, postings };
}

/** A charge of the terms, once, by month or for a filing: the seller owes it until a release keeps it back. */
export function facilityCharged(amountMinor: Minor): EntryDraft {
  return { kind: "facility_charged", builderVersion: 1, postings: signedPosting("1170", "4620", amountMinor) };
}

/** What the fees of a month fall short of its minimum; below zero what was charged too much of it. */
export function minimumCharged(amountMinor: Minor): EntryDraft {
  return { kind: "minimum_charged", builderVersion: 1, postings: signedPosting("1170", "4630", amountMinor) };
}

/** A facility is ended before its term. */
export function terminationCharged(amountMinor: Minor): EntryDraft {
  return { kind: "termination_charged", builderVersion: 1, postings: signedPosting("1170", "4640", amountMinor) };
}
