import type { SellerAccount } from "../../seeds/seller-chart.js";
import { type Minor, minor } from "../money/money.js";
import type { Presentation } from "./factoring-events.js";

/** One line of a seller's entry: a debit above zero, a credit below. */
export interface SellerLine {
  readonly account: SellerAccount;
  readonly amountMinor: Minor;
}

function lines(...sides: readonly (readonly [SellerAccount, bigint])[]): SellerLine[] {
  const booked = sides.filter(([, amount]) => amount !== 0n);
  return booked.map(([account, amount]) => ({ account, amountMinor: minor(amount) }));
}

export interface InvoicesSold {
  readonly faceMinor: Minor;
  readonly reserveMinor: Minor;
  /** fee and charges that were taken out of the advance */
  readonly chargesMinor: Minor;
  /** what the recourse is expected to cost: it adds to the loss, and does not come off the cash [S27] */
  readonly recourseLiabilityMinor: Minor;
}

/**
 * The seller's side of a purchase. As a sale: cash, what the factor owes and the loss against the receivables. As a
 * borrowing the receivables stay, and the advance is a debt; fees that were taken out of it are an expense.
 */
export function invoicesSold(sold: InvoicesSold, how: Presentation): SellerLine[] {
  const { faceMinor, reserveMinor, chargesMinor, recourseLiabilityMinor } = sold;
  const cashMinor = faceMinor - reserveMinor - chargesMinor;
  if (how === "borrowing") return lines(["100", cashMinor], ["510", chargesMinor], ["220", reserveMinor - faceMinor]);
  return lines(
    ["100", cashMinor],
    ["120", reserveMinor],
    ["500", chargesMinor + recourseLiabilityMinor],
    ["110", -faceMinor],
    ["210", -recourseLiabilityMinor],
  );
}

/** What the factor owes the seller, as the seller sees it: an asset of a sale, less debt of a borrowing. */
const dueFrom = (how: Presentation): SellerAccount => (how === "sale" ? "120" : "220");

/** Fees and interest that the factor takes out of the reserve. */
export function feesCharged(amountMinor: Minor, how: Presentation): SellerLine[] {
  return lines([how === "sale" ? "500" : "510", amountMinor], [dueFrom(how), -amountMinor]);
}

/** A debtor pays the factor. After a sale that is nothing to the seller; a borrowing it pays back. */
export function debtorPaidFactor(amountMinor: Minor, how: Presentation): SellerLine[] {
  return how === "sale" ? [] : lines(["220", amountMinor], ["110", -amountMinor]);
}

/** A debtor pays the seller, which owes it to the factor. */
export function debtorPaidSeller(amountMinor: Minor, how: Presentation): SellerLine[] {
  if (how === "sale") return lines(["100", amountMinor], ["200", -amountMinor]);
  return lines(["100", amountMinor], ["220", amountMinor], ["110", -amountMinor], ["200", -amountMinor]);
}

/** A debtor deducts returns or allowances: they come out of the reserve. */
export function returnsAllowed(amountMinor: Minor, how: Presentation): SellerLine[] {
  return lines(["400", amountMinor], [how === "sale" ? "120" : "110", -amountMinor]);
}

/** The factor releases the reserve: in cash, or against what the seller owes. */
export function reserveReceived(of: { cashMinor: Minor; offsetMinor: Minor }, how: Presentation): SellerLine[] {
  return lines(["100", of.cashMinor], ["200", of.offsetMinor], [dueFrom(how), -of.cashMinor - of.offsetMinor]);
}

/** Invoices come back: the receivable stands in the seller's books again, and it owes the factor advance and fees. */
export function invoicesTakenBack(
  of: { openMinor: Minor; reserveMinor: Minor; paidAtOnce: boolean },
  how: Presentation,
): SellerLine[] {
  const owed = of.paidAtOnce ? "100" : "200";
  const priceMinor = of.openMinor - of.reserveMinor;
  if (how === "borrowing") return lines(["220", priceMinor], [owed, -priceMinor]);
  return lines(["110", of.openMinor], ["120", -of.reserveMinor], [owed, -priceMinor]);
}

/** A debtor fails at the factor's risk: of a borrowing, the receivable and the debt on it go. */
export function lossBorneByFactor(of: { openMinor: Minor; reserveUsedMinor: Minor }, how: Presentation): SellerLine[] {
  if (how === "sale") return lines(["520", of.reserveUsedMinor], ["120", -of.reserveUsedMinor]);
  return lines(["520", of.reserveUsedMinor], ["220", of.openMinor - of.reserveUsedMinor], ["110", -of.openMinor]);
}

/** Fees and dilution were more than the reserve: the seller owes the rest. */
export function shortfallOwed(amountMinor: Minor, how: Presentation): SellerLine[] {
  return lines([dueFrom(how), amountMinor], ["200", -amountMinor]);
}

/** The factor charges for the facility: an expense, and owed. */
export function chargesOwed(amountMinor: Minor): SellerLine[] {
  return lines(["510", amountMinor], ["200", -amountMinor]);
}

/** The seller pays the factor what it owes. */
export function factorPaid(amountMinor: Minor): SellerLine[] {
  return lines(["200", amountMinor], ["100", -amountMinor]);
}

/** The factor passes on a receipt that was the seller's own. */
export function receiptReceived(amountMinor: Minor): SellerLine[] {
  return lines(["100", amountMinor], ["110", -amountMinor]);
}
