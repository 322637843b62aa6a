/**
 * Net-back, commission, remittance, the trust account, an amortised purchase discount. Sources:
 * - S45-S49 as in netback.test.ts
 * - S52 msccm.com/collections/rates
 * - S53 dcscredit.com/CollectionFees
 * - S54 Apache Fineract, working capital loan end-to-end tests
 * - S55 collect.org, net, gross or combined remittances
 * - S56 RCW 19.16.240, MCL 339.909
 */
import { type Case, checkCases } from "../harness/answered-cases.js";

// biome-ignore format: a table
const cases: readonly Case[] = [
  { id: "NB-ADV-A", asks: "netback", figures: { placed: "100000", recovery_rate: "0.50", fee_rate: "0.25" }, answer: { collected: "50000.00", fee: "12500.00", net_back: "37500.00" } },
  { id: "NB-ADV-B", asks: "netback", figures: { placed: "100000", recovery_rate: "0.30", fee_rate: "0.15" }, answer: { collected: "30000.00", fee: "4500.00", net_back: "25500.00" } },
  { id: "NB-ICS-B", asks: "netback", figures: { collected: "120000", fee_rate: "0.20" }, answer: { net_back: "96000.00" } },
  { id: "NB-PEER-A", asks: "netback", figures: { placed: "25000", recovery_rate: "0.30", fee_rate: "0.25" }, answer: { collected: "7500.00", fee: "1875.00", net_back: "5625.00" } },
  { id: "NB-PEER-B", asks: "netback", figures: { placed: "25000", recovery_rate: "0.20", fee_rate: "0.18" }, answer: { collected: "5000.00", fee: "900.00", net_back: "4100.00" } },
  { id: "NB-CCAA-A", asks: "netback", figures: { placed: "200000", collected: "20000", fee_rate: "0.15" }, answer: { fee: "3000.00", net_back: "17000.00" } },
  { id: "NB-CCAA-B", asks: "netback", figures: { placed: "200000", collected: "60000", fee_rate: "0.25" }, answer: { fee: "15000.00", net_back: "45000.00" } },
  { id: "NB-CFM-X", asks: "netback", figures: { placed: "100000", collected: "20000", fee_amount: "3000" }, answer: { net_back: "17000.00", net_back_rate_pct: "17.00" } },
  { id: "NB-CFM-C", asks: "netback", figures: { placed: "100000", collected: "60000", fee_amount: "12000" }, answer: { net_back: "48000.00", net_back_rate_pct: "48.00" } },
  { id: "COM-MSCCM-5000", asks: "commission", figures: { method: "marginal", bands: [{ up_to: "300", rate: "0.50" }, { up_to: null, rate: "0.20" }], collected: "5000" }, answer: { commission: "1090.00", net_back: "3910.00", blended_rate_pct: "21.80" } },
  { id: "COM-MSCCM-300", asks: "commission", figures: { method: "marginal", bands: [{ up_to: "300", rate: "0.50" }, { up_to: null, rate: "0.20" }], collected: "300" }, answer: { commission: "150.00" } },
  { id: "COM-CLLA-2000", asks: "commission", figures: { method: "marginal", bands: [{ up_to: "300", rate: "0.20" }, { up_to: "2000", rate: "0.18" }, { up_to: null, rate: "0.13" }], collected: "2000" }, answer: { commission: "366.00" } },
  { id: "COM-DCS-10000", asks: "commission", figures: { method: "whole", bands: [{ up_to: "1999.99", rate: "0.25" }, { up_to: "6999.99", rate: "0.20" }, { up_to: "9999.99", rate: "0.18" }, { up_to: "30000", rate: "0.15" }], collected: "10000" }, answer: { commission: "1500.00" } },
  { id: "REM-NET", asks: "remittance", figures: { mode: "net", receipts: [{ channel: "agency", amount: "30000", fee_rate: "0.25" }, { channel: "agency", amount: "20000", fee_rate: "0.25" }, { channel: "direct", amount: "10000", fee_rate: "0.25" }] }, answer: { gross_collected: "60000.00", collected_by_agency: "50000.00", paid_direct: "10000.00", fee: "15000.00", net_back: "45000.00", remitted_cash: "35000.00", agency_invoice: "0.00" } },
  { id: "REM-NSF", asks: "remittance", figures: { mode: "net", receipts: [{ channel: "agency", amount: "5000", fee_rate: "0.25" }, { channel: "agency", amount: "-2000", fee_rate: "0.25" }], costs_advanced: "120" }, answer: { gross_collected: "3000.00", fee: "750.00", costs: "120.00", net_back: "2130.00", remitted_cash: "2130.00", reversals: "-2000.00" } },
  { id: "REM-DIRECT-ONLY", asks: "remittance", figures: { mode: "net", receipts: [{ channel: "direct", amount: "4000", fee_rate: "0.25" }] }, answer: { remitted_cash: "-1000.00", net_back: "3000.00" } },
  { id: "TRUST-3WAY-OK", asks: "three-way", figures: { bank_statement_balance: "48250.00", deposits_in_transit: "1750.00", outstanding_cheques: "5000.00", trust_ledger_balance: "45000.00", client_ledgers: { "portfolio-1": "30000.00", "portfolio-2": "15000.00" } }, answer: { adjusted_bank: "45000.00", client_ledgers: "45000.00", reconciled: true } },
  { id: "TRUST-3WAY-BAD", asks: "three-way", figures: { bank_statement_balance: "48250.00", deposits_in_transit: "1750.00", outstanding_cheques: "5000.00", trust_ledger_balance: "45000.00", client_ledgers: { "portfolio-1": "30000.00", "portfolio-2": "14900.00" } }, answer: { reconciled: false } },
  { id: "EIR-FIN-9000", asks: "eir", figures: { disbursed: "9000", payment: "50", count: 200, rows: [1, 2] }, answer: { balance_1: "8959.61", balance_2: "8919.18", amortisation_1: "9.61", amortisation_2: "9.57" } },
  { id: "EIR-FIN-90", asks: "eir", figures: { disbursed: "90", payment: "0.10", count: 1000, rows: [1, 2] }, answer: { balance_1: "89.92", balance_2: "89.84" } },
  { id: "EIR-FIN-PAY-18", asks: "daily-payment", figures: { total_payment_volume: "100000", period_payment_rate_pct: "18", day_count: 360, places: 2, total_to_pay: "10000" }, answer: { payment: "50.00", payments: 200 } },
  { id: "EIR-FIN-PAY-18.0054", asks: "daily-payment", figures: { total_payment_volume: "100000", period_payment_rate_pct: "18.0054", day_count: 360, places: 2, rounding: "half_even", total_to_pay: "10000" }, answer: { payment: "50.02", payments: 200, last_payment: "46.02" } },
  { id: "EIR-FIN-PAY-17", asks: "daily-payment", figures: { total_payment_volume: "100000", period_payment_rate_pct: "17", day_count: 365, places: 3, total_to_pay: "10000" }, answer: { payment: "46.575", payments: 215 } },
  { id: "COM-CLLA-5000", asks: "commission", figures: { method: "marginal", bands: [{ up_to: "300", rate: "0.20" }, { up_to: "2000", rate: "0.18" }, { up_to: null, rate: "0.13" }], collected: "5000" }, answer: { commission: "756.00" } },
];

describe("published: net-back, commission, remittance, the trust account, an amortised purchase discount", () =>
  checkCases(cases));
