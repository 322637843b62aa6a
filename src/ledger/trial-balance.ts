import type { AccountCode } from "../../seeds/chart-of-accounts.js";
import { type Minor, minor, zeroMinor } from "../money/money.js";
import type { Posting } from "./entry-draft.js";

/** What went to either side of an account. */
export interface Turnover {
  readonly debitMinor: Minor;
  readonly creditMinor: Minor;
}

/** Turnover of every account that the postings name. */
export function turnovers(postings: Iterable<Posting>): Map<AccountCode, Turnover> {
  const totals = new Map<AccountCode, Turnover>();
  const add = (account: AccountCode, debitMinor: Minor, creditMinor: Minor) => {
    const before = totals.get(account) ?? { debitMinor: zeroMinor, creditMinor: zeroMinor };
    totals.set(account, {
      debitMinor: minor(before.debitMinor + debitMinor),
      creditMinor: minor(before.creditMinor + creditMinor),
    });
  };
  for (const { debit, credit, amountMinor } of postings) {
    add(debit, amountMinor, zeroMinor);
    add(credit, zeroMinor, amountMinor);
  }
  return totals;
}

/** Debit less credit. */
export function balanceOf(turnover: Turnover | undefined): Minor {
  return turnover === undefined ? zeroMinor : minor(turnover.debitMinor - turnover.creditMinor);
}
