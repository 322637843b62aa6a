import type { FactoringTermsInput } from "../models/factoring-terms.js";

/**
 * Tariffs of factors as they printed them. `terms` loads as the terms of an offer; what a tariff says that terms have no
 * word for stands in `says`. A tariff printed as a range is taken at its middle, and says so.
 */
export interface FeeTariff {
  readonly name: string;
  readonly source: string;
  readonly terms: FactoringTermsInput;
  readonly says: readonly string[];
}

const steps = (initial: string, step: string, stepDays: number) => ({
  initial_rate: initial,
  initial_days: 30,
  step_rate: step,
  step_days: stepDays,
});

const pooled = (floor: string) => ({ method: "pooled" as const, floor_rate: floor });

export const feeTariffs: readonly FeeTariff[] = [
  {
    name: "Factor 1",
    source: "dashpointpublishing.com, top 10 questions, factor 1 [S62]",
    terms: {
      advance_rate: "0.90",
      fee_schedule: steps("0.025", "0.02", 30),
      reserve: pooled("0.05"),
      charges: [
        { code: "wire", amount: "30.00", per: "payout" },
        { code: "application", amount: "500.00", per: "once" },
        { code: "lockbox", amount: "400.00", per: "month" },
      ],
      monthly_minimum: { amount: "10000.00" },
      early_termination: { share_of_limit: "0.03", term_months: 24 },
      opened: { facility_limit: "10000000.00" },
    },
    says: [
      "invoices of 5,000 and more, 100,000 a month at least; rebate monthly, what is above the holdback",
      "ach 10 in place of the wire",
      "misdirected cheque: 15 % of the invoice or of the amount, the larger",
    ],
  },
  {
    name: "Factor 3",
    source: "dashpointpublishing.com, top 10 questions, factor 3 [S62]",
    terms: {
      advance_rate: "0.85",
      fee_schedule: steps("0.04", "0.035", 30),
      reserve: pooled("0.15"),
      charges: [
        { code: "wire", amount: "25.00", per: "payout" },
        { code: "invoice", amount: "1.00", per: "invoice" },
        { code: "application", amount: "250.00", per: "once" },
        { code: "lockbox", amount: "250.00", per: "month" },
      ],
      monthly_minimum: { amount: "1000.00" },
      early_termination: { share_of_limit: "0.02", term_months: 24 },
      opened: { facility_limit: "500000.00" },
    },
    says: [
      "invoices of 1,000 and more, 20,000 a month at least; rebate monthly, what is above the holdback",
      "ach 5 in place of the wire",
    ],
  },
  {
    name: "Factor 4",
    source: "dashpointpublishing.com, top 10 questions, factor 4 [S62]",
    terms: {
      advance_rate: "0.75",
      fee_schedule: steps("0.05", "0.045", 30),
      reserve: pooled("0.20"),
      charges: [
        { code: "batch", amount: "10.00" },
        { code: "wire", amount: "30.00", per: "payout" },
        { code: "set-up", amount: "100.00", per: "once" },
        { code: "filing", amount: "75.00", per: "once" },
      ],
      monthly_minimum: { amount: "500.00" },
      early_termination: { per_remaining_day: "15.00", term_months: 12 },
      opened: { facility_limit: "250000.00" },
    },
    says: ["invoices of 500 and more, 10,000 a month at least; rebate monthly, what is above the holdback"],
  },
  {
    name: "Factor 5",
    source: "dashpointpublishing.com, top 10 questions, factor 5 [S62]",
    terms: {
      advance_rate: "0.70",
      fee_schedule: { ...steps("0.05", "0.05", 30), minimum: "5.00" },
      // 15 % of the credit line, which is 250,000 at most
      reserve: { escrow: { share_of_rebate: "0.10", cap: "37500.00" } },
      charges: [
        { code: "credit check", amount: "25.00", per: "occasion" },
        { code: "missing notation", amount: "20.00", per: "occasion" },
        { code: "unfactored payment", amount: "5.00", per: "unfactored_payment" },
      ],
      opened: { facility_limit: "250000.00" },
    },
    says: [
      "invoices of 250 and more, 5,000 a month at least; rebate twice monthly",
      "inactivity: 5 % of the minimum monthly volume after 30 idle days",
    ],
  },
  {
    name: "Liquid Factors",
    source: "liquidfactors.com, fees, reserve, holdbacks and recourse [S63]",
    terms: {
      advance_rate: "0.80",
      fee_schedule: steps("0.045", "0.0105", 7),
    },
    says: [
      "printed as 3 to 6 % for 30 days and 0.75 to 1.35 % a week after: taken at the middle",
      "reserve of about 10 % of monthly invoices: at an 80 % advance 75 % is funded and 5 % put by until it is reached",
      "recourse: swap the invoice, deduct from advances or rebates, take from the reserve, cash, or a mix",
    ],
  },
  {
    name: "Bay View Funding / Phunware",
    source: "sec.gov, Phunware 10-Q 2020 [S05]",
    terms: {
      advance_rate: "0.80",
      fee_schedule: steps("0.018", "0.0065", 10),
      recourse: { kind: "full", days: 90 },
      opened: { facility_limit: "3000000.00" },
    },
    says: ["90 days at most; booked by the seller as a secured borrowing, fees as interest expense"],
  },
  {
    name: "Cloud Factoring A",
    source: "cloudfactoring.com/?p=133 [S02]",
    terms: {
      advance_rate: "0.80",
      fee_schedule: {
        bands: [
          { from: 1, to: 10, fee_rate: "0.02" },
          { from: 11, to: 20, fee_rate: "0.03" },
          { from: 21, to: 30, fee_rate: "0.04" },
          { from: 31, to: 40, fee_rate: "0.06" },
          { from: 41, to: 50, fee_rate: "0.08" },
          { from: 51, to: 60, fee_rate: "0.10" },
          { from: 61, to: 70, fee_rate: "0.12" },
          { from: 71, to: 80, fee_rate: "0.15" },
          { from: 81, to: 90, fee_rate: "0.18" },
          { from: 91, to: null, fee_rate: "0.20" },
        ],
      },
    },
    says: [],
  },
  {
    name: "MP Star",
    source: "mpstarfinancial.com, invoices paid after 30 days [S01]",
    terms: {
      advance_rate: "0.80",
      fee_schedule: { ...steps("0.035", "0.0175", 15), collected_at: "funding" },
      recourse: { kind: "full", days: 90 },
    },
    says: ["the first fee comes out of the advance, later ones out of the reserve"],
  },
  {
    name: "altLINE market range",
    source: "an open calculator page that quotes altLINE, second-hand [S04]",
    terms: {
      advance_rate: "0.85",
      fee_schedule: { initial_rate: "0.03", initial_days: 30 },
      charges: [
        { code: "wire", amount: "22.50", per: "payout" },
        { code: "filing", amount: "325.00", per: "once" },
        { code: "lockbox", amount: "525.00", per: "month" },
        { code: "credit check", amount: "67.50", per: "occasion" },
      ],
    },
    says: [
      "printed as ranges, taken at the middle: fee 1 to 5 %, advance 80 to 90 %, wire 15 to 30, filing 150 to 500, lockbox 50 to 1,000, debtor credit check 35 to 100",
      "ach 0 to 3; origination 0 to 3 % of the line",
    ],
  },
  {
    name: "FundThrough",
    source: "help.fundthrough.com, definitions of fees [S09]",
    terms: {
      advance_rate: "0.90",
      fee_schedule: {
        basis: "advance",
        initial_rate: "0.0275",
        initial_days: 30,
        step_rate: "0.0275",
        step_days: 30,
        proration: "daily",
      },
    },
    says: [
      "printed as a formula without figures: daily rate x days x advance, and a share of the face up front; 2.75 % for 30 days and a 90 % advance are ours",
    ],
  },
  {
    name: "Fluid",
    source: "support.choosefluid.com, advance fees [S64]",
    terms: {
      advance_rate: "0.80",
      fee_schedule: { basis: "advance", initial_rate: "0.01", initial_days: 10, step_rate: "0.01", step_days: 10 },
    },
    says: ["from 1 % for every 10 days outstanding, on the amount advanced only; the advance rate is ours"],
  },
];
