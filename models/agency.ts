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

export const registerAgencyInput = z.strictObject({ name: text(120), external_id: text(120).optional() });
export const agencyDocument = z.object({
  id: agencyId,
  name: z.string(),
  external_id: z.string().nullable(),
  created_at: instantText,
});
export const listAgenciesInput = z.strictObject({ ...pageFields });

/** What the agency keeps of a collection: a flat share, or a commission schedule (bands by amount, age, balance, legal). */
export const commissionTerms = z.union([
  z.strictObject({ rate: shareText }),
  z.strictObject({ schedule: commissionScheduleSchema }),
]);
export type CommissionTerms = z.infer<typeof commissionTerms>;

/** Which receivables an act is about: named ones, or all that are owned and not placed, narrowed by balance. */
export const selection = z.union([
  z.strictObject({ account_numbers: z.array(accountNumber).min(1).max(100_000) }),
  z.strictObject({
    all: z.literal(true),
    balance_from: amountText.optional(),
    balance_below: amountText.optional(),
  }),
]);

export const placeReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  agency_id: agencyId,
  placed_on: dayText,
  commission: commissionTerms,
  receivables: selection,
});

export const placementDocument = z.object({
  id: placementId,
  portfolio_id: portfolioId,
  agency_id: agencyId,
  placed_on: dayText,
  commission: commissionTerms,
  /** placed, and of these still with the agency */
  receivables: z.number(),
  placed_face: z.string(),
  still_placed: z.number(),
  currency: z.string(),
});

export const listPlacementsInput = z.strictObject({
  portfolio_id: portfolioId,
  agency_id: agencyId.optional(),
  ...pageFields,
});

export const recallReceivablesInput = z.strictObject({
  portfolio_id: portfolioId,
  placement_id: placementId,
  recalled_on: dayText,
  /** all of the placement when left out */
  account_numbers: z.array(accountNumber).min(1).max(100_000).optional(),
});
export const recallReceivablesOutput = z.object({ placement_id: placementId, recalled: z.number() });
