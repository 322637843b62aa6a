import { quantileSorted } from "simple-statistics";
import type { Calibration, PaymentFold, PaymentModel } from "../../models/payment-card.js";
import { missing } from "../../models/tape.js";
import { type Day, formatDay } from "../calendar/day.js";
import { factsAt, type InvoiceFacts, watchedTo } from "./facts.js";
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

/** Shares of the ripe invoices, in the order of their issue, at which a fold's day stands. */
const foldShares = [0.5, 0.67, 0.84];
const leastLearned = 30;
const leastTested = 10;
/** An invoice is ripe for a test when so large a share of invoices is settled within the days it was watched for. */
const ripeShare = 0.95;

/**
 * Tests a model out of time: fitted again on what was known on an earlier day, it forecasts the invoices issued from
 * that day on, as on the day of their issue.
 *
 * Only invoices that are old enough are tested, settled or not: among the last ones of a history the settled ones are
 * those that were paid soon, and a test on them flatters nobody and misleads about lateness.
 */
export function testOutOfTime(
  all: InvoiceFacts,
  knownUntil: number,
  options: ModelOptions,
): { folds: PaymentFold[]; calibration: Calibration[] } {
  const known = historyAsOf(all, knownUntil);
  const settled = known.days.filter((_, i) => known.isSettled[i] === 1).sort();
  const lastRipe = knownUntil - (settled.length === 0 ? 0 : Math.ceil(quantileSorted([...settled], ripeShare)));
  const issued = known.facts.issued.filter((day) => day < lastRipe).sort();
  const cuts = issued.length === 0 ? [] : foldShares.map((share) => issued[Math.floor(share * issued.length)]!);
  const folds: PaymentFold[] = [];
  const tests: Tested[] = [];
  for (const cut of new Set(cuts)) {
    const fold = testFrom(all, { cut, issuedBefore: lastRipe, knownUntil }, options);
    if (fold === null) continue;
    folds.push(fold.fold);
    tests.push(fold.tested);
  }
  return { folds, calibration: calibrationOf(tests) };
}

export interface FoldDays {
  /** learned from what was settled before this day, tested on what was issued from it on */
  readonly cut: number;
  /** tested on what was issued before this day; null tests what was settled before `knownUntil`, whenever issued */
  readonly issuedBefore: number | null;
  readonly knownUntil: number;
}

/** One fold; null where there is too little to learn from or to test on. */
export function testFrom(
  all: InvoiceFacts,
  days: FoldDays,
  options: ModelOptions,
): { fold: PaymentFold; tested: Tested } | null {
  const history = historyAsOf(all, days.cut);
  const rows = testRows(all, days);
  if (history.settledCount < leastLearned || rows.length < leastTested) return null;
  const model = fitModel(history, options);
  const tested = forecast(model, factsAt(all, rows), days.knownUntil);
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

/**
 * Invoices with an amount and a due date that were issued in the days to be tested. Those that are still open count for
 * as long as they have been, and only where it is known by that whether they are late.
 */
function testRows(facts: InvoiceFacts, days: FoldDays): Int32Array {
  const { rows, issued, settled, amount, termsDays } = facts;
  const chosen: number[] = [];
  for (let i = 0; i < rows; i++) {
    const from = issued[i]!;
    if (from < days.cut || from >= (days.issuedBefore ?? days.knownUntil)) continue;
    if (!(amount[i]! > 0) || Number.isNaN(termsDays[i]!)) continue;
    const settledOn = settled?.[i] ?? missing.day;
    const isSettled = settledOn !== missing.day && settledOn < days.knownUntil;
    const isKnown = isSettled
      ? settledOn >= from
      : days.issuedBefore !== null && watchedTo(facts, i, days.knownUntil) - from > termsDays[i]!;
    if (isKnown) chosen.push(i);
  }
  return Int32Array.from(chosen);
}

function forecast(model: PaymentModel, facts: InvoiceFacts, knownUntil: number): Tested {
  const timing = new PaymentTiming(model, outlookOf(model, facts, null));
  const sized = () => new Float64Array(facts.rows);
  const tested = { late: sized(), isLate: new Uint8Array(facts.rows), middle: sized(), p90: sized(), days: sized() };
  for (let i = 0; i < facts.rows; i++) {
    const terms = facts.termsDays[i]!;
    tested.late[i] = timing.survival(i, terms);
    tested.middle[i] = timing.quantile(i, 0.5);
    tested.p90[i] = timing.quantile(i, 0.9);
    const settledOn = facts.settled?.[i] ?? missing.day;
    tested.days[i] =
      (settledOn === missing.day ? watchedTo(facts, i, knownUntil) : Math.min(settledOn, knownUntil)) -
      facts.issued[i]!;
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
