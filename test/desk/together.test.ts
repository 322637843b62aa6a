import { expect } from "chai";
import type { ActInput } from "../../models/acts.js";
import { isRefusal, Refusal } from "../../models/refusal.js";
import type { Desk } from "../../src/desk/desk.js";
import { perform } from "../../src/desk/perform.js";
import type { Store } from "../../src/store/store.js";
import type { Tx } from "../../src/store/transaction.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

type Payment = ActInput<"record-payment">;
interface Order {
  readonly key: string;
  readonly fields: Omit<Payment, "portfolio_id">;
}

const actor = { tenantId: "alpha", actorId: "tester", roles: ["finance"] as const };
const paid_on = "2026-01-15";

/** Good ones and every kind of bad one, many on the same debts, some of them retries. */
function mixedOrders(count: number): Order[] {
  const orders: Order[] = [];
  for (let i = 0; i < count; i++) {
    const fields = { account_number: `A${1 + (i % 7)}`, amount: `${1 + (i % 5)}.25`, paid_on, external_id: `X-${i}` };
    const key = `mixed-${i}`;
    const earlier = orders[i - 9];
    const kinds: readonly Order[] = [
      { key, fields },
      { key, fields: { ...fields, account_number: "none" } },
      { key, fields: { ...fields, external_id: "X-0" } },
      earlier === undefined ? { key, fields } : earlier,
      earlier === undefined ? { key, fields } : { key: earlier.key, fields: { ...earlier.fields, amount: "9.99" } },
      { key, fields: { ...fields, amount: ["0.00", "1.005", "9223372036854775808", "NaN", "-3000.00"][i % 5]! } },
      { key, fields: { ...fields, paid_on: "2026-02-01" } },
      { key, fields: { ...fields, amount: "-0.50", reverses: `X-${i - 8}` } },
    ];
    orders.push(kinds[i % kinds.length]!);
  }
  return orders;
}

/** What a caller was told, without the portfolio's id and the instant, which those of one transaction share. */
async function told(answer: Promise<{ output: unknown; replayed: boolean }>, portfolioId: string): Promise<string> {
  const text = await answer.then(JSON.stringify, (error: unknown) => {
    if (!isRefusal(error)) throw error;
    return JSON.stringify([error.code, error.detail, error.items]);
  });
  return text.replaceAll(portfolioId.replace("pf_", ""), "ID").replace(/"recorded_at":"[^"]+"/, "");
}

/** The desk on a store whose transactions are changed by a test. */
function deskOn(desk: Desk, change: (work: (tx: Tx) => Promise<unknown>) => (tx: Tx) => Promise<unknown>): Desk {
  const store: Store = {
    ...desk.store,
    transaction: (scope, work, options) =>
      desk.store.transaction(scope, change(work as (tx: Tx) => Promise<unknown>), options) as never,
  };
  return { ...desk, store };
}

eachDatabase("payments that come at once", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
  });
  after(() => fixture.remove());

  const send = (desk: Desk, portfolio_id: string, { key, fields }: Order) =>
    perform(desk, "record-payment", { portfolio_id, ...fields }, { actor, idempotencyKey: key });
  const books = async (portfolio_id: string) => {
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id });
    const { data } = await fixture.do("list-entries", { portfolio_id, limit: 1000 });
    return {
      accounts: accounts.map(({ drill: _, ...account }) => account),
      sequences: data.map(({ sequence }) => sequence),
    };
  };

  it("get what they would get one after the other", async function () {
    this.timeout(60_000);
    const alone = await boughtPortfolio(fixture, { name: "One by one" });
    const orders = mixedOrders(200);
    const expected: string[] = [];
    for (const order of orders) {
      expected.push(await told(send(fixture.desk, alone.portfolioId, order), alone.portfolioId));
    }
    let transactions = 0;
    const counting = deskOn(fixture.desk, (work) => (tx) => {
      transactions++;
      return work(tx);
    });
    const answers = await Promise.all(
      orders.map((order) => told(send(counting, bought.portfolioId, order), bought.portfolioId)),
    );
    expect(answers).to.deep.equal(expected);
    expect(transactions).to.be.below(20);
    const together = await books(bought.portfolioId);
    expect(together).to.deep.equal(await books(alone.portfolioId));
    expect(together.sequences).to.deep.equal(together.sequences.map((_, i) => i + 1));
    const codes = new Set(answers.map((text) => /^\["(\w+)"/.exec(text)?.[1] ?? "done"));
    expect([...codes].sort()).to.deep.equal([
      "amount_invalid",
      "amount_out_of_range",
      "done",
      "effective_date_refused",
      "idempotency_key_reused",
      "invalid_request",
      "not_found",
      "payment_duplicate",
      "receivable_unknown",
      "reversal_too_large",
    ]);
  });

  it("keep the key of each order on its own entry", async () => {
    const orders = [1, 2, 3].map((i) => ({
      key: `own-${i}`,
      fields: { account_number: "A11", amount: "1.00", paid_on },
    }));
    const answers = await Promise.all(orders.map((order) => send(fixture.desk, bought.portfolioId, order)));
    const rows = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query("select idempotency_key from entry where portfolio_id = ? order by sequence desc limit 3", [
        bought.portfolioId,
      ]),
    );
    expect(rows.map(({ idempotency_key }) => idempotency_key)).to.deep.equal(["own-3", "own-2", "own-1"]);
    expect(new Set(answers.map(({ output }) => output.entry_id)).size).to.equal(3);
  });

  const batch = (prefix: string) =>
    Array.from({ length: 30 }, (_, i) => ({
      key: `${prefix}-${i}`,
      fields: { account_number: `A${1 + (i % 9)}`, amount: "0.10", paid_on },
    }));

  it("are all told when the connection goes, and booked once when they are sent again", async () => {
    const before = await books(bought.portfolioId);
    const orders = batch("gone");
    const broken = deskOn(fixture.desk, (work) => async (tx) => {
      await work(tx);
      throw new Refusal("database_unreachable", "cut by the test");
    });
    const failed = await Promise.allSettled(orders.map((order) => send(broken, bought.portfolioId, order)));
    for (const one of failed) {
      expect(one.status === "rejected" && isRefusal(one.reason) && one.reason.code).to.equal("database_unreachable");
    }
    expect(await books(bought.portfolioId)).to.deep.equal(before);
    const retried = await Promise.all(orders.map((order) => send(fixture.desk, bought.portfolioId, order)));
    expect(retried.every(({ replayed }) => !replayed)).to.equal(true);
    const again = await Promise.all(orders.map((order) => send(fixture.desk, bought.portfolioId, order)));
    expect(again.every(({ replayed }) => replayed)).to.equal(true);
    expect((await books(bought.portfolioId)).sequences).to.have.length(before.sequences.length + orders.length);
  });

  it("are not failed by one that makes the database fail", async () => {
    const before = await books(bought.portfolioId);
    const orders = [...batch("near"), { key: "poison", fields: { account_number: "A1", amount: "0.10", paid_on } }];
    const poisoned = deskOn(
      fixture.desk,
      (work) => (tx) =>
        work({
          ...tx,
          async execute(sql, bindings) {
            if (JSON.stringify(bindings, (_, v) => (typeof v === "bigint" ? `${v}` : v)).includes("poison")) {
              throw new Error("a fault of ours");
            }
            return tx.execute(sql, bindings);
          },
        }),
    );
    const ended = await Promise.allSettled(orders.map((order) => send(poisoned, bought.portfolioId, order)));
    expect(ended.map(({ status }) => status)).to.deep.equal([...batch("near").map(() => "fulfilled"), "rejected"]);
    expect((await books(bought.portfolioId)).sequences).to.have.length(before.sequences.length + 30);
  });

  it("are refused one and all where the portfolio has no books", async () => {
    const { id } = await fixture.do("create-portfolio", { name: "Unbought", seller: "S", currency: "USD" });
    const ended = await Promise.allSettled(batch("none").map((order) => send(fixture.desk, id, order)));
    const codes = ended.map((one) => (one.status === "rejected" && isRefusal(one.reason) ? one.reason.code : ""));
    expect(new Set(codes)).to.deep.equal(new Set(["portfolio_not_owned"]));
  });

  // the two take the key and the books in opposite order: where they meet, PostgreSQL ends one and it is begun again
  it("do an order once when another act is sent with its key at the same time", async function () {
    this.timeout(30_000);
    const cost = {
      portfolio_id: bought.portfolioId,
      cost_type: "court",
      amount: "1.00",
      incurred_on: paid_on,
    } as const;
    for (let round = 0; round < 5; round++) {
      const key = `shared-${round}`;
      const fields = { account_number: "A2", amount: "0.10", paid_on };
      const both = await Promise.allSettled([
        send(fixture.desk, bought.portfolioId, { key, fields }),
        perform(fixture.desk, "record-cost", cost, { actor, idempotencyKey: key }),
      ]);
      const lost = both.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(lost.map((error) => isRefusal(error) && error.code)).to.deep.equal(["idempotency_key_reused"]);
    }
  });
});
