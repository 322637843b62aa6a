import { z } from "zod";
import { collectionTerms } from "./claim.js";
import {
  amountText,
  currencyCode,
  dayText,
  fileSchema,
  instantText,
  pageFields,
  portfolioId,
  text,
} from "./document.js";
import { findingCodes } from "./finding.js";
import { layoutSchema } from "./tape.js";

export const portfolioStates = ["open", "owned"] as const;
export type PortfolioState = (typeof portfolioStates)[number];

/** What a portfolio is made of; each kind has its chart of accounts (seeds/chart-of-accounts.ts). */
export const portfolioKinds = ["purchased_debt", "factoring"] as const;
export type PortfolioKind = (typeof portfolioKinds)[number];

/**
 * How the carrying amount moves. `cost_recovery`: collections take cost off until it is back, the rest is income.
 * `effective_interest`: all that is collected comes off, revenue and changes in expected recoveries come on.
 */
export const carryingMethods = ["cost_recovery", "effective_interest"] as const;
export type CarryingMethod = (typeof carryingMethods)[number];

export const createPortfolioInput = z.strictObject({
  name: text(120).describe("Name of the portfolio, at most 120 characters"),
  seller: text(120).describe("Who sells, at most 120 characters; layouts are kept by this name"),
  currency: currencyCode.default("USD").describe("ISO 4217 code of every amount in the portfolio"),
  external_id: text(120).optional().describe("Your own number of the portfolio"),
});

export const tapeDocument = z.object({
  file_name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  format: z.string(),
  as_of: dayText,
  rows_in_file: z.number(),
  rows_kept: z.number(),
  rows_rejected: z.number(),
  face: z.string().describe("Sum of the current balances of the rows kept"),
  findings: z.record(z.string(), z.number()).describe("How many findings of each code"),
  layout: layoutSchema,
  imported_at: instantText,
});
export type TapeDocument = z.infer<typeof tapeDocument>;

export const portfolioDocument = z.object({
  id: portfolioId,
  name: z.string(),
  seller: z.string(),
  external_id: z.string().nullable(),
  currency: z.string(),
  state: z.enum(portfolioStates),
  kind: z.enum(portfolioKinds).describe("What it is made of, which its chart of accounts follows"),
  carrying_method: z.enum(carryingMethods).describe("How its carrying amount moves"),
  collection_terms: collectionTerms,
  created_at: instantText,
  tape: tapeDocument.nullable(),
});
export type PortfolioDocument = z.infer<typeof portfolioDocument>;

export const showPortfolioInput = z.strictObject({ portfolio_id: portfolioId });
export const listPortfoliosInput = z.strictObject({
  ...pageFields,
  state: z
    .enum(portfolioStates)
    .optional()
    .describe("Only portfolios in this state: open: being priced; owned: bought"),
});

export const importTapeInput = z.strictObject({
  portfolio_id: portfolioId,
  file: fileSchema.describe("The seller's file: CSV, Parquet, JSON Lines or XLSX, a CSV also gzipped"),
  as_of: dayText.describe("The day the balances are as of; ages are counted to it"),
  layout: layoutSchema
    .optional()
    .describe("How the seller writes the file; guessed when neither this nor layout_name is given"),
  layout_name: text(120).optional().describe("Name of a layout that was saved for the seller"),
  expect_rows: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Control total: rows in the file; with another count nothing is imported"),
  expect_face: amountText
    .optional()
    .describe("Control total: sum of the current balances; with another sum nothing is imported"),
});

export const importTapeOutput = z.object({
  portfolio_id: portfolioId,
  imported: z
    .boolean()
    .describe("False when this very file (by its SHA-256) had been imported before: then nothing was changed"),
  tape: tapeDocument,
});

const severities = ["reject", "exclude", "warn"] as const;
const severityWords =
  "How grave it is: reject: the row cannot be read; exclude: kept out of the purchase; warn: a person should look";

export const listFindingsInput = z.strictObject({
  portfolio_id: portfolioId,
  code: z
    .enum(Object.keys(findingCodes) as [string, ...string[]])
    .optional()
    .describe("Only findings of this code"),
  severity: z.enum(severities).optional().describe(severityWords),
  ...pageFields,
});

export const findingDocument = z.object({
  row: z.number().nullable().describe("Counted from 1 without the header; null for the whole file"),
  column: z.string().nullable(),
  code: z.string(),
  severity: z.enum(severities).describe(severityWords),
  value: z.string().nullable().describe("As it stands in the file; of a personal column only its shape"),
  message: z.string(),
});

export const saveLayoutInput = z.strictObject({
  seller: text(120).describe("Who writes tapes like this, at most 120 characters"),
  layout: layoutSchema.describe("How the seller writes tapes"),
});
export const savedLayoutDocument = z.object({ seller: z.string(), saved_at: instantText, layout: layoutSchema });
export const listLayoutsInput = z.strictObject({
  seller: text(120).optional().describe("Only layouts of this seller"),
  ...pageFields,
});
