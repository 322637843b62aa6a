import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { madeScoreCard } from "../harness/score-card.js";
import type { Answered, Asked, Caller, TestServer } from "./open-server.js";

/** What a seeded book has, by the names that paths and bodies use. */
export interface SeededBook {
  readonly portfolio_id: string;
  readonly quote_id: string;
  readonly purchase_id: string;
  readonly agency_id: string;
  readonly placement_id: string;
  readonly receivable_id: string;
  readonly entry_id: string;
  readonly batch_id: string;
  readonly job_id: string;
  readonly resale_id: string;
  readonly verification_id: string;
  readonly month: string;
  readonly account: string;
  readonly account_number: string;
  readonly facility_id: string;
  readonly schedule_id: string;
  readonly invoice_id: string;
  readonly receipt_id: string;
  readonly document_id: string;
  readonly notice_id: string;
  readonly filing_id: string;
  readonly curve_id: string;
  readonly model_id: string;
}

/** Values of persons in the seeded tape. None of them may be found in any answer, log line, metric or job. */
export const canaries = ["Zebulon Quackenbush", "987-65-4329", "zebulon@canary.example", "+1 555 013 7788"] as const;

const [canaryName, canaryId, canaryMail, canaryPhone] = canaries;
const header =
  "account_number,debtor_name,debtor_id,email,phone,state,product_type,open_date,charge_off_date,last_payment_date,original_balance,current_balance";

/** A tape of forty sound rows, with persons, and bad ones: no balance, an impossible date, a bankrupt debtor. */
export function seedTape(prefix: string): string {
  const rows = Array.from({ length: 40 }, (_row, index) => {
    const number = String(index + 1).padStart(3, "0");
    const balance = `${1000 + index * 37}.25`;
    const person = `${canaryName},${canaryId},${canaryMail},${canaryPhone}`;
    return `${prefix}-${number},${person},TX,credit_card,2021-03-01,2025-0${(index % 9) + 1}-15,2024-11-02,5000.00,${balance}`;
  });
  rows.push(
    `${prefix}-901,${canaryName},${canaryId},${canaryMail},${canaryPhone},TX,credit_card,2021-03-01,2025-02-30,,5000.00,10.00`,
  );
  rows.push(
    `${prefix}-902,${canaryName},${canaryId},${canaryMail},${canaryPhone},TX,credit_card,2021-03-01,2025-02-15,,5000.00,`,
  );
  return `${[header, ...rows].join("\n")}\n`;
}

/** Sends an order and expects that it is taken. */
export async function order(server: TestServer, path: string, asked: Asked = {}): Promise<Answered["json"]> {
  const headers = { "idempotency-key": randomUUID(), ...asked.headers };
  const answer = await server.ask("POST", path, { ...asked, headers });
  expect(answer.status, `POST ${path}: ${answer.text.slice(0, 600)}`).to.be.oneOf([200, 201, 202]);
  return answer.json;
}

/** The main job over HTTP: a tape is read, priced, quoted, bought, placed, collected on, and in part put back. */
export async function seedBook(server: TestServer, as: Caller, prefix: string): Promise<SeededBook> {
  const portfolio = await order(server, "/v1/portfolios", {
    as,
    body: { name: `Book ${prefix}`, seller: `Seller ${prefix}` },
  });
  const portfolioPath = `/v1/portfolios/${portfolio.id}`;
  const job = await order(server, `${portfolioPath}/tape?as_of=2025-12-31&file_name=may.csv`, {
    as,
    headers: { "content-type": "text/csv" },
    body: seedTape(prefix),
  });
  const imported = await server.finished(job.id, as);
  expect(imported.state, JSON.stringify(imported)).to.equal("succeeded");
  const quote = await order(server, `${portfolioPath}/quotes`, { as, body: { as_of: "2025-12-31" } });
  const purchase = await order(server, `/v1/quotes/${quote.id}/accept`, { as, body: { closing_on: "2026-01-05" } });
  const agency = await order(server, "/v1/agencies", { as, body: { name: `Agency ${prefix}` } });
  const placement = await order(server, "/v1/placements", {
    as,
    body: {
      portfolio_id: portfolio.id,
      agency_id: agency.id,
      placed_on: "2026-01-10",
      commission: { rate: "0.25" },
      receivables: { account_numbers: [`${prefix}-001`, `${prefix}-002`] },
    },
  });
  const payment = await order(server, "/v1/payments", {
    as,
    body: { portfolio_id: portfolio.id, account_number: `${prefix}-003`, amount: "100.00", paid_on: "2026-02-01" },
  });
  const batchJob = await order(server, `/v1/payments/batch?portfolio_id=${portfolio.id}&file_name=feb.csv`, {
    as,
    headers: { "content-type": "text/csv" },
    body: `account_number,amount,paid_on,channel,external_id\n${prefix}-001,50.00,2026-02-03,agency,${prefix}-e1\n${prefix}-999,50.00,2026-02-03,own,${prefix}-e2\n`,
  });
  const batch = await server.finished(batchJob.id, as);
  expect(batch.state, JSON.stringify(batch)).to.equal("succeeded");
  expect(batch.result).to.include({ rows: 2, recorded: 1, skipped: 1 });
  await order(server, "/v1/costs", {
    as,
    body: { portfolio_id: portfolio.id, cost_type: "court", amount: "12.50", incurred_on: "2026-02-05" },
  });
  await order(server, `/v1/purchases/${purchase.id}/putbacks`, {
    as,
    body: { account_numbers: [`${prefix}-040`], reason: "bankrupt", put_back_on: "2026-02-10" },
  });
  await seedClaims(server, as, { portfolio_id: portfolio.id, agency_id: agency.id, prefix });
  const resale = await order(server, "/v1/resales", {
    as,
    body: {
      portfolio_id: portfolio.id,
      account_numbers: [`${prefix}-030`, `${prefix}-031`],
      buyer: "Next Ltd",
      proceeds: "40.00",
      sold_on: "2026-02-12",
    },
  });
  const factored = await seedFacility(server, as, prefix);
  const curve = await order(server, "/v1/curves", { as, body: { portfolio_ids: [portfolio.id] } });
  const score = { kind: "recovery_score", name: `Book ${prefix}`, card: await madeScoreCard() };
  const model = await order(server, "/v1/models", { as, body: score });
  const verification = await server.finished((await order(server, "/v1/verifications", { as, body: {} })).id, as);
  const receivables = await server.ask("GET", `${portfolioPath}/receivables?limit=1`, { as });
  return {
    portfolio_id: portfolio.id,
    quote_id: quote.id,
    purchase_id: purchase.id,
    agency_id: agency.id,
    placement_id: placement.id,
    receivable_id: receivables.json.data[0].id,
    entry_id: payment.entry_id,
    batch_id: batch.result.batch_id,
    job_id: job.id,
    resale_id: resale.id,
    account: "1100",
    ...factored,
    curve_id: curve.id,
    model_id: model.id,
    verification_id: verification.result.id,
    month: "2026-01",
    account_number: `${prefix}-003`,
  };
}

interface SeededFacility {
  readonly facility_id: string;
  readonly schedule_id: string;
  readonly invoice_id: string;
  readonly receipt_id: string;
  readonly document_id: string;
  readonly notice_id: string;
  readonly dispute_id: string;
  readonly filing_id: string;
}

/** A facility with a schedule that is funded and has one of everything; who is alone stops where another has to approve. */
async function seedFacility(server: TestServer, as: Caller, prefix: string): Promise<SeededFacility> {
  const terms = { eligibility: { over_age_days: null } };
  const about = { name: `Book ${prefix}`, seller: `Seller ${prefix}`, terms };
  await order(server, "/v1/debtors", { as, body: { debtor_id: "D1", debtor_name: canaryName } });
  const facility = await order(server, "/v1/facilities", { as, body: about });
  const path = `/v1/facilities/${facility.id}`;
  const invoice = { debtor_id: "D1", invoice_date: "2026-01-05", due_date: "2026-02-04", amount: "9.00" };
  const invoices = [
    { ...invoice, debtor_name: canaryName, customer_number: `${prefix}-C1`, invoice_number: `${prefix}-001` },
  ];
  const { id: schedule_id } = await order(server, `${path}/schedules`, { as, body: { invoices } });
  const at = `/v1/schedules/${schedule_id}`;
  await order(server, `${at}/check`, { as, body: {} });
  const nothing = { receipt_id: "none", document_id: "none", notice_id: "none", dispute_id: "none", filing_id: "none" };
  const listed = await server.ask("GET", `${path}/invoices`, { as });
  const seeded = { facility_id: facility.id, schedule_id, invoice_id: listed.json.data[0].id };
  if (as !== "admin") return { ...seeded, ...nothing };
  await order(server, `${at}/approve`, { as: "finance", body: {} });
  await order(server, `${at}/offer`, { as, body: {} });
  const { funded_on } = await order(server, `${at}/fund`, { as, body: {} });
  const receipt = { kind: "unidentified", received_on: funded_on, amount: "1.00" };
  const { id: receipt_id } = await order(server, `${path}/collections`, { as, body: receipt });
  const paper = { kind: "other", reference: `${prefix}-001` };
  const { id: document_id } = await order(server, `/v1/invoices/${seeded.invoice_id}/documents`, { as, body: paper });
  const notice = { debtor_id: "D1", sent_on: "2026-01-05", method: "letter" };
  const { id: notice_id } = await order(server, `${path}/notices`, { as, body: notice });
  const dispute = { reason: "quality", raised_on: "2026-01-06", amount: "1.00" };
  const disputes = `/v1/invoices/${seeded.invoice_id}/disputes`;
  const { id: dispute_id } = await order(server, disputes, { as, body: dispute });
  const filing = { jurisdiction: "Delaware", file_number: "7", filed_on: "2026-01-06" };
  const { id: filing_id } = await order(server, `${path}/filings`, { as, body: filing });
  return { ...seeded, receipt_id, document_id, notice_id, dispute_id, filing_id };
}

/** What happens to claims, one order of each kind. */
async function seedClaims(
  server: TestServer,
  as: Caller,
  of: { portfolio_id: string; agency_id: string; prefix: string },
): Promise<void> {
  const { portfolio_id, agency_id, prefix } = of;
  const account_number = `${prefix}-010`;
  const claim = { portfolio_id, account_number };
  const orders: readonly (readonly [string, Record<string, unknown>])[] = [
    ["/v1/costs", { ...claim, cost_type: "court", amount: "75.00", incurred_on: "2026-02-05", recoverable: true }],
    [`/v1/portfolios/${portfolio_id}/collection-terms`, { overpayment: "refund" }],
    [
      "/v1/claims/adjustments",
      {
        portfolio_id,
        adjusted_on: "2026-02-05",
        reason: "interest_accrued",
        adjustments: [{ account_number, component: "interest", amount: "12.50" }],
      },
    ],
    ["/v1/payments", { ...claim, amount: "60.00", paid_on: "2026-02-06" }],
    ["/v1/claims/court-cost-write-offs", { ...claim, amount: "5.00", written_off_on: "2026-02-07" }],
    ["/v1/claims/settlements", { ...claim, settled_on: "2026-02-07", agreed: "60.00" }],
    ["/v1/payments", { ...claim, amount: "30.00", paid_on: "2026-02-08" }],
    ["/v1/claims/refunds", { ...claim, amount: "10.00", refunded_on: "2026-02-08" }],
    [
      "/v1/claims/unapplied",
      {
        portfolio_id,
        from_account_number: account_number,
        account_number: `${prefix}-011`,
        amount: "5.00",
        applied_on: "2026-02-08",
      },
    ],
    [
      "/v1/payments",
      {
        portfolio_id,
        account_number: `${prefix}-001`,
        amount: "20.00",
        paid_on: "2026-02-08",
        channel: "direct",
      },
    ],
    ["/v1/commission-payments", { portfolio_id, agency_id, amount: "5.00", paid_on: "2026-02-09" }],
  ];
  for (const [path, body] of orders) await order(server, path, { as, body });
}
