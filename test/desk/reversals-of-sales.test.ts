import { expect } from "chai";
import type { ActInput } from "../../models/acts.js";
import { isRefusal } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { expectProved } from "./book-proof.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";
import { booksOf } from "./whole-books.js";

/** Put-backs, the seller's answers, resales, refunds, applications, commission that was paid, adjustments: taken back. */
eachDatabase("an act on receivables that is taken back", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let agencyId: string;
  const on = "2026-01-15";
  const order = { reversed_on: on, reason: "wrong account" };

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    agencyId = (await fixture.do("register-agency", { name: "Able" })).id;
    bought = await begin("Lakeshore");
  });
  after(() => fixture.remove());

  async function begin(name: string): Promise<Bought> {
    const book = await boughtPortfolio(fixture, { name });
    const { portfolioId: portfolio_id } = book;
    await fixture.do("place-receivables", {
      portfolio_id,
      agency_id: agencyId,
      placed_on: on,
      commission: { rate: "0.25" },
      remittance: "gross",
      receivables: { account_numbers: ["A10"] },
    });
    await fixture.do("record-cost", {
      portfolio_id,
      cost_type: "court",
      amount: "30.00",
      incurred_on: on,
      account_number: "A3",
      recoverable: true,
    });
    return book;
  }

  const books = () => booksOf(fixture, bought.portfolioId);
  const pay = (account_number: string, amount: string, more: object = {}) =>
    fixture.do("record-payment", { portfolio_id: bought.portfolioId, account_number, amount, paid_on: on, ...more });
  const putBack = async (account: string): Promise<string> => {
    const { put_backs } = await fixture.do("put-back-receivables", {
      purchase_id: bought.purchaseId,
      account_numbers: [account],
      reason: "other",
      put_back_on: on,
    });
    return put_backs[0]!.entry_id;
  };
  const answer = async (account: string, how: { decision: "accepted" | "refused"; accepted_amount?: string }) => {
    const purchase_id = bought.purchaseId;
    await fixture.do("answer-put-back", { purchase_id, account_numbers: [account], answered_on: on, ...how });
    return lastEntry();
  };
  const sell = async (...account_numbers: string[]): Promise<string> => {
    const { portfolioId: portfolio_id } = bought;
    const sale = { portfolio_id, account_numbers, buyer: "Baker", proceeds: "77.77", sold_on: on };
    return (await fixture.do("sell-receivables", sale)).entry_id;
  };
  const lastEntry = async (): Promise<string> => {
    const { data } = await fixture.do("list-entries", { portfolio_id: bought.portfolioId, limit: 1000 });
    return data.at(-1)!.id;
  };
  const overpay = async (account: string) => {
    const { claim } = await fixture.do("show-receivable", {
      portfolio_id: bought.portfolioId,
      account_number: account,
    });
    await pay(account, (Number(claim) + 20).toFixed(2));
  };
  const reverse = (entry_id: string, more: Partial<ActInput<"reverse-entry">> = {}) =>
    fixture.do("reverse-entry", { ...order, entry_id, ...more });
  const refused = async (entry_id: string, more: Partial<ActInput<"reverse-entry">> = {}) => {
    const { code, detail } = await fixture.refusal("reverse-entry", { ...order, entry_id, ...more });
    return `${code}: ${detail}`;
  };

  const portfolio = () => ({ portfolio_id: bought.portfolioId });
  const kinds: {
    why: string;
    ready?: () => Promise<unknown>;
    make: () => Promise<string>;
    parts?: true;
    needsCost?: true;
  }[] = [
    { why: "a put-back", make: () => putBack("A1") },
    { why: "a put-back with an advance that was lost with it", make: () => putBack("A3") },
    {
      why: "a put-back of a debt that was settled",
      ready: () => fixture.do("settle-receivable", { ...portfolio(), account_number: "A4", settled_on: on }),
      make: () => putBack("A4"),
    },
    {
      why: "a put-back that the seller accepted as it was asked",
      make: async () => {
        const entry = await putBack("A1");
        await answer("A1", { decision: "accepted" });
        return entry;
      },
    },
    {
      why: "an answer for less",
      ready: () => putBack("A2"),
      make: () => answer("A2", { decision: "accepted", accepted_amount: "0.01" }),
    },
    { why: "a refusal", ready: () => putBack("A5"), make: () => answer("A5", { decision: "refused" }) },
    { why: "a resale of one", make: () => sell("A3") },
    { why: "a resale of many", make: () => sell("A1", "A3", "A6", "A7") },
    {
      why: "a refund to a debtor",
      ready: () => overpay("A8"),
      make: async () =>
        (await fixture.do("refund-debtor", { ...portfolio(), account_number: "A8", refunded_on: on })).entry_id,
      parts: true,
    },
    {
      why: "unapplied cash that paid another debt, with the advance on it",
      make: async () =>
        (
          await fixture.do("apply-unapplied", {
            ...portfolio(),
            from_account_number: "A8",
            account_number: "A3",
            applied_on: on,
          })
        ).entry_id,
    },
    {
      why: "unapplied cash that paid the same debt, which was owed again",
      ready: () =>
        fixture.do("adjust-claims", {
          ...portfolio(),
          adjusted_on: on,
          reason: "interest_accrued",
          adjustments: [{ account_number: "A8", component: "interest", amount: "7.00" }],
        }),
      make: async () =>
        (await fixture.do("apply-unapplied", { ...portfolio(), from_account_number: "A8", applied_on: on })).entry_id,
    },
    {
      why: "commission that was paid",
      ready: () => pay("A10", "40.00", { channel: "agency" }),
      make: async () =>
        (await fixture.do("pay-commission", { ...portfolio(), agency_id: agencyId, amount: "10.00", paid_on: on }))
          .entry_id,
      parts: true,
    },
    {
      why: "an impairment",
      make: async () =>
        (
          await fixture.do("adjust-carrying-amount", {
            ...portfolio(),
            reason: "impairment",
            amount: "-12.00",
            effective_on: on,
          })
        ).entry_id,
      parts: true,
      needsCost: true,
    },
    {
      why: "an amount that was added",
      make: async () =>
        (
          await fixture.do("adjust-carrying-amount", {
            ...portfolio(),
            reason: "translation",
            amount: "15.00",
            effective_on: on,
          })
        ).entry_id,
      parts: true,
    },
  ];

  for (const cash of ["before", "after", "under interest, before"] as const) {
    describe(`${cash} the cost is back`, () => {
      before(async function () {
        this.timeout(120_000);
        bought = await begin(`Lakeshore ${cash}`);
        if (cash !== "after") {
          if (cash !== "before")
            await fixture.do("set-carrying-method", { ...portfolio(), method: "effective_interest" });
          return;
        }
        await fixture.do("adjust-claims", {
          ...portfolio(),
          adjusted_on: on,
          reason: "interest_accrued",
          adjustments: [{ account_number: "A11", component: "interest", amount: "5000.00" }],
        });
        await overpay("A11");
        const { accounts } = await fixture.do("report-trial-balance", { ...portfolio(), as_of: on });
        expect(accounts.find(({ code }) => code === "1500")?.balance).to.equal("0.00");
      });

      for (const { why, ready, make, parts, needsCost } of kinds) {
        if (needsCost === true && cash === "after") continue;
        it(`leaves every balance and every record as before: ${why}`, async () => {
          await ready?.();
          const start = await books();
          const entry_id = await make();
          expect(await books(), "it moved something").not.to.deep.equal(start);
          const dry = await fixture.do("reverse-entry", { ...order, entry_id }, { dryRun: true });
          const done = await reverse(entry_id);
          expect(await books()).to.deep.equal(start);
          expect(done.cascade).to.deep.equal(dry.cascade);
          expect(done.entry).to.deep.include({ kind: "entry_reversed", reverses_entry_id: entry_id });
          expect(await refused(entry_id)).to.match(/^reversal_too_large: /);
          await expectProved(fixture, bought.portfolioId);
          if (parts !== true) {
            const again = await make();
            expect(await refused(again, { amount: "0.01" })).to.match(/^entry_not_reversible: /);
            expect(await refused(again, { lines: [1] })).to.match(/^entry_not_reversible: /);
            await reverse(again);
          } else {
            const again = await make();
            for (const amount of ["0.01", "1.49", "2.00"]) await reverse(again, { amount });
            await reverse(again);
            expect(await refused(again)).to.match(/^reversal_too_large: /);
          }
          expect(await books()).to.deep.equal(start);
        });
      }
    });
  }

  it("takes some of a resale back, then the rest, and not one twice", async () => {
    bought = await begin("Some of many");
    const accounts = Array.from({ length: 10 }, (_, i) => `A${i + 1}`);
    const start = await books();
    const entry_id = await sell(...accounts);
    const part = await reverse(entry_id, { account_numbers: ["A3", "A5", "A7"] });
    expect(
      part.cascade.receivables.map(({ account_number, state_before, state_after }) => [
        account_number,
        state_before,
        state_after,
      ]),
    ).to.deep.equal(["A3", "A5", "A7"].map((account) => [account, "sold", "owned"]));
    expect(await refused(entry_id, { account_numbers: ["A5"] })).to.match(/^reversal_too_large: nothing of A5 is left/);
    expect(await refused(entry_id, { account_numbers: ["A11"] })).to.match(/^entry_not_reversible: .*sold no A11/);
    const [resale] = (await fixture.do("list-resales", portfolio())).data;
    expect(resale).to.deep.include({ receivables: 10, taken_back: 3, proceeds: "77.77" });
    const { data } = await fixture.do("list-resale-receivables", { resale_id: resale!.id });
    expect(data.filter((one) => one.taken_back).map((one) => one.account_number)).to.deep.equal(["A3", "A5", "A7"]);
    await expectProved(fixture, bought.portfolioId);
    await sell("A5");
    await reverse(entry_id);
    expect((await fixture.do("show-receivable", { ...portfolio(), account_number: "A5" })).state).to.equal("sold");
    await expectProved(fixture, bought.portfolioId);
    await reverse(await lastSale());
    const [before, now] = [start, await books()] as { balances: unknown }[];
    expect(now!.balances).to.deep.equal(before!.balances);
  });
  const lastSale = async () => {
    const { data } = await fixture.do("list-entries", { ...portfolio(), kind: "receivables_sold", limit: 1000 });
    return data.at(-1)!.id;
  };

  it("names what rests on it, and wants that taken back first", async () => {
    bought = await begin("Dependants");
    const start = await books();
    const asked = await putBack("A1");
    const reduced = await answer("A1", { decision: "accepted", accepted_amount: "0.01" });
    const number = (await fixture.do("show-entry", { entry_id: reduced })).sequence;
    expect(await refused(asked)).to.match(new RegExp(`^entry_not_reversible: .*entry ${number}, rests on`));
    await reverse(reduced);
    const no = await answer("A1", { decision: "refused" });
    const paid = await pay("A1", "1.00");
    const payment = (await fixture.do("show-entry", { entry_id: paid.entry_id })).sequence;
    expect(await refused(no)).to.match(new RegExp(`^entry_not_reversible: entry ${payment} \\(collection_received\\)`));
    await reverse(paid.entry_id);
    await reverse(no);
    await reverse(asked);
    expect(await books()).to.deep.equal(start);
    const [withdrawn] = (await fixture.do("list-put-backs", { purchase_id: bought.purchaseId })).data;
    expect(withdrawn).to.deep.include({ state: "withdrawn", accepted: "0.00" });
    await overpay("A2");
    const applied = await fixture.do("apply-unapplied", {
      ...portfolio(),
      from_account_number: "A2",
      account_number: "A4",
      applied_on: on,
    });
    await sell("A4");
    expect(await refused(applied.entry_id)).to.match(/^entry_not_reversible: A4 is not ours any more/);
    expect(await refused(applied.entry_id, { account_numbers: ["A4"] })).to.match(/not on many receivables/);
  });

  it("brings a receivable back with what bounced while it was away, and keeps what came in as unapplied cash", async () => {
    bought = await begin("Away");
    await pay("A6", "10.00", { external_id: "bounces" });
    const { claim } = await fixture.do("show-receivable", { ...portfolio(), account_number: "A6" });
    for (const leave of [() => putBack("A6"), () => sell("A6", "A7")]) {
      const entry_id = await leave();
      await pay("A6", "-2.00", { reverses: "bounces" });
      await pay("A6", "5.00");
      await reverse(entry_id);
      await expectProved(fixture, bought.portfolioId);
    }
    const after = await fixture.do("show-receivable", { ...portfolio(), account_number: "A6" });
    expect(after).to.deep.include({ claim: (Number(claim) + 4).toFixed(2), unapplied: "10.00", state: "owned" });
    await putBack("A6");
    await pay("A6", "-1.00", { reverses: "bounces" });
    await answer("A6", { decision: "refused" });
    const refusedOne = await fixture.do("show-receivable", { ...portfolio(), account_number: "A6" });
    expect(refusedOne.claim).to.equal((Number(claim) + 5).toFixed(2));
    await expectProved(fixture, bought.portfolioId);
  });

  it("explains court costs and unapplied cash by receivable, whatever was taken back", async () => {
    for (const account of ["1300", "2100"]) {
      const explained = await fixture.do("explain-balance", { ...portfolio(), account });
      expect(explained.difference).to.equal("0.00");
      expect(explained.data.map((item) => item.counterparty)).not.to.include(null);
    }
    const statement = await fixture.do("show-receivable-statement", { ...portfolio(), account_number: "A6" });
    expect(JSON.stringify(statement)).to.contain("entry_reversed");
  });

  it("is done by one of a hundred, whichever the kind", async function () {
    this.timeout(240_000);
    bought = await begin("At once");
    await overpay("A8");
    const makes = [
      () => putBack("A1"),
      () => sell("A3", "A4"),
      async () =>
        (await fixture.do("refund-debtor", { ...portfolio(), account_number: "A8", refunded_on: on })).entry_id,
      async () =>
        (
          await fixture.do("apply-unapplied", {
            ...portfolio(),
            from_account_number: "A8",
            account_number: "A5",
            applied_on: on,
          })
        ).entry_id,
    ];
    for (const make of makes) {
      const start = await books();
      const entry_id = await make();
      const attempts = Array.from({ length: 100 }, () => reverse(entry_id));
      const codes = (await Promise.allSettled(attempts)).map((one) => {
        if (one.status === "fulfilled") return "done";
        if (!isRefusal(one.reason)) throw one.reason;
        return one.reason.code;
      });
      expect(codes.filter((code) => code === "done")).to.have.length(1);
      expect(new Set(codes)).to.deep.equal(new Set(["done", "reversal_too_large"]));
      expect(await books()).to.deep.equal(start);
    }
    await expectProved(fixture, bought.portfolioId);
  });
});
