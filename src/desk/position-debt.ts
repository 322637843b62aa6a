import { type ClaimParts, onePart, sumParts } from "../ledger/claim.js";
import { minor } from "../money/money.js";
import type { BookedCollection, Debt, Original } from "../servicing/collection.js";
import type { KnownPayment } from "../store/known-payment.js";
import { allPrincipal, type PaymentParts } from "../store/payment.js";
import { type Position, type PositionParts, withoutParts } from "../store/position.js";

/** What the debtor owes on a position, by component. */
export function claimOf({ claimMinor, parts }: Position): ClaimParts {
  if (parts === withoutParts) return onePart("principal", minor(claimMinor));
  const { interestMinor, feesMinor, courtCostsMinor } = parts;
  return {
    principal: minor(claimMinor - interestMinor - feesMinor - courtCostsMinor),
    interest: minor(interestMinor),
    fees: minor(feesMinor),
    court_costs: minor(courtCostsMinor),
  };
}

/** A position as a debt that payments are applied to. */
export function debtOf(position: Position): Debt {
  const { parts } = position;
  return {
    held: isHeld(position),
    claim: claimOf(position),
    paid: paidOf(position),
    collectedMinor: minor(position.collectedMinor),
    unappliedMinor: minor(position.unappliedMinor),
    refundDueMinor: minor(parts.refundDueMinor),
    commissionMinor: minor(position.commissionMinor),
    advanceMinor: minor(parts.advanceMinor),
    advanceRecoveredMinor: minor(parts.advanceRecoveredMinor),
  };
}

/** What payments have paid of each component: what came in, less what is unapplied, is what was applied. */
function paidOf({ collectedMinor, unappliedMinor, parts }: Position): ClaimParts {
  const paidMinor = collectedMinor - unappliedMinor;
  if (parts === withoutParts) return onePart("principal", minor(paidMinor));
  const { paidInterestMinor, paidFeesMinor, paidCourtCostsMinor } = parts;
  return {
    principal: minor(paidMinor - paidInterestMinor - paidFeesMinor - paidCourtCostsMinor),
    interest: minor(paidInterestMinor),
    fees: minor(paidFeesMinor),
    court_costs: minor(paidCourtCostsMinor),
  };
}

export function isHeld({ state }: Position): boolean {
  return state === "owned" || state === "settled";
}

/**
 * The position after something happened to its debt. A settled debt that is owed again is open again.
 *
 * @param placedMinor what its agency has collected of it now
 */
export function withDebt(position: Position, debt: Debt, placedMinor = 0n): Position {
  const claimMinor = sumParts(debt.claim);
  // written out: a copy with changes costs several times as much, and this is done for every row of a file
  return {
    receivableNo: position.receivableNo,
    state: position.state === "settled" && claimMinor > 0n ? "owned" : position.state,
    faceMinor: position.faceMinor,
    costMinor: position.costMinor,
    claimMinor,
    parts: partsOf(position.parts, debt),
    collectedMinor: debt.collectedMinor,
    unappliedMinor: debt.unappliedMinor,
    commissionMinor: debt.commissionMinor,
    placementNo: position.placementNo,
    placements: position.placements,
    placedBalanceMinor: position.placedBalanceMinor,
    placedAgeDays: position.placedAgeDays,
    placedCollectedMinor: position.placedCollectedMinor + placedMinor,
    place: position.place,
  };
}

/** Parts that never were need not be kept; parts that have come down to zero must be written once more. */
function partsOf(before: PositionParts, debt: Debt): PositionParts {
  if (before === withoutParts && isPrincipalOnly(debt)) return withoutParts;
  return {
    interestMinor: debt.claim.interest,
    feesMinor: debt.claim.fees,
    courtCostsMinor: debt.claim.court_costs,
    paidInterestMinor: debt.paid.interest,
    paidFeesMinor: debt.paid.fees,
    paidCourtCostsMinor: debt.paid.court_costs,
    advanceMinor: debt.advanceMinor,
    advanceRecoveredMinor: debt.advanceRecoveredMinor,
    refundDueMinor: debt.refundDueMinor,
  };
}

function isPrincipalOnly({ claim, paid, advanceMinor, advanceRecoveredMinor, refundDueMinor }: Debt): boolean {
  const isClaimPlain = claim.interest === 0n && claim.fees === 0n && claim.court_costs === 0n;
  const isPaidPlain = paid.interest === 0n && paid.fees === 0n && paid.court_costs === 0n;
  return isClaimPlain && isPaidPlain && advanceMinor === 0n && advanceRecoveredMinor === 0n && refundDueMinor === 0n;
}

/** The parts of a payment as it was booked. */
export function paymentParts({ applied, advanceMinor, grossRemittance }: BookedCollection): PaymentParts {
  if (applied.interest === 0n && applied.fees === 0n && applied.court_costs === 0n && !grossRemittance) {
    return allPrincipal;
  }
  return {
    interestMinor: applied.interest,
    feesMinor: applied.fees,
    courtCostsMinor: applied.court_costs,
    advanceMinor,
    grossRemittance,
  };
}

/** A recorded payment as the one that comes back. */
export function originalFrom(known: KnownPayment): Original {
  const { interestMinor, feesMinor, courtCostsMinor, advanceMinor, grossRemittance } = known.left;
  return {
    amountMinor: minor(known.amountMinor),
    commissionMinor: minor(known.commissionMinor),
    returnedMinor: minor(known.returnedMinor),
    commissionLeftMinor: minor(known.commissionLeftMinor),
    left: {
      applied: {
        principal: minor(known.appliedLeftMinor - interestMinor - feesMinor - courtCostsMinor),
        interest: minor(interestMinor),
        fees: minor(feesMinor),
        court_costs: minor(courtCostsMinor),
      },
      unappliedMinor: minor(known.unappliedLeftMinor),
    },
    advanceLeftMinor: minor(advanceMinor),
    grossRemittance,
  };
}
