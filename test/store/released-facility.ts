/**
 * A facility as the schema up to migration 0032 kept it: a schedule that was submitted with three invoices (one is marked as
 * disputed; one has its purchase order and its proof from documents; one was stated with a proof), a debtor that was saved once
 * and one that was changed twice.
 */
const portfolio_id = "pf_01kf0e44m06sydny77q47v5dy2";
const tenant_id = "alpha";
const at = "2026-01-12T10:00:00Z";
const later = "2026-02-03T10:00:00Z";

const invoice = {
  portfolio_id,
  tenant_id,
  schedule_no: 1,
  invoice_on: "2026-01-10",
  due_on: "2026-03-10",
  amount_minor: "100000",
  state: "submitted",
};
const paper = { portfolio_id, tenant_id, invoice_no: 2, signed: true, attached_by: "tester", attached_at: later };
const debtor = { tenant_id, currency: "USD", actor: "tester" };

export const releasedFacility: readonly (readonly [table: string, row: Record<string, unknown>])[] = [
  ["tenant", { tenant_id, name: "alpha", created_at: "2026-01-01T00:00:00Z" }],
  [
    "portfolio",
    {
      ...{ portfolio_id, tenant_id, name: "Old facility", seller: "Old Seller", currency: "USD", state: "owned" },
      ...{ created_at: at, kind: "factoring" },
    },
  ],
  ["ledger_head", { portfolio_id, tenant_id, last_sequence: 0, last_recorded_at: at }],
  [
    "facility",
    {
      ...{ portfolio_id, tenant_id, presentation: "sale", terms_version: 1, opened_at: at },
      ...{ last_schedule_no: 1, last_invoice_no: 3, last_document_no: 2 },
    },
  ],
  [
    "facility_terms",
    {
      ...{ portfolio_id, tenant_id, version: 1, from_on: "2026-01-12", actor: "tester", recorded_at: at },
      terms: JSON.stringify({ eligibility: { purchase_order_required: true, proof_of_delivery_over: "500.00" } }),
    },
  ],
  ["factoring_debtor", { ...debtor, debtor_id: "D1", version: 1, saved_at: "2026-01-11T00:00:00Z" }],
  ["factoring_debtor", { ...debtor, debtor_id: "D2", version: 3, saved_at: later, credit_limit_minor: "300000" }],
  [
    "schedule",
    {
      ...{ portfolio_id, tenant_id, schedule_no: 1, state: "submitted", invoices: 3, gross_minor: "300000" },
      ...{ submitted_by: "tester", submitted_at: at, findings: "[]" },
    },
  ],
  [
    "invoice",
    {
      ...invoice,
      invoice_no: 1,
      debtor_id: "D1",
      invoice_number: "O1",
      has_proof: true,
      disputed: true,
      purchase_order: "PO 1",
    },
  ],
  [
    "invoice",
    { ...invoice, invoice_no: 2, debtor_id: "D2", invoice_number: "O2", has_proof: true, purchase_order: "PO 9" },
  ],
  [
    "invoice",
    { ...invoice, invoice_no: 3, debtor_id: "D2", invoice_number: "O3", has_proof: true, purchase_order: "PO 3" },
  ],
  ...["O1", "O2", "O3"].map((invoice_number, i): [string, Record<string, unknown>] => [
    "assignment",
    {
      ...{ portfolio_id, tenant_id, invoice_no: i + 1, seller_key: "old seller", invoice_number, assigned_at: at },
      debtor_id: i === 0 ? "D1" : "D2",
    },
  ]),
  ["invoice_document", { ...paper, document_no: 1, kind: "purchase_order", reference: "PO 9" }],
  ["invoice_document", { ...paper, document_no: 2, kind: "proof_of_delivery", reference: "POD 9" }],
];

export const releasedFacilityId = portfolio_id.replace("pf_", "fa_");
