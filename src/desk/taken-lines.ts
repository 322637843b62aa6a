import { Refusal } from "../../models/refusal.js";
import type { Posting } from "../ledger/entry-draft.js";
import { entryReversed, type LineLeft, linesLeft } from "../ledger/reversal-events.js";
import { formatMinor, lesserMinor, type Minor, minor, sumMinor } from "../money/money.js";
import type { PostedEntry } from "../store/entry.js";
import type { NewEntry } from "../store/ledger.js";

/** How an entry is to be taken back. */
export interface TakeBackOrder {
  /** the day it is booked on */
  readonly effectiveOn: string;
  /** the day the caller named, which the sub-ledger keeps */
  readonly on: string;
  readonly originalOn: string | null;
  readonly reason: string;
  /** positive; all that is left when undefined */
  readonly amountMinor: Minor | undefined;
  /** all of them when undefined */
  readonly lines: readonly number[] | undefined;
  /** of an entry on many receivables: those that are taken back; all of them when undefined */
  readonly accounts?: readonly string[] | undefined;
}

/** Throws `entry_not_reversible` for an order of a part, of an entry that is one movement. */
export function assertWhole({ kind }: PostedEntry, { amountMinor, lines }: TakeBackOrder): void {
  if (amountMinor === undefined && lines === undefined) return;
  const advice = "leave the amount and the lines out";
  throw new Refusal("entry_not_reversible", `a ${kind} is taken back as a whole: ${advice}`);
}

/** The refusal of what was taken back before: of an entry, or of some of its receivables. */
export function nothingLeft({ sequence }: PostedEntry, accounts: readonly string[] = []): Refusal {
  const of = accounts.length === 0 ? "" : ` of ${accounts.slice(0, 10).join(", ")}`;
  return new Refusal("reversal_too_large", `nothing${of} is left of entry ${sequence}: it was taken back`);
}

/** The entry that takes back these postings of another one. */
export function reversalOf(target: PostedEntry, order: TakeBackOrder, postings: readonly Posting[]): NewEntry {
  return {
    ...entryReversed(postings),
    effectiveOn: order.effectiveOn,
    originalOn: order.originalOn,
    reason: order.reason,
    sourceKind: target.sourceKind,
    reversesSequence: target.sequence,
    receivableNo: target.receivableNo,
    agencyId: target.agencyId,
    costType: target.costType,
  };
}

/** The lines of an entry, with what is left of each. */
export function openLines(target: PostedEntry): LineLeft[] {
  return linesLeft(target.postings, target.reversals);
}

/** So much of the lines that were asked for, from the first one first; refused when less is left. */
export function linesTaken(target: PostedEntry, order: TakeBackOrder, currency: string): LineLeft[] {
  const open = openLines(target).filter(({ line }) => order.lines?.includes(line) ?? true);
  const leftMinor = sumMinor(open.map((line) => line.leftMinor));
  let wantedMinor = takenMinor(leftMinor, { order, currency, what: `entry ${target.sequence}` });
  return open.flatMap((line) => {
    const amountMinor = lesserMinor(line.leftMinor, wantedMinor);
    wantedMinor = minor(wantedMinor - amountMinor);
    return amountMinor === 0n ? [] : [{ ...line, amountMinor }];
  });
}

/** What is taken back of an amount that is left: all of it, or as much as was asked for. */
export function takenMinor(leftMinor: Minor, asked: { order: TakeBackOrder; currency: string; what: string }): Minor {
  const { order, currency, what } = asked;
  const wantedMinor = order.amountMinor ?? leftMinor;
  if (leftMinor === 0n) throw new Refusal("reversal_too_large", `nothing is left of ${what}: it was taken back`);
  if (wantedMinor <= leftMinor) return wantedMinor;
  const [wanted, left] = [formatMinor(wantedMinor, currency), formatMinor(leftMinor, currency)];
  throw new Refusal("reversal_too_large", `${wanted} would be taken back; ${left} of ${what} is left`);
}
