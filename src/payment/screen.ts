import type { FindingCode } from "../../models/finding.js";
import type { TapeFindings } from "../../models/findings-table.js";
import type { PaymentCard } from "../../models/payment-card.js";
import { missing } from "../../models/tape.js";
import type { InvoiceFacts, Source } from "./facts.js";
import type { HistoryAsOf } from "./history.js";

/** Words in a header that tell of what became of an invoice. Terms, methods and channels of payment are no such thing. */
const outcomeWords =
  /\b(late|lateness|delay|delayed|overdue|past due|dpd|delinquen\w*|settle\w*|paid|clear|cleared|clearing|collected|write ?off|written off|outstanding|status|is ?open|open|closed|residual|aging|ageing|bucket|reminders?|dunning|outcome|days to \w+)\b/;

const alwaysKnown = new Set(["terms_days", "amount", "due_month", "due_weekday", "due_part_of_month"]);

interface Screened {
  /** the sources to learn from, in the order of the file */
  readonly names: readonly string[];
  readonly columns: PaymentCard["columns"];
}

/**
 * Chooses what may be learned from: what is known of an invoice when it is issued, and differs from one to another.
 *
 * A column is taken to know the outcome when its header says so, when it is filled in on settled invoices and blank on
 * open ones (or the other way round), or when it alone explains the days to pay. None of these proves it: the finding
 * says which it was, and a column that should be used all the same can be given another header.
 *
 * @param all     the whole file, as it knows it now: what became of invoices later shows when a column is filled in
 * @param history what is learned from
 */
export function screenSources(all: InvoiceFacts, history: HistoryAsOf, findings: TapeFindings): Screened {
  const names: string[] = [];
  const columns: PaymentCard["columns"] = [];
  for (const [name, source] of history.facts.sources) {
    if (name === "debtor") continue;
    const shown = name.startsWith("extra.") ? name.slice("extra.".length) : name;
    const fault = faultOf(name, source, { all, history });
    if (fault === null) names.push(name);
    else if (!alwaysKnown.has(name)) findings.add(fault.code, { column: shown, note: fault.why });
    columns.push({ name: shown, use: fault === null ? "used" : "left out", why: fault?.why ?? "known at issue" });
  }
  return { names, columns };
}

interface Fault {
  readonly code: FindingCode;
  readonly why: string;
}

function faultOf(name: string, source: Source, at: { all: InvoiceFacts; history: HistoryAsOf }): Fault | null {
  const { filled, different } = contentOf(source);
  if (filled === 0) return { code: "column_empty", why: "blank throughout" };
  if (different === 1) return { code: "column_constant", why: "one value throughout" };
  if (alwaysKnown.has(name)) return null;
  const header = name.replace(/^extra\./, "");
  const words = header.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[^\p{L}\p{N}]+/gu, " ");
  const named = outcomeWords.exec(words.toLowerCase());
  if (named !== null) return { code: "column_knows_outcome", why: `the header says "${named[0]}"` };
  const blank = blankDifference(at.all, name);
  if (blank !== null) return { code: "column_knows_outcome", why: blank };
  if (source.kind === "code" && different > Math.max(10, Math.min(1000, source.values.length / 5))) {
    return { code: "column_too_many_values", why: `${different} values in ${source.values.length} rows` };
  }
  const share = explainedShare(source, at.history);
  if (share <= 0.9) return null;
  return { code: "column_knows_outcome", why: `it alone explains ${Math.round(share * 100)} % of the days to pay` };
}

function contentOf({ kind, values }: Source): { filled: number; different: number } {
  const seen = new Set<number>();
  let filled = 0;
  for (const value of values) {
    if (kind === "code" ? value === missing.code : Number.isNaN(value)) continue;
    filled++;
    if (seen.size < 100_000) seen.add(value);
  }
  return { filled, different: seen.size };
}

/** Rows of a kind that must be there before their blanks are compared. */
const leastRows = 20;
const mostDifference = 0.25;

function blankDifference({ sources, settled, rows }: InvoiceFacts, name: string): string | null {
  const source = sources.get(name);
  if (settled === null || source === undefined) return null;
  const counts = { settled: 0, settledBlank: 0, open: 0, openBlank: 0 };
  for (let i = 0; i < rows; i++) {
    const value = source.values[i]!;
    const isBlank = source.kind === "code" ? value === missing.code : Number.isNaN(value);
    if (settled[i] === missing.day) {
      counts.open++;
      if (isBlank) counts.openBlank++;
    } else {
      counts.settled++;
      if (isBlank) counts.settledBlank++;
    }
  }
  if (counts.open < leastRows || counts.settled < leastRows) return null;
  const [onOpen, onSettled] = [counts.openBlank / counts.open, counts.settledBlank / counts.settled];
  if (Math.abs(onOpen - onSettled) <= mostDifference) return null;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `blank on ${percent(onOpen)} of open and ${percent(onSettled)} of settled invoices`;
}

/** Share of the variance of the days to pay that a source explains by itself: by its codes, or along a straight line. */
function explainedShare(source: Source, { days, isSettled }: HistoryAsOf): number {
  const rows: number[] = [];
  for (let i = 0; i < days.length; i++) {
    const value = source.values[i]!;
    if (isSettled[i] === 1 && (source.kind === "code" ? value !== missing.code : Number.isFinite(value))) rows.push(i);
  }
  if (rows.length < 30) return 0;
  return source.kind === "code" ? betweenCodes(source.values, days, rows) : alongLine(source.values, days, rows);
}

function betweenCodes(codes: ArrayLike<number>, days: Float64Array, rows: readonly number[]): number {
  const byCode = new Map<number, { count: number; sum: number }>();
  let [sum, squares] = [0, 0];
  for (const i of rows) {
    const entry = byCode.get(codes[i]!) ?? { count: 0, sum: 0 };
    entry.count++;
    entry.sum += days[i]!;
    byCode.set(codes[i]!, entry);
    sum += days[i]!;
    squares += days[i]! ** 2;
  }
  const total = squares - sum ** 2 / rows.length;
  let between = -(sum ** 2) / rows.length;
  for (const entry of byCode.values()) between += entry.sum ** 2 / entry.count;
  return total <= 0 ? 0 : between / total;
}

function alongLine(values: ArrayLike<number>, days: Float64Array, rows: readonly number[]): number {
  const mean = (of: ArrayLike<number>) => rows.reduce((sum, i) => sum + of[i]!, 0) / rows.length;
  const [x, y] = [mean(values), mean(days)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const i of rows) {
    xx += (values[i]! - x) ** 2;
    yy += (days[i]! - y) ** 2;
    xy += (values[i]! - x) * (days[i]! - y);
  }
  return xx === 0 || yy === 0 ? 0 : (xy * xy) / (xx * yy);
}

/**
 * Whether disputes are known while an invoice is open: they are when the flag is filled in on open invoices as it is on
 * settled ones. A flag that only settled invoices have is part of the outcome.
 */
export function knowsOpenDisputes({ settled, disputed, rows }: InvoiceFacts): boolean {
  if (settled === null || disputed === null) return false;
  let [open, filled] = [0, 0];
  for (let i = 0; i < rows; i++) {
    if (settled[i] !== missing.day) continue;
    open++;
    if (disputed[i] !== missing.flag) filled++;
  }
  return open >= leastRows && filled >= open / 2;
}
