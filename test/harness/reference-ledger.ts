import type { ClaimComponent } from "../../models/claim.js";
import { accountOf, least, none, type Parts, plus, type ReferenceDebt, total } from "./reference-debt.js";
import { MustRefuse, type ReferenceTerms } from "./reference-happening.js";
import { ReferenceMonths } from "./reference-months.js";

/** How an entry is taken back, as it is asked for. */
export interface TakeBack {
  /** all that is left when undefined */
  readonly amount: bigint | undefined;
  /** of a sale: some of its receivables */
  readonly accounts: readonly string[] | undefined;
  /** the day that counts, and the day that was named */
  readonly on: string;
  readonly named: string;
}

export type Posting = readonly [debit: string, credit: string, amount: bigint];

/** An entry as the model keeps it: a day, and what went to each account (debits positive), two moves a posting. */
export interface ReferenceEntry {
  readonly on: string;
  readonly moves: readonly (readonly [account: string, amount: bigint])[];
  /** an agency stands on it */
  readonly agency: boolean;
  readonly undo: ((order: TakeBack) => void) | undefined;
  /** puts the right amount in the place of what was booked */
  readonly correct: ((amount: bigint) => void) | undefined;
}

export const largest = 10n ** 15n;
export const size = (a: bigint) => (a < 0n ? -a : a);
/** top / bottom (bottom positive), a half away from zero. */
export const nearest = (top: bigint, bottom: bigint) =>
  ((top < 0n ? -1n : 1n) * (2n * size(top) + bottom)) / (2n * bottom);
/** The same, a half towards positive infinity. */
export function halfUp(top: bigint, bottom: bigint): bigint {
  const doubled = 2n * top + bottom;
  const quotient = doubled / (2n * bottom);
  return doubled % (2n * bottom) < 0n ? quotient - 1n : quotient;
}
export const claimMoves = (change: Parts): Posting[] =>
  (Object.keys(change) as ClaimComponent[]).map((name) => [accountOf[name], "9900", change[name]]);
export const minus = (parts: Parts) => plus(none(), parts, -1n);

/** Splits an amount over weights: the parts rounded down, and what is over to the largest remainders, the earlier first. */
export function split(amount: bigint, weights: readonly bigint[]): bigint[] {
  if (amount < 0n) return split(-amount, weights).map((part) => -part);
  const sum = weights.reduce((all, one) => all + one, 0n);
  const parts = weights.map((weight) => (sum === 0n ? 0n : (amount * weight) / sum));
  let over = amount - parts.reduce((all, one) => all + one, 0n);
  const byRemainder = weights.map((weight, i) => ({ i, rest: sum === 0n ? 0n : (amount * weight) % sum }));
  byRemainder.sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1));
  for (const { i } of byRemainder) {
    if (over === 0n) break;
    parts[i]! += 1n;
    over--;
  }
  return parts;
}

/**
 * What the model keeps: every entry and every debt. Balances are answered from the entries; there is none that could
 * differ. `post` comes before any debt is changed: it refuses what comes for a month that is shut.
 */
export class ReferenceLedger {
  readonly entries: ReferenceEntry[] = [];
  readonly debts = new Map<string, ReferenceDebt>();
  readonly months: ReferenceMonths;
  readonly face: bigint;
  today: string;

  constructor(
    readonly terms: ReferenceTerms,
    today: string,
  ) {
    this.today = today;
    this.months = new ReferenceMonths(terms.closingOn.slice(0, 7));
    let face = 0n;
    for (const [account, bought] of terms.receivables) {
      if (bought === undefined) continue;
      face += bought.balance;
      this.debts.set(account, {
        face: bought.balance,
        cost: bought.cost,
        state: "owned",
        claim: { ...none(), principal: bought.balance },
        paid: none(),
        unapplied: 0n,
        collected: 0n,
        commission: 0n,
        advance: 0n,
        advanceRecovered: 0n,
        bounced: none(),
        later: [],
        placed: undefined,
      });
    }
    this.face = face;
    this.post(terms.closingOn, [
      ["1500", "1000", terms.price],
      ["9000", "9900", face],
    ]);
  }

  /** Debit less credit of every account that was touched, over entries effective by a day, of the first so many. */
  balances(asOf = "9999-12-31", entries = this.entries.length): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const { on, moves } of this.entries.slice(0, entries)) {
      if (on > asOf) continue;
      for (const [account, amount] of moves) sums.set(account, (sums.get(account) ?? 0n) + amount);
    }
    return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  balance(account: string): bigint {
    return this.balances().get(account) ?? 0n;
  }

  /** What we owe the agency in commission: of the entries that it stands on. */
  commissionOwed(): bigint {
    let owed = 0n;
    for (const { agency, moves } of this.entries) {
      if (!agency) continue;
      for (const [account, amount] of moves) if (account === "2050") owed -= amount;
    }
    return owed;
  }

  /** The posting by which so much more collected, or so much more cost, recovers cost: all of it, until the cost is back. */
  relief(collected: bigint, moreCost = 0n): Posting {
    // under effective interest all that comes in comes off
    if (this.terms.interest !== undefined) return ["4900", "1500", collected];
    const recovered = this.balance("4900");
    const cost = this.balance("1500") + recovered + moreCost;
    const after = collected - this.balance("4000") - this.balance("4920");
    return ["4900", "1500", (after > 0n ? least(cost, after) : 0n) - recovered];
  }

  bought(account: string): ReferenceDebt {
    if (!this.terms.receivables.has(account)) throw new MustRefuse("receivable_unknown");
    const debt = this.debts.get(account);
    if (debt === undefined) throw new MustRefuse("receivable_not_bought");
    return debt;
  }

  held(account: string): ReferenceDebt {
    const debt = this.bought(account);
    if (!isHeld(debt)) throw new MustRefuse("receivable_not_owned");
    return debt;
  }

  available(amount: bigint, most: bigint): void {
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (amount > largest) throw new MustRefuse("amount_out_of_range");
    if (amount > most) throw new MustRefuse("amount_not_available");
  }

  /** The guards of everything that moves money, in their order; gives the day that counts. */
  money({ amount, on }: { amount: bigint; on: string }): string {
    this.movement(amount);
    return this.effective(on);
  }

  movement(amount: bigint): void {
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (size(amount) > largest) throw new MustRefuse("amount_out_of_range");
  }

  effective(on: string): string {
    const { cutOffOn, closingOn } = this.terms;
    if (on > this.today || on < cutOffOn) throw new MustRefuse("effective_date_refused");
    return on < closingOn ? closingOn : on;
  }

  /** Adds an entry on the day that its month allows; `reason` where it gives one, as corrections do. */
  post(
    on: string,
    postings: readonly Posting[],
    how: Partial<Pick<ReferenceEntry, "undo" | "correct" | "agency">> & { reason?: boolean } = {},
  ): void {
    const { undo, correct, agency = false, reason = false } = how;
    const booked = this.months.bookedOn(on, reason);
    const moved = postings.filter(([, , amount]) => amount !== 0n);
    const moves = moved.flatMap(([debit, credit, amount]) => [[debit, amount] as const, [credit, -amount] as const]);
    this.entries.push({ on: booked, moves, undo, correct, agency });
  }

  /** Something has happened to a receivable by the last entry, which stands until it is taken back. */
  mark(account: string, stands: () => boolean): void {
    this.debts.get(account)!.later.push({ entry: this.entries.length, stands });
  }

  /** Changes what is owed. A settled debt on which something is owed again is open again. */
  setClaim(debt: ReferenceDebt, claim: Parts): void {
    debt.claim = claim;
    if (debt.state === "settled" && total(claim) > 0n) debt.state = "owned";
  }
}

export function isHeld({ state }: ReferenceDebt): boolean {
  return state === "owned" || state === "settled";
}

/** The guard of what is taken back as a whole, and once. */
export function assertWhole({ amount, accounts }: TakeBack, done: boolean): void {
  if (amount !== undefined || accounts !== undefined) throw new MustRefuse("entry_not_reversible");
  if (done) throw new MustRefuse("reversal_too_large");
}

/** The guard of what is taken back in parts; gives how much is. */
export function partOf({ amount, accounts }: TakeBack, left: bigint): bigint {
  if (accounts !== undefined) throw new MustRefuse("entry_not_reversible");
  const back = amount ?? left;
  if (left === 0n || back > left) throw new MustRefuse("reversal_too_large");
  return back;
}
