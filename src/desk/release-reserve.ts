import { Refusal } from "../../models/refusal.js";
import { reserveReleased } from "../ledger/factoring-events.js";
import { fraction, shareOf } from "../money/fraction.js";
import { formatMinor, lesserMinor, type Minor, minor, sumMinor, zeroMinor } from "../money/money.js";
import type { Facility } from "../store/facility.js";
import {
  type FactoredInvoice,
  factoredInvoiceDocumentOf,
  outstandingOf,
  readInvoicesOf,
  reserveBalanceOf,
} from "../store/factored-invoice.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { bookInvoiceEvents, eventDay, openInvoice } from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";

/**
 * Pays out the reserve of an invoice that is paid. A reserve that fees and short payment have brought below zero becomes a debt of the
 * business instead.
 *
 * Refuses in this order: `not_found`, `invoice_not_open` while debtors still owe on it, the day
 * (`effective_date_refused`), the amount (`amount_invalid`, `amount_not_available` for more than there is).
 */
export const releaseReserve = implement("release-reserve", async (context, input) => {
  const { book, invoice } = await openInvoice(context, input.invoice_id);
  const { facility } = book;
  if (invoice.state !== "paid" && invoice.state !== "charged_back") {
    throw new Refusal("invoice_not_open", `invoice ${invoice.invoiceNumber} is ${invoice.state}, not yet paid`);
  }
  eventDay(context, invoice, input.released_on);
  const balance = reserveBalanceOf(invoice);
  const owedMinor = minor(balance < 0n ? -balance : 0n);
  const most = owedMinor > 0n ? zeroMinor : await releasable(context.tx, facility, balance);
  const asked = input.amount === undefined ? most : movementMinor(input.amount, facility.currency);
  const show = (amount: Minor) => formatMinor(amount, facility.currency);
  if (asked > most) throw new Refusal("amount_not_available", `${show(most)} may be released, not ${show(asked)}`);
  if (asked === 0n && owedMinor === 0n)
    throw new Refusal("amount_not_available", "nothing of the reserve may be released");
  const after: FactoredInvoice = {
    ...invoice,
    releasedMinor: minor(invoice.releasedMinor + asked),
    owedMinor: minor(invoice.owedMinor + owedMinor),
  };
  const draft = reserveReleased({ paidMinor: asked, owedMinor });
  const event = { invoiceNo: invoice.invoiceNo, draft, amountMinor: asked - owedMinor, on: input.released_on };
  await bookInvoiceEvents(context, book, { events: [event], invoices: [after] });
  return factoredInvoiceDocumentOf(after, facility.currency);
});

/** What may be released of so much: all of it, or what lies above the floor of a pooled reserve. */
async function releasable(tx: Tx, facility: Facility, balance: Minor): Promise<Minor> {
  if (facility.terms.reserve.method === "per_invoice") return balance;
  const invoices = await readInvoicesOf(tx, { portfolioId: facility.portfolioId });
  const over = reservePool(invoices, facility).balanceMinor - reservePool(invoices, facility).floorMinor;
  return lesserMinor(balance, minor(over > 0n ? over : 0n));
}

export interface ReservePool {
  readonly balanceMinor: Minor;
  readonly floorMinor: Minor;
}

/** All reserves of a facility, and what the floor on outstanding invoices holds of them. */
export function reservePool(invoices: readonly FactoredInvoice[], { terms }: Facility): ReservePool {
  const outstanding = sumMinor(invoices.map(outstandingOf));
  const { method, floor_rate: floorRate } = terms.reserve;
  return {
    balanceMinor: sumMinor(invoices.map(reserveBalanceOf)),
    floorMinor: method === "pooled" ? shareOf(outstanding, fraction(floorRate)) : zeroMinor,
  };
}
