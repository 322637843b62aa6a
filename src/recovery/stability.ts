import type { RecoveryCard, ScoreTerm, StabilityRow } from "../../models/recovery-card.js";
import { binOf, missingBin } from "./binning.js";
import { nameOf } from "./score-reasons.js";

/** Bins of a column are joined to about so many groups: many thin bins differ by chance. */
const groups = 10;
/** Stands for the share of a group in which one side has no row at all. */
const none = 1e-4;

/**
 * Population stability index of every column of a card between its history and a tape: the sum over groups of
 * (share now - share then) x ln(share now / share then). Below 0.1 the populations are alike, above 0.25 the card
 * speaks of another one (the usual bounds of scorecard practice). Few rows differ by chance: what chance alone makes of
 * them is taken off before the level is told.
 *
 * @param exposure months since charge-off by row, NaN where unknown
 */
export function stabilityOf(
  card: RecoveryCard,
  columns: readonly { readonly term: ScoreTerm; readonly bins: Uint8Array }[],
  exposure: Float64Array,
): StabilityRow[] {
  const ofExposure = card.probability.terms.find(({ transform }) => transform === "months_since_charge_off");
  const age =
    ofExposure === undefined
      ? []
      : [
          {
            column: "months since charge-off",
            ...psiOf(ofExposure, binOf(exposure, Float64Array.from(ofExposure.bounds))),
          },
        ];
  return [...age, ...columns.map(({ term, bins }) => ({ column: nameOf(term), ...psiOf(term, bins) }))];
}

function psiOf(term: ScoreTerm, bins: Uint8Array): Omit<StabilityRow, "column"> {
  const now = new Float64Array(term.shares.length);
  for (let i = 0; i < bins.length; i++) now[bins[i]!]!++;
  let psi = 0;
  let [then, here] = [0, 0];
  for (let bin = 0; bin < now.length; bin++) {
    then += term.shares[bin]!;
    here += now[bin]! / Math.max(bins.length, 1);
    const isWhole = bin === missingBin || bin === now.length - 1 || then >= 1 / groups;
    if (!isWhole && term.transform !== "category") continue;
    if (then > 0 || here > 0) {
      const [a, b] = [Math.max(then, none), Math.max(here, none)];
      psi += (b - a) * Math.log(b / a);
    }
    [then, here] = [0, 0];
  }
  const beyondChance = psi - groups / Math.max(bins.length, 1);
  return {
    psi: Number(psi.toFixed(6)),
    level: beyondChance < 0.1 ? "stable" : beyondChance <= 0.25 ? "shifted" : "other",
  };
}
