/**
 * A database in use is brought up to date. `released-book.ndjson` has the rows of a small book as the schema up to
 * migration 0011 kept them: six receivables, payments of every channel, one that came back, one too large, a file, a
 * put-back, a cost, a receipt, a kept answer. Every later migration runs on them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Knex } from "knex";
import { openStore, type Store } from "../../src/store/store.js";
import { DeskFixture } from "../desk/desk-fixture.js";
import { createEmptyPostgres } from "../harness/database.js";

const released = "0011-ledger";
const migrations = new URL("../../migrations/", import.meta.url);
const rowsFile = new URL("../../../test/store/released-book.ndjson", import.meta.url);
const portfolio_id = "pf_01kf0e44m06sydny77q47v5dy1";

/** Runs the migrations up to the released one, the way that the store runs them all. */
async function migrateToReleased(knex: Knex): Promise<void> {
  const names = readdirSync(fileURLToPath(migrations)).filter((name) => /^\d{4}-[a-z0-9-]+\.js$/.test(name));
  await knex.raw("create schema if not exists netback_migration");
  await knex.migrate.latest({
    schemaName: "netback_migration",
    tableName: "migration",
    migrationSource: {
      getMigrations: async () => names.filter((name) => name <= `${released}.js`).sort(),
      getMigrationName: (file: string) => file.replace(/\.js$/, ""),
      getMigration: async (file: string) => ({
        ...(await import(new URL(file, migrations).href)),
        down: async () => {},
      }),
    },
  });
}

async function insertBook(knex: Knex): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  await knex.raw("insert into tenant (tenant_id, name, created_at) values ('alpha', 'alpha', now())");
  for (const line of readFileSync(rowsFile, "utf8").trim().split("\n")) {
    const { table, row } = JSON.parse(line) as { table: string; row: object };
    await knex.raw("insert into ?? select * from jsonb_populate_record(null::??, cast(? as jsonb))", [
      table,
      table,
      JSON.stringify(row),
    ]);
    counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  return counts;
}

const engines: Record<string, () => Promise<{ store: Store; drop(): Promise<void> }>> = {
  async embedded() {
    return { store: await openStore({ kind: "memory" }), drop: async () => {} };
  },
  async postgres() {
    const database = await createEmptyPostgres();
    return { store: await openStore({ kind: "postgres", url: database.ownerUrl }), drop: database.drop };
  },
};

for (const [engine, open] of Object.entries(engines)) {
  describe(`a book of the released schema, migrated [${engine}]`, () => {
    let [store, drop]: [Store?, (() => Promise<void>)?] = [];
    let fixture: DeskFixture;
    let counts: Map<string, number>;
    before(async function () {
      this.timeout(120_000);
      if (engine === "postgres" && process.env.TEST_DATABASE_URL === undefined) {
        process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
        this.skip();
      }
      ({ store, drop } = await open());
      counts = await store.asOwner(async (knex) => {
        await migrateToReleased(knex);
        return insertBook(knex);
      });
      const pending = await store.pendingMigrations();
      expect(pending[0]).to.equal("0020-entry-links");
      expect(await store.migrate()).to.deep.equal(pending);
      fixture = new DeskFixture(store);
      fixture.setDay("2026-02-20");
    });
    after(async () => {
      fixture?.remove();
      await store?.close();
      await drop?.();
    });

    it("has every row that it had", async () => {
      const now = await store!.asOwner(async (knex) => {
        const found = new Map<string, number>();
        for (const table of counts.keys()) {
          const { rows } = (await knex.raw("select count(*)::integer as n from ??", [table])) as {
            rows: { n: number }[];
          };
          found.set(table, rows[0]!.n);
        }
        return found;
      });
      expect([...now]).to.deep.equal([...counts]);
    });

    it("has the balances, the claims and the net-back that it had", async () => {
      const { accounts } = await fixture.do("report-trial-balance", { portfolio_id });
      expect(accounts.map(({ code, balance }) => [code, balance])).to.deep.equal([
        ["1000", "478.67"],
        ["1100", "17.50"],
        ["1150", "10.59"],
        ["1160", "30.00"],
        ["1500", "0.00"],
        ["2050", "-7.50"],
        ["2100", "-382.89"],
        ["4000", "-209.45"],
        ["4100", "-10.59"],
        ["4900", "51.17"],
        ["5000", "15.00"],
        ["5100", "7.50"],
        ["9000", "884.31"],
        ["9900", "-884.31"],
      ]);
      const { data } = await fixture.do("list-receivables", { portfolio_id });
      const claims = data.map(({ account_number, state, claim, collected, cost }) =>
        [account_number, state, claim, collected, cost].join(" "),
      );
      expect(claims).to.deep.equal([
        "A1 owned 0.00 520.00 5.09",
        "A2 owned 144.22 30.00 6.46",
        "A3 owned 181.33 30.00 7.84",
        "A4 owned 236.10 12.34 9.22",
        "A5 put_back 0.00 0.00 10.59",
        "A6 owned 322.66 0.00 11.97",
      ]);
      const { to_date } = await fixture.do("report-netback", { portfolio_id });
      expect(to_date).to.include({ gross: "209.45", commission: "15.00", costs: "7.50", net_back: "186.95" });
    });

    it("answers an old order that is sent again, and takes back an old payment", async () => {
      const paid = { portfolio_id, account_number: "A1", amount: "20.00", paid_on: "2026-01-31", external_id: "p1" };
      const answer = await fixture.answer("record-payment", paid, { key: "released-A1-20.00" });
      expect(answer.replayed).to.equal(true);
      const back = { portfolio_id, account_number: "A2", amount: "-30.00", paid_on: "2026-02-15", reverses: "p2" };
      // of the 40.00 that were paid, 10.00 had come back before
      const returned = await fixture.do("record-payment", back);
      expect(returned).to.include({ amount: "-30.00", applied: "-30.00", commission: "-7.50", unapplied: "0.00" });
      const more = await fixture.refusal("record-payment", { ...back, amount: "-0.01" });
      expect(more.code).to.equal("reversal_too_large");
    });
  });
}
