import type { ClaimComponent } from "../../models/claim.js";
import type { PaymentChannel } from "../../models/payment.js";
import {
  type Applied,
  accountOf,
  least,
  none,
  type Parts,
  pay,
  plus,
  type ReferenceDebt,
  takeBack,
  total,
} from "./reference-debt.js";
import { expenses, type Happening, holders, MustRefuse, type ReferenceTerms, settles } from "./reference-happening.js";

type Of<What extends Happening["what"]> = Extract<Happening, { what: What }>;

/** A payment as it can come back. */
interface Paid {
  readonly account: string;
  readonly channel: PaymentChannel;
  readonly amount: bigint;
  readonly commission: bigint;
  returned: bigint;
  commissionLeft: bigint;
  left: Applied;
  advanceLeft: bigint;
}

type State = ReferenceDebt["state"];

/** What can be taken back of an entry: a payment, an amount of its one posting, or a change of a claim. */
type Undo =
  | { readonly kind: "payment"; readonly paid: Paid }
  | { readonly kind: "posting"; readonly debit: string; readonly credit: string; left: bigint }
  | {
      readonly kind: "change";
      readonly account: string;
      readonly claim: Parts;
      readonly advance: bigint;
      readonly before: State;
      readonly after: State;
      done: boolean;
    }
  | undefined;

type Posting = readonly [debit: string, credit: string, amount: bigint];

/** An entry as the model keeps it: a day, and what went to each account (debits positive), two moves a posting. */
export interface ReferenceEntry {
  readonly on: string;
  readonly moves: readonly (readonly [account: string, amount: bigint])[];
  readonly undo: Undo;
}

const largest = 10n ** 15n;
const size = (a: bigint) => (a < 0n ? -a : a);
/** top / bottom (bottom positive), a half away from zero. */
const nearest = (top: bigint, bottom: bigint) => ((top < 0n ? -1n : 1n) * (2n * size(top) + bottom)) / (2n * bottom);
/** The same, a half towards positive infinity. */
function halfUp(top: bigint, bottom: bigint): bigint {
  const doubled = 2n * top + bottom;
  const quotient = doubled / (2n * bottom);
  return doubled % (2n * bottom) < 0n ? quotient - 1n : quotient;
}
const claimMoves = (change: Parts): Posting[] =>
  (Object.keys(change) as ClaimComponent[]).map((name) => [accountOf[name], "9900", change[name]]);

/**
 * The books of one bought portfolio, small enough to be read in one sitting: written from docs/LEDGER.md and the texts
 * of the refusals, not from the builders, so that a mistake would have to be made twice to stay hidden.
 *
 * It keeps every entry, and answers from them; there is no balance that could differ. `happen` either adds an entry or
 * throws `MustRefuse` and leaves all as it was.
 */
export class ReferenceBook {
  readonly entries: ReferenceEntry[] = [];
  readonly debts = new Map<string, ReferenceDebt>();
  readonly #terms: ReferenceTerms;
  readonly #face: bigint;
  readonly #paid = new Map<string, Paid>();
  readonly #numbers = new Set<string>();
  #refunded = 0n;
  today: string;

  constructor(terms: ReferenceTerms, today: string) {
    this.#terms = terms;
    this.today = today;
    let face = 0n;
    for (const [account, balance] of terms.receivables) {
      if (balance === undefined) continue;
      face += balance;
      this.debts.set(account, {
        face: balance,
        state: "owned",
        claim: { ...none(), principal: balance },
        paid: none(),
        unapplied: 0n,
        collected: 0n,
        commission: 0n,
        advance: 0n,
        advanceRecovered: 0n,
        basisPoints: undefined,
      });
    }
    this.#face = face;
    this.#post(terms.closingOn, [
      ["1500", "1000", terms.price],
      ["9000", "9900", face],
    ]);
  }

  happen(happening: Happening): void {
    const acts: { [What in Happening["what"]]: (happening: Of<What>) => void } = {
      payment: (one) => this.#payment(one),
      put_back: (one) => this.#putBack(one),
      cost: (one) => this.#posting(one, expenses[one.type], "1000"),
      receipt: (one) => this.#posting(one, "1000", settles[one.kind]),
      advance: (one) => this.#advance(one),
      write_off: (one) => this.#writeOff(one),
      adjust: (one) => this.#adjust(one),
      settle: (one) => this.#settle(one),
      refund: (one) => this.#refund(one),
      apply: (one) => this.#apply(one),
      place: (one) => this.#place(one),
      recall: (one) => this.#recall(one),
      reverse: (one) => this.#reverse(one),
    };
    (acts[happening.what] as (one: Happening) => void)(happening);
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

  /** What the net-back report says to date: gross, commission, costs, and what is left of them. */
  netBack(): { gross: bigint; commission: bigint; costs: bigint; netBack: bigint } {
    const gross = -this.#balance("4000");
    const commission = this.#balance("5000");
    // an advance is cash paid as well, until it comes back
    let costs = this.#balance("1300") + this.#balance("4920");
    for (const account of Object.values(expenses)) costs += this.#balance(account);
    return { gross, commission, costs, netBack: gross - commission - costs };
  }

  #payment(paid: Of<"payment">): void {
    const on = this.#money(paid);
    if (paid.number !== undefined && this.#numbers.has(paid.number)) throw new MustRefuse("payment_duplicate");
    const debt = this.#bought(paid.account);
    // the seller has what debtors of its own pay it
    if (debt.state === "put_back" && paid.amount > 0n && paid.channel === "direct")
      throw new MustRefuse("receivable_not_owned");
    this.#collect(paid, { on, debt, original: this.#original(paid) });
  }

  #collect(paid: Of<"payment">, how: { on: string; debt: ReferenceDebt; original: Paid | undefined }): void {
    const { on, debt, original } = how;
    const { amount } = paid;
    const channel = original?.channel ?? paid.channel;
    const held = debt.state !== "put_back";
    if (
      channel === "agency" &&
      original === undefined &&
      debt.basisPoints === undefined &&
      paid.commission === undefined
    )
      throw new MustRefuse("receivable_not_placed");
    if (original !== undefined && -amount > original.amount - original.returned)
      throw new MustRefuse("reversal_too_large");
    const applied = amount > 0n ? pay(held ? debt.claim : none(), amount) : takeBack(debt, -amount, original?.left);
    if (applied === undefined) throw new MustRefuse("reversal_too_large");
    const commission = this.#commission(paid, { channel, original, debt });
    const advance = advanceOf(applied.parts.court_costs, debt, original);
    this.#post(
      on,
      [
        [holders[channel], "4000", total(applied.parts)],
        [holders[channel], "2100", applied.over],
        ["5000", channel === "agency" ? "1100" : "2050", commission],
        ["4920", held ? "1300" : "5100", advance],
        this.#relief(total(applied.parts) - advance),
        ...(held ? claimMoves(plus(none(), applied.parts, -1n)) : []),
      ],
      amount < 0n
        ? undefined
        : { kind: "payment", paid: this.#remember(paid, { channel, commission, applied, advance }) },
    );
    this.#move(debt, { applied, advance, held });
    debt.collected += amount;
    debt.commission += commission;
    if (paid.number !== undefined) this.#numbers.add(paid.number);
    if (original === undefined) return;
    original.returned -= amount;
    original.commissionLeft += commission;
    original.left = { parts: plus(original.left.parts, applied.parts), over: original.left.over + applied.over };
    original.advanceLeft += advance;
  }

  #remember(
    { account, amount, number }: Of<"payment">,
    booked: { channel: PaymentChannel; commission: bigint; applied: Applied; advance: bigint },
  ): Paid {
    const { channel, commission, applied, advance } = booked;
    const kept = { returned: 0n, commissionLeft: commission, left: applied, advanceLeft: advance };
    const paid: Paid = { account, channel, amount, commission, ...kept };
    if (number !== undefined) this.#paid.set(number, paid);
    return paid;
  }

  /** What was applied to a debt, or taken back. A claim that is another's stays as it is. */
  #move(debt: ReferenceDebt, moved: { applied: Applied; advance: bigint; held: boolean }): void {
    const { applied, advance, held } = moved;
    debt.paid = plus(debt.paid, applied.parts);
    debt.unapplied += applied.over;
    debt.advanceRecovered += advance;
    if (!held) return;
    debt.advance -= advance;
    this.#setClaim(debt, plus(debt.claim, applied.parts, -1n));
  }

  /** A settled debt on which something is owed again is open again. */
  #setClaim(debt: ReferenceDebt, claim: Parts): void {
    debt.claim = claim;
    if (debt.state === "settled" && total(claim) > 0n) debt.state = "owned";
  }

  #original(paid: Of<"payment">): Paid | undefined {
    if (paid.returns === undefined) return undefined;
    if (paid.amount > 0n) throw new MustRefuse("amount_invalid");
    const original = this.#paid.get(paid.returns);
    if (original === undefined || original.account !== paid.account) throw new MustRefuse("not_found");
    return original;
  }

  #commission(
    { amount, commission: stated }: Of<"payment">,
    { channel, original, debt }: { channel: PaymentChannel; original: Paid | undefined; debt: ReferenceDebt },
  ): bigint {
    if (stated !== undefined) {
      if (original !== undefined && stated > original.commissionLeft) throw new MustRefuse("reversal_too_large");
      if (stated > size(amount)) throw new MustRefuse("amount_out_of_range");
      return amount < 0n ? -stated : stated;
    }
    if (original !== undefined) {
      // by then so much of it is kept as is due on what has not come back
      const back = original.returned - amount;
      const kept = original.commission - halfUp(original.commission * back, original.amount);
      return original.commissionLeft > kept ? kept - original.commissionLeft : 0n;
    }
    if (channel === "own" || debt.basisPoints === undefined) return 0n;
    if (amount < 0n) return halfUp(debt.commission * amount, debt.collected);
    return nearest(amount * debt.basisPoints, 10_000n);
  }

  /** The posting by which so much more collected recovers cost: all of it, until the cost is back. */
  #relief(collected: bigint): Posting {
    const recovered = this.#balance("4900");
    const cost = this.#balance("1500") + recovered;
    const after = collected - this.#balance("4000") - this.#balance("4920");
    return ["4900", "1500", (after > 0n ? least(cost, after) : 0n) - recovered];
  }

  #posting(one: { amount: bigint; on: string }, debit: string, credit: string): void {
    const on = this.#money(one);
    const [to, from] = one.amount > 0n ? [debit, credit] : [credit, debit];
    const left = size(one.amount);
    this.#post(on, [[to, from, left]], { kind: "posting", debit: to, credit: from, left });
  }

  #putBack({ account, on, override }: Of<"put_back">): void {
    const effective = this.#effective(on);
    if (on > this.#terms.putBackUntil && !override) throw new MustRefuse("put_back_window_over");
    const debt = this.#held(account);
    const refund = least(halfUp(this.#terms.price * debt.face, this.#face), this.#terms.price - this.#refunded);
    this.#post(effective, [
      ["1150", "4100", refund],
      ["4910", "1500", least(refund, this.#balance("1500"))],
      ["5100", "1300", debt.advance],
      ...claimMoves(plus(none(), debt.claim, -1n)),
    ]);
    this.#refunded += refund;
    Object.assign(debt, { state: "put_back", claim: none(), advance: 0n, basisPoints: undefined });
  }

  #advance(one: Of<"advance">): void {
    const on = this.#money(one);
    const debt = this.#held(one.account);
    if (debt.advance + one.amount < 0n || debt.claim.court_costs + one.amount < 0n)
      throw new MustRefuse("amount_not_available");
    const claim = { ...none(), court_costs: one.amount };
    this.#change(one.account, { on, claim, advance: one.amount, postings: [["1300", "1000", one.amount]] });
  }

  #writeOff({ account, amount, on }: Of<"write_off">): void {
    const effective = this.#effective(on);
    const debt = this.#held(account);
    this.#available(amount, debt.advance);
    this.#change(account, { on: effective, claim: none(), advance: -amount, postings: [["5100", "1300", amount]] });
  }

  #adjust({ account, component, amount, on }: Of<"adjust">): void {
    const effective = this.#effective(on);
    const debt = this.#held(account);
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (size(amount) > largest) throw new MustRefuse("amount_out_of_range");
    if (debt.claim[component] + amount < 0n) throw new MustRefuse("amount_not_available");
    this.#change(account, { on: effective, claim: { ...none(), [component]: amount }, advance: 0n, postings: [] });
  }

  #settle({ account, on }: Of<"settle">): void {
    const effective = this.#effective(on);
    const debt = this.#held(account);
    if (total(debt.claim) === 0n) throw new MustRefuse("amount_not_available");
    const { advance } = debt;
    const claim = plus(none(), debt.claim, -1n);
    this.#change(account, {
      on: effective,
      claim,
      advance: -advance,
      postings: [["5100", "1300", advance]],
      after: "settled",
    });
    debt.basisPoints = undefined;
  }

  /** Changes a claim other than by a payment, in one entry that can be taken back as a whole. */
  #change(
    account: string,
    change: { on: string; claim: Parts; advance: bigint; postings: readonly Posting[]; after?: State },
  ): void {
    const { on, claim, advance, postings } = change;
    const debt = this.debts.get(account)!;
    const before = debt.state;
    this.#setClaim(debt, plus(debt.claim, claim));
    debt.advance += advance;
    if (change.after !== undefined) debt.state = change.after;
    const undo = { kind: "change" as const, account, claim, advance, before, after: debt.state, done: false };
    this.#post(on, [...postings, ...claimMoves(claim)], undo);
  }

  #refund({ account, amount, on }: Of<"refund">): void {
    const effective = this.#effective(on);
    const debt = this.#bought(account);
    this.#available(amount, debt.unapplied);
    this.#post(effective, [["2100", "1000", amount]]);
    debt.unapplied -= amount;
    debt.collected -= amount;
  }

  #apply({ from, account, amount, on }: Of<"apply">): void {
    const effective = this.#effective(on);
    const giving = this.#bought(from);
    const owing = this.#held(account);
    this.#available(amount, least(giving.unapplied, total(owing.claim)));
    const applied = pay(owing.claim, amount);
    const advance = advanceOf(applied.parts.court_costs, owing, undefined);
    this.#post(effective, [
      ["2100", "4000", amount],
      ["4920", "1300", advance],
      this.#relief(amount - advance),
      ...claimMoves(plus(none(), applied.parts, -1n)),
    ]);
    giving.unapplied -= amount;
    giving.collected -= amount;
    this.#move(owing, { applied, advance, held: true });
    owing.collected += amount;
  }

  #place({ account, on, basisPoints }: Of<"place">): void {
    this.#effective(on);
    if (!this.#terms.receivables.has(account)) throw new MustRefuse("receivable_unknown");
    const debt = this.debts.get(account);
    if (debt === undefined || debt.state !== "owned" || debt.basisPoints !== undefined || total(debt.claim) === 0n)
      throw new MustRefuse("receivable_placed");
    debt.basisPoints = basisPoints;
  }

  #recall({ account, on }: Of<"recall">): void {
    this.#effective(on);
    const debt = this.debts.get(account);
    if (debt !== undefined) debt.basisPoints = undefined;
  }

  #reverse({ entry, amount, on }: Of<"reverse">): void {
    const target = this.entries[entry - 1];
    if (target === undefined) throw new MustRefuse("not_found");
    const effective = this.#effective(on);
    if (on < target.on) throw new MustRefuse("effective_date_refused");
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (amount !== undefined && amount > largest) throw new MustRefuse("amount_out_of_range");
    const { undo } = target;
    if (undo === undefined) throw new MustRefuse("entry_not_reversible");
    if (undo.kind === "change") {
      this.#undoChange(target, undo, { amount, on: effective });
      return;
    }
    const left = undo.kind === "posting" ? undo.left : undo.paid.amount - undo.paid.returned;
    const back = amount ?? left;
    if (left === 0n || back > left) throw new MustRefuse("reversal_too_large");
    if (undo.kind === "posting") {
      this.#post(effective, [[undo.credit, undo.debit, back]]);
      undo.left -= back;
      return;
    }
    const { paid } = undo;
    const returned = { what: "payment" as const, account: paid.account, amount: -back, on, channel: paid.channel };
    this.#collect(returned, { on: effective, debt: this.#bought(paid.account), original: paid });
  }

  #undoChange(
    target: ReferenceEntry,
    undo: Extract<Undo, { kind: "change" }>,
    { amount, on }: { amount: bigint | undefined; on: string },
  ): void {
    if (amount !== undefined) throw new MustRefuse("entry_not_reversible");
    if (undo.done) throw new MustRefuse("reversal_too_large");
    const debt = this.#held(undo.account);
    if (debt.state !== undo.after) throw new MustRefuse("entry_not_reversible");
    const claim = plus(debt.claim, undo.claim, -1n);
    const advance = debt.advance - undo.advance;
    if ([...Object.values(claim), advance].some((part) => part < 0n)) throw new MustRefuse("entry_not_reversible");
    this.entries.push(opposite(target, on));
    Object.assign(debt, { claim, advance, state: undo.before });
    undo.done = true;
  }

  #bought(account: string): ReferenceDebt {
    if (!this.#terms.receivables.has(account)) throw new MustRefuse("receivable_unknown");
    const debt = this.debts.get(account);
    if (debt === undefined) throw new MustRefuse("receivable_not_bought");
    return debt;
  }

  #held(account: string): ReferenceDebt {
    const debt = this.#bought(account);
    if (debt.state === "put_back") throw new MustRefuse("receivable_not_owned");
    return debt;
  }

  #available(amount: bigint, most: bigint): void {
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (amount > largest) throw new MustRefuse("amount_out_of_range");
    if (amount > most) throw new MustRefuse("amount_not_available");
  }

  /** The guards of everything that moves money, in their order; gives the day that counts. */
  #money({ amount, on }: { amount: bigint; on: string }): string {
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (size(amount) > largest) throw new MustRefuse("amount_out_of_range");
    return this.#effective(on);
  }

  #effective(on: string): string {
    const { cutOffOn, closingOn } = this.#terms;
    if (on > this.today || on < cutOffOn) throw new MustRefuse("effective_date_refused");
    return on < closingOn ? closingOn : on;
  }

  #balance(account: string): bigint {
    return this.balances().get(account) ?? 0n;
  }

  #post(on: string, postings: readonly Posting[], undo: Undo = undefined): void {
    const moved = postings.filter(([, , amount]) => amount !== 0n);
    const moves = moved.flatMap(([debit, credit, amount]) => [[debit, amount] as const, [credit, -amount] as const]);
    this.entries.push({ on, moves, undo });
  }
}

function opposite({ moves }: ReferenceEntry, on: string): ReferenceEntry {
  return { on, moves: moves.map(([account, amount]) => [account, -amount] as const), undo: undefined };
}

/** The part of what paid court costs that gives our advance back; of what comes back, what it had given. */
function advanceOf(courtCosts: bigint, debt: ReferenceDebt, original: Paid | undefined): bigint {
  if (courtCosts >= 0n) return least(courtCosts, debt.advance);
  const given = original === undefined ? debt.advanceRecovered : least(original.advanceLeft, debt.advanceRecovered);
  return -least(-courtCosts, given);
}
