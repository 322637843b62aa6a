import { type Assumptions, stages } from "../../models/strategy.js";
import { curves, type Forecast } from "../recovery/forecast.js";
import type { ModelForecast } from "../recovery/model-forecast.js";
import { cumulativeShares } from "../recovery/timing.js";

/** A monthly flow, index 0 the day of the purchase, index m the end of month m; major units; costs are positive. */
export interface NetFlow {
  readonly gross: Float64Array;
  readonly variable: Float64Array;
  readonly perAccount: Float64Array;
  readonly court: Float64Array;
  readonly putbackReserve: Float64Array;
  readonly resale: Float64Array;
  /** gross - all costs + resale */
  readonly net: Float64Array;
}

/** What may go otherwise than assumed. Multipliers of collections and of costs; months of delay; another horizon. */
export interface Shock {
  readonly collections?: number;
  readonly costs?: number;
  readonly delayMonths?: number;
  readonly horizonMonths?: number;
}

/** Longest horizon that a shock may ask for beyond the one assumed, in months. */
export const horizonReach = 24;

/**
 * The gross collections of a part of the portfolio by month.
 * @param lifetime gross over the whole life by timing curve, in major units
 */
export function grossByMonth(basis: FlowBasis, lifetime: ArrayLike<number>): Float64Array {
  const gross = new Float64Array(basis.assumptions.horizon_months + 1);
  for (const [c, shares] of basis.monthlyShares.entries()) {
    for (let m = 0; m < gross.length; m++) gross[m]! += lifetime[c]! * shares[m]!;
  }
  return gross;
}

/** Turns shocks into flows: what does not depend on the shock is worked out once. */
export interface FlowBasis {
  readonly assumptions: Assumptions;
  readonly face: number;
  readonly accounts: number;
  readonly courtCost: number;
  /** by curve: share of lifetime cash in each month, to the horizon and its reach */
  readonly monthlyShares: readonly Float64Array[];
  /** by curve: lifetime gross and lifetime variable cost */
  readonly lifetimeGross: Float64Array;
  readonly lifetimeVariable: Float64Array;
}

/**
 * @param forecast  by the priors, or by a model, which brings its own timing
 * @param courtCost expected court costs in major units, paid in the suit month
 */
export function flowBasis(forecast: Forecast | ModelForecast, assumptions: Assumptions, courtCost: number): FlowBasis {
  const { recovery, costs, horizon_months: horizon } = assumptions;
  const lifetimeGross = new Float64Array(curves.length);
  const lifetimeVariable = new Float64Array(curves.length);
  for (let c = 0; c < curves.length; c++) {
    for (const [s, stage] of stages.entries()) {
      const gross = forecast.lifetime[c * stages.length + s]!;
      lifetimeGross[c]! += gross;
      lifetimeVariable[c]! += gross * costs.variable_rate[stage];
    }
  }
  const priorShares = () =>
    [recovery.timing, recovery.commercial_timing].map((timing) => {
      const cumulative = cumulativeShares(timing, horizon + horizonReach);
      return cumulative.map((share, m) => (m === 0 ? 0 : share - cumulative[m - 1]!));
    });
  const monthlyShares = "own" in forecast ? forecast.own.monthlyShares : priorShares();
  const { face, accounts } = forecast;
  return { assumptions, face, accounts, courtCost, monthlyShares, lifetimeGross, lifetimeVariable };
}

/**
 * Net monthly cash before the price: gross - variable cost - per-account cost - court costs - put-back reserve, and
 * the resale of what is left at the horizon.
 *
 * A delay moves collections and what is paid out of them; what is delayed beyond the horizon is lost. Costs that do not
 * depend on collections stay where they are. Per-account cost is money per account, never a share of face: on small
 * balances the difference decides. The put-back reserve is no cost that a shock of costs would move.
 */
export function netFlow(basis: FlowBasis, shock: Shock = {}): NetFlow {
  const { costs, resale: terms, horizon_months } = basis.assumptions;
  const horizon = shock.horizonMonths ?? horizon_months;
  const collections = shock.collections ?? 1;
  const dearer = shock.costs ?? 1;
  const delay = shock.delayMonths ?? 0;
  const column = () => new Float64Array(horizon + 1);
  const [gross, variable, perAccount, court] = [column(), column(), column(), column()];
  const [putbackReserve, resale, net] = [column(), column(), column()];

  perAccount[0] = basis.accounts * costs.per_account * dearer;
  court[Math.min(costs.suit_month, horizon)] = basis.courtCost * dearer;
  let collected = 0;
  for (let m = 0; m <= horizon; m++) {
    for (let c = 0; m > delay && c < basis.monthlyShares.length; c++) {
      const share = basis.monthlyShares[c]![m - delay]! * collections;
      gross[m]! += basis.lifetimeGross[c]! * share;
      variable[m]! += basis.lifetimeVariable[c]! * share * dearer;
    }
    putbackReserve[m] = gross[m]! * costs.putback_reserve_rate;
    collected += gross[m]!;
    if (m === horizon) resale[m] = Math.max(0, basis.face - collected) * terms.price_rate;
    net[m] = gross[m]! - variable[m]! - perAccount[m]! - court[m]! - putbackReserve[m]! + resale[m]!;
  }
  return { gross, variable, perAccount, court, putbackReserve, resale, net };
}

export function sumOf(flow: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < flow.length; i++) sum += flow[i]!;
  return sum;
}
