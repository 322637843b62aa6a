import type { PaymentChannel } from "../../models/payment.js";
import { type Applied, least, none, pay, plus, type ReferenceDebt, takeBack, total } from "./reference-debt.js";
import { holders, MustRefuse, type Of } from "./reference-happening.js";
import {
  claimMoves,
  halfUp,
  isHeld,
  minus,
  nearest,
  partOf,
  type ReferenceEntry,
  type ReferenceLedger,
  size,
} from "./reference-ledger.js";

/** A payment as it can come back. */
interface Paid {
  readonly account: string;
  readonly channel: PaymentChannel;
  readonly amount: bigint;
  readonly commission: bigint;
  readonly agency: boolean;
  /** its agency sends all of it, and a bill */
  readonly gross: boolean;
  /** the day it was made */
  readonly on: string;
  returned: bigint;
  commissionLeft: bigint;
  left: Applied;
  advanceLeft: bigint;
  /** something of it was taken back or came back */
  touched: boolean;
}

interface Collecting {
  readonly on: string;
  readonly original: Paid | undefined;
  readonly reason: boolean;
  /** of a payment that stands for another: an agency took it, whoever has the debt now */
  readonly agency?: boolean;
}

/** Payments that come in and go back, and what is put in the place of a wrong one. */
export class ReferencePayments {
  /** by the owner's number, what stands for it today */
  readonly #paid = new Map<string, Paid>();
  readonly #numbers = new Set<string>();

  constructor(readonly ledger: ReferenceLedger) {}

  payment(one: Of<"payment">): void {
    const on = this.ledger.money(one);
    const { number } = one;
    if (number !== undefined && this.#numbers.has(number)) throw new MustRefuse("payment_duplicate");
    this.#assertNotSellers(one);
    const paid = this.#collect(one, { on, original: this.#original(one), reason: false });
    if (number === undefined) return;
    this.#numbers.add(number);
    if (paid !== undefined) this.#paid.set(number, paid);
  }

  /** The seller has what debtors of its own pay it. */
  #assertNotSellers({ account, amount, channel }: Omit<Of<"payment">, "what" | "on">): void {
    if (!isHeld(this.ledger.bought(account)) && amount > 0n && channel === "direct")
      throw new MustRefuse("receivable_not_owned");
  }

  #collect(one: Of<"payment">, { on, original, reason, ...how }: Collecting): Paid | undefined {
    const { ledger } = this;
    const { account, amount } = one;
    const debt = ledger.bought(account);
    const channel = original?.channel ?? one.channel;
    const held = isHeld(debt);
    if (channel === "agency" && original === undefined && debt.placed === undefined && one.commission === undefined)
      throw new MustRefuse("receivable_not_placed");
    if (original !== undefined && -amount > original.amount - original.returned)
      throw new MustRefuse("reversal_too_large");
    const applied = amount > 0n ? pay(held ? debt.claim : none(), amount) : takeBack(debt, -amount, original?.left);
    if (applied === undefined) throw new MustRefuse("reversal_too_large");
    const commission = commissionOf(one, { channel, original, debt });
    const advance = advanceOf(applied.parts.court_costs, debt, original);
    const gross = original?.gross ?? debt.placed?.gross ?? false;
    const hasAgency = original?.agency === true || how.agency === true || debt.placed !== undefined;
    const agency = channel !== "own" && hasAgency;
    const kept = { returned: 0n, commissionLeft: commission, left: applied, advanceLeft: advance, touched: false };
    const paid = { account, channel, amount, commission, agency, gross, on: one.on, ...kept };
    const entry = ledger.entries.length;
    ledger.post(
      on,
      [
        [holders[channel], "4000", total(applied.parts)],
        [holders[channel], "2100", applied.over],
        ["5000", channel === "agency" && !gross ? "1100" : "2050", commission],
        ["4920", held ? "1300" : "5100", advance],
        ledger.relief(total(applied.parts) - advance),
        ...(held ? claimMoves(minus(applied.parts)) : []),
      ],
      { ...(amount > 0n ? this.#undone(paid, entry) : {}), agency, reason },
    );
    move(ledger, debt, { applied, advance });
    debt.collected += amount;
    debt.commission += commission;
    if (amount > 0n) ledger.mark(account, () => paid.returned !== paid.amount);
    else if (original === undefined) ledger.mark(account, () => true);
    if (original !== undefined) returned(original, { amount, commission, applied, advance });
    return amount > 0n ? paid : undefined;
  }

  #undone(paid: Paid, entry: number): Pick<ReferenceEntry, "undo" | "correct"> {
    const { account, channel } = paid;
    return {
      undo: (order) => {
        const amount = -partOf(order, paid.amount - paid.returned);
        const back = { what: "payment" as const, account, channel, amount, on: order.named };
        this.#collect(back, { on: order.on, original: paid, reason: true });
      },
      correct: (amount) => this.#correct(paid, this.ledger.entries[entry]!.on, amount),
    };
  }

  /** The wrong payment goes back on the day it was booked, the right one is booked on its own. */
  #correct(paid: Paid, bookedOn: string, amount: bigint): void {
    const { ledger } = this;
    const { account, channel, on } = paid;
    if (paid.touched) throw new MustRefuse("entry_not_reversible");
    ledger.months.bookedOn(bookedOn, true);
    ledger.movement(amount);
    if (amount < 0n) throw new MustRefuse("amount_invalid");
    const own = ledger.effective(on);
    this.#assertNotSellers({ account, channel, amount });
    ledger.months.bookedOn(own, true);
    const base = { what: "payment" as const, account, channel };
    this.#collect({ ...base, amount: -paid.amount, on: bookedOn }, { on: bookedOn, original: paid, reason: true });
    // an agency's share of what it took, for the terms of that day may be gone
    const commission = halfUp(paid.commission * amount, paid.amount);
    const right = { ...base, amount, on, ...(channel === "own" ? {} : { commission }) };
    const again = this.#collect(right, { on: own, original: undefined, reason: true, agency: paid.agency });
    for (const [number, one] of this.#paid) if (one === paid) this.#paid.set(number, again!);
  }

  #original(one: Of<"payment">): Paid | undefined {
    if (one.returns === undefined) return undefined;
    if (one.amount > 0n) throw new MustRefuse("amount_invalid");
    const original = this.#paid.get(one.returns);
    if (original === undefined || original.account !== one.account) throw new MustRefuse("not_found");
    return original;
  }
}

function returned(original: Paid, by: { amount: bigint; commission: bigint; applied: Applied; advance: bigint }): void {
  original.touched = true;
  original.returned -= by.amount;
  original.commissionLeft += by.commission;
  const { parts, over } = original.left;
  original.left = { parts: plus(parts, by.applied.parts), over: over + by.applied.over };
  original.advanceLeft += by.advance;
}

/** What was applied to a debt, or taken back. A claim that is another's stays as it is, and what bounced is kept in mind. */
export function move(ledger: ReferenceLedger, debt: ReferenceDebt, moved: { applied: Applied; advance: bigint }): void {
  const { applied, advance } = moved;
  debt.paid = plus(debt.paid, applied.parts);
  debt.unapplied += applied.over;
  debt.advanceRecovered += advance;
  if (!isHeld(debt)) {
    debt.bounced = plus(debt.bounced, applied.parts, -1n);
    return;
  }
  debt.advance -= advance;
  ledger.setClaim(debt, plus(debt.claim, applied.parts, -1n));
}

function commissionOf(
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
  if (channel === "own" || debt.placed === undefined) return 0n;
  if (amount < 0n) {
    if (debt.collected <= 0n) return 0n;
    return halfUp(-debt.commission * least(-amount, debt.collected), debt.collected);
  }
  return nearest(amount * debt.placed.basisPoints, 10_000n);
}

/** The part of what paid court costs that gives our advance back; of what comes back, what it had given. */
export function advanceOf(courtCosts: bigint, debt: ReferenceDebt, original: Paid | undefined): bigint {
  if (courtCosts >= 0n) return least(courtCosts, debt.advance);
  const given = original === undefined ? debt.advanceRecovered : least(original.advanceLeft, debt.advanceRecovered);
  return -least(-courtCosts, given);
}
