import { expect } from "chai";
import { calculate } from "../../src/desk/calculate.js";

/** Comparisons are rounded once, where they are shown: each of these was a cent or a unit off when parts were rounded before. */
const cases = [
  {
    why: "interest on the advance, not on an advance rounded to the cent: 7,812,346.01 x 0.9 x -0.11",
    name: "annual-benefit",
    figures: {
      annual_credit_sales: "14047548.60",
      current_receivables: "7812346.01",
      overdraft_rate: "0.186",
      advance_rate: "0.9",
      advance_interest_rate: "0.076",
    },
    expected: { extra_interest: "-773422.25" },
  },
  {
    why: "whole units of receivables that were no whole cents: 4,934,403 less 53 days of sales, at 4.2 %, is 139,952.496",
    name: "annual-benefit",
    figures: {
      annual_credit_sales: "11034023.71",
      current_receivables: "4934403.00",
      revised_days: 53,
      overdraft_rate: "0.042",
      advance_rate: "0.8",
      advance_interest_rate: "0.178",
      places: 0,
    },
    expected: { finance_saving: "139952" },
  },
  {
    why: "a sum of two shares of sales and of a loan",
    name: "monthly-compare",
    figures: {
      monthly_sales: "78938.29",
      credit_share: "0.53",
      factor_fee: "0.02",
      factor_monthly_rate: "0.015",
      borrowed: "40459.11",
      bank_annual_rate: "0.103",
      bank_monthly_fee: "0.02",
      credit_dept: "2000",
      bad_debt_rate: "0.01",
    },
    expected: { factor_cost: "1443.63", bank_cost: "3574.83" },
  },
  {
    why: "interest and fee of a year",
    name: "net-cost-pct",
    figures: { monthly_receivables: "823438.08", advance_rate: "0.9", annual_rate: "0.034", fee_rate: "0.0368" },
    expected: { net_cost: "388827.46" },
  },
  {
    why: "face less two shares of it",
    name: "proceeds",
    figures: { face: "609498.30", reserve_rate: "0.067", fee_rate: "0.0087", annual_rate: "0.069", months: 12 },
    expected: { gross_proceeds: "563359.28", net_proceeds: "524487.49" },
  },
  {
    why: "a payment of a tenth of a cent more than the currency has [S54]",
    name: "eir",
    figures: { disbursed: "9000", payment: "46.575", count: 215, rows: [1] },
    expected: { balance_1: "8962.49" },
  },
  {
    why: "an invoice that nobody paid by day 90, its first fee out of the advance: advance and the fee not yet taken",
    name: "stepped-fee",
    figures: {
      face: "10000",
      schedule: { initial_rate: "0.035", step_rate: "0.0175", step_days: 15, collected_at: "funding" },
      days: 90,
      collected: "0",
    },
    expected: { client_owes: "8700.00", chargeback: "8700.00", factor_yield_pct: "53.23" },
  },
];

describe("calculators", () => {
  for (const { why, name, figures, expected } of cases) {
    it(`${name}: ${why}`, () => {
      expect(calculate(name, figures)).to.include(expected);
    });
  }
});
