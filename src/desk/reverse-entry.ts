import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { readClaimEvents } from "../store/claim-event.js";
import { findEntry, type PostedEntry, readPostedEntry } from "../store/entry.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";
import { beforeCascade, cascadeSince } from "./cascade.js";
import type { Context } from "./desk.js";
import { type Book, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";
import { refuseOfFacility, takeBack } from "./take-back.js";
import { openLines } from "./taken-lines.js";

/**
 * Takes an entry back by a new one with the sides exchanged; the record that it stands for follows (payment, cost, ...).
 *
 * Guards in this order: the entry (`not_found`), the day (`effective_date_refused`), the amount (`amount_invalid`), the
 * kind and the lines (`entry_not_reversible`), what is left (`reversal_too_large`).
 */
export const reverseEntry = implement("reverse-entry", async (context, input) => {
  const { book, target } = await openEntry(context, input.entry_id);
  const effectiveOn = effectiveDay(context, book.purchase, input.reversed_on);
  assertNotBefore(target, input.reversed_on);
  const { currency, portfolioId } = book.portfolio;
  const before = await beforeCascade(context, book, await accountsOf(context, target, input.account_numbers));
  const sequence = await takeBack(context, book, {
    target,
    order: {
      effectiveOn,
      on: input.reversed_on,
      originalOn: null,
      reason: input.reason,
      amountMinor: input.amount === undefined ? undefined : movementMinor(input.amount, currency),
      lines: input.lines === undefined ? undefined : [...new Set(input.lines)],
      accounts: input.account_numbers,
    },
  });
  const after = await readPostedEntry(context.tx, portfolioId, target.sequence);
  return {
    entry: await findEntry(context.tx, book.portfolio, childId("en", portfolioId, sequence)),
    reversed: {
      entry_id: input.entry_id,
      currency,
      lines: openLines(after).map((line) => ({
        line: line.line,
        debit_account: line.debit,
        credit_account: line.credit,
        amount: formatMinor(line.amountMinor, currency),
        reversed: formatMinor(line.reversedMinor, currency),
        left: formatMinor(line.leftMinor, currency),
      })),
    },
    cascade: await cascadeSince(context, book, before),
  };
});

/** Opens the book that has an entry, and reads the entry with what was taken back of it, under the book's lock. */
export async function openEntry(context: Context, entryId: string): Promise<{ book: Book; target: PostedEntry }> {
  const key = parseChildId("en", entryId);
  if (key === undefined) throw new Refusal("not_found", `there is no entry ${entryId}`);
  const { kind } = await findPortfolio(context.tx, key.portfolioId);
  if (kind === "factoring") {
    refuseOfFacility(await readPostedEntry(context.tx, key.portfolioId, BigInt(key.number)));
  }
  const book = await openBook(context, key.portfolioId);
  return { book, target: await readPostedEntry(context.tx, key.portfolioId, BigInt(key.number)) };
}

/** The receivables that an entry is about: its own, or those of its events, of which some may be asked for. */
export async function accountsOf(
  { tx }: Context,
  { accountNumber, portfolioId, sequence }: PostedEntry,
  asked?: readonly string[],
): Promise<readonly string[]> {
  if (accountNumber !== null) return [accountNumber];
  if (asked !== undefined) return asked;
  return [...(await readClaimEvents(tx, portfolioId, [sequence])).values()].map((event) => event.accountNumber);
}

export function assertNotBefore(target: PostedEntry, on: string): void {
  if (on >= target.effectiveOn) return;
  throw new Refusal(
    "effective_date_refused",
    `${on} lies before the entry itself, which counts for ${target.effectiveOn}`,
  );
}
