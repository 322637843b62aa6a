import type { z } from "zod";
import { faultWords } from "../../models/fault-words.js";
import { isRefusal, Refusal, type RefusalItem } from "../../models/refusal.js";

/** Reads the input, or refuses it with every fault at once. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: faultWords });
  if (parsed.success) return parsed.data;
  const items: RefusalItem[] = parsed.error.issues.map((issue) => ({
    pointer: issue.path.map(pointerStep).join(""),
    code: issue.code,
    detail: issue.message,
    ...shownValue(input, issue.path),
  }));
  const first = items[0]!;
  const others = items.length === 1 ? "" : ` (and ${items.length - 1} more)`;
  throw new Refusal("invalid_request", `${first.pointer || "/"}: ${first.detail}${others}`, items.slice(0, 100));
}

/** A figure, a day, a currency or the number of an invoice that stands where the fault is; any other text may be a person's, and is not repeated. */
function shownValue(input: unknown, path: readonly PropertyKey[]): { value?: string | number | boolean } {
  let at = input;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return {};
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  if (typeof at === "number" || typeof at === "boolean") return { value: at };
  return typeof at === "string" && (codeShapes[String(path.at(-1))] ?? plainFigure).test(at) ? { value: at } : {};
}

const codeShapes: Readonly<Record<string, RegExp>> = { currency: /^[A-Za-z]{3}$/, invoice_number: /^.{1,100}$/ };

const plainFigure = /^([-+]?[\d.,]{1,40}([eE][-+]?\d{1,4})?%?|\d{4}-\d\d-\d\d|NaN|-?Infinity)$/;

/**
 * What was refused of a figure, with where it stands in the request: a currency is known only when the figures are read, and
 * who reads one does not know its place.
 */
export function placed(error: unknown, input: unknown): unknown {
  if (!isRefusal(error)) return error;
  const [item] = error.items;
  if (item === undefined || error.items.length > 1 || item.pointer !== "" || typeof item.value !== "string")
    return error;
  const found = placesOf(item.value, input, "");
  const [first] = found;
  if (first === undefined) return error;
  const items = found.slice(0, 100).map((pointer) => ({ ...item, pointer }));
  return new Refusal(error.code, `${first}: ${error.detail}`, items);
}

/** The places of a text among the figures of a request. */
function placesOf(text: string, at: unknown, pointer: string): string[] {
  if (at === text) return [pointer];
  if (typeof at !== "object" || at === null) return [];
  return Object.entries(at).flatMap(([name, item]) => placesOf(text, item, pointer + pointerStep(name)));
}

const pointerStep = (step: PropertyKey): string => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
