import assert from "node:assert/strict";
import { Refusal, type RefusalCode } from "../../models/refusal.js";
import { formatMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import type { PostedEntry } from "../store/entry.js";
import { type KnownPayment, readPaymentOf } from "../store/known-payment.js";
import { allPrincipal, insertPayments, type Payment } from "../store/payment.js";
import { readHoldings, savePositions } from "../store/position.js";
import { judgePayments, type PaymentLink, readPieces, withForm } from "./apply-payments.js";
import type { Context } from "./desk.js";
import { addEntries, type Book } from "./portfolio-book.js";
import { reversalOf, type TakeBackOrder, takenMinor } from "./taken-lines.js";

/**
 * Takes a payment back, all of it or a part: it goes the way of a payment that comes back, so that the claim, unapplied
 * cash, the commission and the recovered cost follow. Of its lines only the commission can go alone: the others are one movement.
 */
export async function takeBackPayment(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  const { portfolioId, currency } = book.portfolio;
  const original = await readPaymentOf(context.tx, portfolioId, target.sequence);
  if (order.lines !== undefined && order.lines.length < target.postings.length) {
    return takeBackCommission(context, book, { target, order, original });
  }
  const leftMinor = minor(original.amountMinor - original.returnedMinor);
  const amountMinor = takenMinor(leftMinor, { order, currency, what: "the payment" });
  const payment = await applyLinked(context, book, {
    fields: {
      account_number: target.accountNumber,
      amount: formatMinor(minor(-amountMinor), currency),
      paid_on: order.on,
      channel: original.channel,
    },
    link: {
      original,
      effectiveOn: order.effectiveOn,
      entry: { kind: "entry_reversed", reason: order.reason, originalOn: order.originalOn },
    },
  });
  return payment.sequence;
}

/** Applies one payment that is linked with another; what it is refused for, the act is refused for. */
export async function applyLinked(
  context: Context,
  book: Book,
  given: { fields: Readonly<Record<string, unknown>>; link: PaymentLink },
): Promise<Payment> {
  const pieces = readPieces(context, book.portfolio.portfolioId, [withForm({ row: 1, ...given })]);
  const { payments, refused, written } = await judgePayments(context, book, { pieces, batchNo: null });
  await written;
  const refusal = refused[0];
  if (refusal !== undefined) throw new Refusal(refusal.code as RefusalCode, refusal.detail);
  return payments[0]!;
}

/** The agency's fee was wrong and the payment was not: what the agency owes us, or we owe it, changes by the fee alone. */
async function takeBackCommission(
  context: Context,
  book: Book,
  taking: { target: PostedEntry; order: TakeBackOrder; original: KnownPayment },
): Promise<bigint> {
  const { target, order, original } = taking;
  const { tx } = context;
  const { portfolioId, currency } = book.portfolio;
  const line = commissionLine(target, order);
  const leftMinor = minor(original.commissionLeftMinor);
  const amountMinor = takenMinor(leftMinor, { order, currency, what: "the commission" });
  const sequence = await addEntries(context, book, [reversalOf(target, order, [{ ...line, amountMinor }])]);
  const payment: Payment = {
    ...original,
    ...unmoved,
    parts: { ...allPrincipal, grossRemittance: original.left.grossRemittance },
    sequence,
    accountNumber: target.accountNumber ?? "",
    commissionMinor: -amountMinor,
    paidOn: order.on,
    recordedAt: book.head.recordedAt,
    externalId: null,
    reverses: { sequence: target.sequence, externalId: null },
    standsFor: null,
    batchNo: null,
  };
  await insertPayments(tx, portfolioId, [payment]);
  await lowerCommission(context, portfolioId, { accountNumber: payment.accountNumber, amountMinor });
  return sequence;
}

const unmoved = { amountMinor: zeroMinor, appliedMinor: zeroMinor, unappliedMinor: zeroMinor };

function commissionLine(target: PostedEntry, order: TakeBackOrder) {
  const line = target.postings.find(({ debit }) => debit === "5000");
  if (line !== undefined && order.lines?.length === 1 && order.lines[0] === line.line) {
    return line as typeof line & { debit: "5000"; credit: "1100" | "2050" };
  }
  const alone = line === undefined ? "this payment has no commission" : `the commission, line ${line.line}`;
  throw new Refusal(
    "entry_not_reversible",
    `the lines of a payment are one movement, of which one can go alone (${alone}); reverse an amount, or all of it`,
  );
}

async function lowerCommission(
  { tx }: Context,
  portfolioId: string,
  by: { accountNumber: string; amountMinor: Minor },
): Promise<void> {
  const position = (await readHoldings(tx, portfolioId, [by.accountNumber])).get(by.accountNumber)?.position;
  assert(position !== undefined, "a payment stands on a receivable that was bought");
  const commissionMinor = position.commissionMinor - by.amountMinor;
  await savePositions(tx, portfolioId, [{ ...position, commissionMinor }]);
}
