import { type ActDeclaration, reads } from "./act.js";
import { borrowingBase, crossAge, dilution, facilityRoom, simpleBase } from "./base-calculation.js";
import {
  annualBenefit,
  apr,
  bracketFee,
  type Calculation,
  calculation,
  dailyFee,
  facilityApr,
  interest,
  journal,
  monthlyCompare,
  netCostPct,
  proceeds,
  saleEntry,
  steppedFee,
  twoPeriodEar,
  weeklyInstalments,
} from "./calculation.js";
import { commission, dailyPayment, eir, netback, remittance, threeWay } from "./collection-calculation.js";
import { factoringOfferDocument, factoringOfferInput } from "./factoring-offer.js";

/** Every calculator by its name: `netback calculate NAME`, `POST /v1/calculations/NAME`. */
export const calculations = {
  "stepped-fee": steppedFee,
  "bracket-fee": bracketFee,
  "daily-fee": dailyFee,
  "weekly-instalments": weeklyInstalments,
  interest,
  apr,
  "facility-apr": facilityApr,
  "two-period-ear": twoPeriodEar,
  "annual-benefit": annualBenefit,
  "net-cost-pct": netCostPct,
  proceeds,
  "monthly-compare": monthlyCompare,
  "simple-base": simpleBase,
  "facility-room": facilityRoom,
  "cross-age": crossAge,
  dilution,
  "borrowing-base": borrowingBase,
  "factoring-offer": calculation(
    "What a factor offers on a schedule of invoices",
    factoringOfferInput,
    factoringOfferDocument,
  ),
  "sale-entry": saleEntry,
  journal,
  netback,
  commission,
  remittance,
  "three-way": threeWay,
  eir,
  "daily-payment": dailyPayment,
} as const satisfies Record<string, Calculation>;

export type CalculationName = keyof typeof calculations;
export const calculationNames = Object.keys(calculations) as CalculationName[];

type CalculationActs = {
  readonly [Name in CalculationName as `calculate-${Name}`]: ActDeclaration<
    (typeof calculations)[Name]["input"],
    (typeof calculations)[Name]["output"]
  >;
};

const everyone = ["seller", "analyst", "finance", "admin"] as const;

/** Each calculator as an act, so that it is routed and documented as every other. */
export const calculationActs = Object.fromEntries(
  calculationNames.map((name) => {
    const { summary, input, output } = calculations[name];
    return [`calculate-${name}`, reads(summary, everyone, input, output)];
  }),
) as unknown as CalculationActs;
