import type { EntryKind } from "../../models/entry.js";
import type { AccountCode } from "../../seeds/chart-of-accounts.js";
import type { Minor } from "../money/money.js";

/** One row of an entry: a debit account, a credit account, a positive amount. Balanced by its shape. */
export interface Posting {
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  readonly amountMinor: Minor;
}

/** What a builder makes of one business event. The desk adds dates, number, source and actor. */
export interface EntryDraft {
  readonly kind: EntryKind;
  /** version of the builder, kept on the entry: a changed rule is a new version, old entries stay as they were */
  readonly builderVersion: number;
  readonly postings: readonly Posting[];
}

/**
 * A posting of a signed amount: a negative one is posted the other way round, zero not at all. So the entry of an
 * event that is taken back is the entry of the event with its sides exchanged.
 */
export function signedPosting(debit: AccountCode, credit: AccountCode, amountMinor: Minor): Posting[] {
  const postings: Posting[] = [];
  addSigned(postings, [debit, credit], amountMinor);
  return postings;
}

/** The same, put behind those that are there: for what is done for every row of a file. */
export function addSigned(
  postings: Posting[],
  [debit, credit]: readonly [debit: AccountCode, credit: AccountCode],
  amountMinor: Minor,
): void {
  if (amountMinor > 0n) postings.push({ debit, credit, amountMinor });
  else if (amountMinor < 0n) postings.push({ debit: credit, credit: debit, amountMinor: -amountMinor as Minor });
}
