import { type CredibilityGroup, hierarchicalBlend, type StructureVariances } from "./credibility.js";

/** What segments of one portfolio brought in against what was expected, by stretch of age. */
export interface SegmentExperience {
  /** `expected[stretch][segment]`, in major units; likewise `actual` */
  readonly expected: readonly Float64Array[];
  readonly actual: readonly Float64Array[];
}

export interface SegmentRelativity {
  readonly key: string;
  readonly expected: number;
  readonly actual: number;
  /** own experience: actual over expected of the segment, over that of all segments together */
  readonly own: number | null;
  readonly credibility: number;
  /** what the segment is taken to bring in, relative to all; the mean over what was expected is 1 */
  readonly relativity: number;
}

/**
 * How segments stand to each other, believed by Buehlmann and Straub: each stretch of age gives one observation a segment,
 * its ratio over that of the whole portfolio in the same stretch, so that neither the level nor the calendar is in it.
 * A thin segment keeps the place that the price gave it.
 *
 * @param variances finds the variances of the observations
 */
export function segmentRelativities(
  keys: readonly string[],
  experience: readonly SegmentExperience[],
  variances: (groups: readonly CredibilityGroup[]) => StructureVariances,
): SegmentRelativity[] {
  const groups = keys.map((name, k) => ({ name, observations: experience.flatMap((one) => observationsOf(one, k)) }));
  const { groups: blended } = hierarchicalBlend(groups, { value: 1, variation: 0 }, variances(groups));
  const total = (of: "expected" | "actual", k: number) =>
    experience.reduce((sum, one) => sum + one[of].reduce((inner, row) => inner + row[k]!, 0), 0);
  const sums = keys.map((_, k) => ({ expected: total("expected", k), actual: total("actual", k) }));
  const whole = sums.reduce((sum, { expected }) => sum + expected, 0);
  const mean = blended.reduce((sum, { value }, k) => sum + value * sums[k]!.expected, 0) / whole;
  return blended.flatMap((one, k) =>
    sums[k]!.expected > 0
      ? [{ key: one.name, ...sums[k]!, own: one.own, credibility: one.credibility, relativity: one.value / mean }]
      : [],
  );
}

function observationsOf({ expected, actual }: SegmentExperience, k: number): { ratio: number; weight: number }[] {
  return expected.flatMap((row, stretch) => {
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    const level = sum(actual[stretch]!) / sum(row);
    const weight = row[k]!;
    return weight > 0 && level > 0 ? [{ ratio: actual[stretch]![k]! / weight / level, weight }] : [];
  });
}
