import { basename, resolve } from "node:path";
import type { Options } from "yargs";
import { z } from "zod";
import { type ActName, acts } from "../../models/acts.js";
import { assertFile, readJson } from "./named-file.js";

/**
 * The options of a command are the fields of its act's input, read from the same schema that checks them: no second
 * list to keep. `portfolio_id` is written `--portfolio`, `as_of` is `--as-of`; what is not plain text, a number or a
 * list of texts is JSON, written out or in a file.
 */
export interface Field {
  /** name in the input */
  readonly key: string;
  /** name on the command line */
  readonly flag: string;
  readonly kind: "text" | "number" | "boolean" | "list" | "file" | "json";
  readonly options: Options;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
}

function kindOf(key: string, schema: JsonSchema): Field["kind"] {
  if (key === "file") return "file";
  if (schema.type === "string") return "text";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "boolean") return "boolean";
  return schema.type === "array" && schema.items?.type === "string" ? "list" : "json";
}

const yargsType = {
  text: "string",
  number: "string",
  boolean: "boolean",
  list: "array",
  file: "string",
  json: "string",
} as const;

/** The field in the words of its schema, with how it is written on a command line. */
function describe(kind: Field["kind"], { format, description = "" }: JsonSchema): string {
  if (kind === "json") return `${description} (JSON, or the name of a JSON file)`;
  if (format === "date") return `${description} (YYYY-MM-DD)`;
  return format === "date-time" ? `${description} (such as 2026-10-20T12:00:00Z)` : description;
}

/** `--format` is how an answer is shown, on every command; what a file is written in is `--file-format`. */
function flagOf(key: string): string {
  return key === "format" ? "file-format" : key.replace(/(?<!^external)_id$/, "").replaceAll("_", "-");
}

/**
 * @param act the act whose input is asked for
 * @param today fills in `as_of` where the act cannot do without it
 */
export function fieldsOf(act: ActName, today: string): Field[] {
  const schema = z.toJSONSchema(acts[act].input, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const kind = kindOf(key, property);
    const given = property.default ?? (key === "as_of" && schema.required?.includes(key) ? today : undefined);
    const options: Options = {
      type: yargsType[kind],
      describe: describe(kind, property),
      demandOption: given === undefined && (schema.required?.includes(key) ?? false),
      ...(kind === "list" ? { string: true } : {}),
      ...(property.enum ? { choices: property.enum } : {}),
      ...(given === undefined || kind === "json" ? {} : { default: kind === "number" ? String(given) : given }),
    };
    return { key, flag: flagOf(key), kind, options };
  });
}

async function fieldValue(field: Field, value: unknown): Promise<unknown> {
  if (field.kind === "json") return readJson(field.flag, String(value));
  // A number stays as it was written unless it is one: the act's schema then says what is wrong with it.
  if (field.kind === "number") return Number.isNaN(Number(value)) ? value : Number(value);
  if (field.kind === "list") return (value as unknown[]).map(String);
  if (field.kind !== "file") return value;
  const path = resolve(String(value));
  await assertFile(path);
  return { path, name: basename(path) };
}

/** The act's input from what stood on the command line; what was not given is left out, not made up. */
export async function inputFrom(fields: readonly Field[], args: Readonly<Record<string, unknown>>): Promise<unknown> {
  const input: Record<string, unknown> = {};
  for (const field of fields) {
    const value = args[field.flag];
    if (value !== undefined) input[field.key] = await fieldValue(field, value);
  }
  return input;
}
