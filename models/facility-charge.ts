import { z } from "zod";
import { amountText, dayText, entryId, id, instantText, moneyText, pageFields, text } from "./document.js";
import { facilityId, facilityReadInput } from "./facility.js";
import { eventCharges } from "./factoring-terms.js";

/** What a facility is charged beside the fees on its invoices; how it ends; its financing statements. */

/** What a charge is for: the terms' charges, a minimum, the end of the facility, a filing, what happens now and then. */
export const chargeKinds = ["once", "month", "minimum", "termination", "filing", ...eventCharges] as const;
export type ChargeKind = (typeof chargeKinds)[number];

export const chargeDocument = z.object({
  kind: z.enum(chargeKinds),
  code: z.string().describe("What it is for, as the terms call it"),
  period: z
    .string()
    .nullable()
    .describe("Month that it is for, YYYY-MM; of a quarter or year its first day; null of what is for none"),
  revision: z.number().describe("1; above it a later difference, or of what happens now and then the next of its day"),
  amount: moneyText.describe("Below zero what was charged too much before; zero where a minimum was met"),
  charged_on: dayText,
  reason: z.string(),
  entry_id: entryId.nullable().describe("Null where nothing was due"),
  waives: entryId.nullable().describe("Entry of the charge that it takes back"),
});
export type ChargeDocument = z.output<typeof chargeDocument>;

export const chargeFacilityInput = z.strictObject({
  facility_id: facilityId,
  through: dayText.describe("What is due up to this day is charged; not in the future"),
});
export const chargeFacilityDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  through: dayText,
  amount: moneyText.describe("What was charged in all"),
  charges_due: moneyText.describe("What the seller owes of charges after it"),
  charges: z.array(chargeDocument).describe("What was charged now; what was charged before is not charged again"),
});
export const chargeOccasionInput = z.strictObject({
  facility_id: facilityId,
  code: text(60).describe("The charge, as the terms call it: one per occasion, or per payment on an invoice not sold"),
  happened_on: dayText.describe("Day that it happened; not in the future"),
  times: z.coerce.number().int().min(1).max(1000).default(1).describe("How often it happened, 1 to 1,000"),
  note: text(200).optional().describe("On what, at most 200 characters: the debtor's id, the number of the invoice"),
});
export const waiveChargeInput = z.strictObject({
  facility_id: facilityId,
  entry_id: entryId.describe("Entry of the charge (en_...)"),
  waived_on: dayText.describe("Not in the future, and not before the charge"),
  reason: text(200).describe("Why, at most 200 characters"),
});
export const endFacilityInput = z.strictObject({
  facility_id: facilityId,
  ended_on: dayText.describe("From this day on nothing new is taken or bought; not in the future"),
  reason: text(400).describe("Why it ends, at most 400 characters"),
});
export const facilitySettlementDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  ended_on: dayText.nullable().describe("Null while the facility goes on"),
  end_reason: z.string().nullable(),
  open_schedules: z.number().describe("Schedules that were submitted and neither funded nor rejected, as they are now"),
  open_invoices: z.number().describe("Invoices bought that debtors still owe on; their fees go on"),
  open: moneyText,
  funds_employed: moneyText,
  reserve: moneyText,
  releasable: moneyText.describe("What of the reserve may be released on the day"),
  escrow: moneyText.describe("Goes back when the facility has ended and nothing is open"),
  due_to_seller: moneyText.describe("Receipts that are the seller's own"),
  unapplied: moneyText.describe("Receipts of debtors that nobody has told the invoice of"),
  owed_for_recourse: moneyText.describe(
    "Charge-backs and shortfalls; of a pooled reserve that has ended also what it is below zero",
  ),
  owed_for_held_payments: moneyText,
  owed_for_charges: moneyText.describe("Below zero: charges that were taken back, which the next release pays out"),
  to_be_paid: moneyText.describe(
    "What the seller gets when all that may be released is, less what it owes; before what the terms charge for the payment itself",
  ),
  to_be_received: moneyText.describe("What the seller owes beyond that"),
  settled: z.boolean().describe("Nothing is open, held or owed any more"),
  charges: z.array(chargeDocument).describe("What the facility was charged beside fees"),
});
export const facilitySettlementInput = facilityReadInput;

export const listChargesInput = z.strictObject({ facility_id: facilityId, ...pageFields });

export const filingId = id("fs", "financing statement");

export const recordFilingInput = z.strictObject({
  facility_id: facilityId,
  jurisdiction: text(60).describe("Where it is filed, at most 60 characters: Delaware, or US-DE"),
  file_number: text(60).describe("Number that the filing office gave it, at most 60 characters"),
  filed_on: dayText.describe("Not in the future"),
  lapses_on: dayText
    .optional()
    .describe("When it lapses unless it is continued; five years after the filing when left out (U.C.C. 9-515)"),
  cost: amountText.optional().describe("What the seller is charged for it; nothing when left out"),
});
export const updateFilingInput = z.strictObject({
  filing_id: filingId,
  event: z
    .enum(["continued", "terminated"])
    .describe("What was filed: continued: in the last six months before it lapses, for five years more; terminated"),
  happened_on: dayText.describe("Not in the future"),
  cost: amountText.optional().describe("What the seller is charged for it; nothing when left out"),
});
export const filingDocument = z.object({
  id: filingId,
  facility_id: facilityId,
  jurisdiction: z.string(),
  file_number: z.string(),
  state: z.enum(["effective", "lapsed", "terminated"]),
  filed_on: dayText,
  continuable_from: dayText.describe("A continuation that is filed before this day has no effect"),
  lapses_on: dayText,
  days_left: z.number().describe("Days until it lapses; below zero it has"),
  continued_on: dayText.nullable().describe("The last time"),
  terminated_on: dayText.nullable(),
});
export type FilingDocument = z.output<typeof filingDocument>;
export const listFilingsInput = z.strictObject({
  facility_id: facilityId.optional(),
  lapses_within_days: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe("Only those not terminated that lapse within so many days, or have lapsed, 0 to 3650"),
  ...pageFields,
});
