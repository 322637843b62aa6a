import { least, none, type Parts, plus, type ReferenceDebt, total } from "./reference-debt.js";
import { MustRefuse, type Of } from "./reference-happening.js";
import {
  assertWhole,
  claimMoves,
  halfUp,
  isHeld,
  minus,
  type ReferenceLedger,
  split,
  type TakeBack,
} from "./reference-ledger.js";

/** What a receivable left with. */
interface Left {
  readonly claim: Parts;
  readonly advance: bigint;
  readonly state: ReferenceDebt["state"];
}

interface PutBack extends Left {
  readonly refund: bigint;
  readonly relief: bigint;
  accepted: bigint | undefined;
  /** the answer made an entry */
  answered: boolean;
}

/** Receivables that go: back to the seller, or on to a buyer; and that come back. */
export class ReferenceSales {
  /** put-backs that wait for an answer, by account */
  readonly #asked = new Map<string, PutBack>();
  readonly #putBacks: PutBack[] = [];

  constructor(readonly ledger: ReferenceLedger) {}

  get #refunded(): bigint {
    return this.#putBacks.reduce((sum, { refund, accepted }) => sum + (accepted ?? refund), 0n);
  }

  putBack({ account, on, override }: Of<"put_back">): void {
    const { ledger } = this;
    const { price, putBackUntil } = ledger.terms;
    const effective = ledger.effective(on);
    if (on > putBackUntil && !override) throw new MustRefuse("put_back_window_over");
    const debt = ledger.held(account);
    const refund = least(halfUp(price * debt.face, ledger.face), price - this.#refunded);
    const carried = ledger.balance("1500");
    const relief = carried > 0n ? least(refund, carried) : 0n;
    const putBack: PutBack = { ...leaving(debt), refund, relief, accepted: undefined, answered: false };
    let done = false;
    ledger.post(effective, gone(putBack, putBack), {
      reason: true,
      undo: (order) => {
        assertWhole(order, done);
        if (putBack.answered) throw new MustRefuse("entry_not_reversible");
        this.#ourAgain(debt, putBack, order.on, true);
        Object.assign(putBack, { accepted: 0n });
        this.#asked.delete(account);
        done = true;
      },
    });
    this.#putBacks.push(putBack);
    this.#asked.set(account, putBack);
    go(debt, "put_back");
    ledger.mark(account, () => !done);
  }

  answer({ account, on, accepted }: Of<"answer">): void {
    const effective = this.ledger.effective(on);
    const debt = this.ledger.bought(account);
    const putBack = this.#asked.get(account);
    if (putBack === undefined) throw new MustRefuse("not_found");
    if (accepted !== undefined && accepted > putBack.refund) throw new MustRefuse("amount_not_available");
    if (accepted === undefined) this.#refused(account, { putBack, debt, on: effective });
    else if (accepted < putBack.refund) this.#reduced(account, { putBack, accepted, on: effective });
    putBack.accepted = accepted ?? 0n;
    this.#asked.delete(account);
  }

  #refused(account: string, how: { putBack: PutBack; debt: ReferenceDebt; on: string }): void {
    const { ledger } = this;
    const { putBack, debt, on } = how;
    let done = false;
    this.#ourAgain(debt, putBack, on, false, (order) => {
      assertWhole(order, done);
      const own = debt.later.filter(({ entry, stands }) => entry > number && stands());
      if (own.length > 0) throw new MustRefuse("entry_not_reversible");
      this.#assertPrice(putBack.refund);
      const relief = least(putBack.relief, removable(ledger));
      const again = { ...leaving(debt), refund: putBack.refund, relief };
      ledger.post(order.on, [...gone(again, again), ledger.relief(0n, -relief)], { reason: true });
      go(debt, "put_back");
      this.#reopened(account, putBack);
      done = true;
    });
    const number = ledger.entries.length;
    putBack.answered = true;
    ledger.mark(account, () => !done);
  }

  #reduced(account: string, how: { putBack: PutBack; accepted: bigint; on: string }): void {
    const { ledger } = this;
    const { putBack, accepted, on } = how;
    const refund = putBack.refund - accepted;
    const relief = putBack.relief - least(putBack.relief, accepted);
    let done = false;
    const undo = (order: TakeBack) => {
      assertWhole(order, done);
      this.#assertPrice(refund);
      const less = least(relief, removable(ledger));
      ledger.post(order.on, [["1150", "4100", refund], ["4910", "1500", less], ledger.relief(0n, -less)], {
        reason: true,
      });
      this.#reopened(account, putBack);
      done = true;
    };
    const postings = [["4100", "1150", refund], ["1500", "4910", relief], ledger.relief(0n, relief)] as const;
    ledger.post(on, postings, { undo });
    putBack.answered = true;
    ledger.mark(account, () => !done);
  }

  #reopened(account: string, putBack: PutBack): void {
    Object.assign(putBack, { accepted: undefined, answered: false });
    this.#asked.set(account, putBack);
  }

  #assertPrice(more: bigint): void {
    if (more > this.ledger.terms.price - this.#refunded) throw new MustRefuse("entry_not_reversible");
  }

  /** What was put back is ours: with what it left with, and what bounced meanwhile. */
  #ourAgain(
    debt: ReferenceDebt,
    { claim, advance, state, refund, relief }: PutBack,
    on: string,
    reason: boolean,
    undo?: (order: TakeBack) => void,
  ): void {
    const { ledger } = this;
    const owed = plus(claim, debt.bounced);
    ledger.post(
      on,
      [
        ["4100", "1150", refund],
        ["1500", "4910", relief],
        ["1300", "5100", advance],
        ledger.relief(0n, relief),
        ...claimMoves(owed),
      ],
      { undo, reason },
    );
    come(ledger, debt, { claim: owed, advance, state });
  }

  sell({ accounts: named, proceeds, on }: Of<"sell">): void {
    const { ledger } = this;
    ledger.movement(proceeds);
    const effective = ledger.effective(on);
    const accounts = [...new Set(named)];
    const debts = accounts.map((account) => ledger.held(account));
    if (debts.some(({ state }) => state === "settled")) throw new MustRefuse("receivable_not_owned");
    const claims = debts.map(({ claim }) => total(claim));
    const shares = split(proceeds, claims.some((claim) => claim > 0n) ? claims : claims.map(() => 1n));
    const carried = carryingOf(ledger);
    const sold = debts.map((debt, i) => ({
      ...leaving(debt),
      account: accounts[i]!,
      debt,
      proceeds: shares[i]!,
      carrying: carried.get(debt)!,
      isBack: false,
    }));
    type Sold = (typeof sold)[number];
    const postings = (of: readonly Sold[], claim: Parts) => [
      ["1000", "4200", sum(of, (one) => one.proceeds)] as const,
      ["4930", "1500", sum(of, (one) => one.carrying)] as const,
      ["5100", "1300", sum(of, (one) => one.advance)] as const,
      ...claimMoves(minus(claim)),
    ];
    const claim = sold.reduce((all, one) => plus(all, one.claim), none());
    ledger.post(effective, postings(sold, claim), {
      undo: (order) => {
        if (order.amount !== undefined) throw new MustRefuse("entry_not_reversible");
        const asked = order.accounts === undefined ? sold.filter((one) => !one.isBack) : byName(sold, order.accounts);
        if (asked.length === 0 || asked.some((one) => one.isBack)) throw new MustRefuse("reversal_too_large");
        const owed = asked.map((one) => plus(one.claim, one.debt.bounced));
        const back = postings(
          asked,
          owed.reduce((all, one) => plus(all, one), none()),
        ).map(([debit, credit, amount]) => [credit, debit, amount] as const);
        const carrying = sum(asked, (one) => one.carrying);
        ledger.post(order.on, [...back, ledger.relief(0n, carrying)], { reason: true });
        for (const [i, one] of asked.entries()) {
          come(ledger, one.debt, { ...one, claim: owed[i]! });
          one.isBack = true;
        }
      },
    });
    for (const one of sold) {
      go(one.debt, "sold");
      ledger.mark(one.account, () => !one.isBack);
    }
  }
}

const leaving = ({ claim, advance, state }: ReferenceDebt): Left => ({ claim, advance, state });

function gone({ claim, advance }: Left, { refund, relief }: { refund: bigint; relief: bigint }) {
  return [
    ["1150", "4100", refund] as const,
    ["4910", "1500", relief] as const,
    ["5100", "1300", advance] as const,
    ...claimMoves(minus(claim)),
  ];
}

function go(debt: ReferenceDebt, state: "put_back" | "sold"): void {
  Object.assign(debt, { state, claim: none(), advance: 0n, placed: undefined, bounced: none() });
}

/** A settled debt of which something bounced meanwhile is open. */
function come(ledger: ReferenceLedger, debt: ReferenceDebt, { claim, advance, state }: Left): void {
  Object.assign(debt, { state, advance, bounced: none() });
  ledger.setClaim(debt, claim);
}

/** The cost that is still in the books: nobody takes more out of them. Under interest: what is carried. */
function removable(ledger: ReferenceLedger): bigint {
  const recovered = ledger.terms.interest === undefined ? ledger.balance("4900") : 0n;
  const most = ledger.balance("1500") + recovered;
  return most > 0n ? most : 0n;
}

/** What each receivable that is ours is carried at, by its part of the price. */
function carryingOf(ledger: ReferenceLedger): Map<ReferenceDebt, bigint> {
  const ours = [...ledger.debts.values()].filter(isHeld);
  const costs = ours.map(({ cost }) => cost);
  const shares = split(ledger.balance("1500"), costs.some((cost) => cost > 0n) ? costs : costs.map(() => 1n));
  return new Map(ours.map((debt, i) => [debt, shares[i]!]));
}

function byName<Sold extends { account: string }>(sold: readonly Sold[], accounts: readonly string[]): Sold[] {
  return [...new Set(accounts)].map((account) => {
    const found = sold.find((one) => one.account === account);
    if (found === undefined) throw new MustRefuse("entry_not_reversible");
    return found;
  });
}

const sum = <One>(of: readonly One[], amount: (one: One) => bigint) => of.reduce((all, one) => all + amount(one), 0n);
