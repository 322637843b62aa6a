import { Refusal } from "../../models/refusal.js";
import { parseDay, parsePeriod, periodOf } from "../calendar/day.js";
import { courseOf, dayBefore, daysOf } from "../ledger/period.js";
import { lockAllLedgers } from "../store/period.js";
import { implement } from "./act.js";
import { addPeriodEvent, assertSecondPerson, openBooks } from "./period-book.js";
import { periodDocumentOf } from "./show-period.js";

/**
 * Opens a closed month again, or takes back the proposal to close one. Only the last closed month: the seals of later
 * ones stand on it. Its seal stays; the next close makes another, chained to it, so that both can be proved.
 *
 * Guards in this order: it is closed or soft-closed (`period_not_closed`), no later month is closed
 * (`period_out_of_order`), another person closed it (`second_person_needed`).
 */
export const reopenPeriod = implement("reopen-period", async (context, input) => {
  const { tx, call } = context;
  const month = parsePeriod(input.month);
  const { from } = daysOf(month);
  const open = await openBooks(context);
  const ledgers = await lockAllLedgers(tx);
  const { state, version, closedBy } = courseOf(month, open.events);
  const { reason } = input;
  if (state === "soft_closed") {
    open.books = { ...open.books, softClosed: open.books.softClosed.filter((first) => first !== from) };
    await addPeriodEvent(context, open, { event: "withdrawn", month, version, reason, details: {} });
    return periodDocumentOf(context, month);
  }
  if (state !== "closed") throw new Refusal("period_not_closed", `${month} is ${state}`);
  const lastClosed = periodOf(parseDay(open.books.closedThrough!));
  if (lastClosed !== month) {
    throw new Refusal(
      "period_out_of_order",
      `${lastClosed} has to be opened first: its seal stands on that of ${month}`,
    );
  }
  assertSecondPerson(open.books.secondPerson, { before: closedBy, now: call.actor.actorId }, `has closed ${month}`);
  open.books = { ...open.books, closedThrough: dayBefore(month) };
  // how far each ledger reached: from here on, and not before, entries may count for the month again
  const marks = ledgers.map(({ portfolioId, lastSequence }) => [portfolioId, String(lastSequence)]);
  await addPeriodEvent(context, open, { event: "reopened", month, version, reason, details: { ledgers: marks } });
  return periodDocumentOf(context, month);
});
