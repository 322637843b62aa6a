import { basename } from "node:path";
import { faultWords } from "../../models/fault-words.js";
import type { Finding } from "../../models/finding.js";
import { Refusal } from "../../models/refusal.js";
import type { Assumptions, StrategyInput } from "../../models/strategy.js";
import { type Layout, layoutSchema } from "../../models/tape.js";
import type { Comparison, PriceDocument, Valuation } from "../../models/valuation.js";
import { type Day, parseDay } from "../calendar/day.js";
import { resolveAssumptions } from "../pricing/assumptions.js";
import type { RecoveryModel } from "../recovery/model-forecast.js";
import { readTape, type Tape } from "../tape/tape.js";
import type { FeatureKinds } from "../tape/typing.js";
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
  /** the card of an account score as it was parsed from JSON, or undefined to price on priors */
  readonly model: unknown;
  /** a curve as `curves show --json` answers it, parsed from JSON; undefined for the published timing and level */
  readonly curve?: unknown;
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
  const assumptions = await assumptionsOf(order);
  const asOf = parseDay(order.asOf);
  const model = await modelOf(order);
  // The valuation is loaded while the engine reads, which leaves this thread idle.
  const [tape, { priceDocument, value }] = await Promise.all([
    readOrdered(order, asOf, model),
    import("../pricing/valuation.js"),
  ]);
  let valuation: Valuation;
  try {
    valuation = value(tape.columns, assumptions, asOf, tape.findings, model?.model);
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
  const assumptions = await assumptionsOf(order);
  const asOf = parseDay(order.asOf);
  const model = await modelOf(order);
  const [tape, { comparison }] = await Promise.all([
    readOrdered(order, asOf, model),
    import("../pricing/comparison.js"),
  ]);
  return comparison(tape.columns, assumptions, asOf, tape.findings, model?.model);
}

async function assumptionsOf({ strategy, overrides, currency, curve }: TapeOrder): Promise<Assumptions> {
  const fitted = curve === undefined ? undefined : (await import("./curve-card.js")).readCurve(curve, currency);
  return resolveAssumptions({ strategy: strategy as StrategyInput | undefined, overrides, currency, fitted });
}

/** A model, and the columns of the seller's own that it asks for. */
interface ReadModel {
  readonly model: RecoveryModel;
  readonly features: FeatureKinds;
}

/** Loaded only where there is a model: most prices rest on priors, and should not wait for it. */
async function modelOf({ model: input, currency }: TapeOrder): Promise<ReadModel | undefined> {
  if (input === undefined) return undefined;
  const { featureKindsOf, readRecoveryModel } = await import("./recovery-model.js");
  const model = readRecoveryModel(input, currency);
  return { model, features: featureKindsOf(model.card) };
}

function readOrdered(order: TapeOrder, asOf: Day, model: ReadModel | undefined): Promise<Tape> {
  const { currency, workFolder, expectRows, expectFace, onProgress } = order;
  return readTape(order.path, {
    currency,
    asOf,
    workFolder,
    onProgress,
    ...(model === undefined ? {} : { columns: "features" as const, features: model.features }),
    ...(order.layout === undefined ? {} : { layout: readLayout(order.layout) }),
    ...(expectRows === undefined ? {} : { expectRows }),
    ...(expectFace === undefined ? {} : { expectFace }),
  });
}

/** A layout as the user wrote it, read and bounded. */
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
