import type { AccountCode } from "../../seeds/chart-of-accounts.js";
import { type Minor, minor, zeroMinor } from "../money/money.js";
import { type EntryDraft, type Posting, signedPosting } from "./entry-draft.js";

/** The entry that takes postings back: each with its sides exchanged. */
export function entryReversed(postings: readonly Posting[]): EntryDraft {
  return {
    kind: "entry_reversed",
    builderVersion: 1,
    postings: postings.map(({ debit, credit, amountMinor }) => ({ debit: credit, credit: debit, amountMinor })),
  };
}

/**
 * The entry that takes another back by the postings of the builder that undoes it, and by what collections recover of the
 * cost now that there is more or less of it (negative: what they do not recover any more).
 */
export function reversedBy({ postings }: EntryDraft, caughtUpMinor = zeroMinor): EntryDraft {
  const caughtUp = signedPosting("4900", "1500", caughtUpMinor);
  return { kind: "entry_reversed", builderVersion: 1, postings: [...postings, ...caughtUp] };
}

/** A posting as it stands in the books. */
export interface Booked {
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
}

export interface LineLeft extends Posting {
  /** counted from 1 */
  readonly line: number;
  /** what earlier reversals have taken back of it */
  readonly reversedMinor: Minor;
  readonly leftMinor: Minor;
}

/**
 * What is left of each line after the reversals of its entry. A reversal takes back from the lines with its two
 * accounts, the sides exchanged; where several lines have the same two, from the first one first.
 */
export function linesLeft(
  lines: readonly (Booked & { readonly line: number })[],
  reversals: readonly Booked[],
): LineLeft[] {
  const taken = new Map<string, bigint>();
  for (const { debit, credit, amountMinor } of reversals) {
    const pair = `${credit} ${debit}`;
    taken.set(pair, (taken.get(pair) ?? 0n) + amountMinor);
  }
  return lines.map(({ line, debit, credit, amountMinor }) => {
    const pair = `${debit} ${credit}`;
    const open = taken.get(pair) ?? 0n;
    const reversed = open < amountMinor ? open : amountMinor;
    taken.set(pair, open - reversed);
    return {
      line,
      // what is in the books was posted by a builder
      debit: debit as AccountCode,
      credit: credit as AccountCode,
      amountMinor: minor(amountMinor),
      reversedMinor: minor(reversed),
      leftMinor: minor(amountMinor - reversed),
    };
  });
}

/** Debit less credit of one account in a set of postings. */
export function netOf(postings: readonly Booked[], account: string): Minor {
  return postings.reduce(
    (net, { debit, credit, amountMinor }) =>
      minor(net + (debit === account ? amountMinor : 0n) - (credit === account ? amountMinor : 0n)),
    zeroMinor,
  );
}
