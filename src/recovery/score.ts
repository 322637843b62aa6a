import type { RecoveryCard, ScoreTerm, StabilityRow } from "../../models/recovery-card.js";
import { missing, type TapeColumns } from "../../models/tape.js";
import type { Day } from "../calendar/day.js";
import { meanAt } from "./additive.js";
import { binOf } from "./binning.js";
import { shareAt } from "./development.js";
import {
  amountsOf,
  codesOf,
  daysOf,
  daysPerMonth,
  exposureMonths,
  type Feature,
  FeatureMaker,
} from "./score-features.js";
import type { FindingTaker } from "./score-findings.js";
import { accountVariance } from "./score-interval.js";
import { oldestTold, reasonsOf } from "./score-reasons.js";
import { stabilityOf } from "./stability.js";

export interface ScoreOrder {
  readonly columns: TapeColumns;
  readonly card: RecoveryCard;
  /** the day of the tape; ages are counted to it */
  readonly asOf: Day;
  /** months from that day that count */
  readonly horizonMonths: number;
  /** age at which an account of unknown age is scored, in months */
  readonly unknownAgeMonths: number;
  /** rows that carry their own day of observation are scored for the time up to it, as a history is */
  readonly toObservation: boolean;
  readonly findings: FindingTaker;
}

/** What is expected of every row of a tape: arrays of one entry a row, money in major units. */
export interface Scored {
  /** of the balance at charge-off up to the observation; of the current balance where the horizon counts */
  readonly rate: Float64Array;
  readonly expected: Float64Array;
  readonly probability: Float64Array;
  readonly p10: Float64Array;
  readonly p90: Float64Array;
  /** three a row, the weightiest first: places in `reasonTexts`; the first text is empty, for no reason */
  readonly reasons: Uint32Array;
  readonly reasonTexts: readonly string[];
  /** whole months since charge-off on the day of the tape */
  readonly ages: Int16Array;
  readonly stability: readonly StabilityRow[];
  /** rows scored up to their own day of observation; the others are scored for the horizon */
  readonly observedRows: number;
  readonly totals: { readonly expected: number; readonly accountVariance: number };
}

/** One column in the bins of the card, with what each bin adds to either stage. */
export interface BinnedColumn {
  readonly term: ScoreTerm;
  readonly bins: Uint8Array;
  readonly probability: Float64Array;
  readonly amount: Float64Array;
}

/**
 * Scores the rows of a tape by a card.
 *
 * A row of a history is expected to bring what its own exposure allows. Any other row is scored at the age in the
 * middle of the history, and moved to its own age and to the window from today to the horizon by the development: the
 * share of its life's recoveries that falls into the window, times the level of its age. What a history is too short to
 * show is not extrapolated: nothing is expected beyond its longest exposure.
 *
 * Never NaN: what is missing in a row counts as missing in the history did.
 */
export function scoreRecovery(order: ScoreOrder): Scored {
  const { columns, card, findings } = order;
  const maker = new FeatureMaker(columns);
  const binned = binnedColumns(card, maker, findings);
  const own = order.toObservation ? observedExposure(order) : new Float64Array(columns.rows).fill(Number.NaN);
  const windows = windowsOf(card, order.horizonMonths);
  if (order.horizonMonths + 1 > card.development.months.at(-1)! && own.some(Number.isNaN)) {
    const note = `${order.horizonMonths} months asked for, accounts known up to ${card.development.months.at(-1)} months after charge-off`;
    findings.add("horizon_beyond_history", { note });
  }
  const ages = agesOf(order);
  const balances = { current: amountsOf(columns, "current_balance")!, atChargeOff: maker.balance };
  const scored = scoreRows({ card, binned, own, ages, windows, balances });
  const stability = stabilityOf(card, binned, exposure(own, ages));
  for (const { column, psi, level } of stability) {
    if (level !== "other") continue;
    findings.add("population_differs", { column, note: `population stability index ${psi.toFixed(2)}` });
  }
  return { ...scored, ages, stability };
}

/** Exposure of the rows that carry their own day of observation; one before the charge-off is a finding, and no exposure. */
function observedExposure({ columns, findings }: ScoreOrder): Float64Array {
  const months = exposureMonths(columns);
  const observed = daysOf(columns, "observed_on");
  const chargedOff = daysOf(columns, "charge_off_date");
  for (let i = 0; observed !== undefined && chargedOff !== undefined && i < months.length; i++) {
    if (observed[i] === missing.day || chargedOff[i] === missing.day || observed[i]! >= chargedOff[i]!) continue;
    findings.add("observed_before_charge_off", { row: columns.rowNumbers[i]!, column: "observed_on" });
  }
  return months;
}

/** Months that each row has had, up to its observation or to the day of the tape. */
function exposure(own: Float64Array, ages: Int16Array): Float64Array {
  const months = own.slice();
  for (let i = 0; i < months.length; i++) if (Number.isNaN(months[i])) months[i] = ages[i]!;
  return months;
}

/** Whole months since charge-off on the day of the tape; the age for the unknown where it is. */
function agesOf({ columns, asOf, unknownAgeMonths }: ScoreOrder): Int16Array {
  const ages = new Int16Array(columns.rows).fill(Math.min(oldestTold, Math.round(unknownAgeMonths)));
  const days = daysOf(columns, "charge_off_date");
  if (days === undefined) return ages;
  for (let i = 0; i < ages.length; i++) {
    const day = days[i]!;
    if (day !== missing.day && day <= asOf) ages[i] = Math.min(oldestTold, Math.floor((asOf - day) / daysPerMonth));
  }
  return ages;
}

const isExposure = (term: ScoreTerm) => term.transform === "months_since_charge_off";

function binnedColumns(card: RecoveryCard, maker: FeatureMaker, findings: FindingTaker): BinnedColumn[] {
  const terms = new Map<string, ScoreTerm>();
  for (const term of [...card.probability.terms, ...card.amount.terms]) {
    const key = `${term.column}\n${term.transform}`;
    if (!isExposure(term) && !terms.has(key)) terms.set(key, term);
  }
  const effectsIn = (of: readonly ScoreTerm[], term: ScoreTerm) => {
    const found = of.find((each) => each.column === term.column && each.transform === term.transform);
    return Float64Array.from(found?.effects ?? new Float64Array(term.effects.length));
  };
  return [...terms.values()].map((term) => {
    const feature = maker.feature(term);
    if (feature === undefined) findings.add("column_absent", { column: term.column });
    if (feature?.kind === "category") addUnseen(term, feature, findings);
    return {
      term,
      bins: binsOf(term, feature, maker.balance.length),
      probability: effectsIn(card.probability.terms, term),
      amount: effectsIn(card.amount.terms, term),
    };
  });
}

function binsOf(term: ScoreTerm, feature: Feature | undefined, rows: number): Uint8Array {
  if (feature === undefined) return new Uint8Array(rows);
  return feature.kind === "number"
    ? binOf(feature.values, Float64Array.from(term.bounds))
    : codesOf(feature, term.labels);
}

function addUnseen(
  term: ScoreTerm,
  feature: { readonly values: Int32Array; readonly labels: readonly string[] },
  findings: FindingTaker,
): void {
  const known = new Set(term.labels);
  const isUnseen = feature.labels.map((label) => label.trim() !== "" && !known.has(label));
  if (!isUnseen.includes(true)) return;
  let rows = 0;
  for (const code of feature.values) if (code >= 0 && isUnseen[code]!) rows++;
  if (rows > 0) findings.add("value_unseen", { column: term.column, note: `${rows} rows` });
}

/** By whole month of age: the factors that move a score at the reference age to that age and the window from it. */
interface Windows {
  readonly rate: Float64Array;
  /** of the chance; never below that of the rate, for who has paid before may pay again */
  readonly any: Float64Array;
  /** the factor of the rate at the reference age (or a little of the youngest's), against which an age speaks */
  readonly typical: number;
}

/**
 * @param horizonMonths months of the window, 1 and more
 * @returns by age 0 to `oldestTold`
 */
export function windowsOf(card: RecoveryCard, horizonMonths: number): Windows {
  const rate = windowOf(card, "rate", horizonMonths);
  const first = windowOf(card, "any", horizonMonths);
  const reference = Math.min(Math.round(card.development.reference_months), oldestTold);
  return {
    rate,
    any: first.map((factor, age) => Math.max(factor, rate[age]!)),
    typical: Math.max(rate[reference]!, rate[0]! / 20, 1e-6),
  };
}

function windowOf({ development }: RecoveryCard, of: "any" | "rate", horizonMonths: number): Float64Array {
  const level = `${of}_level` as const;
  const reference = development.reference_months;
  const atReference = shareAt(development, of, reference) * shareAt(development, level, reference);
  return Float64Array.from({ length: oldestTold + 1 }, (_, age) => {
    const falls = shareAt(development, of, age + horizonMonths) - shareAt(development, of, age);
    return atReference > 0 ? (shareAt(development, level, age) * Math.max(0, falls)) / atReference : 0;
  });
}

interface Rows {
  readonly card: RecoveryCard;
  readonly binned: readonly BinnedColumn[];
  /** months of own exposure; NaN where the horizon counts */
  readonly own: Float64Array;
  readonly ages: Int16Array;
  readonly windows: Windows;
  readonly balances: { readonly current: Float64Array; readonly atChargeOff: Float64Array };
}

function scoreRows(rows: Rows): Omit<Scored, "ages" | "stability"> {
  const { card, binned, own, ages, windows, balances } = rows;
  // A row for a horizon is scored at the age in the middle of the history, and moved to its own from there.
  const exposed = own.slice();
  for (let i = 0; i < own.length; i++) if (Number.isNaN(own[i])) exposed[i] = card.development.reference_months;
  const time = { probability: exposureEffect(card.probability, exposed), amount: exposureEffect(card.amount, exposed) };
  const probability = time.probability.slice();
  const rate = time.amount.slice();
  for (const { bins, ...effects } of binned) {
    addEffects(probability, effects.probability, bins);
    addEffects(rate, effects.amount, bins);
  }
  const expected = new Float64Array(own.length);
  const unpaid = new Float64Array(own.length);
  const pull = new Float64Array(own.length);
  const totals = { expected: 0, accountVariance: 0 };
  let observedRows = 0;
  for (let i = 0; i < own.length; i++) {
    const isOwn = !Number.isNaN(own[i]!);
    const age = ages[i]!;
    const chance = meanAt(card.probability.intercept + probability[i]!, "logistic");
    const factor = isOwn ? 1 : windows.rate[age]!;
    unpaid[i] = 1 - chance;
    pull[i] = isOwn
      ? time.probability[i]! * unpaid[i]! + time.amount[i]!
      : Math.log(Math.max(factor, 1e-6) / windows.typical);
    probability[i] = isOwn ? chance : timesChance(windows.any[age]!, chance);
    rate[i] = Math.min(1, chance * meanAt(card.amount.intercept + rate[i]!, "poisson") * factor);
    expected[i] = rate[i]! * (isOwn ? balances.atChargeOff : balances.current)[i]!;
    totals.expected += expected[i]!;
    totals.accountVariance += accountVariance(expected[i]!, probability[i]!, card.spread);
    if (isOwn) observedRows++;
  }
  const reasons = reasonsOf({ columns: binned, unpaid, pull, months: exposure(own, ages) });
  return {
    rate,
    expected,
    probability,
    ...quantilesOf(card, { expected, probability, rate }),
    ...reasons,
    observedRows,
    totals,
  };
}

/** A chance moved by a factor: in proportion downwards; upwards what has not happened yet has so many more occasions to. */
function timesChance(factor: number, chance: number): number {
  return factor <= 1 ? chance * factor : 1 - (1 - chance) ** factor;
}

/** What a stage adds for each row's exposure. */
function exposureEffect(stage: RecoveryCard["probability"], exposed: Float64Array): Float64Array {
  const effects = new Float64Array(exposed.length);
  const term = stage.terms.find(isExposure);
  if (term !== undefined)
    addEffects(effects, Float64Array.from(term.effects), binOf(exposed, Float64Array.from(term.bounds)));
  return effects;
}

function addEffects(linear: Float64Array, effects: Float64Array, bins: Uint8Array): void {
  for (let i = 0; i < linear.length; i++) linear[i]! += effects[bins[i]!]!;
}

/**
 * Tenth and ninetieth percentile of what each account brings: with the chance that it does not pay nothing, otherwise
 * the expected amount times what paying accounts of the history brought relative to theirs.
 */
function quantilesOf(
  { spread }: RecoveryCard,
  { expected, probability, rate }: { expected: Float64Array; probability: Float64Array; rate: Float64Array },
): { p10: Float64Array; p90: Float64Array } {
  const ratios = Float64Array.from(spread.amount_quantiles);
  const at = (level: number) => (amount: number, i: number) => {
    const chance = probability[i]!;
    const within = (level - (1 - chance)) / chance;
    if (!(within > 0) || amount === 0) return 0;
    const place = within * 100;
    const low = Math.floor(place);
    const ratio = ratios[low]! + (ratios[Math.min(low + 1, 100)]! - ratios[low]!) * (place - low);
    // An account pays its balance at most.
    return Math.min((amount / chance) * ratio, amount / rate[i]!);
  };
  return { p10: expected.map(at(0.1)), p90: expected.map(at(0.9)) };
}
