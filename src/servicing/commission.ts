import type { CommissionSchedule, FeeRule } from "../../models/commission.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor, type Minor, minor, parseMinor, rate, ratio, timesRate, zeroMinor } from "../money/money.js";

/** What of a claim decides its commission, as it stood when it was placed. */
export interface PlacedClaim {
  readonly balanceMinor: Minor;
  readonly currency: string;
  /** days past due (or since charge-off) on the day of the placement */
  readonly ageDays: number;
  /** 1 for a first placement */
  readonly placement: number;
}

/** One receipt on a placed claim. A returned payment is a receipt with a negative amount. */
export interface Receipt {
  readonly amountMinor: Minor;
  readonly channel: "agency" | "direct";
  /** collected on the claim in this placement before this receipt */
  readonly collectedBeforeMinor: Minor;
  /** days from the placement to the receipt */
  readonly daysSincePlacement: number;
  readonly legal: boolean;
  readonly foundPaid?: boolean;
}

export interface Commission {
  readonly feeMinor: Minor;
  /** the rule that decided, or why there is no fee */
  readonly rule: string;
}

/**
 * The commission on one receipt, rounded once, half up (a half away from zero, so that a returned payment takes back
 * exactly the fee it had).
 *
 * In this order: a direct payment where those do not count, and a receipt within the days of grace, are free; then the
 * first rule whose conditions hold decides. Marginal bands count from the first money on the claim, so a receipt pays
 * the fee of all that is collected after it less the fee of all before it. The minimum holds for each receipt and is
 * never more than the receipt.
 *
 * @throws Refusal `assumption_out_of_range` when the schedule has no rule, or its rule no band, for the claim
 */
export function commission(schedule: CommissionSchedule, claim: PlacedClaim, receipt: Receipt): Commission {
  if (receipt.channel === "direct" && !schedule.direct_payments_count) {
    return { feeMinor: zeroMinor, rule: "direct payments earn no commission" };
  }
  if (receipt.daysSincePlacement <= schedule.grace_days && schedule.grace_days > 0) {
    return { feeMinor: zeroMinor, rule: `within ${schedule.grace_days} days of the placement` };
  }
  const rule = ruleFor(schedule, claim, { legal: receipt.legal, foundPaid: receipt.foundPaid ?? false });
  const exact = bandFee(rule, claim, receipt)
    .times(rule.share)
    .plus(rate(rule.plus_rate).times(text(receipt.amountMinor)));
  const feeMinor = timesRate(minor(1n), exact, "half_up");
  return { feeMinor: atLeast(feeMinor, parseMinor(schedule.minimum_fee, claim.currency), receipt), rule: rule.name };
}

/** The first rule of a schedule that holds for a claim. Ages, balances and placements are bounds that include. */
export function ruleFor(
  schedule: CommissionSchedule,
  claim: PlacedClaim,
  receipt: { legal: boolean; foundPaid: boolean },
): FeeRule {
  const amount = (value: string) => parseMinor(value, claim.currency);
  const found = schedule.rules.find(({ when }) => {
    return (
      (when.min_age_days === undefined || claim.ageDays >= when.min_age_days) &&
      (when.max_age_days === undefined || claim.ageDays <= when.max_age_days) &&
      (when.min_balance === undefined || claim.balanceMinor >= amount(when.min_balance)) &&
      (when.below_balance === undefined || claim.balanceMinor < amount(when.below_balance)) &&
      (when.min_placement === undefined || claim.placement >= when.min_placement) &&
      (when.legal === undefined || receipt.legal === when.legal) &&
      (when.found_paid === undefined || receipt.foundPaid === when.found_paid)
    );
  });
  if (found !== undefined) return found;
  const balance = formatMinor(claim.balanceMinor, claim.currency);
  throw new Refusal(
    "assumption_out_of_range",
    `the commission schedule "${schedule.name}" has no rule for a claim of ${balance}, ${claim.ageDays} days old, ` +
      `in placement ${claim.placement}`,
  );
}

/** Fee of the bands in minor units, exact and not rounded. */
function bandFee(rule: FeeRule, claim: PlacedClaim, receipt: Receipt) {
  if (rule.method === "whole") {
    const band = rule.bands.find(
      ({ up_to }) => up_to === null || claim.balanceMinor <= parseMinor(up_to, claim.currency),
    );
    if (band === undefined) throw beyondBands(rule, claim, claim.balanceMinor);
    return rate(band.rate).times(text(receipt.amountMinor));
  }
  const after = minor(receipt.collectedBeforeMinor + receipt.amountMinor);
  return marginalFee(rule, claim, after).minus(marginalFee(rule, claim, receipt.collectedBeforeMinor));
}

/** Fee on all that is collected on a claim, each slice at the rate of its band. Symmetric below zero. */
function marginalFee(rule: FeeRule, claim: PlacedClaim, collected: Minor) {
  const size = collected < 0n ? -collected : collected;
  let fee = rate("0");
  let from = 0n;
  for (const { up_to, rate: bandRate } of rule.bands) {
    const to = up_to === null ? size : parseMinor(up_to, claim.currency);
    const slice = (size < to ? size : to) - from;
    if (slice > 0n) fee = fee.plus(rate(bandRate).times(slice.toString()));
    if (size <= to) return collected < 0n ? fee.negated() : fee;
    from = to;
  }
  throw beyondBands(rule, claim, collected);
}

function beyondBands(rule: FeeRule, claim: PlacedClaim, amount: Minor): Refusal {
  const last = rule.bands.at(-1)!.up_to;
  const shown = formatMinor(amount, claim.currency);
  return new Refusal(
    "assumption_out_of_range",
    `the bands of "${rule.name}" end at ${last}; there is none for ${shown}`,
  );
}

function atLeast(fee: Minor, minimum: Minor, receipt: Receipt): Minor {
  const sign = receipt.amountMinor < 0n ? -1n : 1n;
  const size = receipt.amountMinor * sign;
  const least = minimum < size ? minimum : size;
  return fee * sign >= least ? fee : minor(least * sign);
}

function text(amount: Minor): string {
  return amount.toString();
}

/** What the owner keeps of a collection. */
export interface NetBack {
  readonly netBackMinor: Minor;
  /** net-back over the face that was placed, as a decimal fraction of six places; null where no face is given */
  readonly netBackRateOfFace: string | null;
}

/**
 * Net-back: collected - commission - costs charged to the owner. The rate is over the *face placed*, which is the
 * gross recovery rate x (1 - fee rate) where there are no costs; it is not the recovery rate less the fee rate [S51
 * prints that, and is wrong].
 */
export function netBack(of: { collected: Minor; fee: Minor; costs?: Minor; placed?: Minor }): NetBack {
  const netBackMinor = minor(of.collected - of.fee - (of.costs ?? 0n));
  const hasFace = of.placed !== undefined && of.placed !== 0n;
  return { netBackMinor, netBackRateOfFace: hasFace ? ratio(netBackMinor, of.placed!, 6, "half_even") : null };
}
