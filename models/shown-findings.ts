import { z } from "zod";

/** Findings as documents show them: counted by code, and the first of them row by row. */
export const shownFindingsSchema = z.strictObject({
  by_code: z.record(z.string(), z.number().int()),
  rows: z.array(
    z.strictObject({
      row: z.number().int().nullable(),
      column: z.string().nullable(),
      code: z.string(),
      severity: z.enum(["reject", "exclude", "warn"]),
      value: z.string().nullable(),
      message: z.string(),
    }),
  ),
});
export type ShownFindings = z.infer<typeof shownFindingsSchema>;
