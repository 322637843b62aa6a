import * as z from "zod";
import { strategySchema } from "../models/strategy.js";
import { latestPriors, type Prior, priorsByVersion } from "../seeds/priors.js";

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const head = `# The strategy file

A strategy is a JSON object with assumptions of your own, laid over the published priors: \`netback price TAPE --strategy
FILE.json\`, or \`strategy\` in a request. Every field may be left out. Numbers may be written as decimal strings; rates are
fractions (0.2 is 20 %). Without the file the value of the last column is used (priors of ${latestPriors}; \`docs/SOURCES.md\`
says what the marks mean); \`netback price --json\` shows every assumption that was used, with its source.

\`\`\`json
{
  "target_irr": 0.25,
  "recovery": { "liquidation_12m": { "fresh": 0.06 }, "collections_multiplier": 0.9 },
  "costs": { "per_account": 1.5, "share_sued": 0 },
  "policy": { "max_age_years": 7, "excluded_states": ["NY"] }
}
\`\`\`

This page is written by \`node dist/scripts/write-strategy-document.js\` from the schema that reads the file.

`;

/** The page that explains the strategy file, from the schema that reads it and the priors that it is laid over. */
export function strategyDocument(): string {
  const schema = z.toJSONSchema(strategySchema, { io: "input" }) as JsonSchema;
  const priors = priorsByVersion[latestPriors]!;
  const rows = rowsOf(schema, "").map(([name, field]) => {
    const prior = priors.find((one) => one.name === name);
    return [`\`${name}\``, field.description ?? "", boundsOf(field), prior === undefined ? "" : defaultOf(prior)];
  });
  return head + table([["field", "means", "bounds", "when left out"], ...rows]);
}

/** The fields at any depth; those of a list's items as `list[].field`, those of several forms one after the other. */
function rowsOf(schema: JsonSchema, path: string): [name: string, field: JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, field]): [string, JsonSchema][] => {
    const name = path === "" ? key : `${path}.${key}`;
    return [[name, field], ...rowsOf(field, name)];
  });
  const items = schema.items === undefined ? [] : rowsOf(schema.items, `${path}[]`);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((branch) => rowsOf(branch, path));
  return [...own, ...items, ...branches];
}

function boundsOf(field: JsonSchema): string {
  const nullable = field.anyOf?.length === 2 && field.anyOf[1]?.type === "null";
  const one = nullable ? field.anyOf[0]! : field;
  if (one.const !== undefined) return String(one.const);
  if (one.enum !== undefined) return one.enum.join(", ");
  if (one.type === "boolean") return "true, false";
  const none = nullable ? ", or null" : "";
  if (one.exclusiveMinimum !== undefined) return `above ${one.exclusiveMinimum}, at most ${one.maximum}`;
  if (one.minimum === undefined || one.maximum === undefined) return nullable ? "or null" : "";
  const whole = one.multipleOf === 1 || one.type === "integer" ? "whole, " : "";
  return `${whole}${one.minimum} to ${one.maximum.toLocaleString("en-US")}${none}`;
}

const longestValue = 70;

function defaultOf({ value, mark }: Prior): string {
  const text = JSON.stringify(value);
  return `${text.length > longestValue ? "a table" : `\`${text}\``} (${mark})`;
}

/** Cells padded to the width of their column, as the formatter wants them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [header, ...body] = rows;
  return `${[line(header!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n")}\n`;
}
