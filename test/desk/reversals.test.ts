import { expect } from "chai";
import type { RefusalCode } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";
import { booksOf } from "./whole-books.js";

eachDatabase("an entry that is taken back", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let agencyId: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    agencyId = (await fixture.do("register-agency", { name: "Able" })).id;
    await fixture.do("place-receivables", {
      portfolio_id: bought.portfolioId,
      agency_id: agencyId,
      placed_on: "2026-01-15",
      commission: { rate: "0.25" },
      receivables: { account_numbers: ["A4", "A5", "A6", "A7"] },
    });
  });
  after(() => fixture.remove());

  const on = "2026-01-15";
  const order = { reversed_on: on, reason: "typed twice" };
  const books = () => booksOf(fixture, bought.portfolioId);
  const pay = (account_number: string, amount: string, more: object = {}) =>
    fixture.do("record-payment", {
      portfolio_id: bought.portfolioId,
      account_number,
      amount,
      paid_on: "2026-01-10",
      ...more,
    });
  const agencyPays = (account_number: string, amount: string, more: object = {}) =>
    pay(account_number, amount, { channel: "agency", ...more });
  const settle = (amount: string) =>
    fixture.do("record-receipt", {
      portfolio_id: bought.portfolioId,
      kind: "agency_remittance",
      agency_id: agencyId,
      amount,
      received_on: on,
    });
  const cost = (amount: string, more: object = {}) =>
    fixture.do("record-cost", {
      portfolio_id: bought.portfolioId,
      cost_type: "court",
      amount,
      incurred_on: on,
      ...more,
    });

  const kinds: { why: string; make: () => Promise<{ entry_id: string }> }[] = [
    { why: "a payment to us", make: () => pay("A1", "12.34") },
    { why: "a payment over the claim", make: () => pay("A2", "9999.99") },
    { why: "a payment to the agency", make: () => agencyPays("A4", "33.33") },
    {
      why: "a payment to the agency, by its own figures",
      make: () => agencyPays("A4", "33.33", { commission: "1.01" }),
    },
    { why: "a payment to the seller", make: () => pay("A5", "40.01", { channel: "direct" }) },
    { why: "a cost", make: () => cost("75.00") },
    { why: "a cost of one receivable", make: () => cost("5.00", { account_number: "A1", agency_id: agencyId }) },
    { why: "a credit note", make: () => cost("-7.50", { cost_type: "agency_invoice" }) },
    { why: "a remittance", make: () => settle("20.00") },
  ];
  const adjust = async (component: "interest" | "court_costs", amount: string) => {
    const { events } = await fixture.do("adjust-claims", {
      portfolio_id: bought.portfolioId,
      adjusted_on: on,
      reason: "interest_accrued",
      adjustments: [{ account_number: "A3", component, amount }],
    });
    return events[0]!;
  };
  const advance = (amount: string) => cost(amount, { account_number: "A3", recoverable: true });
  const wholes: typeof kinds = [
    { why: "interest added to a claim", make: () => adjust("interest", "12.50") },
    { why: "a court cost advanced", make: () => advance("75.00") },
    {
      why: "a settlement, with an advance that was given up",
      make: async () => {
        await advance("30.00");
        await pay("A3", "40.00");
        return fixture.do("settle-receivable", {
          portfolio_id: bought.portfolioId,
          account_number: "A3",
          settled_on: on,
        });
      },
    },
  ];
  for (const { why, make } of wholes) {
    it(`leaves every balance and every record as before, as a whole alone: ${why}`, async () => {
      const { entry_id } = await make();
      const { sequence } = await fixture.do("show-entry", { entry_id });
      const { entry } = await fixture.do("reverse-entry", { ...order, entry_id }, { dryRun: true });
      const part = await fixture.refusal("reverse-entry", { ...order, entry_id, amount: "1.00" });
      expect(part.code).to.equal("entry_not_reversible");
      const done = await fixture.do("reverse-entry", { ...order, entry_id });
      expect(done.entry.postings).to.deep.equal(entry.postings);
      const again = await fixture.refusal("reverse-entry", { ...order, entry_id });
      expect(again.code).to.equal("reversal_too_large");
      const { data } = await fixture.do("list-entries", { portfolio_id: bought.portfolioId, limit: 1000 });
      const net = new Map<string, number>();
      for (const one of data.filter((each) => [sequence, done.entry.sequence].includes(each.sequence))) {
        for (const { debit_account, credit_account, amount } of one.postings) {
          net.set(debit_account, (net.get(debit_account) ?? 0) + Math.round(Number(amount) * 100));
          net.set(credit_account, (net.get(credit_account) ?? 0) - Math.round(Number(amount) * 100));
        }
      }
      expect([...net.values()].every((left) => left === 0)).to.equal(true);
      const receivable = await fixture.do("show-receivable", {
        portfolio_id: bought.portfolioId,
        account_number: "A3",
      });
      expect(receivable.state).to.equal("owned");
    });
  }

  it("keeps what a debtor has paid of it meanwhile", async () => {
    const before = await books();
    const added = await adjust("interest", "10.00");
    const paid = await pay("A3", "9999.99");
    const refusal = await fixture.refusal("reverse-entry", { ...order, entry_id: added.entry_id });
    expect(refusal.code).to.equal("entry_not_reversible");
    await fixture.do("reverse-entry", { ...order, entry_id: paid.entry_id });
    await fixture.do("reverse-entry", { ...order, entry_id: added.entry_id });
    expect(await books()).to.deep.equal(before);
  });

  for (const { why, make } of kinds) {
    it(`leaves every balance and every record as before: ${why}`, async () => {
      const before = await books();
      const { entry_id } = await make();
      expect(await books(), "the entry moved something").not.to.deep.equal(before);
      const taken = await fixture.do("reverse-entry", { ...order, entry_id });
      expect(await books()).to.deep.equal(before);
      expect(taken.entry).to.deep.include({
        kind: "entry_reversed",
        reverses_entry_id: entry_id,
        reason: "typed twice",
      });
      const original = await fixture.do("show-entry", { entry_id });
      expect(original.reversed_by_entry_ids).to.deep.equal([taken.entry.id]);
    });

    it(`in parts, too, and then no more: ${why}`, async () => {
      const before = await books();
      const { entry_id } = await make();
      for (const amount of ["0.01", "1.49", "2.00"]) {
        await fixture.do("reverse-entry", { ...order, entry_id, amount });
      }
      await fixture.do("reverse-entry", { ...order, entry_id });
      expect(await books()).to.deep.equal(before);
      const again = await fixture.refusal("reverse-entry", { ...order, entry_id });
      expect(again.code).to.equal("reversal_too_large");
      expect(await books(), "a refusal moved something").to.deep.equal(before);
    });
  }

  it("gives the commission of a payment that returns in parts to the cent", async () => {
    const before = await books();
    const { entry_id } = await agencyPays("A6", "0.10");
    for (let part = 0; part < 10; part++) await fixture.do("reverse-entry", { ...order, entry_id, amount: "0.01" });
    expect(await books()).to.deep.equal(before);
  });

  it("may be the commission alone: the payment stands, and the fee is the agency's debt", async () => {
    const payment = await agencyPays("A6", "40.00");
    expect(payment.commission).to.equal("10.00");
    const { postings } = await fixture.do("show-entry", { entry_id: payment.entry_id });
    const { line } = postings.find(({ debit_account }) => debit_account === "5000")!;
    const { entry_id } = payment;
    const part = await fixture.do("reverse-entry", { ...order, entry_id, lines: [line], amount: "4.00" });
    expect(part.entry.postings).to.deep.equal([
      { line: 1, debit_account: "1100", credit_account: "5000", amount: "4.00" },
    ]);
    expect(part.cascade.commission_returned).to.equal("4.00");
    expect(part.reversed.lines.find((one) => one.line === line)).to.deep.include({ reversed: "4.00", left: "6.00" });
    const tooMuch = await fixture.refusal("reverse-entry", { ...order, entry_id, lines: [line], amount: "6.01" });
    expect(tooMuch.code).to.equal("reversal_too_large");
    const rest = await fixture.do("reverse-entry", { ...order, entry_id });
    expect(rest.cascade.commission_returned, "what is left of it").to.equal("6.00");
  });

  it("shows what follows before it is done, and the same when it is done", async () => {
    const payment = await agencyPays("A7", "40.00");
    const { agencies: earlier } = (
      await fixture.do("reverse-entry", { ...order, entry_id: payment.entry_id }, { dryRun: true })
    ).cascade;
    const held = Number(earlier[0]!.clearing_before);
    await settle(held.toFixed(2));
    const before = await books();
    const dry = await fixture.answer("reverse-entry", { ...order, entry_id: payment.entry_id }, { dryRun: true });
    expect(await books()).to.deep.equal(before);
    const { cascade } = dry.output;
    expect(cascade.agencies).to.deep.equal([
      {
        agency_id: agencyId,
        remitted: held.toFixed(2),
        clearing_before: "0.00",
        clearing_after: "-30.00",
        owed_by: "us",
      },
    ]);
    expect(cascade.receivables[0]).to.deep.include({
      account_number: "A7",
      collected_before: "40.00",
      collected_after: "0.00",
      commission_before: "10.00",
      commission_after: "0.00",
    });
    expect(cascade).to.deep.include({ commission_returned: "10.00", cost_restored: "40.00", unapplied_taken: "0.00" });
    expect(dry.effect?.entries.map(({ postings }) => postings)).to.deep.equal([dry.output.entry.postings]);
    expect(dry.effect?.balances).to.deep.equal(cascade.balances);
    const clearing = cascade.balances.find(({ code }) => code === "1100");
    expect(clearing).to.deep.include({ name: "Agency clearing", before: "0.00", after: "-30.00" });
    const done = await fixture.answer("reverse-entry", { ...order, entry_id: payment.entry_id });
    expect(done.effect).to.equal(undefined);
    expect(done.output.cascade).to.deep.equal(cascade);
  });

  const refused: { why: string; code: RefusalCode; run: () => Promise<{ code: RefusalCode; detail: string }> }[] = [
    {
      why: "an entry that is not there",
      code: "not_found",
      run: () =>
        fixture.refusal("reverse-entry", { ...order, entry_id: `${bought.portfolioId.replace("pf", "en")}-zzzz` }),
    },
    {
      why: "the purchase",
      code: "entry_not_reversible",
      run: () =>
        fixture.refusal("reverse-entry", { ...order, entry_id: `${bought.portfolioId.replace("pf", "en")}-1` }),
    },
    {
      why: "a reversal",
      code: "entry_not_reversible",
      run: async () => {
        const { entry_id } = await cost("1.00");
        const { entry } = await fixture.do("reverse-entry", { ...order, entry_id });
        return fixture.refusal("reverse-entry", { ...order, entry_id: entry.id });
      },
    },
    {
      why: "a day before the entry's own",
      code: "effective_date_refused",
      run: async () => {
        const { entry_id } = await cost("1.00");
        return fixture.refusal("reverse-entry", { ...order, entry_id, reversed_on: "2026-01-14" });
      },
    },
    {
      why: "a day to come",
      code: "effective_date_refused",
      run: async () => {
        const { entry_id } = await cost("1.00");
        return fixture.refusal("reverse-entry", { ...order, entry_id, reversed_on: "2026-01-16" });
      },
    },
    {
      why: "one line of a payment that is not its commission",
      code: "entry_not_reversible",
      run: async () => {
        const { entry_id } = await agencyPays("A6", "4.00");
        return fixture.refusal("reverse-entry", { ...order, entry_id, lines: [1] });
      },
    },
    {
      why: "a line that the entry has not",
      code: "entry_not_reversible",
      run: async () => {
        const { entry_id } = await cost("1.00");
        return fixture.refusal("reverse-entry", { ...order, entry_id, lines: [9] });
      },
    },
    {
      why: "an amount of nothing",
      code: "amount_invalid",
      run: async () => {
        const { entry_id } = await cost("1.00");
        return fixture.refusal("reverse-entry", { ...order, entry_id, amount: "0.00" });
      },
    },
    {
      why: "a cent too much",
      code: "reversal_too_large",
      run: async () => {
        const { entry_id } = await cost("1.00");
        return fixture.refusal("reverse-entry", { ...order, entry_id, amount: "1.01" });
      },
    },
    {
      why: "more than is left of a payment that came back by itself",
      code: "reversal_too_large",
      run: async () => {
        const { entry_id } = await pay("A1", "10.00", { external_id: "NSF-1" });
        await pay("A1", "-9.00", { reverses: "NSF-1" });
        return fixture.refusal("reverse-entry", { ...order, entry_id, amount: "1.01" });
      },
    },
    {
      why: "a payment that comes back and was taken back",
      code: "reversal_too_large",
      run: async () => {
        const { entry_id } = await pay("A1", "10.00", { external_id: "NSF-2" });
        await fixture.do("reverse-entry", { ...order, entry_id, amount: "9.00" });
        return fixture.refusal("record-payment", {
          portfolio_id: bought.portfolioId,
          account_number: "A1",
          amount: "-1.01",
          paid_on: on,
          reverses: "NSF-2",
        });
      },
    },
  ];
  for (const { why, code, run } of refused) {
    it(`refuses ${why}`, async () => {
      const refusal = await run();
      expect(`${refusal.code}: ${refusal.detail}`).to.match(new RegExp(`^${code}: `));
    });
  }

  it("keeps to its key: the first answer again, and no other body", async () => {
    const { entry_id } = await cost("3.00");
    const first = await fixture.answer("reverse-entry", { ...order, entry_id, amount: "1.00" }, { key: "take-1" });
    const before = await books();
    const again = await fixture.answer("reverse-entry", { ...order, entry_id, amount: "1.00" }, { key: "take-1" });
    expect(again).to.deep.equal({ output: first.output, replayed: true });
    const other = await fixture.refusal("reverse-entry", { ...order, entry_id, amount: "2.00" }, { key: "take-1" });
    expect([other.code, other.items[0]?.pointer]).to.deep.equal(["idempotency_key_reused", "/amount"]);
    expect(await books()).to.deep.equal(before);
    const [row] = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query<{ portfolio_id: string }>("select portfolio_id from idempotency where idempotency_key = 'take-1'"),
    );
    expect(row?.portfolio_id, "the key is the portfolio's").to.equal(bought.portfolioId);
  });

  it("leaves books that can be proved", async () => {
    const { differences } = await fixture.do("verify-books", { portfolio_id: bought.portfolioId });
    expect(differences).to.deep.equal([]);
  });
});
