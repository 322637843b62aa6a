import type { RecoveryCard, ScoreMetrics } from "../../models/recovery-card.js";
import { chance } from "../../seeds/random-numbers.js";
import { expectedOf, fitStages, type StageTerms } from "./score-fit.js";
import { type History, partOf } from "./score-history.js";
import { accountVariance, poolInterval, type Spread, spreadOf } from "./score-interval.js";

/** What accounts were expected to bring by fits that had not seen them. */
export interface LeftOut {
  /** of the balance at charge-off, 0 to 1 */
  readonly rate: Float64Array;
  readonly probability: Float64Array;
}

export interface Validation {
  readonly leftOut: LeftOut;
  readonly spread: Spread;
  readonly metrics: RecoveryCard["metrics"];
  readonly calibration: RecoveryCard["calibration"];
}

const folds = 5;
/** Rows that the folds look at, at most; and up to how many rows the folds are drawn three times. */
const mostRows = 40_000;
const fewRows = 10_000;

/**
 * Five stratified folds: every account is expected by a fit that has not seen it, and compared with what came. Small
 * histories are parted three times, by different draws of a fixed generator, and the first is the one shown by fold.
 */
export function validate(history: History, terms: StageTerms): Validation {
  const step = Math.max(1, Math.ceil(history.rows.length / mostRows));
  const places = Int32Array.from(history.rows.keys()).filter((k) => k % step === 0);
  const part = partOf(history, places);
  const repeats = places.length <= fewRows ? 3 : 1;
  const runs = Array.from({ length: repeats }, (_, k) => leaveOut(history, { terms, places, part, seed: k + 1 }));
  const { leftOut, foldOf } = runs[0]!;
  const spread = spreadOf(part, leftOut);
  const byFold = Array.from({ length: folds }, (_, fold) => {
    const inFold = Int32Array.from(foldOf.keys()).filter((k) => foldOf[k] === fold);
    return metricsOf(partOf(part, inFold), pickedOf(leftOut, inFold));
  });
  const metrics = {
    folds,
    repeats,
    rows: places.length,
    mean: meanOf(runs.map((run) => metricsOf(part, run.leftOut))),
    by_fold: byFold,
    pools: poolsOf(part, leftOut, { spread, seed: poolSeed }),
  };
  return { leftOut, spread, metrics, calibration: calibrationOf(part, leftOut) };
}

/**
 * Parts some rows of a history into stratified folds by one draw, and expects every row by a fit that has not seen its fold.
 *
 * @param at.places places among the used rows; `part` is their history
 * @param at.seed   of the draw
 */
export function leaveOut(
  history: History,
  at: { terms: StageTerms; places: Int32Array; part: History; seed: number },
): { leftOut: LeftOut; foldOf: Uint8Array } {
  const { terms, places, part } = at;
  const foldOf = stratified(part.any, at.seed);
  const rate = new Float64Array(places.length);
  const probability = new Float64Array(places.length);
  for (let fold = 0; fold < folds; fold++) {
    const stages = fitStages(
      history,
      terms,
      places.filter((_, k) => foldOf[k] !== fold),
    );
    const left = Int32Array.from(foldOf.keys()).filter((k) => foldOf[k] === fold);
    const expected = expectedOf(
      stages,
      terms,
      left.map((k) => places[k]!),
    );
    for (const [m, k] of left.entries()) {
      probability[k] = expected.probability[m]!;
      rate[k] = Math.min(1, expected.probability[m]! * expected.amount[m]!);
    }
  }
  return { leftOut: { rate, probability }, foldOf };
}

function pickedOf(leftOut: LeftOut, places: Int32Array): LeftOut {
  return {
    rate: Float64Array.from(places, (k) => leftOut.rate[k]!),
    probability: Float64Array.from(places, (k) => leftOut.probability[k]!),
  };
}

/** A fold for each account, so that every fold has its share of those that paid. */
function stratified(any: Float64Array, seed: number): Uint8Array {
  const random = chance(seed).next;
  const foldOf = new Uint8Array(any.length);
  for (const outcome of [0, 1]) {
    const places = Int32Array.from(any.keys()).filter((k) => any[k] === outcome);
    shuffle(places, places.length, random);
    for (const [k, place] of places.entries()) foldOf[place] = k % folds;
  }
  return foldOf;
}

/** Brings a random choice to the first `count` places (Fisher-Yates, as far as it is needed). */
function shuffle(places: Int32Array, count: number, random: () => number): void {
  for (let k = 0; k < Math.min(count, places.length - 1); k++) {
    const other = k + Math.floor(random() * (places.length - k));
    const kept = places[k]!;
    places[k] = places[other]!;
    places[other] = kept;
  }
}

export function metricsOf(history: History, { rate, probability }: LeftOut): ScoreMetrics {
  const rows = rate.length;
  let [brier, absolute, expected, recovered, balance] = [0, 0, 0, 0, 0];
  for (let k = 0; k < rows; k++) {
    brier += (probability[k]! - history.any[k]!) ** 2;
    absolute += Math.abs(rate[k]! - Math.min(1, history.rate[k]!));
    expected += rate[k]! * history.balance[k]!;
    recovered += history.rate[k]! * history.balance[k]!;
    balance += Math.min(1, history.rate[k]!);
  }
  const meanRate = balance / rows;
  const constant = history.rate.reduce((sum, each) => sum + Math.abs(Math.min(1, each) - meanRate), 0);
  return {
    auc: areaUnderCurve(history.any, probability),
    brier: brier / rows,
    mean_absolute_error: absolute / rows,
    constant_mean_absolute_error: constant / rows,
    total_error: recovered > 0 ? expected / recovered - 1 : 0,
  };
}

/** Probability that an account that paid was given a higher score than one that did not, ties counting half. */
export function areaUnderCurve(any: Float64Array, score: Float64Array): number {
  const order = Int32Array.from(score.keys()).sort((a, b) => score[a]! - score[b]!);
  let [below, won, payers] = [0, 0, 0];
  for (let k = 0; k < order.length; ) {
    let [tiedPayers, tiedOthers] = [0, 0];
    const value = score[order[k]!]!;
    for (; k < order.length && score[order[k]!] === value; k++) {
      if (any[order[k]!] === 1) tiedPayers++;
      else tiedOthers++;
    }
    won += tiedPayers * (below + tiedOthers / 2);
    below += tiedOthers;
    payers += tiedPayers;
  }
  return payers > 0 && below > 0 ? won / (payers * below) : 0.5;
}

function meanOf(runs: readonly ScoreMetrics[]): ScoreMetrics {
  const keys = Object.keys(runs[0]!) as (keyof ScoreMetrics)[];
  const means = keys.map((key) => [key, runs.reduce((sum, run) => sum + run[key], 0) / runs.length]);
  return Object.fromEntries(means) as ScoreMetrics;
}

const poolSize = 250;
const poolCount = 2000;
const poolSeed = 250;

/**
 * Random pools of the history: how far their totals are off, and how many fall into the stated interval.
 *
 * @param seed of the draw of pools
 */
export function poolsOf(
  history: History,
  { rate, probability }: LeftOut,
  { spread, seed }: { spread: Spread; seed: number },
): RecoveryCard["metrics"]["pools"] {
  const size = Math.min(poolSize, Math.ceil(rate.length / 4));
  const random = chance(seed).next;
  const places = Int32Array.from(rate.keys());
  const errors = new Float64Array(poolCount);
  let within = 0;
  for (let pool = 0; pool < poolCount; pool++) {
    shuffle(places, size, random);
    let [expected, recovered, variance] = [0, 0, 0];
    for (let m = 0; m < size; m++) {
      const k = places[m]!;
      const amount = rate[k]! * history.balance[k]!;
      expected += amount;
      recovered += history.rate[k]! * history.balance[k]!;
      variance += accountVariance(amount, probability[k]!, spread);
    }
    errors[pool] = recovered > 0 ? Math.abs(expected / recovered - 1) : 0;
    const { p10, p90 } = poolInterval({ expected, accountVariance: variance }, spread.history_cv);
    if (recovered >= p10 && recovered <= p90) within++;
  }
  return {
    accounts: size,
    pools: poolCount,
    median_error: errors.sort()[poolCount / 2]!,
    coverage: within / poolCount,
  };
}

function calibrationOf(history: History, { rate, probability }: LeftOut): RecoveryCard["calibration"] {
  const order = Int32Array.from(probability.keys()).sort((a, b) => probability[a]! - probability[b]! || a - b);
  return Array.from({ length: 10 }, (_, decile) => {
    const places = order.subarray(
      Math.floor((decile * order.length) / 10),
      Math.floor(((decile + 1) * order.length) / 10),
    );
    const sum = (of: (k: number) => number) => places.reduce((total, k) => total + of(k), 0);
    const accounts = Math.max(places.length, 1);
    const balance = sum((k) => history.balance[k]!) || 1;
    return {
      decile: decile + 1,
      accounts: places.length,
      probability: sum((k) => probability[k]!) / accounts,
      share_with_recovery: sum((k) => history.any[k]!) / accounts,
      expected_rate: sum((k) => rate[k]! * history.balance[k]!) / balance,
      recovered_rate: sum((k) => history.rate[k]! * history.balance[k]!) / balance,
    };
  });
}
