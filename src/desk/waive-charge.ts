import { Refusal } from "../../models/refusal.js";
import { minor } from "../money/money.js";
import { chargeDocumentOf, findCharge, nextRevision } from "../store/facility-charge.js";
import { implement } from "./act.js";
import { assertFacilityDay, childOf, facilityPortfolio, openFacilityBook } from "./facility-book.js";
import { bookCharge } from "./facility-charges.js";

/**
 * Takes a charge back, whole, by one below zero beside it: the seller owes so much less, or gets it with the next release. It is
 * not charged again for its period. A minimum is held against the fees anew by every run, so it is not waived.
 *
 * Guards in this order: the facility and the charge (`not_found`), what it is, and whether it was waived before (`conflict`), the day
 * (`effective_date_refused`), the month (`period_closed`).
 */
export const waiveCharge = implement("waive-charge", async (context, input) => {
  const { tx } = context;
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { portfolioId } = book.facility;
  const { number, portfolioId: ofEntry } = childOf("en", input.entry_id, "entry");
  if (ofEntry !== portfolioId) throw noCharge(input.entry_id);
  const { charge, waiver } = await findCharge(tx, portfolioId, BigInt(number));
  if (charge === undefined) throw noCharge(input.entry_id);
  if (waiver !== undefined) throw new Refusal("conflict", `the charge was waived on ${waiver.happenedOn}`);
  if (charge.waivesSequence !== null) throw new Refusal("conflict", "it takes a charge back itself: charge it anew");
  if (charge.kind === "minimum") throw new Refusal("conflict", "a minimum follows from the fees, and is charged anew");
  assertFacilityDay(context, input.waived_on, { day: charge.happenedOn, what: "the charge" });
  const { kind, code, periodOn } = charge;
  const made = await bookCharge(context, book, {
    kind,
    code,
    periodOn,
    revision: await nextRevision(tx, portfolioId, charge),
    amountMinor: minor(-charge.amountMinor),
    happenedOn: input.waived_on,
    reason: input.reason,
    waivesSequence: charge.sequence!,
  });
  return chargeDocumentOf(made, book.facility);
});

function noCharge(entryId: string): Refusal {
  return new Refusal("not_found", `the facility has no charge with the entry ${entryId}`);
}
