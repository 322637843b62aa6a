import { facilityOfPortfolio } from "../../models/facility.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { chargesPer, termsOn } from "../factoring/charges.js";
import { formatMinor, minor } from "../money/money.js";
import { findFacility } from "../store/facility.js";
import { chargeDocumentOf, listCharges as readPage } from "../store/facility-charge.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import { bookEvent } from "./charge-event.js";
import { assertFacilityDay, facilityPortfolio, openFacilityBook } from "./facility-book.js";
import { chargeThrough, readCourse } from "./facility-charges.js";

/**
 * Charges what a facility owes beside fees, up to a day; run again it charges what has fallen due since, and nothing twice.
 * The seller owes it (1170): the next release keeps it back, or the seller pays it.
 *
 * Guards in this order: the facility (`not_found`), the day (`effective_date_refused`), the months that charges are due in
 * (`period_closed`).
 */
export const chargeFacility = implement("charge-facility", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  assertFacilityDay(context, input.through);
  const { facility } = book;
  const { charges, amountMinor } = await chargeThrough(context, book, { through: input.through, withFees: false });
  const dueMinor = (await readBalances(context.tx, facility.portfolioId)).get("1170") ?? 0n;
  return {
    facility_id: facilityOfPortfolio(facility.portfolioId),
    currency: facility.currency,
    through: input.through,
    amount: formatMinor(amountMinor, facility.currency),
    charges_due: formatMinor(dueMinor, facility.currency),
    charges: charges.map((charge) => chargeDocumentOf(charge, facility)),
  };
});

/**
 * Charges what a person says has happened: a credit check, a missing notation; or a payment on an invoice not sold that nobody knew as
 * one when it came. On the terms of its day.
 *
 * Guards in this order: the facility (`not_found`), the day (`effective_date_refused`: in the future, before the opening, after the end),
 * the code (`not_found`), the month (`period_closed`).
 */
export const chargeOccasion = implement("charge-occasion", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { portfolioId, endedOn } = book.facility;
  const { happened_on: on, code, times, note } = input;
  const course = await readCourse(context.tx, portfolioId);
  assertFacilityDay(context, on, { day: formatDay(course.openedOn), what: "the opening of the facility" });
  if (endedOn !== null && on > endedOn) {
    throw new Refusal("effective_date_refused", `${on} lies after the end of the facility, ${endedOn}`);
  }
  const terms = termsOn(course, parseDay(on));
  const per = occasions.find((one) => chargesPer(terms, one).some((charge) => charge.code === code));
  if (per === undefined) {
    const codes = occasions.flatMap((one) => chargesPer(terms, one)).map((charge) => charge.code);
    const known = codes.length === 0 ? "they have none" : `they have ${codes.join(", ")}`;
    throw new Refusal(
      "not_found",
      `the terms of ${on} have no charge "${code}" for what happens now and then; ${known}`,
    );
  }
  const { amountMinor } = chargesPer(terms, per).find((charge) => charge.code === code)!;
  const often = times === 1 ? [] : [`${times} times`];
  const what = [...often, ...(note === undefined ? [] : [note])].join(", ");
  const made = await bookEvent(context, book, { per, code, amountMinor: minor(amountMinor * BigInt(times)), on, what });
  return chargeDocumentOf(made, book.facility);
});

const occasions = ["occasion", "unfactored_payment"] as const;

export const listCharges = implement("list-charges", async ({ tx }, input) =>
  readPage(tx, await findFacility(tx, facilityPortfolio(input.facility_id)), input),
);
