import type { EventCharge } from "../../models/factoring-terms.js";
import { parseDay } from "../calendar/day.js";
import { chargesPer, termsOn } from "../factoring/charges.js";
import { payoutCharge } from "../factoring/reserve.js";
import { type Minor, sumMinor, zeroMinor } from "../money/money.js";
import { type FacilityCharge, nextRevision } from "../store/facility-charge.js";
import type { Context } from "./desk.js";
import type { FacilityBook } from "./facility-book.js";
import { bookCharge, readCourse } from "./facility-charges.js";

interface HappenedEvent {
  readonly per: EventCharge;
  readonly on: string;
  /** what happened, in words; empty where the code says it */
  readonly what: string;
}

/** Books one charge for something that happened. Throws `period_closed`. */
export async function bookEvent(
  context: Context,
  book: FacilityBook,
  { per, code, amountMinor, on, what }: HappenedEvent & { readonly code: string; readonly amountMinor: Minor },
): Promise<FacilityCharge> {
  const name = { kind: per, code, periodOn: on };
  const revision = await nextRevision(context.tx, book.facility.portfolioId, name);
  const reason = what === "" ? code : `${code}: ${what}`;
  return bookCharge(context, book, { ...name, revision, amountMinor, happenedOn: on, reason });
}

/** Charges what the terms of the day ask for an event, and returns it; `allowed` may leave it out. */
async function chargeEvent(
  context: Context,
  book: FacilityBook,
  event: HappenedEvent,
  allowed: (chargeMinor: Minor) => Minor,
): Promise<Minor> {
  const terms = termsOn(await readCourse(context.tx, book.facility.portfolioId), parseDay(event.on));
  const charges = chargesPer(terms, event.per);
  const chargedMinor = allowed(sumMinor(charges.map(({ amountMinor }) => amountMinor)));
  if (chargedMinor === 0n) return zeroMinor;
  for (const charge of charges) await bookEvent(context, book, { ...event, ...charge });
  return chargedMinor;
}

/** A debtor paid on an invoice that was not sold. */
export async function chargeUnfactored(context: Context, book: FacilityBook, on: string): Promise<void> {
  const event = { per: "unfactored_payment", on, what: "on an invoice that was not sold" } as const;
  await chargeEvent(context, book, event, (chargeMinor) => chargeMinor);
}

/**
 * Charges for a payment to the seller, before it is made; the seller owes it, and what is paid out keeps it back where it keeps
 * back what is owed.
 *
 * @param paidMinor what the payment comes to when so much is charged for it
 * @returns the charge
 */
export async function chargePayout(
  context: Context,
  book: FacilityBook,
  of: { on: string; what: string; paidMinor: (chargeMinor: Minor) => Minor },
): Promise<Minor> {
  const { on, what, paidMinor } = of;
  return chargeEvent(context, book, { per: "payout", on, what }, (chargeMinor) => payoutCharge(chargeMinor, paidMinor));
}
