import type { CurveCard } from "../../models/curve.js";
import { Refusal } from "../../models/refusal.js";
import type { Segmentation } from "../../models/strategy.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { estimateToMinor, formatMinor } from "../money/money.js";
import { type CollectionCurve, collectionCurve, structureOf } from "../recovery/collection-curve.js";
import type { CredibilityGroup } from "../recovery/credibility.js";
import { type SegmentRelativity, segmentRelativities } from "../recovery/segment-relativity.js";
import { implement } from "./act.js";
import { type Collected, readCollected } from "./collected-portfolios.js";
import { type CollectionPrior, collectionPrior } from "./collection-prior.js";
import { keepModel } from "./register-model.js";
import { canonicalText, hashText } from "./request-hash.js";
import { readSegmentExperience, type Segmented } from "./segment-experience.js";

/**
 * Fits the collections of bought portfolios and keeps the curve as a version: timing, level and how segments stand to each
 * other, each blended with what was published and underwritten, with the weights it gave them.
 *
 * Guards in this order: each portfolio (`not_found`, `portfolio_not_owned`, `effective_date_refused`), `currency_mismatch`,
 * `triangle_unusable` when no cash has come in.
 */
export const fitCurve = implement("fit-curve", async (context, input) => {
  const asOf = input.as_of === undefined ? context.today : parseDay(input.as_of);
  const ids = [...new Set(input.portfolio_ids)].sort();
  const collected: Collected[] = [];
  for (const id of ids) collected.push(await readCollected(context.tx, id, asOf));
  const { currency } = collected[0]!;
  const other = collected.find((one) => one.currency !== currency);
  if (other !== undefined) {
    throw new Refusal("currency_mismatch", `${collected[0]!.id} is in ${currency}, ${other.id} in ${other.currency}`);
  }
  if (!collected.some(({ monthly }) => monthly.some((amount) => amount !== 0))) {
    throw new Refusal("triangle_unusable", `nothing had come in on ${ids.length} portfolios by ${formatDay(asOf)}`);
  }
  const prior = collectionPrior(currency);
  const fit = collectionCurve(collected, prior);
  const growth = { family: "gamma", shape: fit.timing.shape, scale: fit.timing.scale } as const;
  const experience: Segmented[] = [];
  for (const id of ids) {
    experience.push(await readSegmentExperience(context.tx, { portfolioId: id, by: input.segment_by, asOf, growth }));
  }
  const structure = (groups: readonly CredibilityGroup[]) => structureOf(groups, prior.levelVariation);
  const segments = segmentRelativities(experience[0]!.keys, experience, structure);
  const card = cardOf(collected, fit, { asOf: formatDay(asOf), prior, by: input.segment_by, segments });
  const { kind: _, ...document } = await keepModel(context, {
    kind: "curve",
    name: input.name,
    card,
    fittedOn: formatDay(asOf),
  });
  return { ...document, card };
});

interface CardFacts {
  readonly asOf: string;
  readonly prior: CollectionPrior;
  readonly by: Segmentation;
  readonly segments: readonly SegmentRelativity[];
}

function cardOf(
  collected: readonly Collected[],
  { timing, level, levelVariation, betweenVariation, portfolios }: CollectionCurve,
  { asOf, prior, by, segments }: CardFacts,
): CurveCard {
  const { currency } = collected[0]!;
  const shown = (amount: number) => formatMinor(estimateToMinor(amount, currency, "half_even"), currency);
  const own = timing.own;
  const oldest = Math.max(...collected.map((one) => one.ageMonths));
  return {
    kind: "curve",
    as_of: asOf,
    currency,
    horizon_months: Math.max(...collected.map(({ horizonMonths }) => horizonMonths)),
    data_hash: hashText(canonicalText(collected)),
    timing: { family: "gamma", shape: timing.shape, scale_years: timing.scale / 12 },
    own_timing:
      own === null
        ? null
        : {
            shape: own.shape,
            scale_years: own.scale / 12,
            dispersion: Number.isFinite(own.dispersion) ? own.dispersion : null,
            tail_share: own.asymptote.tailShare,
            tail_share_low: own.asymptote.tailShareLow,
            tail_share_high: own.asymptote.tailShareHigh,
            asymptote: own.asymptote.identified ? "identified" : "unidentified",
            reason: own.asymptote.reason,
          },
    prior_timing: {
      shape: prior.timing.shape,
      scale_years: prior.timing.scale / 12,
      source: prior.source,
      shape_spread: prior.timing.shapeSpread,
      scale_spread: prior.timing.scaleSpread,
    },
    timing_credibility: { shape: timing.shapeCredibility, scale: timing.scaleCredibility },
    level: {
      value: level.value,
      own: level.own,
      credibility: level.credibility,
      prior: level.complement,
      prior_variation: prior.levelVariation,
      variation: levelVariation,
      between_variation: betweenVariation,
    },
    segments: segments.map(({ key, expected, actual, own: ownRatio, credibility, relativity }) => {
      const amounts = { expected_to_date: shown(expected), cash: shown(actual) };
      return { by, key, ...amounts, own: ownRatio, credibility, relativity };
    }),
    portfolios: portfolios.map((one, i) => ({
      portfolio_id: one.id,
      age_months: collected[i]!.ageMonths,
      cash: shown(one.cash),
      underwritten: shown(collected[i]!.underwritten),
      expected_to_date: shown(one.expectedToDate),
      actual_to_expected: one.own,
      credibility: one.credibility,
      level: one.value,
    })),
    limits: [
      `The oldest portfolio is ${oldest.toFixed(1)} months old: what comes later leans on the prior timing.`,
      ...(own?.asymptote.identified === false
        ? [`Own cash alone does not say how much is still to come: ${own.asymptote.reason}.`]
        : []),
      "What went back to the seller or was sold on is taken out of the expectation by its share of the price.",
    ],
  };
}
