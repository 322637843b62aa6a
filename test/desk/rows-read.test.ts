import { expect } from "chai";
import type { ActInput, ActName } from "../../models/acts.js";
import type { Store } from "../../src/store/store.js";
import type { Tx } from "../../src/store/transaction.js";
import { eachDatabase } from "../harness/database.js";
import { boughtPortfolio, DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, stated } from "./facility-fixture.js";

/** A desk that counts the rows which its acts read of tables. */
class CountingDesk extends DeskFixture {
  #read = 0;

  constructor(store: Store, tables: string) {
    const transaction: Store["transaction"] = (scope, work, options) =>
      store.transaction(
        scope,
        async (tx) => {
          const before = await rowsRead(tx, tables);
          const done = await work(tx);
          this.#read += (await rowsRead(tx, tables)) - before;
          return done;
        },
        options,
      );
    super({ ...store, transaction });
  }

  async readFor<Name extends ActName>(name: Name, input: ActInput<Name>): Promise<number> {
    this.#read = 0;
    await this.do(name, input);
    return this.#read;
  }
}

/** How many rows the connection has read of tables. */
async function rowsRead(tx: Tx, tables: string): Promise<number> {
  const [row] = await tx.query<{ rows: bigint }>(
    `select sum(seq_tup_read + idx_tup_fetch)::bigint as rows from pg_stat_xact_user_tables
      where relname = any(?::text[])`,
    [tables],
  );
  return Number(row!.rows);
}

/** What is wanted of a large portfolio is found without reading the rest of it. */
eachDatabase("in a portfolio of many payments", (open) => {
  const payments = 2000;
  let fixture: CountingDesk;
  let portfolio_id: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new CountingDesk(await open(), "{receivable,payment,entry,posting}");
    ({ portfolioId: portfolio_id } = await boughtPortfolio(fixture, { rows: payments }));
    const lines = Array.from({ length: payments }, (_, i) => `A${1 + (i % 19)},0.01,2026-01-10,K-${i}`);
    const file = fixture.file("many.csv", `account_number,amount,paid_on,external_id\n${lines.join("\n")}\n`);
    await fixture.do("record-payments", { portfolio_id, file });
  });
  after(() => fixture.remove());

  it("a payment is found by its external id", async () => {
    const rows = ["K-700", "K-1500", "K-unknown"].map((reverses, i) => ({
      account_number: `A${1 + (700 % 19)}`,
      amount: "-0.01",
      paid_on: "2026-01-11",
      external_id: `R-${i}`,
      reverses,
    }));
    expect(await fixture.readFor("record-payments", { portfolio_id, rows })).to.be.within(1, 200);
  });

  for (const name of ["list-receivables", "list-payments", "list-entries"] as const) {
    it(`a page of ${name} is read, and no other`, async () => {
      const first = await fixture.do(name, { portfolio_id, limit: 10 });
      expect(first.data).to.have.length(10);
      const cursor = first.next_cursor!;
      expect(await fixture.readFor(name, { portfolio_id, limit: 10, cursor })).to.be.within(10, 200);
    });
  }

  it("an entry is taken back", async () => {
    const { data } = await fixture.do("list-entries", { portfolio_id, account_number: "A3", limit: 5 });
    const { id } = data.find(({ kind }) => kind === "collection_received")!;
    const taken = { entry_id: id, reversed_on: "2026-01-15", reason: "posted to the wrong account" };
    expect(await fixture.readFor("reverse-entry", taken)).to.be.within(1, 200);
  });
});

eachDatabase("in a facility of many invoices", (open) => {
  let fixture: CountingDesk;
  let facility_id: string;
  let invoiceIds: readonly string[];
  before(async function () {
    this.timeout(120_000);
    fixture = new CountingDesk(await open(), "{invoice,assignment,dispute,invoice_event}");
    await fixture.do("save-debtor", { debtor_id: "D1" });
    ({ facilityId: facility_id } = await openedFacility(fixture));
    const days = { invoice_date: "2026-01-10", due_date: "2026-02-10" };
    const invoices = Array.from({ length: 1500 }, () => stated(days));
    ({ invoiceIds } = await fundedSchedule(fixture, facility_id, invoices));
  });
  after(() => fixture.remove());

  it("a page is read, and no other", async () => {
    const { next_cursor } = await fixture.do("list-invoices", { facility_id, limit: 10 });
    const page = { facility_id, limit: 10, cursor: next_cursor! };
    expect(await fixture.readFor("list-invoices", page)).to.be.within(10, 100);
  });

  it("one is disputed, collected and bought back", async () => {
    const [disputed, collected, boughtBack] = invoiceIds as [string, string, string];
    const dispute = { invoice_id: disputed, reason: "quality", raised_on: "2026-01-15" } as const;
    expect(await fixture.readFor("dispute-invoice", dispute)).to.be.within(1, 100);
    const collection = { facility_id, kind: "invoices", received_on: "2026-01-15", amount: "10000.00" } as const;
    const paid = [{ invoice_id: collected, amount: "10000.00" }];
    expect(await fixture.readFor("record-collection", { ...collection, invoices: paid })).to.be.within(1, 100);
    const back = { facility_id, invoice_ids: [boughtBack], bought_back_on: "2026-01-15" };
    expect(await fixture.readFor("buy-back-invoices", back)).to.be.within(1, 100);
  });
});
