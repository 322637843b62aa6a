import { basename } from "node:path";
import { faultWords } from "../../models/fault-words.js";
import type { Finding } from "../../models/finding.js";
import { Refusal } from "../../models/refusal.js";
import type { StrategyInput } from "../../models/strategy.js";
import { type Layout, layoutSchema } from "../../models/tape.js";
import type { Comparison, PriceDocument, Valuation } from "../../models/valuation.js";
import { type Day, parseDay } from "../calendar/day.js";
import { resolveAssumptions } from "../pricing/assumptions.js";
import { readTape, type Tape } from "../tape/tape.js";
import type { Progress } from "./desk.js";

/** What work on a file takes. Nothing of it is stored: this is the desk without its store. */
export interface TapeOrder {
  readonly path: string;
  /** day the balances are as of, YYYY-MM-DD */
  readonly asOf: string;
  /** ISO 4217 */
  readonly currency: string;
  /** as the user wrote it, or undefined; read and bounded here */
  readonly layout: unknown;
  readonly strategy: unknown;
  /** lies over the strategy */
  readonly overrides: Readonly<Record<string, string>>;
  readonly expectRows: number | undefined;
  readonly expectFace: string | undefined;
  /** an empty folder for this order alone */
  readonly workFolder: string;
  readonly onProgress: (progress: Progress) => void;
}

export interface PriceTapeOrder extends TapeOrder {
  /** findings listed in the document at most; the counts by code are always of all */
  readonly maxFindings: number;
  /** seconds since some moment; only to say how long it took */
  readonly seconds: () => number;
  /** takes every finding in the order of the file, made one at a time; also of a tape that then cannot be priced */
  readonly keepFindings?: ((findings: Iterable<Finding>) => Promise<void>) | undefined;
}

/**
 * From a seller's file to a bid, without a store: reads it, values it and says everything that was found in it.
 *
 * @throws Refusal for a file, layout, strategy or control total that stops the pricing
 */
export async function priceTape(order: PriceTapeOrder): Promise<PriceDocument> {
  const started = order.seconds();
  // The assumptions first: a strategy that is out of bounds should not have to wait for a million rows.
  const assumptions = assumptionsOf(order);
  const asOf = parseDay(order.asOf);
  // The valuation is loaded while the engine reads, which leaves this thread idle.
  const [tape, { priceDocument, value }] = await Promise.all([
    readOrdered(order, asOf),
    import("../pricing/valuation.js"),
  ]);
  let valuation: Valuation;
  try {
    valuation = value(tape.columns, assumptions, asOf, tape.findings);
  } finally {
    await order.keepFindings?.(tape.findings.inFileOrder());
  }
  const facts = {
    file: basename(order.path),
    sha256: tape.file.sha256,
    layout: tape.layout,
    rejected: tape.rejected,
    seconds: Math.round((order.seconds() - started) * 1000) / 1000,
  };
  return priceDocument(valuation, facts, tape.findings, order.maxFindings);
}

/** Selling at the bid, placing with an agency, and holding, on the same expected collections of a file. */
export async function compareTape(order: TapeOrder): Promise<Comparison> {
  const assumptions = assumptionsOf(order);
  const asOf = parseDay(order.asOf);
  const [tape, { comparison }] = await Promise.all([readOrdered(order, asOf), import("../pricing/comparison.js")]);
  return comparison(tape.columns, assumptions, asOf, tape.findings);
}

function assumptionsOf({ strategy, overrides, currency }: TapeOrder) {
  return resolveAssumptions({ strategy: strategy as StrategyInput | undefined, overrides, currency });
}

function readOrdered(order: TapeOrder, asOf: Day): Promise<Tape> {
  const { currency, workFolder, expectRows, expectFace, onProgress } = order;
  return readTape(order.path, {
    currency,
    asOf,
    workFolder,
    onProgress,
    ...(order.layout === undefined ? {} : { layout: readLayout(order.layout) }),
    ...(expectRows === undefined ? {} : { expectRows }),
    ...(expectFace === undefined ? {} : { expectFace }),
  });
}

export function readLayout(input: unknown): Layout {
  const parsed = layoutSchema.safeParse(input, { error: faultWords });
  if (parsed.success) return parsed.data;
  const items = parsed.error.issues.map((issue) => ({
    pointer: `/${issue.path.join("/")}`,
    code: issue.code,
    detail: issue.message,
  }));
  throw new Refusal("layout_invalid", `${items[0]!.pointer}: ${items[0]!.detail}`, items);
}
