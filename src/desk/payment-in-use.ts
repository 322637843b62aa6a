import type { ExpectedFinding } from "../../models/factoring-offer.js";
import { TapeFindings } from "../../models/findings-table.js";
import { type PaymentModel, paymentCardSchema } from "../../models/payment-card.js";
import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import type { OfferedInvoice } from "../factoring/schedule-base.js";
import { expectedPayment } from "../payment/expected-payment.js";
import { findModel } from "../store/model-version.js";
import type { Tx } from "../store/transaction.js";
import { storedColumns } from "./stored-columns.js";

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

/**
 * Invoices with the day on which each is expected to be paid, given that it is open on the day; and what the model lacks of
 * them. The books keep the canonical columns alone: one of the seller's own is not there.
 */
export function withExpectedDays(
  invoices: readonly OfferedInvoice[],
  model: PaymentModel,
  of: { currency: string; asOf: Day },
): { invoices: OfferedInvoice[]; findings: ExpectedFinding[] } {
  const findings = new TapeFindings();
  const { daysP50 } = expectedPayment(model, storedColumns(invoices, of.currency), { openOn: of.asOf, findings });
  return {
    invoices: invoices.map((invoice, i) => ({ ...invoice, expectedDays: daysP50[i]! })),
    findings: [...findings].map(({ code, column, message }) => ({ code, column, message }) as ExpectedFinding),
  };
}
