import type { z } from "zod";
import { faultWords } from "../../models/fault-words.js";
import { Refusal } from "../../models/refusal.js";

/**
 * The card of a model from outside, checked.
 *
 * @param name what it should be, in words
 * @throws Refusal `model_invalid` for anything that is no card of this version, with a pointer for each fault
 */
export function parseCard<Schema extends z.ZodType>(schema: Schema, input: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: faultWords });
  if (parsed.success) return parsed.data;
  const items = parsed.error.issues.slice(0, 20).map((issue) => ({
    pointer: `/${issue.path.join("/")}`,
    code: issue.code ?? "invalid",
    detail: issue.message,
  }));
  throw new Refusal("model_invalid", `not a ${name}: ${items[0]!.pointer}: ${items[0]!.detail}`, items);
}
