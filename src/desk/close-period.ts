import type { ChecklistItem, Difference } from "../../models/period.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, type Period, parsePeriod } from "../calendar/day.js";
import { courseOf, daysOf } from "../ledger/period.js";
import { lockAllLedgers } from "../store/period.js";
import { readLastGreen } from "../store/verification-record.js";
import { implement } from "./act.js";
import { type Checked, checkBooks } from "./check-books.js";
import {
  addPeriodEvent,
  assertOverAndOpen,
  assertSecondPerson,
  nextToClose,
  type OpenBooks,
  openBooks,
} from "./period-book.js";
import { computeChecklist, mayClose } from "./period-checklist.js";
import { sealMonth } from "./seal-month.js";
import { periodDocumentOf } from "./show-period.js";

/**
 * Closes a month and seals it. The books and every ledger are held from the first look to the last write, so that no
 * entry can slip in between: what is sealed is what was checked.
 *
 * Guards in this order: the month is over (`effective_date_refused`) and not closed (`period_closed`), comes next
 * (`period_out_of_order`), was proposed by another person (`second_person_needed`), and its checklist allows it
 * (`period_not_closable`, with an item for each thing that stands in the way).
 */
export const closePeriod = implement("close-period", async (context, input) => {
  const { tx, call } = context;
  const month = parsePeriod(input.month);
  const open = await openBooks(context);
  const ledgers = await lockAllLedgers(tx);
  assertOverAndOpen(context, open, month, daysOf(month).to);
  assertNext(open, month);
  const course = courseOf(month, open.events);
  assertProposed(open, month, course.proposedBy);
  const actor = call.actor.actorId;
  assertSecondPerson(
    open.books.secondPerson,
    { before: course.proposedBy, now: actor },
    `has proposed to close ${month}`,
  );

  const since = await readLastGreen(tx);
  const checked = await checkBooks(tx, { since, report: context.report });
  const checklist = await computeChecklist(tx, {
    month,
    today: formatDay(context.today),
    books: open.books,
    nextToClose: nextToClose(open),
    course,
    verified: verifiedItem(checked, since?.verificationNo),
  });
  if (!mayClose(checklist)) throw notClosable(month, checklist, checked.differences);

  const version = course.version + 1;
  const seals = await sealMonth(context, { month, version, ledgers });
  const softClosed = open.books.softClosed.filter((first) => first !== daysOf(month).from);
  open.books = { ...open.books, closedThrough: daysOf(month).to, softClosed };
  await addPeriodEvent(context, open, {
    event: "closed",
    month,
    version,
    reason: input.reason,
    details: {
      second_person: open.books.secondPerson,
      checklist: checklist.map(({ item, state, detail }) => [item, state, detail]),
      seals: seals.map(({ portfolioId, hash }) => [portfolioId, hash]),
    },
  });
  return periodDocumentOf(context, month, checklist);
});

function assertNext(open: OpenBooks, month: Period): void {
  const next = nextToClose(open);
  if (next === month) return;
  const first = next === null ? "nothing has been booked yet" : `${next} has to be closed first`;
  throw new Refusal("period_out_of_order", `${month} cannot be closed: ${first}`);
}

function assertProposed({ books }: OpenBooks, month: Period, proposedBy: string | null): void {
  if (proposedBy !== null || books.secondPerson === "waived") return;
  throw new Refusal(
    "second_person_needed",
    `nobody has proposed to close ${month}: one person soft-closes it, another closes it`,
  );
}

function verifiedItem(checked: Checked, sinceNo: number | undefined): Pick<ChecklistItem, "state" | "detail"> {
  const span = sinceNo === undefined ? "from the first entry" : `on from verification ${sinceNo}`;
  const { differences, portfolios } = checked;
  if (differences.length === 0) return { state: "met", detail: `${portfolios} portfolios were verified ${span}` };
  return { state: "unmet", detail: `${differences.length} differences were found ${span}` };
}

function notClosable(month: Period, checklist: readonly ChecklistItem[], differences: readonly Difference[]): Refusal {
  const unmet = checklist.filter(({ state }) => state === "unmet");
  const items = [
    ...unmet.map(({ item, detail }) => ({ pointer: `/checklist/${item}`, code: item, detail })),
    ...differences.slice(0, 50).map(({ check, portfolio_id, where, expected, found }) => ({
      pointer: "/checklist/books_verified",
      code: check,
      detail: `${portfolio_id ?? "the books"}, ${where}: ${expected} expected, ${found} found`,
    })),
  ];
  return new Refusal("period_not_closable", `${month}: ${unmet.map(({ detail }) => detail).join("; ")}`, items);
}

/** Proposes to close a month; until then it takes adjustments alone. Guards as of close-period, the order of months left out. */
export const softClosePeriod = implement("soft-close-period", async (context, input) => {
  const month = parsePeriod(input.month);
  const { from, to } = daysOf(month);
  const open = await openBooks(context);
  // an entry that is being written holds its ledger: the month it counts for was open when it was judged
  await lockAllLedgers(context.tx);
  assertOverAndOpen(context, open, month, to);
  const { state, version } = courseOf(month, open.events);
  if (state === "soft_closed") throw new Refusal("conflict", `${month} is soft-closed already`);
  open.books = { ...open.books, softClosed: [...open.books.softClosed, from].sort() };
  await addPeriodEvent(context, open, { event: "soft_closed", month, version, reason: input.reason, details: {} });
  return periodDocumentOf(context, month);
});
