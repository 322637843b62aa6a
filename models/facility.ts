import { z } from "zod";
import { reasonCodes } from "./dispute-reason.js";
import {
  amountText,
  dayText,
  facilityId,
  factoredInvoiceId,
  instantText,
  page,
  pageFields,
  scheduleId,
  text,
} from "./document.js";
import { factoringOfferDocument, offeredInvoiceInput } from "./factoring-offer.js";
import { amount, factoringTermsSchema } from "./factoring-terms.js";

/** A factoring facility on the books: its terms, the schedules assigned to it, and what becomes of their invoices. */

export const openFacilityInput = z.strictObject({
  name: text(120).describe("Name of the facility, at most 120 characters"),
  seller: text(120).describe("The business whose invoices are bought"),
  external_id: text(120).optional().describe("Your own number of the facility"),
  terms: factoringTermsSchema.describe("The terms of every schedule"),
});

export const facilityDocument = z.object({
  id: facilityId,
  portfolio_id: z.string().describe("The portfolio whose ledger the facility is kept in"),
  name: z.string(),
  seller: z.string(),
  external_id: z.string().nullable(),
  currency: z.string(),
  terms: factoringTermsSchema,
  opened_at: instantText,
});
export type FacilityDocument = z.infer<typeof facilityDocument>;

export const showFacilityInput = z.strictObject({ facility_id: facilityId });
export const listFacilitiesInput = z.strictObject({ ...pageFields });

export const scheduleStates = ["submitted", "checked", "approved", "funded"] as const;
export type ScheduleState = (typeof scheduleStates)[number];

export const submitScheduleInput = z
  .strictObject({
    facility_id: facilityId,
    invoices: z.array(offeredInvoiceInput).min(1).max(10_000).describe("The invoices, 1 to 10,000 of them"),
  })
  .superRefine(({ invoices }, context) => {
    const seen = new Map<string, number>();
    for (const [i, invoice] of invoices.entries()) {
      const fault = (field: string, message: string) =>
        context.addIssue({ code: "custom", path: ["invoices", i, field], message, input: invoice });
      if (invoice.due_date < invoice.invoice_date) {
        fault("due_date", `must not be before the invoice date, ${invoice.invoice_date}`);
      }
      if (Number(invoice.amount) <= 0) fault("amount", "must be above zero");
      if (Number(invoice.paid_amount) > 0) fault("paid_amount", "must be zero: state what is still open as the amount");
      const key = JSON.stringify([invoice.debtor_id, invoice.invoice_number]);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, i);
      else fault("invoice_number", `stands at /invoices/${first} already`);
    }
  });

export const invoiceStates = ["submitted", "not_bought", "purchased", "paid", "charged_back", "written_off"] as const;
export type InvoiceState = (typeof invoiceStates)[number];

const money = z.string();

export const factoredInvoiceDocument = z.object({
  id: factoredInvoiceId,
  schedule_id: scheduleId,
  debtor_id: z.string(),
  invoice_number: z.string(),
  state: z.enum(invoiceStates),
  invoice_date: dayText,
  due_date: dayText,
  amount: money,
  funded_on: dayText.nullable(),
  advance: money,
  reserve: money.describe("Held back at funding"),
  collected: money,
  dilution: money.describe("What the debtor did not pay, charged to the reserve"),
  outstanding: money.describe("What the debtor still owes"),
  fees: money.describe("Fees accrued so far"),
  reserve_balance: money.describe("What is left of the reserve after fees, short payment and releases"),
  released: money,
  charged_back: money.describe("Face that went back to the business"),
  owed_by_seller: money.describe("What the business still owes on it"),
  written_off: money.describe("What the factor has lost on it"),
});
export type FactoredInvoiceDocument = z.infer<typeof factoredInvoiceDocument>;

export const scheduleDocument = z.object({
  id: scheduleId,
  facility_id: facilityId,
  state: z.enum(scheduleStates),
  currency: z.string(),
  invoices: z.number(),
  gross: money,
  submitted_by: z.string(),
  submitted_at: instantText,
  checked_by: z.string().nullable(),
  approved_by: z.string().nullable(),
  offer_version: z.number().nullable().describe("The newest offer; null where none was made"),
  funded_on: dayText.nullable(),
  net_funded: money.nullable(),
  entry_id: z.string().nullable(),
});
export type ScheduleDocument = z.infer<typeof scheduleDocument>;

export const scheduleInput = z.strictObject({ schedule_id: scheduleId });
export const offerScheduleInput = z.strictObject({
  schedule_id: scheduleId,
  as_of: dayText.optional().describe("Day of funding; today when left out"),
  target_cash: amount.optional().describe("Raise this much, with the invoices that cost least"),
});
export const shownOffer = factoringOfferDocument.extend({
  schedule_id: scheduleId,
  version: z.number(),
  offered_at: instantText,
});
export const showOfferInput = z.strictObject({
  schedule_id: scheduleId,
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("Version of the offer; the newest when left out"),
});
export const fundScheduleInput = z.strictObject({
  schedule_id: scheduleId,
  funded_on: dayText.describe("Day of funding: the day that the offer is for"),
});

export const listFactoredInvoicesInput = z.strictObject({
  facility_id: facilityId,
  schedule_id: scheduleId.optional().describe("Only invoices of this schedule"),
  state: z.enum(invoiceStates).optional().describe("Only invoices in this state"),
  debtor_id: text(100).optional().describe("Only invoices of this debtor"),
  ...pageFields,
});
export const factoredInvoicePage = page(factoredInvoiceDocument);

export const collectInvoiceInput = z.strictObject({
  invoice_id: factoredInvoiceId,
  amount: amountText.describe("What the debtor paid; more than is outstanding becomes an unapplied receipt"),
  collected_on: dayText.describe("Day on which it came in"),
  short_reason: z
    .enum(reasonCodes)
    .optional()
    .describe("The debtor will not pay the rest: why, as the X12 426 code. The rest is charged to the reserve"),
  note: text(400).optional().describe("What else is known, at most 400 characters"),
});

export const collectInvoicesInput = z.strictObject({
  facility_id: facilityId,
  collections: z.array(collectInvoiceInput).min(1).max(10_000).describe("What came in, in its order, 1 to 10,000 rows"),
});
export const collectInvoicesOutput = z.object({
  facility_id: facilityId,
  collections: z.number(),
  collected: money,
  paid: z.number().describe("Invoices that are paid by it"),
});

export const releaseReservesInput = z.strictObject({
  facility_id: facilityId,
  released_on: dayText.describe("Day of the rebate to the business"),
});
export const releaseReservesOutput = z.object({
  facility_id: facilityId,
  released_on: dayText,
  invoices: z.number(),
  released: money,
  owed: money.describe("Reserves below zero that the business owes from now on"),
});

export const receiveFromSellerInput = z.strictObject({
  invoice_id: factoredInvoiceId,
  amount: amountText.describe("What the business paid of what it owes on the invoice"),
  received_on: dayText.describe("Day on which it came in"),
  note: text(400).optional().describe("What else is known, at most 400 characters"),
});

export const writeOffInvoiceInput = z.strictObject({
  invoice_id: factoredInvoiceId,
  written_off_on: dayText.describe("Day on which it is given up"),
  note: text(400).optional().describe("What else is known, at most 400 characters"),
});

export const releaseReserveInput = z.strictObject({
  invoice_id: factoredInvoiceId,
  released_on: dayText.describe("Day of the payment to the business"),
  amount: amountText.optional().describe("How much; all that may be released when left out"),
});

export const chargeBackInvoiceInput = z.strictObject({
  invoice_id: factoredInvoiceId,
  charged_back_on: dayText.describe("Day on which it goes back"),
  reason: z.enum(["recourse", "dispute"]).describe("Unpaid beyond the recourse period, or disputed"),
  note: text(400).optional().describe("What else is known, at most 400 characters"),
});

export const accrueFeesInput = z.strictObject({
  facility_id: facilityId,
  through: dayText.describe("Day through which fees and interest are accrued, such as the end of a month"),
});
export const accrueFeesOutput = z.object({
  facility_id: facilityId,
  through: dayText,
  invoices: z.number(),
  accrued: money,
});

export const availabilityDocument = z.object({
  facility_id: facilityId,
  as_of: dayText,
  currency: z.string(),
  outstanding: money.describe("What debtors still owe on invoices bought"),
  eligible: money.describe("What of it would still be bought"),
  base: z.array(z.object({ step: z.string(), removed: money, remaining: money })),
  borrowing_base: money,
  funds_employed: money.describe("Advances not yet covered by collections"),
  facility_limit: money.nullable(),
  availability: money,
  over_advance: money,
});
export const availabilityInput = z.strictObject({
  facility_id: facilityId,
  as_of: dayText.optional().describe("Day that ages are counted to; today when left out"),
});

export const reserveDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  held: money.describe("Reserves held back at funding"),
  fees: money.describe("Fees taken from reserves"),
  dilution: money.describe("Short payments taken from reserves"),
  released: money,
  charged_back: money.describe("Face that went back to the business"),
  balance: money,
  ledger_balance: money.describe("The same by the ledger, account 2200"),
  pooled_floor: money.describe("What the floor on outstanding invoices holds"),
  releasable: money.describe("What may be released now, of invoices that are paid"),
  owed_by_seller: money.describe("What became a debt of the business: charge-backs and reserves below zero"),
});

export const sellerStatementInput = z.strictObject({
  facility_id: facilityId,
  from: dayText.describe("First day of the statement"),
  to: dayText.describe("Last day of the statement"),
});
export const sellerStatementDocument = z.object({
  facility_id: facilityId,
  from: dayText,
  to: dayText,
  currency: z.string(),
  opening_reserve: money.describe("Reserve of the business when the first day begins"),
  opening_owed: money.describe("What it owes then"),
  lines: z.array(
    z.object({
      on: dayText,
      kind: z.string(),
      invoice_number: z.string().nullable(),
      debtor_id: z.string().nullable(),
      paid_to_seller: money.describe("Cash to the business; below zero it paid"),
      collected: money.describe("Cash from its debtors"),
      fees: money,
      reserve_change: money,
      owed_change: money,
      entry_id: z.string(),
    }),
  ),
  paid_to_seller: money,
  collected: money,
  fees: money,
  closing_reserve: money,
  closing_owed: money,
});
