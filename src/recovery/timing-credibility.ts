import { type CashInterval, type CurveFit, fitCurve, spreadLikelihoodOf } from "./curve-fit.js";
import { type Growth, growthAt } from "./growth.js";
import { leastOf } from "./least.js";

/** What is held of the timing of collections before own cash is looked at, and how firmly. */
export interface TimingPrior {
  readonly shape: number;
  /** in the unit of the ages */
  readonly scale: number;
  /** standard deviations of the logarithms of shape and scale */
  readonly shapeSpread: number;
  readonly scaleSpread: number;
}

export interface BlendedTiming {
  readonly shape: number;
  readonly scale: number;
  /** share of the prior's variance that own cash takes away: 0 is the prior alone, 1 own cash alone */
  readonly shapeCredibility: number;
  readonly scaleCredibility: number;
  /** own cash alone; null where it cannot be fitted */
  readonly own: CurveFit | null;
}

/**
 * How far the cash of a period may lie from a curve however much of it there is: collections of all portfolios rise and
 * fall together by about a tenth with the calendar (back-test of the PRA vintages, 2004 to 2008). So cash that happens to
 * lie on a curve is not taken for proof of it.
 */
const calendarSwing = 0.1;

/**
 * The gamma timing that own cash and a prior make together: the most likely one when the prior is taken as normal in
 * the logarithms of shape and scale, and the likelihood of own cash is divided by its dispersion. Where own cash says
 * little, as with a few months that bring in about the same, the prior stays; with years of cash it hardly matters.
 */
export function blendTiming(cash: readonly CashInterval[], prior: TimingPrior): BlendedTiming {
  const alone = { shape: prior.shape, scale: prior.scale, shapeCredibility: 0, scaleCredibility: 0 };
  const perOrigin = new Map<number, number>();
  for (const { origin } of cash) perOrigin.set(origin, (perOrigin.get(origin) ?? 0) + 1);
  if (![...perOrigin.values()].some((cells) => cells > 1)) return { ...alone, own: null };
  const own = fitCurve(cash, "gamma");
  if (own.degreesOfFreedom <= 0) return { ...alone, own };
  const dispersion = Math.max(own.dispersion, calendarSwing ** 2 * meanAmount(cash));
  const likelihood = spreadLikelihoodOf(own.origins);
  const centre = [Math.log(prior.shape), Math.log(prior.scale)] as const;
  const spreads = [prior.shapeSpread, prior.scaleSpread] as const;
  const cost = ([logShape, logScale]: readonly [number, number]) => {
    const growth: Growth = { family: "gamma", shape: Math.exp(logShape), scale: Math.exp(logScale) };
    const distance = ((logShape - centre[0]) / spreads[0]) ** 2 + ((logScale - centre[1]) / spreads[1]) ** 2;
    return -likelihood(growth) / dispersion + distance / 2;
  };
  const { point } = leastOf(cost, centre);
  const [shapeVariance, scaleVariance] = variancesAt(cost, point);
  const taken = (variance: number, spread: number) => Math.min(1, Math.max(0, 1 - variance / spread ** 2));
  return {
    shape: Math.exp(point[0]),
    scale: Math.exp(point[1]),
    shapeCredibility: taken(shapeVariance, spreads[0]),
    scaleCredibility: taken(scaleVariance, spreads[1]),
    own,
  };
}

/**
 * What comes after an age as a factor on what came before it, up to a horizon, with the standard error that the spreads of
 * shape and scale give it.
 */
export function tailAfter(
  timing: TimingPrior,
  age: number,
  horizon: number,
): { factor: number; standardError: number } {
  const factorOf = (shape: number, scale: number) => {
    const growth: Growth = { family: "gamma", shape, scale };
    return age >= horizon ? 1 : growthAt(growth, horizon) / growthAt(growth, age);
  };
  const { shape, scale, shapeSpread, scaleSpread } = timing;
  const step = 1e-4;
  const slope = (a: number, b: number) =>
    (factorOf(shape * Math.exp(a * step), scale * Math.exp(b * step)) -
      factorOf(shape * Math.exp(-a * step), scale * Math.exp(-b * step))) /
    (2 * step);
  const standardError = Math.hypot(slope(1, 0) * shapeSpread, slope(0, 1) * scaleSpread);
  return { factor: factorOf(shape, scale), standardError };
}

function meanAmount(cash: readonly CashInterval[]): number {
  return (
    Math.max(
      0,
      cash.reduce((sum, { amount }) => sum + amount, 0),
    ) / cash.length
  );
}

/** Diagonal of the inverse of the curvature, by central differences. */
function variancesAt(
  cost: (at: readonly [number, number]) => number,
  [x, y]: readonly [number, number],
): [number, number] {
  const step = 1e-3;
  const at = (a: number, b: number) => cost([x + a * step, y + b * step]);
  const middle = at(0, 0);
  const xx = (at(1, 0) - 2 * middle + at(-1, 0)) / step ** 2;
  const yy = (at(0, 1) - 2 * middle + at(0, -1)) / step ** 2;
  const xy = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step ** 2);
  const determinant = xx * yy - xy ** 2;
  return [yy / determinant, xx / determinant];
}
