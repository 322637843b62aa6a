import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import type { RecoveryModel } from "../recovery/model-forecast.js";
import { findModel } from "../store/model-version.js";
import type { Tx } from "../store/transaction.js";
import { readRecoveryModel } from "./recovery-model.js";

/**
 * An account score that may still be used. The stored rows have the canonical columns alone: a column of the seller's own
 * that the score looks at counts as missing, with a finding.
 *
 * @throws Refusal `not_found`; `conflict` for one that was retired; `currency_mismatch`
 */
export async function scoreInUse(
  tx: Tx,
  modelId: string,
  currency: string,
): Promise<{ model: RecoveryModel; used: UsedModel }> {
  const { card, id, kind, name, version, hash, state, retired_reason } = await findModel(tx, modelId, "recovery_score");
  if (state === "retired") throw new Refusal("conflict", `${modelId} is retired: ${retired_reason}`);
  return { model: readRecoveryModel(card, currency), used: { id, kind, name, version, hash } };
}

/** The account score among the versions that a price was made with, retired since or not; undefined where there was none. */
export async function scoreAmong(
  tx: Tx,
  models: readonly UsedModel[],
  currency: string,
): Promise<RecoveryModel | undefined> {
  const used = models.find(({ kind }) => kind === "recovery_score");
  return used === undefined
    ? undefined
    : readRecoveryModel((await findModel(tx, used.id, "recovery_score")).card, currency);
}
