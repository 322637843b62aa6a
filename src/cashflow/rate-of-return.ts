/**
 * Internal rates of return: irr of evenly spaced flows, xirr of dated ones (365-day years, as spreadsheets count).
 *
 * A rate is looked for only after the question is known to make sense: are there two flows, do they change sign, can a
 * root be bracketed? Only then it is solved, and where there is no answer the answer says why.
 */
import type { Day } from "../calendar/day.js";
import { findRoot } from "./root.js";

export type NoRate =
  /** fewer than two flows that are not zero */
  | "too_few_flows"
  /** money goes one way only, so that no rate brings it to zero */
  | "no_sign_change"
  /** the rate lies outside -99.9999998 % ... 5e21, or the flow has no rate at all */
  | "not_bracketed"
  /** several rates bring the flow to zero and none is better founded than the others */
  | "multiple_rates";

export type RateAnswer =
  | { readonly rate: number }
  | { readonly rate: null; readonly reason: NoRate; readonly detail: string };

/** Rate per period of an evenly spaced flow (index 0 = today). */
export function irr(flow: Float64Array): RateAnswer {
  return solve(flow, () => evenValue(flow, 1));
}

/** Effective annual rate of a monthly flow (index 0 = today, index m = end of month m). */
export function irrMonthly(flow: Float64Array): RateAnswer {
  return solve(flow, () => evenValue(flow, 12));
}

/**
 * Effective annual rate of dated flows: the r with sum of amount / (1 + r)^(days / 365) = 0, as XIRR in spreadsheets.
 * The flows may stand in any order; those of one day are taken together.
 * @throws RangeError when there are not as many dates as amounts
 */
export function xirr(dates: readonly Day[], amounts: ArrayLike<number>): RateAnswer {
  if (dates.length !== amounts.length) throw new RangeError(`${dates.length} dates, ${amounts.length} amounts`);
  const byDay = new Map<Day, number>();
  for (let i = 0; i < dates.length; i++) byDay.set(dates[i]!, (byDay.get(dates[i]!) ?? 0) + amounts[i]!);
  const days = [...byDay.keys()].filter((day) => byDay.get(day) !== 0).sort((a, b) => a - b);
  const flow = Float64Array.from(days, (day) => byDay.get(day)!);
  return solve(flow, () => datedValue(flow, days));
}

/**
 * Value of a flow at the rate exp(logRate) - 1, times a positive factor that keeps it within range: seen from the first
 * flow when the rate is positive, from the last when it is negative. Its sign and its roots are those of the npv.
 */
type Value = (logRate: number) => number;

function evenValue(flow: Float64Array, periodsPerUnit: number): Value {
  // Zeros at the ends would only take the value out of range.
  const moving = flow.subarray(
    flow.findIndex((amount) => amount !== 0),
    flow.findLastIndex((amount) => amount !== 0) + 1,
  );
  return (logRate) => {
    const factor = Math.exp(-Math.abs(logRate) / periodsPerUnit);
    let value = 0;
    if (logRate < 0) for (let m = 0; m < moving.length; m++) value = value * factor + moving[m]!;
    else for (let m = moving.length - 1; m >= 0; m--) value = value * factor + moving[m]!;
    return value;
  };
}

function datedValue(flow: Float64Array, days: readonly Day[]): Value {
  return (logRate) => {
    const seenFrom = logRate < 0 ? days.at(-1)! : days[0]!;
    let value = 0;
    for (let i = 0; i < flow.length; i++) value += flow[i]! * Math.exp((logRate * (seenFrom - days[i]!)) / 365);
    return value;
  };
}

/**
 * Bounds of ln(1 + rate) between which a rate is looked for, and the points at which roots are bracketed when the flow
 * changes sign more than once: steps of 1.6 % near zero, widening outwards.
 */
const lowest = -20;
const highest = 50;
const gridSteps = 300;
const grid = Array.from({ length: gridSteps + 1 }, (_, k) => {
  const [from, to] = [Math.asinh(2 * lowest), Math.asinh(2 * highest)];
  return k === 0 ? lowest : k === gridSteps ? highest : Math.sinh(from + ((to - from) * k) / gridSteps) / 2;
});

function solve(flow: Float64Array, makeValue: () => Value): RateAnswer {
  for (const amount of flow) if (!Number.isFinite(amount)) throw new RangeError(`a flow of ${amount}`);
  const amounts = flow.filter((amount) => amount !== 0);
  if (amounts.length < 2) {
    const detail = `${amounts.length} of the flows are not zero; two are needed`;
    return { rate: null, reason: "too_few_flows", detail };
  }
  const changes = signChanges(amounts);
  if (changes === 0) {
    const way = amounts[0]! > 0 ? "inflows" : "outflows";
    return { rate: null, reason: "no_sign_change", detail: `all ${amounts.length} flows are ${way}` };
  }
  // By Descartes' rule of signs one change of sign means exactly one root, so that the widest bracket will do.
  const roots = bracketed(makeValue(), changes === 1 ? [lowest, highest] : grid);
  return choose(roots, amounts, changes);
}

function signChanges(amounts: Float64Array): number {
  let changes = 0;
  for (let i = 1; i < amounts.length; i++) if (amounts[i]! > 0 !== amounts[i - 1]! > 0) changes++;
  return changes;
}

/** Roots in ln(1 + rate), one for each step between the points over which the value changes its sign. */
function bracketed(value: Value, points: readonly number[]): number[] {
  const roots: number[] = [];
  let valueLeft = value(points[0]!);
  for (let k = 1; k < points.length; k++) {
    const valueRight = value(points[k]!);
    if (valueRight === 0) roots.push(points[k]!);
    else if (valueLeft !== 0 && valueLeft > 0 !== valueRight > 0) {
      roots.push(findRoot(value, points[k - 1]!, points[k]!));
    }
    valueLeft = valueRight;
  }
  return roots;
}

/**
 * One root is the answer. Of several, the one that agrees with the flow's own gain is: who got back more than was put
 * in has not earned a negative rate. (Costs after the last collection put such a second root near -100 %.) Where that
 * does not leave exactly one, they are all named and none is chosen. Two roots within one step of the grid are not seen.
 */
function choose(roots: number[], amounts: Float64Array, changes: number): RateAnswer {
  if (roots.length === 0) {
    const detail = `${changes} changes of sign, but no rate between -99.9999998 % and 5e21 brings the flow to zero`;
    return { rate: null, reason: "not_bracketed", detail };
  }
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const gain = amounts[0]! < 0 ? total : -total;
  const agreeing = roots.length === 1 ? roots : roots.filter((root) => root * gain > 0);
  if (agreeing.length === 1) return { rate: Math.expm1(agreeing[0]!) };
  const named = roots.map((root) => `${(Math.expm1(root) * 100).toPrecision(6)} %`).join(", ");
  return { rate: null, reason: "multiple_rates", detail: `${changes} changes of sign; rates that fit: ${named}` };
}
