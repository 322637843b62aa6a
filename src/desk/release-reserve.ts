import type { InvoiceState } from "../../models/facility.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { reserveReleased } from "../ledger/factoring-events.js";
import { fraction, shareOf } from "../money/fraction.js";
import { formatMinor, lesserMinor, type Minor, maxMinor, minor, zeroMinor } from "../money/money.js";
import type { Facility } from "../store/facility.js";
import {
  type FactoredInvoice,
  factoredInvoiceDocumentOf,
  readWithReserveLeft,
  reserveBalanceOf,
  sumReserves,
} from "../store/factored-invoice.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import {
  bookInvoiceEvents,
  eventDay,
  facilityOfInput,
  type InvoiceEvent,
  openFacilityBook,
  openInvoice,
} from "./facility-book.js";
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
  if (!isEnded(invoice.state)) {
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

/**
 * Releases all that may be released in a facility, invoice by invoice in the order they were assigned: the rebate that
 * a factor pays weekly or monthly. With a pooled reserve, what lies above the floor.
 */
export const releaseReserves = implement("release-reserves", async (context, input) => {
  const book = await openFacilityBook(context, facilityOfInput(input));
  const { facility } = book;
  const on = input.released_on;
  if (parseDay(on) > context.today) {
    throw new Refusal("effective_date_refused", `${on} lies in the future; today is ${formatDay(context.today)}`);
  }
  const invoices = await readWithReserveLeft(context.tx, facility.portfolioId);
  const pool = await reservePool(context.tx, facility);
  // reserve by reserve nothing limits it; a pool gives what lies above its floor
  let room: bigint = facility.terms.reserve.method === "pooled" ? pool.balanceMinor - pool.floorMinor : maxMinor;
  const [events, changed]: [InvoiceEvent[], FactoredInvoice[]] = [[], []];
  let [released, owed] = [0n, 0n];
  for (const invoice of invoices) {
    const balance = reserveBalanceOf(invoice);
    if ((invoice.accruedOn ?? "") > on) continue;
    const paid = balance > 0n ? (balance < room ? balance : room > 0n ? room : 0n) : 0n;
    const below = balance < 0n ? -balance : 0n;
    if (paid === 0n && below === 0n) continue;
    room -= paid;
    const [paidMinor, owedMinor] = [minor(paid), minor(below)];
    const draft = reserveReleased({ paidMinor, owedMinor });
    events.push({ invoiceNo: invoice.invoiceNo, draft, amountMinor: paid - below, on });
    changed.push({
      ...invoice,
      releasedMinor: minor(invoice.releasedMinor + paid),
      owedMinor: minor(invoice.owedMinor + below),
    });
    released += paid;
    owed += below;
  }
  await bookInvoiceEvents(context, book, { events, invoices: changed });
  return {
    facility_id: input.facility_id,
    released_on: on,
    invoices: changed.length,
    released: formatMinor(released, facility.currency),
    owed: formatMinor(owed, facility.currency),
  };
});

/** What may be released of so much: all of it, or what lies above the floor of a pooled reserve. */
async function releasable(tx: Tx, facility: Facility, balance: Minor): Promise<Minor> {
  if (facility.terms.reserve.method === "per_invoice") return balance;
  const pool = await reservePool(tx, facility);
  const over = pool.balanceMinor - pool.floorMinor;
  return lesserMinor(balance, minor(over > 0n ? over : 0n));
}

/** Whether debtors owe nothing on an invoice any more, so that its reserve may be released. */
export function isEnded(state: InvoiceState): boolean {
  return state === "paid" || state === "charged_back" || state === "written_off";
}

export interface ReservePool {
  readonly balanceMinor: Minor;
  readonly floorMinor: Minor;
}

/** All reserves of a facility, and what the floor on outstanding invoices holds of them. */
export async function reservePool(tx: Tx, { portfolioId, terms }: Facility): Promise<ReservePool> {
  const { balanceMinor, outstandingMinor } = await sumReserves(tx, portfolioId);
  const { method, floor_rate: floorRate } = terms.reserve;
  return {
    balanceMinor,
    floorMinor: method === "pooled" ? shareOf(outstandingMinor, fraction(floorRate)) : zeroMinor,
  };
}
