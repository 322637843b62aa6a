import type { ChecklistItem, PeriodDocument } from "../../models/period.js";
import { formatDay, type Period, parsePeriod } from "../calendar/day.js";
import { courseOf, daysOf } from "../ledger/period.js";
import { readBooks, readFirstDays, readLedgerEnds, readPeriodEvents } from "../store/period.js";
import { readSealsOfMonth } from "../store/seal.js";
import type { Tx } from "../store/transaction.js";
import { readLastGreen } from "../store/verification-record.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { firstMonthOf, nextToClose } from "./period-book.js";
import { computeChecklist } from "./period-checklist.js";

export const showPeriod = implement("show-period", (context, input) =>
  periodDocumentOf(context, parsePeriod(input.month)),
);

/** A month with its events and seals, and the checklist: the given one, or as it is now. */
export async function periodDocumentOf(
  { tx, today }: Context,
  month: Period,
  given?: readonly ChecklistItem[],
): Promise<PeriodDocument> {
  const events = await readPeriodEvents(tx, { month });
  const course = courseOf(month, events);
  const books = await readBooks(tx);
  const seals = course.state === "closed" ? await readSealsOfMonth(tx, month, course.version) : [];
  const checklist =
    given ??
    (course.state === "closed"
      ? []
      : await computeChecklist(tx, {
          month,
          today: formatDay(today),
          books,
          nextToClose: nextToClose({ books, firstMonth: firstMonthOf(await readFirstDays(tx)) }),
          course,
          verified: await verifiedSoFar(tx),
        }));
  return {
    month,
    ...daysOf(month),
    state: course.state,
    version: course.version,
    proposed_by: course.proposedBy,
    closed_by: course.state === "closed" ? course.closedBy : null,
    closed_at: course.state === "closed" ? course.closedAt : null,
    seal: course.seal,
    checklist: [...checklist],
    seals: seals.map((seal) => ({
      portfolio_id: seal.portfolioId,
      entries: Number(seal.entries),
      postings: Number(seal.postings),
      through_sequence: Number(seal.throughSequence),
      hash: seal.hash,
      previous_hash: seal.previousHash,
    })),
    events: events.map(({ event, actor, reason, recordedAt, hash }) => ({
      event,
      actor,
      reason,
      recorded_at: recordedAt,
      hash,
    })),
  };
}

/** Whether the last green verification reaches to the last entries. (The close itself verifies what is left.) */
async function verifiedSoFar(tx: Tx): Promise<Pick<ChecklistItem, "state" | "detail">> {
  const ledgers = await readLedgerEnds(tx);
  const green = await readLastGreen(tx);
  if (green === undefined) {
    return {
      state: "unmet",
      detail: "the books have not been verified yet; closing verifies them from the first entry",
    };
  }
  const behind = ledgers.filter(({ portfolioId, lastSequence }) => {
    return green.ledgers.get(portfolioId)?.throughSequence !== lastSequence;
  });
  const name = `verification ${green.verificationNo}`;
  if (behind.length === 0) return { state: "met", detail: `${name} was green and reaches to the last entry` };
  return { state: "unmet", detail: `${behind.length} ledgers have gone on since ${name}; closing verifies the rest` };
}
