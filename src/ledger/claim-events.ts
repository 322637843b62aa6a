import { type Minor, zeroMinor } from "../money/money.js";
import { type ClaimParts, negateParts, noParts, sumParts } from "./claim.js";
import { type EntryDraft, signedPosting } from "./entry-draft.js";
import { claimPostings } from "./events.js";

/** Builders of what changes a claim other than by a payment. */

/** Interest, fees or costs that the debtor owes on top, or a credit. It is the debtor's affair alone: no income, no cost. */
export function claimAdjusted(change: ClaimParts): EntryDraft {
  return { kind: "claim_adjusted", builderVersion: 1, postings: claimPostings(change) };
}

export interface ClaimSettled {
  /** what the debtor still owed and need not pay any more */
  readonly claim: ClaimParts;
  /** court costs advanced on it that will not come back */
  readonly advanceMinor: Minor;
}

/** The agreed amount has come in: the rest of the claim is written off. What we carry the portfolio at stays as it is. */
export function claimSettled({ claim, advanceMinor }: ClaimSettled): EntryDraft {
  const postings = [...signedPosting("5100", "1300", advanceMinor), ...claimPostings(negateParts(claim))];
  return { kind: "claim_settled", builderVersion: 1, postings };
}

/** Court costs that the debtor has to give back: paid by us, owed by them. Negative for what the court pays back. */
export function courtCostAdvanced(amountMinor: Minor): EntryDraft {
  return {
    kind: "court_cost_advanced",
    builderVersion: 1,
    postings: [...signedPosting("1300", "1000", amountMinor), ...signedPosting("9030", "9900", amountMinor)],
  };
}

/** We do not expect the advance back; the debtor goes on owing it. */
export function courtCostWrittenOff(amountMinor: Minor): EntryDraft {
  return { kind: "court_cost_written_off", builderVersion: 1, postings: signedPosting("5100", "1300", amountMinor) };
}

/** Money over a claim goes back to the debtor. */
export function debtorRefunded(amountMinor: Minor): EntryDraft {
  return { kind: "debtor_refunded", builderVersion: 1, postings: signedPosting("2100", "1000", amountMinor) };
}

export interface UnappliedApplied {
  /** what it pays, by component */
  readonly applied: ClaimParts;
  /** part that gives back court costs advanced */
  readonly advanceMinor: Minor;
  /** cost of the portfolio that it recovers, of what is left after the advance (costRelief) */
  readonly costReliefMinor: Minor;
}

/** Unapplied cash pays a claim: from now on it is a collection. */
export function unappliedApplied({ applied, advanceMinor, costReliefMinor }: UnappliedApplied): EntryDraft {
  return {
    kind: "unapplied_applied",
    builderVersion: 1,
    postings: [
      ...signedPosting("2100", "4000", sumParts(applied)),
      ...signedPosting("4920", "1300", advanceMinor),
      ...signedPosting("4900", "1500", costReliefMinor),
      ...claimPostings(negateParts(applied)),
    ],
  };
}

/** An agency's bill under gross remittance is paid, or its commission on money that the seller took. */
export function commissionPaid(amountMinor: Minor): EntryDraft {
  return { kind: "commission_paid", builderVersion: 1, postings: signedPosting("2050", "1000", amountMinor) };
}

export interface ReceivablesSold {
  readonly proceedsMinor: Minor;
  /** what the receivables were carried at (carryingShares) */
  readonly carryingMinor: Minor;
  /** what their debtors owed */
  readonly claim: ClaimParts;
  /** court costs advanced on them */
  readonly advanceMinor: Minor;
}

/** Receivables are sold on: the proceeds stand gross, what they were carried at leaves beside them. */
export function receivablesSold({ proceedsMinor, carryingMinor, claim, advanceMinor }: ReceivablesSold): EntryDraft {
  return {
    kind: "receivables_sold",
    builderVersion: 1,
    postings: [
      ...signedPosting("1000", "4200", proceedsMinor),
      ...signedPosting("4930", "1500", carryingMinor),
      ...signedPosting("5100", "1300", advanceMinor),
      ...claimPostings(negateParts(claim)),
    ],
  };
}

export interface PutBackRefused {
  /** what the put-back had booked */
  readonly refundMinor: Minor;
  readonly costReliefMinor: Minor;
  readonly claim: ClaimParts;
  readonly advanceMinor: Minor;
  /** cost that collections recover now that there is more of it again (costRelief of 0) */
  readonly caughtUpMinor: Minor;
}

/** The seller does not take the receivable: the put-back with its sides exchanged. */
export function putBackRefused(refused: PutBackRefused): EntryDraft {
  const { refundMinor, costReliefMinor, claim, advanceMinor, caughtUpMinor } = refused;
  return {
    kind: "put_back_refused",
    builderVersion: 1,
    postings: [
      ...signedPosting("4100", "1150", refundMinor),
      ...signedPosting("1500", "4910", costReliefMinor),
      ...signedPosting("1300", "5100", advanceMinor),
      ...signedPosting("4900", "1500", caughtUpMinor),
      ...claimPostings(claim),
    ],
  };
}

export interface PutBackReduced {
  /** part of the refund that the seller does not pay */
  readonly refundMinor: Minor;
  /** cost that the put-back took out and the refund does not cover */
  readonly costReliefMinor: Minor;
  readonly caughtUpMinor: Minor;
}

/** The seller takes the receivable and pays less for it than was asked. */
export function putBackReduced(reduced: PutBackReduced): EntryDraft {
  const { postings } = putBackRefused({ ...reduced, claim: noParts, advanceMinor: zeroMinor });
  return { kind: "put_back_reduced", builderVersion: 1, postings };
}
