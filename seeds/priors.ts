import type { CommissionScheduleInput } from "../models/commission.js";
import type { Mark } from "../models/strategy.js";
import { commissionSchedules } from "./commission-schedules.js";

/**
 * One published prior, by the dotted name of the assumption it fills. `usd` says that it is an amount of US dollars,
 * which means nothing on a tape in another currency.
 */
export interface Prior {
  readonly name: string;
  readonly value: PriorValue;
  readonly source: string;
  readonly mark: Exclude<Mark, "user">;
  readonly usd?: true;
}
export type PriorValue = number | string | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;

const insideArm = "insideARM 38703, 12-month liquidation";
const guide = "May 2010 price guide (Crescent Bay Financial, loanbuyersgroup.com)";
const ours = "ours; no published figure";
const clearslate = "clearslate-v2 research notes";
const belowCard = "ours; the FTC 2013 regression is remembered to put it below card, size unknown";

const liquidation: readonly Prior[] = [
  {
    name: "recovery.liquidation_12m.fresh",
    value: 0.055,
    source:
      "loanbuyersgroup.com, Is Fresh the Best?: $100m fresh card file, 12 months, no legal (prime: 0.08, insideARM 38703)",
    mark: "published",
  },
  { name: "recovery.liquidation_12m.primary", value: 0.03, source: `${insideArm}, seconds`, mark: "published" },
  { name: "recovery.liquidation_12m.secondary", value: 0.015, source: `${insideArm}, tertiary`, mark: "published" },
  {
    name: "recovery.liquidation_12m.tertiary",
    value: 0.0075,
    source: `secondary x 0.5: tertiary 1.125 over secondary 2.25 cents, ${guide}`,
    mark: "computed",
  },
  {
    name: "recovery.liquidation_12m.quad",
    value: 0.0035,
    source: `tertiary x 0.4667: quad 0.525 over tertiary 1.125 cents, ${guide}`,
    mark: "computed",
  },
];

const aging: readonly Prior[] = [
  {
    name: "recovery.age_factors",
    // Prices 7.9, 3.1, 2.2 and 0 cents at < 3, 3-6, 6-15 and > 15 years, relative to the first, at the band middles.
    value: [
      { months: 18, value: 1 },
      { months: 54, value: 0.392 },
      { months: 126, value: 0.278 },
      { months: 180, value: 0 },
    ],
    source: "FTC 2013, price by age, relative to debts under 3 years, placed at the middles of the age bands",
    mark: "computed",
  },
  {
    name: "recovery.unknown_age_months",
    value: 126,
    source: "ours: the middle of the oldest age band that has a price (FTC 2013, 6 to 15 years)",
    mark: "unverified",
  },
  {
    name: "recovery.timing",
    value: { family: "gamma", shape: 1.388, scale_years: 2.635 },
    source: "gamma fitted to PRA vintages 1996-2008, whose cells are recalled and not checked against the 10-K",
    mark: "unverified",
  },
  {
    name: "recovery.commercial_collectability",
    value: [
      { months: 0, value: 0.949 },
      { months: 1, value: 0.899 },
      { months: 2, value: 0.813 },
      { months: 3, value: 0.696 },
      { months: 6, value: 0.521 },
      { months: 9, value: 0.391 },
      { months: 12, value: 0.228 },
      { months: 24, value: 0.093 },
    ],
    source:
      "Commercial Collection Agency Association (CLLA) survey, 2004; an opinion survey, other years differ by 2-6 points",
    mark: "published",
  },
  {
    name: "recovery.commercial_timing",
    value: { family: "level", months: 12 },
    source: "ours: what a commercial claim brings comes evenly within a year of placement",
    mark: "unverified",
  },
];

const products: readonly Prior[] = [
  { name: "credit_card", value: 1, source: "the priors are those of card debt", mark: "published" as const },
  {
    name: "personal_loan",
    value: 0.9,
    source: "ours; unsecured like a card, no revolving relation",
    mark: "unverified" as const,
  },
  { name: "retail_card", value: 0.9, source: belowCard, mark: "unverified" as const },
  { name: "auto_deficiency", value: 0.7, source: belowCard, mark: "unverified" as const },
  { name: "student_loan", value: 0.8, source: belowCard, mark: "unverified" as const },
  { name: "medical", value: 0.6, source: belowCard, mark: "unverified" as const },
  { name: "telecom", value: 0.6, source: belowCard, mark: "unverified" as const },
  { name: "utility", value: 0.6, source: belowCard, mark: "unverified" as const },
  { name: "payday", value: 0.5, source: belowCard, mark: "unverified" as const },
  { name: "mortgage_deficiency", value: 0.4, source: belowCard, mark: "unverified" as const },
  { name: "commercial", value: 1, source: "applied to the commercial collectability survey", mark: "neutral" as const },
  { name: "other", value: 0.5, source: ours, mark: "unverified" as const },
].map((row) => ({ ...row, name: `recovery.product_factors.${row.name}` }));

const feeSource = "contingency 25-50 % by age and placements, loanbuyersgroup.com";
const costs: readonly Prior[] = [
  { name: "costs.variable_rate.fresh", value: 0.25, source: `${feeSource}: the lower end`, mark: "published" },
  {
    name: "costs.variable_rate.primary",
    value: 0.3125,
    source: `${feeSource}: a quarter of the way`,
    mark: "computed",
  },
  { name: "costs.variable_rate.secondary", value: 0.375, source: `${feeSource}: half way`, mark: "computed" },
  {
    name: "costs.variable_rate.tertiary",
    value: 0.4375,
    source: `${feeSource}: three quarters of the way`,
    mark: "computed",
  },
  { name: "costs.variable_rate.quad", value: 0.5, source: `${feeSource}: the upper end`, mark: "published" },
  {
    name: "costs.per_account",
    value: 1.1025,
    source: `mid points: postage 0.55-0.68, print 0.10-0.25, scrubs 0.10-0.50, e-mail check 0.005-0.02 (${clearslate} u6)`,
    mark: "second_hand",
    usd: true,
  },
  {
    name: "costs.court_cost",
    value: 275,
    source: `filing and service, the median of nine courts (${clearslate} u8)`,
    mark: "second_hand",
    usd: true,
  },
  {
    name: "costs.court_cost_by_state",
    value: { CA: 300, TX: 152.5, NY: 285, PA: 273, OH: 326, GA: 286, NC: 275, MI: 250 },
    source: `filing and service, ${clearslate} u8 (California: limited civil)`,
    mark: "second_hand",
    usd: true,
  },
  { name: "costs.suit_collectability", value: 0.3, source: `${clearslate} u8`, mark: "second_hand" },
  { name: "costs.suit_fee_rate", value: 0.33, source: `${clearslate} u8: the owner keeps 67 %`, mark: "second_hand" },
  {
    name: "costs.share_sued",
    value: 0.05,
    source:
      "ours: a small share; the collections of the priors are those of buyers who sue, so that suits cost but add nothing",
    mark: "unverified",
  },
  { name: "costs.suit_month", value: 6, source: ours, mark: "unverified" },
  {
    name: "costs.putback_reserve_rate",
    value: 0.0127,
    source:
      "Encore 2018, put-backs 14,429 over purchases 1,131,898 (USD thousands) (a share of price there; taken of gross here)",
    mark: "computed",
  },
];

const agency: CommissionScheduleInput = commissionSchedules.aged_consumer;
const adjustments: readonly Prior[] = [
  { name: "recovery.collections_multiplier", value: 1, source: "no adjustment", mark: "neutral" },
  { name: "recovery.segment_multipliers", value: [], source: "no adjustment", mark: "neutral" },
];

const bid: readonly Prior[] = [
  {
    name: "target_irr",
    value: 0.2,
    source: "ours: the middle of the 15-25 % on net cash that buyers are said to ask for",
    mark: "unverified",
  },
  { name: "min_multiple", value: null, source: "none asked for", mark: "neutral" },
  { name: "max_payback_months", value: null, source: "none asked for", mark: "neutral" },
  { name: "authority_limit", value: null, source: "none asked for", mark: "neutral" },
  {
    name: "horizon_months",
    value: 84,
    source: "Encore, horizon of its older US pools (84 or 96 months)",
    mark: "published",
  },
];

const rest: readonly Prior[] = [
  {
    name: "policy.max_age_years",
    value: 15,
    source: "RMAI certification standards, version 12 (2024): no purchase of accounts more than 15 years in default",
    mark: "published",
  },
  {
    name: "policy.exclude_judgment",
    value: true,
    source: "ours: a judgment is priced and worked otherwise",
    mark: "unverified",
  },
  {
    name: "policy.exclude_disputed",
    value: false,
    source: "ours: a disputed account is kept and pointed out",
    mark: "unverified",
  },
  { name: "policy.excluded_states", value: [], source: "none asked for", mark: "neutral" },
  { name: "resale.price_rate", value: 0, source: "none counted on", mark: "neutral" },
  {
    name: "interval.systematic_cv",
    value: 0.26,
    source: `width of the ranges by stage of the ${guide} taken as p10 to p90: log deviations .13, .27, .27, .27, .36, their mean`,
    mark: "computed",
  },
  { name: "interval.severity", value: 0.5, source: "ours: who pays, pays half (settlement)", mark: "unverified" },
  {
    name: "comparison.discount_rate",
    value: 0.1,
    source: "hurdle of about 10 % (clearslate-v2 research notes)",
    mark: "second_hand",
  },
  { name: "comparison.agency", value: agency, source: agency.source ?? ours, mark: "unverified" },
  {
    name: "comparison.agency_collections_multiplier",
    value: 1,
    source: "ours: the agency collects what is forecast",
    mark: "unverified",
  },
];

/** The tables by version. A version is never edited once a quote has been issued on it; a new month gets a new one. */
export const priorsByVersion: Readonly<Record<string, readonly Prior[]>> = {
  "2026-10": [...bid, ...liquidation, ...aging, ...products, ...adjustments, ...costs, ...rest],
};
export const latestPriors = "2026-10";
