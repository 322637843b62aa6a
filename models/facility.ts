import { z } from "zod";
import {
  amountText,
  currencyCode,
  dayText,
  id,
  instantText,
  moneyText,
  pageFields,
  portfolioId,
  text,
} from "./document.js";
import { findUnpayable, keptTermsSchema } from "./factoring-terms.js";
import { modelId } from "./model-version.js";

export const facilityId = id("fa", "facility");

/** The facility is a portfolio: the two ids differ in their prefix alone. */
export function portfolioOfFacility(facility: string): string {
  return facility.replace(/^fa_/, "pf_");
}
export function facilityOfPortfolio(portfolio: string): string {
  return portfolio.replace(/^pf_/, "fa_");
}

/** Terms of a facility on the books: what they name may be stored there too. */
export const facilityTermsSchema = keptTermsSchema.extend({
  payment_model: modelId
    .optional()
    .describe("Stored model of payment behaviour that offers expect payments by; the due date when left out"),
});
export type FacilityTerms = z.output<typeof facilityTermsSchema>;
const newTermsSchema = facilityTermsSchema.superRefine(findUnpayable);

export const presentations = ["sale", "borrowing"] as const;

export const openFacilityInput = z.strictObject({
  name: text(120).describe("Name of the facility, at most 120 characters"),
  seller: text(120).describe("Whose invoices are bought, at most 120 characters"),
  external_id: text(120).optional().describe("Your own number of the facility"),
  presentation: z
    .enum(presentations)
    .default("sale")
    .describe("How purchases are presented: sale, or borrowing where the seller keeps the credit risk; fixed for good"),
  terms: newTermsSchema
    .prefault({})
    .describe("Terms of the facility: advance, fees, recourse, reserve, eligibility, limit (opened.facility_limit)"),
});

export const facilityDocument = z.object({
  id: facilityId,
  portfolio_id: portfolioId.describe("The portfolio that its books are kept under"),
  name: z.string(),
  seller: z.string(),
  external_id: z.string().nullable(),
  currency: z.string(),
  presentation: z.enum(presentations),
  terms_version: z.number(),
  terms_from: dayText.describe("First day of these terms"),
  terms: facilityTermsSchema,
  opened_at: instantText,
  ended_on: dayText.nullable().describe("From this day on nothing new is bought; null while the facility goes on"),
  end_reason: z.string().nullable(),
});
export type FacilityDocument = z.output<typeof facilityDocument>;

export const showFacilityInput = z.strictObject({ facility_id: facilityId });
export const listFacilitiesInput = z.strictObject({ ...pageFields });

export const changeFacilityTermsInput = z.strictObject({
  facility_id: facilityId,
  terms: newTermsSchema.describe("The terms that schedules offered from now on are bought on, in full"),
  reason: text(400).describe("Why they change, at most 400 characters"),
});

/** What a person may be called: it goes to the vault, and stands in no answer that is kept. */
export const debtorName = text(200);
export const customerNumber = text(100);

export const debtorKey = text(100).describe("The factor's id of the debtor, at most 100 characters");

export const saveDebtorInput = z
  .strictObject({
    debtor_id: debtorKey,
    currency: currencyCode.default("USD").describe("ISO 4217 code of the amounts"),
    credit_limit: amountText
      .optional()
      .describe("Most that is bought of the debtor over all facilities; no limit when left out"),
    payable: amountText
      .default("0")
      .describe("What sellers owe the debtor (contra): so much of its invoices is not bought"),
    debtor_type: text(60).optional().describe("What it is, where that matters: government, affiliate, insolvent"),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, "must be two capital letters")
      .optional()
      .describe("ISO 3166, two letters"),
    debtor_name: debtorName
      .optional()
      .describe("What it is called, at most 200 characters; stays as it was when left out"),
    seller: text(120).optional().describe("The seller whose customer number is given"),
    customer_number: customerNumber.optional().describe("The seller's own number of it; one debtor's alone"),
    forget_names: z.boolean().default(false).describe("Forget every name of it, whoever gave it"),
  })
  .refine(({ seller, customer_number }) => (seller === undefined) === (customer_number === undefined), {
    path: ["customer_number"],
    message: "needs the seller whose number it is, and a seller needs the number",
  })
  .refine(({ debtor_name, forget_names }) => debtor_name === undefined || !forget_names, {
    path: ["forget_names"],
    message: "stands beside a name to keep: say one or the other",
  });

export const debtorDocument = z.object({
  debtor_id: z.string(),
  currency: z.string(),
  credit_limit: z.string().nullable(),
  payable: z.string(),
  debtor_type: z.string().nullable(),
  country: z.string().nullable(),
  outstanding: z.string().describe("Open of it over all facilities in its currency"),
  funds_employed: z.string().describe("Advances of that which are out"),
  left: z.string().nullable().describe("What may still be bought; null without a limit"),
  saved_at: instantText,
});
export type DebtorDocument = z.infer<typeof debtorDocument>;

/** A debtor with what it is called: read and never kept, as the answer to an order is. */
export const namedDebtorDocument = debtorDocument.extend({
  debtor_name: z.string().nullable().describe("As the factor calls it, or else a seller"),
  customer_numbers: z.array(z.object({ seller: z.string(), customer_number: z.string() })),
});
export const listDebtorsInput = z.strictObject({
  debtor_id: debtorKey.optional(),
  debtor_name: debtorName
    .optional()
    .describe("Only debtors whose name has these words, or words that begin so (three letters or more), in any order"),
  customer_number: customerNumber.optional().describe("Only debtors that a seller has this number of"),
  ...pageFields,
});

const asOfFields = {
  as_of: dayText.optional().describe("Effective dates up to and including this day; today when left out"),
  known_at: instantText
    .optional()
    .describe("Only what had been recorded by this instant; all that is recorded when left out"),
};

export const facilityReadInput = z.strictObject({ facility_id: facilityId, ...asOfFields });

export const availabilityDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  gross: moneyText.describe("Open of all invoices that are bought"),
  base: z.array(z.object({ step: z.string(), removed: moneyText, remaining: moneyText })),
  eligible: moneyText,
  dilution_reserve: moneyText.describe("Held back of the base because more than the norm is diluted"),
  borrowing_base: moneyText.describe("Advance rate times what is eligible, less reserves"),
  facility_limit: moneyText.nullable(),
  funds_employed: moneyText.describe("Advances that are out"),
  availability: moneyText.describe("What may still be drawn; zero where there is an over-advance"),
  over_advance: moneyText,
});

export const reserveDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  method: z.enum(["per_invoice", "pooled"]),
  held: moneyText.describe("Held back at purchase, to date"),
  fees: moneyText.describe("Fees that came out of it"),
  interest: moneyText,
  dilution: moneyText.describe("What debtors deducted"),
  returned: moneyText.describe("Left with invoices that were charged or bought back, or lost"),
  claimed: moneyText.describe("Shortfalls that the seller owes instead"),
  released: moneyText,
  balance: moneyText.describe("held - fees - interest - dilution - returned + claimed - released"),
  ledger_balance: moneyText.describe("The same from the ledger: 2200, or face less advances of a borrowing"),
  floor: moneyText.describe("Pooled: what must stay"),
  releasable: moneyText.describe("What may be released on the day"),
  escrow: moneyText,
  charges: moneyText.describe("Charges of the facility, its schedules among them, to date; beside the reserve"),
  charges_due: moneyText.describe("What of charges the seller owes: the next release keeps it back"),
  due_from_seller: moneyText.describe("Charge-backs, shortfalls, debtors' payments and charges that the seller owes"),
});

export const facilityAgingDocument = z.object({
  facility_id: facilityId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  age_from: z.enum(["invoice_date", "due_date"]),
  buckets: z.array(z.object({ bucket: z.string(), invoices: z.number(), open: moneyText, funds_employed: moneyText })),
  debtors: z.array(
    z.object({
      debtor_id: z.string(),
      invoices: z.number(),
      open: moneyText,
      over_age: moneyText,
      oldest_days: z.number(),
    }),
  ),
  open: moneyText,
});
