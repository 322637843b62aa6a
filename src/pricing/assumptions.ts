import type { z } from "zod";
import { faultWords } from "../../models/fault-words.js";
import { Refusal, type RefusalItem } from "../../models/refusal.js";
import {
  type AssumptionRow,
  type Assumptions,
  assumptionsSchema,
  type Strategy,
  strategySchema,
} from "../../models/strategy.js";
import { latestPriors, type Prior, priorsByVersion } from "../../seeds/priors.js";
import { cumulativeShares } from "../recovery/timing.js";

/**
 * Reads a strategy as a user wrote it.
 * @throws Refusal `assumption_out_of_range` when a value lies outside its bounds, `invalid_request` when the document
 *   has another form (an unknown field, a text where a number stands); both name every field, its value and its bound
 */
export function parseStrategy(input: unknown): Strategy {
  const parsed = strategySchema.safeParse(input, { error: faultWords });
  if (parsed.success) return parsed.data;
  throw refusalOf(parsed.error, input);
}

/**
 * The assumptions of a valuation: the published priors of a version, with the strategy laid over them and the command
 * line (or the request) over both. Complete, plain JSON: a quote keeps it and is priced from it again.
 *
 * @param strategy  a strategy as a user wrote it; read and bounded here, as are the overrides
 * @param fitted    what was fitted on own data, with the version it came from
 * @param currency ISO 4217 code of the tape. Priors that are amounts of US dollars are taken as zero on a tape in
 *   another currency, and marked unverified: no exchange rate is assumed. The strategy can state them.
 * @throws Refusal as `parseStrategy`, and when two assumptions contradict each other
 */
export function resolveAssumptions(options: {
  strategy?: unknown;
  overrides?: unknown;
  currency: string;
  priorsVersion?: string | undefined;
  fitted?: FittedAssumptions | undefined;
}): Assumptions {
  const version = options.priorsVersion ?? latestPriors;
  const priors = Object.hasOwn(priorsByVersion, version) ? priorsByVersion[version] : undefined;
  if (priors === undefined) {
    const known = Object.keys(priorsByVersion).join(", ");
    throw new Refusal("assumption_out_of_range", `no priors of version "${version.slice(0, 40)}"; there are ${known}`);
  }
  const strategy = parseStrategy(options.strategy ?? {});
  const overrides = parseStrategy(options.overrides ?? {});
  const values: Record<string, unknown> = { priors_version: version, currency: options.currency };
  const sources: AssumptionRow[] = [];
  for (const prior of priors) {
    const over = { strategy, overrides, currency: options.currency, fitted: options.fitted };
    const { value, source, mark } = layOver(prior, over);
    setAt(values, prior.name.split("."), value);
    sources.push({ name: prior.name, value: value as AssumptionRow["value"], source, mark });
  }
  const assumptions = assumptionsSchema.parse({ ...values, sources });
  assertConsistent(assumptions);
  return assumptions;
}

/** Assumptions that were fitted on own data: they lie over the priors, and a strategy lies over them. */
export interface FittedAssumptions {
  readonly values: Strategy;
  /** which version said so */
  readonly source: string;
}

function layOver(
  prior: Prior,
  over: { strategy: Strategy; overrides: Strategy; currency: string; fitted: FittedAssumptions | undefined },
): Omit<AssumptionRow, "name" | "value"> & { value: unknown } {
  const path = prior.name.split(".");
  const fromCall = valueAt(over.overrides, path);
  if (fromCall !== undefined) return { value: fromCall, source: "given with the command or request", mark: "user" };
  const fromStrategy = valueAt(over.strategy, path);
  if (fromStrategy !== undefined) {
    const name = over.strategy.name === undefined ? "the strategy" : `the strategy "${over.strategy.name}"`;
    return { value: fromStrategy, source: name, mark: "user" };
  }
  const fromData = over.fitted === undefined ? undefined : valueAt(over.fitted.values, path);
  if (fromData !== undefined) return { value: fromData, source: over.fitted!.source, mark: "computed" };
  if (prior.usd && over.currency !== "USD") {
    const value = typeof prior.value === "number" ? 0 : {};
    return {
      value,
      source: `no figure in ${over.currency}: taken as none; the strategy can state it`,
      mark: "unverified",
    };
  }
  return { value: prior.value, source: prior.source, mark: prior.mark };
}

function assertConsistent(assumptions: Assumptions): void {
  const { liquidation_12m: liquidation, timing, commercial_timing } = assumptions.recovery;
  for (const [name, each] of [
    ["recovery.timing", timing],
    ["recovery.commercial_timing", commercial_timing],
  ] as const) {
    if (each.family === "monthly" && !each.shares.some((share) => share > 0)) {
      throw new Refusal("assumption_out_of_range", `${name}: every share is 0; at least one month must bring cash`);
    }
  }
  const first = cumulativeShares(timing, 12)[12]!;
  for (const [stage, rate] of Object.entries(liquidation)) {
    if (rate > first) {
      throw new Refusal(
        "assumption_out_of_range",
        `recovery.liquidation_12m.${stage} is ${rate}; with this timing the first 12 months bring ${first.toPrecision(4)} ` +
          "of all that is ever collected, so that more than the whole face would come in",
      );
    }
  }
}

function refusalOf(error: z.ZodError, input: unknown): Refusal {
  const items: RefusalItem[] = error.issues.map((issue) => {
    const value = valueAt(input, issue.path);
    const plain = value === null || ["string", "number", "boolean"].includes(typeof value);
    return {
      pointer: issue.path.map((step) => `/${String(step)}`).join(""),
      code: issue.code,
      detail: issue.message,
      ...(plain
        ? { value: (typeof value === "string" ? value.slice(0, 40) : value) as string | number | boolean | null }
        : {}),
    };
  });
  const sentences = items.map(({ pointer, detail, value }) => {
    const name = pointer.slice(1).replaceAll("/", ".") || "the strategy";
    if (value === undefined) return `${name}: ${detail}`;
    return detail.startsWith("must") ? `${name} is ${JSON.stringify(value)}; it ${detail}` : `${name}: ${detail}`;
  });
  const code = error.issues.every(isOutOfBounds) ? "assumption_out_of_range" : "invalid_request";
  return new Refusal(code, sentences.join(". "), items);
}

/** Whether the value is of the right kind and only too small, too large, uneven or against a rule. */
function isOutOfBounds(issue: z.core.$ZodIssue): boolean {
  if (issue.code === "invalid_type") return issue.expected === "int";
  return ["too_small", "too_big", "custom", "invalid_format"].includes(issue.code);
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let at = document;
  for (const step of path) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}

function setAt(document: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = document;
  for (const step of path.slice(0, -1)) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at[path.at(-1)!] = value;
}
