import { quantileSorted } from "simple-statistics";
import type { PaymentModel, PaymentTerm } from "../../models/payment-card.js";
import { type Day, formatDay } from "../calendar/day.js";
import type { AdditiveSum, Term } from "./additive.js";
import { type DaysFit, fitDays, onScale, type Power } from "./days.js";
import { keyReader } from "./debtor-key.js";
import { type DesignTerm, intercept, termOn } from "./design.js";
import { fitDilution } from "./dilution.js";
import { chanceOf, fitDisputes } from "./disputes.js";
import type { InvoiceFacts, Source } from "./facts.js";
import type { HistoryAsOf } from "./history.js";
import { type ResidualSpread, spreadOf } from "./residuals.js";

export interface ModelOptions {
  /** names of the sources that may explain, beside the debtor */
  readonly sources: readonly string[];
  readonly knowsOpenDisputes: boolean;
  readonly salt: string;
}

/** Disputes are told apart when there are at least so many of either kind. */
const leastDisputes = 10;

/** Fits the model on what was known on the day of the history, which has at least one settled invoice. */
export function fitModel(history: HistoryAsOf, options: ModelOptions): PaymentModel {
  const { facts } = history;
  const keyOf = keyReader(options.salt);
  const designs = designsFor(facts, options.sources, keyOf);
  const terms = designs.map((design) => termOn(design, facts, history.asOf, keyOf));
  const disputeDesigns = hasDisputes(history)
    ? designs.filter(({ isRecent, shape }) => !isRecent && shape !== "line")
    : [];
  const disputeTerms = disputeDesigns.map((design) => terms[designs.indexOf(design)]!);
  const disputes = disputeDesigns.length === 0 ? null : fitDisputes(disputeTerms, history.disputed);
  const best = fitOn(history, terms, { disputes, power: powerFor(history, terms, disputes) });
  const spread = spreadOfResiduals(history, best);
  const settledTerms = facts.termsDays.filter((days) => !Number.isNaN(days)).sort();
  return {
    as_of: formatDay(history.asOf as Day),
    power: best.power,
    typical_terms_days: settledTerms.length === 0 ? 30 : quantileSorted([...settledTerms], 0.5),
    horizon_days: history.days.reduce((most, days) => Math.max(most, days), 0),
    noise: Math.sqrt(best.fit.noise),
    dispute_effect: best.fit.disputeEffect,
    ...spokenTerms(
      writtenTerms(designs, best.fit.sum),
      disputes === null ? [] : writtenTerms(disputeDesigns, disputes),
    ),
    knows_open_disputes: options.knowsOpenDisputes,
    quantiles: [...spread.quantiles],
    never_share: spread.neverShare,
    dilution: fitDilution(history, keyOf),
    salt: options.salt,
  };
}

function hasDisputes({ disputed }: HistoryAsOf): boolean {
  let [yes, no] = [0, 0];
  for (const flag of disputed) {
    if (flag === 1) yes++;
    if (flag === 0) no++;
  }
  return yes >= leastDisputes && no >= leastDisputes;
}

interface ScaledFit {
  readonly power: Power;
  readonly response: Float64Array;
  readonly fit: DaysFit;
  /** log likelihood of the settled rows' days, up to a constant */
  readonly likelihood: number;
}

/** Terms that move most, by which the scale is chosen. */
const mainTerms = new Set(["intercept", "debtor", "terms_days", "terms_days_bin"]);

/** The scale under which the settled invoices' days are most likely, with the main terms alone. */
function powerFor(history: HistoryAsOf, terms: readonly Term[], disputes: AdditiveSum | null): Power {
  const main = terms.filter(({ name }) => mainTerms.has(name));
  const fits = ([1, 0.5, 0] as const).map((power) => fitOn(history, main, { disputes, power, mostPasses: 20 }));
  return fits.reduce((a, b) => (b.likelihood > a.likelihood ? b : a)).power;
}

function fitOn(
  history: HistoryAsOf,
  terms: readonly Term[],
  how: { disputes: AdditiveSum | null; power: Power; mostPasses?: number },
): ScaledFit {
  const { disputes, power } = how;
  const { days, isSettled } = history;
  // Open on the morning of day n: it takes more than n - 1 days, and the least that is more is half a day on.
  const response = days.map((value, i) => onScale(isSettled[i] === 1 ? value : value - 0.5, power));
  const disputeChance =
    disputes === null ? new Float64Array(response.length) : disputes.fitted.map((logOdds) => chanceOf(logOdds));
  const { disputed } = history;
  const problem = { terms, response, isSettled, disputed, disputeChance, hasDisputes: disputes !== null };
  const fit = fitDays(problem, how.mostPasses);
  let [count, jacobian] = [0, 0];
  for (let i = 0; i < response.length; i++) {
    if (isSettled[i] === 0) continue;
    count++;
    jacobian += (power - 1) * Math.log(days[i]! + 1);
  }
  return { power, response, fit, likelihood: jacobian - (count / 2) * Math.log(fit.noise) };
}

/** What the effects leave unexplained, open invoices counted by whether they are disputed. */
function spreadOfResiduals({ isSettled }: HistoryAsOf, { response, fit }: ScaledFit): ResidualSpread {
  const deviation = Math.sqrt(fit.noise);
  const values: number[] = [];
  const isOpen: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < response.length; i++) {
    const share = fit.disputeShare[i]!;
    for (const [state, weight] of [1 - share, share].entries()) {
      if (weight < 1e-3) continue;
      values.push((response[i]! - fit.sum.fitted[i]! - state * fit.disputeEffect) / deviation);
      isOpen.push(1 - isSettled[i]!);
      weights.push(weight);
    }
  }
  return spreadOf(Float64Array.from(values), Uint8Array.from(isOpen), Float64Array.from(weights));
}

function writtenTerms(designs: readonly DesignTerm[], sum: AdditiveSum): PaymentTerm[] {
  const estimates = sum.estimates();
  return designs.map(({ isRecent, isFree, keys, bounds, ...design }, k) => {
    const { effects, variances, counts, priorVariance } = estimates[k]!;
    return {
      ...design,
      keys: [...keys],
      bounds: [...bounds],
      is_recent: isRecent,
      is_free: isFree,
      effects: [...effects],
      deviations: Array.from(variances, Math.sqrt),
      counts: [...counts],
      prior_deviation: isFree ? 0 : Math.sqrt(priorVariance),
    };
  });
}

/** Leaves out what says nothing, neither of the days nor of disputes; the debtor stays, so that new ones are known as new. */
function spokenTerms(terms: PaymentTerm[], disputeTerms: PaymentTerm[]): Pick<PaymentModel, "terms" | "dispute_terms"> {
  const speaks = ({ name, effects }: PaymentTerm) => name === "debtor" || effects.some((effect) => effect !== 0);
  const names = new Set([...terms, ...disputeTerms].filter(speaks).map(({ name }) => name));
  const spoken = (list: PaymentTerm[]) => list.filter(({ name }) => names.has(name));
  return { terms: spoken(terms), dispute_terms: spoken(disputeTerms) };
}

/** The terms that the columns of a history make. */
function designsFor(
  facts: InvoiceFacts,
  names: readonly string[],
  keyOf: (source: string, label: string) => string,
): DesignTerm[] {
  const designs: DesignTerm[] = [intercept];
  const debtor = codesDesign("debtor", facts.sources.get("debtor")!, keyOf);
  designs.push(debtor);
  for (const name of names) {
    const source = facts.sources.get(name)!;
    if (name === "terms_days") designs.push(...termsDesigns(source));
    else if (source.kind === "code") designs.push(codesDesign(name, source, keyOf));
    else designs.push(binsDesign(name, source));
  }
  designs.push({ ...intercept, name: "recent", shape: "bins", source: "terms_days", isRecent: true, isFree: false });
  designs.push({ ...debtor, name: "debtor_recent", isRecent: true });
  return designs;
}

function codesDesign(name: string, source: Source, keyOf: (source: string, label: string) => string): DesignTerm {
  if (source.kind !== "code") throw new TypeError(`${name} has no codes`);
  const seen = new Set(source.values);
  const keys = source.labels.flatMap((label, code) => (seen.has(code) ? [keyOf(name, label)] : []));
  return { ...intercept, name, source: name, shape: "codes", keys: [...new Set(keys)].sort(), isFree: false };
}

const binCount = 8;

function binsDesign(name: string, source: Source): DesignTerm {
  const sorted = [...Float64Array.from(source.values).filter(Number.isFinite).sort()];
  const cuts = Array.from({ length: binCount - 1 }, (_, at) => quantileSorted(sorted, (at + 1) / binCount));
  const bounds = [...new Set(cuts)].filter((bound) => bound > sorted[0]!);
  return { ...intercept, name, source: name, shape: "bins", bounds, isFree: false };
}

/** Terms move the days to pay along with them, and each by its own amount too. */
function termsDesigns(source: Source): DesignTerm[] {
  const sorted = Float64Array.from(source.values).filter(Number.isFinite).sort();
  if (sorted.length === 0 || sorted[0] === sorted[sorted.length - 1]) return [];
  const center = quantileSorted([...sorted], 0.5);
  const line: DesignTerm = { ...intercept, name: "terms_days", source: "terms_days", shape: "line", center };
  const bins = binsDesign("terms_days", { kind: "number", values: sorted });
  return [line, { ...bins, name: "terms_days_bin" }];
}
