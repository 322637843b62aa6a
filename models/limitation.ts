import { z } from "zod";

/**
 * Limitation (the trade's sol, statute of limitations): for how long a debt can be sued on. A rule belongs to one
 * jurisdiction, states a number of years for each class of debt, and carries its citation and the day it was looked at.
 */

/** In what form the debt was incurred: contract in writing, promissory note, open account. */
export const debtClasses = ["written", "promissory", "open"] as const;
export type DebtClass = (typeof debtClasses)[number];

const years = z.number().positive().max(50);
const yearsByClass = z.strictObject({ written: years, promissory: years, open: years });
export type YearsByClass = z.infer<typeof yearsByClass>;

export const limitationRuleSchema = z.strictObject({
  /** two-letter code, ISO 3166-2:US */
  state: z.string().regex(/^[A-Z]{2}$/),
  years: yearsByClass,
  /** classes of debt on which the sources of the rule do not agree; the shortest of them is what `years` says */
  disputed: z.array(z.enum(debtClasses)),
  /**
   * Whether a payment after the default starts the time anew. `unknown` is treated as `none`: the last payment does
   * not extend the time.
   */
  revival: z.enum(["payment", "none", "unknown"]),
  citation: z.string().min(1),
  /** the day the source was read, YYYY-MM-DD */
  seen_on: z.iso.date(),
});
export type LimitationRule = z.infer<typeof limitationRuleSchema>;

export const limitationTableSchema = z.strictObject({
  version: z.string().min(1),
  rules: z
    .array(limitationRuleSchema)
    .refine((rules) => new Set(rules.map((rule) => rule.state)).size === rules.length, "one rule for each state"),
});
export type LimitationTable = z.infer<typeof limitationTableSchema>;
