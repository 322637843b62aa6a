import type { FactoringTerms } from "../../models/factoring-terms.js";
import type { AssumptionRow } from "../../models/strategy.js";

/** Every term by its dotted name, with whether it was given or is the default that stands in its place. */
export function assumptionRows(terms: FactoringTerms, given: unknown): AssumptionRow[] {
  return Object.entries(terms).flatMap(([name, value]) => rowsUnder(name, value, fieldOf(given, name)));
}

function rowsUnder(name: string, value: unknown, given: unknown): AssumptionRow[] {
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, inner]) => rowsUnder(`${name}.${key}`, inner, fieldOf(given, key)));
  }
  const isGiven = given !== undefined;
  return [
    {
      name,
      value: (value ?? null) as AssumptionRow["value"],
      source: isGiven ? "the terms" : "default of docs/FACTORING.md",
      mark: isGiven ? "user" : "unverified",
    },
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}
