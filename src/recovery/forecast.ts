import { type Assumptions, stages } from "../../models/strategy.js";
import { productTypes } from "../../models/tape.js";
import { commercialLifetimeRates, consumerLifetimeRates, oldestAgeMonths, productFactors } from "./rates.js";
import { cumulativeShares } from "./timing.js";

/** What the forecast needs to know of the rows of a tape: arrays of one entry a row. */
export interface ForecastRows {
  /** current balance in major units */
  readonly balances: Float64Array;
  /** 0: the row is priced; anything else: it is not */
  readonly status: Uint8Array;
  /** index into `stages` */
  readonly stage: Uint8Array;
  /** whole months since charge-off; negative: unknown */
  readonly ageMonths: Int16Array;
  /** whole months past due, read for commercial claims only; negative: unknown */
  readonly pastDueMonths: Int16Array;
  /** index into `productTypes`; one more than the last: unknown, taken as `other` */
  readonly product: Uint8Array;
  /** multiplies the expected cash of the row; absent: 1 */
  readonly multiplier?: Float64Array | undefined;
}

/** Timing curves: consumer debts follow the first, commercial claims the second. */
export const curves = ["consumer", "commercial"] as const;

/** Expected gross collections, before any cost. Money is in major units. */
export interface Forecast {
  /** over the horizon, by row */
  readonly expectedGross: Float64Array;
  /** over the whole life, summed by curve and stage: `lifetime[curve * stages.length + stage]` */
  readonly lifetime: Float64Array;
  /** of the priced rows */
  readonly accounts: number;
  readonly face: number;
  /** face of the priced rows by stage, consumer debts only */
  readonly consumerFaceByStage: Float64Array;
  /** what the freshest consumer debts bring over the horizon, as a fraction of face, before product and multipliers */
  readonly freshRate: number;
  /** variance of the sum of what the accounts pay over the horizon, were they independent of each other */
  readonly accountVariance: number;
}

/**
 * Expected gross cash of each row and of the whole, in one pass over the rows and in their order, so that the sums are
 * the same to the last bit wherever the rows come from.
 *
 * A row's lifetime cash is balance x lifetime rate (stage and age, or months past due for a commercial claim) x
 * product factor x multipliers, and never more than the balance. What falls beyond the horizon is not counted, and
 * not moved into it.
 *
 * The variance is that of a compound Bernoulli: an account pays its severity s of the balance or nothing, with the
 * mean r of the balance, which makes r (s - r) x balance squared.
 */
export function forecast(rows: ForecastRows, assumptions: Assumptions): Forecast {
  const { recovery, horizon_months: horizon } = assumptions;
  const consumer = consumerLifetimeRates(recovery);
  const commercial = commercialLifetimeRates(recovery.commercial_collectability);
  const horizonShares = [recovery.timing, recovery.commercial_timing].map(
    (timing) => cumulativeShares(timing, horizon)[horizon]!,
  );
  const factors = productFactors(recovery);
  const commercialCode = productTypes.indexOf("commercial");
  const unknownAge = Math.round(recovery.unknown_age_months);
  const { severity } = assumptions.interval;
  const multiplyAll = recovery.collections_multiplier;

  const expectedGross = new Float64Array(rows.balances.length);
  const lifetime = new Float64Array(curves.length * stages.length);
  const consumerFaceByStage = new Float64Array(stages.length);
  const freshRate = Math.max(...consumer) * horizonShares[0]!;
  let accounts = 0;
  let face = 0;
  let accountVariance = 0;
  for (let i = 0; i < expectedGross.length; i++) {
    if (rows.status[i] !== 0) continue;
    const balance = rows.balances[i]!;
    const stage = rows.stage[i]!;
    const product = rows.product[i]!;
    const isCommercial = product === commercialCode;
    const known = isCommercial ? rows.pastDueMonths[i]! : rows.ageMonths[i]!;
    const age = known < 0 ? unknownAge : Math.min(known, oldestAgeMonths);
    let rate = isCommercial ? commercial[age]! : consumer[stage * (oldestAgeMonths + 1) + age]!;
    rate *= factors[product]! * multiplyAll;
    if (rows.multiplier !== undefined) rate *= rows.multiplier[i]!;
    if (rate > 1) rate = 1;

    const curve = isCommercial ? 1 : 0;
    const inHorizon = rate * horizonShares[curve]!;
    expectedGross[i] = balance * inHorizon;
    lifetime[curve * stages.length + stage]! += balance * rate;
    accounts++;
    face += balance;
    if (!isCommercial) consumerFaceByStage[stage]! += balance;
    if (inHorizon < severity) accountVariance += balance * balance * inHorizon * (severity - inHorizon);
  }
  return { expectedGross, lifetime, accounts, face, consumerFaceByStage, freshRate, accountVariance };
}
