import type { FactoringTerms } from "../../models/factoring-terms.js";
import { fraction, shareOf } from "../money/fraction.js";
import { lesserMinor, type Minor, minor, parseMinor, sumMinor, zeroMinor } from "../money/money.js";

/** An invoice as far as its reserve goes. */
export interface ReservedInvoice {
  readonly invoiceNo: number;
  readonly openMinor: bigint;
  /** what is left of what was held back, after fees and deductions; may be below zero */
  readonly reserveMinor: bigint;
  /** nothing is open of it any more */
  readonly isSettled: boolean;
}

export interface Releasable {
  readonly balanceMinor: Minor;
  /** what must stay of a pooled reserve */
  readonly floorMinor: Minor;
  readonly releasableMinor: Minor;
}

/**
 * What may be released of a reserve.
 *
 * Per invoice: what is left on invoices that are settled [S01]. Pooled: all above the floor, a share of what is outstanding
 * [S62]. Never more than the whole reserve: what fees have used up on other invoices counts against it.
 */
export function releasable(invoices: readonly ReservedInvoice[], { reserve }: FactoringTerms): Releasable {
  const balanceMinor = sumMinor(invoices.map(({ reserveMinor }) => minor(reserveMinor)));
  const positive = (amount: bigint) => minor(amount > 0n ? amount : 0n);
  if (reserve.method === "pooled") {
    const outstanding = sumMinor(invoices.map(({ openMinor }) => minor(openMinor)));
    const floorMinor = shareOf(outstanding, fraction(reserve.floor_rate));
    return { balanceMinor, floorMinor, releasableMinor: positive(balanceMinor - floorMinor) };
  }
  const settled = sumMinor(invoices.filter(({ isSettled }) => isSettled).map((one) => positive(one.reserveMinor)));
  return { balanceMinor, floorMinor: zeroMinor, releasableMinor: lesserMinor(settled, positive(balanceMinor)) };
}

/** Which invoices a release comes off: settled ones first, then (of a pool) the others, each in the order they came. */
export function takenFrom(invoices: readonly ReservedInvoice[], amountMinor: Minor): ReadonlyMap<number, bigint> {
  const taken = new Map<number, bigint>();
  let left: bigint = amountMinor;
  for (const settled of [true, false]) {
    for (const { invoiceNo, reserveMinor, isSettled } of invoices) {
      if (isSettled !== settled || reserveMinor <= 0n || left === 0n) continue;
      const part = reserveMinor < left ? reserveMinor : left;
      taken.set(invoiceNo, part);
      left -= part;
    }
  }
  return taken;
}

/** What the seller owes, and what is kept back for it in this order. */
export interface KeptBack {
  readonly recourseMinor: Minor;
  readonly heldMinor: Minor;
  readonly chargesMinor: Minor;
}

/**
 * So much of an amount as goes against what the seller owes. A debt below zero is none; but charges below zero, which were taken
 * back after the seller had borne them, are the seller's, and come with it.
 */
export function keptBack(amountMinor: Minor, due: KeptBack): KeptBack & { readonly restMinor: Minor } {
  let restMinor = amountMinor;
  const take = (dueMinor: Minor): Minor => {
    const part = lesserMinor(restMinor, minor(dueMinor > 0n ? dueMinor : 0n));
    restMinor = minor(restMinor - part);
    return part;
  };
  const give = (owedMinor: Minor): Minor => {
    restMinor = minor(restMinor - owedMinor);
    return owedMinor;
  };
  const kept = {
    recourseMinor: take(due.recourseMinor),
    heldMinor: take(due.heldMinor),
    chargesMinor: due.chargesMinor < 0n ? give(due.chargesMinor) : take(due.chargesMinor),
  };
  return { ...kept, restMinor };
}

export interface ReleaseParts extends KeptBack {
  readonly escrowMinor: Minor;
  readonly cashMinor: Minor;
}

/**
 * Where a release goes: first against what the seller owes, then its share of the rest into the escrow reserve until that
 * is full, then to the seller. The parts sum to the release.
 *
 * @param due what the seller owes; null where nothing is to be kept back for it
 * @param escrowMinor what is in the escrow reserve; null where nothing goes into it any more
 */
export function releaseParts(
  amountMinor: Minor,
  { due, escrowMinor: held }: { due: KeptBack | null; escrowMinor: bigint | null },
  { reserve, currency }: FactoringTerms,
): ReleaseParts {
  const nothing = { recourseMinor: zeroMinor, heldMinor: zeroMinor, chargesMinor: zeroMinor };
  const { restMinor: rest, ...kept } = keptBack(amountMinor, due ?? nothing);
  const { escrow } = reserve;
  if (escrow === undefined || held === null) return { ...kept, escrowMinor: zeroMinor, cashMinor: rest };
  const room = parseMinor(escrow.cap, currency) - held;
  const escrowMinor = lesserMinor(shareOf(rest, fraction(escrow.share_of_rebate)), minor(room > 0n ? room : 0n));
  return { ...kept, escrowMinor, cashMinor: minor(rest - escrowMinor) };
}

/**
 * What is charged for a payment to the seller: the whole charge, or nothing where it would leave nothing to be paid. So there is
 * no charge without a payment, and what is left of a reserve can always be paid.
 *
 * @param paidMinor what the payment comes to when so much is charged for it
 */
export function payoutCharge(chargeMinor: Minor, paidMinor: (chargeMinor: Minor) => Minor): Minor {
  return chargeMinor > 0n && paidMinor(chargeMinor) > 0n ? chargeMinor : zeroMinor;
}
