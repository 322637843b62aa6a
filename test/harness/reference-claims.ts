import { least, none, type Parts, pay, plus, type ReferenceDebt, total } from "./reference-debt.js";
import { MustRefuse, type Of } from "./reference-happening.js";
import {
  assertWhole,
  claimMoves,
  isHeld,
  minus,
  type Posting,
  partOf,
  type ReferenceLedger,
} from "./reference-ledger.js";
import { advanceOf, move } from "./reference-payments.js";

/** What changes a claim other than by a payment: court costs, interest, settlements, unapplied cash. */
export class ReferenceClaims {
  constructor(readonly ledger: ReferenceLedger) {}

  advance(one: Of<"advance">): void {
    const on = this.ledger.money(one);
    const debt = this.ledger.held(one.account);
    if (debt.advance + one.amount < 0n || debt.claim.court_costs + one.amount < 0n)
      throw new MustRefuse("amount_not_available");
    const claim = { ...none(), court_costs: one.amount };
    this.#change(one.account, { on, claim, advance: one.amount, postings: [["1300", "1000", one.amount]] });
  }

  writeOff({ account, amount, on }: Of<"write_off">): void {
    const effective = this.ledger.effective(on);
    const debt = this.ledger.held(account);
    this.ledger.available(amount, debt.advance);
    this.#change(account, { on: effective, claim: none(), advance: -amount, postings: [["5100", "1300", amount]] });
  }

  adjust({ account, component, amount, on }: Of<"adjust">): void {
    const effective = this.ledger.effective(on);
    const debt = this.ledger.held(account);
    this.ledger.movement(amount);
    if (debt.claim[component] + amount < 0n) throw new MustRefuse("amount_not_available");
    const claim = { ...none(), [component]: amount };
    this.#change(account, { on: effective, claim, advance: 0n, postings: [], reason: true });
  }

  settle({ account, on }: Of<"settle">): void {
    const effective = this.ledger.effective(on);
    const debt = this.ledger.held(account);
    if (total(debt.claim) === 0n) throw new MustRefuse("amount_not_available");
    const { advance } = debt;
    const postings: Posting[] = [["5100", "1300", advance]];
    this.#change(account, { on: effective, claim: minus(debt.claim), advance: -advance, postings, after: "settled" });
    debt.placed = undefined;
  }

  /** Changes a claim in one entry that can be taken back as a whole. */
  #change(
    account: string,
    change: {
      on: string;
      claim: Parts;
      advance: bigint;
      postings: readonly Posting[];
      after?: ReferenceDebt["state"];
      reason?: boolean;
    },
  ): void {
    const { ledger } = this;
    const { on, claim, advance, postings, reason = false } = change;
    const debt = ledger.debts.get(account)!;
    const before = debt.state;
    let [done, after] = [false, before];
    const opposite = [...postings, ...claimMoves(claim)].map(
      ([debit, credit, amount]): Posting => [credit, debit, amount],
    );
    ledger.post(on, [...postings, ...claimMoves(claim)], {
      reason,
      undo: (order) => {
        assertWhole(order, done);
        ledger.held(account);
        if (debt.state !== after) throw new MustRefuse("entry_not_reversible");
        const left = { claim: plus(debt.claim, claim, -1n), advance: debt.advance - advance };
        if ([...Object.values(left.claim), left.advance].some((part) => part < 0n))
          throw new MustRefuse("entry_not_reversible");
        ledger.post(order.on, opposite, { reason: true });
        Object.assign(debt, left, { state: before });
        done = true;
      },
    });
    ledger.setClaim(debt, plus(debt.claim, claim));
    debt.advance += advance;
    if (change.after !== undefined) debt.state = change.after;
    after = debt.state;
    ledger.mark(account, () => !done);
  }

  refund({ account, amount, on }: Of<"refund">): void {
    const { ledger } = this;
    const effective = ledger.effective(on);
    const debt = ledger.bought(account);
    ledger.available(amount, debt.unapplied);
    let left = amount;
    const pass = (back: bigint) => {
      debt.unapplied += back;
      debt.collected += back;
    };
    ledger.post(effective, [["2100", "1000", amount]], {
      undo: (order) => {
        const back = partOf(order, left);
        ledger.post(order.on, [["1000", "2100", back]], { reason: true });
        pass(back);
        left -= back;
      },
    });
    pass(-amount);
    ledger.mark(account, () => left > 0n);
  }

  apply({ from, account, amount, on }: Of<"apply">): void {
    const { ledger } = this;
    const effective = ledger.effective(on);
    const giving = ledger.bought(from);
    const owing = ledger.held(account);
    ledger.available(amount, least(giving.unapplied, total(owing.claim)));
    const applied = pay(owing.claim, amount);
    const advance = advanceOf(applied.parts.court_costs, owing, undefined);
    let done = false;
    const pass = (times: 1n | -1n, advanced: bigint) => {
      giving.unapplied -= times * amount;
      giving.collected -= times * amount;
      move(ledger, owing, { applied: { parts: plus(none(), applied.parts, times), over: 0n }, advance: advanced });
      owing.collected += times * amount;
    };
    const postings = (times: 1n | -1n, advanced: bigint): Posting[] => [
      ["2100", "4000", times * amount],
      ["4920", "1300", advanced],
      ledger.relief(times * amount - advanced),
      ...claimMoves(plus(none(), applied.parts, -times)),
    ];
    ledger.post(effective, postings(1n, advance), {
      undo: (order) => {
        assertWhole(order, done);
        const { paid } = owing;
        const isThere = Object.entries(applied.parts).every(([name, part]) => paid[name as keyof Parts] >= part);
        if (!isHeld(owing) || !isThere) throw new MustRefuse("entry_not_reversible");
        const back = -least(advance, owing.advanceRecovered);
        ledger.post(order.on, postings(-1n, back), { reason: true });
        pass(-1n, back);
        done = true;
      },
    });
    pass(1n, advance);
    ledger.mark(account, () => !done);
    if (from !== account) ledger.mark(from, () => !done);
  }
}
