import type { TapeFindings } from "../../models/findings-table.js";

/** Where the findings of a fit or a score go. */
export type FindingTaker = Pick<TapeFindings, "add">;
