import { formatDay, parsePeriod } from "../calendar/day.js";
import { courseOf, monthsThrough } from "../ledger/period.js";
import { readBooks, readFirstDays, readPeriodEvents } from "../store/period.js";
import { implement } from "./act.js";
import { firstMonthOf } from "./period-book.js";

export const listPeriods = implement("list-periods", async ({ tx, today }, input) => {
  const books = await readBooks(tx);
  const events = await readPeriodEvents(tx);
  const first = firstMonthOf(await readFirstDays(tx));
  const from = input.from === undefined ? first : parsePeriod(input.from);
  const to = parsePeriod(input.to ?? formatDay(today).slice(0, 7));
  return {
    closed_through: books.closedThrough,
    policy: { late_items: books.lateItems, second_person: books.secondPerson },
    data: (from === null ? [] : monthsThrough(from, to)).map((month) => {
      const { state, version, proposedBy, closedBy, closedAt, seal } = courseOf(month, events);
      const closed =
        state === "closed" ? { closed_by: closedBy, closed_at: closedAt } : { closed_by: null, closed_at: null };
      return { month, state, version, proposed_by: proposedBy, ...closed, seal };
    }),
    next_cursor: null,
  };
});
