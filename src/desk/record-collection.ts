import type { ActParsed } from "../../models/acts.js";
import type { ReceiptOf } from "../../models/factoring-life.js";
import { Refusal } from "../../models/refusal.js";
import {
  invoicesCollected,
  invoicesDiluted,
  invoicesPaidToSeller,
  receiptUnapplied,
} from "../ledger/factoring-events.js";
import { formatMinor, lesserMinor, type Minor, minor, sumMinor, zeroMinor } from "../money/money.js";
import { type DebtorReceipt, insertReceipt, receiptDocumentOf } from "../store/debtor-receipt.js";
import type { Invoice } from "../store/invoice.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import { implement } from "./act.js";
import { chargeUnfactored } from "./charge-event.js";
import type { Context } from "./desk.js";
import {
  accrueInvoices,
  assertFacilityDay,
  type FacilityBook,
  facilityPortfolio,
  nameOf,
  openFacilityBook,
  openInvoices,
  postEvent,
} from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";
import { claimShortfalls } from "./settle-invoices.js";

type Input = ActParsed<"record-collection">;

/** What a receipt pays of one invoice. */
interface Paying {
  readonly invoice: Invoice;
  /** the part of it that the invoice takes */
  readonly appliedMinor: Minor;
  readonly overMinor: Minor;
  /** what the debtor deducts, with the reason; undefined where the invoice stays open for the rest */
  readonly deducted: { readonly minor: Minor; readonly reason: string } | undefined;
}

/**
 * Records what a debtor paid. Fees are charged up to the day, then the invoices are paid, then what is deducted comes out of
 * the reserve; an invoice that nothing is open of any more is settled. What is over is unapplied cash. A payment on an invoice that was
 * not sold is charged for where the terms say so.
 *
 * Guards in this order: the facility (`not_found`), the day (`effective_date_refused`), the amounts (`amount_invalid`), the
 * invoices (`not_found`, `invoice_not_open`, `effective_date_refused` before the purchase), `already_exists` for a known
 * external_id, then the month (`period_closed`).
 */
export const recordCollection = implement("record-collection", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  assertFacilityDay(context, input.received_on);
  const booked =
    input.invoices === undefined ? await recordUnapplied(context, book, input) : await recordPaid(context, book, input);
  const receipt: DebtorReceipt = {
    ...booked,
    kind: input.kind,
    receivedOn: input.received_on,
    reference: input.reference ?? null,
    externalId: input.external_id ?? null,
    returnsSequence: null,
    recordedAt: book.head.recordedAt,
  };
  await insertReceipt(context.tx, book.facility.portfolioId, receipt);
  if (input.kind === "not_purchased") await chargeUnfactored(context, book, input.received_on);
  return receiptDocumentOf(receipt, book.facility);
});

type Booked = Pick<DebtorReceipt, "sequence" | "amountMinor" | "appliedMinor" | "unappliedMinor" | "debtorId">;

async function recordUnapplied(context: Context, book: FacilityBook, input: Input): Promise<Booked> {
  const amountMinor = movementMinor(input.amount!, book.facility.currency);
  const draft = receiptUnapplied(input.kind as Extract<ReceiptOf, "not_purchased" | "unidentified">, amountMinor);
  const sequence = await postEvent(context, book, {
    draft,
    on: input.received_on,
    sourceKind: "debtor_receipt",
    moves: [],
  });
  const debtorId = input.debtor_id ?? null;
  return { sequence, amountMinor, appliedMinor: 0n, unappliedMinor: amountMinor, debtorId };
}

async function recordPaid(context: Context, book: FacilityBook, input: Input): Promise<Booked> {
  const { received_on: on, kind } = input;
  const { presentation } = book.facility;
  const paying = await payingOf(context, book, input);
  const settled = new Set(
    paying
      .filter(({ invoice, appliedMinor, deducted }) => invoice.now.open === appliedMinor + (deducted?.minor ?? 0n))
      .map(({ invoice }) => invoice.invoiceNo),
  );
  await accrueInvoices(context, book, { invoices: paying.map(({ invoice }) => invoice), on, settled });
  const appliedMinor = sumMinor(paying.map((one) => one.appliedMinor));
  const overMinor = sumMinor(paying.map((one) => one.overMinor));
  const draft =
    kind === "paid_to_seller"
      ? invoicesPaidToSeller(appliedMinor, presentation)
      : invoicesCollected({ appliedMinor, overMinor }, presentation);
  const sequence = await postEvent(context, book, {
    draft,
    on,
    sourceKind: "debtor_receipt",
    moves: paying.map((one) => paidMove(book, one, on)),
  });
  await deduct(context, book, { paying, on });
  await claimShortfalls(context, book, { invoiceNos: [...settled], on });
  const debtors = new Set(paying.map(({ invoice }) => invoice.debtorId));
  const debtorId = debtors.size === 1 ? [...debtors][0]! : null;
  return { sequence, amountMinor: minor(appliedMinor + overMinor), appliedMinor, unappliedMinor: overMinor, debtorId };
}

async function payingOf(context: Context, book: FacilityBook, input: Input): Promise<Paying[]> {
  const { currency } = book.facility;
  const stated = input.invoices!;
  const amounts = stated.map(({ amount, short_reason }) =>
    short_reason !== undefined && /^0(\.0+)?$/.test(amount) ? zeroMinor : movementMinor(amount, currency),
  );
  if (input.amount !== undefined) {
    const [total, said] = [sumMinor(amounts), movementMinor(input.amount, currency)];
    if (total !== said) {
      const found = formatMinor(total, currency);
      throw new Refusal(
        "control_total_mismatch",
        `the invoices come to ${found} ${currency}; ${input.amount} is stated`,
      );
    }
  }
  const invoices = await openInvoices(
    context,
    book,
    stated.map(({ invoice_id }) => invoice_id),
  );
  return invoices.map((invoice, i): Paying => {
    assertFacilityDay(context, input.received_on, { day: invoice.purchasedOn!, what: "the purchase of the invoice" });
    const openMinor = minor(invoice.now.open);
    const appliedMinor = lesserMinor(amounts[i]!, openMinor);
    const overMinor = minor(amounts[i]! - appliedMinor);
    if (overMinor > 0n && input.kind === "paid_to_seller") {
      const open = formatMinor(openMinor, currency);
      throw new Refusal("amount_not_available", `${nameOf(book, invoice.invoiceNo)} has ${open} ${currency} open`);
    }
    const { short_reason, x12_code } = stated[i]!;
    const short = short_reason === undefined ? zeroMinor : minor(openMinor - appliedMinor);
    const reason = x12_code === undefined ? short_reason! : `${short_reason} (X12 426 ${x12_code})`;
    return { invoice, appliedMinor, overMinor, deducted: short === 0n ? undefined : { minor: short, reason } };
  });
}

function paidMove(book: FacilityBook, { invoice, appliedMinor }: Paying, on: string): InvoiceMove {
  const now = book.invoices.get(invoice.invoiceNo)!;
  const employed = lesserMinor(minor(now.now.employed), appliedMinor);
  const isPaid = now.now.open === appliedMinor;
  return {
    invoice: now,
    change: { open: -appliedMinor, collected: appliedMinor, employed: -employed },
    ...(isPaid ? { state: "paid" as const, settledOn: on } : {}),
    ...(employed === 0n || on < now.segmentOn! ? {} : { segmentOn: on }),
  };
}

/** Deductions, all in one entry: the rest of each invoice leaves what is open and what is held back. */
async function deduct(context: Context, book: FacilityBook, of: { paying: readonly Paying[]; on: string }) {
  const { on } = of;
  const short = of.paying.filter(({ deducted }) => deducted !== undefined);
  if (short.length === 0) return;
  const moves = short.map(({ invoice, deducted }): InvoiceMove => {
    const now = book.invoices.get(invoice.invoiceNo)!;
    const { minor: amount, reason } = deducted!;
    const change = { open: -amount, reserve: -amount, diluted: amount, employed: -now.now.employed };
    return { invoice: now, change, state: "paid", settledOn: on, reason };
  });
  const amountMinor = sumMinor(short.map(({ deducted }) => deducted!.minor));
  const reason = short.length === 1 ? short[0]!.deducted!.reason : "several reasons";
  const draft = invoicesDiluted(amountMinor, book.facility.presentation);
  await postEvent(context, book, { draft, on, sourceKind: "deduction", reason, moves });
}
