import type { PeriodEventName, SecondPerson } from "../../models/period.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, type Period, parseDay, periodOf } from "../calendar/day.js";
import { nextMonth } from "../ledger/period.js";
import { chainStart, eventHash } from "../ledger/seal.js";
import {
  type Books,
  insertPeriodEvent,
  lockBooks,
  readFirstDays,
  readPeriodEvents,
  type StoredPeriodEvent,
  saveBooks,
} from "../store/period.js";
import type { Context } from "./desk.js";

/** The books of a tenant, held by who shuts a month or opens it again. */
export interface OpenBooks {
  books: Books;
  readonly events: readonly StoredPeriodEvent[];
  /** month of the first entry of all; null where there is none */
  readonly firstMonth: Period | null;
}

export async function openBooks({ tx }: Context): Promise<OpenBooks> {
  const books = await lockBooks(tx, "update");
  return { books, events: await readPeriodEvents(tx), firstMonth: firstMonthOf(await readFirstDays(tx)) };
}

export function firstMonthOf(firstDays: ReadonlyMap<string, string>): Period | null {
  const first = [...firstDays.values()].reduce((least, day) => (day < least ? day : least), "9999-12-31");
  return firstDays.size === 0 ? null : periodOf(parseDay(first));
}

/** The month that is to be closed next: the one after the last closed, or the first with an entry. */
export function nextToClose({ books, firstMonth }: Pick<OpenBooks, "books" | "firstMonth">): Period | null {
  return books.closedThrough === null ? firstMonth : nextMonth(periodOf(parseDay(books.closedThrough)));
}

/** Throws `effective_date_refused` for a month that is not over, `period_closed` for one that is closed. */
export function assertOverAndOpen(context: Context, { books }: OpenBooks, month: Period, lastDay: string): void {
  const today = formatDay(context.today);
  if (lastDay >= today) {
    throw new Refusal("effective_date_refused", `${month} is not over: it ends on ${lastDay}, and today is ${today}`);
  }
  if (books.closedThrough !== null && lastDay <= books.closedThrough) {
    throw new Refusal(
      "period_closed",
      `${month} is closed already; the books are closed through ${books.closedThrough}`,
    );
  }
}

/** Throws `second_person_needed` where the same person did what comes before, and two are asked for. */
export function assertSecondPerson(
  policy: SecondPerson,
  who: { before: string | null; now: string },
  what: string,
): void {
  if (policy === "waived" || who.before !== who.now) return;
  throw new Refusal("second_person_needed", `${who.now} ${what}; another person has to do this`);
}

export interface NewPeriodEvent {
  readonly event: PeriodEventName;
  readonly month: string | null;
  readonly version: number;
  readonly reason: string | undefined;
  readonly details: object;
}

/** Adds an event to the chain and writes the books as it leaves them; returns the event. */
export async function addPeriodEvent(
  { tx, now, call }: Context,
  open: OpenBooks,
  { event, month, version, reason, details }: NewPeriodEvent,
): Promise<StoredPeriodEvent> {
  const last = open.events.at(-1);
  const added = {
    eventNo: open.books.lastEventNo + 1,
    event,
    month,
    version,
    actor: call.actor.actorId,
    reason: reason ?? null,
    recordedAt: now,
    details: JSON.stringify(details),
    previousHash: last?.hash ?? chainStart,
  };
  const stored = { ...added, hash: eventHash(tx.tenantId, added) };
  await insertPeriodEvent(tx, stored);
  open.books = { ...open.books, lastEventNo: stored.eventNo };
  await saveBooks(tx, open.books);
  return stored;
}
