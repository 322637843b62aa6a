import type { FindingCode } from "../../models/finding.js";
import { priceDocument } from "../pricing/valuation.js";
import { listFindings } from "../store/finding.js";
import { implement } from "./act.js";
import { valueStored } from "./value-stored.js";

const shownFindings = 10_000;

/** The document of `netback price --json`, for the stored tape. `seconds` is 0: nothing was read from a file. */
export const valuePortfolio = implement("value-portfolio", async ({ tx }, input) => {
  const { tape, valuation, findings } = await valueStored(tx, input);
  const facts = {
    file: tape.fileName,
    sha256: tape.sha256,
    layout: tape.layout,
    rejected: tape.rowsRejected,
    seconds: 0,
  };
  const document = priceDocument(valuation, facts, findings, shownFindings);
  const read = await listFindings(tx, input.portfolio_id, { limit: shownFindings });
  const rows = [...read.data, ...document.findings.rows].sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  const counts = new Map<string, number>(Object.entries(tape.findings));
  for (const [code, count] of findings.countByCode() as Map<FindingCode, number>) {
    counts.set(code, (counts.get(code) ?? 0) + count);
  }
  return { ...document, findings: { by_code: Object.fromEntries(counts), rows: rows.slice(0, shownFindings) } };
});
