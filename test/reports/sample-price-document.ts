import { type PriceDocument, priceDocumentSchema } from "../../models/valuation.js";

/** A price document of a fictional tape, small enough to check by hand. It holds what a hostile tape would put there. */
export function samplePriceDocument(changes: Partial<PriceDocument> = {}): PriceDocument {
  const monthly = Array.from({ length: 25 }, (_, month) => {
    const gross = month === 0 ? 0 : 1000 - month * 20;
    const costs = month === 0 ? 500 : gross * 0.3;
    return { month, gross: gross.toFixed(2), costs: costs.toFixed(2), net: (gross - costs).toFixed(2) };
  });
  const total = (of: "gross" | "costs" | "net") => monthly.reduce((sum, m) => sum + Number(m[of]), 0).toFixed(2);
  const stratum = (by: "product_type" | "stage", key: string, face: string) => ({
    by,
    key,
    accounts: 60,
    face,
    expected_recovery: "9000.00",
    recovery_rate_of_face: 0.15,
  });
  return priceDocumentSchema.parse({
    as_of: "2026-10-01",
    currency: "USD",
    priors_version: "2026-10",
    accounts: { priced: 120, excluded: 5, face: "123456.78", excluded_face: "5000.00" },
    exclusions: [{ reason: "bankrupt", accounts: 5, face: "5000.00" }],
    strata: [
      stratum("product_type", "credit_card", "100000.00"),
      stratum("product_type", "=cmd|' /C calc'!A0", "23456.78"),
      stratum("stage", "fresh", "123456.78"),
    ],
    aging: [{ age_band: "0-6", accounts: 120, face: "123456.78", share_of_face: 1 }],
    data_quality: { columns: [{ column: "charge_off_date", filled: 118, fill_rate: 0.944 }], inferred_stages: 0 },
    limitation: [{ status: "unknown", accounts: 120, face: "123456.78" }],
    litigation: {
      unknown_because: { state_missing: 120, state_without_rule: 0, start_missing: 0 },
      disputed_rules: 0,
      suit_pays: 0,
      expected_court_cost: "0.00",
    },
    forecast: {
      horizon_months: 24,
      gross: total("gross"),
      costs: total("costs"),
      net: total("net"),
      costs_by_kind: { variable: "5000.00", per_account: "500.00", court: "0.00", putback_reserve: "40.00" },
      resale: "0.00",
      monthly,
      segments: [],
    },
    bid: {
      price: "9876.54",
      cents_per_dollar: 8.000002,
      target_irr: 0.2,
      net_irr: 0.2000001,
      net_irr_reason: null,
      gross_multiple: 1.82,
      net_multiple: 1.27,
      payback_month: 15,
      binding_constraint: "target_irr",
      limits: { target_irr: "9876.54", min_multiple: null, max_payback: null, authority_limit: null },
      interval: {
        p10: "7000.00",
        p50: "9800.00",
        p90: "13000.00",
        collections: { p10: 0.75, p50: 0.99, p90: 1.3 },
        account_cv: 0.1,
        systematic_cv: 0.2,
      },
      break_even_collections: { zero_irr: 0.8, target_irr: 1 },
    },
    ladder: [{ target_irr: 0.1, price: "11000.00", cents_per_dollar: 8.91, binding_constraint: "target_irr" }],
    sensitivity: [
      { shock: "collections -20%", kind: "collections", amount: -0.2, price: "7800.00", net_irr_at_bid: -0.02 },
      { shock: "delay 6 months", kind: "delay", amount: 6, price: "9000.00", net_irr_at_bid: null },
    ],
    cross_sensitivity: [
      {
        rows: "collections",
        columns: "delay",
        cells: [
          { row: -0.1, column: 0, price: "9000.00", net_irr_at_bid: 0.1 },
          { row: -0.1, column: 3, price: "8800.00", net_irr_at_bid: 0.08 },
          { row: 0, column: 0, price: "9876.54", net_irr_at_bid: 0.2 },
          { row: 0, column: 3, price: "9500.00", net_irr_at_bid: 0.16 },
        ],
      },
    ],
    price_guide: {
      as_of: "2010-05",
      asset_class: "credit_card",
      source: "a guide",
      low_cents_per_dollar: 5,
      high_cents_per_dollar: 7,
      position: "above",
    },
    assumptions: [
      { name: "recovery.timing", value: { family: "gamma" }, source: "computed from <memory>", mark: "unverified" },
      { name: "target_irr", value: 0.2, source: "given with the command or request", mark: "user" },
    ],
    tape: {
      file: "<b>tape</b>.csv",
      sha256: "ab".repeat(32),
      rows: 130,
      priced: 120,
      excluded: 5,
      rejected: 5,
      face: "123456.78",
      currency: "USD",
      layout: { name: "guessed", columns: {} },
      seconds: 0.12,
    },
    findings: {
      by_code: { amount_invalid: 1, bankrupt: 5 },
      rows: [
        {
          row: 7,
          column: "current_balance",
          code: "amount_invalid",
          severity: "reject",
          value: "\u001b[2J=1+1",
          message: "not an amount",
        },
        {
          row: 9,
          column: "bankruptcy",
          code: "bankrupt",
          severity: "exclude",
          value: "Y",
          message: "the debtor is bankrupt",
        },
      ],
    },
    ...changes,
  });
}
