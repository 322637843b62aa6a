import type { InvoiceColumns } from "../../models/invoice.js";
import { paymentCardSchema } from "../../models/payment-card.js";
import type { PaymentScoreDocument } from "../../models/payment-score.js";
import { Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { type PaymentScore, scorePayment } from "../payment/score.js";
import { type AddedColumn, assertWritable, writeExtended } from "../tape/extended-file.js";
import { readInvoices } from "../tape/invoices.js";
import { findingsPart } from "./findings-part.js";
import { type InvoiceOrder, invoiceOptions, since } from "./fit-payment.js";
import { parseCard } from "./parse-card.js";

export interface ScorePaymentOrder extends InvoiceOrder {
  /** the card as it was read from its file; checked here */
  readonly model: unknown;
  /** the day on which unsettled invoices are known to be open, YYYY-MM-DD; the model's own when left out */
  readonly asOf: string | undefined;
}

/**
 * Adds to a file of invoices what a model expects of each, and why; writes it as CSV or Parquet.
 *
 * @throws Refusal for a file or layout that cannot be read, `model_invalid` for a card that is none, and
 *   `currency_mismatch` for amounts in another currency than the model's
 */
export async function scorePaymentFile(order: ScorePaymentOrder): Promise<PaymentScoreDocument> {
  const started = order.seconds();
  assertWritable(order.out);
  const card = parseCard(paymentCardSchema, order.model, "payment card");
  const openOn = order.asOf === undefined ? undefined : parseDay(order.asOf);
  const read = await readInvoices(order.path, invoiceOptions(order));
  const { columns, findings, layout } = read;
  if (columns.currency !== card.data.currency) {
    const learned = `the model learned from amounts in ${card.data.currency}`;
    throw new Refusal(
      "currency_mismatch",
      `${learned}, the file is read in ${columns.currency}; --currency says which`,
    );
  }
  const score = scorePayment({ card, columns, findings, ...(openOn === undefined ? {} : { openOn }) });
  const isInvoice = invoicesAmong(columns);
  const { expected, reasons } = score;
  const only = (values: Float64Array) => values.map((value, i) => (isInvoice[i] === 1 ? value : Number.NaN));
  const numbers = (name: string, values: Float64Array, decimals: number) => ({ name, values: only(values), decimals });
  const words = (name: string, codes: Int32Array) => ({
    name,
    textOf: (row: number) => (reasons.words[codes[row]!] === "" ? -1 : codes[row]!),
    texts: reasons.words,
  });
  const added: AddedColumn[] = [
    numbers("probability_late", expected.probabilityLate, 6),
    numbers("expected_days_to_pay", expected.daysP50, 2),
    numbers("days_to_pay_p90", expected.daysP90, 2),
    numbers("expected_dilution_rate", expected.dilutionRate, 6),
    words("reason_1", reasons.first),
    words("reason_2", reasons.second),
    words("reason_3", reasons.third),
  ];
  const { path, workFolder, out } = order;
  await writeExtended({ path, layout, rowNumbers: columns.rowNumbers, added, out, raw: false, workFolder });
  return {
    ...summary(score, isInvoice, read),
    out: order.out,
    findings: findingsPart(findings, order.maxFindings),
    seconds: since(started, order),
  };
}

/** Credit notes and amounts of zero are nothing that is paid: they get no figures. */
function invoicesAmong({ amountMinor }: InvoiceColumns): Uint8Array {
  return Uint8Array.from(amountMinor, (amount) => (amount > 0n ? 1 : 0));
}

function summary(score: PaymentScore, isInvoice: Uint8Array, read: { rowsInFile: number; rejected: number }) {
  let [scored, late, days] = [0, 0, 0];
  for (let i = 0; i < isInvoice.length; i++) {
    if (isInvoice[i] === 0) continue;
    scored++;
    late += score.expected.probabilityLate[i]!;
    days += score.expected.daysP50[i]!;
  }
  return {
    rows: read.rowsInFile,
    scored,
    rejected: read.rejected,
    late_forecast: scored === 0 ? null : late / scored,
    expected_days_to_pay: scored === 0 ? null : days / scored,
    stability: score.stability.map(({ column, psi, unseenShare }) => ({ column, psi, unseen_share: unseenShare })),
  };
}
