import type { CarryingMethod } from "../../models/portfolio.js";
import { Refusal } from "../../models/refusal.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import type { Investment } from "../ledger/cost-recovery.js";
import { bookedDay, isAdjustment } from "../ledger/period.js";
import { formatMinor, type Minor, minor, parseMinor } from "../money/money.js";
import { type Placement, readPlacements } from "../store/agency.js";
import {
  appendEntries,
  type HeadAccount,
  headAfter,
  type LedgerHead,
  lockLedger,
  type NewEntry,
} from "../store/ledger.js";
import { findPortfolio, type Portfolio } from "../store/portfolio.js";
import { findPurchaseOf, type Purchase } from "../store/purchase.js";
import type { Context } from "./desk.js";

/** A bought portfolio with its ledger held: whoever has the book open is the only one who writes in it. */
export interface Book {
  readonly portfolio: Portfolio;
  readonly purchase: Purchase;
  readonly placements: ReadonlyMap<number, Placement>;
  head: LedgerHead;
  investment: Investment;
}

/** What an entry says of itself when it has to do with another one, and the day it is booked on. */
export interface EntryLink {
  readonly effectiveOn: string;
  readonly entry: Pick<NewEntry, "reason" | "originalOn" | "correctsSequence">;
}

/**
 * Opens the book for writing. The head comes first: what is read after it cannot change under the act. All of it is asked for
 * together, so that it takes one round trip.
 * Throws `not_found`, `portfolio_not_owned`.
 */
export async function openBook({ tx, now }: Context, portfolioId: string): Promise<Book> {
  const locked = lockLedger(tx, portfolioId, now);
  const read = Promise.all([
    findPortfolio(tx, portfolioId),
    findPurchaseOf(tx, portfolioId),
    readPlacements(tx, portfolioId),
  ]);
  // where there is no head, it is for the head to say why
  read.catch(() => undefined);
  const head = await locked;
  const [portfolio, purchase, placements] = await read;
  return { portfolio, head, purchase, placements, investment: investmentOf(head.balances, portfolio.carryingMethod) };
}

/** What the books say of the investment: 1500 and 4900 hold its cost, 4000 what came in, 4920 court costs paid back of it. */
export function investmentOf(
  balances: Pick<ReadonlyMap<HeadAccount, bigint>, "get">,
  method: CarryingMethod,
): Investment {
  const balance = (code: HeadAccount) => balances.get(code) ?? 0n;
  return {
    method,
    costMinor: minor(balance("1500") + balance("4900")),
    collectedMinor: minor(-balance("4000") - balance("4920")),
    recoveredMinor: minor(balance("4900")),
  };
}

/**
 * Adds entries to the book, each on the day that the tenant's months allow; returns the number of the first. The book's head
 * moves at once, and more may be added while these are being written.
 * Throws `period_closed`.
 */
export async function addEntries(context: Context, book: Book, entries: readonly NewEntry[]): Promise<bigint> {
  const { tx, call } = context;
  const { head } = book;
  const { gate } = head;
  const booked = entries.map((entry): NewEntry => {
    const { effectiveOn, originalOn } = bookedDay(gate, entry.effectiveOn, isAdjustment(entry));
    return originalOn === null ? entry : { ...entry, effectiveOn, originalOn: entry.originalOn ?? originalOn };
  });
  book.head = headAfter(head, booked.length);
  const { firstSequence } = await appendEntries(tx, head, { idempotencyKey: call.idempotencyKey, entries: booked });
  return firstSequence;
}

/**
 * The day an event counts for: its own, or the closing for what lies between cut-off and closing. Throws
 * `effective_date_refused` for a day after today or before the cut-off: that money is not ours. Whether its month is
 * open is another question: `addEntries` answers it.
 */
export function effectiveDay(context: Context, purchase: Purchase, on: string): string {
  const day: Day = parseDay(on);
  if (day > context.today) {
    throw new Refusal("effective_date_refused", `${on} lies in the future; today is ${formatDay(context.today)}`);
  }
  if (on < purchase.cutOffOn) {
    throw new Refusal("effective_date_refused", `${on} lies before the cut-off of the purchase, ${purchase.cutOffOn}`);
  }
  return on < purchase.closingOn ? purchase.closingOn : on;
}

/**
 * Throws `period_closed` where the month of the day is shut and late items are refused: for acts that judge many events
 * and must know of each before any is written.
 */
export function assertBookable(book: Book, entry: Pick<NewEntry, "kind" | "effectiveOn" | "reason">): void {
  bookedDay(book.head.gate, entry.effectiveOn, isAdjustment(entry));
}

/** Ten thousand billion dollars: thousands of such movements still add up within a bigint column. */
const largestMovementMinor = 10n ** 15n;

/**
 * The amount of one movement of money, of either sign. Throws `amount_invalid` for zero and for more decimals than the currency
 * has, `amount_out_of_range` for one so large that sums of such could not be kept.
 */
export function movementMinor(text: string, currency: string): Minor {
  const amount = parseMinor(text, currency);
  if (amount === 0n) throw new Refusal("amount_invalid", "an amount of zero moves nothing");
  if (amount > largestMovementMinor || amount < -largestMovementMinor) {
    const bound = formatMinor(largestMovementMinor, currency);
    throw new Refusal("amount_out_of_range", `${text} ${currency}; one movement is at most ${bound}`);
  }
  return amount;
}
