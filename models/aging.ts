import { z } from "zod";
import { dayText, instantText, portfolioId } from "./document.js";

export const reportAgingInput = z.strictObject({
  portfolio_id: portfolioId,
  as_of: dayText.optional().describe("Effective dates up to and including this day; today when left out"),
  known_at: instantText
    .optional()
    .describe("Only what had been recorded by this instant; all that is recorded when left out"),
});

const band = z.object({
  age_band: z.string(),
  accounts: z.number().describe("Receivables on which something is owed"),
  face: z.string().describe("Their balance at the cut-off; on the tape before the purchase"),
  claim: z.string().describe("What their debtors owe"),
  share_of_claim: z.number().describe("Of all that is owed, 0 to 1"),
});

export const reportAgingDocument = z.object({
  portfolio_id: portfolioId,
  currency: z.string(),
  as_of: dayText,
  known_at: instantText,
  basis: z.enum(["tape", "ledger"]).describe("The seller's tape before the purchase, our books after it"),
  accounts: z.number(),
  claim: z.string(),
  difference: z
    .string()
    .describe(
      "Claims of the receivables less the claim accounts of the ledger: anything but zero is damage to the books",
    ),
  aging: z.array(band).describe("By whole months since the charge-off"),
  since_last_payment: z
    .array(band)
    .describe("By whole months since the last payment, on the tape or to us; one that came back does not count"),
});
