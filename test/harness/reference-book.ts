import type { CostType, PaymentChannel, ReceiptKind } from "../../models/payment.js";
import type { RefusalCode } from "../../models/refusal.js";

/**
 * What can happen to a bought portfolio, in minor units and ISO days. A payment that names no original and is negative
 * came back without anybody saying which one it was.
 */
export type Happening =
  | {
      readonly what: "payment";
      readonly account: string;
      readonly amount: bigint;
      readonly on: string;
      readonly channel: PaymentChannel;
      readonly commission?: bigint;
      readonly number?: string;
      readonly returns?: string;
    }
  | { readonly what: "put_back"; readonly account: string; readonly on: string; readonly override: boolean }
  | { readonly what: "cost"; readonly type: CostType; readonly amount: bigint; readonly on: string }
  | { readonly what: "receipt"; readonly kind: ReceiptKind; readonly amount: bigint; readonly on: string }
  | { readonly what: "place"; readonly account: string; readonly on: string; readonly basisPoints: bigint }
  | { readonly what: "recall"; readonly account: string; readonly on: string };

export interface ReferenceTerms {
  readonly price: bigint;
  readonly cutOffOn: string;
  readonly closingOn: string;
  readonly putBackUntil: string;
  /** every row of the tape; `face` is undefined for one that was excluded from the purchase */
  readonly receivables: ReadonlyMap<string, bigint | undefined>;
}

interface Debt {
  readonly face: bigint;
  state: "owned" | "put_back";
  claim: bigint;
  /** gross, less what came back */
  collected: bigint;
  unapplied: bigint;
  commission: bigint;
  /** of the placement it is in */
  basisPoints: bigint | undefined;
}

interface Paid {
  readonly account: string;
  readonly channel: PaymentChannel;
  readonly amount: bigint;
  readonly commission: bigint;
  returned: bigint;
}

/** An entry as the model keeps it: a day, and what went to each account (debits positive), one move a posting's side. */
export interface ReferenceEntry {
  readonly on: string;
  readonly moves: readonly (readonly [account: string, amount: bigint])[];
}

/** Thrown where the books must refuse what happened. */
export class MustRefuse extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

const largest = 10n ** 15n;
const holders: Readonly<Record<PaymentChannel, string>> = { own: "1000", agency: "1100", direct: "1160" };
const settles: Readonly<Record<ReceiptKind, string>> = {
  agency_remittance: "1100",
  put_back_refund: "1150",
  direct_payments: "1160",
};
const expenses: Readonly<Record<CostType, string>> = {
  court: "5100",
  agency_invoice: "5200",
  servicing: "5300",
  media: "5400",
  data: "5500",
  purchase: "5600",
  other: "5900",
};

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const size = (a: bigint) => (a < 0n ? -a : a);
/** Nearest integer to top / bottom (bottom positive); a half away from zero. */
const nearest = (top: bigint, bottom: bigint) => ((top < 0n ? -1n : 1n) * (2n * size(top) + bottom)) / (2n * bottom);

/**
 * The books of one bought portfolio, small enough to be read in one sitting: written from docs/LEDGER.md and the texts
 * of the refusals, not from the builders, so that a mistake would have to be made twice to stay hidden.
 *
 * It keeps every entry, and answers from them; there is no balance that could differ. `happen` either adds an entry or
 * throws `MustRefuse` and leaves all as it was.
 */
export class ReferenceBook {
  readonly entries: ReferenceEntry[] = [];
  readonly debts = new Map<string, Debt>();
  readonly #terms: ReferenceTerms;
  readonly #face: bigint;
  readonly #paid = new Map<string, Paid>();
  #refunded = 0n;
  today: string;

  constructor(terms: ReferenceTerms, today: string) {
    this.#terms = terms;
    this.today = today;
    let face = 0n;
    for (const [account, balance] of terms.receivables) {
      if (balance === undefined) continue;
      face += balance;
      const nothing = { collected: 0n, unapplied: 0n, commission: 0n, basisPoints: undefined };
      this.debts.set(account, { face: balance, state: "owned", claim: balance, ...nothing });
    }
    this.#face = face;
    this.#post(terms.closingOn, ["1500", "1000", terms.price], ["9000", "9900", face]);
  }

  happen(happening: Happening): void {
    switch (happening.what) {
      case "payment":
        this.#payment(happening);
        break;
      case "put_back":
        this.#putBack(happening);
        break;
      case "cost":
        this.#post(this.#money(happening), [expenses[happening.type], "1000", happening.amount]);
        break;
      case "receipt":
        this.#post(this.#money(happening), ["1000", settles[happening.kind], happening.amount]);
        break;
      case "place":
        this.#place(happening);
        break;
      case "recall":
        this.#recall(happening);
        break;
    }
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
    const sums = this.balances();
    const balance = (account: string) => sums.get(account) ?? 0n;
    const gross = -balance("4000");
    const commission = balance("5000");
    let costs = 0n;
    for (const account of Object.values(expenses)) costs += balance(account);
    return { gross, commission, costs, netBack: gross - commission - costs };
  }

  #payment(paid: Extract<Happening, { what: "payment" }>): void {
    const on = this.#money(paid);
    if (paid.number !== undefined && this.#paid.has(paid.number)) throw new MustRefuse("payment_duplicate");
    const debt = this.#owned(paid.account);
    const original = this.#original(paid);
    const channel = original?.channel ?? paid.channel;
    if (
      channel === "agency" &&
      original === undefined &&
      debt.basisPoints === undefined &&
      paid.commission === undefined
    )
      throw new MustRefuse("receivable_not_placed");
    const { amount } = paid;
    if (original !== undefined && -amount > original.amount - original.returned)
      throw new MustRefuse("reversal_too_large");
    const { applied, over } = splitOf(debt, amount);
    const commission = this.#commission(paid, { channel, original, debt });

    const before = this.#recovered();
    const collectedAfter = -(this.#balance("4000") - applied);
    const relief = recoveredOf(this.#cost(), collectedAfter) - before;
    this.#post(
      on,
      [holders[channel], "4000", applied],
      [holders[channel], "2100", over],
      ["5000", channel === "agency" ? "1100" : "2050", commission],
      ["4900", "1500", relief],
      ["9900", "9000", applied],
    );
    debt.claim -= applied;
    debt.collected += amount;
    debt.unapplied += over;
    debt.commission += commission;
    if (original !== undefined) original.returned -= amount;
    if (paid.number !== undefined)
      this.#paid.set(paid.number, { account: paid.account, channel, amount, commission, returned: 0n });
  }

  #original(paid: Extract<Happening, { what: "payment" }>): Paid | undefined {
    if (paid.returns === undefined) return undefined;
    if (paid.amount > 0n) throw new MustRefuse("amount_invalid");
    const original = this.#paid.get(paid.returns);
    if (original === undefined || original.account !== paid.account || original.amount < 0n)
      throw new MustRefuse("not_found");
    return original;
  }

  #commission(
    { amount, commission: stated }: Extract<Happening, { what: "payment" }>,
    { channel, original, debt }: { channel: PaymentChannel; original: Paid | undefined; debt: Debt },
  ): bigint {
    if (stated !== undefined) {
      if (stated > size(amount)) throw new MustRefuse("amount_out_of_range");
      return amount < 0n ? -stated : stated;
    }
    if (original !== undefined) return halfUp(original.commission * amount, original.amount);
    if (channel === "own" || debt.basisPoints === undefined) return 0n;
    if (amount < 0n) return halfUp(debt.commission * amount, debt.collected);
    return nearest(amount * debt.basisPoints, 10_000n);
  }

  #putBack({ account, on, override }: Extract<Happening, { what: "put_back" }>): void {
    const effective = this.#effective(on);
    if (on > this.#terms.putBackUntil && !override) throw new MustRefuse("put_back_window_over");
    const debt = this.#owned(account);
    const refund = least(halfUp(this.#terms.price * debt.face, this.#face), this.#terms.price - this.#refunded);
    const carrying = this.#balance("1500");
    this.#post(
      effective,
      ["1150", "4100", refund],
      ["4910", "1500", least(refund, carrying)],
      ["9900", "9000", debt.claim],
    );
    this.#refunded += refund;
    debt.state = "put_back";
    debt.claim = 0n;
    debt.basisPoints = undefined;
  }

  #place({ account, on, basisPoints }: Extract<Happening, { what: "place" }>): void {
    this.#effective(on);
    if (!this.#terms.receivables.has(account)) throw new MustRefuse("receivable_unknown");
    const debt = this.debts.get(account);
    if (debt === undefined || debt.state !== "owned" || debt.basisPoints !== undefined || debt.claim === 0n)
      throw new MustRefuse("receivable_placed");
    debt.basisPoints = basisPoints;
  }

  #recall({ account, on }: Extract<Happening, { what: "recall" }>): void {
    this.#effective(on);
    const debt = this.debts.get(account);
    if (debt !== undefined) debt.basisPoints = undefined;
  }

  #owned(account: string): Debt {
    if (!this.#terms.receivables.has(account)) throw new MustRefuse("receivable_unknown");
    const debt = this.debts.get(account);
    if (debt === undefined) throw new MustRefuse("receivable_not_bought");
    if (debt.state !== "owned") throw new MustRefuse("receivable_not_owned");
    return debt;
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

  /** What the portfolio cost, less what went back: it stands in 1500 and, as far as recovered, in 4900. */
  #cost(): bigint {
    return this.#balance("1500") + this.#balance("4900");
  }

  #recovered(): bigint {
    return recoveredOf(this.#cost(), -this.#balance("4000"));
  }

  #post(on: string, ...postings: (readonly [debit: string, credit: string, amount: bigint])[]): void {
    const moved = postings.filter(([, , amount]) => amount !== 0n);
    const moves = moved.flatMap(([debit, credit, amount]) => [[debit, amount] as const, [credit, -amount] as const]);
    this.entries.push({ on, moves });
  }
}

/** Cost recovery: all that comes in recovers cost, until there is none left. */
function recoveredOf(cost: bigint, collected: bigint): bigint {
  return collected > 0n ? least(cost, collected) : 0n;
}

/** top / bottom (bottom positive), a half up, towards positive infinity. */
function halfUp(top: bigint, bottom: bigint): bigint {
  const doubled = 2n * top + bottom;
  const floor = doubled / (2n * bottom);
  return doubled % (2n * bottom) < 0n ? floor - 1n : floor;
}

/** A payment pays the claim and what is over is kept; one that comes back takes away first what was kept. */
function splitOf(debt: Debt, amount: bigint): { applied: bigint; over: bigint } {
  if (amount >= 0n) {
    const applied = least(amount, debt.claim);
    return { applied, over: amount - applied };
  }
  if (-amount > debt.collected) throw new MustRefuse("reversal_too_large");
  const over = least(-amount, debt.unapplied);
  return { applied: amount + over, over: -over };
}
