import { z } from "zod";

/**
 * What an agency charges on what it collects. A schedule is data: rules in order of precedence, the first one that
 * fits a receipt decides. Rates are decimal strings as fractions of the money collected ("0.25" is 25 %).
 */

const decimalRate = z.string().regex(/^(0(\.\d{1,10})?|1(\.0{1,10})?)$/, 'must be a decimal fraction from "0" to "1"');
const decimalAmount = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, "must be a decimal amount of zero or more");

const feeBand = z.strictObject({
  /** the band holds amounts up to and including this one; null: no upper end, only on the last band */
  up_to: decimalAmount.nullable(),
  rate: decimalRate,
});

/** All that is given must hold for the rule to apply. Ages in days past due when placed; balances when placed. */
const feeCondition = z.strictObject({
  min_age_days: z.number().int().min(0).max(36_500).optional(),
  max_age_days: z.number().int().min(0).max(36_500).optional(),
  /** the balance is at least this */
  min_balance: decimalAmount.optional(),
  /** the balance is below this */
  below_balance: decimalAmount.optional(),
  /** how often the claim was placed, this placement included: 2 is a second placement */
  min_placement: z.number().int().min(1).max(20).optional(),
  /** the receipt came by suit or through an attorney */
  legal: z.boolean().optional(),
  /** the balance turned out to be paid, or the goods returned, before the placement */
  found_paid: z.boolean().optional(),
});

const feeRule = z.strictObject({
  name: z.string().min(1).max(120),
  when: feeCondition.default({}),
  /**
   * How the bands work. `marginal`: each slice of the money collected on the claim, counted from its first receipt,
   * pays the rate of its band. `whole`: the balance placed picks one band, and its rate holds for every receipt.
   */
  method: z.enum(["marginal", "whole"]),
  bands: z.array(feeBand).min(1).max(20),
  /** charged on top, as a fraction of the money collected (a forwarder's service fee) */
  plus_rate: decimalRate.default("0"),
  /** the fee of the bands is multiplied by this (a discovery fee is half the commission) */
  share: decimalRate.default("1"),
});
export type FeeRule = z.infer<typeof feeRule>;

export const commissionScheduleSchema = z
  .strictObject({
    name: z.string().min(1).max(120),
    /** where the schedule was printed; null for one agreed with the agency */
    source: z.string().max(400).nullable().default(null),
    rules: z.array(feeRule).min(1).max(40),
    /** receipts up to so many days after the placement are free of commission */
    grace_days: z.number().int().min(0).max(365).default(0),
    /** money the debtor pays straight to the owner earns commission too */
    direct_payments_count: z.boolean().default(true),
    /** least commission on a receipt, never more than the receipt */
    minimum_fee: decimalAmount.default("0"),
  })
  .superRefine((schedule, context) => {
    schedule.rules.forEach((rule, r) => {
      rule.bands.forEach((band, b) => {
        const previous = rule.bands[b - 1];
        const ascending =
          previous === undefined ||
          (previous.up_to !== null && (band.up_to === null || Number(band.up_to) > Number(previous.up_to)));
        if (ascending) return;
        const path = ["rules", r, "bands", b, "up_to"];
        context.addIssue({
          code: "custom",
          path,
          input: band.up_to,
          message: "bands must rise; only the last is open",
        });
      });
    });
  });
export type CommissionSchedule = z.infer<typeof commissionScheduleSchema>;
export type CommissionScheduleInput = z.input<typeof commissionScheduleSchema>;
