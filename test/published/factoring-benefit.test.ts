/**
 * Is the factor worth it? Examination questions and their printed answers. Sources:
 * - S15 BPP text, chapter 8 (fayllar.org)
 * - S16 acowtancy.com and opentuition.com, ACCA December 2011 (Bold)
 * - S17 opentuition.com/?p=268945 (Joan)
 * - S18 acowtancy.com, ACCA June 2015 (Widnor)
 * - S19 opentuition.com (Oscar)
 * - S20 online.flipbuilder.com/bmcx/mbdm page 173
 * - S21 quesba.com (Fornax)
 * - S23 accountingmcqs.com
 * - S24 another71.com
 * - S25 gaodun.com/q/2014bk
 * - S26 justaaa.com/finance/395521
 */
import { type Case, checkCases } from "../harness/answered-cases.js";

// biome-ignore format: a table
const cases: readonly Case[] = [
  { id: "BEN-BPP-1.5M", asks: "annual-benefit", figures: { annual_credit_sales: "1500000", days_in_year: 365, current_days: 45, revised_days: 30, overdraft_rate: "0.135", advance_rate: "0.80", advance_interest_rate: "0.14", fee_rate: "0.025", bad_debt_rate_saved: "0.005", admin_saving: "30000" }, answer: { finance_saving: "8322", extra_interest: "493", fee: "37500", bad_debt_saving: "7500", net_benefit: "7829" } },
  { id: "BEN-BOLD-NONREC", asks: "annual-benefit", figures: { annual_credit_sales: "21300000", days_in_year: 365, current_receivables: "3500000", revised_days: 35, overdraft_rate: "0.07", advance_rate: "0.80", advance_interest_rate: "0.09", fee_rate: "0.0125", bad_debt_rate_saved: "0.009", admin_saving: "40000" }, answer: { revised_receivables: "2042466", finance_saving: "102027", net_benefit: "34797" }, within: "1" },
  { id: "BEN-BOLD-REC", asks: "annual-benefit", figures: { annual_credit_sales: "21300000", days_in_year: 365, current_receivables: "3500000", revised_days: 35, overdraft_rate: "0.07", advance_rate: "0.80", advance_interest_rate: "0.09", fee_rate: "0.0075", bad_debt_rate_saved: "0.003", admin_saving: "40000" }, answer: { extra_interest: "32679", net_benefit: "13498" } },
  { id: "BEN-WIDNOR", asks: "annual-benefit", figures: { annual_credit_sales: "26750000", days_in_year: 360, current_receivables: "4458000", revised_days: 35, overdraft_rate: "0.05", advance_rate: "0.80", advance_interest_rate: "0.07", fee_rate: "0.0075", bad_debt_rate_saved: "0.007", admin_saving: "50000" }, answer: { bad_debt_saving: "187250", revised_receivables: "2600694", finance_saving: "92865", extra_interest: "41611", net_benefit: "87879" } },
  { id: "BEN-OSCAR", asks: "annual-benefit", figures: { annual_credit_sales: "28000000", days_in_year: 365, current_receivables: "5370000", revised_days: 30, overdraft_rate: "0.07", advance_rate: "0.80", advance_interest_rate: "0.09", fee_rate: "0.015", bad_debt_rate_saved: "0.02", admin_saving: "30000" }, answer: { revised_receivables: "2301370", extra_interest: "36822" } },
  { id: "BEN-ABC-2", asks: "annual-benefit", figures: { annual_credit_sales: "50000000", days_in_year: 365, current_receivables: "7808219", overdraft_rate: "0.06", advance_rate: "0.85", advance_interest_rate: "0.07", fee_rate: "0.0025", bad_debt_rate_saved: "0", admin_saving: "100000" }, answer: { extra_interest: "66370", fee: "125000", net_benefit: "-91370" } },
  { id: "BEN-FORNAX", asks: "annual-benefit", figures: { annual_credit_sales: "18000000", days_in_year: 365, current_days: 90, revised_days: 30, overdraft_rate: "0.12", advance_rate: "0.80", advance_interest_rate: "0.10", fee_rate: "0.03", bad_debt_rate_saved: "0.00972222222222222222222222", admin_saving: "120000" }, answer: { net_benefit: "133740" }, within: "1" },
  { id: "BEN-CMA-100K", asks: "net-cost-pct", figures: { monthly_receivables: "100000", advance_rate: "0.80", annual_rate: "0.10", fee_rate: "0.02", annual_savings: "18000" }, answer: { usable_funds: "80000", interest: "8000", fee: "24000", net_cost: "14000", cost_pct: "17.5" } },
  { id: "BEN-CMA-4FIRMS-B", asks: "proceeds", figures: { face: "100000", reserve_rate: "0.07", fee_rate: "0.012", annual_rate: "0.12", months: 2 }, answer: { gross_proceeds: "91800", annual_interest: "11016", net_proceeds: "89964" } },
  { id: "BEN-CMA-4FIRMS-C", asks: "proceeds", figures: { face: "100000", reserve_rate: "0.05", fee_rate: "0.017", annual_rate: "0.20", months: 2 }, answer: { gross_proceeds: "93300", annual_interest: "18660", net_proceeds: "90190" } },
  { id: "BEN-CMA-4FIRMS-D", asks: "proceeds", figures: { face: "100000", reserve_rate: "0.08", fee_rate: "0.010", annual_rate: "0.05", months: 2 }, answer: { gross_proceeds: "91000", annual_interest: "4550", net_proceeds: "90242" } },
  { id: "BEN-BONE", asks: "monthly-compare", figures: { monthly_sales: "500000", credit_share: "0.70", factor_fee: "0.02", factor_monthly_rate: "0.015", borrowed: "100000", bank_annual_rate: "0.15", bank_monthly_fee: "0.02", credit_dept: "2000", bad_debt_rate: "0.01" }, answer: { factor_cost: "8500", bank_cost: "8750" } },
  { id: "BEN-CPA-125K", asks: "net-cost-pct", figures: { monthly_receivables: "125000", advance_rate: "0.80", annual_rate: "0.10", fee_rate: "0.02", annual_savings: "24000" }, answer: { cost_pct: "16" } },
  { id: "BEN-CMA-4FIRMS-A", asks: "proceeds", figures: { face: "100000", reserve_rate: "0.06", fee_rate: "0.014", annual_rate: "0.15", months: 2 }, answer: { gross_proceeds: "92600", net_proceeds: "90285" } },
];

describe("published: is the factor worth it? Examination questions and their printed answers", () => checkCases(cases));
