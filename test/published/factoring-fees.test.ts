/**
 * Fees, advances, reserves and settlement as factors print them. Sources:
 * - S01 mpstarfinancial.com, how factoring works: invoices paid after 30 days
 * - S02 cloudfactoring.com/?p=133, programme A
 * - S03 altline.sobanco.com, accounts receivable financing rates explained
 * - S04 an open "Invoice Factoring Rate to APR Calculator" page, which quotes altLINE and eCapital
 * - S05 sec.gov, Phunware 10-Q 2020 (Bay View Funding)
 * - S06 factorandfund.com, understanding the factoring security agreement
 * - S07 interstatecapital.com, tiered vs flat factoring rates
 * - S08 bfc.vegas, our fees
 * - S09 help.fundthrough.com, how do I pay back the advance
 * - S10 double-entry-bookkeeping.com, factoring journal entries
 */
import { type Case, checkCases } from "../harness/answered-cases.js";

// biome-ignore format: a table
const programmeA = [{ from: 1, to: 10, fee_rate: "0.02" },
  { from: 11, to: 20, fee_rate: "0.03" },
  { from: 21, to: 30, fee_rate: "0.04" },
  { from: 31, to: 40, fee_rate: "0.06" },
  { from: 41, to: 50, fee_rate: "0.08" },
  { from: 51, to: 60, fee_rate: "0.10" },
  { from: 61, to: 70, fee_rate: "0.12" },
  { from: 71, to: 80, fee_rate: "0.15" },
  { from: 81, to: 90, fee_rate: "0.18" },
  { from: 91, to: null, fee_rate: "0.20" }];

// biome-ignore format: a table
const cases: readonly Case[] = [
  { id: "FEE-MP-30", asks: "stepped-fee", figures: { face: "10000", advance_rate: "0.80", schedule: { initial_rate: "0.035", initial_days: 30, step_rate: "0.0175", step_days: 15 }, initial_fee_deducted_at_funding: true, days: 30 }, answer: { gross_advance: "8000.00", net_funded: "7650.00", reserve: "2000.00", fee_total: "350.00", reserve_release: "2000.00" } },
  { id: "FEE-MP-45", asks: "stepped-fee", figures: { face: "10000", advance_rate: "0.80", schedule: { initial_rate: "0.035", initial_days: 30, step_rate: "0.0175", step_days: 15 }, initial_fee_deducted_at_funding: true, days: 45 }, answer: { gross_advance: "8000.00", net_funded: "7650.00", reserve: "2000.00", fee_total: "525.00", reserve_release: "1825.00" } },
  { id: "FEE-MP-60", asks: "stepped-fee", figures: { face: "10000", advance_rate: "0.80", schedule: { initial_rate: "0.035", initial_days: 30, step_rate: "0.0175", step_days: 15 }, initial_fee_deducted_at_funding: true, days: 60 }, answer: { gross_advance: "8000.00", net_funded: "7650.00", reserve: "2000.00", fee_total: "700.00", reserve_release: "1650.00" } },
  { id: "FEE-MP-31-edge", asks: "stepped-fee", figures: { face: "10000", advance_rate: "0.80", schedule: { initial_rate: "0.035", initial_days: 30, step_rate: "0.0175", step_days: 15 }, initial_fee_deducted_at_funding: true, days: 31 }, answer: { fee_total: "525.00", reserve_release: "1825.00" } },
  { id: "FEE-CF-A-1", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 1, brackets: programmeA }, answer: { fee_rate: "0.02", rebate_rate: "0.18" } },
  { id: "FEE-CF-A-10", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 10, brackets: programmeA }, answer: { fee_rate: "0.02", rebate_rate: "0.18" } },
  { id: "FEE-CF-A-20", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 20, brackets: programmeA }, answer: { fee_rate: "0.03", rebate_rate: "0.17" } },
  { id: "FEE-CF-A-21", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 21, brackets: programmeA }, answer: { fee_rate: "0.04", rebate_rate: "0.16" } },
  { id: "FEE-CF-A-30", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 30, brackets: programmeA }, answer: { fee_rate: "0.04", rebate_rate: "0.16" } },
  { id: "FEE-CF-A-31", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 31, brackets: programmeA }, answer: { fee_rate: "0.06", rebate_rate: "0.14" } },
  { id: "FEE-CF-A-41", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 41, brackets: programmeA }, answer: { fee_rate: "0.08", rebate_rate: "0.12" } },
  { id: "FEE-CF-A-50", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 50, brackets: programmeA }, answer: { fee_rate: "0.08", rebate_rate: "0.12" } },
  { id: "FEE-CF-A-60", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 60, brackets: programmeA }, answer: { fee_rate: "0.10", rebate_rate: "0.10" } },
  { id: "FEE-CF-A-61", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 61, brackets: programmeA }, answer: { fee_rate: "0.12", rebate_rate: "0.08" } },
  { id: "FEE-CF-A-70", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 70, brackets: programmeA }, answer: { fee_rate: "0.12", rebate_rate: "0.08" } },
  { id: "FEE-CF-A-90", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 90, brackets: programmeA }, answer: { fee_rate: "0.18", rebate_rate: "0.02" } },
  { id: "FEE-CF-A-91", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 91, brackets: programmeA }, answer: { fee_rate: "0.20", rebate_rate: "0.00" } },
  { id: "FEE-CF-A-120", asks: "bracket-fee", figures: { face: "10000", advance_rate: "0.80", days: 120, brackets: programmeA }, answer: { fee_rate: "0.20", rebate_rate: "0.00" } },
  { id: "FEE-ALT-30", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.90", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.005", step_days: 10 }, days: 30 }, answer: { fee_rate: "0.03", fee_total: "3000.00", gross_advance: "90000.00" } },
  { id: "FEE-ALT-31", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.90", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.005", step_days: 10 }, days: 31 }, answer: { fee_rate: "0.035", fee_total: "3500.00" } },
  { id: "FEE-ALT-40", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.90", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.005", step_days: 10 }, days: 40 }, answer: { fee_rate: "0.035", fee_total: "3500.00" } },
  { id: "FEE-ALT-41", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.90", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.005", step_days: 10 }, days: 41 }, answer: { fee_rate: "0.04", fee_total: "4000.00" } },
  { id: "FEE-ALT2-90", asks: "stepped-fee", figures: { face: "50000", advance_rate: "0.85", schedule: { initial_rate: "0.015", initial_days: 30, step_rate: "0.005", step_days: 10 }, days: 90 }, answer: { fee_rate: "0.045" } },
  { id: "FEE-ECAP-45", asks: "stepped-fee", figures: { face: "50000", advance_rate: "0.85", schedule: { initial_rate: "0.05", initial_days: 15, step_rate: "0.01", step_days: 15 }, days: 45 }, answer: { fee_rate: "0.07", fee_total: "3500.00" } },
  { id: "FEE-BV-30", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.80", schedule: { initial_rate: "0.018", initial_days: 30, step_rate: "0.0065", step_days: 10 }, days: 30 }, answer: { fee_rate: "0.018" } },
  { id: "FEE-BV-31", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.80", schedule: { initial_rate: "0.018", initial_days: 30, step_rate: "0.0065", step_days: 10 }, days: 31 }, answer: { fee_rate: "0.0245" } },
  { id: "FEE-BV-90", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.80", schedule: { initial_rate: "0.018", initial_days: 30, step_rate: "0.0065", step_days: 10 }, days: 90 }, answer: { fee_rate: "0.057" } },
  { id: "FEE-CALC-30", asks: "stepped-fee", figures: { face: "50000", advance_rate: "0.85", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 }, upfront_fees: "25.00", days: 30 }, answer: { gross_advance: "42500.00", net_funded: "42475.00", reserve: "7500.00", fee_total: "1500.00", total_cost: "1525.00" } },
  { id: "FEE-FF-30", asks: "stepped-fee", figures: { face: "100000", advance_rate: "0.90", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.03", step_days: 30 }, days: 30 }, answer: { gross_advance: "90000.00", reserve: "10000.00", fee_total: "3000.00", reserve_release: "7000.00" } },
  { id: "FEE-FLAT-IC", asks: "stepped-fee", figures: { face: "1000", advance_rate: "0.90", schedule: { initial_rate: "0.04", initial_days: 90 }, days: 60 }, answer: { fee_total: "40.00" } },
  { id: "FEE-BFC-DAILY", asks: "daily-fee", figures: { face: "1000", rate_per_period: "0.035", period_days: 30 }, answer: { daily_rate_pct: "0.1167", daily_fee: "1.17" } },
  { id: "FEE-FT-EXPRESS-5", asks: "weekly-instalments", figures: { face: "1200", weeks: 12, weekly_fee_rate: "0.005", paid_off_after_weeks: 5 }, answer: { instalment: "106.00", weekly_fee: "6.00", fees_paid: "30.00", fees_saved: "42.00" } },
  { id: "FEE-PRIME-365", asks: "interest", figures: { balance: "42500", annual_rate: "0.1025", days: 45, day_count: 365 }, answer: { interest: "537.07" } },
  { id: "FEE-DEB-INT", asks: "interest", figures: { balance: "40000", annual_rate: "0.09", days: 40, day_count: 365, places: 0 }, answer: { interest: "395" } },
  { id: "FEE-SHORTPAY", asks: "stepped-fee", figures: { face: "10000", advance_rate: "0.80", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 }, days: 42, collected: "9000" }, answer: { fee_total: "500.00", reserve: "2000.00", shortfall: "1000.00", reserve_release: "500.00" } },
  { id: "FEE-CALC-45", asks: "stepped-fee", figures: { face: "50000", advance_rate: "0.85", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 }, upfront_fees: "25.00", days: 45 }, answer: { gross_advance: "42500.00", net_funded: "42475.00", fee_total: "2500.00", reserve_release: "5000.00", client_receives: "47475.00", total_cost: "2525.00", apr_pct: "48.22" } },
  { id: "FEE-CALC-90", asks: "stepped-fee", figures: { face: "50000", advance_rate: "0.85", schedule: { initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 }, upfront_fees: "25.00", days: 90 }, answer: { total_cost: "4525.00" } },
  { id: "FEE-PRIME-360", asks: "interest", figures: { balance: "42500", annual_rate: "0.1025", days: 45, day_count: 360 }, answer: { interest: "544.53" } },
  { id: "FEE-MP-90", asks: "stepped-fee", figures: { face: "10000", advance_rate: "0.80", schedule: { initial_rate: "0.035", initial_days: 30, step_rate: "0.0175", step_days: 15 }, initial_fee_deducted_at_funding: true, days: 90 }, answer: { fee_total: "1050.00", reserve_release: "1300.00" } },
];

describe("published: fees, advances, reserves and settlement as factors print them", () => checkCases(cases));
