import { Refusal } from "../../models/refusal.js";
import { type Growth, type GrowthFamily, growthAt, growthFamilies, scaleReaching } from "./growth.js";
import { leastOf, leastOnLine } from "./least.js";

/** Cash that came in between two ages of one origin; those of an origin lie end to end, in order. Ages are in one unit. */
export interface CashInterval {
  /** number of the origin, from 0 */
  readonly origin: number;
  readonly from: number;
  /** above `from`; infinity for cash that is still open at the end */
  readonly to: number;
  readonly amount: number;
}

/** How much of the ultimate the data leave open beyond the oldest age they reach. */
export interface Asymptote {
  /** whether the data say how much there is; if not, nothing should be extrapolated */
  readonly identified: boolean;
  readonly reason: string | null;
  readonly oldestAge: number;
  /** share of the ultimate beyond the oldest age, with the 95 % interval of its profile likelihood */
  readonly tailShare: number;
  readonly tailShareLow: number;
  readonly tailShareHigh: number;
}

export interface CurveFit extends Growth {
  /** quasi-log-likelihood of the spread of each origin's cash over its ages */
  readonly logLikelihood: number;
  /** variance over mean of a cell (over-dispersed Poisson), in the unit of the cash; NaN without degrees of freedom */
  readonly dispersion: number;
  readonly degreesOfFreedom: number;
  /** covariance of (log shape, log scale); NaN where the likelihood is flat */
  readonly covariance: readonly [number, number, number];
  readonly asymptote: Asymptote;
  /** cash of each origin by its ages, end to end */
  readonly origins: readonly { readonly amount: number; readonly intervals: readonly CashInterval[] }[];
}

/** The tail is taken as identified while the highest ultimate of the interval is at most so many times the lowest. */
const widestUltimate = 2;
/** 95 % point of chi-square with one degree of freedom. */
const chiSquare95 = 3.841458820694124;

/**
 * Fits one family to incremental cash by maximum likelihood.
 *
 * A cell is over-dispersed Poisson with mean U(origin) x (G(to) - G(from)) and variance dispersion x mean (Clark 2003).
 * For given shape and scale the best U of an origin is its cash over the share that its ages span, which leaves the
 * multinomial likelihood of how the cash is spread over the ages, with two parameters. An origin is so compared with
 * itself alone: what had not come in by its last age is not taken for missing. Cumulative values are not
 * fitted: their errors hang together.
 *
 * @throws Refusal `triangle_unusable` where no origin has two cells, or one has paid back more than came in
 */
export function fitCurve(cash: readonly CashInterval[], family: GrowthFamily): CurveFit {
  const origins = byOrigin(cash);
  const cells = origins.reduce((sum, { intervals }) => sum + intervals.length, 0);
  if (!origins.some(({ intervals }) => intervals.length > 1)) {
    throw new Refusal("triangle_unusable", "a curve needs an origin whose cash is known at two ages at least");
  }
  const oldestAge = Math.max(...cash.map(({ from, to }) => (Number.isFinite(to) ? to : from)));
  const likelihood = spreadLikelihoodOf(origins);
  const best = mostLikely(family, oldestAge, likelihood);
  const growth: Growth = { family, shape: best.shape, scale: best.scale };
  const logLikelihood = likelihood(growth);
  const degreesOfFreedom = cells - origins.length - 2;
  const dispersion = degreesOfFreedom > 0 ? pearson(origins, growth) / degreesOfFreedom : Number.NaN;
  const covariance = covarianceAt(growth, likelihood, dispersion);
  const asymptote = asymptoteOf({ growth, logLikelihood, dispersion, oldestAge, degreesOfFreedom }, likelihood);
  return { ...growth, logLikelihood, dispersion, degreesOfFreedom, covariance, asymptote, origins };
}

/** Every family on the same cash, the most likely first. All have two parameters, so the likelihoods compare. */
export function fitFamilies(cash: readonly CashInterval[]): CurveFit[] {
  return growthFamilies.map((family) => fitCurve(cash, family)).sort((a, b) => b.logLikelihood - a.logLikelihood);
}

type Origins = CurveFit["origins"];

function byOrigin(cash: readonly CashInterval[]): Origins {
  const groups = new Map<number, CashInterval[]>();
  for (const interval of cash) {
    const group = groups.get(interval.origin);
    if (group === undefined) groups.set(interval.origin, [interval]);
    else group.push(interval);
  }
  const rows = [...groups.entries()].sort(([a], [b]) => a - b);
  return withoutNegativeEnd(rows.map(([, intervals]) => intervals)).map((intervals, i) => {
    const amount = intervals.reduce((sum, one) => sum + one.amount, 0);
    if (amount >= 0) return { amount, intervals };
    throw new Refusal("triangle_unusable", `origin ${rows[i]![0] + 1} has paid back more than it took in`);
  });
}

/**
 * Where from some age on more was paid back than came in, over all origins, the likeliest curve would end before it, and
 * be infinitely likely. Such a cell is taken together with the one before it, until none is left. A cell below zero
 * among others above it is kept: the curve has to pass through both.
 */
function withoutNegativeEnd(rows: readonly (readonly CashInterval[])[]): readonly (readonly CashInterval[])[] {
  const cells = rows.flat();
  const isNegativeFrom = new Map<number, boolean>();
  for (const { from } of cells) {
    if (isNegativeFrom.has(from)) continue;
    isNegativeFrom.set(from, cells.reduce((sum, one) => sum + (one.from >= from ? one.amount : 0), 0) < 0);
  }
  return rows.map((row) => {
    const joined: CashInterval[] = [];
    for (const interval of row) {
      const last = joined.at(-1);
      if (last === undefined || !isNegativeFrom.get(interval.from)) joined.push(interval);
      else joined[joined.length - 1] = { ...last, to: interval.to, amount: last.amount + interval.amount };
    }
    return joined;
  });
}

const shareIn = (growth: Growth, { from, to }: CashInterval) => growthAt(growth, to) - growthAt(growth, from);
const spanOf = ({ intervals }: Origins[number]) => ({ from: intervals[0]!.from, to: intervals.at(-1)!.to });
const tiny = 1e-300;

/**
 * The likelihood of how each origin's cash is spread over its ages, as a function of the curve. Cells of the same ages,
 * and origins of the same span, enter by their sums alone, so that a curve is looked up once for every age.
 */
export function spreadLikelihoodOf(origins: Origins): (growth: Growth) => number {
  const ages = [...new Set(origins.flatMap(({ intervals }) => intervals.flatMap(({ from, to }) => [from, to])))];
  const place = new Map(ages.map((age, i) => [age, i]));
  const terms = new Map<string, { from: number; to: number; amount: number }>();
  const add = ({ from, to }: { from: number; to: number }, amount: number) => {
    const term = terms.get(`${from} ${to}`);
    if (term !== undefined) term.amount += amount;
    else terms.set(`${from} ${to}`, { from: place.get(from)!, to: place.get(to)!, amount });
  };
  for (const origin of origins) {
    for (const interval of origin.intervals) add(interval, interval.amount);
    add(spanOf(origin), -origin.amount);
  }
  const kept = [...terms.values()].filter(({ amount }) => amount !== 0);
  return (growth) => {
    const shares = ages.map((age) => growthAt(growth, age));
    let sum = 0;
    for (const { from, to, amount } of kept) sum += amount * Math.log(Math.max(shares[to]! - shares[from]!, tiny));
    return sum;
  };
}

/** Ultimate of each origin: its cash over the share of the curve that its ages span. */
export function ultimatesOf({ origins, ...growth }: Growth & { readonly origins: Origins }): number[] {
  return origins.map((origin) => {
    const { from, to } = spanOf(origin);
    return origin.amount / Math.max(growthAt(growth, to) - growthAt(growth, from), tiny);
  });
}

function pearson(origins: Origins, growth: Growth): number {
  const ultimates = ultimatesOf({ ...growth, origins });
  let sum = 0;
  for (const [i, { intervals }] of origins.entries()) {
    for (const interval of intervals) {
      const mean = Math.max(ultimates[i]! * shareIn(growth, interval), tiny);
      if (ultimates[i]! > 0) sum += (interval.amount - mean) ** 2 / mean;
    }
  }
  return sum;
}

/** Bounds of the search: shapes from almost a spike at the start to a jump, tails from none to nearly everything. */
const shapeBounds = [0.05, 50] as const;
const tailLogitBounds = [-23, 11.5] as const;

/**
 * The search runs over the logarithm of the shape and the logit of the tail share: unlike scale, a tail share that
 * runs off to its bound says in itself that the data do not hold it.
 */
function mostLikely(family: GrowthFamily, oldestAge: number, likelihood: (growth: Growth) => number): Growth {
  const growthOf = ([logShape, logit]: readonly [number, number]): Growth => {
    const shape = Math.exp(within(logShape, shapeBounds.map(Math.log) as [number, number]));
    const share = 1 / (1 + Math.exp(within(logit, tailLogitBounds)));
    return { family, shape, scale: scaleReaching({ family, shape }, oldestAge, share) };
  };
  const cost = (point: readonly [number, number]) => -likelihood(growthOf(point));
  const starts = [-0.7, 0, 0.7].flatMap((logShape) => [-4, -1, 2].map((logit) => [logShape, logit] as const));
  const first = starts.map((start) => ({ start, cost: cost(start) })).sort((a, b) => a.cost - b.cost);
  const runs = first.slice(0, 3).map(({ start }) => leastOf(cost, start));
  return growthOf(runs.reduce((a, b) => (b.cost < a.cost ? b : a)).point);
}

const within = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));

/** Dispersion times the inverse of the observed information, by central differences in the logarithms. */
function covarianceAt(
  { family, shape, scale }: Growth,
  likelihood: (growth: Growth) => number,
  dispersion: number,
): [number, number, number] {
  const step = 1e-4;
  const at = (a: number, b: number) =>
    likelihood({ family, shape: shape * Math.exp(a * step), scale: scale * Math.exp(b * step) });
  const middle = at(0, 0);
  const aa = -(at(1, 0) - 2 * middle + at(-1, 0)) / step ** 2;
  const bb = -(at(0, 1) - 2 * middle + at(0, -1)) / step ** 2;
  const ab = -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step ** 2);
  const determinant = aa * bb - ab ** 2;
  if (!(determinant > 1e-9 * aa * bb)) return [Number.NaN, Number.NaN, Number.NaN];
  return [(dispersion * bb) / determinant, (-dispersion * ab) / determinant, (dispersion * aa) / determinant];
}

interface FittedPoint {
  readonly growth: Growth;
  readonly logLikelihood: number;
  readonly dispersion: number;
  readonly degreesOfFreedom: number;
  readonly oldestAge: number;
}

/**
 * Which tail shares the data allow: those whose best likelihood, over every shape, lies within the 95 % point of the
 * fit's (scaled by the dispersion). Two points on a straight line, or as many parameters as cells, allow any.
 */
function asymptoteOf(fit: FittedPoint, likelihood: (growth: Growth) => number): Asymptote {
  const { growth, logLikelihood, dispersion, degreesOfFreedom, oldestAge } = fit;
  const tailShare = 1 - growthAt(growth, oldestAge);
  const open = { oldestAge, tailShare, tailShareLow: 0, tailShareHigh: 1 };
  if (degreesOfFreedom <= 0) {
    const reason = `${degreesOfFreedom + 2} free amounts cannot hold two parameters of a curve and leave something to judge them by`;
    return { ...open, identified: false, reason };
  }
  const profile = (logit: number) => {
    const share = 1 / (1 + Math.exp(logit));
    const along = (logShape: number) => {
      const shape = Math.exp(logShape);
      const scale = scaleReaching({ family: growth.family, shape }, oldestAge, share);
      return -likelihood({ family: growth.family, shape, scale });
    };
    return -leastOnLine(along, shapeBounds.map(Math.log) as [number, number]).cost;
  };
  const least = logLikelihood - (chiSquare95 * dispersion) / 2;
  const centre = within(Math.log(tailShare / (1 - tailShare)), tailLogitBounds);
  const [low, high] = tailLogitBounds.map((end) => edgeBetween(centre, end, (logit) => profile(logit) >= least));
  const shareOf = (logit: number) => (logit <= tailLogitBounds[0] ? 0 : 1 / (1 + Math.exp(-logit)));
  const bounds = { tailShareLow: shareOf(low!), tailShareHigh: shareOf(high!) };
  const ratio = (1 - bounds.tailShareLow) / (1 - bounds.tailShareHigh);
  const identified = high! < tailLogitBounds[1] && ratio <= widestUltimate;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const reason = identified
    ? null
    : `between ${percent(bounds.tailShareLow)} and ${percent(bounds.tailShareHigh)} of the whole may lie beyond the oldest age`;
  return { ...open, ...bounds, identified, reason };
}

/** The farthest point towards the end at which the condition holds, by halving; the end itself where it holds there. */
function edgeBetween(centre: number, end: number, holds: (at: number) => boolean): number {
  if (holds(end)) return end;
  let [inside, outside] = [centre, end];
  for (let i = 0; i < 40; i++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
