import type { PaymentModel } from "../../models/payment-card.js";
import type { CodeColumn } from "../../models/tape.js";
import type { HistoryAsOf } from "./history.js";

/** The rate where a history says nothing of what was paid: the norm that lenders reserve for before they look closer. */
const assumedRate = 0.05;
const assumption =
  "no settled invoice of the history says what was paid on it; 5 % is the lenders' usual norm, unverified";

interface DebtorTotals {
  readonly face: Float64Array;
  readonly lost: Float64Array;
  /** sums of squared deviation and of rows, for the variance within debtors */
  readonly rows: Float64Array;
}

/**
 * Expected dilution: the share of the face that is credited, deducted or never paid on invoices that count as settled.
 * Weighed by face; each debtor's rate is its own history and that of all, by Bühlmann and Straub's credibility.
 */
export function fitDilution(
  history: HistoryAsOf,
  keyOf: (source: string, label: string) => string,
): PaymentModel["dilution"] {
  const debtor = history.facts.sources.get("debtor") as CodeColumn;
  const totals = totalsOf(history, debtor);
  const face = totals.face.reduce((sum, value) => sum + value, 0);
  if (face === 0) {
    return { basis: "assumption", source: assumption, rate: assumedRate, keys: [], rates: [], credibility_face: 0 };
  }
  const rate = totals.lost.reduce((sum, value) => sum + value, 0) / face;
  const credibilityFace = credibilityOf(history, debtor, totals, rate);
  const keys: string[] = [];
  const rates: number[] = [];
  for (const [code, label] of debtor.labels.entries()) {
    if (totals.rows[code] === 0) continue;
    keys.push(keyOf("debtor", label));
    rates.push((totals.lost[code]! + credibilityFace * rate) / (totals.face[code]! + credibilityFace));
  }
  const source = `${totals.rows.reduce((sum, rows) => sum + rows, 0)} settled invoices, paid against face`;
  return { basis: "history", source, rate, keys, rates, credibility_face: credibilityFace };
}

function totalsOf({ facts, diluted }: HistoryAsOf, debtor: CodeColumn): DebtorTotals {
  const sized = () => new Float64Array(debtor.labels.length);
  const totals = { face: sized(), lost: sized(), rows: sized() };
  for (let i = 0; i < facts.rows; i++) {
    if (Number.isNaN(diluted[i]!)) continue;
    const code = debtor.values[i]!;
    totals.face[code]! += facts.amount[i]!;
    totals.lost[code]! += facts.amount[i]! * diluted[i]!;
    totals.rows[code]!++;
  }
  return totals;
}

/** The face k of the credibility w / (w + k): variance within debtors over variance between them (Bühlmann and Straub). */
function credibilityOf({ facts, diluted }: HistoryAsOf, debtor: CodeColumn, totals: DebtorTotals, rate: number) {
  let [within, freedom, between, face, squares, debtors] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < facts.rows; i++) {
    if (Number.isNaN(diluted[i]!)) continue;
    const code = debtor.values[i]!;
    within += facts.amount[i]! * (diluted[i]! - totals.lost[code]! / totals.face[code]!) ** 2;
    freedom++;
  }
  for (let code = 0; code < totals.face.length; code++) {
    const weight = totals.face[code]!;
    if (weight === 0) continue;
    debtors++;
    face += weight;
    squares += weight * weight;
    between += weight * (totals.lost[code]! / weight - rate) ** 2;
  }
  // Fewer than two debtors, or one invoice each, cannot tell the two apart: then all history is that of all.
  const most = 1e3 * face;
  if (debtors < 2 || freedom <= debtors) return most;
  const inner = within / (freedom - debtors);
  const outer = (between - (debtors - 1) * inner) / (face - squares / face);
  return outer <= 0 ? most : Math.min(inner / outer, most);
}
