import type { CommissionScheduleInput } from "../models/commission.js";

/**
 * Agency schedules as they were printed, and one of our own for aged consumer debt. Where a source does not say
 * whether its bands are marginal or whole, the note of the schedule says which was taken.
 */

const flat = (rate: string) => ({ method: "whole" as const, bands: [{ up_to: null, rate }] });

export const commissionSchedules = {
  /**
   * Ours, for aged consumer debt: the rungs lie within the 25-50 % by age and placements that loanbuyersgroup prints;
   * legal as in the Redwood City agreement; half on small balances, which the trade articles put at 20-35 % and over.
   */
  aged_consumer: {
    name: "Aged consumer, tiered",
    source: "ours, within loanbuyersgroup.com (25-50 % by age and placements); legal: City of Redwood City 2019",
    rules: [
      { name: "legal", when: { legal: true }, ...flat("0.35") },
      { name: "below 300", when: { below_balance: "300" }, ...flat("0.50") },
      { name: "third placement or later", when: { min_placement: 3 }, ...flat("0.50") },
      { name: "over three years", when: { min_age_days: 1096 }, ...flat("0.45") },
      { name: "over one year", when: { min_age_days: 366 }, ...flat("0.40") },
      { name: "second placement", when: { min_placement: 2 }, ...flat("0.35") },
      { name: "over 180 days", when: { min_age_days: 181 }, ...flat("0.30") },
      { name: "fresh", ...flat("0.25") },
    ],
  },
  redwood_city_2019: {
    name: "City of Redwood City 2019 (Collection Bureau of America)",
    source: "City of Redwood City, agreement of 2019, WebLink document 367359, page 10",
    rules: [
      { name: "legal", when: { legal: true }, ...flat("0.35") },
      { name: "regular", ...flat("0.25") },
    ],
    grace_days: 14,
    direct_payments_count: true,
  },
  /** The source does not say whether the bands are marginal; taken as marginal. */
  nacm_tampa: {
    name: "NACM Tampa",
    source: "http://www.nacmtampa.com/page/Rates.aspx [S65]",
    rules: [
      { name: "over one year", when: { min_age_days: 366 }, ...flat("0.50") },
      {
        name: "returned goods",
        when: { found_paid: true },
        method: "marginal",
        bands: nacmBands(),
        share: "0.5",
      },
      { name: "regular", method: "marginal", bands: nacmBands() },
    ],
    direct_payments_count: true,
  },
  msccm: {
    name: "MSCCM",
    source: "https://www.msccm.com/collections/rates/ [S52]",
    rules: [
      { name: "over one year", when: { min_age_days: 366 }, ...flat("0.50") },
      { name: "second placement", when: { min_placement: 2 }, ...flat("0.50") },
      { name: "attorney", when: { legal: true }, ...flat("0.35") },
      {
        name: "found paid or returned",
        when: { found_paid: true },
        method: "marginal",
        bands: msccmBands(),
        share: "0.5",
      },
      { name: "regular", method: "marginal", bands: msccmBands() },
    ],
  },
  dcs: {
    name: "DCS",
    source: "https://www.dcscredit.com/CollectionFees [S53]",
    rules: [
      {
        name: "attorney (CLLA rates and 10 % service fee)",
        when: { legal: true },
        method: "marginal",
        bands: [
          { up_to: "300", rate: "0.20" },
          { up_to: "2000", rate: "0.18" },
          { up_to: null, rate: "0.13" },
        ],
        plus_rate: "0.10",
      },
      {
        name: "by claim size",
        when: { min_balance: "200" },
        method: "whole",
        bands: [
          { up_to: "1999.99", rate: "0.25" },
          { up_to: "6999.99", rate: "0.20" },
          { up_to: "9999.99", rate: "0.18" },
          { up_to: "30000", rate: "0.15" },
        ],
      },
    ],
  },
  /** Claims older than 730 days are not in the printed table; the schedule has no rule for them. */
  stevens_ricci: {
    name: "Stevens & Ricci",
    source: "http://stevensricci.com/fee-schedule/ [S66]",
    rules: [
      { name: "under 1,000", when: { below_balance: "1000" }, ...flat("0.35") },
      { name: "up to 120 days", when: { max_age_days: 120 }, ...flat("0.20") },
      { name: "121 to 180 days", when: { max_age_days: 180 }, ...flat("0.25") },
      { name: "181 to 730 days", when: { max_age_days: 730 }, ...flat("0.30") },
    ],
  },
  mdc_domestic: {
    name: "MDC Recovery, domestic",
    source: "https://www.mdcrecovery.com/insurance/workflow/ [S68]",
    rules: [
      { name: "discovery", when: { found_paid: true }, ...flat("0.35"), share: "0.5" },
      { name: "domestic", ...flat("0.35") },
    ],
  },
} satisfies Record<string, CommissionScheduleInput>;

function nacmBands() {
  return [
    { up_to: "299.99", rate: "0.50" },
    { up_to: "2000", rate: "0.28" },
    { up_to: null, rate: "0.20" },
  ];
}

function msccmBands() {
  return [
    { up_to: "300", rate: "0.50" },
    { up_to: null, rate: "0.20" },
  ];
}
