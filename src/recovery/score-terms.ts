import type { BinnedTerm } from "./additive.js";
import { binOf, quantileBounds } from "./binning.js";
import { type Candidate, labelsOf } from "./score-candidates.js";
import { codesOf, type FeatureName } from "./score-features.js";

/** A column in bins, with what takes to put other rows into the same bins. */
export interface Term extends FeatureName, BinnedTerm {
  readonly bounds: Float64Array;
  readonly labels: readonly string[];
}

/** Whether a score may only rise or only fall with a column's number. */
export type Directions = ReadonlyMap<string, -1 | 1>;

const mostBins = 24;

/** The column whose effect is exposure: how long money has had to come in. */
export const exposureName: FeatureName = { column: "charge_off_date", transform: "months_since_charge_off" };

/**
 * Bounds between the bins of exposure, in months. Money does not come at once, so the first half year is told apart by
 * months however few accounts stand there; later bins grow wider. The first holds no time at all.
 */
const exposureBounds = [
  0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 18, 21, 24, 27, 30, 36, 42, 48, 54, 60, 66, 72, 84, 96, 108, 120, 144, 180, 240,
];
const hair = 1e-6;

export function termOf(candidate: Candidate, directions: Directions): Term {
  const { column, transform, feature } = candidate;
  const name = { column, transform };
  if (feature.kind === "category") {
    const labels = labelsOf(feature);
    const bins = codesOf(feature, labels);
    return {
      ...name,
      bins,
      binCount: labels.length + 1,
      isOrdered: false,
      direction: 0,
      bounds: new Float64Array(),
      labels,
    };
  }
  const bounds = quantileBounds(feature.values, mostBins);
  const direction = transform === "distance_from_whole" ? 0 : (directions.get(column) ?? 0);
  return numberTerm(name, feature.values, { bounds, direction });
}

function numberTerm(
  name: FeatureName,
  values: Float64Array,
  { bounds, direction }: { bounds: Float64Array; direction: -1 | 0 | 1 },
): Term {
  const bins = binOf(values, bounds);
  return { ...name, bins, binCount: bounds.length + 2, isOrdered: true, direction, bounds, labels: [] };
}

/** Exposure as the probability sees it: bins of fixed months, as far as the history reaches. */
export function exposureTerm(exposure: Float64Array): Term {
  const longest = exposure.reduce((most, months) => Math.max(most, months), 0);
  const bounds = Float64Array.from(
    exposureBounds.filter((months) => months < longest),
    (months) => months + hair,
  );
  return numberTerm(exposureName, exposure, { bounds, direction: 0 });
}

/** Paying accounts that a bin of the amount's exposure has at least: fewer tell nothing, and its smoothing does the rest. */
const payersEachBin = 60;

/**
 * Exposure as the amount sees it: bins of equally many paying accounts.
 * @param ofPayers exposure of the accounts that paid
 */
export function amountExposureTerm(exposure: Float64Array, ofPayers: Float64Array): Term {
  const bins = Math.min(mostBins, Math.floor(ofPayers.length / payersEachBin));
  const bounds = bins < 2 ? new Float64Array() : quantileBounds(ofPayers, bins);
  return numberTerm(exposureName, exposure, { bounds, direction: 0 });
}

/** The same term, of some of its rows. */
export function partOfTerm(term: Term, places: Int32Array): Term {
  const bins = new Uint8Array(places.length);
  for (let k = 0; k < places.length; k++) bins[k] = term.bins[places[k]!]!;
  return { ...term, bins };
}
