import { z } from "zod";
import { commissionScheduleSchema } from "./commission.js";
import {
  accountNumber,
  agencyId,
  amountText,
  dayText,
  instantText,
  pageFields,
  placementId,
  portfolioId,
  shareText,
  text,
} from "./document.js";

export const registerAgencyInput = z.strictObject({
  name: text(120).describe("Name of the agency, at most 120 characters"),
  external_id: text(120).optional().describe("Your own number of the agency"),
});
export const agencyDocument = z.object({
  id: agencyId,
  name: z.string(),
  external_id: z.string().nullable(),
  created_at: instantText,
});
export const listAgenciesInput = z.strictObject({ ...pageFields });

/** What the agency keeps of a collection: a flat share, or a commission schedule (bands by amount, age, balance, legal). */
export const commissionTerms = z.union([
  z.strictObject({
    rate: shareText.describe("What the agency keeps of every collection, as a share from 0 to 1: 0.25 is 25 %"),
  }),
  z.strictObject({ schedule: commissionScheduleSchema.describe("What the agency keeps, by rules and bands") }),
]);
export type CommissionTerms = z.infer<typeof commissionTerms>;

/** Whether an agency keeps its commission of what it takes, or sends all and is paid on a bill. */
export const remittanceKinds = ["net", "gross"] as const;

/** Which receivables an act is about: named ones, or all that are owned and not placed, narrowed by balance. */
export const selection = z.union([
  z.strictObject({
    account_numbers: z.array(accountNumber).min(1).max(100_000).describe("These receivables, 1 to 100,000 of them"),
  }),
  z.strictObject({
    all: z.literal(true).describe("Every receivable that is owned and with no agency"),
    balance_from: amountText.optional().describe("Only balances of at least this"),
    balance_below: amountText.optional().describe("Only balances below this"),
  }),
]);

export const placeReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  agency_id: agencyId,
  placed_on: dayText.describe("Day of the placement; not in the future"),
  commission: commissionTerms.describe('What the agency keeps: {"rate": "0.25"}, or {"schedule": ...}'),
  remittance: z
    .enum(remittanceKinds)
    .default("net")
    .describe("What the agency sends: net: what is left after its commission; gross: all of it, and a bill"),
  receivables: selection.describe(
    'Which receivables: {"account_numbers": [...]}, or {"all": true} with balance_from and balance_below',
  ),
});

export const placementDocument = z.object({
  id: placementId,
  portfolio_id: portfolioId,
  agency_id: agencyId,
  placed_on: dayText,
  commission: commissionTerms,
  remittance: z.enum(remittanceKinds),
  receivables: z.number().describe("How many were placed"),
  placed_face: z.string().describe("Balances of the receivables on the day they were placed"),
  still_placed: z.number().describe("How many of them are still with the agency"),
  currency: z.string(),
});

export const listPlacementsInput = z.strictObject({
  portfolio_id: portfolioId,
  agency_id: agencyId.optional().describe("Only placements with this agency (ag_...)"),
  ...pageFields,
});

export const recallReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  placement_id: placementId,
  recalled_on: dayText.describe("Day of the recall; not in the future"),
  account_numbers: z
    .array(accountNumber)
    .min(1)
    .max(100_000)
    .optional()
    .describe("Numbers of the receivables to take back; the whole placement when left out"),
});
export const recallReceivablesOutput = z.object({ placement_id: placementId, recalled: z.number() });
