import { type CurveFit, ultimatesOf } from "./curve-fit.js";
import { type Growth, growthAt } from "./growth.js";

export interface CurveProjection {
  readonly origins: readonly {
    readonly ultimate: number;
    readonly remaining: number;
    readonly standardError: number;
  }[];
  readonly total: { readonly ultimate: number; readonly remaining: number; readonly standardError: number };
}

/**
 * What each origin of the fit still brings in, up to an age or for good, with Clark's standard error (2003).
 *
 * Remaining = U x (G(end) - G(last age)). Its error has two parts: the process, dispersion x remaining; and the
 * parameters, by the delta method with the covariance of shape and scale (which all origins share) and the variance of
 * each origin's own U. The choice of the family is not in it: compare the families.
 *
 * @param endAge age at which collecting ends; infinity for the whole life
 */
export function projectCurve(fit: CurveFit, endAge = Number.POSITIVE_INFINITY): CurveProjection {
  const ends = fit.origins.map(({ intervals }) =>
    Math.max(...intervals.map(({ from, to }) => (Number.isFinite(to) ? to : from))),
  );
  const remainingOf = (growth: Growth) => {
    const ultimates = ultimatesOf({ ...growth, origins: fit.origins });
    return ultimates.map(
      (ultimate, i) => ultimate * Math.max(0, growthAt(growth, endAge) - growthAt(growth, ends[i]!)),
    );
  };
  const { family, shape, scale } = fit;
  const remaining = remainingOf({ family, shape, scale });
  const step = 1e-5;
  const slopes = ([a, b]: readonly [number, number]) => {
    const at = (sign: number) =>
      remainingOf({ family, shape: shape * Math.exp(sign * a * step), scale: scale * Math.exp(sign * b * step) });
    const [up, down] = [at(1), at(-1)];
    return up.map((value, i) => (value - down[i]!) / (2 * step));
  };
  const [byShape, byScale] = [slopes([1, 0]), slopes([0, 1])];
  const [aa, ab, bb] = fit.covariance;
  const shared = (s: number, c: number) => s * s * aa + 2 * s * c * ab + c * c * bb;
  const own = remaining.map((value, i) => {
    const { amount } = fit.origins[i]!;
    return fit.dispersion * value + (amount > 0 ? (value ** 2 * fit.dispersion) / amount : 0);
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    origins: remaining.map((value, i) => ({
      ultimate: fit.origins[i]!.amount + value,
      remaining: value,
      standardError: Math.sqrt(own[i]! + shared(byShape[i]!, byScale[i]!)),
    })),
    total: {
      ultimate: sum(fit.origins.map(({ amount }) => amount)) + sum(remaining),
      remaining: sum(remaining),
      standardError: Math.sqrt(sum(own) + shared(sum(byShape), sum(byScale))),
    },
  };
}
