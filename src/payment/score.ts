import type { TapeFindings } from "../../models/findings-table.js";
import type { InvoiceColumns } from "../../models/invoice.js";
import type { PaymentCard } from "../../models/payment-card.js";
import type { Day } from "../calendar/day.js";
import { type ExpectedPayment, expectedOf } from "./expected-payment.js";
import { invoiceFacts } from "./facts.js";
import { outlookOf } from "./predict.js";
import { type Reasons, reasonsOf } from "./reasons.js";
import { type Stability, stabilityOf } from "./stability.js";

export interface ScoreOrder {
  readonly card: PaymentCard;
  readonly columns: InvoiceColumns;
  /** takes what is found: values never seen, columns that are missing, a population that is another one */
  readonly findings: TapeFindings;
  /** as in `PaymentQuestion` */
  readonly openOn?: Day | null;
}

/** What is expected of each invoice of a file, why, and how far the file is like the history. */
export interface PaymentScore {
  readonly expected: ExpectedPayment;
  readonly reasons: Reasons;
  readonly stability: readonly Stability[];
}

/** Scores a file of invoices with a card, with reasons and with what is to be said of the file. */
export function scorePayment({ card, columns, findings, openOn }: ScoreOrder): PaymentScore {
  const facts = invoiceFacts(columns);
  const outlook = outlookOf(card.model, facts, openOn);
  return {
    expected: expectedOf(card.model, facts, outlook),
    reasons: reasonsOf(card.model, facts, outlook),
    stability: stabilityOf(card.model, facts, outlook, findings),
  };
}
