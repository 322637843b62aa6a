import type { InvoiceColumns } from "../../models/invoice.js";
import { type PaymentModel, paymentCardSchema } from "../../models/payment-card.js";
import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import type { CodeColumn } from "../../models/tape.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import type { OfferedInvoice } from "../factoring/schedule-base.js";
import { expectedPayment } from "../payment/expected-payment.js";
import { findModel } from "../store/model-version.js";
import type { Tx } from "../store/transaction.js";

export interface PaymentInUse {
  readonly model: PaymentModel;
  readonly used: UsedModel;
}

/**
 * A stored model of payment behaviour that may still be used, for an offer of a day.
 *
 * @throws Refusal `not_found`; `conflict` for one that was retired, or that knows of payments after the day;
 *   `currency_mismatch`
 */
export async function paymentModelInUse(
  tx: Tx,
  modelId: string,
  of: { currency: string; asOf: Day },
): Promise<PaymentInUse> {
  const kept = await findModel(tx, modelId, "payment_behaviour");
  const { id, kind, name, version, hash, state, retired_reason } = kept;
  if (state === "retired") throw new Refusal("conflict", `${modelId} is retired: ${retired_reason}`);
  const { model, data } = paymentCardSchema.parse(kept.card);
  if (data.currency !== of.currency) {
    throw new Refusal("currency_mismatch", `the model is in ${data.currency}, the facility is in ${of.currency}`);
  }
  // it knows what was known on the morning of its day
  if (parseDay(model.as_of) > of.asOf) {
    throw new Refusal(
      "conflict",
      `${modelId} knows of payments up to ${model.as_of}; the day is ${formatDay(of.asOf)}`,
    );
  }
  return { model, used: { id, kind, name, version, hash } };
}

/** The model's version, as a document names it. */
export function paymentModelWords({ name, version, id, hash }: UsedModel): string {
  return `how debtors have paid: model "${name}" version ${version} (${id}, ${hash.slice(0, 12)})`;
}

/** Invoices with the day on which each is expected to be paid, given that it is open on the day. */
export function withExpectedDays(
  invoices: readonly OfferedInvoice[],
  model: PaymentModel,
  of: { currency: string; asOf: Day },
): OfferedInvoice[] {
  const { daysP50 } = expectedPayment(model, columnsOf(invoices, of.currency), { openOn: of.asOf });
  return invoices.map((invoice, i) => ({ ...invoice, expectedDays: daysP50[i]! }));
}

/** What is known of stored invoices on the day of an offer, as columns; they have no columns of the seller's own. */
function columnsOf(invoices: readonly OfferedInvoice[], currency: string): InvoiceColumns {
  return {
    rows: invoices.length,
    rowNumbers: Int32Array.from(invoices, (_, i) => i + 1),
    currency,
    invoiceNumbers: invoices.map(({ invoiceNumber }) => invoiceNumber),
    debtor: codesOf(invoices.map(({ debtorId }) => debtorId)),
    debtorName: null,
    invoiceDay: Int32Array.from(invoices, ({ issuedOn }) => issuedOn),
    dueDay: Int32Array.from(invoices, ({ dueOn }) => dueOn),
    amountMinor: BigInt64Array.from(invoices, ({ amountMinor }) => amountMinor),
    paidMinor: BigInt64Array.from(invoices, ({ paidMinor }) => paidMinor),
    settledDay: null,
    purchaseOrder: null,
    proofOfDelivery: null,
    verified: null,
    customerNumber: null,
    country: codesOf(invoices.map(({ country }) => country)),
    disputed: Uint8Array.from(invoices, ({ disputed }) => (disputed ? 1 : 0)),
    disputedMinor: null,
    debtorType: codesOf(invoices.map(({ debtorType }) => debtorType)),
    extras: new Map(),
  };
}

function codesOf(texts: readonly (string | null)[]): CodeColumn {
  const codes = new Map<string, number>();
  const values = Int32Array.from(texts, (text) => {
    if (text === null) return -1;
    const code = codes.get(text) ?? codes.size;
    codes.set(text, code);
    return code;
  });
  return { kind: "code", values, labels: [...codes.keys()] };
}
