import { formatDay, parseDay } from "../calendar/day.js";
import { noPeriod, termEnd, terminationFee, termsOn } from "../factoring/charges.js";
import { saveEnd } from "../store/facility.js";
import { readCharges } from "../store/facility-charge.js";
import { readStanding } from "../store/schedule.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import {
  assertFacilityDay,
  assertGoesOn,
  type FacilityBook,
  facilityPortfolio,
  openFacilityBook,
} from "./facility-book.js";
import { bookCharge, chargeThrough, readCourse } from "./facility-charges.js";
import { facilityAt } from "./facility-moment.js";
import { settlementOf } from "./show-facility-settlement.js";

/**
 * Ends a facility: no schedule is taken in or funded any more, and no charge by month falls due. What is due by the day is charged, the
 * minimum of the broken month among it, then what the terms of the day ask for ending early. Invoices that are open run off on
 * their terms, fees and recourse with them.
 *
 * Guards in this order: the facility (`not_found`, `facility_ended`), the day (`effective_date_refused`: in the future, or before the last
 * purchase or a charge that was made), the months that charges are due in (`period_closed`).
 */
export const endFacility = implement("end-facility", async (context, input) => {
  const { tx } = context;
  const open = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  assertGoesOn(open.facility);
  const { ended_on: endedOn, reason } = input;
  await assertEndDay(context, open, endedOn);
  await saveEnd(tx, open.facility.portfolioId, { endedOn, reason, at: open.head.recordedAt });
  const book = { ...open, facility: { ...open.facility, endedOn, endReason: reason } };
  await chargeThrough(context, book, { through: endedOn, withFees: false });
  await chargeTermination(context, book, endedOn);
  return settlementOf(context, await facilityAt(context, { facility_id: input.facility_id }));
});

async function assertEndDay(context: Context, { facility }: FacilityBook, endedOn: string): Promise<void> {
  const { portfolioId } = facility;
  const { openedOn } = await readCourse(context.tx, portfolioId);
  assertFacilityDay(context, endedOn, { day: formatDay(openedOn), what: "the opening of the facility" });
  const { lastFundedOn } = await readStanding(context.tx, portfolioId);
  if (lastFundedOn !== null) assertFacilityDay(context, endedOn, { day: lastFundedOn, what: "the last purchase" });
  const charges = await readCharges(context.tx, portfolioId);
  const last = charges.findLast(({ kind, amountMinor }) => (kind === "once" || kind === "month") && amountMinor > 0n);
  if (last === undefined) return;
  assertFacilityDay(context, endedOn, { day: last.happenedOn, what: `the charge of ${last.reason}` });
}

async function chargeTermination(context: Context, book: FacilityBook, endedOn: string): Promise<void> {
  const course = await readCourse(context.tx, book.facility.portfolioId);
  const day = parseDay(endedOn);
  const terms = termsOn(course, day);
  const amountMinor = terminationFee(terms, { openedOn: course.openedOn, endedOn: day });
  if (amountMinor === 0n) return;
  const end = termEnd(course, terms.early_termination!);
  await bookCharge(context, book, {
    kind: "termination",
    code: "early termination",
    periodOn: formatDay(noPeriod),
    revision: 1,
    amountMinor,
    happenedOn: endedOn,
    reason: end === null ? "the facility was ended" : `ended before the term was over on ${formatDay(end)}`,
  });
}
