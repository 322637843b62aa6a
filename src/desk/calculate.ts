import { type CalculationName, calculations } from "../../models/calculations.js";
import { Refusal } from "../../models/refusal.js";
import * as base from "./calculate-base.js";
import * as benefit from "./calculate-benefit.js";
import * as collections from "./calculate-collections.js";
import type { Answered, Asked } from "./calculate-fees.js";
import * as fees from "./calculate-fees.js";
import type { Context } from "./desk.js";
import { factoringOffer } from "./factoring-offer.js";
import { parseInput, placed } from "./parse-input.js";

/** How each calculator answers. None needs a store. */
export const answers: { readonly [Name in CalculationName]: (asked: Asked<Name>) => Answered<Name> } = {
  "stepped-fee": fees.steppedFee,
  "bracket-fee": fees.bracketFee,
  "daily-fee": fees.dailyFee,
  "weekly-instalments": fees.weeklyInstalments,
  interest: fees.interest,
  apr: fees.apr,
  "facility-apr": fees.facilityApr,
  "two-period-ear": fees.twoPeriodEar,
  "annual-benefit": benefit.annualBenefit,
  "net-cost-pct": benefit.netCostPct,
  proceeds: benefit.proceeds,
  "monthly-compare": benefit.monthlyCompare,
  "simple-base": base.simpleBase,
  "facility-room": base.facilityRoom,
  "cross-age": base.crossAge,
  dilution: base.dilution,
  "borrowing-base": base.borrowingBase,
  "factoring-offer": factoringOffer,
  "sale-entry": benefit.saleEntry,
  journal: benefit.journal,
  netback: collections.netback,
  commission: collections.commission,
  remittance: collections.remittance,
  "three-way": collections.threeWay,
  eir: collections.eir,
  "daily-payment": collections.dailyPayment,
};

/**
 * Answers one question from the figures given, without a store.
 *
 * @param name one of the calculators; underscores stand for hyphens
 * @throws Refusal `usage` for a name that is none, `invalid_request` with every fault in the figures
 */
export function calculate(name: string, figures: unknown): unknown {
  const known = name.replaceAll("_", "-");
  if (!Object.hasOwn(calculations, known)) {
    throw new Refusal("usage", `there is no calculation "${name}"; there are ${Object.keys(calculations).join(", ")}`);
  }
  const { input } = calculations[known as CalculationName];
  const answer = answers[known as CalculationName] as (asked: unknown) => unknown;
  const asked = parseInput(input, figures);
  try {
    return answer(asked);
  } catch (error) {
    throw placed(error, asked);
  }
}

/** The same as acts of the desk, which is how the other doors reach them. */
export const calculators = (Object.keys(answers) as CalculationName[]).map((name) => ({
  name: `calculate-${name}` as const,
  run: async (_context: Context, asked: unknown) => (answers[name] as (asked: unknown) => unknown)(asked),
}));
