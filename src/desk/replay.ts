import { Refusal } from "../../models/refusal.js";
import type { KeptAnswer, KeyedRequest } from "../store/idempotency.js";

export interface Replayed {
  readonly output: unknown;
  readonly replayed: boolean;
}

/** The first answer again. Throws `idempotency_key_reused`, naming the first field that differs. */
export function replay(kept: KeptAnswer, request: KeyedRequest): Replayed {
  const refuse = (what: string) =>
    new Refusal("idempotency_key_reused", `the key was used before with another ${what}`, [
      { pointer: `/${what}`, code: "differs", detail: "differs from the first request with this key" },
    ]);
  if (kept.act !== request.act) throw refuse("act");
  const names = new Set([...Object.keys(request.fields), ...Object.keys(kept.fields)]);
  for (const name of names) {
    if (kept.fields[name] !== request.fields[name]) throw refuse(name);
  }
  return { output: kept.answer, replayed: true };
}
