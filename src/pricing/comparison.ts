import type { Assumptions } from "../../models/strategy.js";
import type { TapeColumns } from "../../models/tape.js";
import { productTypes } from "../../models/tape.js";
import type { Comparison } from "../../models/valuation.js";
import { type Day, formatDay } from "../calendar/day.js";
import { cumulative, npvMonthly } from "../cashflow/present-value.js";
import { estimateToMinor, formatMinor } from "../money/money.js";
import { curves } from "../recovery/forecast.js";
import type { RecoveryModel } from "../recovery/model-forecast.js";
import { expectedFeeRate } from "./commission-estimate.js";
import { sumOf } from "./net-flow.js";
import { type FindingTable, type PricedPortfolio, pricePortfolio } from "./priced-portfolio.js";
import { assumptionsOf } from "./valuation.js";

type Kind = Comparison["best"]["kind"];

/** One way to turn the portfolio into money: monthly flows in major units, index 0 the day of the valuation. */
interface Alternative {
  readonly kind: Kind;
  readonly label: string;
  readonly gross: Float64Array;
  readonly fees: Float64Array;
  readonly costs: Float64Array;
}

/**
 * What the owner of a portfolio keeps when it is sold at the bid, placed with an agency, or held and worked: side by
 * side on the same expected collections, over the same horizon, discounted at one stated rate.
 *
 * - sell: the bid, today
 * - place: the forecast (times what the agency collects relative to it) less the commission of its schedule, which
 *   depends on age, balance, placement and suit; the agency bears its own costs and fronts those of the court
 * - hold: the forecast less the variable, per-account and court costs of the bid. The put-back reserve is left out,
 *   because who holds puts nothing back, and so is a resale
 *
 * The best is the highest net present value; selling counts a buyer's target return as a cost, so it is best only
 * where the owner discounts higher than the buyer, or works the debts at a higher cost.
 *
 * @throws Refusal as `pricePortfolio`, and when the schedule has no rule for one of the priced claims
 */
export function comparison(
  columns: TapeColumns,
  assumptions: Assumptions,
  asOf: Day,
  findings: FindingTable,
  model?: RecoveryModel,
): Comparison {
  const priced = pricePortfolio(columns, assumptions, asOf, findings, model);
  const { currency } = columns;
  const rate = assumptions.comparison.discount_rate;
  const valued = [sale(priced), placement(priced), holding(priced)].map((alternative) => {
    const net = alternative.gross.map((gross, m) => gross - alternative.fees[m]! - alternative.costs[m]!);
    return { ...alternative, net, npv: npvMonthly(net, rate) };
  });
  const ranked = [...valued].sort((a, b) => b.npv - a.npv);
  const [best, second] = [ranked[0]!, ranked[1]!];
  const money = (estimate: number) => formatMinor(estimateToMinor(estimate, currency, "half_even"), currency);
  const face = priced.forecast.face;
  return {
    as_of: formatDay(asOf),
    currency,
    face: formatMinor(priced.screened.priced.face, currency),
    accounts: priced.screened.priced.accounts,
    horizon_months: assumptions.horizon_months,
    discount_rate: rate,
    alternatives: valued.map(({ kind, label, gross, fees, costs, net, npv }) => ({
      kind,
      label,
      gross: money(sumOf(gross)),
      fees: money(sumOf(fees)),
      costs: money(sumOf(costs)),
      net_back: money(sumOf(net)),
      net_back_rate_of_face: face > 0 ? sumOf(net) / face : 0,
      months_to_half: monthsToHalf(net),
      npv: money(npv),
      best: kind === best.kind,
      monthly_net: Array.from(net, money),
    })),
    best: {
      kind: best.kind,
      why:
        `${best.label}: worth ${money(best.npv)} ${currency} today at ${percent(rate)} a year, ` +
        `${money(best.npv - second.npv)} more than the next (${second.kind})`,
    },
    assumptions: assumptionsOf(priced),
  };
}

function sale({ flow, bid }: PricedPortfolio): Alternative {
  const none = new Float64Array(flow.net.length);
  const gross = none.slice();
  gross[0] = bid;
  return { kind: "sell", label: "sell at the bid", gross, fees: none, costs: none };
}

function holding({ flow }: PricedPortfolio): Alternative {
  const costs = flow.variable.map((variable, m) => variable + flow.perAccount[m]! + flow.court[m]!);
  return { kind: "hold", label: "hold and work it", gross: flow.gross, fees: new Float64Array(costs.length), costs };
}

function placement(priced: PricedPortfolio): Alternative {
  const { assumptions, basis, flow } = priced;
  const { agency, agency_collections_multiplier: relative } = assumptions.comparison;
  const feeRates = feeRateByCurve(priced);
  const gross = flow.gross.map((amount) => amount * relative);
  const fees = new Float64Array(gross.length);
  for (let m = 1; m < fees.length; m++) {
    for (let c = 0; c < curves.length; c++) {
      fees[m]! += basis.lifetimeGross[c]! * basis.monthlyShares[c]![m]! * relative * feeRates[c]!;
    }
  }
  return {
    kind: "place",
    label: `place with an agency (${agency.name})`,
    gross,
    fees,
    costs: new Float64Array(fees.length),
  };
}

/** Mean days in a month. */
const daysPerMonth = 365.25 / 12;

/** Expected commission over expected collections of each timing curve, weighted by what each claim is expected to bring. */
function feeRateByCurve(priced: PricedPortfolio): Float64Array {
  const { assumptions, balances, ages, segments, litigation } = priced;
  const feeRate = expectedFeeRate(assumptions.comparison.agency, assumptions.interval.severity);
  const commercial = productTypes.indexOf("commercial");
  const { unknown_age_months: unknownAge } = assumptions.recovery;
  const { share_sued: shareSued } = assumptions.costs;
  const { expectedGross } = priced.forecast;
  const fees = new Float64Array(curves.length);
  const gross = new Float64Array(curves.length);
  for (let i = 0; i < expectedGross.length; i++) {
    const expected = expectedGross[i]!;
    if (expected === 0) continue;
    const claim = {
      balance: balances[i]!,
      ageDays: (ages[i]! < 0 ? unknownAge : ages[i]!) * daysPerMonth,
      placement: segments.stage.codes[i]! + 1,
      legal: false,
    };
    let rate = feeRate(claim);
    if (litigation.pays[i] === 1 && shareSued > 0) rate += (feeRate({ ...claim, legal: true }) - rate) * shareSued;
    const curve = segments.product_type.codes[i] === commercial ? 1 : 0;
    fees[curve]! += expected * rate;
    gross[curve]! += expected;
  }
  return fees.map((fee, c) => (gross[c]! > 0 ? fee / gross[c]! : 0));
}

/** First month by which half of what is kept is in; null where nothing is kept. */
function monthsToHalf(net: Float64Array): number | null {
  const running = cumulative(net);
  const half = running.at(-1)! / 2;
  if (half <= 0) return null;
  return running.findIndex((sum) => sum >= half);
}

function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(6))} %`;
}
