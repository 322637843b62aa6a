import type { TapeFindings } from "../../models/findings-table.js";
import { Refusal, type RefusalItem } from "../../models/refusal.js";
import { type Assumptions, stages } from "../../models/strategy.js";
import type { TapeColumns } from "../../models/tape.js";
import { limitationTable } from "../../seeds/limitation.js";
import type { Day } from "../calendar/day.js";
import { estimatesOf } from "../money/column.js";
import { ageMonths, pastDueMonths } from "../portfolio/age.js";
import { balancesOf } from "../portfolio/column.js";
import { type Limitation, limitation, limitationStatuses } from "../portfolio/limitation.js";
import { type Screened, screen } from "../portfolio/screen.js";
import { type Segments, segmentsOf } from "../portfolio/segment.js";
import { type Forecast, type ForecastRows, forecast } from "../recovery/forecast.js";
import { type ModelForecast, modelForecast, type RecoveryModel } from "../recovery/model-forecast.js";
import { type BidTerms, bidTerms, highestPrice, type Price, priceEstimate } from "./bid.js";
import { type Litigation, litigation } from "./litigation.js";
import { type FlowBasis, flowBasis, horizonReach, type NetFlow, netFlow } from "./net-flow.js";

/** Where findings go, and where those of the reading stand already. */
export type FindingTable = Pick<TapeFindings, "add" | "inFileOrder">;

/** Rows of which a refusal says why they cannot be read. */
const mostReasons = 20;

/** Everything that a price rests on, from the rows to the bid: what the documents are drawn from. */
export interface PricedPortfolio {
  readonly columns: TapeColumns;
  readonly assumptions: Assumptions;
  readonly asOf: Day;
  /** current balances in major units, by row */
  readonly balances: Float64Array;
  readonly ages: Int16Array;
  readonly screened: Screened;
  readonly segments: Segments;
  readonly limitation: Limitation;
  readonly litigation: Litigation;
  readonly forecast: Forecast | ModelForecast;
  readonly basis: FlowBasis;
  readonly flow: NetFlow;
  readonly terms: BidTerms;
  readonly price: Price;
  /** the bid in major units */
  readonly bid: number;
}

/**
 * From the rows of a tape to a bid: screen, segment, limitation, expected recovery, costs, price.
 *
 * Pure and deterministic: the same rows in the same order and the same assumptions give the same bits.
 *
 * @param findings takes what the screen finds of the rows
 * @param model    fitted on own history: what each row brings, and when, in place of the priors
 * @throws Refusal `nothing_to_price` for a tape without a row, with why the first of them could not be read, `currency_mismatch` when the assumptions are for another
 *   currency, `assumption_out_of_range` for a segment multiplier whose segment does not exist
 */
export function pricePortfolio(
  columns: TapeColumns,
  assumptions: Assumptions,
  asOf: Day,
  findings: FindingTable,
  model?: RecoveryModel,
): PricedPortfolio {
  if (columns.rows === 0) throw nothingToPrice(findings);
  if (columns.currency !== assumptions.currency) {
    const detail = `the tape is in ${columns.currency}, the assumptions are in ${assumptions.currency}`;
    throw new Refusal("currency_mismatch", detail);
  }
  const screened = screen(columns, assumptions.policy, asOf, findings);
  const ages = ageMonths(columns, asOf);
  const segments = segmentsOf(columns, ages);
  const balances = estimatesOf(balancesOf(columns), columns.currency);
  const limited = limitation(columns, limitationTable, asOf, screened);
  const rows: ForecastRows = {
    balances,
    status: screened.status,
    stage: segments.stage.codes,
    ageMonths: ages,
    pastDueMonths: commercialAges(columns, asOf, { segments, ages }),
    product: segments.product_type.codes,
    multiplier: multiplierOf(segments, assumptions.recovery.segment_multipliers),
  };
  const months = assumptions.horizon_months + horizonReach;
  const expected =
    model === undefined
      ? forecast(rows, assumptions)
      : modelForecast({ columns, rows, model, assumptions, asOf, months, findings });
  const suits = litigation(
    {
      expectedGross: expected.expectedGross,
      freshRate: expected.freshRate,
      balances,
      status: screened.status,
      limitation: limited.status,
      open: limitationStatuses.indexOf("open"),
      state: segments.state.codes,
      stateKeys: segments.state.keys,
    },
    assumptions.costs,
  );
  const basis = flowBasis(expected, assumptions, suits.expectedCost);
  const flow = netFlow(basis);
  const terms = bidTerms(assumptions);
  const price = highestPrice(flow.net, terms);
  return {
    columns,
    assumptions,
    asOf,
    balances,
    ages,
    screened,
    segments,
    limitation: limited,
    litigation: suits,
    forecast: expected,
    basis,
    flow,
    terms,
    price,
    bid: priceEstimate(price, columns.currency),
  };
}

/** Says of the first rows why they could not be read: without that, a file in another layout is a riddle. */
function nothingToPrice(findings: FindingTable): Refusal {
  const items: RefusalItem[] = [];
  for (const { severity, row, column, code, message, value } of findings.inFileOrder()) {
    if (severity !== "reject") continue;
    items.push({ pointer: `/rows/${row}${column === null ? "" : `/${column}`}`, code, detail: message, value });
    if (items.length === mostReasons) break;
  }
  return new Refusal("nothing_to_price", "the tape has no readable row", items);
}

/**
 * Months past due of commercial claims: from the delinquency date, and where that is missing from the charge-off,
 * which makes the claim look as young as it can be. A tape without commercial claims has no use for them.
 */
function commercialAges(columns: TapeColumns, asOf: Day, of: { segments: Segments; ages: Int16Array }): Int16Array {
  const { keys, codes } = of.segments.product_type;
  if (!codes.includes(keys.indexOf("commercial"))) return of.ages;
  return pastDueMonths(columns, asOf).map((months, i) => (months < 0 ? of.ages[i]! : months));
}

/** The product of all multipliers whose segment a row belongs to; undefined where there are none. */
function multiplierOf(
  segments: Segments,
  multipliers: Assumptions["recovery"]["segment_multipliers"],
): Float64Array | undefined {
  if (multipliers.length === 0) return undefined;
  const product = new Float64Array(segments.stage.codes.length).fill(1);
  for (const { by, key, multiplier } of multipliers) {
    const { keys, codes } = segments[by];
    const code = keys.indexOf(key);
    if (code === -1) {
      const detail = `recovery.segment_multipliers: there is no ${by} "${key}"; there are ${keys.join(", ")}`;
      throw new Refusal("assumption_out_of_range", detail);
    }
    for (let i = 0; i < product.length; i++) if (codes[i] === code) product[i]! *= multiplier;
  }
  return product;
}

/** Face of the priced consumer debts by stage, as shares that sum to 1; undefined where there are none. */
export function consumerStageMix({ forecast: expected }: PricedPortfolio): Float64Array | undefined {
  const whole = expected.consumerFaceByStage.reduce((sum, face) => sum + face, 0);
  if (whole === 0 || whole < expected.face / 2) return undefined;
  return expected.consumerFaceByStage.map((face) => face / whole).subarray(0, stages.length);
}
