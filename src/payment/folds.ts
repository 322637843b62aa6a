import { quantileSorted } from "simple-statistics";
import type { Calibration, PaymentFold, PaymentModel } from "../../models/payment-card.js";
import { missing } from "../../models/tape.js";
import { type Day, formatDay } from "../calendar/day.js";
import { factsAt, type InvoiceFacts } from "./facts.js";
import { fitModel, type ModelOptions } from "./fit-model.js";
import { historyAsOf } from "./history.js";
import { areaUnderCurve, brierScore, meanAbsoluteError } from "./measures.js";
import { outlookOf, PaymentTiming } from "./predict.js";

/** Forecasts of invoices whose outcome is known, beside it. */
interface Tested {
  readonly late: Float64Array;
  readonly isLate: Uint8Array;
  readonly middle: Float64Array;
  readonly p90: Float64Array;
  readonly days: Float64Array;
}

/** Shares of the invoices, in the order of their issue, at which a fold's day stands. */
const foldShares = [0.55, 0.7, 0.85];
const leastLearned = 30;
const leastTested = 10;

/**
 * Tests a model out of time: fitted again on what was known on an earlier day, it forecasts the invoices issued from
 * that day on, as on the day of their issue. Only those can be tested whose settlement is known by now; towards the end
 * of a history these are the ones that were paid soon, so that late ones are rarer among them than they will be.
 */
export function testOutOfTime(
  all: InvoiceFacts,
  knownUntil: number,
  options: ModelOptions,
): { folds: PaymentFold[]; calibration: Calibration[] } {
  const known = historyAsOf(all, knownUntil);
  const issued = Int32Array.from(known.facts.issued).sort();
  const cuts = issued.length === 0 ? [] : foldShares.map((share) => issued[Math.floor(share * issued.length)]!);
  const folds: PaymentFold[] = [];
  const tests: Tested[] = [];
  for (const cut of new Set(cuts)) {
    const fold = testFrom(all, { cut, knownUntil }, options);
    if (fold === null) continue;
    folds.push(fold.fold);
    tests.push(fold.tested);
  }
  return { folds, calibration: calibrationOf(tests) };
}

/**
 * One fold: learned from what was settled before `cut`, tested on what was issued from then on and settled before
 * `knownUntil`. Null where either is too little.
 */
export function testFrom(
  all: InvoiceFacts,
  days: { cut: number; knownUntil: number },
  options: ModelOptions,
): { fold: PaymentFold; tested: Tested } | null {
  const history = historyAsOf(all, days.cut);
  const rows = testRows(all, days);
  if (history.settledCount < leastLearned || rows.length < leastTested) return null;
  const model = fitModel(history, options);
  const tested = forecast(model, factsAt(all, rows));
  const past: { days: number[]; late: number } = { days: [], late: 0 };
  for (let i = 0; i < history.days.length; i++) {
    if (history.isSettled[i] === 0) continue;
    past.days.push(history.days[i]!);
    if (history.days[i]! > history.facts.termsDays[i]!) past.late++;
  }
  const usual = quantileSorted(
    past.days.sort((a, b) => a - b),
    0.5,
  );
  const share = past.late / past.days.length;
  const { late, isLate, middle, p90, days: actual } = tested;
  const fold: PaymentFold = {
    as_of: formatDay(days.cut as Day),
    learned_from: history.settledCount,
    tested_on: rows.length,
    late_share: mean(isLate),
    late_forecast: mean(late),
    auc: areaUnderCurve(late, isLate),
    brier: brierScore(late, isLate),
    brier_of_constant: brierScore(new Float64Array(rows.length).fill(share), isLate),
    mae_days: meanAbsoluteError(middle, actual),
    mae_days_of_constant: meanAbsoluteError(new Float64Array(rows.length).fill(usual), actual),
    covered_by_p90: mean(Uint8Array.from(p90, (bound, i) => (actual[i]! <= bound ? 1 : 0))),
  };
  return { fold, tested };
}

/** Invoices issued from the cut on, with an amount and a due date, whose settlement is known. */
function testRows({ rows, issued, settled, amount, termsDays }: InvoiceFacts, at: { cut: number; knownUntil: number }) {
  const chosen: number[] = [];
  for (let i = 0; i < rows; i++) {
    const settledOn = settled?.[i] ?? missing.day;
    if (issued[i]! < at.cut || settledOn === missing.day || settledOn >= at.knownUntil) continue;
    if (settledOn >= issued[i]! && amount[i]! > 0 && !Number.isNaN(termsDays[i]!)) chosen.push(i);
  }
  return Int32Array.from(chosen);
}

function forecast(model: PaymentModel, facts: InvoiceFacts): Tested {
  const timing = new PaymentTiming(model, outlookOf(model, facts, null));
  const sized = () => new Float64Array(facts.rows);
  const tested = { late: sized(), isLate: new Uint8Array(facts.rows), middle: sized(), p90: sized(), days: sized() };
  for (let i = 0; i < facts.rows; i++) {
    const terms = facts.termsDays[i]!;
    tested.late[i] = timing.survival(i, terms);
    tested.middle[i] = timing.quantile(i, 0.5);
    tested.p90[i] = timing.quantile(i, 0.9);
    tested.days[i] = facts.settled![i]! - facts.issued[i]!;
    tested.isLate[i] = tested.days[i]! > terms ? 1 : 0;
  }
  return tested;
}

function mean(values: Float64Array | Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Forecast and actual share of late by decile of the forecast, all folds together. */
function calibrationOf(tests: readonly Tested[]): Calibration[] {
  const pairs = tests.flatMap(({ late, isLate }) => Array.from(late, (p, i) => ({ p, late: isLate[i]! })));
  pairs.sort((a, b) => a.p - b.p);
  if (pairs.length < 10) return [];
  return Array.from({ length: 10 }, (_, at) => {
    const part = pairs.slice(Math.floor((at * pairs.length) / 10), Math.floor(((at + 1) * pairs.length) / 10));
    return {
      decile: at + 1,
      invoices: part.length,
      forecast: part.reduce((sum, { p }) => sum + p, 0) / part.length,
      actual: part.reduce((sum, { late }) => sum + late, 0) / part.length,
    };
  });
}
