/**
 * Yearly rates: Appendix J of Regulation Z, calculators, one examination question. Sources:
 * - S04 an open "Invoice Factoring Rate to APR Calculator" page
 * - S11 12 CFR 1026 Appendix J, example (c)(5)(i)
 * - S12 calcsimpler.com, invoice factoring effective APR
 * - S13 tutorsglobe.com, transaction exposure and operating exposure
 * - S14 10 CCR 951(c)
 */
import { type Case, checkCases } from "../harness/answered-cases.js";

// biome-ignore format: a table
const cases: readonly Case[] = [
  { id: "APR-REGZ-C5i", asks: "apr", figures: { amount_financed: "1000", finance_charge: "80", days: 255 }, answer: { apr_pct: "11.45" } },
  { id: "APR-CALC-45", asks: "apr", figures: { amount_financed: "42475", finance_charge: "2525", days: 45, face: "50000" }, answer: { apr_pct: "48.22", face_basis_pct: "40.96", compounded_pct: "59.74" } },
  { id: "APR-CALC-30", asks: "apr", figures: { amount_financed: "42475", finance_charge: "1525", days: 30, face: "50000" }, answer: { apr_pct: "43.68" } },
  { id: "APR-CALC-90", asks: "apr", figures: { amount_financed: "42475", finance_charge: "4525", days: 90, face: "50000" }, answer: { apr_pct: "43.21" } },
  { id: "APR-TBL-1.5-30", asks: "apr", figures: { amount_financed: "8500", finance_charge: "150.0", days: 30 }, answer: { apr_pct: "21.47" } },
  { id: "APR-TBL-1.5-45", asks: "apr", figures: { amount_financed: "8500", finance_charge: "150.0", days: 45 }, answer: { apr_pct: "14.31" } },
  { id: "APR-TBL-1.5-90", asks: "apr", figures: { amount_financed: "8500", finance_charge: "150.0", days: 90 }, answer: { apr_pct: "7.16" } },
  { id: "APR-TBL-2-45", asks: "apr", figures: { amount_financed: "8500", finance_charge: "200.0", days: 45 }, answer: { apr_pct: "19.08" } },
  { id: "APR-TBL-2-90", asks: "apr", figures: { amount_financed: "8500", finance_charge: "200.0", days: 90 }, answer: { apr_pct: "9.54" } },
  { id: "APR-TBL-3-30", asks: "apr", figures: { amount_financed: "8500", finance_charge: "300.0", days: 30 }, answer: { apr_pct: "42.94" } },
  { id: "APR-TBL-3-45", asks: "apr", figures: { amount_financed: "8500", finance_charge: "300.0", days: 45 }, answer: { apr_pct: "28.63" } },
  { id: "APR-TBL-4-30", asks: "apr", figures: { amount_financed: "8500", finance_charge: "400.0", days: 30 }, answer: { apr_pct: "57.25" } },
  { id: "APR-TBL-4-45", asks: "apr", figures: { amount_financed: "8500", finance_charge: "400.0", days: 45 }, answer: { apr_pct: "38.17" } },
  { id: "APR-TBL-4-60", asks: "apr", figures: { amount_financed: "8500", finance_charge: "400.0", days: 60 }, answer: { apr_pct: "28.63" } },
  { id: "APR-TBL-4-90", asks: "apr", figures: { amount_financed: "8500", finance_charge: "400.0", days: 90 }, answer: { apr_pct: "19.08" } },
  { id: "APR-TBL-5-30", asks: "apr", figures: { amount_financed: "8500", finance_charge: "500.0", days: 30 }, answer: { apr_pct: "71.57" } },
  { id: "APR-TBL-5-60", asks: "apr", figures: { amount_financed: "8500", finance_charge: "500.0", days: 60 }, answer: { apr_pct: "35.78" } },
  { id: "APR-TBL-5-90", asks: "apr", figures: { amount_financed: "8500", finance_charge: "500.0", days: 90 }, answer: { apr_pct: "23.86" } },
  { id: "APR-FLAT3-15", asks: "apr", figures: { amount_financed: "8500", finance_charge: "300", days: 15 }, answer: { apr_pct: "86" }, within: "0.5" },
  { id: "APR-CS-1", asks: "apr", figures: { amount_financed: "63750", finance_charge: "2100", days: 38 }, answer: { apr_pct: "31.64" } },
  { id: "APR-CS-2", asks: "apr", figures: { amount_financed: "35910", finance_charge: "1302", days: 32 }, answer: { apr_pct: "41.36" } },
  { id: "APR-FACILITY", asks: "facility-apr", figures: { monthly_face: "150000", advance_rate: "0.85", days: 45, fee_rate: "0.05", per_invoice_fee: "25", invoices_per_year: 144 }, answer: { average_funds_employed: "188630", apr_pct: "49.62" } },
  { id: "APR-SWINGLINE", asks: "two-period-ear", figures: { face: "1000000", upfront_fee: "0.04", monthly_fee: "0.01", months: 6 }, answer: { net_proceeds: "900000.00", effective_annual_pct: "23.46" } },
  { id: "APR-CA-951-10K", asks: "apr", figures: { amount_financed: "10000", finance_charge: "352.94", days: 30 }, answer: { apr_pct: "42.94" } },
];

describe("published: yearly rates", () => checkCases(cases));
