import { expect } from "chai";
import fc from "fast-check";
import { claimComponents } from "../../models/claim.js";
import { currencyExponent } from "../../models/currency.js";
import { childId } from "../../models/record-id.js";
import { isRefusal } from "../../models/refusal.js";
import { type Bought, boughtPortfolio, type DeskFixture } from "../desk/desk-fixture.js";
import { type Happening, MustRefuse, ReferenceBook, type ReferenceEntry } from "./reference-book.js";
import { none, type ReferenceDebt, total } from "./reference-debt.js";

const rows = 22;
const dayMs = 86_400_000;

/** How much: an amount of its own, or what the debtor still owes and a little more or less. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.record({ minor: fc.integer({ min: -30_000, max: 60_000 }) }) },
  { weight: 3, arbitrary: fc.record({ overClaim: fc.integer({ min: -2, max: 20_000 }) }) },
  { weight: 1, arbitrary: fc.record({ minor: fc.constantFrom(0, 1, -1, 1e15, -1e15, 1e15 + 1, -1e15 - 1) }) },
);
const account = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 6 }) },
  // the twentieth is bankrupt and was not bought; there is no ninety-ninth
  { weight: 1, arbitrary: fc.constantFrom(20, 99) },
);
/** Days before the day of the act: below zero is the future; before the cut-off when there are very many. */
const daysBack = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 5000) },
);
const common = { account, amount, daysBack, hours: fc.integer({ min: 1, max: 60 }) };

/** What happens next, as it is drawn: with picks in place of what only the run knows. */
const draft = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      what: fc.constant("payment" as const),
      ...common,
      channel: fc.constantFrom("own" as const, "agency" as const, "direct" as const),
      commission: fc.option(fc.nat(5000), { freq: 4 }),
      numbering: fc.constantFrom("none" as const, "new" as const, "new" as const, "used" as const),
      pick: fc.nat(1000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant("return" as const), ...common, share: fc.nat(120), pick: fc.nat(1000) }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("put_back" as const), ...common, override: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("cost" as const),
      ...common,
      type: fc.constantFrom("court" as const, "agency_invoice" as const, "media" as const, "other" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("receipt" as const),
      ...common,
      kind: fc.constantFrom("agency_remittance" as const, "put_back_refund" as const, "direct_payments" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("advance" as const), ...common }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("write_off" as const), ...common }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("adjust" as const),
      ...common,
      component: fc.constantFrom(...claimComponents),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("settle" as const), ...common }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("refund" as const), ...common, share: fc.nat(120) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("apply" as const), ...common, share: fc.nat(120), pick: fc.nat(6) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("reverse" as const),
      ...common,
      share: fc.option(fc.nat(120), { freq: 2 }),
      pick: fc.nat(1000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("place" as const), ...common, basisPoints: fc.nat(10_000) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("recall" as const), ...common }) },
);
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** A life of a portfolio: its currency, what happens to it, and when an older answer is asked for again. */
export const life = fc.record({
  currency: fc.constantFrom("USD", "USD", "JPY", "KWD"),
  drafts: fc.array(draft, { minLength: 30, maxLength: 90, size: "max" }),
});
export type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

interface Remembered {
  readonly asOf: string;
  readonly knownAt: string;
  readonly entries: number;
  readonly answer: string;
}

export interface Lived {
  readonly done: number;
  readonly refused: ReadonlyMap<string, number>;
}

/** Lives one life in the books and in the model at once; throws at the first difference. */
export async function liveThrough(fixture: DeskFixture, { currency, drafts }: Life): Promise<Lived> {
  const run = await ReferenceRun.begin(fixture, currency);
  for (const [i, one] of drafts.entries()) {
    await run.live(one);
    if (i % 6 === 5) await run.compare();
  }
  await run.compare();
  await run.askAgain();
  return { done: run.done, refused: run.refused };
}

class ReferenceRun {
  done = 0;
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

  static async begin(fixture: DeskFixture, currency: string): Promise<ReferenceRun> {
    fixture.setDay("2026-01-15");
    const exponent = currencyExponent(currency);
    const bought = await boughtPortfolio(fixture, { rows, currency, decimals: exponent });
    const purchase = await fixture.do("show-purchase", { purchase_id: bought.purchaseId });
    const { data } = await fixture.do("list-receivables", { portfolio_id: bought.portfolioId, limit: 1000 });
    const minorOf = (text: string) => BigInt(text.replace(".", ""));
    const terms = {
      price: minorOf(purchase.price),
      cutOffOn: purchase.cut_off_on,
      closingOn: purchase.closing_on,
      putBackUntil: purchase.put_back_until,
      receivables: new Map(
        data.map((one) => [one.account_number, one.state === "owned" ? minorOf(one.current_balance) : undefined]),
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
    const done = await outcomeOf(() => this.#do(happening));
    const expected = await outcomeOf(async () => this.book.happen(happening));
    expect(done, shown).to.equal(expected);
    if (done === "done") {
      this.done++;
      if (happening.what === "payment" && happening.number !== undefined)
        this.#numbers.push({ number: happening.number, account: happening.account, amount: happening.amount });
    } else this.refused.set(done, (this.refused.get(done) ?? 0) + 1);
    if (this.#remembered.length < 12) await this.#remember(one);
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
        const entry = 1 + (one.pick % (this.book.entries.length + 1));
        const target = this.book.entries[entry - 1];
        const amount = target === undefined || one.share === null ? undefined : shareOf(target, one.share);
        // mostly not before the entry itself
        const day = one.daysBack > 0 && one.pick % 5 > 0 ? this.#day(0) : on;
        return { what: "reverse", entry, on: day, ...(amount === undefined ? {} : { amount }) };
      }
      case "cost":
        return { what: "cost", type: one.type, amount: drawn, on };
      case "receipt":
        return { what: "receipt", kind: one.kind, amount: drawn < 0n ? -drawn : drawn, on };
      case "place":
        return { what: "place", account, on, basisPoints: BigInt(one.basisPoints) };
      case "recall":
        return this.#placements.has(account) ? { what: "recall", account, on } : undefined;
    }
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

  async #do(happening: Happening): Promise<void> {
    const { fixture, bought } = this;
    const { portfolioId: portfolio_id } = bought;
    switch (happening.what) {
      case "payment": {
        const { account, amount, on, channel, commission, number, returns } = happening;
        await fixture.do("record-payment", {
          portfolio_id,
          account_number: account,
          amount: this.#text(amount),
          paid_on: on,
          channel,
          ...(commission === undefined ? {} : { commission: this.#text(commission) }),
          ...(number === undefined ? {} : { external_id: number }),
          ...(returns === undefined ? {} : { reverses: returns }),
        });
        return;
      }
      case "put_back": {
        const { account, on, override } = happening;
        await fixture.do("put-back-receivables", {
          purchase_id: bought.purchaseId,
          account_numbers: [account],
          reason: "other",
          put_back_on: on,
          ...(override ? { override_reason: "agreed" } : {}),
        });
        return;
      }
      case "cost":
        await fixture.do("record-cost", {
          portfolio_id,
          cost_type: happening.type,
          amount: this.#text(happening.amount),
          incurred_on: happening.on,
        });
        return;
      case "advance":
        await fixture.do("record-cost", {
          portfolio_id,
          cost_type: "court",
          recoverable: true,
          account_number: happening.account,
          amount: this.#text(happening.amount),
          incurred_on: happening.on,
        });
        return;
      case "write_off":
        await fixture.do("write-off-court-cost", {
          portfolio_id,
          account_number: happening.account,
          amount: this.#text(happening.amount),
          written_off_on: happening.on,
        });
        return;
      case "adjust": {
        const { account: account_number, component } = happening;
        const amount = this.#text(happening.amount);
        await fixture.do("adjust-claims", {
          portfolio_id,
          adjusted_on: happening.on,
          reason: "correction",
          adjustments: [{ account_number, component, amount }],
        });
        return;
      }
      case "settle":
        await fixture.do("settle-receivable", {
          portfolio_id,
          account_number: happening.account,
          settled_on: happening.on,
        });
        return;
      case "refund":
        await fixture.do("refund-debtor", {
          portfolio_id,
          account_number: happening.account,
          amount: this.#text(happening.amount),
          refunded_on: happening.on,
        });
        return;
      case "apply":
        await fixture.do("apply-unapplied", {
          portfolio_id,
          from_account_number: happening.from,
          account_number: happening.account,
          amount: this.#text(happening.amount),
          applied_on: happening.on,
        });
        return;
      case "reverse":
        await fixture.do("reverse-entry", {
          entry_id: childId("en", portfolio_id, BigInt(happening.entry)),
          reversed_on: happening.on,
          reason: "a mistake",
          ...(happening.amount === undefined ? {} : { amount: this.#text(happening.amount) }),
        });
        return;
      case "receipt":
        await fixture.do("record-receipt", {
          portfolio_id,
          kind: happening.kind,
          amount: this.#text(happening.amount),
          received_on: happening.on,
        });
        return;
      case "place": {
        const placement = await fixture.do("place-receivables", {
          portfolio_id,
          agency_id: this.agencyId,
          placed_on: happening.on,
          commission: { rate: `${Number(happening.basisPoints) / 10_000}` },
          receivables: { account_numbers: [happening.account] },
        });
        this.#placements.set(happening.account, placement.id);
        return;
      }
      case "recall":
        await fixture.do("recall-receivables", {
          portfolio_id,
          placement_id: this.#placements.get(happening.account)!,
          account_numbers: [happening.account],
          recalled_on: happening.on,
        });
        return;
    }
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
