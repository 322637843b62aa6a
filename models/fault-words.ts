import type { z } from "zod";

/**
 * What is wrong with a value, in the words of every door: zod's own issues as a sentence after the name of the field
 * ("valid_days: must be at most 365"). Handed to each parse of what people and programs send; a schema's own message
 * goes before it.
 *
 * @returns the words, or undefined where the schema says it itself
 */
export function faultWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${kindWords[issue.expected] ?? "of another kind"}`;
    case "invalid_value":
      return issue.input === undefined ? "is required" : `must be ${choiceOf(issue.values)}`;
    case "unrecognized_keys":
      return `there is no such field: ${namesOf(issue.keys)}`;
    case "too_small":
      return sizeWords(issue.origin, { bound: issue.minimum, most: false, inclusive: issue.inclusive !== false });
    case "too_big":
      return sizeWords(issue.origin, { bound: issue.maximum, most: true, inclusive: issue.inclusive !== false });
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return formatWords[issue.format] ?? "is not written the way it is meant to be";
    case "invalid_union":
      if (issue.input === undefined) return "is required";
      return Array.isArray(issue.options) ? `must be ${choiceOf(issue.options)}` : formsOf(issue.errors);
    case "invalid_key":
      return "has a name that is not allowed here";
    default:
      return undefined;
  }
}

const kindWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const formatWords: Readonly<Record<string, string>> = {
  date: "must be a day that exists, YYYY-MM-DD",
  datetime: "must be an instant in UTC such as 2026-10-20T12:00:00Z",
};

function choiceOf(values: readonly unknown[]): string {
  const names = values.map(String).join(", ");
  return values.length === 1 ? names : `one of ${names}`;
}

/** A caller's unknown fields where they look like names of fields: anything else may be a person's data. */
function namesOf(names: readonly string[]): string {
  const shown = names.filter((name) => /^[a-z0-9_]{1,40}$/.test(name)).map((name) => `"${name}"`);
  const rest = names.length - shown.length;
  if (rest > 0) shown.push(`${rest} that cannot be shown`);
  return shown.join(", ");
}

const units: Readonly<Record<string, string>> = { string: " characters", array: " items", set: " items" };

function sizeWords(
  origin: string,
  { bound, most, inclusive }: { bound: number | bigint; most: boolean; inclusive: boolean },
): string {
  const unit = units[origin];
  if (unit !== undefined && !most && Number(bound) === 1) return "must not be empty";
  const verb = unit === undefined ? "be" : "have";
  const side = inclusive ? (most ? "at most" : "at least") : most ? "below" : "above";
  return `must ${verb} ${side} ${bound}${unit ?? ""}`;
}

/** Of a value that fits none of several forms, what each form asks for first. */
function formsOf(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const asked = branches.flatMap(([first]) =>
    first === undefined ? [] : [`${first.path.join(".")} ${first.message}`],
  );
  return asked.length === 0
    ? "has none of the forms that are read"
    : `either ${asked.map((a) => a.trim()).join(", or ")}`;
}
