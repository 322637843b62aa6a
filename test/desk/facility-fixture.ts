import type { ActInput, ActOutput } from "../../models/acts.js";
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
