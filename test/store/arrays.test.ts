import { expect } from "chai";
import fc from "fast-check";
import { type ArrayType, arrayBytes, type Plain } from "../../src/store/array-bytes.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";

const alpha = { tenantId: "alpha" };

// biome-ignore format: a table
const columns: readonly { type: ArrayType; values: readonly Plain[]; why: string }[] = [
  { type: "bigint", values: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)], why: "the ends of the column" },
  { type: "integer", values: [0, -1, 2 ** 31 - 1, -(2 ** 31)], why: "the ends of the column" },
  { type: "smallint", values: [0, -1, 32_767, -32_768], why: "the ends of the column" },
  { type: "boolean", values: [true, false, null], why: "both truths and neither" },
  { type: "date", values: ["2000-01-01", "1999-12-31", "2024-02-29", "0001-01-01", "9999-12-31"], why: "days around the first" },
  { type: "tid", values: ["(0,1)", "(4294967294,65534)", null], why: "the first row and the last" },
  { type: "text", values: ["", "null", 'a "b" \\ {c,d}', "é 😀 \n\t", "x".repeat(100_000), null], why: "texts that arrays quote, and a long one" },
];

eachDatabase("arrays as the server keeps them", (open) => {
  let store: Store;
  before(async function () {
    this.timeout(60_000);
    store = await open();
  });

  /** What the database makes of a column; a tid comes back as its text. */
  async function through(type: ArrayType, values: readonly Plain[]): Promise<unknown[]> {
    const shown = type === "tid" ? "v::text" : "v";
    const array = arrayBytes(type, values, (value) => value);
    const rows = await store.transaction(alpha, (tx) =>
      tx.query<{ v: unknown }>(
        `select ${shown} as v from unnest((select ?::${type}[])) with ordinality as c(v, n) order by n`,
        [array],
      ),
    );
    return rows.map(({ v }) => v);
  }

  for (const { type, values, why } of columns) {
    it(`keep ${type}: ${why}`, async () => expect(await through(type, values)).to.deep.equal(values));
  }

  it("keep whatever texts and amounts there are", async function () {
    this.timeout(60_000);
    const texts = fc.array(fc.option(fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"))));
    const amounts = fc.array(fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })));
    const isSomething = (values: readonly Plain[]) => values.some((value) => value !== null);
    await fc.assert(
      fc.asyncProperty(texts.filter(isSomething), amounts.filter(isSomething), async (text, amount) => {
        expect(await through("text", text)).to.deep.equal(text);
        expect(await through("bigint", amount)).to.deep.equal(amount);
      }),
      { numRuns: 30 },
    );
  });

  it("are filled up with nulls beside longer ones, where there is nothing else in them", async () => {
    const bindings = [arrayBytes("integer", [1, 2], (n) => n), arrayBytes("bigint", [null, null], (n) => n)];
    const rows = await store.transaction(alpha, (tx) =>
      tx.query("select n, a from unnest(?::integer[], ?::bigint[]) as c(n, a)", bindings),
    );
    expect(rows).to.deep.equal([
      { n: 1, a: null },
      { n: 2, a: null },
    ]);
  });

  it("take no amount that a column could not keep", () => {
    expect(() => arrayBytes("bigint", [2n ** 63n], (amount) => amount)).to.throw("no bigint column");
  });
});
