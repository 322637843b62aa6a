import type { TapeFindings } from "../../models/findings-table.js";
import type { InvoiceColumns } from "../../models/invoice.js";
import { type PaymentCard, type PaymentModel, paymentCardSchema } from "../../models/payment-card.js";
import { Refusal } from "../../models/refusal.js";
import { missing } from "../../models/tape.js";
import { type Day, formatDay } from "../calendar/day.js";
import { type InvoiceFacts, invoiceFacts } from "./facts.js";
import { fitModel } from "./fit-model.js";
import { testOutOfTime } from "./folds.js";
import { type HistoryAsOf, historyAsOf } from "./history.js";
import { knowsOpenDisputes, screenSources } from "./screen.js";

export interface FitOrder {
  readonly columns: InvoiceColumns;
  /** takes what is found to be wrong with the history */
  readonly findings: TapeFindings;
  /** what was known on the morning of this day is learned from */
  readonly asOf: Day;
  readonly file: { readonly name: string; readonly sha256: string };
}

/** A history that goes on for so many days without anything in it has ended, and says nothing of them. */
const mostSilentDays = 14;
/** Fewer settled invoices are no ground for a price. */
export const thinBelow = 100;

/**
 * Learns from a history how debtors pay, strictly as of a day, and measures out of time how well.
 *
 * The same history and day give the same card to the last digit.
 *
 * @returns the card: complete to score from, readable, and without anybody's name
 * @throws Refusal `history_unusable` when no invoice was settled before the day
 */
export function fitPayment({ columns, findings, asOf, file }: FitOrder): PaymentCard {
  const facts = invoiceFacts(columns);
  const knownUntil = lastKnownDay(facts, asOf, findings);
  const history = historyAsOf(facts, knownUntil);
  addHistoryFindings(history, facts, findings);
  if (history.settledCount === 0) {
    throw new Refusal(
      "history_unusable",
      `no invoice of the ${facts.rows} was settled before ${formatDay(asOf)}; a history needs settled_date`,
    );
  }
  const { names, columns: uses } = screenSources(facts, history, findings);
  const options = { sources: names, knowsOpenDisputes: knowsOpenDisputes(facts), salt: file.sha256.slice(0, 32) };
  const model = fitModel(history, options);
  const metrics = testOutOfTime(facts, knownUntil, options);
  const issued = history.facts.issued;
  const card: PaymentCard = {
    kind: "payment",
    version: 1,
    data: {
      file: file.name,
      sha256: file.sha256,
      currency: columns.currency,
      as_of: formatDay(asOf),
      rows: facts.rows,
      settled: history.settledCount,
      open: history.facts.rows - history.settledCount,
      left_out: facts.rows - history.facts.rows,
      debtors: new Set(history.facts.sources.get("debtor")!.values).size,
      first_issued_on: formatDay(issued.reduce((a, b) => Math.min(a, b)) as Day),
      last_issued_on: formatDay(issued.reduce((a, b) => Math.max(a, b)) as Day),
    },
    columns: [...usesIn(model, uses), ...usesOfFlags(facts, options.knowsOpenDisputes)],
    metrics,
    limits: limitsOf(history, metrics.folds.length),
    model,
  };
  return paymentCardSchema.parse(rounded(card));
}

/** Seven digits tell all there is to tell, and can be read. */
function rounded<T>(value: T): T {
  if (typeof value === "number") return (Number.isInteger(value) ? value : Number(value.toPrecision(7))) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)])) as T;
}

/**
 * The day up to which the history knows what happened: the day of valuation, unless the file ends long before it. Then
 * its open invoices were not watched to the day, and nobody knows that they are still open.
 */
function lastKnownDay(facts: InvoiceFacts, asOf: Day, findings: TapeFindings): Day {
  let last = -Infinity;
  for (let i = 0; i < facts.rows; i++) {
    if (facts.issued[i]! < asOf) last = Math.max(last, facts.issued[i]!);
    for (const days of [facts.settled, facts.watchedUntil]) {
      const day = days?.[i] ?? missing.day;
      if (day !== missing.day && day < asOf) last = Math.max(last, day);
    }
  }
  if (asOf - last <= mostSilentDays || last === -Infinity) return asOf;
  const note = `the last day in it is ${formatDay(last as Day)}; open invoices count as watched until then`;
  findings.add("history_ends_early", { value: formatDay(asOf), note });
  return (last + 1) as Day;
}

function addHistoryFindings(history: HistoryAsOf, facts: InvoiceFacts, findings: TapeFindings): void {
  const { left, settledCount, days, isSettled } = history;
  if (left.later > 0) {
    findings.add("issued_after_as_of", { column: "invoice_date", note: `${left.later} of ${facts.rows} invoices` });
  }
  if (left.settledLater > 0) {
    findings.add("outcome_after_as_of", { column: "settled_date", note: `${left.settledLater} invoices` });
  }
  if (settledCount === 0) return;
  if (settledCount < thinBelow) {
    findings.add("history_thin", {
      value: String(settledCount),
      note: `${thinBelow} settled invoices or more are asked for`,
    });
  }
  let late = 0;
  for (let i = 0; i < days.length; i++) if (isSettled[i] === 1 && days[i]! > history.facts.termsDays[i]!) late++;
  if (late === 0 || late === settledCount) {
    findings.add("history_one_class", {
      note: late === 0 ? "no invoice was paid late" : "every invoice was paid late",
    });
  }
}

/** Columns that were tried and told nothing are not in the model. */
function usesIn(model: PaymentModel, uses: PaymentCard["columns"]): PaymentCard["columns"] {
  const looked = new Set(model.terms.map(({ source }) => source?.replace(/^extra\./, "")));
  return uses.map((column) => {
    if (column.use === "left out" || looked.has(column.name)) return column;
    return { ...column, use: "left out", why: "tells nothing that the others do not" };
  });
}

/** What was done with the columns that tell of the outcome. */
function usesOfFlags(facts: InvoiceFacts, knowsDisputes: boolean): PaymentCard["columns"] {
  const columns: PaymentCard["columns"] = [
    { name: "debtor_id", use: "used", why: "who pays; a debtor with few invoices is drawn towards the usual" },
    {
      name: "settled_date",
      use: "used",
      why: "the outcome, where it lies before the day; otherwise the invoice is open",
    },
  ];
  if (facts.disputed !== null) {
    const why = knowsDisputes
      ? "known while an invoice is open: of past invoices and of the one that is scored"
      : "known of settled invoices alone, so part of the outcome: of past invoices, never of the one that is scored";
    columns.push({ name: "disputed", use: "used", why });
  }
  if (facts.paid !== null) columns.push({ name: "paid_amount", use: "used", why: "dilution of settled invoices" });
  return columns;
}

function limitsOf({ settledCount, facts, asOf, days }: HistoryAsOf, folds: number): string[] {
  const longest = days.reduce((most, value) => Math.max(most, value), 0);
  const limits = [
    `Learned from ${settledCount} settled invoices issued before ${formatDay(asOf as Day)}; debtors who change how they pay are followed with a lag.`,
    `No invoice was watched for longer than ${longest} days; what happens after that is not known, and no forecast goes beyond it.`,
    "Whether a debtor will become insolvent is not forecast; a debtor's limit needs a credit check of its own.",
    "A forecast is of invoices like those of the history: sold on similar terms, to similar debtors, by the same seller.",
  ];
  if (settledCount < thinBelow) limits.unshift(`Only ${settledCount} settled invoices: do not price on this.`);
  if (folds === 0) limits.unshift("The history is too short to test the model out of time: its quality is not known.");
  if (facts.disputed === null) limits.push("The history does not say which invoices were disputed.");
  return limits;
}
