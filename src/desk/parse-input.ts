import type { z } from "zod";
import { faultWords } from "../../models/fault-words.js";
import { Refusal, type RefusalItem } from "../../models/refusal.js";

/** Reads the input, or refuses it with every fault at once. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: faultWords });
  if (parsed.success) return parsed.data;
  const items: RefusalItem[] = parsed.error.issues.map((issue) => ({
    pointer: issue.path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
    code: issue.code,
    detail: issue.message,
  }));
  const first = items[0]!;
  const others = items.length === 1 ? "" : ` (and ${items.length - 1} more)`;
  throw new Refusal("invalid_request", `${first.pointer || "/"}: ${first.detail}${others}`, items.slice(0, 100));
}
