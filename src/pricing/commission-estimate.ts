import type { CommissionSchedule, FeeRule } from "../../models/commission.js";
import { Refusal } from "../../models/refusal.js";

/** A claim that has not been placed yet, as far as its commission depends on it. */
export interface ProspectiveClaim {
  /** in major units */
  readonly balance: number;
  readonly ageDays: number;
  /** 1 for a first placement */
  readonly placement: number;
  readonly legal: boolean;
}

interface CompiledRule {
  readonly holds: (claim: ProspectiveClaim) => boolean;
  readonly rateOn: (claim: ProspectiveClaim, payment: number) => number;
}

/**
 * Expected commission over what is collected, as a fraction: what `servicing` computes exactly for a receipt, as an
 * estimate for a million claims before any receipt is there.
 *
 * A claim that pays is taken to pay `severity` of its balance in one receipt, after the days of grace, through the
 * agency; found-paid rules never hold.
 *
 * @returns a function of the claim; it throws `assumption_out_of_range` for a claim that the schedule has no rule for
 */
export function expectedFeeRate(schedule: CommissionSchedule, severity: number): (claim: ProspectiveClaim) => number {
  const rules = schedule.rules.filter((rule) => rule.when.found_paid !== true).map(compiled);
  const minimum = Number(schedule.minimum_fee);
  return (claim) => {
    for (const rule of rules) {
      if (!rule.holds(claim)) continue;
      const payment = claim.balance * severity;
      const rate = rule.rateOn(claim, payment);
      return payment > 0 && rate * payment < minimum ? Math.min(1, minimum / payment) : rate;
    }
    const { balance, ageDays, placement } = claim;
    throw new Refusal(
      "assumption_out_of_range",
      `the commission schedule "${schedule.name}" has no rule for a claim of ${balance}, ${Math.round(ageDays)} days old, ` +
        `in placement ${placement}`,
    );
  };
}

function compiled(rule: FeeRule): CompiledRule {
  const { when } = rule;
  const minAge = when.min_age_days ?? Number.NEGATIVE_INFINITY;
  const maxAge = when.max_age_days ?? Number.POSITIVE_INFINITY;
  const minBalance = when.min_balance === undefined ? Number.NEGATIVE_INFINITY : Number(when.min_balance);
  const belowBalance = when.below_balance === undefined ? Number.POSITIVE_INFINITY : Number(when.below_balance);
  const minPlacement = when.min_placement ?? 0;
  const bands = rule.bands.map(({ up_to, rate }) => ({
    upTo: up_to === null ? Number.POSITIVE_INFINITY : Number(up_to),
    rate: Number(rate),
  }));
  const share = Number(rule.share);
  const plus = Number(rule.plus_rate);
  const bandRate = rule.method === "whole" ? wholeRate : marginalRate;
  return {
    holds: (claim) =>
      claim.ageDays >= minAge &&
      claim.ageDays <= maxAge &&
      claim.balance >= minBalance &&
      claim.balance < belowBalance &&
      claim.placement >= minPlacement &&
      (when.legal === undefined || when.legal === claim.legal),
    rateOn: (claim, payment) =>
      bandRate(bands, rule.method === "whole" ? claim.balance : payment, rule.name) * share + plus,
  };
}

type Bands = readonly { readonly upTo: number; readonly rate: number }[];

function wholeRate(bands: Bands, balance: number, rule: string): number {
  const band = bands.find(({ upTo }) => balance <= upTo);
  if (band === undefined) throw beyondBands(bands, balance, rule);
  return band.rate;
}

function marginalRate(bands: Bands, payment: number, rule: string): number {
  if (payment <= 0) return bands[0]!.rate;
  let fee = 0;
  let from = 0;
  for (const { upTo, rate } of bands) {
    fee += (Math.min(payment, upTo) - from) * rate;
    if (payment <= upTo) return fee / payment;
    from = upTo;
  }
  throw beyondBands(bands, payment, rule);
}

function beyondBands(bands: Bands, amount: number, rule: string): Refusal {
  return new Refusal(
    "assumption_out_of_range",
    `the bands of "${rule}" end at ${bands.at(-1)!.upTo}; there is none for ${amount}`,
  );
}
