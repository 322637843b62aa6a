import type { TapeFindings } from "../../models/findings-table.js";
import type { InvoiceColumns } from "../../models/invoice.js";
import type { PaymentModel } from "../../models/payment-card.js";
import type { CodeColumn } from "../../models/tape.js";
import type { Day } from "../calendar/day.js";
import { keyReader } from "./debtor-key.js";
import { type InvoiceFacts, invoiceFacts } from "./facts.js";
import { type Outlook, outlookOf, PaymentTiming } from "./predict.js";
import { stabilityOf } from "./stability.js";

/** Whose window it is in which the seller has to take an unpaid invoice back. */
export interface Recourse {
  readonly days: number;
  readonly from: "invoice_date" | "due_date";
}

export interface PaymentQuestion {
  /**
   * The day on which invoices without a settlement are known to be open: forecasts of those issued before it are given
   * that. The day that the model knows when left out; null looks at every invoice as on the day of its issue.
   */
  readonly openOn?: Day | null;
  readonly recourse?: Recourse;
  /** takes what is found: values never seen, columns that are missing, a population that is another one */
  readonly findings?: TapeFindings;
}

/** What is expected of invoices. Every array has one entry a row, and every entry is finite. */
export interface ExpectedPayment {
  /** the middle of the days from the invoice to its payment: the figure whose absolute error is least */
  readonly daysP50: Float64Array;
  /** the days within which nine of ten such invoices are paid; the model's horizon where fewer ever are */
  readonly daysP90: Float64Array;
  /** probability that it is paid after the day on which it falls due */
  readonly probabilityLate: Float64Array;
  /** share of the face that is expected to be credited, deducted or never paid */
  readonly dilutionRate: Float64Array;
  /** probability that it is not paid within the recourse window; null when none was asked about */
  readonly probabilityUnpaid: Float64Array | null;
}

/**
 * What a fitted model expects of invoices. Pure and deterministic.
 *
 * An invoice without a due date is taken to fall due after the history's usual terms. Credit notes and amounts of zero
 * get figures too, which mean nothing.
 *
 * @param recourse.days whole days, at least 0
 */
export function expectedPayment(
  model: PaymentModel,
  columns: InvoiceColumns,
  question: PaymentQuestion = {},
): ExpectedPayment {
  const facts = invoiceFacts(columns);
  const outlook = outlookOf(model, facts, question.openOn);
  if (question.findings !== undefined) stabilityOf(model, facts, outlook, question.findings);
  return expectedOf(model, facts, outlook, question.recourse);
}

/** The figures of an outlook. */
export function expectedOf(
  model: PaymentModel,
  facts: InvoiceFacts,
  outlook: Outlook,
  recourse?: Recourse,
): ExpectedPayment {
  const timing = new PaymentTiming(model, outlook);
  const sized = () => new Float64Array(facts.rows);
  const [daysP50, daysP90, probabilityLate] = [sized(), sized(), sized()];
  const probabilityUnpaid = recourse === undefined ? null : sized();
  for (let i = 0; i < facts.rows; i++) {
    const terms = outlook.termsDays[i]!;
    daysP50[i] = timing.quantile(i, 0.5);
    daysP90[i] = timing.quantile(i, 0.9);
    probabilityLate[i] = timing.survival(i, terms);
    if (probabilityUnpaid === null) continue;
    probabilityUnpaid[i] = timing.survival(i, recourse!.days + (recourse!.from === "due_date" ? terms : 0));
  }
  return { daysP50, daysP90, probabilityLate, dilutionRate: dilutionOf(model, facts), probabilityUnpaid };
}

function dilutionOf({ dilution, salt }: PaymentModel, facts: InvoiceFacts): Float64Array {
  const debtor = facts.sources.get("debtor") as CodeColumn;
  const keyOf = keyReader(salt);
  const rateOf = new Map(dilution.keys.map((key, at) => [key, dilution.rates[at]!]));
  const rates = debtor.labels.map((label) => rateOf.get(keyOf("debtor", label)) ?? dilution.rate);
  return Float64Array.from(debtor.values, (code) => rates[code] ?? dilution.rate);
}
