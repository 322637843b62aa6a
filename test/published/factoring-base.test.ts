/**
 * Eligibility, cross-age, dilution, availability. Sources:
 * - S05 sec.gov, Phunware
 * - S35 docstoc.com, borrowing base frequently asked questions
 * - S36 paperzz.com, the true face of dilution
 * - S37 alliedfinancialcorp.com, cross-aging
 * - S38 fincyclopedia.net, cross-age rule
 * - S39 fastarfunding.com, blog 52421
 * - S41 fastarfunding.com, blog 52345
 * - BB-FULL is ours: no published base has all rules
 */
import { type Case, checkCases } from "../harness/answered-cases.js";

// biome-ignore format: a table
const book = {
  policy: { max_age_days: 90, ageing_basis: "invoice_date", cross_age_threshold: "0.50", concentration_limit: "0.25", concentration_basis: "eligible_before_concentration", advance_rate: "0.85", facility_limit: "150000" },
  debtors: [{ id: "alpha" },
    { id: "beta" },
    { id: "gamma" },
    { id: "delta", flags: ["foreign"] },
    { id: "epsilon", payable_to_debtor: "8000" },
    { id: "zeta", flags: ["intercompany"] },
    { id: "eta", flags: ["government"] },
    { id: "theta", credit_limit: "12000" }],
  invoices: [{ id: "INV-01", debtor: "alpha", balance: "60000", age_days: 20 },
    { id: "INV-02", debtor: "alpha", balance: "40000", age_days: 45 },
    { id: "INV-03", debtor: "alpha", balance: "-4000", age_days: 120 },
    { id: "INV-04", debtor: "beta", balance: "30000", age_days: 100 },
    { id: "INV-05", debtor: "beta", balance: "20000", age_days: 30 },
    { id: "INV-06", debtor: "gamma", balance: "10000", age_days: 95 },
    { id: "INV-07", debtor: "gamma", balance: "40000", age_days: 10 },
    { id: "INV-08", debtor: "delta", balance: "25000", age_days: 15 },
    { id: "INV-09", debtor: "epsilon", balance: "30000", age_days: 60 },
    { id: "INV-10", debtor: "zeta", balance: "15000", age_days: 5 },
    { id: "INV-11", debtor: "eta", balance: "12000", age_days: 35 },
    { id: "INV-12", debtor: "theta", balance: "20000", age_days: 40, disputed: "5000" }],
};

// biome-ignore format: a table
const cases: readonly Case[] = [
  { id: "BB-XYZ", asks: "simple-base", figures: { gross: "1000000", ineligibles: { over_90: "50000" }, advance_rate: "0.75" }, answer: { eligible: "950000", availability: "712500" } },
  { id: "BB-RICHTER", asks: "simple-base", figures: { gross: "200", ineligibles: { over_90: "30", foreign: "10", disputes: "20" } }, answer: { eligible: "140" } },
  { id: "BB-PHUN-2020Q2", asks: "facility-room", figures: { outstanding: "363", available: "2637" }, answer: { facility_limit: "3000" } },
  { id: "BB-PHUN-2019Q4", asks: "facility-room", figures: { outstanding: "1077", available: "1923" }, answer: { facility_limit: "3000" } },
  { id: "BB-PHUN-2018Q4", asks: "facility-room", figures: { outstanding: "2434", available: "566" }, answer: { facility_limit: "3000" } },
  { id: "BB-PHUN-2019Q3", asks: "facility-room", figures: { outstanding: "1546", available: "1454" }, answer: { facility_limit: "3000" } },
  { id: "BB-XAGE-ALLIED", asks: "cross-age", figures: { total: "10000", past_due: "5000", threshold: "0.25" }, answer: { past_due_pct: "50.0", cross_aged: true } },
  { id: "BB-XAGE-FINC", asks: "cross-age", figures: { total: "15000", past_due: "7000", threshold: "0.30" }, answer: { past_due_pct: "46.7", cross_aged: true } },
  { id: "BB-DIL-FACTOR", asks: "dilution", figures: { dilution: "10000", denominator: "100000" }, answer: { dilution_pct: "10.0" } },
  { id: "BB-DIL-ABL", asks: "dilution", figures: { dilution: "10000", denominator: "90000", places: 0 }, answer: { dilution_pct: "11" } },
  { id: "BB-DIL-ACME", asks: "dilution", figures: { dilution: "1000", denominator: "10000" }, answer: { dilution_pct: "10.0" } },
  { id: "BB-FULL", asks: "borrowing-base", figures: { ...book, funds_employed: "90000" }, answer: { gross: "298000.00", over_age: "40000.00", cross_age: "20000.00", foreign: "25000.00", intercompany: "15000.00", government: "12000.00", disputed: "5000.00", contra: "8000.00", credit_limit: "3000.00", eligible_before_concentration: "170000.00", concentration_cap: "42500.00", concentration_excess: "53500.00", eligible: "116500.00", borrowing_base: "99025.00", availability: "9025.00", over_advance: "0.00" } },
  { id: "BB-FULL-OVERADVANCE", asks: "borrowing-base", figures: { ...book, funds_employed: "105000" }, answer: { availability: "0.00", over_advance: "5975.00" } },
];

describe("published: eligibility, cross-age, dilution, availability", () => checkCases(cases));
