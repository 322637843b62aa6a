import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { type KeptBack, type ReservedInvoice, releasable, releaseParts, takenFrom } from "../factoring/reserve.js";
import { escrowReleased, reserveReleased, sellerDebts } from "../ledger/factoring-events.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import { type Invoice, readInvoices } from "../store/invoice.js";
import type { InvoiceMove } from "../store/invoice-event.js";
import type { HeldInvoice } from "../store/invoice-moment.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import { chargePayout } from "./charge-event.js";
import type { Context } from "./desk.js";
import {
  accrueInvoices,
  actDone,
  assertFacilityDay,
  type FacilityBook,
  facilityPortfolio,
  openFacilityBook,
  postEvent,
} from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";

/** An invoice as its reserve sees it on a day: settled where nothing was open of it by then. */
export function reservedInvoice(
  {
    invoiceNo,
    openMinor,
    reserveMinor,
    settledOn,
  }: Omit<HeldInvoice, "employedMinor"> & { readonly settledOn: string | null },
  on: string,
): ReservedInvoice {
  return { invoiceNo, openMinor, reserveMinor, isSettled: openMinor === 0n && (settledOn ?? on) <= on };
}

/**
 * Pays reserve back to the seller: what is left on settled invoices, or of a pool all above its floor. What the seller
 * owes is kept back first. Under a pool, fees are charged up to the day before.
 *
 * Guards in this order: the facility, the day (`effective_date_refused`), the amount (`amount_invalid`,
 * `amount_not_available` for more than may be released, or where nothing may), the month (`period_closed`).
 */
export const releaseReserve = implement("release-reserve", async (context, input) => {
  const { tx } = context;
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { portfolioId, currency, terms, presentation } = book.facility;
  const { released_on: on } = input;
  assertFacilityDay(context, on);
  const reserved = (await reservedInvoices(context, book, on)).map((invoice) =>
    reservedInvoice({ ...invoice, openMinor: invoice.now.open, reserveMinor: invoice.now.reserve }, on),
  );
  const may = releasable(reserved, terms);
  const amountMinor = input.amount === undefined ? may.releasableMinor : movementMinor(input.amount, currency);
  const balances = await readBalances(tx, portfolioId);
  const due = input.offset ? dueFromSeller(balances) : null;
  // charges that were taken back are paid out, with a release or alone
  const owesSeller = due !== null && due.chargesMinor < 0n && input.amount === undefined;
  if (amountMinor > may.releasableMinor || (amountMinor === 0n && !owesSeller)) {
    const [most, balance, floor] = [may.releasableMinor, may.balanceMinor, may.floorMinor].map((amount) =>
      formatMinor(amount, currency),
    );
    const kept = may.floorMinor === 0n ? "" : `, of which ${floor} must stay`;
    throw new Refusal(
      "amount_not_available",
      `${most} ${currency} may be released on ${on}; the reserve is ${balance}${kept}`,
    );
  }
  // a facility that has ended needs no cushion any more
  const escrowMinor = book.facility.endedOn === null ? -(balances.get("2210") ?? 0n) : null;
  const partsOf = (chargeMinor: Minor) =>
    releaseParts(amountMinor, { due: withCharge(due, chargeMinor), escrowMinor }, terms);
  const payoutMinor = await chargePayout(context, book, {
    on,
    what: "payment of the reserve",
    paidMinor: (chargeMinor) => partsOf(chargeMinor).cashMinor,
  });
  const parts = partsOf(payoutMinor);
  const moves = [...takenFrom(reserved, amountMinor)].map(
    ([invoiceNo, part]): InvoiceMove => ({ invoice: book.invoices.get(invoiceNo)!, change: { reserve: -part } }),
  );
  const draft = reserveReleased(parts, presentation);
  const sequence = await postEvent(context, book, { draft, on, sourceKind: "reserve_release", moves });
  const show = (amount: bigint) => formatMinor(amount, currency);
  return {
    facility_id: input.facility_id,
    currency,
    released_on: on,
    released: show(amountMinor),
    paid: show(parts.cashMinor),
    kept_for_recourse: show(parts.recourseMinor),
    kept_for_held_payments: show(parts.heldMinor),
    kept_for_charges: show(parts.chargesMinor),
    charged_for_payment: show(payoutMinor),
    put_in_escrow: show(parts.escrowMinor),
    entry_id: childId("en", portfolioId, sequence),
  };
});

/** Invoices with something open or held, after the fees of the day where the reserve is a pool. */
async function reservedInvoices(context: Context, book: FacilityBook, on: string): Promise<Invoice[]> {
  const all = await readInvoices(context.tx, book.facility.portfolioId, { withReserve: true });
  for (const invoice of all) book.invoices.set(invoice.invoiceNo, invoice);
  if (book.facility.terms.reserve.method === "pooled") {
    const due = all.filter(
      ({ state, purchasedOn, accruedOn }) => state === "purchased" && purchasedOn! <= on && accruedOn! <= on,
    );
    await accrueInvoices(context, book, { invoices: due, on });
  }
  return all.map(({ invoiceNo }) => book.invoices.get(invoiceNo)!);
}

/** What the seller owes, by the balances of the ledger. */
export function dueFromSeller(balances: ReadonlyMap<string, bigint>): KeptBack {
  const due = (what: keyof typeof sellerDebts) => minor(balances.get(sellerDebts[what]) ?? 0n);
  return { recourseMinor: due("recourse"), heldMinor: due("held_payments"), chargesMinor: due("charges") };
}

/** What is kept back when the payment is charged for as well. */
function withCharge(due: KeptBack | null, chargeMinor: Minor): KeptBack | null {
  return due === null ? null : { ...due, chargesMinor: minor(due.chargesMinor + chargeMinor) };
}

/**
 * Pays the escrow reserve out; what the seller owes is kept back first. Refuses `effective_date_refused`, `amount_invalid`,
 * `amount_not_available` for more than is in it.
 */
export const releaseEscrow = implement("release-escrow", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { portfolioId, currency, terms } = book.facility;
  const { released_on: on } = input;
  assertFacilityDay(context, on);
  const balances = await readBalances(context.tx, portfolioId);
  const heldMinor = minor(-(balances.get("2210") ?? 0n));
  const amountMinor = input.amount === undefined ? heldMinor : movementMinor(input.amount, currency);
  if (amountMinor > heldMinor || amountMinor === 0n) {
    const held = formatMinor(heldMinor, currency);
    throw new Refusal("amount_not_available", `${held} ${currency} are in the escrow reserve`);
  }
  const due = input.offset ? dueFromSeller(balances) : null;
  const partsOf = (chargeMinor: Minor) =>
    releaseParts(amountMinor, { due: withCharge(due, chargeMinor), escrowMinor: null }, terms);
  const payoutMinor = await chargePayout(context, book, {
    on,
    what: "payment of the escrow reserve",
    paidMinor: (chargeMinor) => partsOf(chargeMinor).cashMinor,
  });
  const { escrowMinor: _, ...parts } = partsOf(payoutMinor);
  const draft = escrowReleased(parts);
  const sequence = await postEvent(context, book, { draft, on, sourceKind: "escrow_release", moves: [] });
  return {
    ...actDone(book, { on, amountMinor, invoices: 0, sequences: [sequence] }),
    paid: formatMinor(parts.cashMinor, currency),
    kept_for_recourse: formatMinor(parts.recourseMinor, currency),
    kept_for_held_payments: formatMinor(parts.heldMinor, currency),
    kept_for_charges: formatMinor(parts.chargesMinor, currency),
    charged_for_payment: formatMinor(payoutMinor, currency),
  };
});
