import type { CommissionTerms } from "../../models/agency.js";
import type { ClaimComponent, OverpaymentRule } from "../../models/claim.js";
import { type CommissionSchedule, commissionScheduleSchema } from "../../models/commission.js";
import type { PaymentChannel } from "../../models/payment.js";
import { Refusal } from "../../models/refusal.js";
import { addParts, type ClaimParts, negateParts, noParts, sumParts } from "../ledger/claim.js";
import { afterCollection, costRelief, type Investment } from "../ledger/cost-recovery.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { collectionEntry } from "../ledger/events.js";
import { type Application, applyPayment, returnPayment, shareOf } from "../ledger/payment-application.js";
import { formatMinor, lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import { commission } from "./commission.js";

/** One debt, as far as a payment on it goes. Amounts in minor units. */
export interface Debt {
  /** false when it was put back or sold: its claim is another's now */
  readonly held: boolean;
  /** what the debtor owes us */
  readonly claim: ClaimParts;
  /** what payments have paid of each component, less what came back */
  readonly paid: ClaimParts;
  /** gross, less what came back or was refunded */
  readonly collectedMinor: Minor;
  readonly unappliedMinor: Minor;
  /** part of the unapplied cash that is due back to the debtor */
  readonly refundDueMinor: Minor;
  readonly commissionMinor: Minor;
  /** court costs that we have advanced and not had back */
  readonly advanceMinor: Minor;
  /** advanced court costs that payments have given back */
  readonly advanceRecoveredMinor: Minor;
}

/** What was agreed for the payments of a portfolio. */
export interface CollectionTerms {
  readonly waterfall: readonly ClaimComponent[];
  readonly overpayment: OverpaymentRule;
}

/** With whom a debt is placed and on what terms. */
export interface DebtPlacement {
  readonly terms: CommissionTerms;
  /** balance, age in days and count of placements as they stood on the day of the placement */
  readonly balanceMinor: Minor;
  readonly ageDays: number;
  readonly placement: number;
  readonly collectedMinor: Minor;
  readonly daysSincePlacement: number;
  /** the agency sends all that it takes, and a bill */
  readonly grossRemittance: boolean;
}

/** The payment that comes back, as it was recorded. */
export interface Original {
  readonly amountMinor: Minor;
  readonly commissionMinor: Minor;
  readonly returnedMinor: Minor;
  /** what has not come back of its commission */
  readonly commissionLeftMinor: Minor;
  /** what has not come back of how it was applied */
  readonly left: Application;
  readonly advanceLeftMinor: Minor;
  readonly grossRemittance: boolean;
}

export interface IncomingPayment {
  readonly channel: PaymentChannel;
  readonly currency: string;
  /** negative when it comes back */
  readonly amountMinor: Minor;
  readonly legal: boolean;
  /** as the agency states it, not negative; worked out when it does not */
  readonly statedCommissionMinor: Minor | undefined;
  readonly original: Original | undefined;
  readonly placement: DebtPlacement | undefined;
}

export interface BookedCollection {
  readonly applied: ClaimParts;
  readonly appliedMinor: Minor;
  readonly unappliedMinor: Minor;
  readonly commissionMinor: Minor;
  readonly advanceMinor: Minor;
  readonly grossRemittance: boolean;
  readonly debt: Debt;
  readonly investment: Investment;
  readonly entry: EntryDraft;
}

/**
 * What one payment does to the debt, to the investment and to the books. Pure: payments are booked one after the other by
 * handing on the debt and the investment that come out.
 *
 * On a debt that is not ours any more a payment is unapplied cash, to be passed on; one that comes back takes its
 * collection away and leaves the claim, which is another's, alone.
 *
 * @throws Refusal `reversal_too_large` when more comes back than was paid, `amount_out_of_range` for a commission over the payment
 */
export function bookCollection(
  payment: IncomingPayment,
  before: { debt: Debt; investment: Investment },
  terms: CollectionTerms,
): BookedCollection {
  const { debt, investment } = before;
  const { channel, amountMinor, currency, original } = payment;
  if (original !== undefined) assertLeft(original, amountMinor, currency);
  const { applied, unappliedMinor } = applicationOf(payment, debt, terms);
  const commissionMinor = commissionOn(payment, debt);
  const advanceMinor = advanceIn(applied.court_costs, debt, original);
  const appliedMinor = sumParts(applied);
  // what gives an advance back recovers none of the price
  const recoveringMinor = minor(appliedMinor - advanceMinor);
  const costReliefMinor = costRelief(investment, recoveringMinor);
  const grossRemittance = original?.grossRemittance ?? payment.placement?.grossRemittance ?? false;
  const moved = { applied, unappliedMinor, advanceMinor, amountMinor, commissionMinor };
  return {
    applied,
    appliedMinor,
    unappliedMinor,
    commissionMinor,
    advanceMinor,
    grossRemittance,
    debt: debtAfter(debt, moved, terms),
    investment: afterCollection(investment, { appliedMinor: recoveringMinor, costReliefMinor }),
    entry: collectionEntry({
      channel,
      applied,
      unappliedMinor,
      commissionMinor,
      grossRemittance,
      advanceMinor,
      costReliefMinor,
      held: debt.held,
    }),
  };
}

function applicationOf({ amountMinor, original }: IncomingPayment, debt: Debt, terms: CollectionTerms): Application {
  if (amountMinor < 0n) {
    return returnPayment(debt, minor(-amountMinor), { waterfall: terms.waterfall, left: original?.left });
  }
  return applyPayment({ claim: debt.held ? debt.claim : noParts }, amountMinor, terms.waterfall);
}

/** The part of a payment on court costs that gives our advance back; negative when it comes back. */
export function advanceIn(courtCostsMinor: Minor, debt: Debt, original?: Original): Minor {
  if (courtCostsMinor >= 0n) return lesserMinor(courtCostsMinor, debt.advanceMinor);
  const recovered = debt.advanceRecoveredMinor;
  const most = original === undefined ? recovered : lesserMinor(original.advanceLeftMinor, recovered);
  return minor(-lesserMinor(minor(-courtCostsMinor), most));
}

/** What cash does to a debt; signed amounts. */
export interface CashMoved {
  /** all of it */
  readonly amountMinor: Minor;
  readonly applied: ClaimParts;
  readonly unappliedMinor: Minor;
  readonly advanceMinor: Minor;
  readonly commissionMinor: Minor;
}

/** The debt after cash was applied to it, or taken back. */
export function debtAfter(debt: Debt, moved: CashMoved, { overpayment }: Pick<CollectionTerms, "overpayment">): Debt {
  const { applied, advanceMinor } = moved;
  const unappliedMinor = minor(debt.unappliedMinor + moved.unappliedMinor);
  const dueMore = overpayment === "refund" && moved.unappliedMinor > 0n ? moved.unappliedMinor : zeroMinor;
  return {
    held: debt.held,
    collectedMinor: minor(debt.collectedMinor + moved.amountMinor),
    commissionMinor: minor(debt.commissionMinor + moved.commissionMinor),
    claim: debt.held ? addParts(debt.claim, negateParts(applied)) : debt.claim,
    paid: addParts(debt.paid, applied),
    unappliedMinor,
    refundDueMinor: lesserMinor(minor(debt.refundDueMinor + dueMore), unappliedMinor),
    advanceMinor: debt.held ? minor(debt.advanceMinor - advanceMinor) : debt.advanceMinor,
    advanceRecoveredMinor: minor(debt.advanceRecoveredMinor + advanceMinor),
  };
}

function assertLeft(original: Original, amountMinor: Minor, currency: string): void {
  const left = minor(original.amountMinor - original.returnedMinor);
  if (-amountMinor <= left) return;
  throw new Refusal(
    "reversal_too_large",
    `${formatMinor(-amountMinor, currency)} comes back; ${formatMinor(left, currency)} of the payment is left`,
  );
}

/**
 * The commission of a receipt, with the sign of the receipt: as stated; or the share of the original's that comes back
 * with it; or by the placement's schedule; none on money that no agency has to do with.
 */
function commissionOn(payment: IncomingPayment, debt: Debt): Minor {
  const { amountMinor, currency, statedCommissionMinor: stated, original } = payment;
  const size = minor(amountMinor < 0n ? -amountMinor : amountMinor);
  if (stated !== undefined) {
    if (original !== undefined) assertCommissionLeft(original, stated, currency);
    if (stated <= size) return minor(amountMinor < 0n ? -stated : stated);
    const [shown, bound] = [formatMinor(stated, currency), formatMinor(size, currency)];
    throw new Refusal("amount_out_of_range", `a commission of ${shown} on a payment of ${bound}`);
  }
  if (original !== undefined) {
    return commissionBack(original, amountMinor);
  }
  if (payment.channel === "own" || payment.placement === undefined || !debt.held) return zeroMinor;
  if (amountMinor < 0n) {
    return shareOf(debt.commissionMinor, { partMinor: amountMinor, wholeMinor: debt.collectedMinor });
  }
  const { placement } = payment;
  const claim = {
    balanceMinor: placement.balanceMinor,
    currency,
    ageDays: placement.ageDays,
    placement: placement.placement,
  };
  return commission(scheduleOf(placement.terms), claim, {
    amountMinor,
    channel: payment.channel,
    collectedBeforeMinor: placement.collectedMinor,
    daysSincePlacement: placement.daysSincePlacement,
    legal: payment.legal,
  }).feeMinor;
}

/**
 * The commission that comes back with a part of a payment. Counted from all that has come back by then, so that the
 * parts of a payment returned in parts sum to its commission to the cent; none where as much was taken back before.
 */
function commissionBack(original: Original, amountMinor: Minor): Minor {
  const { commissionMinor, commissionLeftMinor } = original;
  const partMinor = minor(original.returnedMinor - amountMinor);
  const keptMinor = minor(commissionMinor - shareOf(commissionMinor, { partMinor, wholeMinor: original.amountMinor }));
  return commissionLeftMinor > keptMinor ? minor(keptMinor - commissionLeftMinor) : zeroMinor;
}

function assertCommissionLeft({ commissionLeftMinor }: Original, backMinor: Minor, currency: string): void {
  if (backMinor <= commissionLeftMinor) return;
  const [shown, bound] = [formatMinor(backMinor, currency), formatMinor(commissionLeftMinor, currency)];
  throw new Refusal("reversal_too_large", `a commission of ${shown} comes back; ${bound} of it is left`);
}

const flatSchedules = new Map<string, CommissionSchedule>();

/** A flat rate is a schedule of one rule with one band. */
function scheduleOf(terms: CommissionTerms): CommissionSchedule {
  if ("schedule" in terms) return terms.schedule;
  let schedule = flatSchedules.get(terms.rate);
  if (schedule === undefined) {
    const rule = { name: "flat", method: "marginal", bands: [{ up_to: null, rate: terms.rate }] };
    schedule = commissionScheduleSchema.parse({ name: `flat ${terms.rate}`, rules: [rule] });
    flatSchedules.set(terms.rate, schedule);
  }
  return schedule;
}
