import { MustRefuse, type Of } from "./reference-happening.js";
import type { Posting, ReferenceLedger } from "./reference-ledger.js";
import { lastDay, nextMonth } from "./reference-months.js";

/** Effective interest as it was fixed with the purchase: its rate a month, and what was expected. */
export interface ReferenceInterest {
  readonly monthlyRate: number;
  readonly firstMonth: string;
  readonly amounts: readonly bigint[];
  /** minor units in a unit of the currency */
  readonly scale: number;
}

interface Forecast {
  readonly usedFrom: string;
  /** expected by month; nothing where it is left out */
  readonly expected: ReadonlyMap<string, bigint>;
}

type Changes = readonly [revenue: bigint, current: bigint, future: bigint];
interface Due {
  readonly month: string;
  readonly changes: Changes;
  readonly posted: Changes;
  readonly closing: bigint;
}

const accounts = ["4500", "4510", "4520"] as const;

/** Accrues revenue as docs/LEDGER.md says: every month anew from the ledger, and what is missing is posted. */
export class ReferenceAccruals {
  readonly #forecasts: Forecast[];
  /** what months were accrued to close at */
  readonly #closings = new Map<string, bigint>();

  constructor(
    readonly ledger: ReferenceLedger,
    readonly interest: ReferenceInterest,
  ) {
    const { firstMonth, amounts } = interest;
    let month = firstMonth;
    const expected = new Map<string, bigint>();
    for (const amount of amounts) {
      expected.set(month, amount);
      month = nextMonth(month);
    }
    this.#forecasts = [{ usedFrom: firstMonth, expected }];
  }

  /** Whether the month's accrual is what the books carry at its end. */
  isAccrued(month: string): boolean {
    return this.#closings.get(month) === this.ledger.balances(lastDay(month)).get("1500");
  }

  accrue({ month }: Of<"accrue">): void {
    const { ledger } = this;
    if (lastDay(month) > ledger.today) throw new MustRefuse("effective_date_refused");
    const through = [month, ...this.#closings.keys()].reduce((a, b) => (a > b ? a : b));
    const all = this.#months(through);
    const isClosed = (one: Due) => lastDay(one.month) <= (ledger.months.closedThrough ?? "");
    const missing = accounts.map((_, i) =>
      all.filter(isClosed).reduce((sum, one) => sum + one.changes[i]! - one.posted[i]!, 0n),
    );
    const open = all.filter((one) => !isClosed(one));
    if (open.length === 0 && missing.some((amount) => amount !== 0n)) throw new MustRefuse("period_closed");
    for (const [n, { month: of, changes, posted, closing }] of open.entries()) {
      const due = changes.map((amount, i) => amount - posted[i]! + (n === 0 ? missing[i]! : 0n));
      const postings = accounts.map((account, i): Posting => ["1500", account, due[i]!]);
      const entries = [postings.slice(0, 1), postings.slice(1)].filter((one) => one.some(([, , sum]) => sum !== 0n));
      for (const entry of entries) ledger.post(lastDay(of), entry, { reason: true });
      this.#closings.set(of, closing);
    }
  }

  reforecast({ month, amounts }: Of<"reforecast">): void {
    if (month > this.ledger.today.slice(0, 7)) throw new MustRefuse("effective_date_refused");
    const earliest = [this.#forecasts.at(-1)!.usedFrom, ...this.#closings.keys()].reduce((a, b) => (a > b ? a : b));
    if (month < earliest) throw new MustRefuse("period_out_of_order");
    let next = month;
    const expected = amounts.map((amount) => {
      next = nextMonth(next);
      return [next, amount] as const;
    });
    this.#forecasts.push({ usedFrom: month, expected: new Map(expected) });
  }

  #months(through: string): Due[] {
    const { ledger } = this;
    const first = ledger.terms.closingOn.slice(0, 7);
    const months: Due[] = [];
    let [opening, share, current] = [ledger.terms.price, 1, this.#forecasts[0]!];
    for (let month = first; month <= through; month = nextMonth(month)) {
      const net = this.#netOf(month);
      const [carried, cash] = [net("1500") - (month === first ? opening : 0n), net("4900")];
      const posted: Changes = [-net("4500"), -net("4510"), -net("4520")];
      const other = carried - posted.reduce((sum, one) => sum + one, 0n) + cash;
      const forecastCash = this.#rounded(share * this.#units(current.expected.get(month) ?? 0n));
      const value = share * this.#valueAfter(current, month);
      const accreted = this.#rounded(value);
      const next = this.#forecasts.findLast(({ usedFrom }, i) => i === 0 || usedFrom <= month)!;
      const left = value <= 0 ? share : Math.max(0, (share * (value + this.#units(other))) / value);
      share = next === current ? left : 1;
      const isWorth = next !== current || share === 0 || value === 0;
      const held = accreted + other;
      const closing = isWorth ? this.#rounded(share * this.#valueAfter(next, month)) : held;
      const changes: Changes = [accreted + forecastCash - opening, cash - forecastCash, closing - held];
      months.push({ month, changes, posted, closing });
      [opening, current] = [closing, next];
    }
    return months;
  }

  /** Debit less credit of an account in one month. */
  #netOf(month: string): (account: string) => bigint {
    const sums = new Map<string, bigint>();
    for (const { on, moves } of this.ledger.entries) {
      if (on.slice(0, 7) !== month) continue;
      for (const [account, amount] of moves) sums.set(account, (sums.get(account) ?? 0n) + amount);
    }
    return (account) => sums.get(account) ?? 0n;
  }

  /** What the months after one bring, at its end. */
  #valueAfter({ expected }: Forecast, month: string): number {
    let [value, discount, next] = [0, 1, month];
    const last = [...expected.keys()].at(-1) ?? month;
    while (next < last) {
      next = nextMonth(next);
      discount /= 1 + this.interest.monthlyRate;
      value += discount * this.#units(expected.get(next) ?? 0n);
    }
    return value;
  }

  #units(minor: bigint): number {
    return Number(minor) / this.interest.scale;
  }

  #rounded(units: number): bigint {
    const minor = units * this.interest.scale;
    const floor = Math.floor(minor);
    const rest = minor - floor;
    if (rest === 0.5) return BigInt(floor % 2 === 0 ? floor : floor + 1);
    return BigInt(rest < 0.5 ? floor : floor + 1);
  }
}
