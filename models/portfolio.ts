import { z } from "zod";
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

/** `open`: being priced. `owned`: bought; the ledger has begun. */
export const portfolioStates = ["open", "owned"] as const;
export type PortfolioState = (typeof portfolioStates)[number];

export const createPortfolioInput = z.strictObject({
  name: text(120),
  seller: text(120),
  currency: currencyCode.default("USD"),
  external_id: text(120).optional(),
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
  face: z.string(),
  findings: z.record(z.string(), z.number()),
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
  created_at: instantText,
  tape: tapeDocument.nullable(),
});
export type PortfolioDocument = z.infer<typeof portfolioDocument>;

export const showPortfolioInput = z.strictObject({ portfolio_id: portfolioId });
export const listPortfoliosInput = z.strictObject({ ...pageFields, state: z.enum(portfolioStates).optional() });

export const importTapeInput = z.strictObject({
  portfolio_id: portfolioId,
  file: fileSchema,
  /** the day the balances are as of; ages are counted to it */
  as_of: dayText,
  /** a layout of its own, or the name of one saved for the seller; guessed when neither is given */
  layout: layoutSchema.optional(),
  layout_name: text(120).optional(),
  expect_rows: z.coerce.number().int().min(0).optional(),
  expect_face: amountText.optional(),
});

export const importTapeOutput = z.object({
  portfolio_id: portfolioId,
  /** false when this very file (by its SHA-256) had been imported before: then nothing was changed */
  imported: z.boolean(),
  tape: tapeDocument,
});

export const listFindingsInput = z.strictObject({
  portfolio_id: portfolioId,
  code: z.enum(Object.keys(findingCodes) as [string, ...string[]]).optional(),
  severity: z.enum(["reject", "exclude", "warn"]).optional(),
  ...pageFields,
});

export const findingDocument = z.object({
  row: z.number().nullable(),
  column: z.string().nullable(),
  code: z.string(),
  severity: z.enum(["reject", "exclude", "warn"]),
  value: z.string().nullable(),
  message: z.string(),
});

export const saveLayoutInput = z.strictObject({ seller: text(120), layout: layoutSchema });
export const savedLayoutDocument = z.object({ seller: z.string(), saved_at: instantText, layout: layoutSchema });
export const listLayoutsInput = z.strictObject({ seller: text(120).optional(), ...pageFields });
