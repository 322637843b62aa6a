import type { CostType, ReceiptKind } from "../../models/payment.js";
import { ReferenceClaims } from "./reference-claims.js";
import type { ReferenceDebt } from "./reference-debt.js";
import { total } from "./reference-debt.js";
import { expenses, type Happening, MustRefuse, type Of, type ReferenceTerms, settles } from "./reference-happening.js";
import { ReferenceAccruals } from "./reference-interest.js";
import { largest, partOf, type ReferenceEntry, ReferenceLedger, size } from "./reference-ledger.js";
import { ReferencePayments } from "./reference-payments.js";
import { ReferenceSales } from "./reference-sales.js";

/**
 * The books of one bought portfolio, small enough to be read in one sitting: written from docs/LEDGER.md, docs/MONTHS.md
 * and the texts of the refusals, not from the builders, so that a mistake would have to be made twice to stay hidden.
 *
 * It keeps every entry, and answers from them. `happen` either adds an entry or throws `MustRefuse` and leaves all as it was.
 */
export class ReferenceBook {
  readonly #ledger: ReferenceLedger;
  readonly #payments: ReferencePayments;
  readonly #claims: ReferenceClaims;
  readonly #sales: ReferenceSales;
  readonly #accruals: ReferenceAccruals | undefined;

  constructor(terms: ReferenceTerms, today: string) {
    this.#ledger = new ReferenceLedger(terms, today);
    this.#payments = new ReferencePayments(this.#ledger);
    this.#claims = new ReferenceClaims(this.#ledger);
    this.#sales = new ReferenceSales(this.#ledger);
    this.#accruals = terms.interest && new ReferenceAccruals(this.#ledger, terms.interest);
  }

  get entries(): readonly ReferenceEntry[] {
    return this.#ledger.entries;
  }

  get debts(): ReadonlyMap<string, ReferenceDebt> {
    return this.#ledger.debts;
  }

  get bearsInterest(): boolean {
    return this.#accruals !== undefined;
  }

  /** The month that is to be closed next. */
  get nextMonth(): string {
    return this.#ledger.months.next;
  }

  set today(day: string) {
    this.#ledger.today = day;
  }

  happen(happening: Happening): void {
    const { months, today } = this.#ledger;
    const acts: { [What in Happening["what"]]: (happening: Of<What>) => void } = {
      payment: (one) => this.#payments.payment(one),
      put_back: (one) => this.#sales.putBack(one),
      answer: (one) => this.#sales.answer(one),
      sell: (one) => this.#sales.sell(one),
      cost: (one) => this.#cost(one),
      receipt: (one) => this.#receipt(one),
      advance: (one) => this.#claims.advance(one),
      write_off: (one) => this.#claims.writeOff(one),
      adjust: (one) => this.#claims.adjust(one),
      settle: (one) => this.#claims.settle(one),
      refund: (one) => this.#claims.refund(one),
      apply: (one) => this.#claims.apply(one),
      pay_commission: (one) => this.#payCommission(one),
      place: (one) => this.#place(one),
      recall: (one) => this.#recall(one),
      reverse: (one) => this.#reverse(one),
      correct: (one) => this.#correct(one),
      soft_close: ({ month }) => months.softClose(month, today),
      close: ({ month }) => this.#close(month),
      accrue: (one) => this.#bearing().accrue(one),
      reforecast: (one) => this.#bearing().reforecast(one),
      reopen: ({ month }) => months.reopen(month),
      policy: ({ late }) => {
        months.late = late;
      },
    };
    (acts[happening.what] as (one: Happening) => void)(happening);
  }

  balances(asOf?: string, entries?: number): Map<string, bigint> {
    return this.#ledger.balances(asOf, entries);
  }

  commissionOwed(): bigint {
    return this.#ledger.commissionOwed();
  }

  /** What the net-back report says to date: gross, commission, costs, and what is left of them. */
  netBack(): { gross: bigint; commission: bigint; costs: bigint; netBack: bigint } {
    const ledger = this.#ledger;
    const gross = -ledger.balance("4000");
    const commission = ledger.balance("5000");
    // an advance is cash paid as well, until it comes back
    let costs = ledger.balance("1300") + ledger.balance("4920");
    for (const account of Object.values(expenses)) costs += ledger.balance(account);
    return { gross, commission, costs, netBack: gross - commission - costs };
  }

  #bearing(): ReferenceAccruals {
    if (this.#accruals === undefined) throw new MustRefuse("conflict");
    return this.#accruals;
  }

  /** A month is closed when its revenue is accrued. */
  #close(month: string): void {
    const { months, today } = this.#ledger;
    const isMissing = this.#accruals !== undefined && !this.#accruals.isAccrued(month);
    months.close(month, today, isMissing);
  }

  #cost(one: Of<"cost">): void {
    this.#posted(this.#ledger.money(one), { ...one, debit: expenses[one.type as CostType], credit: "1000" });
  }

  #receipt(one: Of<"receipt">): void {
    this.#posted(this.#ledger.money(one), { ...one, debit: "1000", credit: settles[one.kind as ReceiptKind] });
  }

  #payCommission({ amount, on }: Of<"pay_commission">): void {
    const ledger = this.#ledger;
    const effective = ledger.effective(on);
    ledger.available(amount, ledger.commissionOwed());
    this.#posted(effective, { amount, on, debit: "2050", credit: "1000", agency: true });
  }

  /** An entry of one posting, which can be taken back in parts; and of a cost or a receipt what is put in its place. */
  #posted(
    effective: string,
    what: { amount: bigint; on: string; debit: string; credit: string; agency?: boolean },
    reason = false,
  ): void {
    const ledger = this.#ledger;
    const { amount, on, debit, credit, agency = false } = what;
    const [to, from] = amount > 0n ? [debit, credit] : [credit, debit];
    const whole = size(amount);
    let left = whole;
    const entry = ledger.entries.length;
    const undo: ReferenceEntry["undo"] = (order) => {
      const back = partOf(order, left);
      ledger.post(order.on, [[from, to, back]], { reason: true, agency });
      left -= back;
    };
    const correct = (right: bigint) => {
      if (left !== whole) throw new MustRefuse("entry_not_reversible");
      const booked = ledger.entries[entry]!.on;
      ledger.months.bookedOn(booked, true);
      ledger.movement(right);
      if (right < 0n && debit === "1000") throw new MustRefuse("amount_invalid");
      const own = ledger.effective(on);
      ledger.months.bookedOn(own, true);
      undo({ amount: undefined, accounts: undefined, on: booked, named: booked });
      this.#posted(own, { ...what, amount: right }, true);
    };
    ledger.post(effective, [[to, from, whole]], { undo, correct: agency ? undefined : correct, agency, reason });
  }

  #place({ account, on, basisPoints, gross }: Of<"place">): void {
    this.#ledger.effective(on);
    if (!this.#ledger.terms.receivables.has(account)) throw new MustRefuse("receivable_unknown");
    const debt = this.debts.get(account);
    if (debt === undefined || debt.state !== "owned" || debt.placed !== undefined || total(debt.claim) === 0n)
      throw new MustRefuse("receivable_placed");
    debt.placed = { basisPoints, gross };
  }

  #recall({ account, on }: Of<"recall">): void {
    this.#ledger.effective(on);
    const debt = this.debts.get(account);
    if (debt !== undefined) debt.placed = undefined;
  }

  #reverse({ entry, amount, accounts, on }: Of<"reverse">): void {
    const target = this.entries[entry - 1];
    if (target === undefined) throw new MustRefuse("not_found");
    const effective = this.#ledger.effective(on);
    if (on < target.on) throw new MustRefuse("effective_date_refused");
    if (amount === 0n) throw new MustRefuse("amount_invalid");
    if (amount !== undefined && amount > largest) throw new MustRefuse("amount_out_of_range");
    if (target.undo === undefined) throw new MustRefuse("entry_not_reversible");
    target.undo({ amount, accounts, on: effective, named: on });
  }

  #correct({ entry, amount }: Of<"correct">): void {
    const target = this.entries[entry - 1];
    if (target === undefined) throw new MustRefuse("not_found");
    if (target.correct === undefined) throw new MustRefuse("entry_not_reversible");
    target.correct(amount);
  }
}
