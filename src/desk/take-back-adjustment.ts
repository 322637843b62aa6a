import assert from "node:assert/strict";
import { Refusal } from "../../models/refusal.js";
import { entryReversed, reversedBy } from "../ledger/reversal-events.js";
import { formatMinor, minor } from "../money/money.js";
import type { PostedEntry } from "../store/entry.js";
import { caughtUp, removableCost } from "./carried-cost.js";
import type { Context } from "./desk.js";
import { addEntries, type Book } from "./portfolio-book.js";
import { openLines, reversalOf, type TakeBackOrder, takenMinor } from "./taken-lines.js";

/**
 * Takes an adjustment of the carrying amount back, all of it or a part. What collections had recovered of an amount that
 * was added is income again.
 */
export async function takeBackAdjustment(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  const { currency } = book.portfolio;
  const line = openLines(target).find(({ debit, credit }) => debit !== "4900" && credit !== "4900");
  assert(line !== undefined, "an adjustment has a line that is not recovered cost");
  if (order.lines !== undefined && order.lines.length < target.postings.length) {
    throw new Refusal("entry_not_reversible", "the lines of an adjustment are one movement; reverse an amount");
  }
  const amountMinor = takenMinor(line.leftMinor, { order, currency, what: `entry ${target.sequence}` });
  const changeMinor = line.debit === "1500" ? minor(-amountMinor) : amountMinor;
  const mostMinor = removableCost(book.investment);
  if (mostMinor + changeMinor < 0n) {
    const [taken, most] = [formatMinor(amountMinor, currency), formatMinor(mostMinor, currency)];
    throw new Refusal(
      "entry_not_reversible",
      `${taken} cannot be taken off a cost of ${most}: what was added has left`,
    );
  }
  const caughtUpMinor = caughtUp(book, minor(book.investment.costMinor + changeMinor));
  const { postings } = reversedBy(entryReversed([{ ...line, amountMinor }]), caughtUpMinor);
  return addEntries(context, book, [{ ...reversalOf(target, order, []), postings }]);
}
