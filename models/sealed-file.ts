import { z } from "zod";
import { instantText } from "./document.js";
import { difference, monthText, periodEvents } from "./period.js";

/**
 * A sealed file: the closed months of a tenant's books, or of one portfolio, with their seals: NDJSON, to be checked by
 * `netback verify --file` without a database. Its lines, in this order:
 *
 * one `file`; each `event` of the months; then for each portfolio one `portfolio`, each `seal`, each entry and each posting
 * as an array whose first item is its kind and whose others are the columns that the first line names; one `end`.
 */
export const sealedFormat = "netback sealed 1";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal");
const wholeText = z.string().regex(/^\d{1,19}$/, "must be a whole number");

export const sealedHead = z.strictObject({
  record: z.literal("file"),
  format: z.literal(sealedFormat),
  tenant_id: z.string(),
  portfolio_id: z.string().nullable().describe("The only portfolio in the file; null for all"),
  entry_columns: z.array(z.string()),
  posting_columns: z.array(z.string()),
});

export const sealedEvent = z.strictObject({
  record: z.literal("event"),
  event_no: z.number().int(),
  event: z.enum(periodEvents),
  month: monthText.nullable(),
  version: z.number().int(),
  actor: z.string(),
  reason: z.string().nullable(),
  recorded_at: instantText,
  details: z.string(),
  previous_hash: hash,
  hash,
});

export const sealedPortfolio = z.strictObject({
  record: z.literal("portfolio"),
  portfolio_id: z.string(),
  currency: z.string(),
});

export const sealedSeal = z.strictObject({
  record: z.literal("seal"),
  portfolio_id: z.string(),
  seal_no: z.number().int(),
  month: monthText,
  version: z.number().int(),
  through_sequence: wholeText,
  blocks: z.array(
    z
      .tuple([wholeText, z.number().int(), z.number().int(), z.string(), z.string()])
      .describe("Number of the block, entries, postings, SHA-256 of the entries and of the postings"),
  ),
  previous_hash: hash,
  hash,
});

export const sealedEnd = z.strictObject({
  record: z.literal("end"),
  lines: z.number().int().describe("Lines before this one"),
  sha256: hash.describe("Of all of them, with their line feeds"),
});

export const sealedRecord = z.discriminatedUnion("record", [
  sealedHead,
  sealedEvent,
  sealedPortfolio,
  sealedSeal,
  sealedEnd,
]);
export type SealedRecord = z.infer<typeof sealedRecord>;

export const sealedFileDocument = z.object({
  file: z.string(),
  green: z.boolean().describe("True when the file is as it was sealed"),
  tenant_id: z.string().nullable(),
  portfolios: z.number(),
  months: z.number().describe("Closed months in the file"),
  entries: z.number(),
  postings: z.number(),
  seal: hash.nullable().describe("The last seal in the file: compare it with the one printed on a report"),
  differences: z.array(difference).describe("The first 1,000"),
});
export type SealedFileDocument = z.infer<typeof sealedFileDocument>;
