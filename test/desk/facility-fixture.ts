import type { ActInput, ActName, ActOutput } from "../../models/acts.js";
import type { DeskFixture, Doing } from "./desk-fixture.js";

export type Terms = ActInput<"open-facility">["terms"];
type Stated = NonNullable<ActInput<"submit-schedule">["invoices"]>[number];

/** MP Star's tariff, as it is printed [S01]: 80 %, 3.5 % for 30 days, then 1.75 % for each 15 or part. */
export const printedTerms = {
  currency: "USD",
  advance_rate: "0.80",
  fee_schedule: {
    basis: "face",
    initial_rate: "0.035",
    initial_days: 30,
    step_rate: "0.0175",
    step_days: 15,
    collected_at: "funding",
  },
  recourse: { kind: "full", days: 90, from: "invoice_date" },
} as const satisfies Terms;

export interface OpenedFacility {
  readonly facilityId: string;
  readonly portfolioId: string;
}

export async function openedFacility(
  fixture: DeskFixture,
  how: { terms?: Terms; presentation?: "sale" | "borrowing"; seller?: string } & Doing = {},
): Promise<OpenedFacility> {
  const { terms = printedTerms, presentation = "sale", seller = "A seller", ...doing } = how;
  const made = await fixture.do("open-facility", { name: "Facility", seller, presentation, terms }, doing);
  return { facilityId: made.id, portfolioId: made.portfolio_id };
}

let numbered = 0;

/** An invoice of 10,000.00 of today, due in 30 days, unless told. */
export function stated(how: Partial<Stated> & { invoice_date: string; due_date: string }): Stated {
  return { invoice_number: `N${++numbered}`, debtor_id: "D1", amount: "10000.00", purchase_order: "PO1", ...how };
}

export interface Funded {
  readonly scheduleId: string;
  readonly invoiceIds: readonly string[];
  readonly schedule: ActOutput<"fund-schedule">;
}

/** Submits, checks, approves, offers and funds; the second person is another one. */
export async function fundedSchedule(
  fixture: DeskFixture,
  facilityId: string,
  invoices: readonly Stated[],
): Promise<Funded> {
  const submitted = await fixture.do("submit-schedule", { facility_id: facilityId, invoices: [...invoices] });
  const schedule_id = submitted.id;
  await fixture.do("check-schedule", { schedule_id });
  await fixture.do("approve-schedule", { schedule_id }, { actorId: "second" });
  await fixture.do("offer-schedule", { schedule_id });
  const schedule = await fixture.do("fund-schedule", { schedule_id });
  const listed = await fixture.do("list-invoices", { facility_id: facilityId, schedule_id, limit: 1000 });
  return { scheduleId: schedule_id, invoiceIds: listed.data.map(({ id }) => id), schedule };
}

/** Balance (debit less credit) of an account of the facility. */
export async function balanceOf(fixture: DeskFixture, portfolioId: string, account: string): Promise<string> {
  const { accounts } = await fixture.do("report-trial-balance", { portfolio_id: portfolioId });
  return accounts.find(({ code }) => code === account)?.balance ?? "0.00";
}

export interface SweptFacility extends OpenedFacility {
  readonly inputs: { [Name in ActName]?: ActInput<Name> };
}

/** A facility with one of everything, and for every act that names something an input that would be good for its owner. */
export async function sweptFacility(fixture: DeskFixture, day: string): Promise<SweptFacility> {
  await fixture.do("save-debtor", { debtor_id: "D1", debtor_name: "Quack & Sons" });
  const occasion = { code: "credit check", amount: "25.00", per: "occasion" } as const;
  const opened = await openedFacility(fixture, { terms: { ...printedTerms, charges: [occasion] } });
  const facility_id = opened.facilityId;
  const dates = { invoice_date: day, due_date: day };
  const { invoiceIds, scheduleId } = await fundedSchedule(fixture, facility_id, [stated(dates), stated(dates)]);
  const [paid, invoice_id] = invoiceIds as [string, string];
  const receipt = await fixture.do("record-collection", {
    facility_id,
    received_on: day,
    invoices: [{ invoice_id: paid, amount: "10000.00" }],
  });
  const paper = await fixture.do("attach-document", { invoice_id, kind: "invoice_copy", reference: "X1" });
  const notice = await fixture.do("notify-assignment", {
    facility_id,
    debtor_id: "D1",
    sent_on: day,
    method: "letter",
  });
  const dispute = await fixture.do("dispute-invoice", { invoice_id, reason: "quality", raised_on: day });
  await fixture.do("verify-invoice", { invoice_id, method: "call", verified_on: day });
  const filed = { facility_id, jurisdiction: "Delaware", filed_on: day } as const;
  const filing = await fixture.do("record-filing", { ...filed, file_number: "1" });
  const charged = await fixture.do("charge-occasion", { facility_id, code: occasion.code, happened_on: day });
  const schedule_id = scheduleId;
  const ids = { facility_id, invoice_ids: [invoice_id] };
  return {
    ...opened,
    inputs: {
      "show-facility": { facility_id },
      "change-facility-terms": { facility_id, terms: printedTerms, reason: "x" },
      "submit-schedule": { facility_id, invoices: [stated(dates)] },
      "import-schedule": { facility_id, file: fixture.file("i.csv", "invoice_number,debtor_id\n1,2\n") },
      "check-schedule": { schedule_id },
      "approve-schedule": { schedule_id },
      "reject-schedule": { schedule_id, reason: "x" },
      "offer-schedule": { schedule_id },
      "show-offer": { schedule_id },
      "fund-schedule": { schedule_id },
      "show-schedule": { schedule_id },
      "list-schedules": { facility_id },
      "list-invoices": { facility_id },
      "show-invoice": { invoice_id },
      "record-collection": { facility_id, received_on: day, invoices: [{ invoice_id, amount: "1.00" }] },
      "return-collection": { receipt_id: receipt.id, returned_on: day },
      "resolve-receipt": { facility_id, from: "unidentified", to: "payer", resolved_on: day, amount: "1.00" },
      "list-receipts": { facility_id },
      "accrue-fees": { facility_id, through: day },
      "end-facility": { facility_id, ended_on: day, reason: "x" },
      "show-facility-settlement": { facility_id },
      "record-filing": { ...filed, file_number: "2" },
      "update-filing": { filing_id: filing.id, event: "terminated", happened_on: day },
      "list-filings": { facility_id },
      "charge-facility": { facility_id, through: day },
      "charge-occasion": { facility_id, code: "credit check", happened_on: day },
      "waive-charge": { facility_id, entry_id: charged.entry_id!, waived_on: day, reason: "x" },
      "list-charges": { facility_id },
      "release-reserve": { facility_id, released_on: day },
      "release-escrow": { facility_id, released_on: day },
      "charge-back-invoices": { ...ids, charged_back_on: day },
      "buy-back-invoices": { ...ids, bought_back_on: day },
      "write-off-invoices": { ...ids, written_off_on: day, note: "x" },
      "dispute-invoice": { invoice_id, reason: "quality", raised_on: day },
      "resolve-dispute": { dispute_id: dispute.id, outcome: "debtor_pays", resolved_on: day },
      "list-disputes": { facility_id },
      "report-disputes": { facility_id },
      "verify-invoice": { invoice_id, method: "call", verified_on: day },
      "list-invoice-verifications": { invoice_id },
      "record-seller-payment": { facility_id, paid_on: day, amount: "1.00", settles: "recourse" },
      "attach-document": { invoice_id, kind: "other", reference: "X2" },
      "verify-document": { document_id: paper.id, outcome: "verified", method: "call" },
      "list-documents": { facility_id },
      "notify-assignment": { facility_id, debtor_id: "D2", sent_on: day, method: "letter" },
      "update-notice": { notice_id: notice.id, event: "received", happened_on: day },
      "list-notices": { facility_id },
      "report-availability": { facility_id },
      "report-reserve": { facility_id },
      "report-facility-aging": { facility_id },
      "show-settlement": { schedule_id },
      "show-seller-journal": { facility_id },
      "fit-payment-behaviour": { facility_ids: [facility_id] },
    },
  };
}
