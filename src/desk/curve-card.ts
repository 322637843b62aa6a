import { type CurveCard, curveCardSchema } from "../../models/curve.js";
import { shownCurve } from "../../models/model-version.js";
import { Refusal } from "../../models/refusal.js";
import type { FittedAssumptions } from "../pricing/assumptions.js";
import { pricingLevel } from "../recovery/collection-curve.js";
import { parseCard } from "./parse-card.js";
import { canonicalText, hashText } from "./request-hash.js";

/**
 * A curve from outside, as assumptions of a price: what `curves show --json` answers, or its card alone.
 *
 * @throws Refusal `model_invalid` for anything else and for a card that was changed, `currency_mismatch`, `conflict` for a curve that was retired
 */
export function readCurve(input: unknown, currency: string): FittedAssumptions {
  const isShown = typeof input === "object" && input !== null && "card" in input;
  const shown = isShown ? parseCard(shownCurve, input, "curve") : undefined;
  const card = shown?.card ?? parseCard(curveCardSchema, input, "curve");
  const hash = hashText(canonicalText(card));
  if (shown !== undefined && shown.hash !== hash) {
    throw new Refusal("model_invalid", `the card is not the one of ${shown.id}: its hash is ${hash.slice(0, 12)}`);
  }
  if (shown?.state === "retired") throw new Refusal("conflict", `${shown.id} is retired: ${shown.retired_reason}`);
  if (card.currency !== currency) {
    throw new Refusal("currency_mismatch", `the curve is in ${card.currency}, the tape is in ${currency}`);
  }
  const source = shown === undefined ? `curve ${hash.slice(0, 12)}` : sourceOfCurve(shown);
  return assumptionsOfCurve(card, source);
}

/** How a kept curve is named among the sources of a price. */
export function sourceOfCurve(of: { id: string; name: string; version: number; hash: string }): string {
  return `curve "${of.name}" version ${of.version} (${of.id}, ${of.hash.slice(0, 12)})`;
}

/** What a card says as assumptions of a price: timing, level, segments, and how far a portfolio may lie off. */
export function assumptionsOfCurve(card: CurveCard, source: string): FittedAssumptions {
  const { timing, prior_timing: prior, level, horizon_months: horizonMonths, portfolios } = card;
  const count = portfolios.length === 1 ? "one portfolio" : `${portfolios.length} portfolios`;
  return {
    values: {
      recovery: {
        timing,
        collections_multiplier: pricingLevel({ timing, prior, level: level.value, horizonMonths }),
        segment_multipliers: card.segments.map(({ by, key, relativity }) => ({ by, key, multiplier: relativity })),
      },
      interval: { systematic_cv: level.variation },
    },
    source: `${source}, collections of ${count} to ${card.as_of}`,
  };
}
