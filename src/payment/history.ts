import { missing } from "../../models/tape.js";
import { factsAt, type InvoiceFacts, watchedTo } from "./facts.js";

/** What a history knew on a day: invoices issued before it, each with its days to pay or the days it was open by then. */
export interface HistoryAsOf {
  readonly facts: InvoiceFacts;
  /** the day, in days since 1970-01-01 */
  readonly asOf: number;
  /** days from the invoice to its settlement; of an open one the days that it had been open */
  readonly days: Float64Array;
  /** 1 where it was settled before the day, 0 where it was open */
  readonly isSettled: Uint8Array;
  readonly settledCount: number;
  /** 1 disputed, 0 not, 2 not known: what is said of an invoice is known once it is settled */
  readonly disputed: Uint8Array;
  /** share of the amount that was not paid, of settled invoices of which the file says what was; NaN otherwise */
  readonly diluted: Float64Array;
  /** what was left out, in rows */
  readonly left: {
    /** issued on the day or after it */
    readonly later: number;
    /** settled on the day or after it: open by then */
    readonly settledLater: number;
    /** settled, or last seen, before they were issued */
    readonly impossible: number;
    /** credit notes and amounts of zero */
    readonly withoutAmount: number;
  };
}

/**
 * The history as it stood on the morning of a day, strictly: an invoice settled on that day or later is open, and one
 * issued on it or later is not there.
 */
export function historyAsOf(all: InvoiceFacts, asOf: number): HistoryAsOf {
  const left = { later: 0, settledLater: 0, impossible: 0, withoutAmount: 0 };
  const rows: number[] = [];
  for (let i = 0; i < all.rows; i++) {
    const settled = all.settled?.[i] ?? missing.day;
    if (all.issued[i]! >= asOf) left.later++;
    else if (!(all.amount[i]! > 0)) left.withoutAmount++;
    else if ((settled === missing.day ? watchedTo(all, i, asOf) : settled) < all.issued[i]!) left.impossible++;
    else rows.push(i);
  }
  const facts = factsAt(all, Int32Array.from(rows));
  const days = new Float64Array(facts.rows);
  const isSettled = new Uint8Array(facts.rows);
  const disputed = new Uint8Array(facts.rows).fill(missing.flag);
  const diluted = new Float64Array(facts.rows).fill(Number.NaN);
  let settledCount = 0;
  for (let i = 0; i < facts.rows; i++) {
    const settled = facts.settled?.[i] ?? missing.day;
    if (settled === missing.day || settled >= asOf) {
      if (settled !== missing.day) left.settledLater++;
      days[i] = (settled === missing.day ? watchedTo(facts, i, asOf) : asOf) - facts.issued[i]!;
      continue;
    }
    settledCount++;
    isSettled[i] = 1;
    days[i] = settled - facts.issued[i]!;
    disputed[i] = facts.disputed?.[i] ?? missing.flag;
    const paid = facts.paid?.[i] ?? Number.NaN;
    if (!Number.isNaN(paid)) diluted[i] = Math.min(Math.max(1 - paid / facts.amount[i]!, 0), 1);
  }
  return { facts, asOf, days, isSettled, settledCount, disputed, diluted, left };
}
