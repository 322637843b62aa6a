import type { TapeFindings } from "../../models/findings-table.js";
import type { ShownFindings } from "../../models/shown-findings.js";

/** Findings as documents show them; at most so many row by row. */
export function findingsPart(findings: TapeFindings, most: number): ShownFindings {
  return { by_code: Object.fromEntries(findings.countByCode()), rows: [...findings.inFileOrder(most)] };
}
