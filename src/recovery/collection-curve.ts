import {
  type Blend,
  type CredibilityGroup,
  credibility,
  hierarchicalBlend,
  type StructureVariances,
} from "./credibility.js";
import type { CashInterval } from "./curve-fit.js";
import { benktander, ownWeight } from "./expected-emergence.js";
import { type Growth, growthAt } from "./growth.js";
import { type BlendedTiming, blendTiming, type TimingPrior } from "./timing-credibility.js";

/** One bought portfolio: what came in by month since its closing, and what the price had counted on. Major units. */
export interface CollectedPortfolio {
  readonly id: string;
  /** cash of each whole month since the closing, then of the month that runs */
  readonly monthly: readonly number[];
  /** months since the closing, with the part of the one that runs: at least 0 */
  readonly ageMonths: number;
  /** expected over the horizon, of what is still held */
  readonly underwritten: number;
  readonly horizonMonths: number;
}

export interface CollectionCurve {
  /** scale in months */
  readonly timing: BlendedTiming;
  readonly level: Blend;
  /** how far a next portfolio may lie from the level, over the level: a standard deviation */
  readonly levelVariation: number;
  /** how far the levels of single portfolios lie apart: a standard deviation */
  readonly betweenVariation: number;
  readonly portfolios: readonly (Blend & {
    readonly id: string;
    readonly cash: number;
    readonly expectedToDate: number;
  })[];
}

/** Share of the prior variance that is between groups; the rest is common to all of them. Ours, unverified. */
const apartShare = 0.5;
/** The prior variance between groups counts as much as so many groups more. Ours, unverified. */
const priorGroups = 3;

/** Months that make one observation of actual over expected: single months of collections are too uneven. */
export const monthsPerObservation = 3;

/**
 * The recovery pattern of bought portfolios: timing from the spread of each one's cash over its ages, level from cash
 * over what was due by that timing, both blended with what was underwritten. Exposure enters twice: an age that
 * a portfolio has not reached counts neither for nor against it, and its ratio weighs by what was due so far.
 *
 * @param levelVariation how far the underwritten level may be off, as a share of it
 */
export function collectionCurve(
  portfolios: readonly CollectedPortfolio[],
  prior: { readonly timing: TimingPrior; readonly levelVariation: number },
): CollectionCurve {
  const timing = blendTiming(
    portfolios.flatMap((portfolio, origin) => intervalsOf(portfolio, origin)),
    prior.timing,
  );
  const growth: Growth = { family: "gamma", shape: timing.shape, scale: timing.scale };
  const groups = portfolios.map((portfolio) => observationsOf(portfolio, growth));
  const variances = structureOf(groups, prior.levelVariation);
  const common = { value: 1, variation: prior.levelVariation * Math.sqrt(1 - apartShare) };
  const { parent, groups: blended } = hierarchicalBlend(groups, common, variances);
  const leftOfPrior = common.variation ** 2 * (1 - parent.credibility);
  return {
    timing,
    level: parent,
    levelVariation: Math.sqrt(leftOfPrior + variances.betweenVariance) / parent.value,
    betweenVariation: Math.sqrt(variances.betweenVariance),
    portfolios: blended.map(({ name, ...blend }, i) => ({
      ...blend,
      id: name,
      cash: portfolios[i]!.monthly.reduce((sum, amount) => sum + amount, 0),
      expectedToDate: dueBetween(portfolios[i]!, growth, { from: 0, to: portfolios[i]!.ageMonths }),
    })),
  };
}

/**
 * Variances of ratios to what was expected. Between groups: what they show, held together with what was allowed for
 * before, for few groups show little of it. Within them: what each one's observations show.
 */
export function structureOf(groups: readonly CredibilityGroup[], levelVariation: number): StructureVariances {
  const allowed = apartShare * levelVariation ** 2;
  const fitted = credibility(groups);
  const shown = (fitted?.groups.filter(({ weight }) => weight > 0).length ?? 1) - 1;
  const betweenVariance = (shown * (fitted?.betweenVariance ?? 0) + priorGroups * allowed) / (shown + priorGroups);
  return { betweenVariance, withinVariance: fitted?.withinVariance ?? ownScatter(groups) };
}

function endsOf({ monthly, ageMonths }: CollectedPortfolio): number[] {
  return monthly.map((_, month) => Math.min(month + 1, ageMonths));
}

function intervalsOf(portfolio: CollectedPortfolio, origin: number): CashInterval[] {
  const ends = endsOf(portfolio);
  return portfolio.monthly.flatMap((amount, month) => {
    const from = month === 0 ? 0 : ends[month - 1]!;
    return ends[month]! > from ? [{ origin, from, to: ends[month]!, amount }] : [];
  });
}

/** What was underwritten for a stretch of ages: its share of the horizon by the curve. Nothing beyond the horizon. */
export function dueBetween(
  { underwritten, horizonMonths }: Pick<CollectedPortfolio, "underwritten" | "horizonMonths">,
  growth: Growth,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const whole = growthAt(growth, horizonMonths);
  const upTo = (age: number) => growthAt(growth, Math.min(age, horizonMonths));
  return (underwritten * (upTo(to) - upTo(from))) / whole;
}

function observationsOf(portfolio: CollectedPortfolio, growth: Growth): CredibilityGroup {
  const ends = endsOf(portfolio);
  const observations = [];
  for (let first = 0; first < ends.length; first += monthsPerObservation) {
    const last = Math.min(first + monthsPerObservation, ends.length) - 1;
    const weight = dueBetween(portfolio, growth, { from: first, to: ends[last]! });
    const cash = portfolio.monthly.slice(first, last + 1).reduce((sum, amount) => sum + amount, 0);
    if (weight > 0) observations.push({ ratio: cash / weight, weight });
  }
  return { name: portfolio.id, observations };
}

/** Variance of one observation of weight 1 around its own group's mean; infinite (nothing is believed) where none repeats. */
function ownScatter(groups: readonly CredibilityGroup[]): number {
  let squares = 0;
  let degrees = 0;
  for (const { observations } of groups) {
    const weight = observations.reduce((sum, one) => sum + one.weight, 0);
    const mean = observations.reduce((sum, one) => sum + one.weight * one.ratio, 0) / weight;
    for (const one of observations) squares += one.weight * (one.ratio - mean) ** 2;
    degrees += Math.max(0, observations.length - 1);
  }
  return degrees > 0 ? squares / degrees : Number.POSITIVE_INFINITY;
}

interface GammaTiming {
  readonly shape: number;
  readonly scale_years: number;
}

/**
 * By what a price's collections are multiplied, so that over the horizon it expects the fitted level of what it would
 * have expected by the prior timing. The priors state the first 12 months; a slower timing alone would take the same 12
 * months for a smaller part of the whole, and expect more in all than was ever underwritten.
 */
export function pricingLevel({
  timing,
  prior,
  level,
  horizonMonths,
}: {
  readonly timing: GammaTiming;
  readonly prior: GammaTiming;
  readonly level: number;
  readonly horizonMonths: number;
}): number {
  const wholeOverFirstYear = ({ shape, scale_years }: GammaTiming) => {
    const growth: Growth = { family: "gamma", shape, scale: scale_years * 12 };
    return growthAt(growth, horizonMonths) / growthAt(growth, 12);
  };
  return (level * wholeOverFirstYear(prior)) / wholeOverFirstYear(timing);
}

/** What is still to come in of one portfolio. */
export interface Remaining {
  readonly total: number;
  /** weight of own cash in it, 0 to 1 */
  readonly ownWeight: number;
  /** the part of it between two ages in months, both at or after the age it was reckoned at */
  readonly between: (from: number, to: number) => number;
}

/**
 * What is still expected over the horizon, by Benktander: own cash carried forward by the curve, and what was
 * underwritten, weighed by how much of the horizon the curve says is over.
 *
 * @param portfolio with the whole of what was underwritten, whether it is still held or not
 * @param heldShare share of it that is still held, 0 to 1
 */
export function remainingOf(
  { monthly, ageMonths, underwritten, horizonMonths }: Omit<CollectedPortfolio, "id">,
  growth: Growth,
  heldShare: number,
): Remaining {
  const whole = growthAt(growth, horizonMonths);
  const share = (age: number) => growthAt(growth, Math.min(age, horizonMonths)) / whole;
  const developedShare = share(ageMonths);
  const latest = monthly.reduce((sum, amount) => sum + amount, 0);
  const ultimate = benktander({ latest, developedShare, expectedUltimate: underwritten });
  const total = Math.max(0, ultimate - latest) * heldShare;
  return {
    total,
    ownWeight: ownWeight(developedShare),
    between: (from, to) => (developedShare < 1 ? (total * (share(to) - share(from))) / (1 - developedShare) : 0),
  };
}
