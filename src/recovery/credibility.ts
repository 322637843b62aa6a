/** Credibility: how much a group's own experience should count beside what is known of all groups. */

/** One group with its observations: ratios, each with the exposure it was measured on. */
export interface CredibilityGroup {
  readonly name: string;
  readonly observations: readonly { readonly ratio: number; readonly weight: number }[];
}

export interface CredibilityEstimate {
  readonly name: string;
  readonly weight: number;
  readonly ownMean: number;
  /** Z: the share of the group's own mean in the premium, 0 to 1 */
  readonly credibility: number;
  readonly premium: number;
}

export interface Credibility {
  readonly collective: number;
  /** variance between the true means of groups; 0 when the groups differ by no more than chance */
  readonly betweenVariance: number;
  /** variance of one observation of weight 1 around its group's mean */
  readonly withinVariance: number;
  readonly groups: readonly CredibilityEstimate[];
}

const sumOf = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((sum, item) => sum + of(item), 0);

/**
 * Buehlmann and Straub 1970. Observations of a group scatter around its own mean with variance s2 / weight; the means of
 * groups scatter around the collective with variance a. A group of weight w is believed to the share Z = w / (w + s2 / a),
 * and the rest is the collective premium, the mean of groups weighted by Z. Both variances are the unbiased estimators;
 * an `a` below zero is taken as zero, and then every group is given the collective mean weighted by exposure.
 *
 * @param groups two and more with positive weight, one of them with two observations at least; others count as they can
 * @returns null where the variances cannot be estimated
 */
export function credibility(groups: readonly CredibilityGroup[]): Credibility | null {
  const known = groups.map(({ name, observations }) => {
    const weight = sumOf(observations, (one) => one.weight);
    const ownMean = weight > 0 ? sumOf(observations, (one) => one.ratio * one.weight) / weight : 0;
    return { name, observations: observations.filter((one) => one.weight > 0), weight, ownMean };
  });
  const seen = known.filter(({ weight }) => weight > 0);
  const degrees = sumOf(seen, ({ observations }) => observations.length - 1);
  if (seen.length < 2 || degrees < 1) return null;
  const whole = sumOf(seen, ({ weight }) => weight);
  const mean = sumOf(seen, ({ weight, ownMean }) => weight * ownMean) / whole;
  const scatter = ({ observations, ownMean }: (typeof seen)[number]) =>
    sumOf(observations, ({ ratio, weight }) => weight * (ratio - ownMean) ** 2);
  const withinVariance = sumOf(seen, scatter) / degrees;
  const apart = sumOf(seen, ({ weight, ownMean }) => weight * (ownMean - mean) ** 2);
  const scale = whole ** 2 - sumOf(seen, ({ weight }) => weight ** 2);
  const betweenVariance = Math.max(0, (whole * (apart - (seen.length - 1) * withinVariance)) / scale);
  const zOf = (weight: number) => believed(weight, { betweenVariance, withinVariance });
  const zs = sumOf(seen, ({ weight }) => zOf(weight));
  const collective = zs > 0 ? sumOf(seen, ({ weight, ownMean }) => zOf(weight) * ownMean) / zs : mean;
  return {
    collective,
    betweenVariance,
    withinVariance,
    groups: known.map(({ name, weight, ownMean }) => {
      const z = zOf(weight);
      return { name, weight, ownMean, credibility: z, premium: z * ownMean + (1 - z) * collective };
    }),
  };
}

/** Z of a weight: 0 for none, 1 where observations do not scatter. */
export function believed(weight: number, { betweenVariance, withinVariance }: StructureVariances): number {
  if (weight <= 0 || betweenVariance <= 0) return 0;
  return weight / (weight + withinVariance / betweenVariance);
}

/** Variances within groups (of one observation of weight 1) and between them. */
export type StructureVariances = Pick<Credibility, "betweenVariance" | "withinVariance">;

/** One step of a blend: own experience against what stands above it. */
export interface Blend {
  readonly own: number | null;
  readonly weight: number;
  readonly credibility: number;
  /** what own experience is blended with */
  readonly complement: number;
  readonly value: number;
}

/** How far a published or underwritten figure may be off: the root of its variance over itself. */
export interface Prior {
  readonly value: number;
  readonly variation: number;
}

/**
 * Blends a thin group with its parent, and the parent with a prior. Each group is believed against the parent's blend by
 * Buehlmann and Straub. The parent's own mean is uncertain twice, by the scatter within groups and by how few groups there
 * are: with one group its variance cannot fall below that between groups, however long the group has been watched.
 *
 * @param prior of the mean of all groups
 * @param variances from `credibility`, or from outside
 */
export function hierarchicalBlend(
  groups: readonly CredibilityGroup[],
  prior: Prior,
  variances: StructureVariances,
): { readonly parent: Blend; readonly groups: readonly (Blend & { readonly name: string })[] } {
  const known = groups.map(({ name, observations }) => {
    const weight = sumOf(observations, (one) => one.weight);
    const own = weight > 0 ? sumOf(observations, (one) => one.ratio * one.weight) / weight : null;
    return { name, weight, own, z: believed(weight, variances) };
  });
  const weight = sumOf(known, (one) => one.weight);
  const zs = sumOf(known, (one) => one.z);
  const byZ = zs > 0 ? sumOf(known, (one) => one.z * (one.own ?? 0)) / zs : null;
  const byWeight = weight > 0 ? sumOf(known, (one) => one.weight * (one.own ?? 0)) / weight : null;
  const own = byZ ?? byWeight;
  const ownVariance = zs > 0 ? variances.betweenVariance / zs : variances.withinVariance / weight;
  const priorVariance = (prior.value * prior.variation) ** 2;
  const z = own === null || priorVariance === 0 ? 0 : priorVariance / (priorVariance + ownVariance);
  const value = own === null ? prior.value : z * own + (1 - z) * prior.value;
  return {
    parent: { own, weight, credibility: z, complement: prior.value, value },
    groups: known.map((one) => ({
      name: one.name,
      own: one.own,
      weight: one.weight,
      credibility: one.z,
      complement: value,
      value: one.own === null ? value : one.z * one.own + (1 - one.z) * value,
    })),
  };
}
