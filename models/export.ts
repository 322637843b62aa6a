import { z } from "zod";
import { dayText, fileSchema, instantText, portfolioId } from "./document.js";

/**
 * What the ledger can be written out as: journals for plain-text accounting programs, tables of its postings, and the
 * closed months with what is needed to prove them without a database.
 */
export const exportFormats = ["hledger", "ledger", "beancount", "csv", "xlsx", "parquet", "sealed"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How a file of each format ends, and what it is called on the wire. */
export const exportFiles: Readonly<Record<ExportFormat, { readonly ending: string; readonly mediaType: string }>> = {
  hledger: { ending: ".journal", mediaType: "text/plain; charset=utf-8" },
  ledger: { ending: ".ledger", mediaType: "text/plain; charset=utf-8" },
  beancount: { ending: ".beancount", mediaType: "text/plain; charset=utf-8" },
  csv: { ending: ".csv", mediaType: "text/csv; charset=utf-8" },
  xlsx: { ending: ".xlsx", mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  sealed: { ending: ".sealed.ndjson", mediaType: "application/x-ndjson" },
  parquet: { ending: ".parquet", mediaType: "application/vnd.apache.parquet" },
};

export const exportLedgerInput = z.strictObject({
  format: z
    .enum(exportFormats)
    .default("hledger")
    .describe(
      "How it is written: hledger, ledger and beancount are journals; csv, xlsx and parquet have one posting a row; sealed has the closed months with their seals, for `netback verify --file`",
    ),
  portfolio_id: portfolioId.optional().describe("Only this portfolio (pf_...); all of them when left out"),
  from: dayText
    .optional()
    .describe("First effective day; a journal begins with the balances of the day before. All days when left out"),
  as_of: dayText.optional().describe("Last effective day; today when left out"),
  known_at: instantText
    .optional()
    .describe("Only what had been recorded by this instant; all that is recorded when left out"),
  raw: z.boolean().default(false).describe("CSV without the guard against formulas, for machines"),
});

export const exportLedgerOutput = z.object({
  format: z.enum(exportFormats),
  file_name: z.string().describe("What the file may be called"),
  media_type: z.string(),
  as_of: dayText,
  known_at: instantText,
  portfolios: z.number().describe("Portfolios with a ledger"),
  entries: z.number(),
  postings: z.number(),
  bytes: z.number(),
  sha256: z.string().describe("SHA-256 of the file, hexadecimal: the same days and instant give the same file"),
  file: fileSchema.describe("Where it was written; who asked for it moves or removes it, with its folder"),
});
export type ExportLedgerOutput = z.infer<typeof exportLedgerOutput>;
