import { Refusal } from "../../models/refusal.js";
import { invoicesCollected, type Presentation, receiptUnapplied } from "../ledger/factoring-events.js";
import { minor, zeroMinor } from "../money/money.js";
import { findReceipt, insertReceipt, readPaid, receiptDocumentOf } from "../store/debtor-receipt.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import {
  assertFacilityDay,
  childOf,
  type FacilityBook,
  loadInvoices,
  openFacilityBook,
  postEvent,
} from "./facility-book.js";

/**
 * A debtor's payment came back: its invoices are open again, and the funds on them are employed again. What was released
 * on them meanwhile stays released; the reserve is short by it, and the next release waits.
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
  const moves = original.kind === "invoices" ? await reopened(context, book, { sequence: original.sequence, on }) : [];
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

async function reopened(
  context: Context,
  book: FacilityBook,
  of: { sequence: bigint; on: string },
): Promise<InvoiceMove[]> {
  const paid = await readPaid(context.tx, book.facility.portfolioId, of.sequence);
  const invoices = await loadInvoices(context, book, [...paid.keys()]);
  return invoices.map((invoice): InvoiceMove => {
    if (invoice.state !== "purchased" && invoice.state !== "paid") {
      throw new Refusal(
        "invoice_not_open",
        `invoice ${invoice.invoiceNumber} is ${invoice.state.replace("_", " ")} since`,
      );
    }
    const amount = paid.get(invoice.invoiceNo)!;
    const collected = invoice.now.collected - amount;
    const out = invoice.advanceMinor - collected;
    const employed = out > zeroMinor ? out : zeroMinor;
    return {
      invoice,
      state: "purchased",
      settledOn: null,
      segmentOn: of.on,
      change: { open: amount, collected: -amount, employed: employed - invoice.now.employed },
    };
  });
}
