import { Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { believedDays } from "../factoring/accrual.js";
import { feesAccrued, invoicesCollected, type Presentation, receiptUnapplied } from "../ledger/factoring-events.js";
import { minor, zeroMinor } from "../money/money.js";
import {
  type DebtorReceipt,
  findReceipt,
  insertReceipt,
  readCollectedDays,
  readPaid,
  receiptDocumentOf,
} from "../store/debtor-receipt.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import {
  accrueInvoices,
  assertFacilityDay,
  childOf,
  type FacilityBook,
  loadInvoices,
  openFacilityBook,
  postEvent,
  rulesOf,
  termsOf,
} from "./facility-book.js";

/**
 * A debtor's payment came back: its invoices are open again, and the funds on them are employed again. What was released
 * on them meanwhile stays released; the reserve is short by it, and the next release waits. Where the terms say
 * `from_payment`, the days between cost what they would have cost without the payment.
 *
 * Guards in this order: the receipt (`not_found`, `conflict` where it came back before, or the seller had the money), the day
 * (`effective_date_refused`), its invoices (`invoice_not_open` where one has gone back or was lost since),
 * `amount_not_available` where its unapplied part has left.
 */
export const returnCollection = implement("return-collection", async (context, input) => {
  const { tx } = context;
  const { portfolioId, number } = childOf("dr", input.receipt_id, "receipt");
  const book = await openFacilityBook(context, portfolioId);
  const original = await findReceipt(tx, portfolioId, BigInt(number));
  if (original.kind === "paid_to_seller" || original.returnsSequence !== null) {
    throw new Refusal("conflict", `receipt ${input.receipt_id} brought us no money that could come back`);
  }
  const on = input.returned_on;
  assertFacilityDay(context, on, { day: original.receivedOn, what: "the receipt" });
  await assertUnapplied(context, book, original);
  const { presentation } = book.facility;
  const draft =
    original.kind === "invoices"
      ? collectedBack(original, presentation)
      : receiptUnapplied(original.kind, minor(-original.amountMinor));
  const moves = original.kind === "invoices" ? await reopened(context, book, { original, on }) : [];
  const reason = input.reason ?? "came back";
  const sequence = await postEvent(context, book, { draft, on, sourceKind: "debtor_receipt", reason, moves });
  const returned = {
    ...original,
    sequence,
    amountMinor: -original.amountMinor,
    appliedMinor: -original.appliedMinor,
    unappliedMinor: -original.unappliedMinor,
    receivedOn: on,
    externalId: null,
    returnsSequence: original.sequence,
    recordedAt: book.head.recordedAt,
  };
  await insertReceipt(tx, portfolioId, returned);
  return receiptDocumentOf(returned, book.facility);
});

function collectedBack(of: { appliedMinor: bigint; unappliedMinor: bigint }, how: Presentation) {
  return invoicesCollected({ appliedMinor: minor(-of.appliedMinor), overMinor: minor(-of.unappliedMinor) }, how);
}

async function assertUnapplied(
  { tx }: Context,
  { facility }: FacilityBook,
  { kind, unappliedMinor }: { kind: string; unappliedMinor: bigint },
): Promise<void> {
  const account = kind === "not_purchased" ? "2400" : "2110";
  const lies = -((await readBalances(tx, facility.portfolioId)).get(account) ?? 0n);
  if (unappliedMinor <= lies) return;
  throw new Refusal("amount_not_available", "the unapplied part of the receipt was applied or passed on since");
}

/** Interest, and fees on funds employed, for the days that the payment was believed, where the terms of the invoice ask for them. */
async function chargeBelieved(
  context: Context,
  book: FacilityBook,
  of: { original: DebtorReceipt; on: string; paid: ReadonlyMap<number, bigint> },
): Promise<void> {
  const { portfolioId, presentation } = book.facility;
  const invoiceNos = [...of.paid.keys()];
  const days = await readCollectedDays(context.tx, portfolioId, { invoiceNos, through: of.on });
  const moves: InvoiceMove[] = [];
  let [feeMinor, interestMinor] = [0n, 0n];
  for (const [invoiceNo, amount] of of.paid) {
    const invoice = book.invoices.get(invoiceNo)!;
    const terms = await termsOf(context, book, invoice);
    if (terms.returned_payments !== "from_payment") continue;
    const cost = believedDays(
      {
        advanceMinor: minor(invoice.advanceMinor),
        purchasedOn: parseDay(invoice.purchasedOn!),
        paidOn: parseDay(of.original.receivedOn),
        returnedOn: parseDay(of.on),
        amountMinor: minor(amount),
        collected: days.get(invoiceNo)!.map((one) => ({ on: parseDay(one.on), minor: minor(one.minor) })),
      },
      await rulesOf(context, book, invoice),
    );
    if (cost.feeMinor === 0n && cost.interestMinor === 0n) continue;
    feeMinor += cost.feeMinor;
    interestMinor += cost.interestMinor;
    const change = { fee: cost.feeMinor, interest: cost.interestMinor, reserve: -cost.feeMinor - cost.interestMinor };
    moves.push({ invoice, change });
  }
  if (moves.length === 0) return;
  const fees = { feeMinor: minor(feeMinor), interestMinor: minor(interestMinor), earnedMinor: zeroMinor };
  const draft = feesAccrued(fees, presentation);
  const reason = "for the days of a payment that came back";
  await postEvent(context, book, { draft, on: of.on, sourceKind: "fee_accrual", reason, moves });
}

async function reopened(
  context: Context,
  book: FacilityBook,
  { original, on }: { original: DebtorReceipt; on: string },
): Promise<InvoiceMove[]> {
  const paid = await readPaid(context.tx, book.facility.portfolioId, original.sequence);
  const invoices = await loadInvoices(context, book, [...paid.keys()]);
  for (const { state, invoiceNumber } of invoices) {
    if (state === "purchased" || state === "paid") continue;
    throw new Refusal("invoice_not_open", `invoice ${invoiceNumber} is ${state.replace("_", " ")} since`);
  }
  // what is out of those that were paid in part has cost what it has, up to the day that more of it is out
  await accrueInvoices(context, book, { invoices: invoices.filter(({ state }) => state === "purchased"), on });
  await chargeBelieved(context, book, { original, on, paid });
  return [...paid].map(([invoiceNo, amount]): InvoiceMove => {
    const invoice = book.invoices.get(invoiceNo)!;
    const collected = invoice.now.collected - amount;
    const out = invoice.advanceMinor - collected;
    const employed = out > zeroMinor ? out : zeroMinor;
    return {
      invoice,
      state: "purchased",
      settledOn: null,
      segmentOn: on < invoice.segmentOn! ? invoice.segmentOn! : on,
      change: { open: amount, collected: -amount, employed: employed - invoice.now.employed },
    };
  });
}
