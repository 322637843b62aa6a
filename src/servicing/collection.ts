import type { CommissionTerms } from "../../models/agency.js";
import { type CommissionSchedule, commissionScheduleSchema } from "../../models/commission.js";
import type { PaymentChannel } from "../../models/payment.js";
import { Refusal } from "../../models/refusal.js";
import { afterCollection, costRelief, type Investment } from "../ledger/cost-recovery.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { collectionEntry } from "../ledger/events.js";
import { applyPayment, shareOf } from "../ledger/payment-application.js";
import { formatMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import { commission } from "./commission.js";

/** One debt, as far as a payment on it goes. Amounts in minor units. */
export interface Debt {
  readonly claimMinor: Minor;
  /** gross, less what came back */
  readonly collectedMinor: Minor;
  readonly unappliedMinor: Minor;
  readonly commissionMinor: Minor;
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
}

/** The payment that comes back, as it was recorded. */
export interface Original {
  readonly amountMinor: Minor;
  readonly commissionMinor: Minor;
  readonly returnedMinor: Minor;
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
  readonly appliedMinor: Minor;
  readonly unappliedMinor: Minor;
  readonly commissionMinor: Minor;
  readonly debt: Debt;
  readonly investment: Investment;
  readonly entry: EntryDraft;
}

/**
 * What one payment does to the debt, to the investment and to the books. Pure: payments are booked one after the other by
 * handing on the debt and the investment that come out.
 *
 * @throws Refusal `reversal_too_large` when more comes back than was paid, `amount_out_of_range` for a commission over the payment
 */
export function bookCollection(
  payment: IncomingPayment,
  before: { debt: Debt; investment: Investment },
): BookedCollection {
  const { debt, investment } = before;
  const { amountMinor, currency } = payment;
  if (payment.original !== undefined) assertLeft(payment.original, amountMinor, currency);
  const { appliedMinor, unappliedMinor } = applyPayment({ ...debt, paidMinor: debt.collectedMinor }, amountMinor);
  const commissionMinor = commissionOn(payment, debt);
  const costReliefMinor = costRelief(investment, appliedMinor);
  return {
    appliedMinor,
    unappliedMinor,
    commissionMinor,
    debt: {
      claimMinor: minor(debt.claimMinor - appliedMinor),
      collectedMinor: minor(debt.collectedMinor + amountMinor),
      unappliedMinor: minor(debt.unappliedMinor + unappliedMinor),
      commissionMinor: minor(debt.commissionMinor + commissionMinor),
    },
    investment: afterCollection(investment, { appliedMinor, costReliefMinor }),
    entry: collectionEntry({
      channel: payment.channel,
      appliedMinor,
      unappliedMinor,
      commissionMinor,
      costReliefMinor,
    }),
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
    if (stated <= size) return minor(amountMinor < 0n ? -stated : stated);
    const [shown, bound] = [formatMinor(stated, currency), formatMinor(size, currency)];
    throw new Refusal("amount_out_of_range", `a commission of ${shown} on a payment of ${bound}`);
  }
  if (original !== undefined) {
    return shareOf(original.commissionMinor, { partMinor: amountMinor, wholeMinor: original.amountMinor });
  }
  if (payment.channel === "own" || payment.placement === undefined) return zeroMinor;
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
