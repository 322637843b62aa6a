import { expect } from "chai";
import { Refusal } from "../../models/refusal.js";
import { copyLine } from "../../src/store/copy.js";
import { DatabaseFault, mapDatabaseError } from "../../src/store/database-error.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";

const alpha = { tenantId: "alpha" };

async function caught(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

eachDatabase("store", (open) => {
  let store: Store;

  before(async function () {
    this.timeout(60_000);
    store = await open();
  });

  const columns = [
    { sql: "9223372036854775807::int8", value: 9223372036854775807n, why: "no float holds it" },
    { sql: "count(*)", value: 1n, why: "a count is an int8" },
    { sql: "sum(x)::int8", value: 1n, why: "a bare sum(int8) is numeric" },
    { sql: "'12345678901234567890.10'::numeric", value: "12345678901234567890.10", why: "exact, with its zeros" },
    { sql: "date '2026-02-28'", value: "2026-02-28", why: "a Date would move it by the zone" },
    {
      sql: "timestamptz '2026-10-20 10:00:00.123456+02'",
      value: "2026-10-20T08:00:00.123456Z",
      why: "RFC 3339 in UTC to the microsecond",
    },
    { sql: "timestamptz '2026-10-20 10:00:00+00'", value: "2026-10-20T10:00:00Z", why: "no fraction" },
    { sql: `'{"a": [1, null]}'::jsonb`, value: { a: [1, null] }, why: "parsed" },
    { sql: "array[1, null]::int8[]", value: [1n, null], why: "elements as the scalar" },
    { sql: "array['2026-02-28']::date[]", value: ["2026-02-28"], why: "elements as the scalar" },
    { sql: "array[true, false]", value: [true, false], why: "elements as the scalar" },
    { sql: "2.5::float8", value: 2.5, why: "an estimate is a number" },
    { sql: "7::int4", value: 7, why: "fits a number" },
  ];
  for (const { sql, value, why } of columns) {
    it(`gives ${sql} as ${typeof value}: ${why}`, async () => {
      const rows = await store.transaction(alpha, (tx) => tx.query(`select ${sql} as v from (values (1)) t(x)`));
      expect(rows).to.deep.equal([{ v: value }]);
    });
  }

  it("gives bytes as a Buffer", async () => {
    const [row] = await store.transaction(alpha, (tx) =>
      tx.query<{ v: Buffer }>("select ?::bytea as v", [Buffer.from([0, 255, 92])]),
    );
    expect(Buffer.isBuffer(row!.v)).to.equal(true);
    expect([...row!.v]).to.deep.equal([0, 255, 92]);
  });

  it("takes arrays of every kind for unnest", async () => {
    const rows = await store.transaction(alpha, (tx) =>
      tx.query("select * from unnest(?::text[], ?::int8[], ?::date[], ?::bytea[]) t(a, b, c, d)", [
        ['quote " comma , brace { slash \\', null],
        [1n, 2n],
        ["2026-01-31", null],
        [Buffer.from([1, 92]), Buffer.from([])],
      ]),
    );
    expect(rows).to.deep.equal([
      { a: 'quote " comma , brace { slash \\', b: 1n, c: "2026-01-31", d: Buffer.from([1, 92]) },
      { a: null, b: 2n, c: null, d: Buffer.from([]) },
    ]);
  });

  it("runs as the application role with the tenant set, and leaves neither behind", async () => {
    const [inside] = await store.transaction(alpha, (tx) =>
      tx.query("select current_user::text as role, current_setting('app.tenant', true) as tenant"),
    );
    expect(inside).to.deep.equal({ role: "netback_app", tenant: "alpha" });
    const after = await store.asOwner(async (knex) =>
      knex.raw("select current_user::text as role, coalesce(current_setting('app.tenant', true), '') as tenant"),
    );
    expect(after.rows[0].role).not.to.equal("netback_app");
    expect(after.rows[0].tenant).to.equal("");
  });

  it("commits what the work did, undoes what threw, and undoes a dry run but gives its result", async () => {
    const rename = (name: string, fail = false) =>
      store.transaction(alpha, async (tx) => {
        const touched = await tx.execute("update tenant set name = ?", [name]);
        if (fail) throw new Refusal("conflict", "the test says so");
        return touched;
      });
    const name = async () => (await store.transaction(alpha, (tx) => tx.query("select name from tenant")))[0]!.name;
    expect(await rename("first")).to.equal(1);
    expect(await name()).to.equal("first");
    expect(await caught(() => rename("second", true))).to.be.instanceOf(Refusal);
    expect(await name()).to.equal("first");
    const dry = await store.transaction(
      alpha,
      async (tx) => tx.query("update tenant set name = 'third' returning name"),
      { rollback: true },
    );
    expect(dry).to.deep.equal([{ name: "third" }]);
    expect(await name()).to.equal("first");
  });

  it("refuses a write in a read-only transaction", async () => {
    const error = await caught(() =>
      store.transaction(alpha, (tx) => tx.execute("update tenant set name = 'x'"), { readOnly: true }),
    );
    expect(error).to.be.instanceOf(DatabaseFault).with.property("sqlState", "25006");
  });

  it("takes a transaction inside a transaction for a fault, where it would wait for ever", async () => {
    if (store.engine === "postgres") {
      // each has a connection of its own; the same acts run on the embedded database, where this is found
      expect(await store.transaction(alpha, () => store.transaction(alpha, async () => 1))).to.equal(1);
      return;
    }
    const error = await caught(() => store.transaction(alpha, () => store.transaction(alpha, async () => 1)));
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.matches(/only its own handle/);
    expect(await caught(() => store.transaction(alpha, () => store.pendingMigrations()))).to.be.instanceOf(Error);
  });

  it("takes no tenant id that could end the statement", async () => {
    for (const tenantId of ["", "a'; drop table tenant; --", "A", "a".repeat(41), "ä"]) {
      expect(await caught(() => store.transaction({ tenantId }, async () => 1))).to.be.instanceOf(Error);
    }
  });

  it("lets transactions that come at once queue or run side by side, each with its own tenant", async () => {
    const seen = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        store.transaction({ tenantId: i % 2 === 0 ? "alpha" : "beta" }, async (tx) => {
          await tx.query("select pg_sleep(0.001)");
          return (await tx.query<{ tenant_id: string }>("select tenant_id from tenant")).map((row) => row.tenant_id);
        }),
      ),
    );
    for (const [i, ids] of seen.entries()) expect(ids).to.deep.equal([i % 2 === 0 ? "alpha" : "beta"]);
  });

  it("runs the work again after a serialisation failure, and gives up in the end", async () => {
    const failing = (failures: number) => {
      let runs = 0;
      return store.transaction(alpha, async (tx) => {
        runs++;
        if (runs <= failures) await tx.execute("do $$ begin raise exception 'lost' using errcode = '40001'; end $$");
        return runs;
      });
    };
    expect(await failing(3)).to.equal(4);
    expect(await caught(() => failing(4)))
      .to.be.instanceOf(Refusal)
      .with.property("code", "not_ready");
  });

  it("copies text and CSV into a staging table and streams it back in batches", async () => {
    await store.transaction(alpha, async (tx) => {
      await tx.execute("create temporary table staged (id int8, note text) on commit drop");
      const awkward = 'tab\tslash\\ quote" line\nend';
      const text = async function* () {
        yield copyLine([1n, awkward]) + copyLine([2, null]);
        yield Buffer.from(copyLine([3, "\\N"]));
      };
      const columns = ["id", "note"];
      expect(await tx.copyInto({ table: "staged", columns, format: "text", source: text() })).to.equal(3);
      expect(
        await tx.copyInto({ table: "staged", columns, format: "csv", source: ['4,"a ""b"""\n', "5,\n"] }),
      ).to.equal(2);
      expect((await tx.query("select current_user::text as role"))[0]!.role).to.equal("netback_app");
      const batches: unknown[][] = [];
      for await (const rows of tx.stream("select id, note from staged where id > ? order by id", [1], 2)) {
        batches.push(rows);
      }
      expect(batches).to.deep.equal([
        [
          { id: 2n, note: null },
          { id: 3n, note: "\\N" },
        ],
        [
          { id: 4n, note: 'a "b"' },
          { id: 5n, note: null },
        ],
      ]);
      expect(await tx.query("select note from staged where id = 1")).to.deep.equal([{ note: awkward }]);
    });
  });

  it("names a broken constraint and says nothing of the values", async () => {
    const insert = () =>
      store.transaction(alpha, (tx) =>
        tx.execute("insert into tenant (tenant_id, name, created_at) values ('alpha', ?, now())", ["canary-4711"]),
      );
    const fault = await caught(insert);
    expect(fault).to.be.instanceOf(DatabaseFault).with.property("constraint", "tenant_pkey");
    expect(JSON.stringify(fault) + String(fault) + (fault as Error).stack).not.to.contain("canary");
    const refusal = mapDatabaseError(fault, { tenant_pkey: ["already_exists", "there is such a tenant"] });
    expect(refusal).to.be.instanceOf(Refusal).with.property("code", "already_exists");

    const bad = await caught(() => store.transaction(alpha, (tx) => tx.query("select ?::date", ["canary-4711"])));
    expect(bad).to.be.instanceOf(DatabaseFault).with.property("sqlState", "22007");
    expect(String(bad) + (bad as Error).stack).not.to.contain("canary");
  });

  it("has nothing more to migrate, twice", async () => {
    expect(await store.pendingMigrations()).to.deep.equal([]);
    expect(await store.migrate()).to.deep.equal([]);
    await store.assertReady();
  });
});
