import { type AdditiveFit, fitAdditive, meanAt } from "./additive.js";
import { type History, partOf } from "./score-history.js";
import { amountExposureTerm, partOfTerm, type Term } from "./score-terms.js";

/** The two stages of a score, on terms of one history: whether anything comes, and how much if it does. */
export interface Stages {
  readonly probability: AdditiveFit;
  readonly amount: AdditiveFit;
}

/** Terms of every used row; the first of either stage is exposure. */
export interface StageTerms {
  readonly probability: readonly Term[];
  readonly amount: readonly Term[];
}

/** Accounts without any time that stand for the certainty that nothing can have come in yet. */
const anchors = 20;

/**
 * Fits both stages on some rows of the history.
 *
 * The probability sees what had come in by the day of observation, so a row of two months says what two months bring
 * and nothing of what is still to come. Its exposure is anchored: with no time at all nobody has paid. The amount is
 * fitted on those that paid, each counting alike.
 *
 * @param places places among the used rows, ascending
 */
export function fitStages(history: History, terms: StageTerms, places: Int32Array): Stages {
  const anchored = Math.min(anchors, Math.ceil(places.length / anchors));
  const copies = Int32Array.from({ length: anchored }, (_, k) => places[Math.floor((k * places.length) / anchored)]!);
  const all = new Int32Array(places.length + anchored);
  all.set(places);
  all.set(copies, places.length);
  const outcome = new Float64Array(all.length);
  for (let k = 0; k < places.length; k++) outcome[k] = history.any[places[k]!]!;
  const probabilityTerms = terms.probability.map((term) => partOfTerm(term, all));
  probabilityTerms[0]!.bins.fill(1, places.length);
  const probability = fitAdditive({
    terms: probabilityTerms,
    outcome,
    weights: new Float64Array(all.length).fill(1),
    family: "logistic",
  });
  return { probability, amount: fitAmount(history, terms.amount, payersAmong(history, places)) };
}

export function fitAmount(history: History, terms: readonly Term[], payers: Int32Array): AdditiveFit {
  return fitAdditive({
    terms: terms.map((term) => partOfTerm(term, payers)),
    outcome: Float64Array.from(payers, (k) => history.rate[k]!),
    weights: new Float64Array(payers.length).fill(1),
    family: "poisson",
  });
}

export function payersAmong(history: History, places: Int32Array): Int32Array {
  return places.filter((k) => history.any[k] === 1);
}

/** What the stages expect of some rows of the history, each at its own exposure. */
export function expectedOf(
  stages: Stages,
  terms: StageTerms,
  places: Int32Array,
): { probability: Float64Array; amount: Float64Array } {
  return {
    probability: linearOf(stages.probability, terms.probability, places).map((linear) => meanAt(linear, "logistic")),
    amount: linearOf(stages.amount, terms.amount, places).map((linear) => meanAt(linear, "poisson")),
  };
}

export function linearOf(fit: AdditiveFit, terms: readonly Term[], places: Int32Array): Float64Array {
  const linear = new Float64Array(places.length).fill(fit.intercept);
  for (const [j, { bins }] of terms.entries()) {
    const effects = fit.effects[j]!;
    for (let k = 0; k < places.length; k++) linear[k]! += effects[bins[places[k]!]!]!;
  }
  return linear;
}

/** Paying accounts that the choice of the amount's columns looks at, at most. */
const mostLookedAt = 10_000;
/** How many standard errors a column must better the fit by, out of its folds, to enter the amount. */
const clearly = 3;

/**
 * The columns that tell how much a paying account pays: those that better the prediction of accounts left out of the
 * fit clearly, beside exposure. Amounts are so wild that what fits them in the sample misleads outside it more often
 * than not; most histories have few such columns, or none.
 */
export function amountTerms(history: History, candidates: readonly Term[]): Term[] {
  const payers = payersAmong(history, Int32Array.from(history.rows.keys()));
  const exposed = amountExposureTerm(history.exposure, partOf(history, payers).exposure);
  const step = Math.max(1, Math.ceil(payers.length / mostLookedAt));
  const looked = payers.filter((_, k) => k % step === 0);
  if (looked.length < 500) return [exposed];
  const alone = leftOutLikelihood(history, [exposed], looked);
  const chosen = candidates.filter((term) => {
    const gain = leftOutLikelihood(history, [exposed, term], looked).map((value, k) => value - alone[k]!);
    const mean = gain.reduce((sum, value) => sum + value, 0) / gain.length;
    const variance = gain.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (gain.length - 1);
    return mean > clearly * Math.sqrt(variance / gain.length);
  });
  return [exposed, ...chosen];
}

const lookFolds = 5;

/** Log likelihood of each account under a fit that has not seen it. */
function leftOutLikelihood(history: History, terms: readonly Term[], payers: Int32Array): Float64Array {
  const likelihood = new Float64Array(payers.length);
  for (let fold = 0; fold < lookFolds; fold++) {
    const fit = fitAmount(
      history,
      terms,
      payers.filter((_, k) => k % lookFolds !== fold),
    );
    const linear = linearOf(fit, terms, payers);
    for (let k = fold; k < payers.length; k += lookFolds) {
      likelihood[k] = history.rate[payers[k]!]! * linear[k]! - meanAt(linear[k]!, "poisson");
    }
  }
  return likelihood;
}
