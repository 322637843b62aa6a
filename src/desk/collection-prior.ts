import type { Timing } from "../../models/strategy.js";
import { resolveAssumptions } from "../pricing/assumptions.js";
import type { TimingPrior } from "../recovery/timing-credibility.js";

/** How firmly the published timing is held: standard deviations of the logarithms of its shape and scale. Ours, unverified. */
const timingSpread = { shape: 0.2, scale: 0.3 };

export interface CollectionPrior {
  /** scale in months */
  readonly timing: TimingPrior;
  readonly levelVariation: number;
  readonly source: string;
}

/** The published timing and how far a price's forecast may be off, from the priors that every price begins with. */
export function collectionPrior(currency: string): CollectionPrior {
  const assumptions = resolveAssumptions({ currency });
  const timing: Timing = assumptions.recovery.timing;
  if (timing.family !== "gamma") throw new Error(`the published timing is ${timing.family}`);
  return {
    timing: {
      shape: timing.shape,
      scale: timing.scale_years * 12,
      shapeSpread: timingSpread.shape,
      scaleSpread: timingSpread.scale,
    },
    levelVariation: assumptions.interval.systematic_cv,
    source: assumptions.sources.find(({ name }) => name === "recovery.timing")!.source,
  };
}
