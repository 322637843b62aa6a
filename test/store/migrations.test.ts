/**
 * A database in use is brought up to date. `released-book.ndjson` has the rows of a small book as the schema up to
 * migration 0011 kept them: six receivables, payments of every channel, one that came back, one too large, a file, a
 * put-back, a cost, a receipt, a kept answer. Every later migration runs on them. `released-facility.ts` has a factoring
 * facility as 0032 kept it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Knex } from "knex";
import { addMonths, formatDay, parseDay } from "../../src/calendar/day.js";
import { perform } from "../../src/desk/perform.js";
import { openStore, type Store } from "../../src/store/store.js";
import { DeskFixture } from "../desk/desk-fixture.js";
import { createEmptyPostgres } from "../harness/database.js";
import { releasedFacilityId as facility_id, releasedFacility } from "./released-facility.js";

const released = "0011-ledger";
/** the last schema that kept the charges of facilities as terms, and booked none of them */
const beforeCharges = "0032-factoring-documents";
const migrations = new URL("../../migrations/", import.meta.url);
const rowsFile = new URL("../../../test/store/released-book.ndjson", import.meta.url);
const portfolio_id = "pf_01kf0e44m06sydny77q47v5dy1";

/** Runs the migrations up to one, the way that the store runs them all. */
async function migrateTo(knex: Knex, last: string): Promise<void> {
  const names = readdirSync(fileURLToPath(migrations)).filter((name) => /^\d{4}-[a-z0-9-]+\.js$/.test(name));
  await knex.raw("create schema if not exists netback_migration");
  await knex.migrate.latest({
    schemaName: "netback_migration",
    tableName: "migration",
    migrationSource: {
      getMigrations: async () => names.filter((name) => name <= `${last}.js`).sort(),
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
        await migrateTo(knex, released);
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
      const actor = { tenantId: "alpha", actorId: "tester", roles: ["admin"] as const };
      const call = { actor, idempotencyKey: "released-A1-20.00" };
      // the first answer as it was given then, without the fields that answers have had since
      const answer = await perform(fixture.desk, "record-payment", paid, call);
      expect(answer.replayed).to.equal(true);
      expect(answer.output).to.include({ external_id: "p1", applied: "20.00", unapplied: "0.00" });
      const back = { portfolio_id, account_number: "A2", amount: "-30.00", paid_on: "2026-02-15", reverses: "p2" };
      // of the 40.00 that were paid, 10.00 had come back before
      const returned = await fixture.do("record-payment", back);
      expect(returned).to.include({ amount: "-30.00", applied: "-30.00", commission: "-7.50", unapplied: "0.00" });
      const more = await fixture.refusal("record-payment", { ...back, amount: "-0.01" });
      expect(more.code).to.equal("reversal_too_large");
    });
  });

  describe(`a facility that was opened before its charges were booked, migrated [${engine}]`, () => {
    let [store, drop]: [Store?, (() => Promise<void>)?] = [];
    let fixture: DeskFixture;
    const facility_id = portfolio_id.replace("pf_", "fa_");
    before(async function () {
      this.timeout(120_000);
      if (engine === "postgres" && process.env.TEST_DATABASE_URL === undefined) {
        process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
        this.skip();
      }
      ({ store, drop } = await open());
      await store.asOwner(async (knex) => {
        await migrateTo(knex, beforeCharges);
        await insertFacility(knex);
      });
      expect((await store.migrate())[0]).to.equal("0033-facility-charges");
      fixture = new DeskFixture(store);
    });
    after(async () => {
      fixture?.remove();
      await store?.close();
      await drop?.();
    });

    it("is charged from the month that follows: what was due before was charged elsewhere", async () => {
      const migrated = new Date().toISOString().slice(0, 7);
      const next = formatDay(addMonths(parseDay(`${migrated}-01`), 1));
      fixture.setDay(formatDay(addMonths(parseDay(next), 2)));
      expect(await fixture.do("show-facility", { facility_id })).to.include({ ended_on: null, end_reason: null });
      const { charges } = await fixture.do("charge-facility", {
        facility_id,
        through: formatDay(addMonths(parseDay(next), 1)),
      });
      const months = [0, 1].map((n) => formatDay(addMonths(parseDay(next), n)));
      expect(charges.map(({ code, charged_on }) => [code, charged_on])).to.deep.equal(
        months.map((on) => ["lockbox", on]),
      );
      expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
    });
  });
}

for (const [engine, open] of Object.entries(engines)) {
  describe(`a facility that ended before the instant of it was kept, migrated [${engine}]`, () => {
    let [store, drop]: [Store?, (() => Promise<void>)?] = [];
    let fixture: DeskFixture;
    const facility_id = portfolio_id.replace("pf_", "fa_");
    before(async function () {
      this.timeout(120_000);
      if (engine === "postgres" && process.env.TEST_DATABASE_URL === undefined) {
        process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
        this.skip();
      }
      ({ store, drop } = await open());
      await store.asOwner(async (knex) => {
        await migrateTo(knex, beforeCharges);
        await insertFacility(knex);
        await migrateTo(knex, "0041-offers-as-shown");
        const scope = "select set_config('app.tenant', 'alpha', false)";
        await knex.transaction(async (trx) => {
          await trx.raw(scope);
          await trx("facility").update({ ended_on: "2025-06-30", end_reason: "sold", charges_from: "2020-01-15" });
        });
      });
      expect((await store.migrate())[0]).to.equal("0042-charges-by-event");
      fixture = new DeskFixture(store);
      fixture.setDay("2025-08-01");
    });
    after(async () => {
      fixture?.remove();
      await store?.close();
      await drop?.();
    });

    it("has ended in a reading as known since that day, and not in one before", async () => {
      const as_of = "2025-08-01";
      const known = async (known_at: string) =>
        (await fixture.do("show-facility-settlement", { facility_id, as_of, known_at })).ended_on;
      expect(await known("2025-06-29T23:59:59Z")).to.equal(null);
      expect(await known("2025-06-30T00:00:00Z")).to.equal("2025-06-30");
      expect(await fixture.do("show-facility", { facility_id })).to.include({ ended_on: "2025-06-30" });
      const { charges } = await fixture.do("charge-facility", { facility_id, through: "2025-08-01" });
      expect(charges.at(-1)!.charged_on).to.equal("2025-06-01");
      const waived = { facility_id, waived_on: as_of, entry_id: charges[0]!.entry_id!, reason: "x" };
      expect((await fixture.do("waive-charge", waived)).amount).to.equal("-100.00");
      expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
    });
  });
}

/** A facility of the schema before, with a charge once and one by month that were due for years. */
async function insertFacility(knex: Knex): Promise<void> {
  const at = "2020-01-15T09:00:00Z";
  const terms = {
    charges: [
      { code: "set-up", amount: "100.00", per: "once" },
      { code: "lockbox", amount: "250.00", per: "month" },
    ],
    fee_schedule: { initial_rate: "0.03" },
  };
  const ids = { portfolio_id, tenant_id: "alpha" };
  await knex.raw("insert into tenant (tenant_id, name, created_at) values ('alpha', 'alpha', now())");
  const rows: readonly (readonly [table: string, row: object])[] = [
    [
      "portfolio",
      {
        ...ids,
        name: "F",
        seller: "S",
        currency: "USD",
        state: "owned",
        kind: "factoring",
        carrying_method: "cost_recovery",
        waterfall: ["court_costs", "fees", "interest", "principal"],
        overpayment: "unapplied",
        created_at: at,
        last_quote_no: 0,
      },
    ],
    ["ledger_head", { ...ids, last_sequence: 0, last_recorded_at: at }],
    [
      "facility",
      {
        ...ids,
        presentation: "sale",
        terms_version: 1,
        last_schedule_no: 0,
        last_invoice_no: 0,
        last_document_no: 0,
        last_notice_no: 0,
        opened_at: at,
      },
    ],
    ["facility_terms", { ...ids, version: 1, terms, from_on: "2020-01-15", actor: "tester", recorded_at: at }],
  ];
  for (const [table, row] of rows) {
    const columns = Object.keys(row).join(", ");
    await knex.raw(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, cast(? as jsonb))`,
      [JSON.stringify(row)],
    );
  }
}

for (const [engine, open] of Object.entries(engines)) {
  describe(`a facility of the released schema, migrated [${engine}]`, () => {
    let [store, drop]: [Store?, (() => Promise<void>)?] = [];
    let fixture: DeskFixture;
    before(async function () {
      this.timeout(120_000);
      if (engine === "postgres" && process.env.TEST_DATABASE_URL === undefined) {
        process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
        this.skip();
      }
      ({ store, drop } = await open());
      await store.asOwner(async (knex) => {
        await migrateTo(knex, "0032-factoring-documents");
        for (const [table, row] of releasedFacility) await knex(table).insert(row);
        await migrateTo(knex, "0041-offers-as-shown");
      });
      fixture = new DeskFixture(store);
      const { vault } = fixture.desk;
      await store.transaction({ tenantId: "alpha" }, async (tx) => {
        const names = await vault.makeNames(tx);
        const sealed = names.seal("Old Name Ltd", ["D2", ""]);
        await tx.execute(
          `insert into debtor_naming (tenant_id, debtor_id, seller_key, sealed_name, name_digest, actor, saved_at)
           values ('alpha', 'D2', '', ?, ?, 'tester', now())`,
          [sealed, Buffer.alloc(16)],
        );
      });
      await store.migrate();
    });
    after(async () => {
      fixture?.remove();
      await store?.close();
      await drop?.();
    });

    it("has a dispute for the invoice that was marked, which can be resolved", async () => {
      fixture.setDay("2026-02-10");
      const { data } = await fixture.do("list-disputes", { facility_id });
      expect(data.map((one) => [one.invoice_number, one.state, one.reason, one.raised_on, one.amount])).to.deep.equal([
        ["O1", "open", null, "2026-01-12", "1000.00"],
      ]);
      const dispute_id = data[0]!.id;
      await fixture.do("resolve-dispute", { dispute_id, outcome: "debtor_pays", resolved_on: "2026-02-10" });
      const invoice_id = data[0]!.invoice_id;
      const again = await fixture.do("dispute-invoice", { invoice_id, reason: "quality", raised_on: "2026-02-10" });
      expect(again.id).not.to.equal(dispute_id);
    });

    it("buys on, and reads its old days with the papers and the debtors that it had", async () => {
      fixture.setDay("2026-02-12");
      const schedule_id = facility_id.replace("fa_", "sc_").concat("-1");
      await fixture.do("check-schedule", { schedule_id });
      await fixture.do("approve-schedule", { schedule_id }, { actorId: "second" });
      await fixture.do("offer-schedule", { schedule_id });
      const funded = await fixture.do("fund-schedule", { schedule_id });
      expect(funded.face).to.equal("2000.00");
      const now = await fixture.do("report-availability", { facility_id });
      fixture.setDay("2026-02-20");
      await fixture.do("save-debtor", { debtor_id: "D2", credit_limit: "1.00" });
      const { known_at, as_of } = now;
      expect(await fixture.do("report-availability", { facility_id, as_of, known_at })).to.deep.equal(now);
      const versions = await store!.asOwner(async (knex) =>
        knex("factoring_debtor_version").select("debtor_id", "version", "from_on").orderBy(["debtor_id", "version"]),
      );
      expect(versions.map((row) => [row.debtor_id, row.version, row.from_on])).to.deep.equal([
        ["D1", 1, "2026-01-11"],
        // what it was before its third version was not kept: that one counts from the beginning
        ["D2", 3, "2026-01-01"],
        ["D2", 4, "2026-02-20"],
      ]);
      const marked = await store!.asOwner(async (knex) =>
        knex("invoice").select("invoice_no", "stated_proof", "purchase_order_at").orderBy("invoice_no"),
      );
      expect(marked.map((row) => [row.invoice_no, row.stated_proof, row.purchase_order_at !== null])).to.deep.equal([
        [1, null, false],
        [2, false, true],
        [3, null, false],
      ]);
      expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
    });

    it("finds a debtor by a part of the name that was kept, before and after it has bits", async () => {
      const found = async () => (await fixture.do("list-debtors", { debtor_name: "nam old" })).data;
      expect((await found()).map(({ debtor_id, debtor_name }) => [debtor_id, debtor_name])).to.deep.equal([
        ["D2", "Old Name Ltd"],
      ]);
      const before = await found();
      await fixture.do("save-debtor", { debtor_id: "D9", debtor_name: "New" });
      expect(await found()).to.deep.equal(before);
    });
  });
}
