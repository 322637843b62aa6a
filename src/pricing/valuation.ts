import type { Finding } from "../../models/finding.js";
import type { TapeFindings } from "../../models/findings-table.js";
import { type AssumptionRow, type Assumptions, stages } from "../../models/strategy.js";
import type { Layout, TapeColumns } from "../../models/tape.js";
import type { PriceDocument, Valuation, ValuationDocument } from "../../models/valuation.js";
import { type PriceGuide, priceGuides } from "../../seeds/price-guide.js";
import { type Day, formatDay } from "../calendar/day.js";
import { estimateToMinor, formatMinor, parseMinor } from "../money/money.js";
import { fillRates } from "../portfolio/quality.js";
import { agingTable, type Stratum, strata } from "../portfolio/strata.js";
import { curves } from "../recovery/forecast.js";
import type { ModelForecast, RecoveryModel } from "../recovery/model-forecast.js";
import { type Price, priceEstimate, returnsAt } from "./bid.js";
import { grossByMonth, sumOf } from "./net-flow.js";
import { consumerStageMix, type FindingTable, type PricedPortfolio, pricePortfolio } from "./priced-portfolio.js";
import { breakEvenCollections, ladder, oneWay, priceInterval, twoWay } from "./sensitivity.js";

/**
 * The valuation of a tape: what it will bring in, when, at what cost, and so what to bid.
 *
 * @param columns  the readable rows
 * @param asOf     day of the valuation; ages and limitation are counted to it, month 0 is this day
 * @param findings takes what is found of the rows, and a bid outside the price guide
 * @param model    fitted on own history, in place of the priors of recovery
 * @throws Refusal as `pricePortfolio`
 */
export function value(
  columns: TapeColumns,
  assumptions: Assumptions,
  asOf: Day,
  findings: FindingTable,
  model?: RecoveryModel,
): Valuation {
  const priced = pricePortfolio(columns, assumptions, asOf, findings, model);
  const document = valuationDocument(priced);
  const guide = document.price_guide;
  if (guide !== null && guide.position !== "within") {
    const [low, high] = [guide.low_cents_per_dollar.toFixed(2), guide.high_cents_per_dollar.toFixed(2)];
    const note = `${low} to ${high} cents per dollar for this mix of stages, ${guide.asset_class}, ${guide.as_of}`;
    findings.add("price_outside_guide", { value: document.bid.cents_per_dollar.toFixed(2), note });
  }
  return { document, expectedGross: priced.forecast.expectedGross, status: priced.screened.status };
}

function valuationDocument(priced: PricedPortfolio): ValuationDocument {
  const { columns, assumptions, screened, segments } = priced;
  const { currency } = columns;
  const rows = strata(columns, screened, segments, priced.forecast.expectedGross);
  const face = (amount: bigint) => formatMinor(amount, currency);
  return {
    as_of: formatDay(priced.asOf),
    currency,
    priors_version: assumptions.priors_version,
    accounts: {
      priced: screened.priced.accounts,
      excluded: screened.excluded.accounts,
      face: face(screened.priced.face),
      excluded_face: face(screened.excluded.face),
    },
    exclusions: screened.reasons.map((row) => ({ ...row, face: face(row.face) })),
    strata: rows.map((row) => ({
      by: row.by,
      key: row.key,
      accounts: row.accounts,
      face: face(row.face),
      expected_recovery: money(row.expectedRecovery, currency),
      recovery_rate_of_face: row.recoveryRateOfFace,
    })),
    aging: agingTable(rows).map((row) => ({
      age_band: row.ageBand,
      accounts: row.accounts,
      face: face(row.face),
      share_of_face: row.shareOfFace,
    })),
    data_quality: {
      columns: fillRates(columns).map(({ column, filled, fillRate }) => ({ column, filled, fill_rate: fillRate })),
      inferred_stages: segments.inferredStages,
    },
    limitation: priced.limitation.summary.map((row) => ({ ...row, face: face(row.face) })),
    litigation: {
      unknown_because: { ...priced.limitation.gaps },
      disputed_rules: priced.limitation.disputed,
      suit_pays: priced.litigation.accounts,
      expected_court_cost: money(priced.litigation.expectedCost, currency),
    },
    forecast: forecastPart(priced, rows),
    bid: bidPart(priced),
    ...whatIfParts(priced),
    price_guide: guidePart(priced),
    assumptions: assumptionsOf(priced),
    ...modelPart(priced),
  };
}

/** What a model brought to the forecast; undefined where it rests on priors. */
function ownOf({ forecast }: PricedPortfolio): ModelForecast["own"] | undefined {
  return "own" in forecast ? forecast.own : undefined;
}

const isStatedCv = ({ name, mark }: AssumptionRow): boolean => name === "interval.systematic_cv" && mark === "user";

/** What all accounts share: the strategy's word where it has one, else the model's where there is one, else the prior. */
function systematicCv(priced: PricedPortfolio): number {
  const { interval, sources } = priced.assumptions;
  const own = ownOf(priced);
  return own === undefined || sources.some(isStatedCv) ? interval.systematic_cv : own.sharedCv;
}

/** Assumptions on recovery that a model leaves in force. */
const besideModel: ReadonlySet<string> = new Set([
  "recovery.collections_multiplier",
  "recovery.segment_multipliers",
  "recovery.unknown_age_months",
]);

/** The assumptions that the figures rest on: with a model, its version in place of the priors that it stands for. */
export function assumptionsOf(priced: PricedPortfolio): ValuationDocument["assumptions"] {
  const { sources } = priced.assumptions;
  const own = ownOf(priced);
  if (own === undefined) return sources;
  const { history, metrics } = own.model.card;
  const source =
    `fitted on ${history.file} (sha256 ${history.sha256.slice(0, 12)}): ${history.used} accounts observed up to ` +
    `${history.observed_to}; area under the curve ${metrics.mean.auc.toFixed(3)} on accounts left out`;
  const kept = sources.filter((row) =>
    row.name === "interval.systematic_cv"
      ? isStatedCv(row)
      : !row.name.startsWith("recovery.") || besideModel.has(row.name),
  );
  const shared = {
    value: own.sharedCv,
    source: `${own.model.version}: level of the history, its years of opening, its development, and calendar years to come`,
  };
  return [
    { name: "recovery.model", value: own.model.version, source, mark: "computed" },
    ...(sources.some(isStatedCv) ? [] : [{ name: "recovery.model.shared_cv", ...shared, mark: "computed" as const }]),
    ...kept,
  ];
}

function modelPart(priced: PricedPortfolio): Pick<ValuationDocument, "model"> {
  const own = ownOf(priced);
  if (own === undefined) return {};
  const { card, version } = own.model;
  const stability = own.stability.map((row) => ({ ...row }));
  return { model: { version, longest_months: card.development.months.at(-1)!, stability } };
}

function forecastPart(priced: PricedPortfolio, rows: readonly Stratum[]): ValuationDocument["forecast"] {
  const { flow, assumptions } = priced;
  const { currency } = priced.columns;
  const costsAt = (m: number) => flow.variable[m]! + flow.perAccount[m]! + flow.court[m]! + flow.putbackReserve[m]!;
  const months = Array.from(flow.net.keys());
  const total = (column: Float64Array) => money(sumOf(column), currency);
  return {
    horizon_months: assumptions.horizon_months,
    gross: total(flow.gross),
    costs: total(Float64Array.from(months, costsAt)),
    net: total(flow.net),
    costs_by_kind: {
      variable: total(flow.variable),
      per_account: total(flow.perAccount),
      court: total(flow.court),
      putback_reserve: total(flow.putbackReserve),
    },
    resale: total(flow.resale),
    monthly: months.map((month) => ({
      month,
      gross: money(flow.gross[month]!, currency),
      costs: money(costsAt(month), currency),
      net: money(flow.net[month]!, currency),
    })),
    segments: [...stageSegments(priced), ...productSegments(priced, rows)],
  };
}

type SegmentRows = ValuationDocument["forecast"]["segments"];

/** Monthly gross by stage, from its sums by timing curve. */
function stageSegments({ basis, forecast, columns: { currency } }: PricedPortfolio): SegmentRows {
  return stages.flatMap((key, s) => {
    const lifetime = curves.map((_, c) => forecast.lifetime[c * stages.length + s]!);
    if (lifetime.every((amount) => amount === 0)) return [];
    return [segmentRow("stage", key, { gross: grossByMonth(basis, lifetime), currency })];
  });
}

/** Monthly gross by product type, each of which follows one timing curve: its total over that curve's share. */
function productSegments({ basis, columns: { currency } }: PricedPortfolio, rows: readonly Stratum[]): SegmentRows {
  return rows
    .filter(({ by, expectedRecovery }) => by === "product_type" && expectedRecovery > 0)
    .map(({ key, expectedRecovery }) => {
      const unit = curves.map((curve) => ((key === "commercial") === (curve === "commercial") ? 1 : 0));
      const shape = grossByMonth(basis, unit);
      const scale = expectedRecovery / sumOf(shape);
      return segmentRow("product_type", key, { gross: shape.map((share) => share * scale), currency });
    });
}

function segmentRow(
  by: SegmentRows[number]["by"],
  key: string,
  { gross, currency }: { gross: Float64Array; currency: string },
): SegmentRows[number] {
  return {
    by,
    key,
    gross: money(sumOf(gross), currency),
    monthly_gross: Array.from(gross, (each) => money(each, currency)),
  };
}

function bidPart(priced: PricedPortfolio): ValuationDocument["bid"] {
  const { flow, price, bid, basis, terms, forecast } = priced;
  const { currency } = priced.columns;
  const limit = (amount: number | null) => (amount === null ? null : money(Math.max(0, amount), currency, "down"));
  const returns = returnsAt(flow.net, bid);
  const expected = sumOf(forecast.expectedGross);
  const cv = {
    account: expected > 0 ? Math.sqrt(forecast.accountVariance) / expected : 0,
    systematic: systematicCv(priced),
  };
  const interval = priceInterval(basis, terms, cv);
  return {
    price: formatMinor(price.priceMinor, currency),
    cents_per_dollar: centsPerDollar(price, priced),
    target_irr: terms.targetIrr,
    net_irr: returns.netIrr,
    net_irr_reason: returns.netIrrReason,
    gross_multiple: bid > 0 ? sumOf(flow.gross) / bid : null,
    net_multiple: bid > 0 ? sumOf(flow.net) / bid : null,
    payback_month: returns.paybackMonth,
    binding_constraint: price.binding,
    limits: {
      target_irr: limit(price.limits.target_irr)!,
      min_multiple: limit(price.limits.min_multiple),
      max_payback: limit(price.limits.max_payback),
      authority_limit: limit(price.limits.authority_limit),
    },
    interval: {
      p10: formatMinor(interval.p10.priceMinor, currency),
      p50: formatMinor(interval.p50.priceMinor, currency),
      p90: formatMinor(interval.p90.priceMinor, currency),
      collections: interval.collections,
      account_cv: interval.accountCv,
      systematic_cv: interval.systematicCv,
    },
    break_even_collections: {
      zero_irr: breakEvenCollections(basis, bid, 0),
      target_irr: breakEvenCollections(basis, bid, terms.targetIrr),
    },
  };
}

function whatIfParts(priced: PricedPortfolio): Pick<ValuationDocument, "ladder" | "sensitivity" | "cross_sensitivity"> {
  const { flow, basis, terms, bid } = priced;
  const { currency } = priced.columns;
  const shown = ({ price, netIrrAtBid }: { price: Price; netIrrAtBid: number | null }) => ({
    price: formatMinor(price.priceMinor, currency),
    net_irr_at_bid: netIrrAtBid,
  });
  return {
    ladder: ladder(flow.net, terms).map(({ targetIrr, price }) => ({
      target_irr: targetIrr,
      price: formatMinor(price.priceMinor, currency),
      cents_per_dollar: centsPerDollar(price, priced),
      binding_constraint: price.binding,
    })),
    sensitivity: oneWay(basis, terms, bid).map((row) => {
      return { shock: row.shock, kind: row.kind, amount: row.amount, ...shown(row) };
    }),
    cross_sensitivity: twoWay(basis, terms, bid).map(({ columns, cells }) => ({
      rows: "collections" as const,
      columns,
      cells: cells.map((cell) => ({ row: cell.row, column: cell.column, ...shown(cell) })),
    })),
  };
}

/** The latest published guide, mixed by the stages of the priced consumer face, against the bid. */
function guidePart(priced: PricedPortfolio): ValuationDocument["price_guide"] {
  const guide: PriceGuide = priceGuides.at(-1)!;
  const mix = consumerStageMix(priced);
  if (mix === undefined) return null;
  let [low, high] = [0, 0];
  for (const [s, stage] of stages.entries()) {
    low += mix[s]! * guide.centsPerDollar[stage][0];
    high += mix[s]! * guide.centsPerDollar[stage][1];
  }
  const cents = centsPerDollar(priced.price, priced);
  return {
    as_of: guide.asOf,
    asset_class: guide.assetClass,
    source: guide.source,
    low_cents_per_dollar: low,
    high_cents_per_dollar: high,
    position: cents < low ? "below" : cents > high ? "above" : "within",
  };
}

function centsPerDollar(price: Price, { columns, forecast }: PricedPortfolio): number {
  return forecast.face > 0 ? (priceEstimate(price, columns.currency) / forecast.face) * 100 : 0;
}

function money(estimate: number, currency: string, rounding: "half_even" | "down" = "half_even"): string {
  return formatMinor(estimateToMinor(estimate, currency, rounding), currency);
}

/** What the document says of the file. */
export interface TapeFacts {
  readonly file: string;
  readonly sha256?: string | undefined;
  readonly layout: Layout;
  /** rows that could not be read */
  readonly rejected: number;
  readonly seconds: number;
}

/**
 * The document of `price --json`: the valuation, what the tape was, and what was found in it.
 * @param most findings that are listed row by row, in the order of the file; the counts by code are always complete
 */
export function priceDocument(
  { document }: Valuation,
  tape: TapeFacts,
  findings: TapeFindings,
  most = 10_000,
): PriceDocument {
  const { currency, accounts } = document;
  const readable = accounts.priced + accounts.excluded;
  const face = parseMinor(accounts.face, currency) + parseMinor(accounts.excluded_face, currency);
  const { sha256, layout, ...facts } = tape;
  return {
    tape: {
      ...facts,
      ...(sha256 === undefined ? {} : { sha256 }),
      rows: readable + tape.rejected,
      priced: accounts.priced,
      excluded: accounts.excluded,
      face: formatMinor(face, currency),
      currency,
      layout: layout as PriceDocument["tape"]["layout"],
    },
    findings: {
      by_code: Object.fromEntries(findings.countByCode()),
      rows: Array.from(findings.inFileOrder(most), (finding: Finding) => ({ ...finding })),
    },
    ...document,
  };
}
