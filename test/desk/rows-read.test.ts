import { expect } from "chai";
import type { ActInput, ActName } from "../../models/acts.js";
import type { Tx } from "../../src/store/transaction.js";
import { eachDatabase } from "../harness/database.js";
import { boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const payments = 2000;

/** How many rows the connection has read of the tables that grow with the portfolio's payments, or hold its receivables. */
async function rowsRead(tx: Tx): Promise<number> {
  const sql = `select sum(seq_tup_read + idx_tup_fetch)::bigint as rows from pg_stat_xact_user_tables
                where relname in ('receivable', 'payment', 'entry', 'posting')`;
  return Number((await tx.query<{ rows: bigint }>(sql))[0]!.rows);
}

/** What is wanted of a large portfolio is found without reading the rest of it. */
eachDatabase("in a portfolio of many payments", (open) => {
  let fixture: DeskFixture;
  let portfolio_id: string;
  let read = 0;
  before(async function () {
    this.timeout(120_000);
    const store = await open();
    const transaction: typeof store.transaction = (scope, work, options) =>
      store.transaction(
        scope,
        async (tx) => {
          const before = await rowsRead(tx);
          const done = await work(tx);
          read += (await rowsRead(tx)) - before;
          return done;
        },
        options,
      );
    fixture = new DeskFixture({ ...store, transaction });
    ({ portfolioId: portfolio_id } = await boughtPortfolio(fixture, { rows: payments }));
    const lines = Array.from({ length: payments }, (_, i) => `A${1 + (i % 19)},0.01,2026-01-10,K-${i}`);
    const file = fixture.file("many.csv", `account_number,amount,paid_on,external_id\n${lines.join("\n")}\n`);
    await fixture.do("record-payments", { portfolio_id, file });
  });
  after(() => fixture.remove());

  async function readFor<Name extends ActName>(name: Name, input: ActInput<Name>): Promise<number> {
    read = 0;
    await fixture.do(name, input);
    return read;
  }

  it("a payment is found by its external id", async () => {
    const rows = ["K-700", "K-1500", "K-unknown"].map((reverses, i) => ({
      account_number: `A${1 + (700 % 19)}`,
      amount: "-0.01",
      paid_on: "2026-01-11",
      external_id: `R-${i}`,
      reverses,
    }));
    expect(await readFor("record-payments", { portfolio_id, rows })).to.be.within(1, 200);
  });

  for (const name of ["list-receivables", "list-payments", "list-entries"] as const) {
    it(`a page of ${name} is read, and no other`, async () => {
      const first = await fixture.do(name, { portfolio_id, limit: 10 });
      expect(first.data).to.have.length(10);
      const cursor = first.next_cursor!;
      expect(await readFor(name, { portfolio_id, limit: 10, cursor })).to.be.within(10, 200);
    });
  }

  it("an entry is taken back", async () => {
    const { data } = await fixture.do("list-entries", { portfolio_id, account_number: "A3", limit: 5 });
    const { id } = data.find(({ kind }) => kind === "collection_received")!;
    const taken = { entry_id: id, reversed_on: "2026-01-15", reason: "posted to the wrong account" };
    expect(await readFor("reverse-entry", taken)).to.be.within(1, 200);
  });
});
