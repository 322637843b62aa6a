import { createHash } from "node:crypto";
import { type RecoveryCard, recoveryCardSchema } from "../../models/recovery-card.js";
import { Refusal } from "../../models/refusal.js";
import type { RecoveryModel } from "../recovery/model-forecast.js";
import type { FeatureKinds } from "../tape/typing.js";
import { parseCard } from "./parse-card.js";

/**
 * Reads a card.
 * @throws Refusal `model_invalid` for anything that is no card of this version, with a pointer for each fault
 */
export function readRecoveryModel(input: unknown, currency: string): RecoveryModel {
  const card = parseCard(recoveryCardSchema, input, "recovery card");
  if (card.currency !== currency) {
    throw new Refusal("currency_mismatch", `the model is in ${card.currency}, the tape is in ${currency}`);
  }
  return { card, version: versionOf(card) };
}

/** The name of a card: its kind and the beginning of the hash of its content, whatever its spacing. */
export function versionOf(card: RecoveryCard): string {
  return `recovery-${createHash("sha256").update(JSON.stringify(card)).digest("hex").slice(0, 12)}`;
}

/** The seller's own columns that a card needs, by header. */
export function featureKindsOf(card: RecoveryCard): FeatureKinds {
  const own = [...card.probability.terms, ...card.amount.terms].filter(({ column }) => column.startsWith("extra."));
  return new Map(
    own.map(({ column, transform }) => [
      column.slice("extra.".length),
      transform === "category" ? ("code" as const) : ("number" as const),
    ]),
  );
}
