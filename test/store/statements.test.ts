import { expect } from "chai";
import { Refusal } from "../../models/refusal.js";
import { arrayText, jsonArray, textArray } from "../../src/store/array-text.js";
import { bindingText } from "../../src/store/batch.js";
import { DatabaseFault } from "../../src/store/database-error.js";
import { kept, numbered } from "../../src/store/statement.js";
import type { Store } from "../../src/store/store.js";
import type { Tx } from "../../src/store/transaction.js";
import { eachDatabase } from "../harness/database.js";

const alpha = { tenantId: "alpha" };

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

eachDatabase("statements given together", (open) => {
  let store: Store;
  before(async function () {
    this.timeout(60_000);
    store = await open();
  });

  const staged = "create temporary table staged (n int4 primary key) on commit drop";

  it("are done in their order, each with what the one before it left", async () => {
    const answers = await store.transaction(alpha, (tx) =>
      Promise.all([
        tx.execute(staged),
        tx.execute("insert into staged select * from unnest(?::int4[])", [[1, 2, 3]]),
        tx.query("select count(*)::int4 as n from staged where n > :least", { least: 1 }),
        tx.execute("update staged set n = n + 10 where n < ?", [3]),
        tx.query("select n from staged order by n"),
      ]),
    );
    expect(answers.slice(1)).to.deep.equal([3, [{ n: 2 }], 2, [{ n: 3 }, { n: 11 }, { n: 12 }]]);
  });

  it("end with the first that fails: those after it say why, and nothing is committed", async () => {
    const heard: unknown[] = [];
    const rename = "update tenant set name = 'renamed'";
    const fault = await caught(
      store.transaction(alpha, async (tx) => {
        const given = [
          tx.execute(rename),
          tx.query("select 1 / 0 as n"),
          tx.execute("update tenant set name = 'after'"),
        ];
        for (const result of await Promise.allSettled(given)) {
          heard.push(result.status === "rejected" ? (result.reason as { code: string }).code : result.value);
        }
        // whoever goes on as if nothing had happened gets no further
        return tx.query("select 1 as n").catch(() => "went on");
      }),
    );
    expect(heard).to.deep.equal([1, "22012", "22012"]);
    expect(fault).to.be.instanceOf(DatabaseFault);
    const [row] = await store.transaction(alpha, (tx) => tx.query("select name from tenant"));
    expect(row!.name).not.to.be.oneOf(["renamed", "after"]);
  });

  const nameNow = async () => (await store.transaction(alpha, (tx) => tx.query("select name from tenant")))[0]!.name;

  it("are committed when the work did not wait for them", async () => {
    const result = await store.transaction(alpha, async (tx) => {
      tx.follow(tx.execute("update tenant set name = 'followed'"));
      return "at once";
    });
    expect([result, await nameNow()]).to.deep.equal(["at once", "followed"]);
  });

  it("commit nothing when one of those that the work did not wait for fails, in the database or before it", async () => {
    const before = await nameNow();
    const failing = (how: (tx: Tx) => Promise<unknown>) =>
      caught(
        store.transaction(alpha, async (tx) => {
          tx.follow(tx.execute("update tenant set name = 'lost'"));
          tx.follow(how(tx));
        }),
      );
    expect(await failing((tx) => tx.query("select 1 / 0 as n")))
      .to.be.instanceOf(DatabaseFault)
      .with.property("sqlState", "22012");
    expect(await failing(async () => Promise.reject(new Refusal("conflict", "the test says so")))).to.be.instanceOf(
      Refusal,
    );
    expect(await nameNow()).to.equal(before);
  });

  it("are not taken when the transaction is over", async () => {
    const late = await store.transaction(alpha, async (tx) => {
      await tx.query("select 1 as n");
      return tx;
    });
    expect(await caught((async () => late.query("select 1 as n"))())).to.match(/over takes no more/);
  });

  it("may be kept, and give the same however often they are run and however much there is by then", async () => {
    const insert = kept("insert into staged select ? + 1");
    const count = kept("select count(*)::int4 as n from unnest((select ?::int4[])) as w(n) join staged s on s.n = w.n");
    await store.transaction(alpha, async (tx) => {
      await tx.execute(staged);
      for (let n = 1; n <= 100; n++) {
        const [, [row]] = await Promise.all([
          tx.execute(insert, [n]),
          tx.query<{ n: number }>(count, [[2, n + 1, -1]]),
        ]);
        expect(row!.n).to.equal(2);
      }
      if (tx.engine !== "postgres") return;
      const plans = await tx.query<{ runs: number }>(
        "select (generic_plans + custom_plans)::int4 as runs from pg_prepared_statements where name = any(?::text[])",
        [[insert.name, count.name]],
      );
      expect(plans).to.have.length(2);
      for (const { runs } of plans) expect(runs, "it was planned anew meanwhile").to.be.lessThan(64);
    });
  });

  it("may be kept, also where the server has forgotten them, as a pooler's other connection has never known them", async () => {
    const double = kept("select 2 * ?::int4 as n");
    for (let n = 1; n <= 3; n++) {
      expect(await store.transaction(alpha, (tx) => tx.query(double, [n]))).to.deep.equal([{ n: 2 * n }]);
      await store.transaction(alpha, (tx) => tx.execute("deallocate all"));
    }
  });

  it("may be kept, also where they fail the first time, or after another", async () => {
    const half = kept("select 10 / ?::int4 as n");
    for (const divisor of [0, 5, 0, 2]) {
      const work = store.transaction(alpha, (tx) => tx.query(half, [divisor]));
      if (divisor === 0) expect(await caught(work)).to.have.property("sqlState", "22012");
      else expect(await work).to.deep.equal([{ n: 10 / divisor }]);
    }
    const other = kept("select ?::int4 as n");
    const lost = store.transaction(alpha, (tx) => Promise.all([tx.query(half, [0]), tx.query(other, [1])]));
    expect(await caught(lost)).to.have.property("sqlState", "22012");
    expect(await store.transaction(alpha, (tx) => tx.query(other, [7]))).to.deep.equal([{ n: 7 }]);
  });
});

describe("bindings", () => {
  it("are numbered in their order; an escaped mark is the operator", () => {
    expect(numbered("select a \\? ? from t where b = ?")).to.equal("select a ? $1 from t where b = $2");
  });

  const texts: readonly { value: unknown; text: unknown; why: string }[] = [
    { value: null, text: null, why: "null" },
    { value: undefined, text: null, why: "not given" },
    { value: 12n, text: "12", why: "an amount" },
    { value: true, text: "true", why: "a truth" },
    { value: { a: [1] }, text: '{"a":[1]}', why: "an object is JSON" },
    { value: ['a "b" \\', null, 3n], text: '{"a \\"b\\" \\\\",NULL,"3"}', why: "an array, quoted" },
    { value: [null], text: "{NULL}", why: "an array of nothing has one element all the same" },
    { value: [Buffer.from([1, 92])], text: '{"\\\\x015c"}', why: "bytes in an array" },
  ];
  for (const { value, text, why } of texts) {
    it(`are written as the server reads them: ${why}`, () => expect(bindingText(value)).to.deep.equal(text));
  }

  it("of JSON are quoted as texts are", () => {
    const values = [{ a: 'q " b \\ n \n é 😀 \u0001' }, null, [1, "x"]];
    expect(jsonArray(values)).to.equal(textArray(values.map((value) => JSON.stringify(value))));
    expect(arrayText([null, "a"])).to.equal('{NULL,"a"}');
  });
});
