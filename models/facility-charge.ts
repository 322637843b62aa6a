import { z } from "zod";
import { dayText, entryId, moneyText, pageFields } from "./document.js";
import { facilityId } from "./facility.js";

/** What a facility is charged beside the fees on its invoices; how it ends; its financing statements. */

/** What a charge is for: the terms' charges, the minimum of a month, the end of the facility, a filing. */
export const chargeKinds = ["once", "month", "minimum", "termination", "filing"] as const;
export type ChargeKind = (typeof chargeKinds)[number];

export const chargeDocument = z.object({
  kind: z.enum(chargeKinds),
  code: z.string().describe("What it is for, as the terms call it"),
  period: z.string().nullable().describe("Month that it is for, YYYY-MM; null of what is charged once"),
  revision: z.number().describe("1; above it a later difference"),
  amount: moneyText.describe("Below zero what was charged too much before; zero where a minimum was met"),
  charged_on: dayText,
  reason: z.string(),
  entry_id: entryId.nullable().describe("Null where nothing was due"),
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
export const listChargesInput = z.strictObject({ facility_id: facilityId, ...pageFields });
