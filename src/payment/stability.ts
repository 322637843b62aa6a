import type { TapeFindings } from "../../models/findings-table.js";
import type { PaymentModel, PaymentTerm } from "../../models/payment-card.js";
import { missing } from "../../models/tape.js";
import { offScale } from "./days.js";
import type { InvoiceFacts } from "./facts.js";
import type { Outlook } from "./predict.js";

/** How differently a column is filled in a file and in the history that a model learned from. */
export interface Stability {
  readonly column: string;
  /** population stability index: below 0.1 alike, above 0.25 another population */
  readonly psi: number;
  /** share of the rows whose value the model has never seen */
  readonly unseenShare: number;
}

const shiftedAbove = 0.25;
const leastRows = 100;
const leastShare = 1e-4;

const titleOf = (source: string): string => (source === "debtor" ? "debtor_id" : source.replace(/^extra\./, ""));

/**
 * Compares the rows of a file with the history, column by column, and finds columns that are missing, values that the
 * model has never seen, and a population that is another one. Months and weekdays are left out: a file of one month has
 * one month.
 */
export function stabilityOf(
  model: PaymentModel,
  facts: InvoiceFacts,
  outlook: Outlook,
  findings: TapeFindings,
): Stability[] {
  const table: Stability[] = [];
  for (const [k, term] of model.terms.entries()) {
    if (term.source === null || term.is_recent || term.shape === "line" || term.source.startsWith("due_")) continue;
    const column = titleOf(term.source);
    if (!facts.sources.has(term.source)) {
      findings.add("column_absent", { column, note: withoutIt(model, term, outlook) });
      continue;
    }
    const { psi, unseen, known } = compare(term, outlook.terms[k]!.levels!, facts);
    table.push({ column, psi, unseenShare: unseen / Math.max(facts.rows, 1) });
    if (unseen > 0) findings.add("value_unseen", { column, note: `${unseen} of ${facts.rows} rows` });
    if (psi > shiftedAbove && known >= leastRows && term.source !== "debtor") {
      findings.add("population_differs", {
        column,
        value: psi.toFixed(2),
        note: `population stability index over ${shiftedAbove}`,
      });
    }
  }
  return table;
}

/** What a forecast lacks without a column: the spread of its effect over the history, in days at the usual place. */
function withoutIt({ power }: PaymentModel, { effects, counts }: PaymentTerm, { middle }: Outlook): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = effects.reduce((sum, effect, level) => sum + effect * counts[level]!, 0) / Math.max(total, 1);
  const squares = effects.reduce((sum, effect, level) => sum + (effect - mean) ** 2 * counts[level]!, 0);
  const place = middle.reduce((sum, value) => sum + value, 0) / Math.max(middle.length, 1);
  const slope = power === 1 ? 1 : (offScale(place, power) + 1) ** (power === 0 ? 1 : 0.5);
  const days = (slope * Math.sqrt(squares / Math.max(total, 1))).toFixed(1);
  if (days === "0.0") return "it tells of disputes alone, which count as likely as usual";
  return `in the history it moved the days to pay by ${days} (standard deviation); every row is forecast as the usual one, less surely`;
}

function compare(term: PaymentTerm, levels: Int32Array, { sources }: InvoiceFacts) {
  const source = sources.get(term.source!)!;
  const counts = new Float64Array(term.counts.length);
  let [known, unseen] = [0, 0];
  for (let i = 0; i < levels.length; i++) {
    const value = source.values[i]!;
    if (source.kind === "code" ? value === missing.code : Number.isNaN(value)) continue;
    if (levels[i]! < 0) unseen++;
    else {
      counts[levels[i]!]!++;
      known++;
    }
  }
  const before = term.counts.reduce((sum, count) => sum + count, 0);
  let psi = 0;
  for (let level = 0; level < counts.length && known > 0 && before > 0; level++) {
    const actual = Math.max(counts[level]! / known, leastShare);
    const expected = Math.max(term.counts[level]! / before, leastShare);
    psi += (actual - expected) * Math.log(actual / expected);
  }
  return { psi, unseen, known };
}
