import { z } from "zod";

/**
 * What an agency charges on what it collects. A schedule is data: rules in order of precedence, the first one that
 * fits a receipt decides. Rates are decimal strings as fractions of the money collected ("0.25" is 25 %).
 */

const decimalRate = z.string().regex(/^(0(\.\d{1,10})?|1(\.0{1,10})?)$/, 'must be a decimal fraction from "0" to "1"');
const decimalAmount = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, "must be a decimal amount of zero or more");

const feeBand = z.strictObject({
  up_to: decimalAmount
    .nullable()
    .describe("The band holds amounts up to and including this one; null: no upper end, only on the last band"),
  rate: decimalRate.describe("What is charged in the band, as a fraction of the money collected"),
});

const feeCondition = z.strictObject({
  min_age_days: z.number().int().min(0).max(36_500).optional().describe("Days past due when placed, at least"),
  max_age_days: z.number().int().min(0).max(36_500).optional().describe("Days past due when placed, at most"),
  min_balance: decimalAmount.optional().describe("The balance when placed is at least this"),
  below_balance: decimalAmount.optional().describe("The balance when placed is below this"),
  min_placement: z
    .number()
    .int()
    .min(1)
    .max(20)
    .optional()
    .describe("How often the claim was placed, this placement included: 2 is a second placement"),
  legal: z.boolean().optional().describe("The receipt came by suit or through an attorney"),
  found_paid: z
    .boolean()
    .optional()
    .describe("The balance turned out to be paid, or the goods returned, before the placement"),
});

const feeRule = z.strictObject({
  name: z.string().min(1).max(120).describe("Name of the rule, 1 to 120 characters"),
  when: feeCondition.default({}).describe("When the rule applies: all that is given must hold; always when left out"),
  method: z
    .enum(["marginal", "whole"])
    .describe(
      "How the bands work: marginal: each slice of the money collected on the claim, counted from its first receipt, pays the rate of its band; whole: the balance placed picks one band, and its rate holds for every receipt",
    ),
  bands: z.array(feeBand).min(1).max(20).describe("Rates by amount, rising, 1 to 20 of them"),
  plus_rate: decimalRate
    .default("0")
    .describe("Charged on top, as a fraction of the money collected (a forwarder's service fee)"),
  share: decimalRate
    .default("1")
    .describe("The fee of the bands is multiplied by this (a discovery fee is half the commission)"),
});
export type FeeRule = z.infer<typeof feeRule>;

export const commissionScheduleSchema = z
  .strictObject({
    name: z.string().min(1).max(120).describe("Name of the schedule, 1 to 120 characters"),
    source: z
      .string()
      .max(400)
      .nullable()
      .default(null)
      .describe("Where the schedule was printed; null for one agreed with the agency"),
    rules: z
      .array(feeRule)
      .min(1)
      .max(40)
      .describe("In order of precedence: the first rule that fits a receipt decides, 1 to 40 of them"),
    grace_days: z
      .number()
      .int()
      .min(0)
      .max(365)
      .default(0)
      .describe("Receipts up to so many days after the placement are free of commission"),
    direct_payments_count: z
      .boolean()
      .default(true)
      .describe("Money the debtor pays straight to the owner earns commission too"),
    minimum_fee: decimalAmount.default("0").describe("Least commission on a receipt, never more than the receipt"),
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
