import { expect } from "chai";
import type { ActInput, ActName, ActOutput } from "../../models/acts.js";
import { type Chance, chance } from "../../seeds/random-numbers.js";
import { addDays, type Day, formatDay, monthEnd, parseDay } from "../../src/calendar/day.js";
import { parseMinor } from "../../src/money/money.js";

/** Does one act, through whichever door; `second` is another person. */
export type DoAct = <Name extends ActName>(
  name: Name,
  input: ActInput<Name>,
  by?: "first" | "second",
) => Promise<ActOutput<Name>>;

export interface YearSize {
  readonly debtors: number;
  readonly invoices: number;
  readonly weeks: number;
  readonly seed: number;
  readonly presentation: "sale" | "borrowing";
  readonly reserve: "per_invoice" | "pooled";
}

export interface YearFigures {
  readonly facilityId: string;
  readonly portfolioId: string;
  readonly acts: number;
  readonly invoices: number;
  readonly entries: number;
  readonly happened: Readonly<Record<string, number>>;
}

interface Bought {
  readonly id: string;
  readonly debtorId: string;
  openMinor: bigint;
}

interface Payment {
  readonly invoice: Bought;
  readonly share: number;
  readonly how: "part" | "full" | "short" | "over" | "to_seller" | "bounces";
}

const cents = (amount: bigint) => `${amount / 100n}.${String(amount % 100n).padStart(2, "0")}`;

/**
 * A facility's year with debtors that behave as debtors do: most pay around a number of days of their own, some short, in
 * parts, too much or to the seller; a payment bounces, an invoice is disputed, one debtor fails.
 */
export class FacilityYear {
  readonly #do: DoAct;
  readonly #setDay: (day: string) => void;
  readonly #size: YearSize;
  readonly #chance: Chance;
  readonly #calendar = new Map<Day, (() => Promise<void>)[]>();
  readonly #payments = new Map<Day, Payment[]>();
  readonly #habits = new Map<string, number>();
  readonly #happened: Record<string, number> = {};
  #acts = 0;
  #facilityId = "";
  #portfolioId = "";
  #number = 0;
  #today = parseDay("2026-01-05");

  constructor(size: YearSize, door: { act: DoAct; setDay: (day: string) => void }) {
    this.#size = size;
    this.#chance = chance(size.seed);
    this.#do = (name, input, by) => {
      this.#acts++;
      return door.act(name, input, by);
    };
    this.#setDay = door.setDay;
  }

  async live(): Promise<YearFigures> {
    const first = this.#today;
    this.#moveTo(first);
    await this.#open();
    const lastDay = first + 7 * this.#size.weeks + 150;
    for (let n: number = first; n <= lastDay; n++) {
      const day = n as Day;
      this.#moveTo(day);
      const weekday = (n - first) % 7;
      if (weekday === 0 && n < first + 7 * this.#size.weeks) await this.#fundWeek();
      await this.#collect(day);
      for (const happen of this.#calendar.get(day) ?? []) await happen();
      if (weekday === 4) await this.#release();
      if (day === monthEnd(day)) await this.#monthEnd();
    }
    await this.agree();
    await this.#end();
    await this.agree();
    const entries = await this.#entries();
    return {
      facilityId: this.#facilityId,
      portfolioId: this.#portfolioId,
      acts: this.#acts,
      invoices: this.#number,
      entries,
      happened: this.#happened,
    };
  }

  /** The reserve statement, the trial balance and the seller's books say the same, to the cent; the ledger verifies. */
  async agree(): Promise<void> {
    const facility_id = this.#facilityId;
    const reserve = await this.#do("report-reserve", { facility_id });
    const { accounts } = await this.#do("report-trial-balance", { portfolio_id: this.#portfolioId });
    const journal = await this.#do("show-seller-journal", { facility_id });
    const ours = (code: string) => parseMinor(accounts.find((a) => a.code === code)?.balance ?? "0", "USD");
    const theirs = (code: string) =>
      parseMinor(journal.balances.find((a) => a.account === code)?.balance ?? "0", "USD");
    expect(reserve.balance, "the reserve and the ledger").to.equal(reserve.ledger_balance);
    expect(theirs("200"), "what the seller owes").to.equal(-(ours("1150") + ours("1160") + ours("1170")));
    if (this.#size.presentation === "sale") {
      expect(theirs("120"), "what the factor owes").to.equal(-(ours("2200") + ours("2210")));
      expect(parseMinor(reserve.balance, "USD")).to.equal(-ours("2200"));
    } else expect(theirs("220"), "what the factor has lent").to.equal(-(ours("1250") + ours("2210")));
    const room = await this.#do("report-availability", { facility_id });
    expect(Number(room.availability) * Number(room.over_advance)).to.equal(0);
    const removed = room.base.reduce((sum, step) => sum + parseMinor(step.removed, "USD"), 0n);
    expect(parseMinor(room.eligible, "USD") + removed, "eligible and what was removed").to.equal(
      parseMinor(room.gross, "USD"),
    );
    expect(parseMinor(room.gross, "USD"), "what is open").to.equal(ours("1200") + ours("9100"));
    const { differences } = await this.#do("verify-books", {});
    expect(differences).to.deep.equal([]);
  }

  /** The facility is ended and settled: the last cent of reserve and escrow goes where it belongs. */
  async #end(): Promise<void> {
    const facility_id = this.#facilityId;
    const on = formatDay(this.#today);
    const ended = await this.#do("end-facility", { facility_id, ended_on: on, reason: "the year is over" });
    expect(ended.charges.filter(({ kind }) => kind === "termination").map(({ amount }) => amount)).to.deep.equal([
      "2500.00",
    ]);
    expect(ended.open_invoices, "every invoice has come to its end").to.equal(0);
    if (parseMinor(ended.releasable, "USD") > 0n) await this.#do("release-reserve", { facility_id, released_on: on });
    if (parseMinor(ended.escrow, "USD") > 0n) await this.#do("release-escrow", { facility_id, released_on: on });
    const left = await this.#do("show-facility-settlement", { facility_id });
    for (const [settles, amount] of [
      ["recourse", left.owed_for_recourse],
      ["held_payments", left.owed_for_held_payments],
      ["charges", left.owed_for_charges],
    ] as const) {
      if (parseMinor(amount, "USD") <= 0n) continue;
      await this.#do("record-seller-payment", { facility_id, paid_on: on, amount, settles });
    }
    const settled = await this.#do("show-facility-settlement", { facility_id });
    expect(settled, "the final settlement").to.include({
      settled: true,
      reserve: "0.00",
      escrow: "0.00",
      to_be_paid: "0.00",
      to_be_received: "0.00",
    });
  }

  #moveTo(day: Day): void {
    this.#today = day;
    this.#setDay(formatDay(day));
  }

  async #open(): Promise<void> {
    const { debtors, presentation, reserve } = this.#size;
    for (let n = 1; n <= debtors; n++) {
      const debtor_id = `Y${n}`;
      this.#habits.set(debtor_id, this.#chance.between(22, 62));
      await this.#do("save-debtor", { debtor_id, ...(n % 10 === 0 ? { credit_limit: "150000.00" } : {}) });
    }
    const made = await this.#do("open-facility", {
      name: "A year",
      seller: "Made-up Mills",
      presentation,
      terms: {
        advance_rate: "0.85",
        fee_schedule: {
          initial_rate: "0.015",
          initial_days: 30,
          step_rate: "0.005",
          step_days: 10,
          collected_at: "settlement",
        },
        interest: { annual_rate: "0.0725", day_count: "act/360" },
        charges: [
          { code: "wire", amount: "15.00", per: "payout" },
          { code: "unfactored payment", amount: "5.00", per: "unfactored_payment" },
          { code: "due diligence", amount: "750.00", per: "once" },
          { code: "filing", amount: "75.00", per: "once", from: "first_funding" },
          { code: "lockbox", amount: "250.00", per: "month" },
        ],
        monthly_minimum: { amount: "6000.00" },
        quarterly_minimum: { amount: "20000.00" },
        yearly_minimum: { amount: "100000.00" },
        early_termination: { amount: "2500.00", term_months: 24 },
        returned_payments: this.#size.seed % 2 === 0 ? "from_payment" : "from_return",
        recourse: { kind: "full", days: 90, from: "invoice_date" },
        reserve: { method: reserve, floor_rate: "0.08", escrow: { share_of_rebate: "0.05", cap: "2500.00" } },
        eligibility: { proof_of_delivery_over: "40000.00", concentration_limit: null },
      },
    });
    this.#facilityId = made.id;
    this.#portfolioId = made.portfolio_id;
  }

  async #fundWeek(): Promise<void> {
    const { debtors, invoices, weeks } = this.#size;
    const day = formatDay(this.#today);
    const stated = Array.from({ length: Math.ceil(invoices / weeks) }, () => {
      const debtor_id = `Y${this.#chance.between(1, debtors)}`;
      const issued = addDays(this.#today, -this.#chance.between(0, 5));
      const amount = cents(BigInt(this.#chance.between(25_000, 2_500_000)));
      return {
        invoice_number: `F${++this.#number}`,
        debtor_id,
        invoice_date: formatDay(issued),
        due_date: formatDay(addDays(issued, this.#chance.pick([30, 45, 60]))),
        amount,
        purchase_order: `PO${this.#number}`,
      };
    });
    const { id: schedule_id } = await this.#do("submit-schedule", { facility_id: this.#facilityId, invoices: stated });
    await this.#do("check-schedule", { schedule_id });
    await this.#do("approve-schedule", { schedule_id }, "second");
    await this.#do("offer-schedule", { schedule_id });
    const funded = await this.#do("fund-schedule", { schedule_id });
    expect(funded.funded_on).to.equal(day);
    const { data } = await this.#do("list-invoices", { facility_id: this.#facilityId, schedule_id, limit: 1000 });
    for (const invoice of data) {
      if (invoice.state !== "purchased") this.#count("not bought");
      else this.#behave({ id: invoice.id, debtorId: invoice.debtor_id, openMinor: parseMinor(invoice.open, "USD") });
    }
  }

  #count(what: string): void {
    this.#happened[what] = (this.#happened[what] ?? 0) + 1;
  }

  /** Decides what will become of an invoice. Debtor 7 fails in its second half-year. */
  #behave(invoice: Bought): void {
    const paysIn = Math.max(3, this.#habits.get(invoice.debtorId)! + this.#chance.between(-12, 18));
    const day = addDays(this.#today, paysIn);
    const fails = invoice.debtorId === "Y7" && this.#number > this.#size.invoices / 2;
    const how = fails
      ? "never"
      : this.#chance.weighted([
          ["full", 76],
          ["short", 8],
          ["parts", 6],
          ["over", 2],
          ["to_seller", 2],
          ["bounces", 1],
          ["disputed", 2],
          ["bought_back", 1],
          ["never", 2],
        ] as const);
    this.#count(how);
    const pay = (on: Day, share: number, kind: Payment["how"]) => {
      const due = this.#payments.get(on) ?? [];
      this.#payments.set(on, [...due, { invoice, share, how: kind }]);
    };
    if (how === "parts") {
      pay(day, 0.6, "part");
      pay(addDays(day, 9), 1, "full");
    } else if (how === "never") this.#on(addDays(this.#today, 95), () => this.#chargeBack(invoice, "recourse_period"));
    else if (how === "disputed") this.#on(day, () => this.#dispute(invoice));
    else if (how === "bought_back") this.#on(day, () => this.#buyBack(invoice));
    else pay(day, 1, how);
  }

  #on(day: Day, happen: () => Promise<void>): void {
    this.#calendar.set(day, [...(this.#calendar.get(day) ?? []), happen]);
  }

  /** What debtors pay on the day: one receipt a debtor and kind. */
  async #collect(day: Day): Promise<void> {
    const due = this.#payments.get(day) ?? [];
    for (const debtorId of new Set(due.map(({ invoice }) => invoice.debtorId))) {
      const own = due.filter(({ invoice }) => invoice.debtorId === debtorId && invoice.openMinor > 0n);
      await this.#receive(
        own.filter(({ how }) => how !== "to_seller" && how !== "bounces"),
        "invoices",
      );
      await this.#receive(
        own.filter(({ how }) => how === "to_seller"),
        "paid_to_seller",
      );
      for (const payment of own.filter(({ how }) => how === "bounces")) await this.#bounce(payment);
    }
  }

  async #receive(payments: readonly Payment[], kind: "invoices" | "paid_to_seller"): Promise<string | undefined> {
    if (payments.length === 0) return undefined;
    const on = formatDay(this.#today);
    const invoices = payments.map(({ invoice, share, how }) => {
      const open = invoice.openMinor;
      const part = how === "part" ? (open * BigInt(Math.round(share * 100))) / 100n : open;
      const paid = how === "short" ? (open * 95n) / 100n : how === "over" ? open + 1_234n : part;
      invoice.openMinor = how === "part" ? open - part : 0n;
      return {
        invoice_id: invoice.id,
        amount: cents(paid),
        ...(how === "short" ? { short_reason: "pricing_discrepancy" as const } : {}),
      };
    });
    const made = await this.#do("record-collection", {
      facility_id: this.#facilityId,
      kind,
      received_on: on,
      invoices,
      external_id: `R${this.#acts}`,
    });
    const over = payments.filter(({ how }) => how === "over").length;
    if (over > 0) await this.#payBack(cents(1_234n * BigInt(over)));
    return made.id;
  }

  async #payBack(amount: string): Promise<void> {
    const resolved_on = formatDay(this.#today);
    const order = { facility_id: this.#facilityId, from: "unidentified", to: "payer", resolved_on, amount } as const;
    await this.#do("resolve-receipt", order);
  }

  async #bounce(payment: Payment): Promise<void> {
    const { invoice } = payment;
    const open = invoice.openMinor;
    const receipt_id = await this.#receive([{ ...payment, how: "full" }], "invoices");
    this.#on(addDays(this.#today, 4), async () => {
      const returned_on = formatDay(this.#today);
      await this.#do("return-collection", { receipt_id: receipt_id!, returned_on, reason: "unpaid cheque" });
      invoice.openMinor = open;
    });
    const again = addDays(this.#today, 11);
    this.#payments.set(again, [...(this.#payments.get(again) ?? []), { invoice, share: 1, how: "full" }]);
  }

  async #dispute(invoice: Bought): Promise<void> {
    const raised_on = formatDay(this.#today);
    await this.#do("dispute-invoice", { invoice_id: invoice.id, reason: "quality", raised_on });
    this.#on(addDays(this.#today, 14), () => this.#chargeBack(invoice, "dispute"));
  }

  async #chargeBack(invoice: Bought, reason: "dispute" | "recourse_period"): Promise<void> {
    const on = formatDay(this.#today);
    const ids = { facility_id: this.#facilityId, invoice_ids: [invoice.id] };
    const { amount } = await this.#do("charge-back-invoices", { ...ids, charged_back_on: on, reason });
    invoice.openMinor = 0n;
    // half of them are paid by the seller, the others are kept back of the next release
    if (this.#chance.next() < 0.5 || amount.startsWith("-")) return;
    const { due_from_seller } = await this.#do("report-reserve", { facility_id: this.#facilityId });
    if (parseMinor(due_from_seller, "USD") < parseMinor(amount, "USD")) return;
    const paid = { facility_id: this.#facilityId, paid_on: on, amount, settles: "recourse" } as const;
    await this.#do("record-seller-payment", paid);
  }

  async #buyBack(invoice: Bought): Promise<void> {
    const on = formatDay(this.#today);
    await this.#do("buy-back-invoices", {
      facility_id: this.#facilityId,
      invoice_ids: [invoice.id],
      bought_back_on: on,
    });
    invoice.openMinor = 0n;
  }

  async #release(): Promise<void> {
    const facility_id = this.#facilityId;
    const { releasable } = await this.#do("report-reserve", { facility_id });
    if (parseMinor(releasable, "USD") <= 100_000n) return;
    const half = cents(parseMinor(releasable, "USD") / 2n);
    // a part now and then, all of it otherwise
    const amount = this.#chance.next() < 0.2 ? { amount: half } : {};
    await this.#do("release-reserve", { facility_id, released_on: formatDay(this.#today), ...amount });
  }

  async #monthEnd(): Promise<void> {
    const facility_id = this.#facilityId;
    const on = formatDay(this.#today);
    await this.#do("accrue-fees", { facility_id, through: on });
    const receipt = { facility_id, kind: "not_purchased", received_on: on, amount: "480.00" } as const;
    await this.#do("record-collection", receipt);
    const passed = { facility_id, from: "not_purchased", to: "seller", resolved_on: on, amount: "480.00" } as const;
    await this.#do("resolve-receipt", passed);
  }

  async #entries(): Promise<number> {
    const page = await this.#do("list-entries", { portfolio_id: this.#portfolioId, limit: 1000 });
    let last = page;
    while (last.next_cursor !== null) {
      const cursor = last.next_cursor;
      last = await this.#do("list-entries", { portfolio_id: this.#portfolioId, limit: 1000, cursor });
    }
    return last.data.at(-1)!.sequence;
  }
}
