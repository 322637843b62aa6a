import type { Finding } from "../../models/finding.js";
import type { TapeFindings } from "../../models/findings-table.js";

/** Findings as documents show them: counted by code, and the first of them row by row. */
export interface FindingsPart {
  readonly by_code: Readonly<Record<string, number>>;
  readonly rows: readonly Finding[];
}

export function findingsPart(findings: TapeFindings, most: number): FindingsPart {
  return { by_code: Object.fromEntries(findings.countByCode()), rows: [...findings.inFileOrder(most)] };
}
