import { expect } from "chai";
import { claimComponents } from "../../models/claim.js";
import { currencyExponent } from "../../models/currency.js";
import { isRefusal } from "../../models/refusal.js";
import { createTenant } from "../../src/store/tenants.js";
import { type Bought, boughtPortfolio, type DeskFixture } from "../desk/desk-fixture.js";
import { make, type Scene } from "./reference-acts.js";
import { ReferenceBook } from "./reference-book.js";
import { none, type ReferenceDebt, total } from "./reference-debt.js";
import { type Happening, MustRefuse } from "./reference-happening.js";
import type { ReferenceInterest } from "./reference-interest.js";
import type { ReferenceEntry } from "./reference-ledger.js";
import type { Draft, Life } from "./reference-life.js";

const rows = 22;
const dayMs = 86_400_000;
let lives = 0;

interface Remembered {
  readonly asOf: string;
  readonly knownAt: string;
  readonly entries: number;
  readonly answer: string;
}

export interface Lived {
  /** how often each thing was done, and each refusal given */
  readonly done: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
}

/** Lives one life in the books and in the model at once; throws at the first difference. */
export async function liveThrough(fixture: DeskFixture, { drafts, ...how }: Life): Promise<Lived> {
  const run = await ReferenceRun.begin(fixture, how);
  for (const [i, one] of drafts.entries()) {
    await run.live(one);
    if (i % 6 === 5) await run.compare();
  }
  await run.compare();
  await run.askAgain();
  return { done: run.done, refused: run.refused };
}

class ReferenceRun {
  readonly done = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly #numbers: { number: string; account: string; amount: bigint }[] = [];
  readonly #placements = new Map<string, string>();
  readonly #remembered: Remembered[] = [];

  private constructor(
    readonly fixture: DeskFixture,
    readonly bought: Bought,
    readonly book: ReferenceBook,
    readonly currency: string,
    readonly agencyId: string,
  ) {}

  /** A tenant of its own, whose months others do not close. */
  static async begin(fixture: DeskFixture, { currency, bearsInterest }: Omit<Life, "drafts">): Promise<ReferenceRun> {
    fixture.setDay("2026-01-15");
    const name = `life_${++lives}`;
    fixture.tenantId = name;
    await fixture.desk.store.transaction({ tenantId: name }, (tx) =>
      createTenant(tx, { name, createdAt: "2026-01-15T09:00:00Z" }),
    );
    await fixture.do("set-books-policy", { second_person: "waived", reason: "one person keeps these books" });
    const exponent = currencyExponent(currency);
    const bought = await boughtPortfolio(fixture, { rows, currency, decimals: exponent });
    const purchase = await fixture.do("show-purchase", { purchase_id: bought.purchaseId });
    const { data } = await fixture.do("list-receivables", { portfolio_id: bought.portfolioId, limit: 1000 });
    const minorOf = (text: string) => BigInt(text.replace(".", ""));
    const terms = {
      interest: bearsInterest ? await interestOf(fixture, bought.portfolioId, exponent) : undefined,
      price: minorOf(purchase.price),
      cutOffOn: purchase.cut_off_on,
      closingOn: purchase.closing_on,
      putBackUntil: purchase.put_back_until,
      receivables: new Map(
        data.map((one) => [
          one.account_number,
          one.state === "owned" ? { balance: minorOf(one.current_balance), cost: minorOf(one.cost!) } : undefined,
        ]),
      ),
    };
    const agency = await fixture.do("register-agency", { name: `Agency of ${bought.portfolioId}` });
    return new ReferenceRun(fixture, bought, new ReferenceBook(terms, "2026-01-15"), currency, agency.id);
  }

  async live(one: Draft): Promise<void> {
    this.fixture.clockMs += one.hours * 3_600_000;
    this.book.today = this.#day(0);
    const happening = this.#resolve(one);
    if (happening === undefined) return;
    const shown = JSON.stringify(happening, (_key, value) => (typeof value === "bigint" ? value.toString() : value));
    const done = await outcomeOf(() => make(happening, this.#scene()));
    const expected = await outcomeOf(async () => this.book.happen(happening));
    expect(done, shown).to.equal(expected);
    if (done === "done") {
      this.done.set(happening.what, (this.done.get(happening.what) ?? 0) + 1);
      if (happening.what === "payment" && happening.number !== undefined)
        this.#numbers.push({ number: happening.number, account: happening.account, amount: happening.amount });
    } else this.refused.set(done, (this.refused.get(done) ?? 0) + 1);
    if (this.#remembered.length < 12) await this.#remember(one);
  }

  #scene(): Scene {
    const { fixture, bought, agencyId } = this;
    return { fixture, bought, agencyId, placements: this.#placements, text: (minor) => this.#text(minor) };
  }

  #day(back: number): string {
    return new Date(this.fixture.clockMs - back * dayMs).toISOString().slice(0, 10);
  }

  #amount(given: Draft["amount"], account: string): bigint {
    if ("minor" in given) return BigInt(given.minor);
    return total(this.book.debts.get(account)?.claim ?? none()) + BigInt(given.overClaim);
  }

  #resolve(one: Draft): Happening | undefined {
    const account = `A${one.account}`;
    const on = this.#day(one.daysBack);
    const drawn = this.#amount(one.amount, account);
    switch (one.what) {
      case "payment": {
        const used = this.#numbers[one.pick % Math.max(1, this.#numbers.length)]?.number;
        const number = { none: undefined, new: `n${this.fixture.clockMs}`, used }[one.numbering];
        return {
          what: "payment",
          account,
          amount: drawn,
          on,
          channel: one.channel,
          ...(one.commission === null ? {} : { commission: BigInt(one.commission) }),
          ...(number === undefined ? {} : { number }),
        };
      }
      case "return": {
        const original = this.#numbers[one.pick % Math.max(1, this.#numbers.length)];
        if (original === undefined) return undefined;
        // mostly a part of it or all of it, now and then more, or on another account
        const part = -((original.amount * BigInt(one.share)) / 100n);
        const where = one.pick % 11 === 0 ? account : original.account;
        const amount = part === 0n ? -original.amount : part;
        return { what: "payment", account: where, amount, on, channel: "own", returns: original.number };
      }
      case "put_back":
        return { what: "put_back", account, on, override: one.override };
      case "advance":
        return { what: "advance", account, amount: drawn, on };
      case "write_off": {
        const amount = this.book.debts.get(account)?.advance ?? 0n;
        return { what: "write_off", account, amount: amount === 0n ? 100n : amount, on };
      }
      case "adjust":
        return { what: "adjust", account, component: one.component, amount: drawn, on };
      case "settle":
        return { what: "settle", account, on };
      case "refund":
        return { what: "refund", account, amount: this.#ofUnapplied(account, one.share), on };
      case "apply": {
        const from = this.#unappliedAccount(one.pick);
        return { what: "apply", from, account, amount: this.#ofUnapplied(from, one.share), on };
      }
      case "reverse": {
        const entry = this.#entryWith("undo", one.pick);
        const target = this.book.entries[entry - 1];
        const amount = target === undefined || one.share === null ? undefined : shareOf(target, one.share);
        // mostly not before the entry itself
        const day = one.daysBack > 0 && one.pick % 5 > 0 ? this.#day(0) : on;
        // now and then some of the receivables of a sale, or of what is none
        const named = one.named && one.share === null ? { accounts: [account] } : {};
        return { what: "reverse", entry, on: day, ...(amount === undefined ? {} : { amount }), ...named };
      }
      case "correct":
        return { what: "correct", entry: this.#entryWith("correct", one.pick), amount: drawn };
      case "answer": {
        const away = [...this.book.debts].filter(([, { state }]) => state === "put_back").map(([name]) => name);
        const putBack = one.pick % 7 === 0 ? account : (away[one.pick % Math.max(1, away.length)] ?? account);
        const accepted = one.share === null ? undefined : (this.#face(putBack) * BigInt(one.share)) / 1000n;
        return { what: "answer", account: putBack, on, accepted: accepted === 0n ? 1n : accepted };
      }
      case "sell":
        return { what: "sell", accounts: [account, `A${one.also}`], proceeds: drawn < 0n ? -drawn : drawn, on };
      case "pay_commission": {
        const amount = (this.book.commissionOwed() * BigInt(one.share)) / 100n;
        return { what: "pay_commission", amount: amount > 0n ? amount : 1n, on };
      }
      case "month":
        return { what: one.act, month: this.#month(one.ahead) };
      case "accrue":
        return { what: "accrue", month: this.#behind(one.behind) };
      case "reforecast":
        if (!this.book.bearsInterest) return undefined;
        return { what: "reforecast", month: this.#behind(one.behind), amounts: one.amounts.map(BigInt) };
      case "policy":
        return { what: "policy", late: one.late };
      case "cost":
        return { what: "cost", type: one.type, amount: drawn, on };
      case "receipt":
        return { what: "receipt", kind: one.kind, amount: drawn < 0n ? -drawn : drawn, on };
      case "place":
        return { what: "place", account, on, basisPoints: BigInt(one.basisPoints), gross: one.gross };
      case "recall":
        return this.#placements.has(account) ? { what: "recall", account, on } : undefined;
    }
  }

  #face(account: string): bigint {
    return this.book.debts.get(account)?.face ?? 0n;
  }

  /** Mostly an entry that can be taken back, or corrected; now and then any, or one that is not there. */
  #entryWith(what: "undo" | "correct", pick: number): number {
    const { entries } = this.book;
    const all = entries.flatMap((entry, i) => (entry[what] === undefined ? [] : [i + 1]));
    return (pick % 6 === 0 ? undefined : all[pick % Math.max(1, all.length)]) ?? 1 + (pick % (entries.length + 1));
  }

  /** The month of today, or one before it. */
  #behind(months: number): string {
    const day = new Date(`${this.#day(0).slice(0, 7)}-15T00:00:00Z`);
    day.setUTCMonth(day.getUTCMonth() - months);
    return day.toISOString().slice(0, 7);
  }

  /** The month to be closed next, or one before or after it. */
  #month(ahead: number): string {
    const day = new Date(`${this.book.nextMonth}-15T00:00:00Z`);
    day.setUTCMonth(day.getUTCMonth() + ahead);
    return day.toISOString().slice(0, 7);
  }

  /** A part of what is unapplied, now and then more than all of it; one minor unit where there is nothing. */
  #ofUnapplied(account: string, share: number): bigint {
    const unapplied = this.book.debts.get(account)?.unapplied ?? 0n;
    return (unapplied * BigInt(share)) / 100n || 1n;
  }

  /** A receivable that has unapplied cash, where there is one. */
  #unappliedAccount(pick: number): string {
    const having = [...this.book.debts].filter(([, { unapplied }]) => unapplied > 0n).map(([account]) => account);
    return having[pick % Math.max(1, having.length)] ?? "A1";
  }

  #text(minor: bigint): string {
    const exponent = currencyExponent(this.currency);
    const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
    const whole = digits.slice(0, digits.length - exponent);
    return `${minor < 0n ? "-" : ""}${whole}${exponent === 0 ? "" : `.${digits.slice(-exponent)}`}`;
  }

  async #trialBalance(asOf: string, knownAt?: string) {
    return this.fixture.do("report-trial-balance", {
      portfolio_id: this.bought.portfolioId,
      as_of: asOf,
      ...(knownAt === undefined ? {} : { known_at: knownAt }),
    });
  }

  /** Everything that the books answer against everything that the model knows. */
  async compare(): Promise<void> {
    const portfolio_id = this.bought.portfolioId;
    for (const asOf of [this.#day(0), this.#day(7), this.#day(21)]) {
      const { accounts } = await this.#trialBalance(asOf);
      expect(balancesOf(accounts), `balances as of ${asOf}`).to.deep.equal(this.#shown(asOf));
    }
    const { data } = await this.fixture.do("list-receivables", { portfolio_id, limit: 1000 });
    for (const { account_number, state, claim_parts, collected, unapplied, court_costs_advanced } of data) {
      const debt = this.book.debts.get(account_number);
      const shown = { state, claim_parts, collected, unapplied, court_costs_advanced };
      expect(shown, account_number).to.deep.equal(this.#shownDebt(debt));
    }
    const { to_date } = await this.fixture.do("report-netback", { portfolio_id });
    const { gross, commission, costs, netBack } = this.book.netBack();
    const figures = [gross, commission, costs, netBack].map((minor) => this.#text(minor));
    expect([to_date.gross, to_date.commission, to_date.costs, to_date.net_back], "net-back").to.deep.equal(figures);
  }

  #shownDebt(debt: ReferenceDebt | undefined) {
    if (debt === undefined) {
      const nothing = { claim_parts: null, collected: null, unapplied: null, court_costs_advanced: null };
      return { state: "not_bought", ...nothing };
    }
    const { state, claim, collected, unapplied, advance } = debt;
    return {
      state,
      claim_parts: Object.fromEntries(claimComponents.map((name) => [name, this.#text(claim[name])])),
      collected: this.#text(collected),
      unapplied: this.#text(unapplied),
      court_costs_advanced: this.#text(advance),
    };
  }

  #shown(asOf: string, entries?: number): Record<string, string> {
    const sums = this.book.balances(asOf, entries);
    return Object.fromEntries([...sums].map(([code, minor]) => [code, this.#text(minor)]));
  }

  /** Asks what is known now about some day, to ask the very same later. */
  async #remember({ daysBack: back }: Draft): Promise<void> {
    const asOf = this.#day(back > 0 && back < 100 ? back : 0);
    const knownAt = new Date(this.fixture.clockMs).toISOString();
    const answer = JSON.stringify(await this.#trialBalance(asOf, knownAt));
    this.#remembered.push({ asOf, knownAt, entries: this.book.entries.length, answer });
  }

  /** The same pair of dates gives the same bytes, whatever was recorded since; and before the first entry, nothing. */
  async askAgain(): Promise<void> {
    for (const { asOf, knownAt, entries, answer } of this.#remembered) {
      const again = await this.#trialBalance(asOf, knownAt);
      expect(JSON.stringify(again), `as of ${asOf}, known at ${knownAt}`).to.equal(answer);
      expect(balancesOf(again.accounts), `as of ${asOf}, known at ${knownAt}`).to.deep.equal(
        this.#shown(asOf, entries),
      );
    }
    const before = await this.#trialBalance(this.#day(0), "2026-01-01T00:00:00Z");
    expect(before.accounts).to.deep.equal([]);
    expect(before.known_at).to.equal("2026-01-01T00:00:00Z");
  }
}

/** Carries the portfolio at effective interest; the rate is the books' own, and proved against published figures elsewhere. */
async function interestOf(fixture: DeskFixture, portfolio_id: string, exponent: number): Promise<ReferenceInterest> {
  const { eir_monthly } = await fixture.do("set-carrying-method", { portfolio_id, method: "effective_interest" });
  const [forecast] = (await fixture.do("list-forecasts", { portfolio_id })).data;
  const amounts = forecast!.monthly.map((text) => BigInt(text.replace(".", "")));
  return { monthlyRate: eir_monthly!, firstMonth: forecast!.first_month, amounts, scale: 10 ** exponent };
}

/** A share of what an entry moved on its first account, now and then more than all of it. */
function shareOf({ moves }: ReferenceEntry, share: number): bigint | undefined {
  const moved = moves[0]?.[1] ?? 0n;
  const part = ((moved < 0n ? -moved : moved) * BigInt(share)) / 100n;
  return part === 0n ? undefined : part;
}

/** `done`, or the code of the refusal; any other error is thrown on. */
async function outcomeOf(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return "done";
  } catch (error) {
    if (isRefusal(error) || error instanceof MustRefuse) return error.code;
    throw error;
  }
}

function balancesOf(accounts: readonly { code: string; balance: string }[]): Record<string, string> {
  return Object.fromEntries(accounts.map(({ code, balance }) => [code, balance]));
}
