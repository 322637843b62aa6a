import { faultWords } from "../../models/fault-words.js";
import { cardSchemas, longestCard, type ModelDocument, type ModelKind } from "../../models/model-version.js";
import { recordId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { findLatestModel, findModel, insertModel } from "../store/model-version.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { canonicalText, hashText } from "./request-hash.js";

/** Keeps a card that `fit` wrote. The card of the latest version again changes nothing and gives that version. */
export const registerModel = implement("register-model", async (context, { kind, name, card, fitted_on }) => {
  const parsed = cardSchemas[kind].safeParse(card, { error: faultWords });
  if (!parsed.success) {
    const items = parsed.error.issues.map((issue) => ({
      pointer: `/card${issue.path.map((step) => `/${String(step)}`).join("")}`,
      code: issue.code ?? "invalid",
      detail: issue.message,
    }));
    throw new Refusal("invalid_request", `${items[0]!.pointer}: ${items[0]!.detail}`, items.slice(0, 100));
  }
  return keepModel(context, { kind, name, card, fittedOn: fitted_on ?? null });
});

interface Kept {
  readonly kind: ModelKind;
  readonly name: string;
  readonly card: unknown;
  readonly fittedOn: string | null;
}

export async function keepModel({ tx, desk, now }: Context, model: Kept): Promise<ModelDocument> {
  const text = canonicalText(model.card);
  if (text.length > longestCard) {
    throw new Refusal("too_large", `the card has ${text.length} characters; at most ${longestCard} are kept`);
  }
  const hash = hashText(text);
  const latest = await findLatestModel(tx, model);
  if (latest?.hash === hash && latest.state === "active") return latest;
  const id = recordId("mo", desk.clock(), desk.randomBytes(10));
  await insertModel(tx, { ...model, id, hash, registeredAt: now });
  const { card: _, ...document } = await findModel(tx, id);
  return document;
}
