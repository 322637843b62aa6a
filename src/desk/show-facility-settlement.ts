import { releasable } from "../factoring/reserve.js";
import { formatMinor, minor, sumMinor } from "../money/money.js";
import { chargeDocumentOf, readCharges } from "../store/facility-charge.js";
import { readHeldInvoices } from "../store/invoice-moment.js";
import { readStanding } from "../store/schedule.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { balancesAt, type FacilityMoment, facilityAt, momentHead } from "./facility-moment.js";
import { dueFromSeller, reservedInvoice } from "./release-reserve.js";

/**
 * What is left between factor and seller on a day: what is open and held back, what each owes, and what the seller would be
 * paid if everything that may be released was. Of a facility that has ended it is the final settlement.
 */
export const showFacilitySettlement = implement("show-facility-settlement", async (context, input) =>
  settlementOf(context, await facilityAt(context, input), input.known_at),
);

export async function settlementOf({ tx }: Context, moment: FacilityMoment, knownAt?: string) {
  const { facility, terms, book } = moment;
  const { portfolioId } = facility;
  const { asOf, sequence } = book;
  const [held, balances, charges, standing] = await Promise.all([
    readHeldInvoices(tx, portfolioId, book),
    balancesAt(tx, moment, knownAt),
    readCharges(tx, portfolioId, { through: asOf, known: { sequence, knownAt: moment.knownAt } }),
    readStanding(tx, portfolioId),
  ]);
  const hasEnded = facility.endedOn !== null && facility.endedOn <= asOf;
  const open = held.filter(({ openMinor }) => openMinor > 0n);
  const reserve = releasable(
    held.map((invoice) => reservedInvoice({ ...invoice, settledOn: null }, asOf)),
    terms,
  );
  const isRunOff = hasEnded && open.length === 0;
  const owed = dueFromSeller(balances);
  const balance = (code: string) => balances.get(code) ?? 0n;
  // a pool that is below zero in the end is not made up for by anything that is still to come
  const pooledShort = isRunOff && reserve.balanceMinor < 0n ? -reserve.balanceMinor : 0n;
  const recourse = owed.recourseMinor + pooledShort;
  const escrow = -balance("2210");
  const toSeller = reserve.releasableMinor + (isRunOff ? escrow : 0n) - balance("2400");
  const net = toSeller - recourse - owed.heldMinor - owed.chargesMinor;
  const left = [
    reserve.balanceMinor,
    escrow,
    recourse,
    owed.heldMinor,
    owed.chargesMinor,
    balance("2400"),
    balance("2110"),
  ];
  const show = (amount: bigint) => formatMinor(amount, facility.currency);
  return {
    ...momentHead(moment),
    ended_on: hasEnded ? facility.endedOn : null,
    end_reason: hasEnded ? facility.endReason : null,
    open_schedules: standing.open,
    open_invoices: open.length,
    open: show(sumMinor(open.map(({ openMinor }) => minor(openMinor)))),
    funds_employed: show(sumMinor(open.map(({ employedMinor }) => minor(employedMinor)))),
    reserve: show(reserve.balanceMinor),
    releasable: show(reserve.releasableMinor),
    escrow: show(escrow),
    due_to_seller: show(-balance("2400")),
    unapplied: show(-balance("2110")),
    owed_for_recourse: show(recourse),
    owed_for_held_payments: show(owed.heldMinor),
    owed_for_charges: show(owed.chargesMinor),
    to_be_paid: show(net > 0n ? net : 0n),
    to_be_received: show(net < 0n ? -net : 0n),
    settled: open.length === 0 && left.every((amount) => amount === 0n),
    charges: charges.map((charge) => chargeDocumentOf(charge, facility)),
  };
}
